/** What the node knows of its blobs, in the database. */
import type { Db } from '#kernel/db.ts';

export type KnownBlob = {
  file: string;
  patient: string | undefined;
  sha256: string;
  bytes: number;
  copies: string[];
  state: 'good' | 'damaged';
  /** When it came, milliseconds since 1970. */
  kept: number;
};

type Row = Omit<KnownBlob, 'patient'> & { patient: string | null };

const known = ({ patient, ...row }: Row): KnownBlob => ({ ...row, patient: patient ?? undefined });

export async function addBlob(
  db: Db,
  { file, patient, sha256, bytes }: Pick<KnownBlob, 'file' | 'patient' | 'sha256' | 'bytes'>,
  now: number,
): Promise<void> {
  await db`insert into blob (file, patient, sha256, bytes, kept)
    values (${file}, ${patient ?? null}, ${sha256}, ${bytes}, ${now})
    on conflict (file) do update set state = 'good'`;
}

export async function findBlob(db: Db, file: string): Promise<KnownBlob | undefined> {
  const [row] = await db<
    Row[]
  >`select file, patient, sha256, bytes, copies, state, kept from blob where file = ${file}`;
  return row && known(row);
}

export async function removeBlob(db: Db, file: string): Promise<void> {
  await db`delete from blob where file = ${file}`;
}

/** Notes that there is a copy in a place, or that there is none any more. */
export async function putCopy(db: Db, file: string, place: string, isThere: boolean): Promise<void> {
  await db`update blob set copies = case when ${isThere} then array_append(array_remove(copies, ${place}), ${place})
    else array_remove(copies, ${place}) end where file = ${file}`;
}

export async function putState(db: Db, file: string, state: KnownBlob['state'], checked: number): Promise<void> {
  await db`update blob set state = ${state}, checked = ${checked} where file = ${file}`;
}

export async function blobsAfter(db: Db, after: string, limit: number): Promise<KnownBlob[]> {
  const rows = await db<Row[]>`select file, patient, sha256, bytes, copies, state, kept from blob
    where file > ${after} order by file limit ${limit}`;
  return rows.map(known);
}

/** Those without a copy in a place, oldest first. */
export async function blobsWithout(db: Db, place: string, limit: number): Promise<KnownBlob[]> {
  const rows = await db<Row[]>`select file, patient, sha256, bytes, copies, state, kept from blob
    where not copies @> array[${place}] and state = 'good' order by kept limit ${limit}`;
  return rows.map(known);
}

export async function blobsDamaged(db: Db, limit: number): Promise<KnownBlob[]> {
  const rows = await db<Row[]>`select file, patient, sha256, bytes, copies, state, kept from blob
    where state = 'damaged' order by kept limit ${limit}`;
  return rows.map(known);
}

export async function knownAmong(db: Db, files: readonly string[]): Promise<Set<string>> {
  const rows = await db<{ file: string }[]>`select file from blob where file = any(${[...files]}::text[])`;
  return new Set(rows.map(({ file }) => file));
}

export type BlobCounts = { blobs: number; single: number; damaged: number };

export async function countBlobs(db: Db): Promise<BlobCounts> {
  const [row] = await db<BlobCounts[]>`select count(*) as blobs, count(*) filter (where copies = '{}') as single,
    count(*) filter (where state = 'damaged') as damaged from blob`;
  return { blobs: Number(row?.blobs), single: Number(row?.single), damaged: Number(row?.damaged) };
}

export type ScrubState = {
  after: string;
  began: number | undefined;
  finished: number | undefined;
  read: number;
  healed: number;
  quarantined: number;
  unknown: number;
};

export async function readScrub(db: Db): Promise<ScrubState> {
  const [row] = await db<
    (Omit<ScrubState, 'began' | 'finished'> & { began: number | null; finished: number | null })[]
  >`
    select after, began, finished, read, healed, quarantined, unknown from blob_scrub`;
  if (row === undefined) throw new Error('the migration makes the row');
  return { ...row, began: row.began ?? undefined, finished: row.finished ?? undefined };
}

/** True when nobody else of this node works on it; for so long it is ours. */
export async function leaseScrub(db: Db, now: number, until: number): Promise<boolean> {
  const rows = await db`update blob_scrub set leased_until = ${until}
    where leased_until is null or leased_until < ${now} returning one`;
  return rows.length > 0;
}

export async function releaseScrub(db: Db): Promise<void> {
  await db`update blob_scrub set leased_until = null`;
}

/** Begins a new reading-through. */
export async function beginScrub(db: Db, now: number): Promise<void> {
  await db`update blob_scrub set after = '', began = ${now}, finished = null, read = 0, healed = 0, quarantined = 0, unknown = 0`;
}

export type ScrubStep = Pick<ScrubState, 'read' | 'healed' | 'quarantined' | 'unknown'>;

/** How far it came, and what was found on the way. */
export async function putScrub(db: Db, after: string, step: ScrubStep, finished?: number): Promise<void> {
  await db`update blob_scrub set after = ${after}, read = read + ${step.read}, healed = healed + ${step.healed},
    quarantined = quarantined + ${step.quarantined}, unknown = unknown + ${step.unknown}, finished = ${finished ?? null}`;
}
