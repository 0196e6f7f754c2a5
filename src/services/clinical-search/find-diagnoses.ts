/**
 * The codes of ICD-10 and ICPC-2 that a wording leads to: by the stems of its words, and by pieces of them, since clinical Norwegian is compounds and
 * the official texts are full of abbreviations. Pure once the lists are read.
 */
import type { Diagnosis } from './diagnoses.ts';
import { bm25, createTermIndex, packText, type TermIndex } from './term-index.ts';
import { isStopWord, piecesOf, spelledAlike, stemOf, termNumber, wordsOf } from './words.ts';

export type FoundDiagnosis = Diagnosis & { readonly score: number };

export type DiagnosisFinder = {
  /** Best first, at most `count`. */
  find(wording: string, count: number): FoundDiagnosis[];
};

export type FinderWeights = { pieces: number; beginnings: number; siblings: number; b: number };

export const usualFinder: FinderWeights = { pieces: 0.25, beginnings: 0.35, siblings: 0.25, b: 0.4 };

/** What official texts and older ones write differently without meaning another thing. */
const alike: Readonly<Record<string, string>> = {
  andre: 'annen',
  annet: 'annen',
  anna: 'annen',
  spes: 'spesifisert',
  uspes: 'uspesifisert',
  forst: 'forstyrrelse',
  sykd: 'sykdom',
  klass: 'klassifisert',
  ikas: 'ikke',
  inkl: 'inklusive',
};

export function createDiagnosisFinder(
  diagnoses: readonly Diagnosis[],
  weights: FinderWeights = usualFinder,
): DiagnosisFinder {
  const features = diagnoses.map(({ text }) => featuresOf(text, weights));
  const index = createTermIndex(features.map((all) => packText([...all.keys()])));
  return { find: (wording, count) => find(diagnoses, index, featuresOf(wording, weights), { count, weights }) };
}

type Asked = { count: number; weights: FinderWeights };

function find(
  diagnoses: readonly Diagnosis[],
  index: TermIndex,
  asked: ReadonlyMap<number, number>,
  { count, weights }: Asked,
): FoundDiagnosis[] {
  const scores = bm25(index, asked, { k1: 1.2, b: weights.b, deniedShare: 1 });
  // Codes of one category say for each other that it is the right one.
  const sums = new Map<string, { best: number; next: number }>();
  diagnoses.forEach(({ code }, at) => {
    const category = code.slice(0, 3);
    const there = sums.get(category) ?? { best: 0, next: 0 };
    const score = scores[at]!;
    if (score > there.best) [there.best, there.next] = [score, there.best];
    else if (score > there.next) there.next = score;
    sums.set(category, there);
  });
  const least = leastShare * scores.reduce((most, score) => Math.max(most, score), 0);
  const found: FoundDiagnosis[] = [];
  diagnoses.forEach(({ code, text }, at) => {
    if (scores[at]! <= least) return;
    found.push({ code, text, score: scores[at]! + weights.siblings * (sums.get(code.slice(0, 3))?.next ?? 0) });
  });
  return notCrowded(found.sort((a, b) => b.score - a.score || (a.code < b.code ? -1 : 1))).slice(0, count);
}

/** What scores less than this share of the best is not what was meant. */
const leastShare = 0.3;
/** So many codes of a category come before what is of others. */
const ofCategoryMax = 2;

function notCrowded(found: readonly FoundDiagnosis[]): FoundDiagnosis[] {
  const counts = new Map<string, number>();
  const [first, rest]: [FoundDiagnosis[], FoundDiagnosis[]] = [[], []];
  for (const one of found) {
    const category = one.code.slice(0, 3);
    const count = (counts.get(category) ?? 0) + 1;
    counts.set(category, count);
    (count <= ofCategoryMax ? first : rest).push(one);
  }
  return [...first, ...rest];
}

function featuresOf(text: string, { pieces, beginnings }: FinderWeights): Map<number, number> {
  const features = new Map<number, number>();
  const add = (feature: string, weight: number): void => {
    const number = termNumber(feature);
    features.set(number, Math.max(features.get(number) ?? 0, weight));
  };
  for (const { word } of wordsOf(text.replace(/\([^)]*\)\s*$/, (whole) => ` ${whole}`))) {
    if (isStopWord(word, 'no')) continue;
    const written = spelledAlike(alike[word] ?? word);
    add(stemOf(written, 'no'), 1);
    if (/\p{N}/u.test(word)) continue;
    for (const piece of piecesOf(written)) add(`piece:${piece}`, pieces);
    for (const length of [1, 2, 3])
      if (written.length >= length) add(`begins:${length}:${written.slice(0, length)}`, beginnings * (length / 3));
  }
  return features;
}
