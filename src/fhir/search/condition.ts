/** What a search asks, as a tree. It is parsed from parameters or `_filter`, resolved (chains become references), then decided by index or in memory. */
import type { Parameter, UnitUse } from './catalog.ts';
import type { IntervalSearch } from './interval-rules.ts';
import type { SearchUnit } from './measure.ts';

/** A code that was asked for. `system: null`: explicitly none (`|code`); undefined: any. Without `code`: any code of the system. */
export type CodeTest = { system?: string | null; code?: string };

export type StringMode = 'starts' | 'contains' | 'exact' | 'equals' | 'ends';

export type Condition =
  | { kind: 'all' | 'any'; of: Condition[] }
  | { kind: 'not'; of: Condition }
  | { kind: 'everything' | 'nothing' }
  | { kind: 'types'; types: readonly string[] }
  | { kind: 'id'; ids: readonly string[] }
  | { kind: 'updated'; search: IntervalSearch }
  | { kind: 'present'; uses: readonly UnitUse[] }
  | { kind: 'token'; uses: readonly UnitUse[]; codes: readonly CodeTest[] }
  | { kind: 'identifierType'; uses: readonly UnitUse[]; value: string }
  /** The text beside a code or reference starts with this, at a word. */
  | { kind: 'display'; uses: readonly UnitUse[]; text: string }
  /** A code of the value set; resolved to its codes where the database is asked. */
  | { kind: 'valueSet'; uses: readonly UnitUse[]; url: string }
  /** `Type/id`, URLs; `url|version` for a canonical of one version. */
  | { kind: 'reference'; uses: readonly UnitUse[]; literals: readonly string[] }
  | { kind: 'referenceIdentifier'; uses: readonly UnitUse[]; codes: readonly CodeTest[] }
  | { kind: 'uri'; uses: readonly UnitUse[]; mode: 'equals' | 'above' | 'below'; uri: string }
  | { kind: 'string'; uses: readonly UnitUse[]; mode: StringMode; text: string }
  | { kind: 'date'; uses: readonly UnitUse[]; search: IntervalSearch; byDay: boolean }
  | { kind: 'number'; uses: readonly UnitUse[]; search: IntervalSearch }
  | { kind: 'quantity'; uses: readonly UnitUse[]; search: IntervalSearch; unit?: SearchUnit }
  | { kind: 'words'; types: readonly string[]; scope: 'text' | 'content'; stems: readonly string[] }
  | { kind: 'near'; uses: readonly UnitUse[]; latitude: number; longitude: number; kilometres: number }
  /** All component tests hold within one context element. */
  | { kind: 'composite'; parameter: Parameter; tests: readonly Condition[] }
  | { kind: 'compartment'; code: string; id: string; types: readonly string[] }
  /** Lies in the record of one of these patients; of none; of some. What names several patients lies in the record of the first. */
  | { kind: 'record'; of: readonly string[] | 'none' | 'some' }
  /** Names a patient besides the one in whose record it lies. */
  | { kind: 'shared' }
  /** Carries one of these security labels (`meta.security`), as `system|code`. */
  | { kind: 'labelled'; labels: readonly string[] }
  /** To be resolved with the database: the referred resource matches; a resource that refers here matches; is in a List. */
  | { kind: 'chain'; uses: readonly UnitUse[]; targets: readonly ChainTarget[] }
  | { kind: 'has'; uses: readonly UnitUse[]; type: string; condition: Condition }
  | { kind: 'list'; id: string };

export type ChainTarget = { type: string; condition: Condition };

/** All of them; flattened, so that one has to look at one level only. */
export function all(conditions: Condition[]): Condition {
  return joined('all', conditions, 'everything', 'nothing');
}

/** At least one of them. */
export function any(conditions: Condition[]): Condition {
  return joined('any', conditions, 'nothing', 'everything');
}

/** @param neutral changes nothing, and is the answer where there is nothing else; `deciding` is the answer wherever it stands */
function joined(
  kind: 'all' | 'any',
  conditions: readonly Condition[],
  neutral: 'everything' | 'nothing',
  deciding: 'everything' | 'nothing',
): Condition {
  const of: Condition[] = [];
  for (const condition of conditions) {
    for (const one of condition.kind === kind ? condition.of : [condition]) {
      if (one.kind === deciding) return { kind: deciding };
      if (one.kind !== neutral) of.push(one);
    }
  }
  if (of.length === 0) return { kind: neutral };
  return of.length === 1 ? (of[0] as Condition) : { kind, of };
}

/** Replaces conditions from the leaves up. */
export async function mapCondition(
  condition: Condition,
  replace: (leaf: Condition) => Promise<Condition> | Condition,
): Promise<Condition> {
  if (condition.kind === 'all' || condition.kind === 'any') {
    const of: Condition[] = [];
    for (const one of condition.of) of.push(await mapCondition(one, replace));
    return condition.kind === 'all' ? all(of) : any(of);
  }
  if (condition.kind === 'not') return { kind: 'not', of: await mapCondition(condition.of, replace) };
  return replace(condition);
}

/** True when some part of the condition needs the database to be resolved first. */
export function needsResolving(condition: Condition): boolean {
  if (condition.kind === 'all' || condition.kind === 'any') return condition.of.some(needsResolving);
  if (condition.kind === 'not') return needsResolving(condition.of);
  return ['chain', 'has', 'list', 'valueSet'].includes(condition.kind);
}
