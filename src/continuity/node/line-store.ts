/** The lines to the nodes above and below, as they lie in the database. Everything here is read and changed under the lock of `sync_line`. */
import type { Db } from '#kernel/db.ts';
import type { LineState } from '../protocol/exchange.ts';
import type { ChildState } from '../protocol/serve.ts';
import type { Holding, Operation, Unit, Verdict } from '../protocol/view.ts';

export type Line = LineState & { ownEpoch: string; heard: number };

type LineRow = {
  epoch: string;
  life: number;
  heard: number;
  upstreamEpoch: string | null;
  confirmed: string;
  tried: string[];
};

/** Takes the lock for the rest of the transaction. The row is made the first time, with this epoch. */
export async function lockLine(db: Db, freshEpoch: string): Promise<Line> {
  await db`insert into sync_line (epoch) values (${freshEpoch}) on conflict do nothing`;
  const [row] = await db<LineRow[]>`
    select epoch, life, heard, upstream_epoch as "upstreamEpoch", confirmed, tried from sync_line for update`;
  const cursor = await db<{ bucket: number; n: number }[]>`select bucket, n from sync_cursor`;
  const { epoch, life, heard, upstreamEpoch, confirmed, tried } = row as LineRow;
  return {
    ownEpoch: epoch,
    life,
    heard,
    epoch: upstreamEpoch ?? undefined,
    contact: { confirmed, tried },
    cursor: new Map(cursor.map(({ bucket, n }) => [bucket, n])),
  };
}

export async function putHeard(db: Db, heard: number): Promise<void> {
  await db`update sync_line set heard = greatest(heard, ${heard}::float8)`;
}

export async function putContact(db: Db, confirmed: string, tried: readonly string[]): Promise<void> {
  await db`update sync_line set confirmed = ${confirmed}, tried = ${[...tried]}`;
}

/** Another line of upstream's history: its cursor, and everything that was sent waits again. */
export async function putEpoch(db: Db, epoch: string, cursor: ReadonlyMap<number, number>, now: number): Promise<void> {
  await db`update sync_line set upstream_epoch = ${epoch}`;
  await db`delete from sync_cursor`;
  await putCursor(db, cursor);
  await db`update sync_outbox set state = 'waiting', with_ancestry = false, changed = ${now}`;
}

export async function putCursor(db: Db, cursor: ReadonlyMap<number, number>): Promise<void> {
  await db`
    insert into sync_cursor (bucket, n) select * from unnest(${[...cursor.keys()]}::int[], ${[...cursor.values()]}::bigint[])
    on conflict (bucket) do update set n = excluded.n`;
}

type HoldingRow = {
  unit: string;
  state: Holding['state'];
  since: number;
  after: string | null;
  asOf: number | null;
  isStuck: boolean;
};

export async function readHoldings(db: Db): Promise<Map<Unit, Holding>> {
  const rows = await db<HoldingRow[]>`
    select unit, state, since, after, as_of as "asOf", is_stuck as "isStuck" from sync_holding`;
  return new Map(
    rows.map(({ unit, state, since, after, asOf, isStuck }) => [
      unit,
      {
        state,
        since,
        ...(after === null ? {} : { after }),
        ...(asOf === null ? {} : { asOf }),
        ...(isStuck ? { isStuck } : {}),
      },
    ]),
  );
}

/** How the node stands to many units; undefined: it stands to it in no way any more. */
export async function putHoldings(db: Db, holdings: ReadonlyMap<Unit, Holding | undefined>): Promise<void> {
  const gone = [...holdings].flatMap(([unit, holding]) => (holding === undefined ? [unit] : []));
  if (gone.length > 0) await db`delete from sync_holding where unit = any(${gone}::text[])`;
  const rows = [...holdings].flatMap(([unit, holding]) => (holding === undefined ? [] : [{ unit, ...holding }]));
  if (rows.length === 0) return;
  await db`
    insert into sync_holding (unit, state, since, after, as_of, is_stuck)
    select * from unnest(${rows.map((r) => r.unit)}::text[], ${rows.map((r) => r.state)}::text[], ${rows.map((r) => r.since)}::float8[],
      ${rows.map((r) => r.after ?? null)}::text[], ${rows.map((r) => r.asOf ?? null)}::bigint[], ${rows.map((r) => String(r.isStuck === true))}::text[]::boolean[])
    on conflict (unit) do update set state = excluded.state, since = excluded.since, after = excluded.after,
      as_of = excluded.as_of, is_stuck = excluded.is_stuck`;
}

