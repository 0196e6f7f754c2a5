/** The graph of versions as it lies in the database. */
import type { Db } from '#kernel/db.ts';
import type { ResourceState, Version } from '../protocol/version.ts';

export type VersionRow = {
  resource: string;
  id: string;
  patient: string | null;
  parents: string[];
  parentSeals: string[];
  seal: string;
  at: number;
  holds: 'record' | 'here' | 'deletion' | 'nothing';
  content: string | null;
};

/** What is known of these resources, each in its bucket. Those never heard of are left out. */
export async function readStates(
  db: Db,
  keys: readonly { bucket: number; resource: string }[],
): Promise<Map<string, ResourceState>> {
  const buckets = keys.map(({ bucket }) => bucket);
  const resources = keys.map(({ resource }) => resource);
  const rows = await db<VersionRow[]>`
    select s.resource, s.version_id as id, s.patient, s.parents, s.parent_seals as "parentSeals", s.seal, s.at, s.holds,
      case s.holds when 'record' then v.content else s.content end as content
    from unnest(${buckets}::int[], ${resources}::text[]) as k(bucket, resource)
    join sync_version s on s.bucket = k.bucket and s.resource = k.resource
    left join version v on v.bucket = s.bucket and v.n = s.n`;
  const tips = await db<{ resource: string; tip: string }[]>`
    select t.resource, t.tip from unnest(${buckets}::int[], ${resources}::text[]) as k(bucket, resource)
    join sync_tip t on t.bucket = k.bucket and t.resource = k.resource`;
  const versions = new Map<string, Map<string, Version>>();
  for (const row of rows) {
    const known = versions.get(row.resource) ?? new Map<string, Version>();
    versions.set(row.resource, known.set(row.id, versionOf(row)));
  }
  return new Map(tips.map(({ resource, tip }) => [resource, { tip, versions: versions.get(resource) ?? new Map() }]));
}

/** As the sync rules know it. */
export function versionOf({ resource, patient, holds, content, ...rest }: VersionRow): Version {
  const type = resource.slice(0, resource.indexOf('/'));
  const told = holds === 'nothing' ? undefined : content;
  return { ...rest, resource, type, patient: patient ?? undefined, content: told };
}

/** The resources that say who holds each of these patients. */
export async function readReasons(
  db: Db,
  patients: readonly { bucket: number; patient: string }[],
): Promise<Map<string, string[]>> {
  const rows = await db<{ patient: string; resources: string[] }[]>`
    select r.patient, array_agg(r.resource order by r.resource) as resources
    from unnest(${patients.map((p) => p.bucket)}::int[], ${patients.map((p) => p.patient)}::text[]) as k(bucket, patient)
    join sync_reason r on r.bucket = k.bucket and r.patient = k.patient group by r.patient`;
  return new Map(rows.map(({ patient, resources }) => [patient, resources]));
}

/** A version as it is put: `n` where the record has its content. */
export type PutVersion = { bucket: number; version: Version; n: number | undefined; came: 'here' | 'above' | 'below' };

export async function insertVersions(db: Db, rows: readonly PutVersion[], arrived: number): Promise<void> {
  if (rows.length === 0) return;
  const placed = rows.map(({ bucket, version, n, came }) => {
    const { content } = version;
    const beside = content === undefined ? 'nothing' : content === null ? 'deletion' : 'here';
    const holds = n !== undefined ? 'record' : beside;
    return { ...version, bucket, n: n ?? null, came, holds, kept: holds === 'here' ? (content as string) : null };
  });
  // Arrays of arrays are not arrays of rows to PostgreSQL: parents go as JSON.
  await db`
    insert into sync_version (bucket, resource, version_id, patient, parents, parent_seals, seal, at, holds, n, content, came, arrived)
    select bucket, resource, id, patient, array(select jsonb_array_elements_text(parents)), array(select jsonb_array_elements_text(seals)),
      seal, at, holds, n, content, came, ${arrived}::timestamptz
    from unnest(${placed.map((p) => p.bucket)}::int[], ${placed.map((p) => p.resource)}::text[], ${placed.map((p) => p.id)}::text[],
      ${placed.map((p) => p.patient ?? null)}::text[], ${placed.map((p) => JSON.stringify(p.parents))}::text[]::jsonb[],
      ${placed.map((p) => JSON.stringify(p.parentSeals))}::text[]::jsonb[], ${placed.map((p) => p.seal)}::text[],
      ${placed.map((p) => p.at)}::float8[], ${placed.map((p) => p.holds)}::text[], ${placed.map((p) => p.n)}::bigint[],
      ${placed.map((p) => p.kept)}::text[], ${placed.map((p) => p.came)}::text[])
      as k(bucket, resource, id, patient, parents, seals, seal, at, holds, n, content, came)`;
}

