/** The words of clinical Norwegian: what compounds are split by, and what a misspelling is held against. From texts that are shipped, never from records. */
import { isStopWord, spelledAlike, stemOf, wordsOf } from './words.ts';

export type Lexicon = {
  has(word: string): boolean;
  /** The parts of a compound, as words; none where it is not one. */
  partsOf(word: string): readonly string[];
  /** The word that is meant by one that is not here: one slip away (two for long ones), the commonest. Undefined: none. */
  meant(word: string): string | undefined;
};

const partMin = 4;

export function createLexicon(texts: Iterable<string>): Lexicon {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const { word } of wordsOf(text)) {
      if (/\p{N}/u.test(word) || word.length < 3 || isStopWord(word, 'no')) continue;
      const alike = spelledAlike(word);
      counts.set(alike, (counts.get(alike) ?? 0) + 1);
    }
  const stems = new Set([...counts.keys()].map((word) => stemOf(word, 'no')));
  const deletions = deletionsOf(counts);
  const isKnown = (word: string): boolean => counts.has(word) || stems.has(stemOf(word, 'no'));
  return {
    has: isKnown,
    partsOf: (word) => split(word, isKnown),
    meant: (word) => (isKnown(word) ? undefined : nearest(word, counts, deletions)),
  };
}

/** Two parts, both known; the joint between them may be an `s` or `e`. The one with the longest last part that is a word. */
function split(word: string, isKnown: (part: string) => boolean): readonly string[] {
  if (word.length < 2 * partMin || /\p{N}/u.test(word)) return [];
  for (let at = partMin; at <= word.length - partMin; at++) {
    const last = word.slice(at);
    if (!isKnown(last)) continue;
    const first = word.slice(0, at);
    if (isKnown(first)) return [first, last];
    const joint = first.at(-1);
    if ((joint === 's' || joint === 'e') && first.length > partMin && isKnown(first.slice(0, -1)))
      return [first.slice(0, -1), last];
  }
  return [];
}

/** By what is left of a word when a letter is taken away (symmetric deletes; Garbe, 2012). */
function deletionsOf(counts: ReadonlyMap<string, number>): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const word of counts.keys()) {
    if (word.length < 5) continue;
    for (const left of [word, ...oneLess(word)]) {
      const there = found.get(left);
      if (there === undefined) found.set(left, [word]);
      else there.push(word);
    }
  }
  return found;
}

function oneLess(word: string): string[] {
  return Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1));
}

function nearest(
  word: string,
  counts: ReadonlyMap<string, number>,
  deletions: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  if (word.length < 5 || /\p{N}/u.test(word)) return undefined;
  const lefts = [word, ...oneLess(word)];
  if (word.length >= 8) lefts.push(...oneLess(word).flatMap(oneLess));
  const most = word.length >= 8 ? 2 : 1;
  let found: { word: string; slips: number; count: number } | undefined;
  for (const candidate of new Set(lefts.flatMap((left) => deletions.get(left) ?? []))) {
    const slips = slipsBetween(word, candidate);
    if (slips > most) continue;
    const count = counts.get(candidate) ?? 0;
    if (found === undefined || slips < found.slips || (slips === found.slips && count > found.count))
      found = { word: candidate, slips, count };
  }
  return found?.word;
}

/** Letters put in, left out, changed or swapped with the next (optimal string alignment). */
export function slipsBetween(one: string, other: string): number {
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    before = above;
    above = row;
  }
  return above[other.length]!;
}
