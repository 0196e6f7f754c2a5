/**
 * Makes a condition decidable without further questions: chains become the references that lead to what was found, `_has` and `_list`
 * become ids, value sets become codes. Two steps instead of a join: a join across patients is what a distributed PostgreSQL can't do well.
 */
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { parseJson } from '../json/index.ts';
import type { Grant } from '../grant.ts';
import type { Resource } from '../types.ts';
import type { UnitUse } from './catalog.ts';
import { all, any, mapCondition, needsResolving, type Condition } from './condition.ts';
import { allTests, notTest, tokensTest, type IndexTest } from './index-test.ts';
import { matchesCondition } from './match.ts';
import { namedPatient } from './named-patient.ts';
import { narrowWithin } from './narrow.ts';
import type { Scope } from './search-store.ts';
import type { SearchParts } from './search.ts';
import { strangerToken } from './tokens.ts';
import { pointers } from './values.ts';

const batchSize = 500;

/** Where a condition is resolved: in the database, within what the grant reaches. */
export type Within = { parts: SearchParts; db: Db; grant: Grant };

/**
 * The condition with nothing left to ask. What a step goes through is what the grant reaches, so that no answer tells of what may not be seen.
 * Throws `tooCostly` where a step would go through too many resources.
 */
export async function resolveCondition(within: Within, condition: Condition): Promise<Condition> {
  if (!needsResolving(condition)) return condition;
  return mapCondition(condition, (leaf) => {
    switch (leaf.kind) {
      case 'chain':
        return resolveChain(within, leaf);
      case 'has':
        return resolveHas(within, leaf);
      case 'list':
        return resolveList(within, leaf.id);
      case 'valueSet':
        return resolveValueSet(within.parts, leaf);
      default:
        return leaf;
    }
  });
}

async function resolveChain(within: Within, { uses, targets }: Condition & { kind: 'chain' }): Promise<Condition> {
  const literals: string[] = [];
  for (const { type, condition } of targets) {
    if (!uses.some(({ target }) => target === undefined || target === type)) continue;
    const found = await keysOf(within, type, await resolveCondition(within, condition));
    for (const one of found) literals.push(`${one.type}/${one.id}`);
  }
  return literals.length === 0 ? { kind: 'nothing' } : { kind: 'reference', uses, literals };
}

/** Type and id of every resource of a type that satisfies a resolved condition. */
async function keysOf(within: Within, type: string, asked: Condition): Promise<{ type: string; id: string }[]> {
  const { parts, db } = within;
  const reach = await reachOf(within, type, asked);
  const scope = scopeOf([type], narrowWithin(parts, asked, reach));
  const most = parts.limits.chainedMax;
  if (scope.test.exact) return parts.store.keys(db, scope, most);
  const found: { type: string; id: string }[] = [];
  await eachMatch(within, scope, all([asked, reach]), (resource) => found.push({ type, id: resource.id ?? '' }));
  return found;
}

/** What may be seen of a type while a step of the search goes through it. */
function reachOf({ parts, grant }: Within, type: string, asked: Condition): Promise<Condition> {
  return grant.reach({ by: 'search', patient: namedPatient(parts, asked), isNamed: false, types: [type] });
}

const scopeOf = (types: readonly string[], test: IndexTest): Scope => ({
  types,
  isWholeSystem: false,
  sort: [],
  test,
  bucket: undefined,
});

/** Visits what satisfies a condition, in order of id; contents are read in batches. */
async function eachMatch(
  { parts, db }: Within,
  scope: Scope,
  condition: Condition,
  visit: (resource: Resource) => void,
): Promise<void> {
  let visited = 0;
  let after: Parameters<typeof parts.store.page>[2];
  for (;;) {
    const rows = await parts.store.page(db, scope, after, batchSize);
    for (const { row } of rows) {
      const resource = parseJson(row.content) as Resource;
      if (matchesCondition(parts, condition, resource)) visit(resource);
    }
    visited += rows.length;
    if (visited > parts.limits.chainedMax) throw tooMany(parts);
    if (rows.length < batchSize) return;
    after = rows.at(-1)?.cursor;
  }
}

