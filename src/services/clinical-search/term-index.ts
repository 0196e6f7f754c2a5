/**
 * Texts as the numbers of their terms, one array for all, and what is asked of them: BM25 (Robertson and Zaragoza, The Probabilistic Relevance
 * Framework, 2009) and a relevance model of the first hits (RM3; Abdul-Jaleel et al., TREC 2004). A scan instead of postings: a record's whole
 * index is a few megabytes, and is read in milliseconds. Pure.
 */

export type Weighted = ReadonlyMap<number, number>;

/** The terms of one text. `counts`: how often, at most 127; `negatedBit` is set where the text denies the term each time. */
export type PackedText = { readonly length: number; readonly terms: Uint32Array; readonly counts: Uint8Array };

export const negatedBit = 0x80;
const countMask = 0x7f;

export type TermIndex = {
  readonly size: number;
  readonly averageLength: number;
  readonly lengths: Uint32Array;
  /** Where each text's terms begin; one more than there are texts. */
  readonly starts: Uint32Array;
  readonly terms: Uint32Array;
  readonly counts: Uint8Array;
  /** How much a term tells texts apart: never below zero. */
  weightOf(term: number): number;
};

export type Bm25 = { k1: number; b: number; /** What a term is worth where it is denied. */ deniedShare: number };

export const usualBm25: Bm25 = { k1: 1.2, b: 0.75, deniedShare: 0.2 };

/** @param weightOf where the weights of terms come from; without it, from these texts */
export function createTermIndex(texts: readonly PackedText[], weightOf?: (term: number) => number): TermIndex {
  const starts = new Uint32Array(texts.length + 1);
  let total = 0;
  texts.forEach(({ terms }, at) => {
    starts[at] = total;
    total += terms.length;
  });
  starts[texts.length] = total;
  const [terms, counts, lengths] = [new Uint32Array(total), new Uint8Array(total), new Uint32Array(texts.length)];
  let sum = 0;
  texts.forEach((text, at) => {
    terms.set(text.terms, starts[at]);
    counts.set(text.counts, starts[at]);
    lengths[at] = text.length;
    sum += text.length;
  });
  return {
    size: texts.length,
    averageLength: Math.max(1, sum / Math.max(1, texts.length)),
    lengths,
    starts,
    terms,
    counts,
    weightOf: weightOf ?? ownWeights(terms, texts.length),
  };
}

/** By how many of `size` texts have it. */
export function inverseFrequency(size: number, having: number): number {
  return Math.log(1 + Math.max(0, size - having + 0.5) / (having + 0.5));
}

/** Counted when first asked: by the place of a term among all of them, sorted. */
function ownWeights(terms: Uint32Array, size: number): (term: number) => number {
  let sorted: Uint32Array | undefined;
  const placeOf = (all: Uint32Array, term: number): number => {
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (all[middle]! < term) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return (term) => {
    sorted ??= terms.slice().sort();
    return inverseFrequency(size, placeOf(sorted, term + 1) - placeOf(sorted, term));
  };
}

export function countsOf(terms: Iterable<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

export function packText(terms: readonly number[], isDenied?: (term: number) => boolean): PackedText {
  const counts = countsOf(terms);
  return {
    length: terms.length,
    terms: Uint32Array.from(counts.keys()),
    counts: Uint8Array.from(
      [...counts].map(([term, count]) => Math.min(countMask, count) | (isDenied?.(term) ? negatedBit : 0)),
    ),
  };
}

/** The score of each text; 0: it has none of the terms. */
export function bm25(index: TermIndex, query: Weighted, { k1, b, deniedShare }: Bm25 = usualBm25): Float64Array {
  const scores = new Float64Array(index.size);
  const weights = new Map([...query].map(([term, weight]) => [term, weight * index.weightOf(term)] as const));
  const maybe = filterOf(query.keys());
  for (let text = 0; text < index.size; text++) {
    const length = 1 - b + (b * index.lengths[text]!) / index.averageLength;
    let score = 0;
    for (let at = index.starts[text]!, end = index.starts[text + 1]!; at < end; at++) {
      const term = index.terms[at]!;
      if (maybe[term & filterMask] === 0) continue;
      const weight = weights.get(term);
      if (weight === undefined) continue;
      const count = index.counts[at]! & countMask;
      const share = (index.counts[at]! & negatedBit) === 0 ? 1 : deniedShare;
      score += (share * weight * count * (k1 + 1)) / (count + k1 * length);
    }
    scores[text] = score;
  }
  return scores;
}

export const filterMask = 0xffff;

/** Most terms of a text are not asked for: a look here (at `term & filterMask`; 0: surely not) is cheaper than a map. */
export function filterOf(terms: Iterable<number>): Uint8Array {
  const maybe = new Uint8Array(filterMask + 1);
  for (const term of terms) maybe[term & filterMask] = 1;
  return maybe;
}

/** The best texts, best first; those of score 0 are not among them. */
export function best(scores: ArrayLike<number>, count: number): number[] {
  const found: number[] = [];
  let least = 0;
  for (let text = 0; text < scores.length; text++) {
    const score = scores[text]!;
    if (score <= least) continue;
    let at = found.length;
    while (at > 0 && scores[found[at - 1]!]! < score) at--;
    found.splice(at, 0, text);
    if (found.length > count) found.pop();
    if (found.length === count) least = scores[found[count - 1]!]!;
  }
  return found;
}

export type Feedback = {
  texts: number;
  terms: number;
  /** The share of the query that stays as it was asked. */ share: number;
};

export const usualFeedback: Feedback = { texts: 5, terms: 60, share: 0.5 };

/** The query with what the best texts say besides. The weights of both parts sum to one. */
export function withFeedback(
  index: TermIndex,
  query: Weighted,
  { texts, terms, share }: Feedback = usualFeedback,
): Map<number, number> {
  const scores = bm25(index, query);
  const first = best(scores, texts);
  const total = first.reduce((sum, text) => sum + scores[text]!, 0);
  const asked = [...query.values()].reduce((sum, weight) => sum + weight, 0);
  const expanded = new Map<number, number>();
  if (total > 0) {
    const model = new Map<number, number>();
    for (const text of first) {
      const weight = scores[text]! / total / Math.max(1, index.lengths[text]!);
      for (let at = index.starts[text]!; at < index.starts[text + 1]!; at++) {
        const term = index.terms[at]!;
        model.set(term, (model.get(term) ?? 0) + weight * (index.counts[at]! & countMask));
      }
    }
    const kept = [...model].sort(([a, x], [b, y]) => y - x || a - b).slice(0, terms);
    const sum = kept.reduce((all, [, weight]) => all + weight, 0);
    for (const [term, weight] of kept) expanded.set(term, ((1 - share) * weight) / sum);
  }
  for (const [term, weight] of query)
    expanded.set(term, (expanded.get(term) ?? 0) + ((total > 0 ? share : 1) * weight) / asked);
  return expanded;
}
