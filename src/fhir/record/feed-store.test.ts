/**
 * The feed's promise: with writers that commit late, abort and overtake each other, a reader that runs all the while sees every committed
 * version exactly once and in order within its bucket. The control reads by a sequence instead and must be caught losing rows, or the check is worth nothing.
 */
import { afterAll, expect, test } from 'vitest';
import { openDatabase, type Db } from '#kernel/db.ts';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { readFeed, type FeedCursor } from './feed-store.ts';

const opened: Db[] = [];
afterAll(() => Promise.all(opened.map((db) => db.end())));

function open(url: string, connectionsMax: number): Db {
  const db = openDatabase(url, { connectionsMax });
  opened.push(db);
  return db;
}

/** A small generator of repeatable disorder. */
function disorder(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % limit;
  };
}

/** Eight writers; each transaction writes 1–5 versions over 24 buckets, one in ten waits before its commit, one in twenty aborts. */
async function write(db: Db, writers: number, transactions: number): Promise<Set<string>> {
  const committed = new Set<string>();
  const writer = async (seed: number): Promise<void> => {
    const pick = disorder(seed * 7919 + 13);
    for (let t = 0; t < transactions; t++) {
      const ids = Array.from({ length: 1 + pick(5) }, (_, i) => ({ bucket: pick(24), id: `${seed}-${t}-${i}` }));
      const [waits, aborts] = [pick(10) === 0, pick(20) === 0];
      await db
        .begin(async (tx) => {
          for (const { bucket, id } of ids.sort((a, b) => a.bucket - b.bucket)) {
            await tx`with h as (update head set n = n + 1 where bucket = ${bucket} returning n)
              insert into version (n, updated, bucket, version, type, id, version_id, interaction, content)
              select h.n, now(), ${bucket}, 1, 'Basic', ${id}, '1-t', 'create', nextval('control')::text from h`;
          }
          if (waits) await tx`select pg_sleep(0.02)`;
          if (aborts) throw new Error('abort');
        })
        .then(
          () => ids.forEach(({ id }) => committed.add(id)),
          (error: Error) => {
            if (error.message !== 'abort') throw error;
          },
        );
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, i) => writer(i + 1)));
  return committed;
}

test('a feed reader sees every committed version once, in order within its bucket; a reader by sequence is caught losing some', async () => {
  const url = await ownDatabaseUrl('feed');
  const [db, reader] = [open(url, 8), open(url, 2)];
  await db`create sequence control`;
  await db`create index on version ((content::bigint))`;
  let writing = true;
  const seen: string[] = [];
  const lastOf = new Map<number, number>();
  const bySequence = new Set<string>();
  const read = async (): Promise<void> => {
    let cursor: FeedCursor = new Map();
    for (let quiet = 0; quiet < 2;) {
      const page = await readFeed(reader, cursor, 50);
      for (const { bucket, n, id } of page.entries) {
        expect(n).toBe((lastOf.get(bucket) ?? 0) + 1);
        lastOf.set(bucket, n);
        seen.push(id);
      }
      cursor = page.cursor;
      if (page.entries.length === 0 && !writing) quiet++;
    }
  };
  const readBySequence = async (): Promise<void> => {
    let last = 0;
    for (let quiet = 0; quiet < 2;) {
      const rows = await reader<{ id: string; s: number }[]>`
        select id, content::bigint as s from version where content::bigint > ${last} order by content::bigint limit 50`;
      for (const { id, s } of rows) {
        bySequence.add(id);
        last = s;
      }
      if (rows.length === 0 && !writing) quiet++;
    }
  };
  const readers = Promise.all([read(), readBySequence()]);
  const committed = await write(db, 8, 60);
  writing = false;
  await readers;
  expect(seen.length).toBe(new Set(seen).size);
  expect(new Set(seen)).toEqual(committed);
  expect(bySequence.size, 'the control must lose rows').toBeLessThan(committed.size);
});
