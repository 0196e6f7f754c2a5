/** Opens files, each in a thread of its own with a limit on time and memory, and no more of them at once than are said. */
import { Worker } from 'node:worker_threads';
import { Fault } from '#kernel/fault.ts';
import { createRequestsAtOnce } from '#kernel/requests-at-once.ts';

export type Reading = {
  task: 'pdf-text' | 'pdf-page' | 'tiff-page' | 'word';
  bytes: Uint8Array;
  /** From 1. */
  page: number;
  /** Pixels. */
  width: number;
};

export type ReadingAnswer =
  | { pages: string[] }
  | { html: string }
  /** A PNG, and how many pages there are. */
  | { picture: Uint8Array; pageCount: number }
  | { problem: 'encrypted' | 'damaged' | 'no-such-page'; detail: string };

const limits = { timeMs: 60_000, memoryMb: 768 };

type Opened = Exclude<ReadingAnswer, { problem: string }>;

/**
 * @returns what the file says
 * Faults: unprocessable, for what is encrypted, damaged, or takes longer than a minute; notFound, for a page that is none; busy, where none of the
 * others ended in time.
 */
export type OpenFile = (reading: Reading) => Promise<Opened>;

/** Files wait for the few that are open, so that memory is what those few need, however many come at once. */
const waiting = { filesMax: 500, timeMs: 120_000 };

/** @param threadsMax files that are open at once */
export function createFileOpener({ threadsMax }: { threadsMax: number }): OpenFile {
  const places = createRequestsAtOnce({
    placesMax: threadsMax,
    waitingMax: waiting.filesMax,
    waitMs: waiting.timeMs,
  });
  return async (reading) => {
    await places.take('file', reading);
    try {
      return said(await inThread(reading));
    } finally {
      places.leave(reading);
    }
  };
}

function said(answer: ReadingAnswer): Opened {
  if (!('problem' in answer)) return answer;
  if (answer.problem === 'no-such-page') throw new Fault('notFound', 'The document has no such page.');
  if (answer.problem === 'encrypted')
    throw new Fault('unprocessable', 'The document is locked by a password. Send it without.', { reason: 'encrypted' });
  throw new Fault('unprocessable', 'The document is damaged and can not be opened.', {
    reason: 'damaged',
    cause: new Error(answer.detail),
  });
}

function inThread(reading: Reading): Promise<ReadingAnswer> {
  // What is known of types only goes away as the thread is started by Node itself, which reads TypeScript.
  const worker = new Worker(new URL('./reading-thread.ts', import.meta.url), {
    workerData: reading,
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb },
    env: {},
    stdout: true,
    stderr: true,
  });
  return new Promise<ReadingAnswer>((resolve) => {
    // The place is free when the thread's memory is: what it said first is told when it has ended.
    let said: ReadingAnswer | undefined;
    const end = (answer: ReadingAnswer): void => {
      said ??= answer;
      clearTimeout(timer);
      void worker.terminate();
    };
    const timer = setTimeout(() => end({ problem: 'damaged', detail: 'it took too long' }), limits.timeMs);
    worker.once('message', end);
    worker.once('error', (error) => end({ problem: 'damaged', detail: error.message }));
    worker.once('exit', () => {
      clearTimeout(timer);
      resolve(said ?? { problem: 'damaged', detail: 'its thread ended' });
    });
  });
}
