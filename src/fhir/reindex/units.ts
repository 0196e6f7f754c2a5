/** Units by name: what the index must have of each resource, and what a search relies on. */
import { createHash } from 'node:crypto';
import type { SearchParameterDefinition } from '../definitions/index.ts';
import type { Unit } from '../search/catalog.ts';
import type { Query, Search } from '../search/index.ts';

/** Raised when extraction itself changes, so that what was indexed by an earlier release is indexed anew. */
const extraction = 2;

/** `Observation|code|token`; lasting, since it stands in tables. */
export function unitName({ type, path, kind }: Pick<Unit, 'type' | 'path' | 'kind'>): string {
  return `${type}|${path.name}|${kind}|${extraction}`;
}

/** What this release indexes by, in short: as long as it stays, the units of the standard's own parameters do. */
export function releaseOf(searchParameters: readonly SearchParameterDefinition[]): string {
  const hash = createHash('sha256').update(JSON.stringify(searchParameters)).digest('base64url');
  return `${extraction}|${hash}`;
}

export const typeOfUnit = (unit: string): string => unit.slice(0, unit.indexOf('|'));

/** Every unit that resources of a type are indexed by now. */
export function unitsOf(search: Pick<Search, 'parts'>, type: string): string[] {
  return search.parts.catalog.units(type).map(unitName);
}

/** The units that the answer to a search rests on, chains, sorts and includes among them. */
export function unitsIn(query: Query): Set<string> {
  const found = new Set<string>();
  const seen = new Set<object>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (isUnit(value)) found.add(unitName(value));
    else for (const one of Object.values(value)) look(one);
  };
  look([query.condition, query.sort, query.includes, query.reverseIncludes]);
  return found;
}

function isUnit(value: object): value is Unit {
  return 'seed' in value && 'path' in value && 'kind' in value;
}
