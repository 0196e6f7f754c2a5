/** The rows that documents are found by, how far the feed was followed, and in how many rows each term stands. */
import type { FeedCursor } from '#fhir/index.ts';
import type { Db, Transaction } from '#kernel/db.ts';
import type { IndexRow } from './index-document.ts';

export type Key = { bucket: number; type: string; id: string };
export type Put = Key & { patient: string } & IndexRow;

/** Takes the follower's lock until the transaction ends. */
export async function lockFollower(transaction: Transaction): Promise<{ form: number; textsTakenTo: string }> {
  const [row] = await transaction<{ form: number; textsTakenTo: string }[]>`
    select form, texts_taken_to as "textsTakenTo" from clinical_search_follower for update`;
  if (row === undefined) throw new Error('clinical_search_follower has lost its row');
  return row;
}

export async function readCursor(transaction: Transaction): Promise<FeedCursor> {
  const rows = await transaction<{ bucket: number; n: number }[]>`select bucket, n from clinical_search_cursor`;
  return new Map(rows.map(({ bucket, n }) => [bucket, n]));
}

export async function writeCursor(
  transaction: Transaction,
  moved: readonly (readonly [bucket: number, n: number])[],
): Promise<void> {
  await transaction`
    insert into clinical_search_cursor (bucket, n)
    select * from unnest(${moved.map(([bucket]) => bucket)}::int[], ${moved.map(([, n]) => n)}::bigint[])
    on conflict (bucket) do update set n = excluded.n`;
}

/** Everything is made again from the beginning of the feed. */
export async function clearIndex(transaction: Transaction, form: number): Promise<void> {
  await transaction`truncate clinical_search_document, clinical_search_term, clinical_search_cursor, clinical_search_patient`;
  await transaction`
    update clinical_search_follower set form = ${form}, documents = 0, texts_taken_to = '-infinity'`;
}

export type Removed = { bucket: number; patient: string; terms: number[] };

/** Takes the rows away; answers whose they were, and their terms. */
export async function removeRows(transaction: Transaction, keys: readonly Key[]): Promise<Removed[]> {
  if (keys.length === 0) return [];
  return transaction<Removed[]>`
    delete from clinical_search_document d
    using unnest(${keys.map((k) => k.bucket)}::int[], ${keys.map((k) => k.type)}::text[], ${keys.map((k) => k.id)}::text[])
      as k(bucket, type, id)
    where d.bucket = k.bucket and d.type = k.type and d.id = k.id returning d.bucket, d.patient, d.terms`;
}

export async function putRows(transaction: Transaction, rows: readonly Put[]): Promise<void> {
  for (let from = 0; from < rows.length; from += 500) {
    const part = rows.slice(from, from + 500).map((row) => ({
      ...row,
      at: row.at === undefined ? null : Math.trunc(row.at),
      author: row.author ?? null,
      site: row.site ?? null,
      content: withoutNul(row.content),
      title: withoutNul(row.title),
    }));
    await transaction`insert into clinical_search_document ${transaction(
      part,
      'bucket',
      'type',
      'id',
      'patient',
      'kind',
      'title',
      'at',
      'author',
      'site',
      'content',
      'passages',
      'terms',
    )}`;
  }
}

/** PostgreSQL keeps no such character; a space keeps every place where it is. */
const withoutNul = (text: string): string => text.replaceAll('\0', ' ');

/** Notes that what can be found of these patients is another now. */
export async function notePatients(
  transaction: Transaction,
  rows: readonly { bucket: number; patient: string }[],
): Promise<void> {
  await transaction`
    insert into clinical_search_patient (bucket, patient, changed)
    select bucket, patient, nextval('clinical_search_change')
    from (select distinct * from unnest(${rows.map(({ bucket }) => bucket)}::int[], ${rows.map(({ patient }) => patient)}::text[])
      as k(bucket, patient)) as touched
    on conflict (bucket, patient) do update set changed = excluded.changed`;
}

/** The texts that rows have now, by id: of documents. */
export async function readDocumentContents(
  transaction: Transaction,
  keys: readonly { bucket: number; id: string }[],
): Promise<Map<string, string>> {
  const rows = await transaction<{ id: string; content: string }[]>`
    select d.id, d.content
    from unnest(${keys.map((k) => k.bucket)}::int[], ${keys.map((k) => k.id)}::text[]) as k(bucket, id)
    join clinical_search_document d on d.bucket = k.bucket and d.type = 'DocumentReference' and d.id = k.id`;
  return new Map(rows.map(({ id, content }) => [id, content]));
}

