/** Tables copied out of one snapshot and into an empty database, as streams. */
import type { Readable, Writable } from 'node:stream';
import type { Db, Transaction } from '#kernel/db.ts';

export type Table = { name: string; columns: string[] };

/** What passes: sessions, challenges, proofs used up. After a restore everybody signs in again. `migration` is kept by the migrations themselves. */
const passing = [
  'migration',
  'sign_in_session',
  'sign_in_attempt',
  'sign_in_challenge',
  'sign_in_failure',
  'provider_item',
  'token_used',
];

/** Does the work in one snapshot, however long it takes and whoever writes meanwhile. */
export async function inSnapshot<T>(db: Db, work: (snapshot: Transaction) => Promise<T>): Promise<T> {
  return (await db.begin('isolation level repeatable read read only', async (snapshot) => {
    await snapshot`select set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)`;
    return work(snapshot);
  })) as T;
}

/** Every table of the node, those that others refer to first. */
export async function readTables(snapshot: Transaction): Promise<Table[]> {
  const tables = await snapshot<{ name: string; columns: string[] }[]>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> all(${passing}) and a.attgenerated = ''
    group by c.relname order by c.relname`;
  const references = await snapshot<{ from: string; to: string }[]>`
    select f.relname as "from", t.relname as "to" from pg_constraint k
    join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and k.conparentid = 0 and f.relnamespace = current_schema()::regnamespace`;
  const sorted: Table[] = [];
  const add = (table: Table): void => {
    if (sorted.includes(table)) return;
    for (const reference of references) {
      if (reference.from !== table.name || reference.to === table.name) continue;
      const referred = tables.find(({ name }) => name === reference.to);
      if (referred) add(referred);
    }
    sorted.push(table);
  };
  for (const table of tables) add(table);
  return sorted;
}

export type Facts = { at: number; postgres: string; migrations: { name: string; checksum: string }[] };

export async function readFacts(snapshot: Transaction): Promise<Facts> {
  const [row] = await snapshot<{ at: number; postgres: string }[]>`
    select now() as at, current_setting('server_version') as postgres`;
  const migrations = await snapshot<Facts['migrations']>`select name, checksum from migration order by name`;
  return { at: row?.at ?? 0, postgres: row?.postgres ?? '', migrations: [...migrations] };
}

/** The last number of each bucket. */
export async function readHeads(snapshot: Transaction): Promise<number[]> {
  const rows = await snapshot<
    { bucket: number; n: number }[]
  >`/* fan-out: the feed reads all heads */ select bucket, n from head`;
  const heads = Array.from({ length: 1024 }, () => 0);
  for (const { bucket, n } of rows) heads[bucket] = n;
  return heads;
}

/** Rows of a table in each bucket. */
export async function countByBucket(snapshot: Transaction, table: 'version' | 'resource'): Promise<number[]> {
  const rows = await snapshot.unsafe<{ bucket: number; rows: number }[]>(
    `/* fan-out: a backup reads everything */ select bucket, count(*) as rows from ${table} group by bucket`,
  );
  const counts = Array.from({ length: 1024 }, () => 0);
  for (const { bucket, rows: count } of rows) counts[bucket] = Number(count);
  return counts;
}

/** Tells whether search values may have been made anew since: what they are made by, and how far that has come. */
export async function readIndexed(snapshot: Transaction): Promise<string> {
  const [row] = await snapshot<{ indexed: string }[]>`
    select md5(coalesce((select string_agg(type || ' ' || unit, ',' order by type, unit) from search_unit), '')
      || coalesce((select string_agg(id || state || changed, ',' order by id) from reindex_job), '')) as indexed`;
  return row?.indexed ?? '';
}

export async function hasRows(snapshot: Transaction, table: string): Promise<boolean> {
  const rows = await snapshot`/* fan-out: a backup reads everything */ select 1 from ${snapshot(table)} limit 1`;
  return rows.length > 0;
}

export async function countRows(snapshot: Transaction, table: string): Promise<number> {
  const [row] = await snapshot<{ rows: number }[]>`
    /* fan-out: a backup reads everything */ select count(*) as rows from ${snapshot(table)}`;
  return Number(row?.rows ?? 0);
}

export async function numbersOf(snapshot: Transaction, table: string): Promise<{ first: number; last: number }> {
  const [row] = await snapshot<{ first: number | null; last: number | null }[]>`
    select min(number) as first, max(number) as last from ${snapshot(table)}`;
  return { first: row?.first ?? 0, last: row?.last ?? 0 };
}

const list = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(', ');

/**
 * The driver stops its socket when rows come faster than they are taken, and after the last of them, or when nobody takes them any more, nothing starts
 * it again: what is asked next would wait for ever.
 */
async function* rowsOf(snapshot: Transaction, copy: string): AsyncGenerator<Buffer> {
  const stream: Readable = await snapshot.unsafe(copy).readable();
  try {
    for await (const rows of stream) yield rows as Buffer;
  } finally {
    stream.push = () => true;
    stream._read(0);
  }
}

/** All rows, in whatever order they lie. */
export async function* copyWhole(snapshot: Transaction, { name, columns }: Table): AsyncGenerator<Buffer> {
  yield* rowsOf(
    snapshot,
    `copy (/* fan-out: a backup reads everything */ select ${list(columns)} from "${name}") to stdout`,
  );
}

export async function* copyNumbers(
  snapshot: Transaction,
  { name, columns }: Table,
  after: number,
): AsyncGenerator<Buffer> {
  yield* rowsOf(
    snapshot,
    `copy (select ${list(columns)} from "${name}" where number > ${Math.trunc(after)} order by number) to stdout`,
  );
}

/**
 * Rows of `version` or `resource` that changed since: in each bucket those with a number above the one given.
 * @param heads the numbers, by bucket; 0: all of the bucket
 */
export async function* copyAfter(
  snapshot: Transaction,
  { name, columns }: Table,
  heads: ReadonlyMap<number, number>,
): AsyncGenerator<Buffer> {
  const [buckets, numbers] = [[...heads.keys()], [...heads.values()]].map((list) => list.map(Math.trunc).join(','));
  yield* rowsOf(
    snapshot,
    `copy (/* fan-out: a backup reads everything */ select ${list(columns.map((column) => `t"."${column}`))}
       from unnest('{${buckets}}'::int[], '{${numbers}}'::bigint[]) as since(bucket, n)
       join "${name}" t on t.bucket = since.bucket and t.n > since.n) to stdout`,
  );
}

/** Makes the tables empty that are about to be filled: migrations put some rows themselves. */
export async function emptyTables(db: Db, names: readonly string[]): Promise<void> {
  await db.unsafe(`truncate ${names.map((name) => `"${name}"`).join(', ')}`);
}

export async function fillFrom(db: Db, { name, columns }: Table): Promise<Writable> {
  return db.unsafe(`copy "${name}" (${list(columns)}) from stdin`).writable();
}

/** Where changed rows are kept until they take their place. */
export async function makeStaging(db: Db, { name }: Table): Promise<Table['name']> {
  await db
    .unsafe(`drop table if exists "${name}_coming"; create unlogged table "${name}_coming" (like "${name}")`)
    .simple();
  return `${name}_coming`;
}

/** Puts the rows of the staging table in the place of earlier ones of the same key, and removes it. */
export async function takeStaged(db: Db, { name, columns }: Table): Promise<void> {
  const others = columns.filter((column) => !['bucket', 'type', 'id'].includes(column));
  const put = others.map((column) => `"${column}" = excluded."${column}"`).join(', ');
  const target = name === 'version' ? 'nothing' : `update set ${put}`;
  const key = name === 'version' ? '(bucket, n)' : '(bucket, type, id)';
  await db.unsafe(
    `insert into "${name}" (${list(columns)}) select ${list(columns)} from "${name}_coming" on conflict ${key} do ${target}`,
  );
  await db.unsafe(`drop table "${name}_coming"`);
}

export async function removeBuckets(db: Db, table: string, buckets: readonly number[]): Promise<void> {
  await db`delete from ${db(table)} where bucket = any(${[...buckets]}::int[])`;
}

/** What `fyr log prune` took away stays away. */
export async function removePruned(db: Db): Promise<void> {
  await db`delete from access_entry where number <= (select coalesce(max(last), 0) from access_pruned)`;
  await db`delete from access_seal where number <= (select coalesce(max(seal), 0) from access_pruned)`;
}

/** Current rows whose version is not there, or is another one: none, in a restore that is right. */
export async function countStrayResources(db: Db): Promise<number> {
  const [row] = await db<{ stray: number }[]>`/* fan-out: a backup reads everything */
    select count(*) as stray from resource r left join version v on v.bucket = r.bucket and v.n = r.n
    where v.n is null or v.type <> r.type or v.id <> r.id or v.version <> r.version or (v.content is null) <> r.deleted`;
  return Number(row?.stray ?? 0);
}

export async function analyze(db: Db): Promise<void> {
  await db`analyze`;
}

/** What of a database would be lost if it were overwritten. Undefined: nothing, it is empty. */
export async function contentOf(db: Db): Promise<string | undefined> {
  for (const [table, what] of [
    ['version', 'resources'],
    ['data_key', 'keys of encrypted content'],
    ['oauth_client', 'clients'],
  ] as const) {
    const [found] = await db<{ is: boolean }[]>`select to_regclass(${table}) is not null as is`;
    if (found?.is !== true) continue;
    const [row] = await db`/* fan-out: whether there is any of a type */ select 1 from ${db(table)} limit 1`;
    if (row !== undefined) return what;
  }
  return undefined;
}

/**
 * The line of the node's history begins anew: nodes below compare instead of going on where they were, and are believed again when they say hello, since
 * whom it spoke with last it does not know; nodes above see a new life of it, under whose name it writes. `none`: it never had to do with others.
 * @param life at least this: higher than that of any earlier restore, of whatever backup, so that no version id is given twice
 */
export async function beginNewEpoch(db: Db, epoch: string, life: number): Promise<'begun' | 'none'> {
  return (await db.begin(async (transaction) => {
    const [found] = await transaction<{ is: boolean }[]>`select to_regclass('sync_line') is not null as is`;
    if (found?.is !== true) return 'none';
    await transaction`delete from sync_child`;
    const rows = await transaction`update sync_line set epoch = ${epoch}, confirmed = '', tried = '{}',
      life = greatest(life + 1, ${life}::int) returning one`;
    return rows.length === 0 ? 'none' : 'begun';
  })) as 'begun' | 'none';
}

export type MadeBackup = {
  id: string;
  at: number;
  finished: number;
  folder: string;
  rows: number;
  bytesWritten: number;
  blobs: number;
  blobsDamaged: number;
  verified?: number;
};

export async function noteBackup(db: Db, made: MadeBackup): Promise<void> {
  await db`insert into backup_made (id, at, finished, folder, rows, bytes_written, blobs, blobs_damaged)
    values (${made.id}, ${made.at}, ${made.finished}, ${made.folder}, ${made.rows}, ${made.bytesWritten}, ${made.blobs}, ${made.blobsDamaged})
    on conflict (id) do nothing`;
  await db`delete from backup_made where finished < ${made.finished - 400 * 86_400_000}`;
}

export async function noteVerified(db: Db, id: string, at: number): Promise<void> {
  await db`update backup_made set verified = ${at} where id = ${id}`;
}

export async function noteRestored(db: Db, at: number, backup: string, backupAt: number): Promise<void> {
  await db`insert into backup_restored (at, backup, backup_at) values (${at}, ${backup}, ${backupAt})`;
}

/** The backups of this database that were noted, the newest first. */
export async function listBackups(db: Db, limit: number): Promise<MadeBackup[]> {
  const rows = await db<(Omit<MadeBackup, 'verified'> & { verified: number | null })[]>`
    select id, at, finished, folder, rows, bytes_written as "bytesWritten", blobs, blobs_damaged as "blobsDamaged", verified
    from backup_made order by at desc limit ${limit}`;
  return rows.map(({ verified, ...made }) => ({ ...made, ...(verified === null ? {} : { verified }) }));
}

/** The newest backup of this database, and the newest that was verified. */
export async function lastBackup(db: Db): Promise<{ made: MadeBackup | undefined; verifiedAt: number | undefined }> {
  const [made] = await listBackups(db, 1);
  const [verified] = await db<{ at: number | null }[]>`select max(verified) as at from backup_made`;
  return { made, verifiedAt: verified?.at ?? undefined };
}

/** Renames a database that nobody has open. Faults are told by the caller. */
export async function renameDatabase(db: Db, from: string, to: string): Promise<void> {
  await db`alter database ${db(from)} rename to ${db(to)}`;
}

export async function databaseNames(db: Db): Promise<string[]> {
  const rows = await db<{ name: string }[]>`select datname as name from pg_database`;
  return rows.map(({ name }) => name);
}
