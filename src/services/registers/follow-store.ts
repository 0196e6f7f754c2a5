/** The follower's own tables: its lock, how far it has come, and the rows that are derived from resources. */
import type { Db, Transaction } from '#kernel/db.ts';
import type { FeedCursor } from '#fhir/index.ts';
import type { Resource } from '#fhir/types.ts';
import type { EventStream } from './persons/event-store.ts';
import { putCertificates } from './parties/certificate-store.ts';
import type { EndpointEntry, OrganisationEntry, PartyEntry } from './parties/derive.ts';

/** The last numbers of the streams of events. */
export type Numbers = { [stream in EventStream]: number };

/** Takes the follower's lock until the transaction ends. */
export async function lockFollower(transaction: Transaction): Promise<Numbers> {
  const [row] = await transaction<Numbers[]>`
    select open_number as open, protected_number as protected, personnel_number as personnel,
      organisations_number as organisations
    from register_follower for update`;
  if (row === undefined) throw new Error('register_follower has lost its row');
  return row;
}

export async function readCursor(transaction: Transaction): Promise<FeedCursor> {
  const rows = await transaction<{ bucket: number; n: number }[]>`select bucket, n from register_cursor`;
  return new Map(rows.map(({ bucket, n }) => [bucket, n]));
}

export async function writeCursor(
  transaction: Transaction,
  moved: readonly (readonly [number, number])[],
): Promise<void> {
  await transaction`
    insert into register_cursor (bucket, n)
    select * from unnest(${moved.map(([bucket]) => bucket)}::int[], ${moved.map(([, n]) => n)}::bigint[])
    on conflict (bucket) do update set n = excluded.n where register_cursor.n < excluded.n`;
}

export type VersionKey = { bucket: number; type: string; id: string; version: number };

/** The contents of versions, by `type/id/version`; those that were deletions are left out. */
export async function readVersions(
  transaction: Transaction,
  keys: readonly VersionKey[],
): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await transaction<{ type: string; id: string; version: number; content: string | null }[]>`
    select v.type, v.id, v.version, v.content
    from unnest(${keys.map((k) => k.bucket)}::int[], ${keys.map((k) => k.type)}::text[], ${keys.map((k) => k.id)}::text[],
      ${keys.map((k) => k.version)}::int[]) as k(bucket, type, id, version)
    join version v on v.bucket = k.bucket and v.type = k.type and v.id = k.id and v.version = k.version`;
  return new Map(
    rows.flatMap((r) => (r.content === null ? [] : [[`${r.type}/${r.id}/${r.version}`, r.content] as const])),
  );
}

/** Whom the index is about. `identifiers` are `system|value`. */
export type Holder = { bucket: number; type: string; id: string; identifiers: string[] };

/** `names`: those of the keys that namesakes share. */
export type PersonEntry = {
  bucket: number;
  id: string;
  keys: string[];
  names: string[];
  features: string;
  identifiers: string[];
};

export type IdentifierEntry = {
  bucket: number;
  system: string;
  value: string;
  type: string;
  id: string;
  holder_bucket: number;
  valid_from: string | null;
  valid_to: string | null;
};

/** The identifiers under which holders stand in the index now. */
export async function readHolders(
  transaction: Transaction,
  keys: readonly { bucket: number; type: string; id: string }[],
): Promise<Holder[]> {
  if (keys.length === 0) return [];
  return transaction<Holder[]>`
    with wanted as (select * from unnest(${keys.map((k) => k.bucket)}::int[], ${keys.map((k) => k.type)}::text[],
      ${keys.map((k) => k.id)}::text[]) as k(bucket, type, id))
    select w.bucket, w.type, w.id, p.identifiers from wanted w
    join register_person p on w.type = 'Patient' and p.bucket = w.bucket and p.id = w.id
    union all
    select w.bucket, w.type, w.id, h.identifiers from wanted w
    join register_holder h on h.bucket = w.bucket and h.type = w.type and h.id = w.id`;
}