/** The record has the content of a version that was known before without it, or kept beside. */
export async function moveToRecord(
  db: Db,
  rows: readonly { bucket: number; version: Version; n: number }[],
): Promise<void> {
  for (const { bucket, version, n } of rows) {
    await db`update sync_version set holds = 'record', n = ${n}, content = null
      where bucket = ${bucket} and resource = ${version.resource} and version_id = ${version.id}`;
  }
}

/** Content that came later, for a version of which only the place was known, or that was damaged, in the record or beside it. */
export async function bringContent(db: Db, bucket: number, { resource, id, content }: Version): Promise<void> {
  await db`
    update version v set content = ${content ?? null} from sync_version s
    where s.bucket = ${bucket} and s.resource = ${resource} and s.version_id = ${id} and s.holds = 'record'
      and v.bucket = s.bucket and v.n = s.n`;
  const holds = content === null ? 'deletion' : 'here';
  await db`update sync_version set holds = ${holds}, content = ${content ?? null}
    where bucket = ${bucket} and resource = ${resource} and version_id = ${id} and holds <> 'record'`;
}

/** Which version is current, in each bucket where versions of the resource lie. */
export async function putTips(
  db: Db,
  tips: readonly { bucket: number; resource: string; tip: string }[],
): Promise<void> {
  await db`
    insert into sync_tip (bucket, resource, tip)
    select * from unnest(${tips.map((t) => t.bucket)}::int[], ${tips.map((t) => t.resource)}::text[], ${tips.map((t) => t.tip)}::text[])
    on conflict (bucket, resource) do update set tip = excluded.tip`;
}

export async function putReasons(
  db: Db,
  rows: readonly { bucket: number; patient: string; resource: string }[],
): Promise<void> {
  await db`
    insert into sync_reason (bucket, patient, resource)
    select * from unnest(${rows.map((r) => r.bucket)}::int[], ${rows.map((r) => r.patient)}::text[], ${rows.map((r) => r.resource)}::text[])
    on conflict do nothing`;
}

export type FeedRow = {
  bucket: number;
  resource: string;
  versionId: string;
  tip: string;
  gains: string[];
  losses: string[];
};

/** `decidesAccess`: it goes ahead of the rest. */
export type NewFeedRow = FeedRow & { decidesAccess: boolean };

