/**
 * The statements of a search. Those through the token index are prepared and take their tokens as parameters; those that are left to PostgreSQL's
 * planner carry their tokens as literals, so that it sees how common they are (`strategy.ts` says when which).
 */
import { asFault, type Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import type { Condition } from './condition.ts';
import type { Cursor, SortValue } from './cursor.ts';
import { allTests, beside, impliesTypes, isSelective, type IndexTest } from './index-test.ts';
import { Statement, testSql } from './index-test-store.ts';
import { matchesCondition, type MatchParts } from './match.ts';
import { narrow } from './narrow.ts';
import { orderOf, type Order } from './order-store.ts';
import type { Query } from './query.ts';
import { capFor, parted, Strategies } from './strategy.ts';

export type Found = {
  type: string;
  id: string;
  /** In whose record it lies. */
  patient: string | undefined;
  version: number;
  versionId: string;
  updated: number;
  content: string;
};

/** A found row with its place in the order. */
export type Placed = { row: Found; cursor: Cursor };

export type Scope = Pick<Query, 'types' | 'isWholeSystem' | 'sort'> & { test: IndexTest; bucket: number | undefined };

type Row = Omit<Found, 'patient'> & { patient: string | null } & Record<string, SortValue>;

/** Named statements are kept by each connection: shapes beyond these many are not named. */
const preparedMax = 300;

export class SearchStore {
  readonly #prepared = new Set<string>();
  readonly #strategies = new Strategies();
  readonly #typeCounts = new Map<string, { rows: number; uses: number }>();

  /** The next rows in the order of the search, contents included. */
  async page(db: Db, scope: Scope, after: Cursor | undefined, limit: number): Promise<Placed[]> {
    const typeRows = (): Promise<number> => this.#typeRows(db, scope.types);
    const strategy = await this.#strategies.choose(scope.test, { limit, isWalkable: !isStored(scope), typeRows });
    if (strategy === 'capped') {
      const rows = await this.#cappedPage(db, scope, after, limit);
      if (rows !== undefined) return placed(scope, rows);
    }
    const isThroughTokens = strategy === 'tokens';
    const statement = new Statement(!isThroughTokens);
    const where = whereSql(scope, statement, isThroughTokens);
    const order = orderOf(scope, statement);
    // A walk is planned for so many rows; a parameter would hide them.
    const rows = isThroughTokens ? statement.add(Math.trunc(limit), 'int') : String(Math.trunc(limit));
    const text = `/* fan-out: a search that names no patient */
      with hit as ${isThroughTokens ? 'materialized' : ''} (
        select ${columns}${order.columns} from resource where not deleted and ${where})
      ${pageOf(scope, order, after, rows)}`;
    return placed(scope, await this.#run<Row>(db, text, statement, isThroughTokens));
  }

  /** Through the token index; undefined when that gives more rows than the cap. Planned for all rows, it stops at the cap. */
  async #cappedPage(db: Db, scope: Scope, after: Cursor | undefined, limit: number): Promise<Row[] | undefined> {
    const statement = new Statement(false);
    const { tokens, rest } = parted(scope.test);
    const cap = capFor(rest);
    const where = whereSql({ ...scope, test: tokens ?? scope.test }, statement, true);
    const order = orderOf(scope, statement);
    const rows = statement.add(Math.trunc(limit), 'int');
    const text = `/* fan-out: a search that names no patient */
      with found as materialized (
        select ${columns}${order.columns}, ${testSql(rest, statement)} as fits from resource where not deleted and ${where}),
      few as materialized (select * from found limit ${cap + 1}),
      hit as (select * from few where fits),
      page as (${pageOf(scope, order, after, rows)})
      select count.candidates, count.fitting, page.* from (
        select count(*)::int as candidates, (count(*) filter (where fits))::int as fitting from few) as count left join page on true
      order by ${order.by
        .split(', ')
        .map((one) => `page.${one}`)
        .join(', ')}`;
    const found = await this.#run<Row & { candidates: number; fitting: number }>(db, text, statement, true);
    const candidates = found[0]?.candidates ?? 0;
    this.#strategies.counted(scope.test, candidates, found[0]?.fitting ?? 0);
    return candidates > cap ? undefined : found.filter(({ id }) => id !== null);
  }

  /** About how many resources of the types there are, by statistics that are asked for now and then. */
  async #typeRows(db: Db, types: readonly string[]): Promise<number> {
    const key = types.join();
    const known = this.#typeCounts.get(key);
    if (known !== undefined && known.uses++ < 1000) return known.rows;
    const statement = new Statement(true);
    const text = `/* fan-out: a search that names no patient */
      explain (format json) select 1 from resource where not deleted and ${statement.types(types)}`;
    const [plan] = await this.#run<Record<string, unknown>>(db, text, statement, false);
    const rows = plannedRows(plan?.['QUERY PLAN']);
    if (this.#typeCounts.size >= 500) this.#typeCounts.clear();
    this.#typeCounts.set(key, { rows, uses: 0 });
    return rows;
  }

  /** How many there are. The test must be exact. */
  async count(db: Db, scope: Scope): Promise<number> {
    const isNarrow = isSelective(scope.test);
    const statement = new Statement(!isNarrow);
    const where = whereSql(scope, statement, isNarrow);
    const text = `/* fan-out: a search that names no patient */ select count(*)::int as count from resource where not deleted and ${where}`;
    const [row] = await this.#run<{ count: number }>(db, text, statement, isNarrow);
    return row?.count ?? 0;
  }

  /** About how many: counted as far as `most`, beyond that as the planner believes. */
  async estimate(db: Db, scope: Scope, most: number): Promise<number> {
    const statement = new Statement(true);
    const where = whereSql(scope, statement, false);
    const rows = `/* fan-out: a search that names no patient */ select 1 from resource where not deleted and ${where}`;
    const [counted] = await this.#run<{ count: number }>(
      db,
      `select count(*)::int as count from (${rows} limit ${Math.trunc(most) + 1}) as counted`,
      statement,
      false,
    );
    if ((counted?.count ?? 0) <= most) return counted?.count ?? 0;
    const [plan] = await this.#run<Record<string, unknown>>(db, `explain (format json) ${rows}`, statement, false);
    return Math.max(most + 1, plannedRows(plan?.['QUERY PLAN']));
  }

  /** Type and id of all, or a Fault when there are more than `most`. The test must be exact. */
  async keys(db: Db, scope: Scope, most: number): Promise<{ type: string; id: string }[]> {
    const rows = await this.#all<{ type: string; id: string }>(db, scope, 'type, id', most);
    return within(rows, most);
  }

  /** The patients whose records hold something that satisfies the test. */
  async patients(db: Db, scope: Scope, most: number): Promise<string[]> {
    const rows = await this.#all<{ patient: string }>(db, scope, 'distinct patient', most);
    return within(rows, most).flatMap(({ patient }) => patient ?? []);
  }

  async #all<T>(db: Db, scope: Scope, columns: 'type, id' | 'distinct patient', most: number): Promise<T[]> {
    const isThroughTokens = isSelective(scope.test) || parted(scope.test).tokens !== undefined;
    const statement = new Statement(!isThroughTokens);
    const where = whereSql(scope, statement, isThroughTokens);
    const text = `/* fan-out: a search that names no patient */
      with hit as materialized (select ${columns} from resource where not deleted and ${where})
      select * from hit limit ${Math.trunc(most) + 1}`;
    return this.#run<T>(db, text, statement, isThroughTokens);
  }

  /** Resources by type and id; those that are not here, or not within reach, are left out. */
  async byKeys(
    db: Db,
    keys: readonly { type: string; id: string }[],
    { parts, reach }: { parts: MatchParts; reach: Condition },
  ): Promise<Found[]> {
    if (keys.length === 0) return [];
    const test = beside(narrow(parts, reach));
    const statement = new Statement(false);
    const types = statement.texts(keys.map(({ type }) => type));
    const ids = statement.texts(keys.map(({ id }) => id));
    const text = `/* fan-out: an included resource may be of any patient */
      select r.type, r.id, r.patient, r.version, v.version_id as "versionId", r.updated, v.content
      from unnest(${types}, ${ids}) as k(type, id)
      join (select * from resource where not deleted and ${testSql(test, statement)}) r on r.type = k.type and r.id = k.id
      join version v on v.bucket = r.bucket and v.n = r.n`;
    const found = (await this.#run<Row>(db, text, statement, true)).map(foundOf);
    if (test.exact) return found;
    return found.filter(({ content }) => matchesCondition(parts, reach, parseJson(content) as Resource));
  }

  async #run<T>(db: Db, text: string, statement: Statement, isNamed: boolean): Promise<T[]> {
    const prepare = isNamed && this.#mayPrepare(text);
    try {
      return (await db.unsafe(text, statement.parameters as never[], { prepare })) as unknown as T[];
    } catch (error) {
      throw asFault(error);
    }
  }

  #mayPrepare(text: string): boolean {
    if (this.#prepared.has(text)) return true;
    if (this.#prepared.size >= preparedMax) return false;
    this.#prepared.add(text);
    return true;
  }
}

