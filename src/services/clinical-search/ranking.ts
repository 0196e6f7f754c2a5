/** One order of texts out of two: the words as they stand, with what the first hits say besides, and how near the texts lie in the space of concepts. Pure. */
import { nearness, vectorOf, withNearest, type ConceptSpace } from './concept-space.ts';
import { best, bm25, usualFeedback, withFeedback, type Feedback, type TermIndex, type Weighted } from './term-index.ts';

export type RankSettings = {
  feedback: Feedback;
  /** What nearness in the space is worth beside the words, both being 1 for the best text. */
  spaceShare: number;
  /** How many of the nearest texts the query is moved towards. */
  nearest: number;
};

export const usualRank: RankSettings = { feedback: usualFeedback, spaceShare: 3, nearest: 5 };

/** The score of each text, the best of words being 1. Without a space, words alone. */
export function rank(
  index: TermIndex,
  query: Weighted,
  space: ConceptSpace | readonly ConceptSpace[] | undefined,
  { feedback, spaceShare, nearest }: RankSettings = usualRank,
): Float64Array {
  const byWords = toOne(bm25(index, withFeedback(index, query, feedback)));
  const spaces = space === undefined ? [] : [space].flat();
  const near = new Float64Array(index.size);
  for (const one of spaces as ConceptSpace[]) {
    const vector = vectorOf(one, index, query);
    if (vector === undefined) continue;
    const scores = nearness(one, withNearest(one, vector, nearest));
    for (let text = 0; text < near.length; text++) near[text]! += Math.max(0, scores[text]!);
  }
  if (spaces.length === 0) return byWords;
  const byConcepts = toOne(near);
  return byWords.map((score, text) => score + spaceShare * byConcepts[text]!);
}

function toOne(scores: Float64Array): Float64Array {
  const [first] = best(scores, 1);
  const top = first === undefined ? 1 : scores[first]!;
  return scores.map((score) => Math.max(0, score) / top);
}
