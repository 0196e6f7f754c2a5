/** What somebody who searches means: each word of the question with its forms, the concepts that it names, and the word that a slip meant. Pure. */
import type { Analysis, Mention, Way } from './analysis.ts';

/** A term that answers a part of the question, and why. */
export type Wanted = { readonly term: number; readonly weight: number; readonly way: Way; readonly concept?: string };

/** A word or phrase of the question. */
export type Part = { readonly asked: string; readonly wanted: readonly Wanted[] };

export type Question = {
  readonly parts: readonly Part[];
  /** All terms with their weights: what is ranked by. */
  readonly terms: ReadonlyMap<number, number>;
};

const weights: Readonly<Record<Way, number>> = { word: 1, part: 0.35, slip: 0.7, concept: 1.2, code: 1.2 };

/** Words past these are not looked at. */
const partsMax = 24;

export function understand(analysis: Analysis, text: string): Question {
  const places = new Map<string, Mention[]>();
  for (const mention of analysis.mentionsIn(text.slice(0, 500))) {
    const key = `${mention.from}-${mention.to}`;
    places.set(key, [...(places.get(key) ?? []), mention]);
  }
  const parts = withoutCovered([...places.values()])
    .slice(0, partsMax)
    .map((mentions): Part => {
      const { from, to } = mentions[0]!;
      // What is wider is not what was asked.
      const wanted = mentions
        .filter(({ isWider }) => isWider !== true)
        .map(({ term, way, concept }) => ({ term, way, weight: weights[way], ...(concept ? { concept } : {}) }));
      return { asked: text.slice(from, to), wanted };
    });
  const terms = new Map<number, number>();
  for (const { wanted } of parts)
    for (const { term, weight } of wanted) terms.set(term, Math.max(terms.get(term) ?? 0, weight));
  return { parts, terms };
}

/** A phrase that names a concept takes the words that it is made of with it: they are one part of the question. */
function withoutCovered(places: readonly Mention[][]): Mention[][] {
  const phrases = places.filter((mentions) => mentions.some(({ way }) => way === 'concept'));
  const kept: Mention[][] = [];
  for (const mentions of places) {
    const { from, to } = mentions[0]!;
    const phrase = phrases.find(
      ([first]) => first!.from <= from && first!.to >= to && (first!.from !== from || first!.to !== to),
    );
    if (phrase === undefined) kept.push([...mentions]);
  }
  return kept
    .map((mentions) => {
      const { from, to } = mentions[0]!;
      const inside = places
        .flat()
        .filter((one) => one.from >= from && one.to <= to && !(one.from === from && one.to === to));
      return [...mentions, ...inside.map((one) => ({ ...one, from, to, way: 'part' as const }))];
    })
    .sort(([a], [b]) => a!.from - b!.from);
}
