/**
 * Makes a backup while the node runs: everything from one snapshot of the database, then the blobs, then the manifest. What has not changed since the
 * backup before is not written again.
 *
 * Why not PostgreSQL's own base backup with its log: it needs pg_basebackup, which the embedded PostgreSQL does not come with, and superuser rights on the
 * operator's; it opens in the same major version only; and it holds every deleted row and session too. The record only grows, numbered by bucket, so that
 * what is new since a backup is a question to an index.
 */
import type { Clock } from '#kernel/clock.ts';
import type { Db, Transaction } from '#kernel/db.ts';
import type { Randomness } from '#kernel/ids.ts';
import type { BlobStore } from '#trust/encryption/index.ts';
import { copyBlobs } from './blob-files.ts';
import {
  copyAfter,
  copyNumbers,
  copyWhole,
  countByBucket,
  countRows,
  hasRows,
  inSnapshot,
  noteBackup,
  numbersOf,
  readFacts,
  readHeads,
  readIndexed,
  readTables,
  type Table,
} from './copy-store.ts';
import type { BackupFolder, Same } from './folder.ts';
import type { Manifest, Piece, TablePart } from './manifest.ts';
import { keepSmallFiles, type SmallFiles } from './small-files.ts';
import { Tally } from './tally.ts';

export type BackupDeps = {
  db: Db;
  folder: BackupFolder;
  clock: Clock;
  randomness: Randomness;
  node: string;
  /** The version of Fyr. */
  program: string;
  blobs: BlobStore;
  /** Of the blob store. */
  blobFolder: string;
  smallFiles: SmallFiles;
};

export type Made = {
  manifest: Manifest;
  name: string;
  rows: number;
  /** Bytes that were written for this backup: less than it holds, where an earlier one had it already. */
  bytesWritten: number;
  milliseconds: number;
};

export type BackupOptions = {
  /** Writes everything anew, whatever earlier backups have. */
  isFull?: boolean;
  signal?: AbortSignal;
  onProgress?(rows: number, what: string): void;
};

/** A chain of pieces that is longer than this is written anew as one: a restore reads each of them. */
const piecesMax = 100;
const bucketsTotal = 1024;

/** Faults: conflict, where another backup works in the folder; unavailable, where its disk is full or an earlier manifest can not be opened. */
export async function makeBackup(deps: BackupDeps, options: BackupOptions = {}): Promise<Made> {
  const { db, folder, clock, randomness, node, program } = deps;
  const startedMs = clock.now();
  const lock = await folder.lock('backup');
  try {
    const earlier = await folder.list();
    const manifests = earlier.length === 0 ? [] : [await folder.readManifest(earlier.at(-1)?.name ?? '')];
    const last = manifests.find((manifest) => manifest.node === node);
    await clearLeftovers(folder);
    const writer = new Writer(folder, options);
    const id = randomness.bytes(4).toString('hex');
    const read = await inSnapshot(db, (snapshot) =>
      readDatabase(snapshot, writer, options.isFull === true ? undefined : last),
    );
    const blobs = await copyBlobs(deps, folder, options);
    const files = await keepSmallFiles(deps.smallFiles, folder);
    const manifest: Manifest = {
      format: 1,
      id,
      node,
      program,
      ...(last === undefined ? {} : { previous: last.id }),
      ...read,
      blobs: blobs.held,
      files,
    };
    options.signal?.throwIfAborted();
    const name = await folder.putManifest(manifest);
    const rows = Object.values(manifest.tables).reduce((sum, table) => sum + table.rows, 0);
    const bytesWritten = writer.bytesWritten + blobs.bytesWritten;
    const { files: blobCount, damaged } = manifest.blobs;
    await noteBackup(db, {
      id,
      at: manifest.at,
      finished: clock.now(),
      folder: folder.folder,
      rows,
      bytesWritten,
      blobs: blobCount,
      blobsDamaged: damaged,
    });
    return { manifest, name, rows, bytesWritten, milliseconds: clock.now() - startedMs };
  } finally {
    lock.release();
  }
}

/** What a killed backup left: pieces that no manifest names. */
async function clearLeftovers(folder: BackupFolder): Promise<void> {
  await folder.removeUnneeded(await neededPieces(folder));
}

