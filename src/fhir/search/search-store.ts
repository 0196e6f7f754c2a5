/**
 * The statements of a search. Two strategies: a search that names a patient or an identifier goes through the token index by a prepared statement;
 * any other carries its tokens as literals, so that PostgreSQL chooses between the token index and a walk in the answer's order.
 */
import { asFault, type Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Cursor, SortValue } from './cursor.ts';
import { allTests, impliesTypes, isSelective, type IndexTest } from './index-test.ts';
import { Statement, testSql } from './index-test-store.ts';
import { orderOf } from './order-store.ts';
import type { Query } from './query.ts';

export type Found = { type: string; id: string; version: number; versionId: string; updated: number; content: string };

/** A found row with its place in the order. */
export type Placed = { row: Found; cursor: Cursor };

export type Scope = Pick<Query, 'types' | 'isWholeSystem' | 'sort'> & { test: IndexTest; bucket: number | undefined };

type Row = Found & Record<string, SortValue>;

/** Named statements are kept by each connection: shapes beyond these many are not named. */
const preparedMax = 300;

export class SearchStore {
  readonly #prepared = new Set<string>();

  /** The next rows in the order of the search, contents included. */
  async page(db: Db, scope: Scope, after: Cursor | undefined, limit: number): Promise<Placed[]> {
    const isNarrow = isSelective(scope.test);
    const statement = new Statement(!isNarrow);
    const where = whereSql(scope, statement);
    const order = orderOf(scope, statement);
    const later = after === undefined ? 'true' : order.after(after);
    const count = Math.trunc(limit);
    const columns = `bucket, n, version, type, id, updated${order.columns}`;
    const result = `p.type, p.id, p.version, v.version_id as "versionId", p.updated, v.content${namesOf(scope)}`;
    const text = isNarrow
      ? `with hit as materialized (select ${columns} from resource where not deleted and ${where})
        select ${result} from (select * from hit where ${later} order by ${order.by} limit ${count}) p
        join version v on v.bucket = p.bucket and v.n = p.n order by ${prefixed(order.by)}`
      : `/* fan-out: a search that names no patient */
        select ${result} from (select * from (select ${columns} from resource where not deleted and ${where}) as hit
          where ${later} order by ${order.by} limit ${count}) p
        join version v on v.bucket = p.bucket and v.n = p.n order by ${prefixed(order.by)}`;
    const rows = await this.#run<Row>(db, text, statement, isNarrow);
    return rows.map((row) => ({
      row: foundOf(row),
      cursor: { type: row.type, id: row.id, values: valuesOf(scope, row) },
    }));
  }

  /** How many there are. The test must be exact. */
  async count(db: Db, scope: Scope): Promise<number> {
    const isNarrow = isSelective(scope.test);
    const statement = new Statement(!isNarrow);
    const where = whereSql(scope, statement);
    const text = `/* fan-out: a search that names no patient */ select count(*)::int as count from resource where not deleted and ${where}`;
    const [row] = await this.#run<{ count: number }>(db, text, statement, isNarrow);
    return row?.count ?? 0;
  }

  /** About how many: counted as far as `most`, beyond that as the planner believes. */
  async estimate(db: Db, scope: Scope, most: number): Promise<number> {
    const statement = new Statement(true);
    const where = whereSql(scope, statement);
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
    const isNarrow = isSelective(scope.test);
    const statement = new Statement(!isNarrow);
    const where = whereSql(scope, statement);
    const text = `/* fan-out: a search that names no patient */
      select type, id from resource where not deleted and ${where} limit ${Math.trunc(most) + 1}`;
    const rows = await this.#run<{ type: string; id: string }>(db, text, statement, isNarrow);
    return within(rows, most);
  }

  /** The patients whose records hold something that satisfies the test. */
  async patients(db: Db, scope: Scope, most: number): Promise<string[]> {
    const statement = new Statement(!isSelective(scope.test));
    const where = whereSql(scope, statement);
    const text = `/* fan-out: a search that names no patient */
      select distinct patient from resource where not deleted and patient is not null and ${where} limit ${Math.trunc(most) + 1}`;
    const rows = await this.#run<{ patient: string }>(db, text, statement, isSelective(scope.test));
    return within(rows, most).map((row) => row.patient);
  }

  /** Resources by type and id; those that are not here are left out. */
  async byKeys(db: Db, keys: readonly { type: string; id: string }[]): Promise<Found[]> {
    if (keys.length === 0) return [];
    const statement = new Statement(false);
    const types = statement.texts(keys.map(({ type }) => type));
    const ids = statement.texts(keys.map(({ id }) => id));
    const text = `/* fan-out: an included resource may be of any patient */
      select r.type, r.id, r.version, v.version_id as "versionId", r.updated, v.content
      from unnest(${types}, ${ids}) as k(type, id)
      join resource r on r.type = k.type and r.id = k.id and not r.deleted
      join version v on v.bucket = r.bucket and v.n = r.n`;
    return (await this.#run<Row>(db, text, statement, true)).map(foundOf);
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

/** Tokens tell the type; anything else must be told. */
function whereSql({ test, types, isWholeSystem, bucket }: Scope, statement: Statement): string {
  const isNarrow = isSelective(test);
  const needsType = !isWholeSystem && (!isNarrow || !impliesTypes(test));
  const typed: IndexTest = { kind: 'types', types, exact: true };
  const condition = testSql(needsType ? allTests([typed, test]) : test, statement);
  return bucket === undefined ? condition : `bucket = ${statement.add(bucket, 'int')} and ${condition}`;
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

function foundOf({ type, id, version, versionId, updated, content }: Row): Found {
  return { type, id, version, versionId, updated, content };
}

function plannedRows(plan: unknown): number {
  const parsed: unknown = typeof plan === 'string' ? JSON.parse(plan) : plan;
  const rows = (parsed as [{ Plan?: { 'Plan Rows'?: number } }])[0]?.Plan?.['Plan Rows'];
  return typeof rows === 'number' ? Math.round(rows) : 0;
}
