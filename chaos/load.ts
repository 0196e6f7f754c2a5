/** Work at a fixed rate or as fast as it goes, for measuring. */
import type { Caller, Json } from './caller.ts';
import { percentile } from './history.ts';
import { measurement } from './work.ts';

/** Begins so many a second, whatever the answers take. Gives how long all took, milliseconds. */
export async function atRate(perSecond: number, count: number, one: (at: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  const asked: Promise<void>[] = [];
  for (let at = 0; at < count; at++) {
    const due = began + (at * 1000) / perSecond;
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1));
    asked.push(one(at));
  }
  await Promise.all(asked);
  return performance.now() - began;
}

/** Of requests that were answered, milliseconds each; and how many were refused, as by a machine that is too busy. */
export type Times = { reads: number[]; writes: number[]; refused: number };

/** Reads and writes of a patient, in turn. */
export async function mixed(
  caller: Caller,
  { patient, perSecond, forMs }: { patient: string; perSecond: number; forMs: number },
): Promise<Times> {
  const times: Times = { reads: [], writes: [], refused: 0 };
  await atRate(perSecond, (perSecond * forMs) / 1000, async (at) => {
    const began = performance.now();
    const isWrite = at % 2 === 0;
    const { status } = isWrite
      ? await caller.ask('POST', 'Observation', measurement(patient, `mixed.${began}.${at}`))
      : await caller.ask('GET', `Observation?patient=${patient}&_count=20&_sort=-date`);
    if (status >= 300) times.refused++;
    else (isWrite ? times.writes : times.reads).push(performance.now() - began);
  });
  return times;
}

export const p50p99 = (times: readonly number[]): string =>
  `${Math.round(percentile(times, 0.5))} / ${Math.round(percentile(times, 0.99))} ms`;

/** Several resources as one transaction. */
export async function transact(caller: Caller, resources: readonly Json[], fullUrl?: string): Promise<void> {
  const entry = resources.map((resource, at) => ({
    ...(at === 0 && fullUrl !== undefined ? { fullUrl } : {}),
    resource,
    request: { method: 'POST', url: String(resource['resourceType']) },
  }));
  const { status, body } = await caller.ask('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
  if (status !== 200)
    throw new Error(`A transaction was answered by ${status}: ${JSON.stringify(body)?.slice(0, 300)}`);
}

const perTransaction = 100;
const writersAtOnce = 2;

/** So many measurements in transactions of a hundred, as fast as two writers go. */
export async function writeMany(caller: Caller, patients: readonly { id: string }[], changes: number): Promise<void> {
  const word = performance.now();
  let from = 0;
  const writer = async (): Promise<void> => {
    while (from < changes) {
      const begin = from;
      from += perTransaction;
      const patient = patients[(begin / perTransaction) % patients.length];
      const count = Math.min(perTransaction, changes - begin);
      const made = Array.from({ length: count }, (_, at) =>
        measurement(patient?.id ?? '', `bulk.${caller.node}.${word}.${begin + at}`),
      );
      await transact(caller, made);
    }
  };
  await Promise.all(Array.from({ length: writersAtOnce }, writer));
}
