/**
 * Puts a backup back: into a database of its own beside, checked row by row, and only then under the name that was asked for. Whatever is killed meanwhile,
 * what was there before is there still.
 */
import { pipeline } from 'node:stream/promises';
import type { Clock } from '#kernel/clock.ts';
import { createDatabase, dropDatabase } from '#kernel/db-create.ts';
import { openDatabase, sqlState, type Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import { pendingMigrations, type Migration } from '#kernel/migrations.ts';
import { migrate } from '#kernel/migrations-store.ts';
import { makePartitions } from '#trust/access-log/entry-store.ts';
import { Damage } from '#trust/encryption/sealed-stream.ts';
import {
  analyze,
  beginNewEpoch,
  contentOf,
  copyWhole,
  countByBucket,
  countRows,
  countStrayResources,
  databaseNames,
  emptyTables,
  fillFrom,
  inSnapshot,
  makeStaging,
  noteRestored,
  removeBuckets,
  removePruned,
  renameDatabase,
  takeStaged,
} from './copy-store.ts';
import type { BackupEntry, BackupFolder } from './folder.ts';
import type { Manifest, TablePart } from './manifest.ts';
import { Tally } from './tally.ts';

export type RestoreOptions = { signal?: AbortSignal; onProgress?(rows: number, what: string): void };

/** The newest backup at or before a time. Faults: notFound, naming the oldest that there is. */
export async function chooseBackup(
  folder: BackupFolder,
  until = Infinity,
): Promise<{ entry: BackupEntry; manifest: Manifest }> {
  const entries = await folder.list();
  const [oldest] = entries;
  if (oldest === undefined) throw new Fault('notFound', `There is no backup in ${folder.folder}.`);
  const entry = entries.findLast(({ at }) => at <= until);
  if (entry === undefined) {
    throw new Fault('notFound', `The oldest backup in ${folder.folder} is of ${new Date(oldest.at).toISOString()}.`);
  }
  return { entry, manifest: await folder.readManifest(entry.name) };
}

export type Checked = { tables: number; rows: number; milliseconds: number };

/**
 * Fills an empty database from a backup and compares what came out with what went in: rows of every table, digests of every row of every version and
 * of all tables that are not put together from changes, and that each current row has its version.
 * @param migrations all that this program knows
 * Faults: Damage; conflict, where the backup was made by a later version of Fyr.
 */
export async function fillDatabase(
  db: Db,
  folder: BackupFolder,
  manifest: Manifest,
  { migrations, clock, signal, onProgress }: RestoreOptions & { migrations: Migration[]; clock: Clock },
): Promise<Checked> {
  const startedMs = clock.now();
  const then = new Map(manifest.migrations.map(({ name, checksum }) => [name, checksum]));
  pendingMigrations(migrations, then);
  await migrate(
    db,
    migrations.filter(({ name }) => then.has(name)),
  );
  await emptyTables(db, Object.keys(manifest.tables));
  let rows = 0;
  const watched = (name: string, part: TablePart): RestoreOptions => ({
    ...(signal ? { signal } : {}),
    onProgress: (of) => onProgress?.(rows + Math.min(of, part.rows), name),
  });
  for (const [name, part] of Object.entries(manifest.tables)) {
    await fillTable(db, folder, name, part, watched(name, part));
    rows += part.rows;
  }
  await removePruned(db);
  await analyze(db);
  for (const [name, part] of Object.entries(manifest.tables)) await checkTable(db, name, part);
  const stray = await countStrayResources(db);
  if (stray > 0) throw new Damage(`${stray} resources of this backup are not those of their versions.`);
  return { tables: Object.keys(manifest.tables).length, rows, milliseconds: clock.now() - startedMs };
}

async function fillTable(
  db: Db,
  folder: BackupFolder,
  name: string,
  part: TablePart,
  { signal, onProgress }: RestoreOptions,
): Promise<void> {
  const table = { name, columns: part.columns };
  let done = 0;
  for (const [i, piece] of part.pieces.entries()) {
    signal?.throwIfAborted();
    if (piece.replaces) await removeBuckets(db, name, piece.replaces);
    const isChange = part.how === 'byBucket' && i > 0;
    const target = isChange ? await makeStaging(db, table) : name;
    if (name === 'access_entry') await makeMonths(db, folder, part, i);
    const into = await fillFrom(db, { ...table, name: target });
    const read = async function* (): AsyncGenerator<Buffer> {
      for await (const rows of folder.readPiece(piece)) {
        signal?.throwIfAborted();
        yield rows;
      }
    };
    await pipeline(read(), into);
    if (isChange) await takeStaged(db, table);
    done += piece.rows;
    onProgress?.(done, name);
  }
}

/** Entries of the access log lie by month. The months of a piece are those of its first and last entry. */
async function makeMonths(db: Db, folder: BackupFolder, part: TablePart, index: number): Promise<void> {
  const piece = part.pieces[index];
  const place = part.columns.indexOf('at');
  if (piece === undefined || piece.rows === 0) return;
  let [since, until] = [Infinity, -Infinity];
  let rest = '';
  for await (const rows of folder.readPiece(piece)) {
    const lines = (rest + rows.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const at = Date.parse(line.split('\t', place + 1)[place] ?? '');
      since = Math.min(since, at);
      until = Math.max(until, at);
    }
  }
  // A strange clock's entry makes no thousand partitions: what is far from the rest lies with the others.
  if (until - since < 30 * 366 * 86_400_000) await makePartitions(db, since, until);
}

async function checkTable(db: Db, name: string, part: TablePart): Promise<void> {
  const wrong = (what: string): Damage =>
    new Damage(`The table ${name} of this backup does not come out as it was: ${what}.`);
  await inSnapshot(db, async (snapshot) => {
    const rows = await countRows(snapshot, name);
    const isPruned = part.how === 'byNumber' && rows < part.rows;
    if (rows !== part.rows && !isPruned) throw wrong(`${rows} rows instead of ${part.rows}`);
    if (part.counts && (name === 'version' || name === 'resource')) {
      const counts = await countByBucket(snapshot, name);
      if (counts.some((count, bucket) => count !== part.counts?.[bucket])) throw wrong('other numbers in its buckets');
    }
    const expected = part.digests ?? (part.digest === undefined || isPruned ? undefined : [part.digest]);
    if (expected === undefined) return;
    const tally = new Tally(part.digests ? { buckets: part.digests.length } : {});
    for await (const piece of tally.through(copyWhole(snapshot, { name, columns: part.columns }))) void piece;
    if (tally.digests().some((digest, i) => digest !== expected[i])) throw wrong('other content');
  });
}

export type Target = {
  /** The URL of the database that is to be. */
  url: string;
  /** Where a database that is not empty is put aside instead of being a reason to refuse. */
  isAside: boolean;
};

export type Restored = Checked & {
  manifest: Manifest;
  /** What the earlier database is called now. */
  aside: string | undefined;
  /** Whether the node's history began anew, so that nodes below and above compare with it. */
  epoch: 'begun' | 'none';
};

/**
 * Restores the newest backup at or before a time. `beforeUse` does what has to be done before the database has its name: blobs.
 * Faults: conflict, where the target is not empty or still in use; Damage; notFound.
 */
export async function restoreInto(
  target: Target,
  folder: BackupFolder,
  manifest: Manifest,
  options: RestoreOptions & {
    migrations: Migration[];
    clock: Clock;
    ids: Pick<Ids, 'uuid'>;
    beforeUse(db: Db): Promise<void>;
  },
): Promise<Restored> {
  const { clock, ids, migrations } = options;
  const name = databaseOf(target.url);
  const besides = beside(target.url, 'postgres');
  await refuseUsed(target, name);
  const coming = `${name}_restoring`;
  // A restore that was killed left it half full.
  await dropDatabase(besides, coming);
  await createDatabase(besides, coming).catch((error: unknown) => {
    if (sqlState(error) !== '42501') throw error;
    throw new Fault(
      'forbidden',
      'A restore makes a database of its own first: this account may not (alter role … createdb).',
    );
  });
  const db = openDatabase(beside(target.url, coming), { connectionsMax: 2, applicationName: 'fyr restore' });
  let epoch: Restored['epoch'];
  let checked: Checked;
  try {
    checked = await fillDatabase(db, folder, manifest, options);
    await migrate(db, migrations);
    await options.beforeUse(db);
    epoch = await beginNewEpoch(db, ids.uuid(), livesBy(clock.now()));
    await noteRestored(db, clock.now(), manifest.id, manifest.at);
  } finally {
    await db.end({ timeout: 5 });
  }
  const aside = await takeItsPlace(besides, { name, coming, isAside: target.isAside, now: clock.now() });
  return { ...checked, manifest, aside, epoch };
}

/** One backup may be restored twice, on two days or two machines: what was restored later counts as a later life. Minutes since 2025. */
const livesBy = (now: number): number => Math.floor((now - Date.UTC(2025, 0, 1)) / 60_000);

/** Restores into a database that is thrown away, for the proof. */
export async function verifyBackup(
  url: string,
  folder: BackupFolder,
  manifest: Manifest,
  options: RestoreOptions & { migrations: Migration[]; clock: Clock; afterwards?(db: Db): Promise<void> },
): Promise<Checked> {
  const scratch = `${databaseOf(url)}_verify_${manifest.id}`;
  const besides = beside(url, 'postgres');
  await dropDatabase(besides, scratch);
  await createDatabase(besides, scratch);
  try {
    const db = openDatabase(beside(url, scratch), { connectionsMax: 2, applicationName: 'fyr backup verify' });
    try {
      const checked = await fillDatabase(db, folder, manifest, options);
      await migrate(db, options.migrations);
      await options.afterwards?.(db);
      return checked;
    } finally {
      await db.end({ timeout: 5 });
    }
  } finally {
    await dropDatabase(besides, scratch);
  }
}

async function refuseUsed({ url, isAside }: Target, name: string): Promise<void> {
  if (isAside) return;
  const server = openDatabase(beside(url, 'postgres'), { connectionsMax: 1 });
  let names: string[];
  try {
    names = await databaseNames(server);
  } finally {
    await server.end({ timeout: 5 });
  }
  if (!names.includes(name)) return;
  const db = openDatabase(url, { connectionsMax: 1 });
  let found: Awaited<ReturnType<typeof contentOf>>;
  try {
    found = await contentOf(db);
  } finally {
    await db.end({ timeout: 5 });
  }
  if (found === undefined) return;
  throw new Fault(
    'conflict',
    `The database ${name} is not empty: it has ${found}. Nothing was changed. With --aside it is kept under another name and the backup takes its place.`,
  );
}

type Place = { name: string; coming: string; isAside: boolean; now: number };

async function takeItsPlace(server: string, { name, coming, isAside, now }: Place): Promise<string | undefined> {
  const aside = `${name}_before_${new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)}`;
  const db = openDatabase(server, { connectionsMax: 1 });
  try {
    const isThere = (await databaseNames(db)).includes(name);
    if (isThere && isAside) await renameDatabase(db, name, aside);
    else if (isThere) await dropDatabase(server, name);
    await renameDatabase(db, coming, name);
    return isThere && isAside ? aside : undefined;
  } catch (error) {
    if (sqlState(error) !== '55006') throw error;
    throw new Fault('conflict', `The database ${name} is in use. Stop the node, and restore again.`, { cause: error });
  } finally {
    await db.end({ timeout: 5 });
  }
}

function databaseOf(url: string): string {
  return decodeURIComponent(/\/([^/?]+)(\?|$)/.exec(url.replace(/^[^:]+:\/\/[^/]*/, ''))?.[1] ?? 'postgres');
}

function beside(url: string, database: string): string {
  return url.replace(/^([^:]+:\/\/[^/]*\/)[^?]*/, `$1${database}`);
}
