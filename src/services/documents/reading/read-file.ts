/** Opens files in a thread of their own, with a limit on time and memory. */
import { Worker } from 'node:worker_threads';
import { Fault } from '#kernel/fault.ts';

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

/**
 * @returns what the file says
 * Faults: unprocessable, for what is encrypted, damaged, or takes longer than a minute; notFound, for a page that is none.
 */
export async function readFile(reading: Reading): Promise<Exclude<ReadingAnswer, { problem: string }>> {
  const answer = await inThread(reading);
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
    const end = (answer: ReadingAnswer): void => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(answer);
    };
    const timer = setTimeout(() => end({ problem: 'damaged', detail: 'it took too long' }), limits.timeMs);
    worker.once('message', end);
    worker.once('error', (error) => end({ problem: 'damaged', detail: error.message }));
    worker.once('exit', () => end({ problem: 'damaged', detail: 'its thread ended' }));
  });
}
