/** Runs a parsed search: resolves it, pages through what the index finds, decides in memory what the index leaves open. */
import type { Db } from '#kernel/db.ts';
import { Fault, type FaultIssue } from '#kernel/fault.ts';
import type { Grant } from '../grant.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import { all, type Condition } from './condition.ts';
import { sortByContent } from './content-sort.ts';
import { readCursor, writeCursor, type Cursor } from './cursor.ts';
import { includedWith } from './include.ts';
import { matchesCondition } from './match.ts';
import { namedPatient } from './named-patient.ts';
import { narrowWithin, pointsAt } from './narrow.ts';
import type { Query } from './query.ts';
import { resolveCondition, type Within } from './resolve.ts';
import type { Found, Placed, Scope } from './search-store.ts';
import type { Search, SearchParts } from './search.ts';

export type SearchRow = Found & { mode: 'match' | 'include' };

export type SearchResult = {
  rows: SearchRow[];
  /** The `_cursor` of the next page, when there is more. */
  next?: string;
  total?: number;
  warnings: FaultIssue[];
};

/** With what a search is run: the grant decides what of the record it can find. */
export type SearchContext = { db: Db; search: Search; grant: Grant };

/** What a search finds of what the grant reaches, a page of it. Throws `tooCostly` when it would have to go through too much. */
export async function runSearch({ db, search, grant }: SearchContext, query: Query): Promise<SearchResult> {
  const { parts } = search;
  const within: Within = { parts, db, grant };
  const asked = await resolveCondition(within, query.condition);
  const patient = namedPatient(parts, asked);
  const types = query.isWholeSystem ? undefined : query.types;
  const reach = await grant.reach({ by: 'search', patient, isNamed: patient !== undefined, types });
  const condition = all([asked, reach]);
  const plan: Plan = { ...within, query, condition, scope: scopeOf(parts, query, asked, reach) };
  if (query.countOnly) return { rows: [], total: await countAll(plan), warnings: query.warnings };
  const after = query.cursor === undefined ? undefined : readCursor(query, query.cursor);
  const placed = await pageOf(plan, after);
  const isMore = placed.length > query.count;
  const page = placed.slice(0, query.count);
  const rows = page.map(({ row }): SearchRow => ({ ...row, mode: 'match' }));
  const included = await includedWith(within, patient, query, rows);
  grant.saw([...rows, ...included]);
  const result: SearchResult = {
    rows: [...rows, ...included.map((row): SearchRow => ({ ...row, mode: 'include' }))],
    warnings: query.warnings,
  };
  const last = page.at(-1);
  if (isMore && last !== undefined) result.next = writeCursor(query, last.cursor);
  const total = !isMore && after === undefined ? page.length : await totalOf(plan);
  if (total !== undefined) result.total = total;
  return result;
}

type Plan = Within & { query: Query; condition: Condition; scope: Scope };

function scopeOf(parts: SearchParts, query: Query, asked: Condition, reach: Condition): Scope {
  const { types, isWholeSystem, sort } = query;
  return { types, isWholeSystem, sort, test: narrowWithin(parts, asked, reach), bucket: bucketOf(parts, asked) };
}

/** The one bucket that holds all answers, when the search names the patient by the reference that the rows lie by. */
function bucketOf({ catalog, patientBucket }: SearchParts, condition: Condition): number | undefined {
  if (patientBucket === undefined) return undefined;
  for (const one of condition.kind === 'all' ? condition.of : [condition]) {
    if (one.kind !== 'reference' || one.uses.length !== 1) continue;
    const [{ unit, target } = { unit: undefined, target: undefined }] = one.uses;
    const [literal = '', ...more] = one.literals.filter((each) => target === undefined || pointsAt(each, target));
    if (more.length > 0) continue;
    if (!literal.startsWith('Patient/') || unit === undefined || !unit.path.single) continue;
    const compartment = catalog.compartment('Patient', unit.type);
    if (compartment?.uses[0]?.unit === unit && !compartment.isItself)
      return patientBucket(literal.slice('Patient/'.length));
  }
  return undefined;
}

/** One row more than a page, so that it is known whether there is a next. */
async function pageOf(plan: Plan, after: Cursor | undefined): Promise<Placed[]> {
  const { query, scope, parts, db } = plan;
  if (query.sort.some(({ by }) => by === 'content')) return sortByContent(parts, query, await everyMatch(plan), after);
  if (scope.test.exact) return parts.store.page(db, scope, after, query.count + 1);
  return decidedPage(plan, after, query.count + 1);
}

async function decidedPage(plan: Plan, from: Cursor | undefined, wanted: number): Promise<Placed[]> {
  const found: Placed[] = [];
  await eachCandidate(plan, from, wanted, (placed) => {
    if (isMatch(plan, placed.row)) found.push(placed);
    return found.length < wanted;
  });
  return found;
}

function isMatch({ parts, condition }: Plan, row: Found): boolean {
  return matchesCondition(parts, condition, parseJson(row.content) as Resource);
}

/** Reads candidates in growing batches until `visit` has enough. */
async function eachCandidate(
  { parts, db, scope }: Plan,
  from: Cursor | undefined,
  first: number,
  visit: (placed: Placed) => boolean,
): Promise<void> {
  let after = from;
  let read = 0;
  for (let size = first; ; size = Math.min(size * 2, 1000)) {
    const batch = await parts.store.page(db, scope, after, size);
    for (const placed of batch) if (!visit(placed)) return;
    read += batch.length;
    if (batch.length < size) return;
    if (read >= parts.limits.candidatesMax) {
      throw new Fault(
        'tooCostly',
        `More than ${parts.limits.candidatesMax} resources would have to be read. Narrow the search.`,
      );
    }
    after = batch.at(-1)?.cursor;
  }
}

/** All that match, for an order that only their contents tell. */
async function everyMatch(plan: Plan): Promise<Found[]> {
  const found: Found[] = [];
  const unordered: Plan = { ...plan, scope: { ...plan.scope, sort: [] } };
  await eachCandidate(unordered, undefined, 200, ({ row }) => {
    if (plan.scope.test.exact || isMatch(plan, row)) found.push(row);
    if (found.length > plan.parts.limits.sortedMax) {
      throw new Fault(
        'tooCostly',
        `More than ${plan.parts.limits.sortedMax} resources cannot be sorted by this. Narrow the search.`,
      );
    }
    return true;
  });
  return found;
}

async function totalOf(plan: Plan): Promise<number | undefined> {
  if (plan.query.total === 'none') return undefined;
  if (plan.query.total === 'estimate' && plan.scope.test.exact)
    return plan.parts.store.estimate(plan.db, plan.scope, 1000);
  return countAll(plan);
}

async function countAll(plan: Plan): Promise<number> {
  if (plan.scope.test.exact) return plan.parts.store.count(plan.db, plan.scope);
  let count = 0;
  await eachCandidate({ ...plan, scope: { ...plan.scope, sort: [] } }, undefined, 500, ({ row }) => {
    if (isMatch(plan, row)) count++;
    return true;
  });
  return count;
}
