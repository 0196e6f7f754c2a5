/**
 * The record's tables: read the current version, any version, history. Writing is in `write-store.ts`.
 * Rules for the statements: docs/scale-out.md.
 */
import type { Db } from '#kernel/db.ts';
import { bucketInId, naturalBucket } from './bucket.ts';

/** `move`: the resource went on in another bucket, since it now belongs to another patient. */
export type Interaction = 'create' | 'update' | 'delete' | 'move';

/** A version as it lies in the record; `content` is the JSON text that was acknowledged, null for a deletion. */
export type StoredVersion = {
  bucket: number;
  n: number;
  type: string;
  id: string;
  version: number;
  versionId: string;
  /** Milliseconds since 1970. */
  updated: number;
  interaction: Interaction;
  content: string | null;
};

/** The current version, with the patient in whose record it lies (of what is deleted: unknown). */
export type CurrentVersion = StoredVersion & { patient: string | null };

export type ResourceKey = { type: string; id: string };

/** The current version, or the deletion; undefined when there never was one. */
export async function findCurrent(db: Db, type: string, id: string): Promise<CurrentVersion | undefined> {
  if (bucketInId(id) !== undefined || type === 'Patient') {
    const found = await findInBucket(db, naturalBucket(type, id), type, id);
    if (found && found.interaction !== 'move') return found;
    const bucket = await findDirectory(db, type, id);
    return bucket === undefined ? undefined : findInBucket(db, bucket, type, id);
  }
  const bucket = (await findDirectory(db, type, id)) ?? naturalBucket(type, id);
  return findInBucket(db, bucket, type, id);
}

/** What a read sends: the acknowledged text as the bytes that it lies in. */
export type CurrentBytes = { versionId: string; updated: number; content: Buffer; patient: string | undefined };

/**
 * The current version where its id says that it lies, with as little work as can be: no column that a read doesn't need, and no text made of
 * bytes that are only sent on. undefined says nothing: it may lie elsewhere, be deleted or never have been (`findCurrent` knows).
 */
export async function findBytes(db: Db, type: string, id: string): Promise<CurrentBytes | undefined> {
  if (bucketInId(id) === undefined && type !== 'Patient') return undefined;
  const [row] = await db`
    select v.version_id, v.updated, v.content, r.patient from resource r join version v on v.bucket = r.bucket and v.n = r.n
    where r.bucket = ${naturalBucket(type, id)} and r.type = ${type} and r.id = ${id}`.raw();
  const [versionId, updated, content, patient] = (row ?? []) as (Buffer | null)[];
  if (!versionId || !updated || !content) return undefined;
  return {
    versionId: versionId.toString('latin1'),
    updated: Date.parse(updated.toString('latin1')),
    content,
    patient: patient?.toString(),
  };
}

async function findInBucket(db: Db, bucket: number, type: string, id: string): Promise<CurrentVersion | undefined> {
  const [row] = await db<CurrentVersion[]>`
    select v.bucket, v.n, v.type, v.id, v.version, v.version_id as "versionId", v.updated, v.interaction, v.content, r.patient
    from resource r join version v on v.bucket = r.bucket and v.n = r.n
    where r.bucket = ${bucket} and r.type = ${type} and r.id = ${id}`;
  return row;
}

async function findDirectory(db: Db, type: string, id: string): Promise<number | undefined> {
  const [row] = await db<{ bucket: number }[]>`select bucket from directory where id = ${id} and type = ${type}`;
  return row?.bucket;
}

/** Every bucket that has held versions of this resource. */
export async function bucketsOf(db: Db, type: string, id: string): Promise<number[]> {
  const [row] = await db<{ bucket: number; earlier: number[] }[]>`
    select bucket, earlier from directory where id = ${id} and type = ${type}`;
  return row ? [...new Set([row.bucket, ...row.earlier])] : [naturalBucket(type, id)];
}