export async function putPersons(transaction: Transaction, entries: readonly PersonEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await countNames(
    transaction,
    entries,
    entries.map(({ names }) => names),
  );
  await transaction`
    insert into register_person (bucket, id, keys, names, features, identifiers)
    select bucket, id, keys, names, features, identifiers
    from jsonb_to_recordset(${transaction.json(entries as never)})
      as r(bucket int, id text, keys bigint[], names bigint[], features text, identifiers text[])
    on conflict (bucket, id) do update
    set keys = excluded.keys, names = excluded.names, features = excluded.features, identifiers = excluded.identifiers`;
}

/** Counts the names that these persons get (one list a person), and those that they have had until now no longer. */
async function countNames(
  transaction: Transaction,
  persons: readonly { bucket: number; id: string }[],
  names: readonly (readonly string[])[],
): Promise<void> {
  await transaction`
    insert into register_namesake (bucket, key, persons)
    select (key & 1023)::int, key, sum(change) from (
      select unnest(${`{${names.flat().join(',')}}`}::text::bigint[]) as key, 1 as change
      union all
      select unnest(p.names), -1
      from unnest(${persons.map((k) => k.bucket)}::int[], ${persons.map((k) => k.id)}::text[]) as k(bucket, id)
      join register_person p on p.bucket = k.bucket and p.id = k.id) as changes
    group by key having sum(change) <> 0 order by key
    on conflict (bucket, key) do update set persons = register_namesake.persons + excluded.persons`;
}

export async function putHolders(transaction: Transaction, holders: readonly Holder[]): Promise<void> {
  if (holders.length === 0) return;
  await transaction`
    insert into register_holder (bucket, type, id, identifiers)
    select bucket, type, id, identifiers
    from jsonb_to_recordset(${transaction.json(holders as never)}) as r(bucket int, type text, id text, identifiers text[])
    on conflict (bucket, type, id) do update set identifiers = excluded.identifiers`;
}

export async function putIdentifiers(transaction: Transaction, entries: readonly IdentifierEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await transaction`
    insert into register_identifier (bucket, system, value, type, id, holder_bucket, valid_from, valid_to)
    select bucket, system, value, type, id, holder_bucket, valid_from, valid_to
    from jsonb_to_recordset(${transaction.json(entries as never)})
      as r(bucket int, system text, value text, type text, id text, holder_bucket int, valid_from text, valid_to text)
    on conflict (bucket, system, value, type, id) do update
    set holder_bucket = excluded.holder_bucket, valid_from = excluded.valid_from, valid_to = excluded.valid_to`;
}

export async function removeIdentifiers(
  transaction: Transaction,
  gone: readonly Pick<IdentifierEntry, 'bucket' | 'system' | 'value' | 'type' | 'id'>[],
): Promise<void> {
  if (gone.length === 0) return;
  await transaction`
    delete from register_identifier i
    using jsonb_to_recordset(${transaction.json(gone as never)}) as g(bucket int, system text, value text, type text, id text)
    where i.bucket = g.bucket and i.system = g.system and i.value = g.value and i.type = g.type and i.id = g.id`;
}

/** Takes away what was derived from resources that are deleted. */
export async function removeDerived(
  transaction: Transaction,
  keys: readonly { bucket: number; type: string; id: string }[],
): Promise<void> {
  if (keys.length === 0) return;
  await countNames(
    transaction,
    keys.filter(({ type }) => type === 'Patient'),
    [],
  );
  const buckets = keys.map((k) => k.bucket);
  const types = keys.map((k) => k.type);
  const ids = keys.map((k) => k.id);
  await transaction`
    delete from register_person p using unnest(${buckets}::int[], ${types}::text[], ${ids}::text[]) as k(bucket, type, id)
    where k.type = 'Patient' and p.bucket = k.bucket and p.id = k.id`;
  await transaction`
    delete from register_holder h using unnest(${buckets}::int[], ${types}::text[], ${ids}::text[]) as k(bucket, type, id)
    where h.bucket = k.bucket and h.type = k.type and h.id = k.id`;
  await transaction`
    delete from register_organisation o using unnest(${types}::text[], ${ids}::text[]) as k(type, id)
    where k.type = 'Organization' and o.id = k.id`;
  await transaction`
    delete from register_party p using unnest(${types}::text[], ${ids}::text[]) as k(type, id) where p.type = k.type and p.id = k.id`;
  await transaction`
    delete from register_endpoint e using unnest(${types}::text[], ${ids}::text[]) as k(type, id)
    where k.type = 'Endpoint' and e.id = k.id`;
}

