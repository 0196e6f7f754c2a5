/**
 * A condition as the index can answer it. Each test says whether it is *exact*; one that is not holds for everything that matches and maybe for
 * more, so that what it finds must be decided in memory. No SQL here: `index-test-store.ts` writes it, `holds` evaluates it on values.
 */
import type { Comparisons } from './interval-rules.ts';
import { satisfies } from './interval-rules.ts';
import type { SearchValues } from './search-values.ts';

export type IndexTest = { exact: boolean } & (
  | { kind: 'all' | 'any'; of: IndexTest[] }
  | { kind: 'not'; of: IndexTest }
  | { kind: 'everything' | 'nothing' }
  /** `isBeside`: says nothing of the searched types. */
  | { kind: 'types'; types: readonly string[]; isBeside?: true }
  | { kind: 'id'; ids: readonly string[] }
  | { kind: 'updated'; rules: Comparisons }
  /** Lies in the record of one of these patients, of none, or of some. */
  | { kind: 'record'; of: PatientSet | 'none' | 'some' }
  /** Has at least one of the tokens. `typed`: only resources of the searched types can have one. `selective`: few resources have it. */
  | { kind: 'tokens'; tokens: readonly string[]; typed: boolean; selective: boolean }
  /** `single`: a resource has at most one range of each key. */
  | { kind: 'range'; keys: readonly number[]; rules: Comparisons; single: boolean }
  | { kind: 'hasRange'; keys: readonly number[] }
  | { kind: 'string'; keys: readonly string[]; mode: 'starts' | 'contains' | 'equals' | 'ends'; text: string }
  | { kind: 'hasString'; keys: readonly string[] }
);

/** Patients, maybe thousands. Tests are told apart by their JSON, which has only their number. */
export class PatientSet {
  readonly ids: readonly string[];

  constructor(ids: readonly string[]) {
    this.ids = ids;
  }

  toJSON(): number {
    return this.ids.length;
  }
}

export const everything: IndexTest = { kind: 'everything', exact: true };
export const nothing: IndexTest = { kind: 'nothing', exact: true };
/** Holds for all, decides nothing. */
export const unknown: IndexTest = { kind: 'everything', exact: false };

export function allTests(tests: readonly IndexTest[]): IndexTest {
  const of = tests.flatMap((one) => (one.kind === 'all' ? one.of : [one]));
  const exact = of.every((one) => one.exact);
  const telling = of.filter((one) => one.kind !== 'everything');
  if (telling.some((one) => one.kind === 'nothing')) return nothing;
  if (telling.length === 0) return { kind: 'everything', exact };
  if (telling.length === 1) return { ...(telling[0] as IndexTest), exact };
  return { kind: 'all', of: telling, exact };
}

export function anyTests(tests: readonly IndexTest[]): IndexTest {
  const of = mergeTokens(
    tests.flatMap((one) => (one.kind === 'any' ? one.of : [one])).filter((one) => one.kind !== 'nothing'),
  );
  const exact = of.every((one) => one.exact);
  if (of.some((one) => one.kind === 'everything')) return { kind: 'everything', exact };
  if (of.length === 0) return nothing;
  return of.length === 1 ? (of[0] as IndexTest) : { kind: 'any', of, exact };
}

/** Token tests that stand side by side in an `any` are one test: the index then reads their postings at once. */
function mergeTokens(tests: readonly IndexTest[]): IndexTest[] {
  const ofTokens = tests.filter((one) => one.kind === 'tokens');
  if (ofTokens.length < 2) return [...ofTokens, ...tests.filter((one) => one.kind !== 'tokens')];
  const merged: IndexTest = {
    kind: 'tokens',
    tokens: [...new Set(ofTokens.flatMap(({ tokens }) => tokens))],
    exact: ofTokens.every(({ exact }) => exact),
    typed: ofTokens.every(({ typed }) => typed),
    selective: ofTokens.every(({ selective }) => selective),
  };
  return [merged, ...tests.filter((one) => one.kind !== 'tokens')];
}

