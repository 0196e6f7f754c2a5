/** The lines to the nodes above and below, as they lie in the database. Everything here is read and changed under the lock of `sync_line`. */
import type { Db } from '#kernel/db.ts';
import type { LineState } from '../protocol/exchange.ts';
import type { ChildState } from '../protocol/serve.ts';
import type { Holding, Operation, Unit, Verdict } from '../protocol/view.ts';

/** When what is here was compared last, milliseconds since 1970: the patients, and all. */
export type Line = LineState & { ownEpoch: string; heard: number; comparedPatients: number; comparedAll: number };

type LineRow = {
  epoch: string;
  life: number;
  heard: number;
  upstreamEpoch: string | null;
  confirmed: string;
  tried: string[];
  comparedPatients: number;
  comparedAll: number;
};

/** Takes the lock for the rest of the transaction. The row is made the first time, with this epoch. */
export async function lockLine(db: Db, freshEpoch: string): Promise<Line> {
  await db`insert into sync_line (epoch) values (${freshEpoch}) on conflict do nothing`;
  const [row] = await db<LineRow[]>`
    select epoch, life, heard, upstream_epoch as "upstreamEpoch", confirmed, tried,
      compared_patients as "comparedPatients", compared_all as "comparedAll" from sync_line for update`;
  const cursor = await db<{ bucket: number; n: number }[]>`select bucket, n from sync_cursor`;
  const { epoch, life, heard, upstreamEpoch, confirmed, tried, comparedPatients, comparedAll } = row as LineRow;
  return {
    ownEpoch: epoch,
    life,
    heard,
    comparedPatients,
    comparedAll,
    epoch: upstreamEpoch ?? undefined,
    contact: { confirmed, tried },
    cursor: new Map(cursor.map(({ bucket, n }) => [bucket, n])),
  };
}

export async function putHeard(db: Db, heard: number): Promise<void> {
  await db`update sync_line set heard = greatest(heard, ${heard}::float8)`;
}

/** Versions that wait to be sent, as `resource version`. */
export async function readWaitingNames(db: Db): Promise<Set<string>> {
  const rows = await db<{ name: string }[]>`
    select (v ->> 'resource') || ' ' || (v ->> 'id') as name
    from sync_outbox, jsonb_array_elements(operation::jsonb -> 'versions') as v where state = 'waiting'`;
  return new Set(rows.map(({ name }) => name));
}

/** That patients, or all, have been compared. */
export async function putCompared(db: Db, now: number, isAll: boolean): Promise<void> {
  await db`update sync_line set compared_patients = ${now} ${isAll ? db`, compared_all = ${now}` : db``}`;
}

export async function putContact(db: Db, confirmed: string, tried: readonly string[]): Promise<void> {
  await db`update sync_line set confirmed = ${confirmed}, tried = ${[...tried]}`;
}

/** Another line of upstream's history: its cursor, and everything that was sent waits again. */
export async function putEpoch(db: Db, epoch: string, cursor: ReadonlyMap<number, number>, now: number): Promise<void> {
  await db`update sync_line set upstream_epoch = ${epoch}`;
  await db`delete from sync_cursor`;
  await putCursor(db, cursor);
  await db`update sync_outbox set state = 'waiting', with_ancestry = false, taken_at = null, changed = ${now}`;
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
  isUnproven: boolean;
};