function within<T>(rows: T[], most: number): T[] {
  if (rows.length > most)
    throw new Fault('tooCostly', `More than ${most} resources would have to be gone through. Narrow the search.`);
  return rows;
}

/** Tokens tell the type; a walk in order, and anything else, must be told. */
function whereSql(
  { test, types, isWholeSystem, bucket }: Scope,
  statement: Statement,
  isThroughTokens: boolean,
): string {
  const needsType = !isWholeSystem && (!isThroughTokens || !impliesTypes(test));
  const typed: IndexTest = { kind: 'types', types, exact: true };
  const condition = testSql(needsType ? allTests([typed, test]) : test, statement);
  return bucket === undefined ? condition : `bucket = ${statement.add(bucket, 'int')} and ${condition}`;
}

const columns = 'bucket, n, version, type, id, patient, updated';

/** A page of the rows of `hit`, with their contents. */
function pageOf(scope: Scope, order: Order, after: Cursor | undefined, rows: string): string {
  const later = after === undefined ? 'true' : order.after(after);
  return `select p.type, p.id, p.patient, p.version, v.version_id as "versionId", p.updated, v.content${namesOf(scope)}
    from (select * from hit where ${later} order by ${order.by} limit ${rows}) p
    join version v on v.bucket = p.bucket and v.n = p.n order by ${prefixed(order.by)}`;
}

