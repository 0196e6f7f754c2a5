/**
 * Reads all blobs through, again and again, slowly: what rots is found while another copy is still good. It goes on where it was left off, whatever is
 * killed, and one process of a node does it at a time.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import type { BlobStore } from '#trust/encryption/index.ts';
import {
  beginScrub,
  blobsAfter,
  knownAmong,
  leaseScrub,
  putCopy,
  putScrub,
  putState,
  readScrub,
  releaseScrub,
  removeBlob,
  type KnownBlob,
  type ScrubState,
  type ScrubStep,
} from './blob-store.ts';
import { copyPlace, quarantine, type KeptBlobs } from './keep.ts';

export type ScrubDeps = {
  db: Db;
  clock: Clock;
  blobs: KeptBlobs;
  folder: string;
  copy?: BlobStore;
  /** Bytes a second that are read at most, of both copies together. */
  bytesPerSecond: number;
  /** A new reading-through begins so long after the last one began. */
  everyMs: number;
  report(event: string, error: unknown): void;
};

export type Scrubber = {
  /** Reads for about so long, as far as there is something to read. `done`: all is read, and the next time has not come. */
  step(forMs: number, signal?: AbortSignal): Promise<'done' | 'more' | 'busy'>;
  state(): Promise<ScrubState>;
  /** A step a minute, and the copies that are missing. */
  start(): void;
  stop(): Promise<void>;
};

const batch = 100;
const minuteMs = 60_000;
const leaseMs = 300_000;

export function createScrubber(deps: ScrubDeps): Scrubber {
  const { db, clock, blobs, report } = deps;
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<unknown> = Promise.resolve();
  const scrubber: Scrubber = {
    async step(forMs, signal) {
      if (!(await leaseScrub(db, clock.now(), clock.now() + forMs + leaseMs))) return 'busy';
      try {
        return await readOn(deps, clock.now() + forMs, signal);
      } finally {
        await releaseScrub(db);
      }
    },
    state: () => readScrub(db),
    start() {
      const work = async (): Promise<void> => {
        try {
          await blobs.copyMissing(batch, stopping.signal);
          await scrubber.step(minuteMs / 2, stopping.signal);
        } catch (error) {
          if (!stopping.signal.aborted) report('blob scrub', error);
        }
      };
      timer ??= setInterval(() => {
        working = working.then(work);
      }, minuteMs).unref();
    },
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await working;
      await blobs.idle();
    },
  };
  return scrubber;
}

async function readOn(deps: ScrubDeps, until: number, signal?: AbortSignal): Promise<'done' | 'more'> {
  const { db, clock } = deps;
  const state = await readScrub(db);
  const isOver = state.began === undefined || state.finished !== undefined;
  if (isOver && state.began !== undefined && clock.now() - state.began < deps.everyMs) return 'done';
  if (isOver) await beginScrub(db, clock.now());
  let after = isOver ? '' : state.after;
  while (clock.now() < until) {
    const some = await blobsAfter(db, after, batch);
    for (const blob of some) {
      signal?.throwIfAborted();
      const began = clock.now();
      const step = await readOne(deps, blob);
      after = blob.file;
      await putScrub(db, after, step);
      await slowDown(deps, began, blob.bytes * (deps.copy ? 2 : 1), signal);
      if (clock.now() >= until) return 'more';
    }
    if (some.length < batch) {
      await putScrub(db, after, await readUnknown(deps, signal), clock.now());
      return 'done';
    }
  }
  return 'more';
}

const nothing: ScrubStep = { read: 0, healed: 0, quarantined: 0, unknown: 0 };

async function readOne({ db, clock, blobs, copy }: ScrubDeps, blob: KnownBlob): Promise<ScrubStep> {
  const found = await blobs.verify(blob.file);
  if (found === 'destroyed') {
    await blobs.removeFile(blob.file);
    await copy?.removeFile(blob.file);
    await removeBlob(db, blob.file);
    return { ...nothing, read: 1 };
  }
  if (found === 'damaged') {
    const healed = await blobs.heal(blob);
    return healed === 'healed' ? { ...nothing, read: 1, healed: 1 } : { ...nothing, read: 1, quarantined: 1 };
  }
  await putState(db, blob.file, 'good', clock.now());
  // A copy that rotted is made anew from the good one, by whoever copies what is missing.
  if (copy && blob.copies.includes(copyPlace) && (await copy.verify(blob.file)) !== 'good') {
    await putCopy(db, blob.file, copyPlace, false);
    return { ...nothing, read: 1, healed: (await blobs.copyMissing(1)) > 0 ? 1 : 0 };
  }
  return { ...nothing, read: 1 };
}

/** Files that nobody noted: a node that was killed between the file and its row. They are whole or go to quarantine. */
async function readUnknown(deps: ScrubDeps, signal?: AbortSignal): Promise<ScrubStep> {
  const { db, blobs } = deps;
  const step = { ...nothing };
  let some: string[] = [];
  const look = async (): Promise<void> => {
    const known = await knownAmong(db, some);
    for (const file of some) {
      if (known.has(file)) continue;
      signal?.throwIfAborted();
      step.unknown++;
      if ((await blobs.verify(file)) !== 'damaged') continue;
      step.quarantined++;
      await quarantine(deps, file);
    }
    some = [];
  };
  for await (const file of blobs.list()) {
    some.push(file);
    if (some.length === 500) await look();
  }
  await look();
  return step;
}

async function slowDown(
  { clock, bytesPerSecond }: ScrubDeps,
  began: number,
  bytes: number,
  signal?: AbortSignal,
): Promise<void> {
  const waitMs = (bytes / bytesPerSecond) * 1000 - (clock.now() - began);
  if (waitMs >= 1) await delay(waitMs, undefined, signal ? { signal } : {});
}