export async function readChild(db: Db, child: string): Promise<ChildState | undefined> {
  const [row] = await db<ChildState[]>`select token, life from sync_child where child = ${child}`;
  return row;
}

export async function putChild(db: Db, child: string, { token, life }: ChildState): Promise<void> {
  await db`insert into sync_child (child, token, life) values (${child}, ${token}, ${life})
    on conflict (child) do update set token = excluded.token, life = excluded.life`;
}

function patientsOf({ versions }: Operation): string[] {
  return [...new Set(versions.flatMap(({ patient }) => patient ?? []))];
}

/** Behind all that waits. An operation that is there already stays where it is. */
export async function appendOutbox(db: Db, operation: Operation, now: number): Promise<void> {
  await db`
    insert into sync_outbox (position, operation_id, state, patients, operation, changed)
    select coalesce(max(position), 0) + 1, ${operation.id}, 'waiting', ${patientsOf(operation)}, ${JSON.stringify(operation)}, ${now}
    from sync_outbox on conflict (operation_id) do nothing`;
}

export type Waiting = { operation: Operation; withAncestry: boolean };

/** What waits, in order. */
export async function readOutbox(db: Db, limit: number): Promise<Waiting[]> {
  const rows = await db<{ operation: string; withAncestry: boolean }[]>`
    select operation, with_ancestry as "withAncestry" from sync_outbox where state = 'waiting' order by position limit ${limit}`;
  return rows.map(({ operation, withAncestry }) => ({ operation: operationOf(operation), withAncestry }));
}

/** What was written as JSON by `appendOutbox` comes back as it was: an absent patient or content is undefined. */
function operationOf(text: string): Operation {
  return JSON.parse(text) as Operation;
}

export async function putAnswered(db: Db, operation: string, verdict: Verdict, now: number): Promise<void> {
  const state = verdict.kind === 'setAside' ? 'setAside' : 'taken';
  await db`update sync_outbox set state = ${state}, changed = ${now} where operation_id = ${operation}`;
}

export async function putAncestry(db: Db, operation: string): Promise<void> {
  await db`update sync_outbox set with_ancestry = true where operation_id = ${operation}`;
}

export async function readVerdicts(db: Db, operations: readonly string[]): Promise<Map<string, Verdict>> {
  const rows = await db<{ id: string; verdict: string }[]>`
    select operation_id as id, verdict from sync_verdict where operation_id = any(${[...operations]}::text[])`;
  return new Map(rows.map(({ id, verdict }) => [id, JSON.parse(verdict) as Verdict]));
}

export async function putVerdict(db: Db, operation: string, verdict: Verdict, now: number): Promise<void> {
  await db`insert into sync_verdict (operation_id, verdict, decided) values (${operation}, ${JSON.stringify(verdict)}, ${now})
    on conflict (operation_id) do update set verdict = excluded.verdict`;
}

export async function putSetAside(
  db: Db,
  { operation, why, after }: { operation: Operation; why: string; after?: string },
  now: number,
): Promise<void> {
  await db`
    insert into sync_set_aside (operation_id, why, waits_for, patients, operation, set_aside)
    values (${operation.id}, ${why}, ${after ?? null}, ${patientsOf(operation)}, ${JSON.stringify(operation)}, ${now})
    on conflict (operation_id) do nothing`;
}

export async function readSetAside(db: Db): Promise<Operation[]> {
  const rows = await db<{ operation: string }[]>`select operation from sync_set_aside order by set_aside, operation_id`;
  return rows.map(({ operation }) => operationOf(operation));
}

export async function deleteSetAside(db: Db, operation: string): Promise<void> {
  await db`delete from sync_set_aside where operation_id = ${operation}`;
}
