/** What of the record is damaged, and how far it has been read through. */
import type { Db } from '#kernel/db.ts';
import { isDamage } from '#kernel/db.ts';
import { lockBuckets, versionOf, type VersionRow } from '../node/graph-store.ts';
import type { Version } from '../protocol/version.ts';

/** A version by its place in the graph: it says what the content must be. */
export type Named = { bucket: number; resource: string; version: string; seal: string };
export type Damaged = Named & { isUnreadable: boolean };

/** `isThere` false: its row is gone. */
export type Looked = { bucket: number; version: Version; isThere: boolean };
export type Place = { bucket: number; resource: string; version: string };

type LookedRow = VersionRow & { bucket: number; n: number | null; isThere: boolean };

/** The next bucket in which there is anything; undefined: none. */
export async function nextBucket(db: Db, after: number): Promise<number | undefined> {
  const [row] = await db<{ bucket: number }[]>`
    /* fan-out: all that is here is read through */
    select bucket from sync_head where n > 0 and bucket > ${after} order by bucket limit 1`;
  return row?.bucket;
}

/** The next versions of the bucket that have content here, after this place. Damage comes as it comes: as an error of the database. */
export async function readAfter(db: Db, after: Place, limit: number): Promise<Looked[]> {
  const rows = await db<LookedRow[]>`
    select s.bucket, s.resource, s.version_id as id, s.patient, s.parents, s.parent_seals as "parentSeals", s.seal, s.at, s.holds, s.n,
      case s.holds when 'record' then v.content else s.content end as content, s.holds = 'here' or v.n is not null as "isThere"
    from (
      select * from sync_version where holds in ('record', 'here')
        and bucket = ${after.bucket} and (resource, version_id) > (${after.resource}, ${after.version})
      order by resource, version_id limit ${limit}) as s
    left join version v on v.bucket = s.bucket and v.n = s.n
    order by s.resource, s.version_id`;
  return rows.map(lookedOf);
}

/** The same one by one, of those whose content lies on a page that PostgreSQL refuses: undefined in place of the content. */
export async function readAfterSingly(db: Db, after: Place, limit: number): Promise<Looked[]> {
  const rows = await db<LookedRow[]>`
    select bucket, resource, version_id as id, patient, parents, parent_seals as "parentSeals", seal, at, holds, n, content, true as "isThere"
    from sync_version where holds in ('record', 'here')
      and bucket = ${after.bucket} and (resource, version_id) > (${after.resource}, ${after.version})
    order by resource, version_id limit ${limit}`;
  const looked: Looked[] = [];
  for (const row of rows) {
    const found = row.n === null ? row : await readContent(db, row.bucket, row.n);
    looked.push(lookedOf({ ...row, content: found?.content ?? null, isThere: found !== undefined }));
  }
  return looked;
}