/** @param change by term: rows that have it now and had it not, or the other way */
export async function countTerms(
  transaction: Transaction,
  change: ReadonlyMap<number, number>,
  documents: number,
): Promise<void> {
  const moved = [...change].filter(([, by]) => by !== 0);
  await transaction`
    insert into clinical_search_term (term, documents)
    select * from unnest(${moved.map(([term]) => term)}::int[], ${moved.map(([, by]) => by)}::int[])
    on conflict (term) do update set documents = clinical_search_term.documents + excluded.documents`;
  await transaction`update clinical_search_follower set documents = documents + ${documents}`;
}

export async function readSize(db: Db): Promise<number> {
  const [row] = await db<{ documents: number }[]>`select documents from clinical_search_follower`;
  return row?.documents ?? 0;
}

export async function readFrequencies(db: Db, terms: readonly number[]): Promise<Map<number, number>> {
  const rows = await db<{ term: number; documents: number }[]>`
    select term, documents from clinical_search_term where term = any(${terms.map((term) => term | 0)}::int[])`;
  return new Map(rows.map(({ term, documents }) => [term >>> 0, documents]));
}

/** The texts that were read out of documents, by the documents' ids. */
export async function readDocumentTexts(
  transaction: Transaction,
  keys: readonly { bucket: number; id: string }[],
): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await transaction<{ id: string; text: string }[]>`
    select t.document_id as id, t.text
    from unnest(${keys.map((k) => k.bucket)}::int[], ${keys.map((k) => k.id)}::text[]) as k(bucket, id)
    join document_text t on t.bucket = k.bucket and t.document_id = k.id and t.source <> 'none'`;
  return new Map(rows.map(({ id, text }) => [id, text]));
}

/**
 * Documents whose texts came since, but those that were taken (`id made_at`); by a little more, since what was made at one moment may be seen at a
 * later one.
 */
export async function textsSince(
  transaction: Transaction,
  { since, taken, limit }: { since: string; taken: readonly string[]; limit: number },
): Promise<{ bucket: number; id: string; madeAt: string }[]> {
  return transaction<{ bucket: number; id: string; madeAt: string }[]>`
    select bucket, document_id as id, made_at::text as "madeAt" from document_text
    where made_at > ${since}::text::timestamptz - interval '10 seconds'
      and (document_id || ' ' || made_at::text) <> all(${[...taken]}::text[]) order by made_at limit ${limit}`;
}

export async function writeTextsTakenTo(transaction: Transaction, madeAt: string): Promise<void> {
  await transaction`update clinical_search_follower set texts_taken_to = ${madeAt}`;
}

export type PassageRow = {
  type: string;
  id: string;
  patient: string;
  kind: string;
  at: number | null;
  author: string | null;
  site: string | null;
  title: string;
  passages: Buffer;
};

/** When what can be found of a patient changed last: what was read at it stays right until it moves. */
export async function readChanged(db: Db, bucket: number, patient: string): Promise<string> {
  const [row] = await db<{ changed: string }[]>`
    select changed::text from clinical_search_patient where bucket = ${bucket} and patient = ${patient}`;
  return row?.changed ?? '';
}

export async function readPatientRows(db: Db, bucket: number, patient: string): Promise<PassageRow[]> {
  return db<PassageRow[]>`
    select type, id, patient, kind, at, author, site, title, passages from clinical_search_document
    where bucket = ${bucket} and patient = ${patient}`;
}

/**
 * Rows of any patient that have a term of each group, at most `limit`. Where the groups are common the newest are looked through in their order;
 * otherwise the index over terms finds them all, in no order.
 */
export async function findRows(
  db: Db,
  groups: readonly (readonly number[])[],
  { limit, isCommon, patients }: { limit: number; isCommon: boolean; patients: readonly string[] | undefined },
): Promise<PassageRow[]> {
  const of = patients === undefined ? db`true` : db`patient = any(${[...patients]}::text[])`;
  const having = groups.map((terms) => db`terms && ${terms.map((term) => term | 0)}::int[]`);
  const where = having.reduce((all, one) => db`${all} and ${one}`);
  return db<PassageRow[]>`/* fan-out: a search that names no patient */
    select type, id, patient, kind, at, author, site, title, passages from clinical_search_document
    where ${of} and ${where} ${isCommon ? db`order by at desc nulls last` : db``} limit ${limit}`;
}

/** The texts of rows, by `type/id`. */
export async function readContents(db: Db, keys: readonly Key[]): Promise<Map<string, string>> {
  const rows = await db<{ name: string; content: string }[]>`
    select d.type || '/' || d.id as name, d.content
    from unnest(${keys.map((k) => k.bucket)}::int[], ${keys.map((k) => k.type)}::text[], ${keys.map((k) => k.id)}::text[])
      as k(bucket, type, id)
    join clinical_search_document d on d.bucket = k.bucket and d.type = k.type and d.id = k.id`;
  return new Map(rows.map(({ name, content }) => [name, content]));
}