const tooMany = ({ limits }: SearchParts): Fault =>
  new Fault(
    'tooCostly',
    `A chain or _has would go through more than ${limits.chainedMax} resources. Narrow the search.`,
  );

async function resolveHas(within: Within, { uses, type, condition }: Condition & { kind: 'has' }): Promise<Condition> {
  const { parts, db } = within;
  const asked = await resolveCondition(within, condition);
  const reach = await reachOf(within, type, asked);
  const resolved = all([asked, reach]);
  const test = narrowWithin(parts, asked, reach);
  const byType = new Map<string, Set<string>>();
  const add = (literal: string | undefined): void => {
    const [target, id, ...more] = (literal ?? '').split('/');
    if (target && id && more.length === 0) byType.set(target, (byType.get(target) ?? new Set()).add(id));
  };
  const stranger = tokensTest([strangerToken], { typed: false });
  const isPatients = test.exact && leadsToOwnPatient(parts, type, uses);
  if (isPatients) {
    const scope = scopeOf([type], allTests([test, notTest(stranger)]));
    for (const id of await parts.store.patients(db, scope, parts.limits.chainedMax)) add(`Patient/${id}`);
  }
  await eachMatch(within, scopeOf([type], isPatients ? allTests([test, stranger]) : test), resolved, (resource) => {
    for (const { unit, target } of uses) {
      for (const pointer of unit.path.read(resource).flatMap((value) => pointers(value, parts.ownAddress))) {
        if (target === undefined || pointer.type === target) add(pointer.literal);
      }
    }
  });
  return idsCondition(byType);
}

/** True when the references are what the row's `patient` was taken from: then the rows alone tell. */
function leadsToOwnPatient({ catalog }: SearchParts, type: string, uses: readonly UnitUse[]): boolean {
  const first = catalog.compartment('Patient', type)?.uses[0]?.unit;
  const [only, ...others] = uses;
  return (
    first !== undefined && others.length === 0 && only?.unit === first && first.path.single && only.target === 'Patient'
  );
}

function idsCondition(byType: ReadonlyMap<string, ReadonlySet<string>>): Condition {
  return any(
    [...byType].map(([type, ids]) => ({
      kind: 'all',
      of: [
        { kind: 'types', types: [type] },
        { kind: 'id', ids: [...ids] },
      ],
    })),
  );
}

/** The entries of a List, those marked as removed left out (R4 search.html#list). A List that is not here has none. */
async function resolveList({ parts, db, grant }: Within, id: string): Promise<Condition> {
  const reach = await grant.reach({ by: 'search', patient: undefined, isNamed: false, types: ['List'] });
  const [row] = await parts.store.byKeys(db, [{ type: 'List', id }], { parts, reach });
  if (row === undefined) return { kind: 'nothing' };
  const entries = (parseJson(row.content) as Resource)['entry'];
  const byType = new Map<string, Set<string>>();
  for (const entry of Array.isArray(entries) ? (entries as Record<string, unknown>[]) : []) {
    if (entry['deleted'] === true) continue;
    for (const { literal } of pointers({ value: entry['item'], type: 'Reference' }, parts.ownAddress)) {
      const [type, itemId, ...more] = (literal ?? '').split('/');
      if (type && itemId && more.length === 0) byType.set(type, (byType.get(type) ?? new Set()).add(itemId));
    }
  }
  return idsCondition(byType);
}

async function resolveValueSet(
  { terminology, limits }: SearchParts,
  { uses, url }: Condition & { kind: 'valueSet' },
): Promise<Condition> {
  const codes = await terminology?.expandCodes(url);
  if (codes === undefined)
    throw new Fault('notSupported', `The value set ${url.slice(0, 300)} is not here, or its codes can't be listed`);
  if (codes.length > limits.chainedMax)
    throw new Fault('tooCostly', `The value set ${url} has more than ${limits.chainedMax} codes`);
  return codes.length === 0 ? { kind: 'nothing' } : { kind: 'token', uses, codes };
}