function placed(scope: Scope, rows: readonly Row[]): Placed[] {
  return rows.map((row) => ({
    row: foundOf(row),
    cursor: { type: row.type, id: row.id, values: valuesOf(scope, row) },
  }));
}

const namesOf = ({ sort }: Scope): string => (isStored({ sort }) ? sort.map((_key, i) => `, p.s${i}`).join('') : '');

/** True when the order is of expressions that are selected along. */
const isStored = ({ sort }: Pick<Scope, 'sort'>): boolean =>
  sort.length > 1 || (sort.length === 1 && sort[0]?.by !== 'id' && sort[0]?.by !== 'updated');

const prefixed = (by: string): string =>
  by
    .split(', ')
    .map((one) => `p.${one}`)
    .join(', ');

function valuesOf(scope: Scope, row: Row): SortValue[] {
  if (isStored(scope)) return scope.sort.map((_key, i) => row[`s${i}`] ?? null);
  return scope.sort.map(({ by }) => (by === 'id' ? row.id : row.updated));
}

function foundOf({ type, id, patient, version, versionId, updated, content }: Row): Found {
  return { type, id, patient: patient ?? undefined, version, versionId, updated, content };
}

function plannedRows(plan: unknown): number {
  const parsed: unknown = typeof plan === 'string' ? JSON.parse(plan) : plan;
  const rows = (parsed as [{ Plan?: { 'Plan Rows'?: number } }])[0]?.Plan?.['Plan Rows'];
  return typeof rows === 'number' ? Math.round(rows) : 0;
}
