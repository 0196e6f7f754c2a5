/** What is carried on a stick, read from the line's own tables, and which files were taken in. */
import type { Db } from '#kernel/db.ts';
import type { Operation, Unit } from '../protocol/view.ts';

export type LinePlace = {
  /** Undefined: this node has never been in contact with the node above. */
  epoch: string | undefined;
  cursor: Map<number, number>;
  tried: readonly string[];
};

export async function readLinePlace(db: Db): Promise<LinePlace> {
  const [row] = await db<
    { epoch: string | null; tried: string[] }[]
  >`select upstream_epoch as epoch, tried from sync_line`;
  const cursor = await db<{ bucket: number; n: number }[]>`select bucket, n from sync_cursor`;
  return {
    epoch: row?.epoch ?? undefined,
    cursor: new Map(cursor.map(({ bucket, n }) => [bucket, n])),
    tried: row?.tried ?? [],
  };
}

export type Waiting = { position: number; operation: Operation };

/** What waits to be sent, in order, behind a position. What the node above wants with all that it builds upon waits for the line. */
export async function readWaiting(db: Db, after: number, limit: number): Promise<Waiting[]> {
  const rows = await db<{ position: number; operation: string }[]>`
    select position, operation from sync_outbox where state = 'waiting' and not with_ancestry and position > ${after}
    order by position limit ${limit}`;
  return rows.map(({ position, operation }) => ({ position, operation: JSON.parse(operation) as Operation }));
}

/** Units that are to be filled, and how far each has come. */
export async function readFilling(db: Db): Promise<{ unit: Unit; after: string | undefined }[]> {
  const rows = await db<{ unit: string; after: string | null }[]>`
    select unit, after from sync_holding where state = 'filling' and not is_stuck order by unit`;
  return rows.map(({ unit, after }) => ({ unit, after: after ?? undefined }));
}

/** When this file was taken in whole, milliseconds since 1970; undefined: it was not. */
export async function takenIn(db: Db, id: string): Promise<number | undefined> {
  const [row] = await db<{ at: number }[]>`select taken_in as at from carried where id = ${id}`;
  return row?.at;
}

export type Carried = { id: string; from: string; kind: 'ask' | 'answer'; made: number; messages: number };

export async function noteTakenIn(db: Db, { id, from, kind, made, messages }: Carried, now: number): Promise<void> {
  await db`insert into carried (id, sender, kind, made, taken_in, messages)
    values (${id}, ${from}, ${kind}, ${made}, ${now}, ${messages}) on conflict (id) do nothing`;
}