export async function putOrganisations(transaction: Transaction, entries: readonly OrganisationEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await transaction`
    insert into register_organisation (id, parent, name, words, active, kinds, municipality)
    select id, parent, name, words, active, kinds, municipality
    from jsonb_to_recordset(${transaction.json(entries as never)})
      as r(id text, parent text, name text, words text, active boolean, kinds text[], municipality text)
    on conflict (id) do update set parent = excluded.parent, name = excluded.name, words = excluded.words,
      active = excluded.active, kinds = excluded.kinds, municipality = excluded.municipality`;
}

export async function putParties(transaction: Transaction, entries: readonly PartyEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await transaction`
    insert into register_party (type, id, her_id, organisation, name, active, services, endpoints)
    select type, id, "herId", organisation, name, active, services, endpoints
    from jsonb_to_recordset(${transaction.json(entries as never)})
      as r(type text, id text, "herId" text, organisation text, name text, active boolean, services text[], endpoints text[])
    on conflict (type, id) do update set her_id = excluded.her_id, organisation = excluded.organisation, name = excluded.name,
      active = excluded.active, services = excluded.services, endpoints = excluded.endpoints`;
}

export async function putEndpoints(transaction: Transaction, entries: readonly EndpointEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map((entry) => ({
    ...entry,
    certificates: JSON.stringify(entry.certificates.map(({ certificate: _apart, ...each }) => each)),
  }));
  await putCertificates(
    transaction,
    entries.flatMap(({ certificates }) =>
      certificates.flatMap(({ thumbprint, certificate }) =>
        thumbprint === undefined || certificate === undefined ? [] : [{ thumbprint, certificate }],
      ),
    ),
  );
  await transaction`
    insert into register_endpoint (id, active, messages, address, valid_from, valid_to, certificates)
    select id, active, messages, address, "validFrom", "validTo", certificates
    from jsonb_to_recordset(${transaction.json(rows as never)})
      as r(id text, active boolean, messages text[], address text, "validFrom" text, "validTo" text, certificates text)
    on conflict (id) do update set active = excluded.active, messages = excluded.messages, address = excluded.address,
      valid_from = excluded.valid_from, valid_to = excluded.valid_to, certificates = excluded.certificates`;
}

/** `person`: whom it is about. */
export type RecordedEvent = {
  kind: string;
  person: string;
  occurred: string;
  detail?: string;
  bucket: number;
  recorded: number;
};

/** Appends events to a stream, numbered after its last; the caller holds the follower's lock. */
export async function appendEvents(
  transaction: Transaction,
  stream: EventStream,
  events: readonly RecordedEvent[],
  last: number,
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event, index) => ({
    number: last + index + 1,
    bucket: event.bucket,
    person: event.person,
    kind: event.kind,
    occurred: event.occurred,
    detail: event.detail ?? null,
    recorded: new Date(event.recorded).toISOString(),
  }));
  await transaction`
    insert into register_event (stream, number, bucket, person, kind, occurred, detail, recorded)
    select ${stream}, number, bucket, person, kind, occurred, detail, recorded
    from jsonb_to_recordset(${transaction.json(rows as never)})
      as r(number bigint, bucket int, person text, kind text, occurred text, detail text, recorded timestamptz)`;
  const next = last + events.length;
  await transaction`update register_follower set ${transaction(`${stream}_number`)} = ${next}`;
}

/** The form in which the derived rows are. */
export async function readForm(db: Db): Promise<number> {
  const [row] = await db<{ form: number }[]>`select form from register_follower`;
  return row?.form ?? 0;
}

export async function writeForm(db: Db, form: number): Promise<void> {
  await db`update register_follower set form = ${form}`;
}

/** A version as the follower reads it, with its content parsed. */
export type ReadVersion = {
  bucket: number;
  type: string;
  id: string;
  version: number;
  updated: number;
  resource: Resource | undefined;
};
