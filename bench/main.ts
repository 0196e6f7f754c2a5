/**
 * `npm run bench`: every figure beside its bare limit in the same run: the same bytes through the same PostgreSQL and HTTP server without Fyr.
 * Prints one table and writes it as JSON. `--residents N` sets the size of the sample (500), `--seconds N` a measurement's length (3), `--million` imports
 * 1,000,000 resources and watches the memory.
 */
import { fork } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureAccessLog } from './access-log-figures.ts';
import { measureGrowth } from './growth.ts';
import { measureImport } from './import.ts';
import { measureExpansion, measureExtraction } from './one-resource.ts';
import { measurePacks } from './packs.ts';
import { browserOfMachine, measurePages } from './pages.ts';
import { printTable, type Figure } from './report.ts';
import { measureRequests } from './requests.ts';
import { measureDecisions } from './trust-policy.ts';
import { measureProofs } from './proofs.ts';
import { measureSummary } from './summary.ts';
import { measureTrust } from './trust.ts';
import { startDatabase } from './support/processes.ts';

/** In a process that has done nothing before, with this one's flags. */
function measureAlone(databaseUrl: string): Promise<Figure[]> {
  const child = fork(join(import.meta.dirname, 'memory.ts'), { env: { ...process.env, BENCH_DATABASE: databaseUrl } });
  return new Promise((resolve, reject) => {
    child.once('message', (figures) => resolve(figures as Figure[]));
    child.once('exit', (code) => reject(new Error(`the load ended with ${code}`)));
  });
}

/** In a database of its own: the record that it makes long is part of no other figure. */
async function measureApart(measure: (databaseUrl: string) => Promise<Figure[]>): Promise<Figure[]> {
  const own = await startDatabase();
  try {
    return await measure(own.url);
  } finally {
    await own.stop();
  }
}

const { values } = parseArgs({
  options: {
    residents: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '3' },
    million: { type: 'boolean', default: false },
  },
});

/** Enough to see that pages and verification work; `bench/access-log.ts` takes more. */
const logEntries = 200_000;
const figures: Figure[] = [];
const plans: string[] = [];
const add = (...found: Figure[]): void => {
  figures.push(...found);
  printTable(found);
};
const loadBefore = loadavg();
const database = await startDatabase();
try {
  add(...measureExtraction(), await measureExpansion());
  add(...measureDecisions());
  add(...(await measureImport(database.url, Number(values.residents))));
  add(...(await measureRequests(database.url, Number(values.seconds))));
  await measureAccessLog(database.url, { entries: logEntries, seconds: Number(values.seconds), add });
  add(...(await measureProofs(database.url)));
  add(...(await measureTrust(database.url, Number(values.seconds))));
  const growth = await measureGrowth(database.url, Number(values.residents));
  add(...growth.figures);
  plans.push(...growth.plans);
  add(...(await measurePacks(database.url)));
  add(...(await measureApart(measureSummary)));
  const browser = await browserOfMachine();
  add(...(await measureApart((url) => measurePages(url, browser))));
  if (values.million) add(...(await measureAlone(database.url)));
} finally {
  await database.stop();
}
console.log(`\nThe plans of the searches:\n\n${plans.join('\n')}`);
console.log('All of it:');
printTable(figures);
const machine = {
  cpus: cpus().length,
  model: cpus()[0]?.model,
  node: process.version,
  loadBefore,
  loadAfter: loadavg(),
};
console.log(
  `\n${machine.cpus} × ${machine.model}, Node ${machine.node}, load before ${loadBefore.map((l) => l.toFixed(1)).join(' ')}`,
);
mkdirSync('var', { recursive: true });
writeFileSync('var/bench.json', `${JSON.stringify({ machine, figures, plans }, undefined, 2)}\n`);
