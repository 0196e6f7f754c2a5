/**
 * The tables behind exports, and the walk through the record. A walk reads one bucket at a time, in one snapshot, as it was at the cut: what has
 * not changed since is read by `resource`, what has changed by `version` (docs/scale-out.md).
 */
import type { Db, Transaction } from '#kernel/db.ts';
import { bucketCount } from '../record/bucket.ts';
import type { ExportFile } from './files.ts';
import type { ExportRequest } from './request.ts';

export type Failure = { status: number; issue: { severity: 'error'; code: string; diagnostics: string }[] };

export type ExportJob = {
  id: string;
  /** Whose it is: `Grant.owner`. */
  owner: string | null;
  state: 'waiting' | 'running' | 'done' | 'failed';
  request: ExportRequest;
  created: number;
  /** Milliseconds since 1970. */
  transactionTime: number;
  heads: number[];
  sinceHeads: number[] | null;
  node: string | null;
  nextBucket: number;
  resources: number;
  walked: number;
  files: ExportFile[];
  failures: number;
  failure: Failure | null;
  finished: number | null;
};

/** Takes the cut and keeps the job. Nothing in the cut is newer than its transaction time, whatever the clocks of writers say. */
export async function insertExport(
  db: Db,
  { id, owner, request }: Pick<ExportJob, 'id' | 'owner' | 'request'>,
  now: number,
): Promise<void> {
  await db.begin('isolation level repeatable read', async (tx) => {
    const heads = await readAllHeads(tx);
    const [newest] = await tx<{ updated: number | null }[]>`
      /* fan-out: an export takes all heads, and the newest instant */ select max(updated) as updated from version`;
    const time = Math.max(now, newest?.updated ?? 0);
    const sinceHeads = request.since === undefined ? null : await findMark(tx, request.since);
    await tx`
      insert into export_job (id, owner, state, request, created, transaction_time, heads, since_heads)
      values (${id}, ${owner}, 'waiting', ${tx.json(request as never)}, ${now}::timestamptz, ${time}::timestamptz, ${heads}::bigint[],
        ${sinceHeads}::bigint[])`;
    await tx`insert into export_mark (transaction_time, heads) values (${time}::timestamptz, ${heads}::bigint[])`;
  });
}

/** The last number of every bucket, by bucket. */
export async function readAllHeads(db: Db | Transaction): Promise<number[]> {
  const rows = await db<{ bucket: number; n: number }[]>`
    /* fan-out: an export takes all heads */ select bucket, n from head where n > 0`;
  const heads = Array.from({ length: bucketCount }, () => 0);
  for (const { bucket, n } of rows) heads[bucket] = n;
  return heads;
}

/** The cut of the exports with this transaction time; the lower where several share it. */
async function findMark(tx: Transaction, time: number): Promise<number[] | null> {
  const marks = await tx<{ heads: number[] }[]>`
    select heads from export_mark where transaction_time = ${time}::timestamptz limit 10`;
  if (marks.length === 0) return null;
  return (marks[0] as { heads: number[] }).heads.map((_, i) => Math.min(...marks.map(({ heads }) => heads[i] ?? 0)));
}

export async function findExport(db: Db, id: string): Promise<ExportJob | undefined> {
  const [row] = await db<ExportJob[]>`
    select id, owner, state, request, created, transaction_time as "transactionTime", heads, since_heads as "sinceHeads", node,
      next_bucket as "nextBucket", resources, walked, files, failures, failure, finished
    from export_job where id = ${id}`;
  return row;
}

/** The ids of exports that are not finished. */
export async function findUnfinished(db: Db): Promise<string[]> {
  const rows = await db<
    { id: string }[]
  >`select id from export_job where state in ('waiting', 'running') order by created`;
  return rows.map((row) => row.id);
}

/** Takes the job for this node. `afresh` forgets what another node, or a lost folder, had. False: it is gone or finished. */
export async function beginExport(db: Db, id: string, node: string, afresh: boolean): Promise<boolean> {
  const taken = await db`
    update export_job set state = 'running', node = ${node}
      ${afresh ? db`, next_bucket = 0, resources = 0, walked = 0, files = '[]'` : db``}
    where id = ${id} and state in ('waiting', 'running') returning 1`;
  return taken.length > 0;
}

export type Checkpoint = { nextBucket: number; resources: number; walked: number; files: ExportFile[] };

/** False: the export was cancelled, or another node has it now. */
export async function saveCheckpoint(db: Db, id: string, node: string, point: Checkpoint): Promise<boolean> {
  const saved = await db`
    update export_job set next_bucket = ${point.nextBucket}, resources = ${point.resources}, walked = ${point.walked},
      files = ${db.json(point.files as never)}
    where id = ${id} and node = ${node} and state = 'running' returning 1`;
  return saved.length > 0;
}

export async function finishExport(db: Db, id: string, node: string, now: number): Promise<void> {
  await db`
    update export_job set state = 'done', walked = 1, finished = ${now}::timestamptz
    where id = ${id} and node = ${node} and state = 'running'`;
}

/** Notes a failure; the export has failed for good when `isLast`. Answers how often it has failed. */
export async function countFailure(db: Db, id: string): Promise<number> {
  const [row] = await db<{ failures: number }[]>`
    update export_job set failures = failures + 1 where id = ${id} returning failures`;
  return row?.failures ?? 0;
}

export async function failExport(db: Db, id: string, failure: Failure, now: number): Promise<void> {
  await db`
    update export_job set state = 'failed', failure = ${db.json(failure as never)}, finished = ${now}::timestamptz
    where id = ${id} and state <> 'done'`;
}