/** Appends to the node's feed: the numbers are given here, in the order of the rows within each bucket. */
export async function appendFeed(db: Db, rows: readonly NewFeedRow[]): Promise<void> {
  const counts = new Map<number, number>();
  const places = rows.map(({ bucket }) => {
    const place = (counts.get(bucket) ?? 0) + 1;
    counts.set(bucket, place);
    return place;
  });
  const raised = await db<{ bucket: number; base: number }[]>`
    update sync_head h set n = h.n + c.count from unnest(${[...counts.keys()]}::int[], ${[...counts.values()]}::int[]) as c(bucket, count)
    where h.bucket = c.bucket returning h.bucket, h.n - c.count as base`;
  const bases = new Map(raised.map(({ bucket, base }) => [bucket, base]));
  const numbers = rows.map(({ bucket }, i) => (bases.get(bucket) as number) + (places[i] as number));
  await db`
    insert into sync_feed (bucket, n, resource, version_id, tip, gains, losses, decides_access)
    select bucket, n, resource, version_id, tip, array(select jsonb_array_elements_text(gains)), array(select jsonb_array_elements_text(losses)),
      decides_access
    from unnest(${rows.map((r) => r.bucket)}::int[], ${numbers}::bigint[], ${rows.map((r) => r.resource)}::text[],
      ${rows.map((r) => r.versionId)}::text[], ${rows.map((r) => r.tip)}::text[],
      ${rows.map((r) => JSON.stringify(r.gains))}::text[]::jsonb[], ${rows.map((r) => JSON.stringify(r.losses))}::text[]::jsonb[],
      ${rows.map((r) => String(r.decidesAccess))}::text[]::boolean[])
      as k(bucket, n, resource, version_id, tip, gains, losses, decides_access)`;
}

export async function readSyncHeads(db: Db): Promise<Map<number, number>> {
  const rows = await db<{ bucket: number; n: number }[]>`select bucket, n from sync_head where n > 0`;
  return new Map(rows.map(({ bucket, n }) => [bucket, n]));
}

export type FeedSpan = { bucket: number; from: number; to: number };

/** `bytes`: of its content, as it travels. */
export type ReadFeedRow = FeedRow & { n: number; bytes: number };

/** The feed's rows of these spans, in order within each bucket. */
export async function readFeedRows(db: Db, spans: readonly FeedSpan[]): Promise<ReadFeedRow[]> {
  return db<ReadFeedRow[]>`
    select f.bucket, f.n, f.resource, f.version_id as "versionId", f.tip, f.gains, f.losses,
      coalesce(octet_length(v.content), octet_length(s.content), 0) as bytes
    from unnest(${spans.map((s) => s.bucket)}::int[], ${spans.map((s) => s.from)}::bigint[], ${spans.map((s) => s.to)}::bigint[])
      as k(bucket, after, upto)
    join sync_feed f on f.bucket = k.bucket and f.n > k.after and f.n <= k.upto
    left join sync_version s on s.bucket = f.bucket and s.resource = f.resource and s.version_id = f.version_id
    left join version v on v.bucket = s.bucket and v.n = s.n
    order by f.bucket, f.n`;
}

/** Of these spans only what decides who may read, in order within each bucket. */
export async function readRightsRows(db: Db, spans: readonly FeedSpan[], limit: number): Promise<ReadFeedRow[]> {
  return db<ReadFeedRow[]>`
    select f.bucket, f.n, f.resource, f.version_id as "versionId", f.tip, f.gains, f.losses,
      coalesce(octet_length(v.content), octet_length(s.content), 0) as bytes
    from unnest(${spans.map((s) => s.bucket)}::int[], ${spans.map((s) => s.from)}::bigint[], ${spans.map((s) => s.to)}::bigint[])
      as k(bucket, after, upto)
    join sync_feed f on f.bucket = k.bucket and f.n > k.after and f.n <= k.upto and f.decides_access
    left join sync_version s on s.bucket = f.bucket and s.resource = f.resource and s.version_id = f.version_id
    left join version v on v.bucket = s.bucket and v.n = s.n
    order by f.bucket, f.n limit ${limit}`;
}

/** The resources of a patient, those too that lay in the record once, or of a bucket. */
export async function readKeys(db: Db, bucket: number, patient: string | undefined): Promise<string[]> {
  const rows =
    patient === undefined
      ? await db<{ resource: string }[]>`select resource from sync_tip where bucket = ${bucket}`
      : await db<{ resource: string }[]>`
          select distinct resource from sync_version where bucket = ${bucket} and patient = ${patient}`;
  return rows.map(({ resource }) => resource);
}

