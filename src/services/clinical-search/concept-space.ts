/**
 * A space of concepts learnt from the texts themselves (latent semantic analysis; Deerwester et al., 1990): texts that say the same in other words lie
 * near each other. By a randomised singular value decomposition (Halko, Martinsson and Tropp, SIAM Review 2011). No model from outside is needed.
 */
import { EigenvalueDecomposition } from 'ml-matrix';
import { best, type TermIndex, type Weighted } from './term-index.ts';

export type ConceptSpace = {
  readonly dimensions: number;
  /** Unit vectors of the texts, one after the other. */
  readonly texts: Float32Array;
  /** By term: what it adds to a query's vector. */
  readonly terms: ReadonlyMap<number, Float64Array>;
};

export type SpaceSettings = {
  dimensions: number;
  powerSteps: number;
  /** A term in fewer texts than this tells nothing of what goes together. */
  textsMin: number;
};

export const usualSpace: SpaceSettings = { dimensions: 100, powerSteps: 3, textsMin: 2 };

/** Columns beyond the wanted ones, which make the directions sure. */
const spareColumns = 10;
const nothing = 1e-10;

type Sparse = { readonly columns: Int32Array; readonly values: Float64Array };
type Rows = Float64Array[];

/** The same texts give the same space. */
export function createConceptSpace(index: TermIndex, settings: SpaceSettings = usualSpace): ConceptSpace {
  const having = new Map<number, number>();
  for (const term of index.terms) having.set(term, (having.get(term) ?? 0) + 1);
  const terms = [...having].filter(([, count]) => count >= settings.textsMin).map(([term]) => term);
  const columnOf = new Map(terms.map((term, column) => [term, column]));
  const texts = Array.from({ length: index.size }, (_, text) => rowOf(index, text, columnOf));
  const width = Math.min(settings.dimensions + spareColumns, terms.length, texts.length);
  if (width === 0) return { dimensions: 0, texts: new Float32Array(0), terms: new Map() };
  // The range of the matrix, found by asking it of random directions again and again.
  let range = orthonormal(timesRows(texts, randomRows(terms.length, width)));
  for (let step = 0; step < settings.powerSteps; step++)
    range = orthonormal(timesRows(texts, orthonormal(timesColumns(texts, range, terms.length))));
  // A ≈ Q Qᵗ A. The right directions of Qᵗ A are those of A.
  const small = timesColumns(texts, range, terms.length);
  const { values, vectors } = eigen(gram(small));
  const kept = values.filter((value) => value > nothing).slice(0, settings.dimensions);
  const directions = times(
    small,
    vectors.map((row) => row.slice(0, kept.length).map((value, column) => value / Math.sqrt(kept[column]!))),
  );
  return {
    dimensions: kept.length,
    texts: unitRows(timesRows(texts, directions), kept.length),
    terms: new Map(terms.map((term, row) => [term, directions[row]!])),
  };
}

/** The unit vector of a query; undefined where it has no term of the space. */
export function vectorOf(space: ConceptSpace, index: TermIndex, query: Weighted): Float64Array | undefined {
  const vector = new Float64Array(space.dimensions);
  for (const [term, weight] of query) {
    const own = space.terms.get(term);
    if (own !== undefined) addTo(vector, own, index.weightOf(term) * weight);
  }
  return unit(vector);
}

/** The vector moved towards the texts that are nearest to it. */
export function withNearest(space: ConceptSpace, vector: Float64Array, texts: number): Float64Array {
  const scores = nearness(space, vector);
  const moved = Float64Array.from(vector);
  for (const text of best(scores, texts)) {
    const share = scores[text]! / texts;
    for (let d = 0; d < space.dimensions; d++) moved[d]! += share * space.texts[text * space.dimensions + d]!;
  }
  return unit(moved) ?? vector;
}

