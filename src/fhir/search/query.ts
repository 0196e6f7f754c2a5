/** A parsed search: what to find, in what order, and what comes along. */
import type { FaultIssue } from '#kernel/fault.ts';
import type { UnitUse } from './catalog.ts';
import type { Condition } from './condition.ts';

export type SortKey = { code: string; descending: boolean } & (
  | { by: 'id' }
  | { by: 'updated' }
  /** The earliest or least bound of a unit's ranges. */
  | { by: 'range'; uses: readonly UnitUse[] }
  | { by: 'string'; uses: readonly UnitUse[] }
  /** Codes, references and URIs: not kept as text, so the candidates' contents are sorted in memory. */
  | { by: 'content'; uses: readonly UnitUse[] }
);

/** `_include`: references of `uses` are followed. `_revinclude`: what refers by `uses` is added. */
export type Include = { uses: readonly UnitUse[]; target: string | undefined; iterate: boolean };

export type Query = {
  /** The types searched. */
  types: readonly string[];
  /** `types` are all there are. */
  isWholeSystem: boolean;
  condition: Condition;
  sort: readonly SortKey[];
  count: number;
  cursor: string | undefined;
  total: 'none' | 'estimate' | 'accurate';
  /** `_summary=count`, or `_count=0`: the number only. */
  countOnly: boolean;
  includes: readonly Include[];
  reverseIncludes: readonly Include[];
  summary: string | undefined;
  elements: readonly string[] | undefined;
  warnings: FaultIssue[];
  /** Parameters that lenient handling left out: the self link says what was searched by. */
  ignored: (readonly [string, string])[];
};

export type SearchLimits = {
  countDefault: number;
  countMax: number;
  /** Values between commas, parameters in one search, steps in a chain. */
  valuesMax: number;
  parametersMax: number;
  chainMax: number;
  /** Resources that a chain or `_has` may go through, and that a search may have to read to decide. */
  chainedMax: number;
  candidatesMax: number;
  /** Matches that may be sorted in memory. */
  sortedMax: number;
  /** Resources that includes may add to a page. */
  includedMax: number;
};

export const defaultLimits: SearchLimits = {
  countDefault: 50,
  countMax: 1000,
  valuesMax: 500,
  parametersMax: 100,
  chainMax: 6,
  chainedMax: 20_000,
  candidatesMax: 50_000,
  sortedMax: 10_000,
  includedMax: 5000,
};