/**
 * One version by its id, or by its place in the resource's line here, wherever the resource has lain. The number that an id begins with is what its writer
 * counted: at another node the version may have another place.
 */
export async function findVersion(
  db: Db,
  type: string,
  id: string,
  which: string | number,
): Promise<StoredVersion | undefined> {
  if (typeof which === 'number' && (!Number.isSafeInteger(which) || which < 1 || which > 2 ** 31 - 1)) return undefined;
  if (typeof which === 'string' && !/^[1-9][0-9A-Za-z.-]{0,63}$/.test(which)) return undefined;
  const buckets = await bucketsOf(db, type, id);
  const [row] = await db<StoredVersion[]>`
    select bucket, n, type, id, version, version_id as "versionId", updated, interaction, content
    from version
    where bucket = any(${buckets}) and type = ${type} and id = ${id} and interaction <> 'move'
      and ${typeof which === 'number' ? db`version = ${which}` : db`version_id = ${which}`}`;
  return row;
}

/** The current versions of many resources, deletions included; keys that never were are left out. */
export async function findMany(db: Db, keys: readonly ResourceKey[]): Promise<CurrentVersion[]> {
  if (keys.length === 0) return [];
  const found = await findAt(db, await locate(db, keys));
  if (found.length === keys.length) return found;
  const here = new Set(found.map((f) => `${f.type}/${f.id}`));
  const moved = await inDirectory(
    db,
    keys.filter((k) => !here.has(`${k.type}/${k.id}`)),
  );
  return moved.length === 0 ? found : [...found, ...(await findAt(db, moved))];
}

async function findAt(db: Db, keys: readonly (ResourceKey & { bucket: number })[]): Promise<CurrentVersion[]> {
  return db<CurrentVersion[]>`
    select v.bucket, v.n, v.type, v.id, v.version, v.version_id as "versionId", v.updated, v.interaction, v.content, r.patient
    from unnest(${keys.map((k) => k.bucket)}::int[], ${keys.map((k) => k.type)}::text[], ${keys.map((k) => k.id)}::text[])
      as k(bucket, type, id)
    join resource r on r.bucket = k.bucket and r.type = k.type and r.id = k.id
    join version v on v.bucket = r.bucket and v.n = r.n
    where v.interaction <> 'move'`;
}

/** The last place in the line of each of these resources in its bucket, also of what is gone from there, by `Type/id`. */
export async function findLast(
  db: Db,
  keys: readonly (ResourceKey & { bucket: number })[],
): Promise<Map<string, number>> {
  const found = await db<(ResourceKey & { version: number })[]>`
    select r.type, r.id, r.version
    from unnest(${keys.map((k) => k.bucket)}::int[], ${keys.map((k) => k.type)}::text[], ${keys.map((k) => k.id)}::text[])
      as k(bucket, type, id)
    join resource r on r.bucket = k.bucket and r.type = k.type and r.id = k.id`;
  return new Map(found.map(({ type, id, version }) => [`${type}/${id}`, version]));
}

/** The bucket of each key: by its id, else by `directory`, else by hash. Asks the database only for ids that others chose. */
export async function locate(db: Db, keys: readonly ResourceKey[]): Promise<(ResourceKey & { bucket: number })[]> {
  const uncertain = keys.filter((k) => bucketInId(k.id) === undefined && k.type !== 'Patient');
  const listed = uncertain.length === 0 ? [] : await inDirectory(db, uncertain);
  const known = new Map(listed.map((k) => [`${k.type}/${k.id}`, k.bucket]));
  return keys.map((k) => ({ ...k, bucket: known.get(`${k.type}/${k.id}`) ?? naturalBucket(k.type, k.id) }));
}

