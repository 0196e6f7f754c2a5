/** What a node's database holds, as the checks read it: beside the node, all of it, whatever the node says of itself. */
import type { Db } from '#kernel/db.ts';

export type StoredVersion = {
  resource: string;
  versionId: string;
  patient: string | null;
  parents: string[];
  came: 'here' | 'above' | 'below';
  holds: 'record' | 'here' | 'deletion' | 'nothing';
  isTip: boolean;
  content: string | null;
};

/** Every version that the node knows of these patients. */
export async function readVersions(db: Db, patients: readonly string[]): Promise<StoredVersion[]> {
  return db<StoredVersion[]>`
    select s.resource, s.version_id as "versionId", s.patient, s.parents, s.came, s.holds,
      t.tip = s.version_id as "isTip", case s.holds when 'record' then v.content else s.content end as content
    from sync_version s
    join sync_tip t on t.bucket = s.bucket and t.resource = s.resource
    left join version v on v.bucket = s.bucket and v.n = s.n
    where s.patient = any(${[...patients]})`;
}

export type Holdings = ReadonlyMap<string, 'filling' | 'whole' | 'leaving'>;

export async function readHoldings(db: Db): Promise<Holdings> {
  const rows = await db<
    { unit: string; state: 'filling' | 'whole' | 'leaving' }[]
  >`select unit, state from sync_holding`;
  return new Map(rows.map(({ unit, state }) => [unit, state]));
}

/** One word for what is current of each patient, and what beside it: equal at two nodes that agree. */
export async function readDigests(db: Db): Promise<Map<string, string>> {
  const rows = await db<{ patient: string; digest: string }[]>`
    select s.patient, md5(string_agg(s.resource || ' ' || s.version_id || ' ' || (t.tip = s.version_id) || ' ' ||
      md5(coalesce(case s.holds when 'record' then v.content else s.content end, '')), ',' order by s.resource, s.version_id)) as digest
    from sync_version s
    join sync_tip t on t.bucket = s.bucket and t.resource = s.resource
    left join version v on v.bucket = s.bucket and v.n = s.n
    where s.patient is not null and not exists (
      select 1 from sync_version c where c.bucket = s.bucket and c.resource = s.resource and s.version_id = any(c.parents))
    group by s.patient`;
  return new Map(rows.map(({ patient, digest }) => [patient, digest]));
}

export type LineCounts = { waiting: number; filling: number; setAside: number; unsealed: number };

export async function readLine(db: Db): Promise<LineCounts> {
  const [row] = await db<LineCounts[]>`
    select (select count(*)::int from sync_outbox where state = 'waiting') as waiting,
      (select count(*)::int from sync_holding where state = 'filling' and not is_stuck) as filling,
      (select count(*)::int from sync_set_aside) as "setAside",
      (select count(*)::int from sync_head s join head h on h.bucket = s.bucket and h.n > s.sealed) as unsealed`;
  return row as LineCounts;
}

export async function readHeads(db: Db): Promise<Map<number, number>> {
  const rows = await db<{ bucket: number; n: number }[]>`select bucket, n from sync_head where n > 0`;
  return new Map(rows.map(({ bucket, n }) => [bucket, n]));
}

export async function readCursor(db: Db): Promise<Map<number, number>> {
  const rows = await db<{ bucket: number; n: number }[]>`select bucket, n from sync_cursor`;
  return new Map(rows.map(({ bucket, n }) => [bucket, n]));
}

/** Operations that are set aside for a person, as text, and why. */
export async function readSetAside(db: Db): Promise<{ operation: string; why: string; patients: string[] }[]> {
  return db<{ operation: string; why: string; patients: string[] }[]>`
    select operation, why, patients from sync_set_aside order by set_aside`;
}

/** Bytes of the whole database. */
export async function databaseBytes(db: Db): Promise<number> {
  const [row] = await db<{ bytes: number }[]>`select pg_database_size(current_database()) as bytes`;
  return row?.bytes ?? 0;
}

/** What the record itself answers with: the current content of these resources. */
export async function readCurrent(db: Db, patients: readonly string[]): Promise<Map<string, string>> {
  const rows = await db<{ resource: string; versionId: string }[]>`
    select r.type || '/' || r.id as resource, v.version_id as "versionId"
    from resource r join version v on v.bucket = r.bucket and v.type = r.type and v.id = r.id and v.version = r.version
    where r.patient = any(${[...patients]})`;
  return new Map(rows.map(({ resource, versionId }) => [resource, versionId]));
}

