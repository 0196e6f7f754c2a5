/**
 * Makes a condition decidable without further questions: chains become the references that lead to what was found, `_has` and `_list`
 * become ids, value sets become codes. Two steps instead of a join: a join across patients is what a distributed PostgreSQL can't do well.
 */
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import type { UnitUse } from './catalog.ts';
import { any, mapCondition, needsResolving, type Condition } from './condition.ts';
import { allTests, notTest, tokensTest, type IndexTest } from './index-test.ts';
import { matchesCondition } from './match.ts';
import { narrow } from './narrow.ts';
import type { Scope } from './search-store.ts';
import type { SearchParts } from './search.ts';
import { strangerToken } from './tokens.ts';
import { pointers } from './values.ts';

const batchSize = 500;

/** The condition with nothing left to ask. Throws `tooCostly` where a step would go through too many resources. */
export async function resolveCondition(parts: SearchParts, db: Db, condition: Condition): Promise<Condition> {
  if (!needsResolving(condition)) return condition;
  return mapCondition(condition, (leaf) => {
    switch (leaf.kind) {
      case 'chain':
        return resolveChain(parts, db, leaf);
      case 'has':
        return resolveHas(parts, db, leaf);
      case 'list':
        return resolveList(parts, db, leaf.id);
      case 'valueSet':
        return resolveValueSet(parts, leaf);
      default:
        return leaf;
    }
  });
}

async function resolveChain(
  parts: SearchParts,
  db: Db,
  { uses, targets }: Condition & { kind: 'chain' },
): Promise<Condition> {
  const literals: string[] = [];
  for (const { type, condition } of targets) {
    if (!uses.some(({ target }) => target === undefined || target === type)) continue;
    const found = await keysOf(parts, db, type, await resolveCondition(parts, db, condition));
    for (const one of found) literals.push(`${one.type}/${one.id}`);
  }
  return literals.length === 0 ? { kind: 'nothing' } : { kind: 'reference', uses, literals };
}

/** Type and id of every resource of a type that satisfies a resolved condition. */
async function keysOf(
  parts: SearchParts,
  db: Db,
  type: string,
  condition: Condition,
): Promise<{ type: string; id: string }[]> {
  const scope = scopeOf([type], narrow(parts, condition));
  const most = parts.limits.chainedMax;
  if (scope.test.exact) return parts.store.keys(db, scope, most);
  const found: { type: string; id: string }[] = [];
  await eachMatch(parts, db, scope, condition, (resource) => found.push({ type, id: resource.id ?? '' }));
  return found;
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
  parts: SearchParts,
  db: Db,
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

async function resolveHas(
  parts: SearchParts,
  db: Db,
  { uses, type, condition }: Condition & { kind: 'has' },
): Promise<Condition> {
  const resolved = await resolveCondition(parts, db, condition);
  const test = narrow(parts, resolved);
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
  await eachMatch(parts, db, scopeOf([type], isPatients ? allTests([test, stranger]) : test), resolved, (resource) => {
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
async function resolveList(parts: SearchParts, db: Db, id: string): Promise<Condition> {
  const [row] = await parts.store.byKeys(db, [{ type: 'List', id }]);
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