/** The keys that have a row in `directory`: ids chosen by others, and resources that were moved. */
export async function inDirectory(db: Db, keys: readonly ResourceKey[]): Promise<(ResourceKey & { bucket: number })[]> {
  return db<(ResourceKey & { bucket: number })[]>`
    select d.type, d.id, d.bucket from directory d
    join unnest(${keys.map((k) => k.type)}::text[], ${keys.map((k) => k.id)}::text[]) as k(type, id)
      on d.id = k.id and d.type = k.type`;
}

/** Those of the keys that exist and are not deleted, as `Type/id`. */
export async function findExisting(db: Db, keys: readonly (ResourceKey & { bucket: number })[]): Promise<Set<string>> {
  const rows = await db<ResourceKey[]>`
    select r.type, r.id from resource r
    join unnest(${keys.map((k) => k.bucket)}::int[], ${keys.map((k) => k.type)}::text[], ${keys.map((k) => k.id)}::text[])
      as k(bucket, type, id) on r.bucket = k.bucket and r.type = k.type and r.id = k.id
    where not r.deleted`;
  return new Set(rows.map((r) => `${r.type}/${r.id}`));
}

/** True when anything that is not deleted carries one of the tokens, besides the resources named. */
export async function isReferred(
  db: Db,
  tokens: string[],
  besides: readonly ResourceKey[],
): Promise<ResourceKey | undefined> {
  const [row] = await db<ResourceKey[]>`
    /* fan-out: a reference may come from any patient's record */
    select type, id from resource
    where not deleted and tokens && ${`{${tokens.join(',')}}`}::text::bigint[]
      and not (type || '/' || id = any(${besides.map((k) => `${k.type}/${k.id}`)}::text[]))
    limit 1`;
  return row;
}

export type HistoryScope = { type?: string; id?: string };
export type HistoryPosition = { updated: number; bucket: number; n: number };

/** Which versions: not older than `since`; that were current at some moment of `at`; behind a position on the pages. Milliseconds since 1970. */
export type HistoryWindow = {
  since?: number;
  at?: { low: number; high: number };
  before?: HistoryPosition;
  limit: number;
};

/** Versions, newest first, at most `limit`, strictly older than `before`; within `[since, at)` when given (milliseconds). */
export async function findHistory(db: Db, scope: HistoryScope, window: HistoryWindow): Promise<StoredVersion[]> {
  const { type, id } = scope;
  const which =
    type !== undefined && id !== undefined
      ? db`bucket = any(${await bucketsOf(db, type, id)}) and type = ${type} and id = ${id}`
      : type !== undefined
        ? db`type = ${type}`
        : db`true`;
  const { at, before } = window;
  return db<StoredVersion[]>`
    /* fan-out: history of a type or of everything; that of one resource names its buckets */
    select bucket, n, type, id, version, version_id as "versionId", updated, interaction, content
    from version where ${which} and interaction <> 'move'
      ${window.since === undefined ? db`` : db`and updated >= ${window.since}`}
      ${
        at === undefined
          ? db``
          : db`and updated < ${at.high} and not exists (
              select from version later where later.bucket = version.bucket and later.type = version.type
                and later.id = version.id and later.version > version.version and later.updated <= ${at.low})`
      }
      ${before === undefined ? db`` : db`and (updated, bucket, n) < (${before.updated}, ${before.bucket}, ${before.n})`}
    order by updated desc, bucket desc, n desc limit ${window.limit}`;
}

/** How many versions the scope has. */
export async function countHistory(db: Db, scope: HistoryScope): Promise<number> {
  const { type, id } = scope;
  if (type !== undefined && id !== undefined) {
    const [row] = await db<{ count: number }[]>`
      select count(*) as count from version
      where bucket = any(${await bucketsOf(db, type, id)}) and type = ${type} and id = ${id} and interaction <> 'move'`;
    return row?.count ?? 0;
  }
  const [row] = await db<{ count: number }[]>`
    /* fan-out: history of a type or of everything */
    select count(*) as count from version where interaction <> 'move' ${type === undefined ? db`` : db`and type = ${type}`}`;
  return row?.count ?? 0;
}
