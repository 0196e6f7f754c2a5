/** One walk through the record that indexes resources anew, page by page, at a pace that leaves the node usable. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { parseJson } from '../json/index.ts';
import { bucketCount } from '../record/bucket.ts';
import { readHeads } from '../record/feed-store.ts';
import type { Search } from '../search/index.ts';
import type { Resource } from '../types.ts';
import { readIndexPage, writeIndexPage, type IndexedRow, type Position, type ReindexJob } from './reindex-store.ts';

export type WalkLimits = {
  /** Resources a page. */
  pageMax: number;
  /** The share of the time that the walk may be at work, above 0 and up to 1. */
  share: number;
  /** At least this often is the position noted where there is nothing to index, milliseconds. */
  noteMs: number;
};

export type WalkDeps = {
  db: Db;
  clock: Clock;
  search: Pick<Search, 'extract'>;
  limits: WalkLimits;
  onProgress(walked: number): void;
};

/** Goes on from where the job stands. False when another walk has taken its place; throws when aborted. */
export async function walkIndex(deps: WalkDeps, job: ReindexJob, signal: AbortSignal): Promise<boolean> {
  const { db, clock, limits } = deps;
  const shares = await sharesOf(db);
  let at: Position = { bucket: job.bucket, afterType: job.afterType, afterId: job.afterId };
  let seen = job.seen;
  let noted = clock.now();
  while (at.bucket < bucketCount) {
    signal.throwIfAborted();
    const began = clock.now();
    const rows = await readIndexPage(db, job.types, at, limits.pageMax);
    const isLastOfBucket = rows.length < limits.pageMax;
    const values = rows.map((row) => indexed(deps.search, row));
    seen += rows.length;
    const last = rows.at(-1);
    const next =
      isLastOfBucket || last === undefined
        ? startOf(at.bucket + 1)
        : { bucket: at.bucket, afterType: last.type, afterId: last.id };
    const walked = shares[next.bucket] ?? 1;
    if (rows.length > 0 || next.bucket === bucketCount || clock.now() - noted >= limits.noteMs) {
      const isMine = await writeIndexPage(db, values, at.bucket, next, { id: job.id, walked, seen });
      if (!isMine) return false;
      noted = clock.now();
      deps.onProgress(walked);
    }
    at = next;
    const restMs = (noted - began) * (1 / limits.share - 1);
    if (rows.length > 0 && restMs > 0) await wait(restMs, undefined, { signal });
  }
  return true;
}

const startOf = (bucket: number): Position => ({ bucket, afterType: '', afterId: '' });

function indexed(search: Pick<Search, 'extract'>, { n, type, id, content }: IndexedRow) {
  return { n, type, id, values: search.extract(parseJson(content) as Resource) };
}

/** Which share of all versions lies before each bucket. */
async function sharesOf(db: Db): Promise<number[]> {
  const heads = new Map((await readHeads(db)).map(({ bucket, n }) => [bucket, n]));
  const whole = [...heads.values()].reduce((sum, n) => sum + n, 0);
  let before = 0;
  return Array.from({ length: bucketCount }, (_, bucket) => {
    const share = whole === 0 ? 1 : before / whole;
    before += heads.get(bucket) ?? 0;
    return share;
  });
}