/** Holds half of the buckets, as a transaction that somebody left open would: whoever writes there waits. */
export async function holdHeads(db: Db, forMs: number): Promise<void> {
  await db.begin(async (transaction) => {
    await transaction`select bucket from head where bucket % 2 = 0 for update`;
    await transaction`select pg_sleep(${forMs / 1000})`;
  });
}

/** Makes what waits for the node above about this patient such that nobody can take it; how much it was. */
export async function spoilOutbox(db: Db, patient: string): Promise<number> {
  const { count } = await db`
    update sync_outbox set operation = replace(operation, 'Observation', 'Obstruction')
    where state = 'waiting' and ${patient} = any(patients) and operation like '%Observation%'`;
  return count;
}

/** Where on disk the content of a resource's current version lies: file below the cluster's folder, page of 8 KiB. */
export async function pageOf(db: Db, resource: string): Promise<{ file: string; page: number }> {
  const [type = '', id = ''] = resource.split('/');
  await db`checkpoint`;
  const [row] = await db<{ file: string; page: number }[]>`
    select pg_relation_filepath('version') as file, (v.ctid::text::point)[0]::int as page
    from resource r join version v on v.bucket = r.bucket and v.n = r.n where r.type = ${type} and r.id = ${id}`;
  if (row === undefined) throw new Error(`${resource} is not here.`);
  return row;
}

export type EditedRow = { bucket: number; n: number; content: string };

/** Makes a pulse of 72 one of 27, as somebody would who has the database in his hands; gives what was there. */
export async function editVersion(db: Db, resource: string): Promise<EditedRow> {
  const [type = '', id = ''] = resource.split('/');
  const [before] = await db<EditedRow[]>`
    select v.bucket, v.n, v.content from resource r join version v on v.bucket = r.bucket and v.n = r.n
    where r.type = ${type} and r.id = ${id}`;
  if (before === undefined) throw new Error(`${resource} is not here.`);
  await putVersion(db, { ...before, content: before.content.replace(/"value":\s*72/, '"value":27') });
  return before;
}

export async function putVersion(db: Db, { bucket, n, content }: EditedRow): Promise<void> {
  await db`update version set content = ${content} where bucket = ${bucket} and n = ${n}`;
}

/** Whether an entry of the log that tells of something allowed is sealed. */
export async function isSealed(db: Db): Promise<boolean> {
  const [row] = await db<{ found: boolean }[]>`
    select exists (select 1 from access_entry
      where number <= (select max(last) from access_seal) and content like '%"allowed"%') as found`;
  return row?.found === true;
}

/** The node reads its record through against the seals now, instead of some days later. */
export async function readThrough(db: Db): Promise<void> {
  await db`update record_scrub set began = null`;
}

/** Makes the newest sealed entry of the access log tell of a refusal where somebody read; gives what was there. */
export async function editEntry(db: Db): Promise<{ number: number; content: string }> {
  const [before] = await db<{ number: number; content: string }[]>`
    select number, content from access_entry
    where number <= (select max(last) from access_seal) and content like '%"allowed"%' order by number desc limit 1`;
  if (before === undefined) throw new Error('Nothing is sealed yet.');
  const { number, content } = before;
  await putEntry(db, { number, content: content.replace('"allowed"', '"refused"') });
  return before;
}

export async function putEntry(db: Db, { number, content }: { number: number; content: string }): Promise<void> {
  await db`update access_entry set content = ${content} where number = ${number}`;
}

/** Which of these resources are in the record here. */
export async function arrived(db: Db, resources: readonly string[]): Promise<string[]> {
  const ids = resources.map((resource) => resource.slice(resource.indexOf('/') + 1));
  const rows = await db<{ resource: string }[]>`
    select type || '/' || id as resource from resource where id = any(${ids}) and type = 'Observation'`;
  return rows.map(({ resource }) => resource);
}

/** Of each image and document that the node keeps: by hash of its content, the other places that have it. */
export async function readBlobs(db: Db): Promise<Map<string, string[]>> {
  const rows = await db<{ sha256: string; copies: string[] }[]>`select sha256, copies from blob`;
  return new Map(rows.map(({ sha256, copies }) => [sha256, copies]));
}

/** Whose a device at the bedside is. */
export async function personOf(db: Db, device: string): Promise<{ reference: string; name: string }> {
  const [row] = await db<{ reference: string; name: string }[]>`
    select person as reference, person_name as name from ward_device where id = ${device}`;
  if (row === undefined) throw new Error('The device is not known.');
  return { ...row };
}