/** The pieces of every backup that there is. */
export async function neededPieces(folder: BackupFolder): Promise<Set<string>> {
  const needed = new Set<string>();
  for (const { name } of await folder.list()) {
    const { tables, blobs, files } = await folder.readManifest(name);
    const pieces = [
      ...Object.values(tables).flatMap((table) => table.pieces),
      blobs.list,
      ...files.map((file) => file.piece),
    ];
    for (const { file } of pieces) needed.add(file);
  }
  return needed;
}

type ReadDatabase = Pick<Manifest, 'at' | 'postgres' | 'migrations' | 'heads' | 'indexed' | 'tables'>;

async function readDatabase(snapshot: Transaction, writer: Writer, last: Manifest | undefined): Promise<ReadDatabase> {
  const facts = await readFacts(snapshot);
  const heads = await readHeads(snapshot);
  const indexed = await readIndexed(snapshot);
  const counts = {
    version: await countByBucket(snapshot, 'version'),
    resource: await countByBucket(snapshot, 'resource'),
  };
  const lost = lostBuckets(heads, counts, last);
  const tables: Manifest['tables'] = {};
  for (const table of await readTables(snapshot)) {
    const before = last?.tables[table.name];
    const earlier = before && isSameShape(before, table) ? before : undefined;
    tables[table.name] = await partOf(snapshot, writer, table, { heads, indexed, counts, lost, last, earlier });
  }
  return { ...facts, heads, indexed, tables };
}

/** Buckets from which rows were taken away since: a patient who was purged. Each number that a head rose by is a version. */
function lostBuckets(heads: readonly number[], counts: Since['counts'], last: Manifest | undefined): Set<number> {
  const [versions, resources] = [last?.tables['version']?.counts, last?.tables['resource']?.counts];
  const lost = new Set<number>();
  if (last === undefined || versions === undefined || resources === undefined) return lost;
  for (let bucket = 0; bucket < bucketsTotal; bucket++) {
    const risen = (heads[bucket] ?? 0) - (last.heads[bucket] ?? 0);
    const grown = (counts.version[bucket] ?? 0) - (versions[bucket] ?? 0);
    if (grown !== risen || (counts.resource[bucket] ?? 0) < (resources[bucket] ?? 0)) lost.add(bucket);
  }
  return lost;
}

type Since = {
  heads: readonly number[];
  /** Rows in each bucket. */
  counts: { version: readonly number[]; resource: readonly number[] };
  lost: ReadonlySet<number>;
  indexed: string;
  last: Manifest | undefined;
  earlier: TablePart | undefined;
};

function partOf(snapshot: Transaction, writer: Writer, table: Table, since: Since): Promise<TablePart> {
  if (table.name === 'version' || table.name === 'resource') {
    return changedBuckets(snapshot, writer, { ...table, name: table.name, columns: bucketFirst(table.columns) }, since);
  }
  if (table.name === 'access_entry' || table.name === 'access_seal') {
    return newNumbers(snapshot, writer, table, since.earlier);
  }
  return wholeTable(snapshot, writer, table, since.earlier);
}

const bucketFirst = (columns: readonly string[]): string[] => [
  'bucket',
  ...columns.filter((column) => column !== 'bucket'),
];

function isSameShape(before: TablePart, { columns }: Table): boolean {
  return before.columns.length === columns.length && columns.every((column) => before.columns.includes(column));
}

async function wholeTable(
  snapshot: Transaction,
  writer: Writer,
  table: Table,
  earlier: TablePart | undefined,
): Promise<TablePart> {
  // Most tables of a small node are empty: no file for nothing.
  if (!(await hasRows(snapshot, table.name))) {
    return { how: 'whole', columns: table.columns, pieces: [], rows: 0, digest: '0' };
  }
  const tally = new Tally();
  const same = earlier?.digest === undefined ? undefined : { piece: earlier.pieces[0], digest: earlier.digest };
  const piece = await writer.put(copyWhole(snapshot, table), tally, table.name, same);
  return {
    how: 'whole',
    columns: table.columns,
    pieces: [piece],
    rows: tally.rows,
    digest: tally.digests()[0] ?? '0',
  };
}