/** How near each text is, from -1 to 1. */
export function nearness({ dimensions, texts }: ConceptSpace, vector: Float64Array): Float64Array {
  const scores = new Float64Array(dimensions === 0 ? 0 : texts.length / dimensions);
  for (let text = 0; text < scores.length; text++) {
    let sum = 0;
    for (let d = 0, at = text * dimensions; d < dimensions; d++, at++) sum += texts[at]! * vector[d]!;
    scores[text] = sum;
  }
  return scores;
}

/** A text as a unit row: log counts times what each term tells. */
function rowOf(index: TermIndex, text: number, columnOf: ReadonlyMap<number, number>): Sparse {
  const columns: number[] = [];
  const values: number[] = [];
  for (let at = index.starts[text]!; at < index.starts[text + 1]!; at++) {
    const column = columnOf.get(index.terms[at]!);
    if (column === undefined) continue;
    columns.push(column);
    values.push((1 + Math.log(index.counts[at]! & 0x7f)) * index.weightOf(index.terms[at]!));
  }
  return { columns: Int32Array.from(columns), values: unit(Float64Array.from(values)) ?? new Float64Array(0) };
}

/** A · X. */
function timesRows(texts: readonly Sparse[], x: Rows): Rows {
  const width = x[0]!.length;
  return texts.map(({ columns, values }) => {
    const sums = new Float64Array(width);
    for (let i = 0; i < values.length; i++) addTo(sums, x[columns[i]!]!, values[i]!);
    return sums;
  });
}

/** Aᵗ · Y. */
function timesColumns(texts: readonly Sparse[], y: Rows, height: number): Rows {
  const out = Array.from({ length: height }, () => new Float64Array(y[0]!.length));
  texts.forEach(({ columns, values }, text) => {
    for (let i = 0; i < values.length; i++) addTo(out[columns[i]!]!, y[text]!, values[i]!);
  });
  return out;
}

/** M · N, N being small. */
function times(m: Rows, n: Rows): Rows {
  return m.map((row) => {
    const sums = new Float64Array(n[0]!.length);
    for (let k = 0; k < row.length; k++) addTo(sums, n[k]!, row[k]!);
    return sums;
  });
}

/** MᵗM. */
function gram(m: Rows): Rows {
  const out = Array.from({ length: m[0]!.length }, () => new Float64Array(m[0]!.length));
  for (const row of m) for (let i = 0; i < row.length; i++) addTo(out[i]!, row, row[i]!);
  return out;
}

/** The same space with columns at right angles: M (MᵗM)^(-1/2). */
function orthonormal(m: Rows): Rows {
  const { values, vectors } = eigen(gram(m));
  const largest = values[0] ?? 0;
  const scales = values.map((value) => (value > largest * nothing ? 1 / Math.sqrt(value) : 0));
  return times(
    m,
    vectors.map((row) => row.map((value, column) => value * scales[column]!)),
  );
}

/** Of a symmetric matrix: the largest value first, and the vectors as columns in that order. */
function eigen(matrix: Rows): { values: number[]; vectors: Rows } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    matrix.map((row) => [...row]),
    { assumeSymmetric: true },
  );
  const order = realEigenvalues.map((_, column) => column).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  return {
    values: order.map((column) => realEigenvalues[column]!),
    vectors: matrix.map((_, row) => Float64Array.from(order, (column) => eigenvectorMatrix.get(row, column))),
  };
}

function addTo(sums: Float64Array, row: Float64Array, factor: number): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += factor * row[i]!;
}

/** Numbers between -1 and 1, the same ones each time (mulberry32). */
function randomRows(rows: number, columns: number): Rows {
  let state = 20_261_123;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2_147_483_648 - 1;
  };
  return Array.from({ length: rows }, () => Float64Array.from({ length: columns }, next));
}

function unitRows(rows: Rows, width: number): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, at) => {
    const own = unit(row);
    if (own !== undefined) out.set(own, at * width);
  });
  return out;
}

function unit(vector: Float64Array): Float64Array | undefined {
  let length = 0;
  for (const value of vector) length += value * value;
  return length === 0 ? undefined : vector.map((value) => value / Math.sqrt(length));
}
