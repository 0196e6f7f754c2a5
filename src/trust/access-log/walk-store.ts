/** Reading the whole log in order, with as little work a row as can be: what verification, export and pruning walk along. */
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Db } from '#kernel/db.ts';
import { sealsAfter } from './seal-store.ts';
import type { Seal } from './seal.ts';
import { parseCopiedRows, type WalkedEntry } from './copied-rows.ts';

const entriesAtOnce = 100_000;
const sealsAtOnce = 500;

/**
 * Entries numbered from `from` to `to`, in batches, in order of number. No snapshot is held for long. Takes a connection to itself while it lasts: whatever
 * else was sent on it would wait behind rows that nobody has read yet. So the pool must have another for what is asked meanwhile.
 */
export async function* walkEntries(db: Db, from: number, to: number): AsyncGenerator<WalkedEntry[]> {
  if (from > to) return;
  const connection = await db.reserve();
  try {
    for (let first = from; first <= to; first += entriesAtOnce) {
      const last = Math.min(first + entriesAtOnce - 1, to);
      const stream = (await connection.unsafe(copyOf(first, last)).readable()) as Readable;
      // Each piece holds whole rows: the driver hands on one row at a time, and the stream only joins them.
      try {
        for await (const piece of stream.iterator({ destroyOnReturn: false })) yield parseCopiedRows(piece as Buffer);
      } finally {
        if (!stream.readableEnded) await finished(stream.resume());
        // Where the end came in one piece with what was too much to take at once, the driver has paused the line and waits for a read to go on.
        // Nobody reads beyond an end, so the connection would never answer again.
        stream._read(0);
      }
    }
  } finally {
    connection.release();
  }
}

function copyOf(first: number, last: number): string {
  return `copy (
    select (date_part('epoch', at) * 1000)::bigint, patient, who, actor, action, outcome, number, content
    from access_entry where number >= ${whole(first)} and number <= ${whole(last)} order by number, at
  ) to stdout`;
}

/** COPY takes no parameters: nothing but a whole number gets into its text. */
function whole(number: number): string {
  if (!Number.isSafeInteger(number)) throw new RangeError(`not a whole number: ${number}`);
  return String(number);
}

/** Seals after a number, in order. */
export async function* walkSeals(db: Db, node: string, after: number): AsyncGenerator<Seal> {
  for (let last = after; ;) {
    const seals = await sealsAfter(db, last, sealsAtOnce);
    for (const seal of seals) yield { ...seal, node };
    if (seals.length < sealsAtOnce) return;
    last = seals.at(-1)?.number ?? last;
  }
}

/** The greatest number among the entries; 0 for none. */
export async function greatestNumber(db: Db): Promise<number> {
  const [row] = await db<{ number: number }[]>`select number from access_entry order by number desc limit 1`;
  return row?.number ?? 0;
}

/** The number of the first entry at or after a time, by the seals; undefined when nothing sealed is that new. */
export async function numberAt(db: Db, at: number): Promise<number | undefined> {
  const [row] = await db<{ first: number }[]>`
    select first from access_seal where until >= ${at}::timestamptz order by until, number limit 1`;
  return row?.first;
}