export async function readHoldings(db: Db): Promise<Map<Unit, Holding>> {
  const rows = await db<HoldingRow[]>`
    select unit, state, since, after, as_of as "asOf", is_stuck as "isStuck", is_unproven as "isUnproven" from sync_holding`;
  return new Map(
    rows.map(({ unit, state, since, after, asOf, isStuck, isUnproven }) => [
      unit,
      {
        state,
        since,
        ...(after === null ? {} : { after }),
        ...(asOf === null ? {} : { asOf }),
        ...(isStuck ? { isStuck } : {}),
        ...(isUnproven ? { isUnproven } : {}),
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
    insert into sync_holding (unit, state, since, after, as_of, is_stuck, is_unproven)
    select * from unnest(${rows.map((r) => r.unit)}::text[], ${rows.map((r) => r.state)}::text[], ${rows.map((r) => r.since)}::float8[],
      ${rows.map((r) => r.after ?? null)}::text[], ${rows.map((r) => r.asOf ?? null)}::bigint[], ${rows.map((r) => String(r.isStuck === true))}::text[]::boolean[],
      ${rows.map((r) => String(r.isUnproven === true))}::text[]::boolean[])
    on conflict (unit) do update set state = excluded.state, since = excluded.since, after = excluded.after,
      as_of = excluded.as_of, is_stuck = excluded.is_stuck, is_unproven = excluded.is_unproven`;
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

/** Behind all that waits, in this order. An operation that is there already stays where it is. */
export async function appendOutbox(db: Db, operations: readonly Operation[], now: number): Promise<void> {
  if (operations.length === 0) return;
  await db`
    insert into sync_outbox (position, operation_id, state, patients, operation, changed)
    select last.position + o.place, o.id, 'waiting', array(select jsonb_array_elements_text(o.patients)), o.operation, ${now}
    from (select coalesce(max(position), 0) as position from sync_outbox) as last,
      unnest(${operations.map(({ id }) => id)}::text[], ${operations.map((one) => JSON.stringify(patientsOf(one)))}::text[]::jsonb[],
        ${operations.map((one) => JSON.stringify(one))}::text[]) with ordinality as o(id, patients, operation, place)
    on conflict (operation_id) do nothing`;
}

export type Waiting = { operation: Operation; withAncestry: boolean };

/** What waits, in order, and no more than a message holds: the first one always. */
export async function readOutbox(db: Db, limit: number, bytesMax: number): Promise<Waiting[]> {
  const rows = await db<{ operation: string; withAncestry: boolean }[]>`
    select operation, with_ancestry as "withAncestry" from (
      select *, sum(octet_length(operation)) over (order by position) - octet_length(operation) as before
      from (select * from sync_outbox where state = 'waiting' order by position limit ${limit}) as first) as sized
    where before < ${bytesMax} order by position`;
  return rows.map(({ operation, withAncestry }) => ({ operation: operationOf(operation), withAncestry }));
}

/** What was written as JSON by `appendOutbox` comes back as it was: an absent patient or content is undefined. */
function operationOf(text: string): Operation {
  return JSON.parse(text) as Operation;
}

/** Milliseconds since 1970: by this node's clock, and by that of the node above. */
export type Times = { now: number; upstreamNow: number };

export type Judged = { operation: string; verdict: Verdict };

/** What the node above has answered. */
export async function putAnswered(db: Db, judged: readonly Judged[], { now, upstreamNow }: Times): Promise<void> {
  if (judged.length === 0) return;
  // A person decides about what was set aside: it is kept until then.
  const states = judged.map(({ verdict }) => (verdict.kind === 'setAside' ? 'setAside' : 'taken'));
  await db`
    update sync_outbox o set state = j.state, taken_at = case j.state when 'taken' then ${upstreamNow}::float8 end, changed = ${now}
    from unnest(${judged.map(({ operation }) => operation)}::text[], ${states}::text[]) as j(id, state) where o.operation_id = j.id`;
}

export async function putAncestry(db: Db, operation: string): Promise<void> {
  await db`update sync_outbox set with_ancestry = true where operation_id = ${operation}`;
}

export async function readVerdicts(db: Db, operations: readonly string[]): Promise<Map<string, Verdict>> {
  const rows = await db<{ id: string; verdict: string }[]>`
    select operation_id as id, verdict from sync_verdict where operation_id = any(${[...operations]}::text[])`;
  return new Map(rows.map(({ id, verdict }) => [id, JSON.parse(verdict) as Verdict]));
}

export async function putVerdicts(db: Db, judged: readonly Judged[], now: number): Promise<void> {
  if (judged.length === 0) return;
  const last = new Map(judged.map(({ operation, verdict }) => [operation, JSON.stringify(verdict)]));
  await db`
    insert into sync_verdict (operation_id, verdict, decided)
    select id, verdict, ${now} from unnest(${[...last.keys()]}::text[], ${[...last.values()]}::text[]) as j(id, verdict)
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

/** Operations that concern the patient and wait for the node above, or are set aside here. */
export async function countUnsent(db: Db, patient: string): Promise<number> {
  const [row] = await db<{ count: number }[]>`
    select (select count(*) from sync_outbox where state = 'waiting' and patients @> array[${patient}]::text[])
      + (select count(*) from sync_set_aside where patients @> array[${patient}]::text[]) as count`;
  return row?.count ?? 0;
}

/** Versions of this patient that the node above has taken from here, as `resource version`. */
export async function readTaken(db: Db, patient: string): Promise<Set<string>> {
  const rows = await db<{ operation: string }[]>`
    select operation from sync_outbox where state <> 'waiting' and patients @> array[${patient}]::text[]`;
  return new Set(rows.flatMap(({ operation }) => operationOf(operation).versions.map((v) => `${v.resource} ${v.id}`)));
}

/** Forgets operations that the node above took at or before this moment by its own clock; at most `limit`. How many there were. */
export async function forgetTaken(db: Db, takenAt: number, limit: number): Promise<number> {
  const rows = await db`
    delete from sync_outbox where position in (
      select position from sync_outbox where state = 'taken' and taken_at <= ${takenAt} order by position limit ${limit})
    returning position`;
  return rows.length;
}