async function readContent(db: Db, bucket: number, n: number): Promise<{ content: string | null } | undefined> {
  try {
    const [row] = await db<
      { content: string | null }[]
    >`select content from version where bucket = ${bucket} and n = ${n}`;
    return row;
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

function lookedOf({ bucket, n: _n, isThere, ...row }: LookedRow): Looked {
  return { bucket, version: versionOf(row), isThere };
}

export async function noteDamage(db: Db, found: readonly Damaged[], at: number): Promise<void> {
  if (found.length === 0) return;
  await db`
    insert into record_damage (bucket, resource, version_id, seal, is_unreadable, found)
    select bucket, resource, version, seal, unreadable, ${at}::timestamptz
    from unnest(${found.map((d) => d.bucket)}::int[], ${found.map((d) => d.resource)}::text[], ${found.map((d) => d.version)}::text[],
      ${found.map((d) => d.seal)}::text[], ${found.map((d) => String(d.isUnreadable))}::text[]::boolean[])
      as k(bucket, resource, version, seal, unreadable)
    on conflict (bucket, resource, version_id) do update set is_unreadable = excluded.is_unreadable`;
}

export async function readDamaged(db: Db, limit: number): Promise<Damaged[]> {
  return db<Damaged[]>`
    /* fan-out: the node's own list */
    select bucket, resource, version_id as version, seal, is_unreadable as "isUnreadable" from record_damage
    order by found, bucket, resource, version_id limit ${limit}`;
}

export async function countDamaged(db: Db): Promise<number> {
  const [row] = await db<
    { count: number }[]
  >`/* fan-out: the node's own list */ select count(*) as count from record_damage`;
  return row?.count ?? 0;
}

/** What of these the node has; content as it lies here, damaged or not. */
export async function readNamed(db: Db, named: readonly Named[]): Promise<Looked[]> {
  const rows = await db<LookedRow[]>`
    select s.bucket, s.resource, s.version_id as id, s.patient, s.parents, s.parent_seals as "parentSeals", s.seal, s.at, s.holds, s.n,
      case s.holds when 'record' then v.content else s.content end as content, true as "isThere"
    from unnest(${named.map((k) => k.bucket)}::int[], ${named.map((k) => k.resource)}::text[], ${named.map((k) => k.version)}::text[],
      ${named.map((k) => k.seal)}::text[]) as k(bucket, resource, version, seal)
    join sync_version s on s.bucket = k.bucket and s.resource = k.resource and s.version_id = k.version and s.seal = k.seal
    left join version v on v.bucket = s.bucket and v.n = s.n
    where s.holds <> 'nothing'`;
  return rows.map(lookedOf);
}

/** What the graph says of a version, without its content. Undefined: it is gone from here. */
export async function readPlace(db: Db, named: Named): Promise<Version | undefined> {
  const [row] = await db<VersionRow[]>`
    select resource, version_id as id, patient, parents, parent_seals as "parentSeals", seal, at, 'nothing' as holds, null as content
    from sync_version where bucket = ${named.bucket} and resource = ${named.resource} and version_id = ${named.version} and seal = ${named.seal}`;
  return row && versionOf(row);
}

/** The page stays as it is: the graph keeps the content from now on. Gives the resource's last place here when it was the current version. */
export async function detach(db: Db, named: Named, content: string | null): Promise<number | undefined> {
  const { bucket, resource, version } = named;
  await lockBuckets(db, [bucket]);
  const holds = content === null ? 'deletion' : 'here';
  const [before] = await db<{ n: number | null }[]>`
    select n from sync_version where bucket = ${bucket} and resource = ${resource} and version_id = ${version} for update`;
  await db`update sync_version set holds = ${holds}, n = null, content = ${content}
    where bucket = ${bucket} and resource = ${resource} and version_id = ${version}`;
  const [type = '', id = ''] = resource.split('/');
  const [current] = await db<{ version: number }[]>`
    select version from resource where bucket = ${bucket} and type = ${type} and id = ${id} and n = ${before?.n ?? -1}`;
  return current?.version;
}

/** Under the lock of the line, so that no decision stands on what is being changed. */
export async function lockGraph(db: Db): Promise<void> {
  await db`select 1 from sync_line for update`;
}

export async function forgetDamage(db: Db, named: Named): Promise<void> {
  const { bucket, resource, version } = named;
  await db`delete from record_damage where bucket = ${bucket} and resource = ${resource} and version_id = ${version}`;
}

export async function countHealed(db: Db, count: number): Promise<void> {
  await db`update record_scrub set healed = healed + ${count}`;
}

/** Milliseconds since 1970. `after`: the last that was looked at. */
export type RecordScrubState = {
  began: number | undefined;
  finished: number | undefined;
  after: Place;
  looked: number;
  healed: number;
  failures: number;
};

type ScrubRow = Omit<RecordScrubState, 'began' | 'finished' | 'after'> & {
  began: number | null;
  finished: number | null;
  bucket: number;
  resource: string;
  version: string;
};

export async function readRecordScrub(db: Db): Promise<RecordScrubState> {
  const [row] = await db<ScrubRow[]>`
    select began, finished, after_bucket as bucket, after_resource as resource, after_version as version, looked, healed, failures
    from record_scrub`;
  const { began, finished, bucket, resource, version, ...counts } = row as ScrubRow;
  return {
    ...counts,
    began: began ?? undefined,
    finished: finished ?? undefined,
    after: { bucket, resource, version },
  };
}

/** False: another process reads. */
export async function leaseRecordScrub(db: Db, now: number, until: number): Promise<boolean> {
  const rows = await db`
    update record_scrub set lease = ${until}::timestamptz where lease < ${now}::timestamptz returning 1`;
  return rows.length > 0;
}

export async function releaseRecordScrub(db: Db): Promise<void> {
  await db`update record_scrub set lease = '-infinity'`;
}

export async function beginRecordScrub(db: Db, now: number, failures: number): Promise<void> {
  await db`
    update record_scrub set began = ${now}::timestamptz, finished = null, after_bucket = -1, after_resource = '', after_version = '',
      looked = 0, failures = ${failures}`;
}

export async function putRecordScrub(db: Db, after: Place, looked: number): Promise<void> {
  await db`
    update record_scrub set after_bucket = ${after.bucket}, after_resource = ${after.resource}, after_version = ${after.version},
      looked = looked + ${looked}`;
}

/** `failures`: with those that reading it through brought about itself. */
export async function endRecordScrub(db: Db, now: number, failures: number): Promise<void> {
  await db`update record_scrub set finished = ${now}::timestamptz, failures = ${failures}`;
}

/** Pages that PostgreSQL has refused since its numbers were reset, whoever read them. */
export async function readChecksumFailures(db: Db): Promise<number> {
  const [row] = await db<{ failures: number | null }[]>`
    select checksum_failures as failures from pg_stat_database where datname = current_database()`;
  return row?.failures ?? 0;
}
