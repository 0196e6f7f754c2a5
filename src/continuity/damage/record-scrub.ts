/**
 * Reads the record through, again and again, slowly: each version against the seal that its writer gave it. What PostgreSQL refuses to read, what is gone, and
 * what somebody has edited is noted, and fetched anew from another node (`heal.ts`). A checksum that failed for anybody begins a reading-through at once.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#kernel/clock.ts';
import { isDamage, type Db } from '#kernel/db.ts';
import { isIntact, type Version } from '../protocol/version.ts';
import * as store from './damage-store.ts';

export type RecordScrubDeps = {
  db: Db;
  clock: Clock;
  /** Bytes a second that are read at most. */
  bytesPerSecond: number;
  /** A new reading-through begins so long after the last one began. */
  everyMs: number;
};

const batch = 200;
const leaseMs = 300_000;

export const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Reads for about so long, as far as there is something to read. `done`: all is read, and the next time has not come. */
export async function scrubRecord(
  deps: RecordScrubDeps,
  forMs: number,
  signal?: AbortSignal,
): Promise<'done' | 'more' | 'busy'> {
  const { db, clock } = deps;
  if (!isDue(deps, await store.readRecordScrub(db), await store.readChecksumFailures(db))) return 'done';
  if (!(await store.leaseRecordScrub(db, clock.now(), clock.now() + forMs + leaseMs))) return 'busy';
  try {
    return await readOn(deps, clock.now() + forMs, signal);
  } finally {
    await store.releaseRecordScrub(db);
  }
}

async function readOn(deps: RecordScrubDeps, until: number, signal?: AbortSignal): Promise<'done' | 'more'> {
  const { db, clock } = deps;
  const state = await store.readRecordScrub(db);
  const { began, finished, after: left } = state;
  const counted = await store.readChecksumFailures(db);
  if (!isDue(deps, state, counted)) return 'done';
  const isOver = began === undefined || finished !== undefined;
  if (isOver) await store.beginRecordScrub(db, clock.now(), counted);
  let after = isOver ? { bucket: -1, resource: '', version: '' } : left;
  while (clock.now() < until) {
    signal?.throwIfAborted();
    const startedAt = clock.now();
    const some = await readSome(db, after);
    await store.noteDamage(db, some.flatMap(damageOf), clock.now());
    const next = await placeAfter(db, after, some);
    if (next === undefined) {
      await store.endRecordScrub(db, clock.now(), await store.readChecksumFailures(db));
      return 'done';
    }
    after = next;
    await store.putRecordScrub(db, after, some.length);
    await slowDown(deps, startedAt, some, signal);
  }
  return 'more';
}

/** `counted`: checksum failures until now. */
function isDue(
  { clock, everyMs }: RecordScrubDeps,
  { began, finished, failures }: store.RecordScrubState,
  counted: number,
): boolean {
  return began === undefined || finished === undefined || clock.now() - began >= everyMs || counted !== failures;
}

async function placeAfter(db: Db, after: store.Place, some: readonly store.Looked[]): Promise<store.Place | undefined> {
  const last = some.at(-1);
  if (last !== undefined) return { bucket: last.bucket, resource: last.version.resource, version: last.version.id };
  const bucket = await store.nextBucket(db, after.bucket);
  return bucket === undefined ? undefined : { bucket, resource: '', version: '' };
}

async function readSome(db: Db, after: store.Place): Promise<store.Looked[]> {
  try {
    // In a transaction: what is refused after its first rows leaves the driver's count of rows wrong for the next statement of the connection, here the rollback.
    return await db.begin('read only', (transaction) => store.readAfter(transaction as unknown as Db, after, batch));
  } catch (error) {
    if (!isDamage(error)) throw error;
    return store.readAfterSingly(db, after, batch);
  }
}

function damageOf({ bucket, version, isThere }: store.Looked): store.Damaged[] {
  const named = { bucket, resource: version.resource, version: version.id, seal: version.seal };
  if (!isThere) return [{ ...named, isUnreadable: true }];
  return isSound(version) ? [] : [{ ...named, isUnreadable: false }];
}

/** What its writer wrote. */
export function isSound(version: Version): boolean {
  return isIntact(version, { hash });
}

async function slowDown(
  { clock, bytesPerSecond }: RecordScrubDeps,
  startedAt: number,
  some: readonly store.Looked[],
  signal?: AbortSignal,
): Promise<void> {
  const bytes = some.reduce((sum, { version }) => sum + (version.content?.length ?? 0), 0);
  const waitMs = (bytes / bytesPerSecond) * 1000 - (clock.now() - startedAt);
  if (waitMs >= 1) await delay(waitMs, undefined, signal ? { signal } : {});
}
