/** SQL of documents' texts, of the reading of pictures, and of the follower's cursor. */
import type { Db, Transaction } from '#kernel/db.ts';
import type { TextLanguage } from './reading/language.ts';

export type DocumentText = {
  bucket: number;
  id: string;
  patient: string;
  version: string;
  language: TextLanguage;
  text: string;
  pages: number[];
  source: 'text' | 'ocr' | 'none';
  confidence: number | undefined;
  problem: string | undefined;
  /** The SHA-256 of what it was made of, or the reference to its Binary. */
  content: string;
};

export type ReadingProgress = {
  bucket: number;
  id: string;
  version: string;
  state: 'waiting' | 'reading' | 'done' | 'failed';
  pagesTotal: number | undefined;
  pagesDone: number;
  problem: string | undefined;
};

/** Nothing is kept of a document that went meanwhile: the patient left this node, or it was moved or deleted. */
export async function putText(db: Db | Transaction, one: DocumentText, now: number): Promise<void> {
  // A null character is no text to PostgreSQL.
  const text = one.text.replaceAll('\0', ' ');
  await db`
    insert into document_text (bucket, document_id, patient, version, language, text, pages, source, confidence, problem, content, made_at)
    select ${one.bucket}::int, ${one.id}::text, ${one.patient}::text, ${one.version}::text, ${one.language}::text, ${text}::text,
      ${one.pages}::int[], ${one.source}::text, ${one.confidence ?? null}::real, ${one.problem ?? null}::text, ${one.content}::text,
      ${new Date(now)}::timestamptz
    where ${isHere(db, one)}
    on conflict (bucket, document_id) do update set patient = excluded.patient, version = excluded.version, language = excluded.language,
      text = excluded.text, pages = excluded.pages, source = excluded.source, confidence = excluded.confidence, problem = excluded.problem,
      content = excluded.content, made_at = excluded.made_at`;
}

/** Locked, so that who takes it away waits, and is followed by the text being taken away. */
function isHere(db: Db | Transaction, { bucket, id }: Pick<DocumentText, 'bucket' | 'id'>) {
  return db`exists (
    select from resource r where r.bucket = ${bucket} and r.type = 'DocumentReference' and r.id = ${id} and not r.deleted for share)`;
}

/** True when the text of this content is there: then only its version is noted. */
export async function noteVersion(
  db: Db | Transaction,
  { bucket, id, version, content }: Pick<DocumentText, 'bucket' | 'id' | 'version' | 'content'>,
): Promise<boolean> {
  const { count } = await db`
    update document_text set version = ${version} where bucket = ${bucket} and document_id = ${id} and content = ${content} and content <> ''`;
  return count > 0;
}

export async function findText(db: Db, bucket: number, id: string): Promise<DocumentText | undefined> {
  const [row] = await db<
    (Omit<DocumentText, 'confidence' | 'problem'> & { confidence: number | null; problem: string | null })[]
  >`
    select bucket, document_id as id, patient, version, language, text, pages, source, confidence, problem, content
    from document_text where bucket = ${bucket} and document_id = ${id}`;
  return row && { ...row, confidence: row.confidence ?? undefined, problem: row.problem ?? undefined };
}

export async function removeText(db: Db | Transaction, bucket: number, id: string): Promise<void> {
  await db`delete from document_text where bucket = ${bucket} and document_id = ${id}`;
  await db`delete from document_reading where bucket = ${bucket} and document_id = ${id}`;
}

export async function putReading(db: Db | Transaction, one: ReadingProgress, now: number): Promise<void> {
  await db`
    insert into document_reading (bucket, document_id, version, state, pages_total, pages_done, problem, changed_at)
    select ${one.bucket}::int, ${one.id}::text, ${one.version}::text, ${one.state}::text, ${one.pagesTotal ?? null}::int,
      ${one.pagesDone}::int, ${one.problem ?? null}::text, ${new Date(now)}::timestamptz
    where ${isHere(db, one)}
    on conflict (bucket, document_id) do update set version = excluded.version, state = excluded.state, pages_total = excluded.pages_total,
      pages_done = excluded.pages_done, problem = excluded.problem, changed_at = excluded.changed_at`;
}

export async function findReading(db: Db, bucket: number, id: string): Promise<ReadingProgress | undefined> {
  const [row] = await db<
    (Omit<ReadingProgress, 'pagesTotal' | 'problem'> & { pagesTotal: number | null; problem: string | null })[]
  >`
    select bucket, document_id as id, version, state, pages_total as "pagesTotal", pages_done as "pagesDone", problem
    from document_reading where bucket = ${bucket} and document_id = ${id}`;
  return row && { ...row, pagesTotal: row.pagesTotal ?? undefined, problem: row.problem ?? undefined };
}

export async function readCursor(db: Db): Promise<Map<number, number>> {
  const rows = await db<{ bucket: number; n: string }[]>`
    /* fan-out: the follower reads all of its cursor */ select bucket, n from document_cursor`;
  return new Map(rows.map(({ bucket, n }) => [bucket, Number(n)]));
}

export async function writeCursor(db: Db, moved: readonly (readonly [bucket: number, n: number])[]): Promise<void> {
  if (moved.length === 0) return;
  await db`
    insert into document_cursor (bucket, n)
    select * from unnest(${moved.map(([bucket]) => bucket)}::int[], ${moved.map(([, n]) => n)}::bigint[])
    on conflict (bucket) do update set n = excluded.n`;
}