/** Entries are only added, and taken away from the front. Where that happened, the rest is written anew. */
async function newNumbers(
  snapshot: Transaction,
  writer: Writer,
  table: Table,
  earlier: TablePart | undefined,
): Promise<TablePart> {
  const { first, last } = await numbersOf(snapshot, table.name);
  const isSameStart = earlier !== undefined && earlier.first === first && (earlier.last ?? 0) <= last;
  const before = isSameStart && earlier.pieces.length < piecesMax ? earlier : undefined;
  const tally = new Tally(before?.digest === undefined ? {} : { from: [before.digest] });
  const pieces = [...(before?.pieces ?? [])];
  if (before === undefined || last > (before.last ?? 0)) {
    pieces.push(await writer.put(copyNumbers(snapshot, table, before?.last ?? 0), tally, table.name));
  }
  const rows = (before?.rows ?? 0) + tally.rows;
  const isWhole = before === undefined || rows === (await countRows(snapshot, table.name));
  // Something in the middle is gone, which only tampering does: the backup says what is there.
  if (!isWhole) return newNumbers(snapshot, writer, table, undefined);
  return { how: 'byNumber', columns: table.columns, pieces, rows, digest: tally.digests()[0] ?? '0', first, last };
}

/**
 * Rows of the buckets whose heads rose. A bucket that lost rows (a patient who was purged) is written whole, in place of what earlier pieces have of it;
 * `resource` whole where its search values were made anew.
 */
async function changedBuckets(
  snapshot: Transaction,
  writer: Writer,
  table: Table & { name: 'version' | 'resource' },
  { heads, indexed, counts: countsOf, lost, last, earlier }: Since,
): Promise<TablePart> {
  const counts = [...countsOf[table.name]];
  const isOtherIndex = table.name === 'resource' && indexed !== last?.indexed;
  const before =
    earlier === undefined || last === undefined || isOtherIndex || earlier.pieces.length >= piecesMax
      ? undefined
      : { ...earlier, heads: last.heads };
  const tally = new Tally({ buckets: bucketsTotal, ...(before?.digests ? { from: before.digests } : {}) });
  const pieces = [...(before?.pieces ?? [])];
  if (before === undefined) {
    pieces.push(await writer.put(copyWhole(snapshot, table), tally, table.name));
  } else {
    const risen = new Map<number, number>();
    for (const [bucket, head] of heads.entries()) {
      const headBefore = before.heads[bucket] ?? 0;
      if (lost.has(bucket)) tally.startOver(bucket);
      if (lost.has(bucket) || head > headBefore) risen.set(bucket, lost.has(bucket) ? 0 : headBefore);
    }
    if (risen.size > 0) {
      const piece = await writer.put(copyAfter(snapshot, table, risen), tally, table.name);
      pieces.push(lost.size === 0 ? piece : { ...piece, replaces: [...lost] });
    }
  }
  const rows = counts.reduce((sum, count) => sum + count, 0);
  return {
    how: 'byBucket',
    columns: table.columns,
    pieces,
    rows,
    counts,
    ...(table.name === 'version' ? { digests: tally.digests() } : {}),
  };
}

/** Puts pieces, and knows how much that was. */
class Writer {
  bytesWritten = 0;
  #rows = 0;
  readonly #folder: BackupFolder;
  readonly #options: BackupOptions;

  constructor(folder: BackupFolder, options: BackupOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  async put(rows: AsyncIterable<Uint8Array>, tally: Tally, what: string, same?: Same): Promise<Piece> {
    const piece = await this.#folder.putPiece(this.#watched(rows, tally, what), tally, same);
    if (piece !== same?.piece) this.bytesWritten += piece.bytes;
    this.#rows += tally.rows;
    return piece;
  }

  async *#watched(rows: AsyncIterable<Uint8Array>, tally: Tally, what: string): AsyncGenerator<Uint8Array> {
    for await (const piece of rows) {
      this.#options.signal?.throwIfAborted();
      yield piece;
      this.#options.onProgress?.(this.#rows + tally.rows, what);
    }
  }
}