/** True when there was one. */
export async function removeExport(db: Db, id: string): Promise<boolean> {
  return (await db`delete from export_job where id = ${id} returning 1`).length > 0;
}

/** Forgets exports that finished before `finishedBefore` and cuts older than `marksBefore`. Answers the ids of all that are kept. */
export async function pruneExports(db: Db, finishedBefore: number, marksBefore: number): Promise<string[]> {
  await db`delete from export_job where finished < ${finishedBefore}::timestamptz`;
  await db`delete from export_mark where transaction_time < ${marksBefore}::timestamptz`;
  return (await db<{ id: string }[]>`select id from export_job`).map((row) => row.id);
}

const membersAtOnce = 200;

/** Where resources lie that carry one of the tokens: the tokens by bucket. */
export async function findMemberBuckets(db: Db, tokens: readonly string[]): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>();
  for (let from = 0; from < tokens.length; from += membersAtOnce) {
    const some = `{${tokens.slice(from, from + membersAtOnce).join(',')}}`;
    const rows = await db.begin('read only', async (tx) => {
      await tx`set local statement_timeout = 0`;
      return tx<{ bucket: number; token: string }[]>`
        /* fan-out: what belongs to several patients lies with the first of them */
        select distinct r.bucket, t.token::text as token
        from unnest(${some}::text::bigint[]) as t(token) join resource r on r.tokens @> array[t.token] where not r.deleted`;
    });
    for (const { bucket, token } of rows) found.set(bucket, [...(found.get(bucket) ?? []), token]);
  }
  return found;
}

export type Walk = {
  bucket: number;
  /** The bucket's last number in the cut. */
  head: number;
  types: readonly string[];
  /** What was so before is left out: numbers up to this, and instants before this (milliseconds). */
  afterN: number;
  since: number | undefined;
  /** `all`; only what belongs to some patient; or what carries one of these tokens. */
  members: 'all' | 'patients' | readonly string[];
};

/** `patient`: in whose record it lies; undefined where that must be read from the content. */
export type WalkedRow = { type: string; id: string; content: string; patient?: string | null };

/** `isSettled`: `members` has been looked at. What changed after the cut must be looked at by its content. */
export type WalkedPage = { rows: WalkedRow[]; isSettled: boolean };

/** One snapshot of one bucket, as it was at the cut. `work` runs within it. */
export async function inBucketSnapshot<T>(db: Db, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const result = await db.begin('isolation level repeatable read read only', async (tx) => {
    await tx`set local statement_timeout = 0`;
    return work(tx);
  });
  return result as T;
}

const rowsAtOnce = 500;

/** Every resource of the walk that existed at the cut, with its content then, in pages. */
export async function* walkBucket(tx: Transaction, walk: Walk): AsyncGenerator<WalkedPage> {
  const { bucket, head, afterN, since } = walk;
  const types = [...walk.types];
  const after = since === undefined ? tx`` : tx`and r.updated >= ${since}::timestamptz`;
  const unchanged = tx<WalkedRow[]>`
    select r.type, r.id, r.patient, v.content
    from resource r join version v on v.bucket = ${bucket} and v.n = r.n
    where r.bucket = ${bucket} and not r.deleted and r.n <= ${head} and r.n > ${afterN} and v.n > ${afterN}
      and r.type = any(${types}::text[]) ${after} ${membersOnly(tx, walk.members)}`;
  for await (const rows of unchanged.cursor(rowsAtOnce)) yield { rows, isSettled: true };
  const changed = tx<WalkedRow[]>`
    select a.type, a.id, a.content
    from (select distinct type, id from version where bucket = ${bucket} and n > ${head} and type = any(${types}::text[])) c
    cross join lateral (
      select type, id, n, updated, content from version
      where bucket = ${bucket} and type = c.type and id = c.id and n <= ${head} order by version desc limit 1
    ) a
    where a.content is not null and a.n > ${afterN} ${since === undefined ? tx`` : tx`and a.updated >= ${since}::timestamptz`}`;
  for await (const rows of changed.cursor(rowsAtOnce)) yield { rows, isSettled: false };
}

function membersOnly(tx: Transaction, members: Walk['members']) {
  if (members === 'all') return tx``;
  if (members === 'patients') return tx`and r.patient is not null`;
  return tx`and r.tokens && ${`{${members.join(',')}}`}::text::bigint[]`;
}

export type DeletedRow = { type: string; id: string; /** The content before. */ content: string | null };

/** What had been deleted at the cut and not yet at `since`, in pages. */
export async function* walkDeleted(tx: Transaction, walk: Walk): AsyncGenerator<DeletedRow[]> {
  const { bucket, head, afterN, since } = walk;
  const deleted = tx<DeletedRow[]>`
    select d.type, d.id, b.content
    from version d left join lateral (
      select content from version
      where bucket = ${bucket} and type = d.type and id = d.id and version < d.version and content is not null
      order by version desc limit 1
    ) b on true
    where d.bucket = ${bucket} and d.n > ${afterN} and d.n <= ${head} and d.interaction = 'delete'
      and d.type = any(${[...walk.types]}::text[]) ${since === undefined ? tx`` : tx`and d.updated >= ${since}::timestamptz`}
      and not exists (
        select 1 from version l
        where l.bucket = ${bucket} and l.type = d.type and l.id = d.id and l.version > d.version and l.n <= ${head}
      )`;
  for await (const rows of deleted.cursor(rowsAtOnce)) yield rows;
}