/** The opposite. Of a test that is not exact nothing is known. */
export function notTest(test: IndexTest): IndexTest {
  if (!test.exact) return unknown;
  if (test.kind === 'everything') return nothing;
  if (test.kind === 'nothing') return everything;
  return { kind: 'not', of: test, exact: true };
}

/** Tokens any of which is enough; nothing when there are none. */
export function tokensTest(
  tokens: readonly string[],
  { exact = true, typed = true, selective = false }: { exact?: boolean; typed?: boolean; selective?: boolean } = {},
): IndexTest {
  return tokens.length === 0 ? nothing : { kind: 'tokens', tokens, exact, typed, selective };
}

/** True when whatever the test holds for is of the searched types. */
export function impliesTypes(test: IndexTest): boolean {
  if (test.kind === 'all') return test.of.some(impliesTypes);
  if (test.kind === 'any') return test.of.every(impliesTypes);
  if (test.kind === 'types') return test.isBeside !== true;
  return test.kind === 'nothing' || (test.kind === 'tokens' && test.typed);
}

/** The same test, beside a search of other types than its own: it implies nothing of what is searched. */
export function beside(test: IndexTest): IndexTest {
  switch (test.kind) {
    case 'all':
    case 'any':
      return { ...test, of: test.of.map(beside) };
    case 'not':
      return { ...test, of: beside(test.of) };
    case 'tokens':
      return { ...test, typed: false, selective: false };
    case 'types':
      return { ...test, isBeside: true };
    default:
      return test;
  }
}

/** True when the test alone leaves few resources, so that the token index is the way in. */
export function isSelective(test: IndexTest): boolean {
  if (test.kind === 'all') return test.of.some(isSelective);
  if (test.kind === 'any') return test.of.every(isSelective);
  return test.kind === 'id' || test.kind === 'nothing' || (test.kind === 'tokens' && test.selective);
}

export type Indexed = { type: string; id: string; updated: number; values: SearchValues };

/** Evaluates a test on a resource's values, as the database would. */
export function holds(test: IndexTest, row: Indexed): boolean {
  switch (test.kind) {
    case 'all':
      return test.of.every((one) => holds(one, row));
    case 'any':
      return test.of.some((one) => holds(one, row));
    case 'not':
      return !holds(test.of, row);
    case 'everything':
      return true;
    case 'nothing':
      return false;
    case 'types':
      return test.types.includes(row.type);
    case 'id':
      return test.ids.includes(row.id);
    case 'updated':
      return satisfies({ low: row.updated, high: row.updated + 1 }, test.rules);
    case 'record': {
      const { patient } = row.values;
      if (test.of === 'none') return patient === undefined;
      return patient !== undefined && (test.of === 'some' || test.of.ids.includes(patient));
    }
    case 'tokens':
      return test.tokens.some((token) => row.values.tokens.includes(token));
    case 'range':
      return ranges(row.values, test.keys).some((range) => satisfies(range, test.rules));
    case 'hasRange':
      return ranges(row.values, test.keys).length > 0;
    case 'string':
      return strings(row.values, test.keys).some((text) => compareText(test.mode, text, test.text));
    case 'hasString':
      return strings(row.values, test.keys).length > 0;
  }
}

function ranges(values: SearchValues, keys: readonly number[]): { low: number; high: number }[] {
  return values.rangeKeys.flatMap((key, i) =>
    keys.includes(key) ? [{ low: values.rangeLows[i] as number, high: values.rangeHighs[i] as number }] : [],
  );
}

function strings(values: SearchValues, keys: readonly string[]): string[] {
  return values.strings.flatMap((entry) => {
    const at = entry.indexOf('\u001f');
    return keys.includes(entry.slice(0, at)) ? [entry.slice(at + 1)] : [];
  });
}

/** How a normalised text stands to a normalised search. */
export function compareText(mode: 'starts' | 'contains' | 'equals' | 'ends', text: string, sought: string): boolean {
  if (mode === 'starts') return text.startsWith(sought);
  if (mode === 'contains') return text.includes(sought);
  return mode === 'equals' ? text === sought : text.endsWith(sought);
}