/** A version of the record that is not in the graph yet. `together`: as `write-store.ts` of the record tells those that became true with it. */
export type UnsealedRow = {
  bucket: number;
  n: number;
  type: string;
  id: string;
  versionId: string;
  interaction: string;
  updated: number;
  patient: string | null;
  content: string | null;
  together: string | null;
};

/** The record's own versions that are not in the graph yet, in order within each bucket, at most `limit`. */
export async function readUnsealed(db: Db, limit: number): Promise<UnsealedRow[]> {
  return db<UnsealedRow[]>`
    /* fan-out: the feed reads all heads */
    select v.bucket, v.n, v.type, v.id, v.version_id as "versionId", v.interaction, v.updated, r.patient, v.content, v.together
    from sync_head s join head h on h.bucket = s.bucket and h.n > s.sealed
    join version v on v.bucket = s.bucket and v.n > s.sealed
    left join resource r on r.bucket = v.bucket and r.type = v.type and r.id = v.id
    order by v.bucket, v.n limit ${limit}`;
}

/** Until the end of the transaction nobody else writes to the record in these buckets. */
export async function lockBuckets(db: Db, buckets: readonly number[]): Promise<void> {
  await db`select 1 from head where bucket = any(${[...buckets]}::int[]) order by bucket for update`;
}

/** Whether the graph has all of these versions of the record. */
export async function knowsAll(
  db: Db,
  rows: readonly { bucket: number; type: string; id: string; versionId: string }[],
): Promise<boolean> {
  const [unknown] = await db`
    select 1 from unnest(${rows.map((r) => r.bucket)}::int[], ${rows.map((r) => `${r.type}/${r.id}`)}::text[],
      ${rows.map((r) => r.versionId)}::text[]) as k(bucket, resource, version_id)
    where not exists (
      select 1 from sync_version s where s.bucket = k.bucket and s.resource = k.resource and s.version_id = k.version_id)
    limit 1`;
  return unknown === undefined;
}

/** Whether the record has versions that are not in the graph yet. */
export async function hasUnsealed(db: Db): Promise<boolean> {
  const [row] = await db`
    /* fan-out: the feed reads all heads */
    select 1 from sync_head s join head h on h.bucket = s.bucket and h.n > s.sealed limit 1`;
  return row !== undefined;
}

export async function moveSealed(db: Db, sealed: ReadonlyMap<number, number>): Promise<void> {
  await db`
    update sync_head h set sealed = greatest(h.sealed, s.n)
    from unnest(${[...sealed.keys()]}::int[], ${[...sealed.values()]}::bigint[]) as s(bucket, n) where h.bucket = s.bucket`;
}

/** Where the record put versions: the number of each by its place in the resource's own line. */
export async function readNumbers(
  db: Db,
  rows: readonly { bucket: number; type: string; id: string; version: number }[],
): Promise<Map<string, number>> {
  const found = await db<{ type: string; id: string; version: number; n: number }[]>`
    select v.type, v.id, v.version, v.n
    from unnest(${rows.map((r) => r.bucket)}::int[], ${rows.map((r) => r.type)}::text[], ${rows.map((r) => r.id)}::text[],
      ${rows.map((r) => r.version)}::int[]) as k(bucket, type, id, version)
    join version v on v.bucket = k.bucket and v.type = k.type and v.id = k.id and v.version = k.version`;
  return new Map(found.map(({ type, id, version, n }) => [`${type}/${id} ${version}`, n]));
}

/** The last number under which the feed tells of each resource, in each of its buckets. */
export async function readLastTold(
  db: Db,
  places: readonly { bucket: number; resource: string }[],
): Promise<{ bucket: number; resource: string; n: number }[]> {
  return db<{ bucket: number; resource: string; n: number }[]>`
    select f.bucket, f.resource, max(f.n) as n
    from unnest(${places.map((p) => p.bucket)}::int[], ${places.map((p) => p.resource)}::text[]) as k(bucket, resource)
    join sync_feed f on f.bucket = k.bucket and f.resource = k.resource group by f.bucket, f.resource`;
}
