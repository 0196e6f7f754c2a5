/** A search on every core: each worker takes its share of the seeds, and what all of them found is put together. */
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { rules } from '../protocol/rules.ts';
import { prepare } from './run.ts';
import { searchSeeds, type Finding, type Searched } from './search.ts';

type Share = { first: number; seeds: number };

/** Seeds from `first` on, `seeds` of them, on the sound rules. A share ends at its first finding. */
export async function searchOnAllCores({ first, seeds }: Share): Promise<Searched> {
  const count = Math.min(availableParallelism(), seeds);
  const bounds = Array.from({ length: count + 1 }, (_, at) => first + Math.floor((seeds * at) / count));
  const shares = bounds.slice(1).map((to, at) => ({ first: bounds[at] as number, seeds: to - (bounds[at] as number) }));
  const searched = await Promise.all(shares.map(searchShare));
  const counts = new Map<string, number>();
  for (const one of searched)
    for (const [what, number] of one.counts) counts.set(what, (counts.get(what) ?? 0) + number);
  const findings = searched.flatMap((one) => one.findings).sort((a, b) => a.seed - b.seed);
  return { seeds: searched.reduce((sum, one) => sum + one.seeds, 0), findings, counts };
}

function searchShare(share: Share): Promise<Searched> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

if (!isMainThread && parentPort !== null) {
  const enough = (findings: readonly Finding[]): boolean => findings.length > 0;
  parentPort.postMessage(searchSeeds({ rules, faulty: {} }, prepare(), workerData as Share, enough));
}
