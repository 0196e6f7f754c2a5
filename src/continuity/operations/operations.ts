/** The numbers of a node, gathered when somebody asks (not more often than every few seconds) and each minute for the history. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { alarmsOf, type Alarm } from './alarms.ts';
import { createGatherer, type GatherDeps } from './gather.ts';
import { addSample, readSamples, removeSamples } from './operations-store.ts';
import type { NumberName, Numbers } from './numbers.ts';
import { createRequests, type Requests } from './requests.ts';

export type OperationsDeps = Omit<GatherDeps, 'sources'> & {
  db: Db;
  clock: Clock;
  sources?: GatherDeps['sources'];
  /** Tells processes of one node apart in the history. */
  process: string;
};

export type Operations = {
  requests: Requests;
  /** As they are now, or were a moment ago. */
  numbers(): Promise<Numbers>;
  state(): Promise<{ state: 'good' | 'warning' | 'critical'; numbers: Numbers; alarms: Alarm[] }>;
  history(name: NumberName, from: number): Promise<{ at: number; value: number }[]>;
  /** Keeps the numbers of this minute, and forgets those of a week ago. Never throws. */
  sample(): Promise<void>;
  start(): void;
  stop(): void;
};

const freshMs = 5000;
const sampleMs = 60_000;
const keptMs = 7 * 86_400_000;

export function createOperations(deps: OperationsDeps): Operations {
  const { db, clock, process, report } = deps;
  const requests = createRequests(() => clock.now());
  const gatherer = createGatherer({ ...deps, sources: deps.sources ?? {} });
  let gathered: { at: number; numbers: Promise<Numbers> } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const numbers = async (): Promise<Numbers> => {
    const now = clock.now();
    if (gathered === undefined || Math.abs(now - gathered.at) > freshMs)
      gathered = { at: now, numbers: gatherer.gather() };
    return { ...(await gathered.numbers), ...requests.lastMinute(now) };
  };
  const operations: Operations = {
    requests,
    numbers,
    async state() {
      const now = await numbers();
      const alarms = alarmsOf(now);
      return { state: alarms[0]?.severity ?? 'good', numbers: now, alarms };
    },
    history: (name, from) => readSamples(db, name, from),
    async sample() {
      try {
        const now = clock.now();
        await addSample(db, process, Math.floor(now / sampleMs) * sampleMs, await numbers());
        await removeSamples(db, now - keptMs);
      } catch (error) {
        report('operations: history', error);
      }
    },
    start() {
      timer ??= setInterval(() => void operations.sample(), sampleMs).unref();
    },
    stop() {
      clearInterval(timer);
      gatherer.stop();
    },
  };
  return operations;
}
