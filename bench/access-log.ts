/**
 * The access log: appending beside a bare insert, sealing beside writing, and with many entries the patient's page and verification.
 * Run: `node bench/access-log.ts [--entries N] [--seconds N]`; 1,000,000 entries unless told otherwise, 10,000,000 for the whole. They are filled in by
 * COPY with seals that are valid, one for each 1,000 entries, over a year of 20,000 patients and 3,000 people.
 */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openDatabase, type Db } from '#kernel/db.ts';
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import { migrate } from '#kernel/migrations-store.ts';
import { openAccessLog, verifyLog, type AccessEntry, type OpenAccessLog } from '#trust/access-log/index.ts';
import { allMigrations } from '../src/migrations.ts';
import { printTable, type Figure } from './report.ts';
import { entryNumbered, fillLog } from './support/access-log-fill.ts';
import { median, startDatabase } from './support/processes.ts';

const { values } = parseArgs({
  options: { entries: { type: 'string', default: '1000000' }, seconds: { type: 'string', default: '4' } },
});
const clients = 16;
const ids = systemIds(systemClock);
const { privateKey } = generateKeyPairSync('ed25519');

const database = await startDatabase();
const db = openDatabase(database.url, { connectionsMax: clients });
try {
  await migrate(db, allMigrations());
  const log = await openAccessLog({
    databaseUrl: database.url,
    clock: systemClock,
    node: 'bench',
    privateKey,
    anchorFolder: undefined,
    report: (event, error) => console.log(event, error),
  });
  printTable(await measureAppend(db, log, Number(values.seconds)));
  await log.seal();
  await fill(db, Number(values.entries));
  printTable(await measurePage(log));
  printTable([await measureVerification(db)]);
  await log.stop();
} finally {
  await db.end();
  await database.stop();
}

/** What 16 clients do at once, each waiting for its answer before it asks again. */
async function manyTimes(
  seconds: number,
  work: () => Promise<unknown>,
): Promise<{ perSecond: number; p50Ms: number; p99Ms: number }> {
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const begun = performance.now();
      await work();
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { perSecond: times.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function measureAppend(bare: Db, log: OpenAccessLog, seconds: number): Promise<Figure[]> {
  let next = 0;
  const entry = (): AccessEntry => ({ ...entryNumbered(next++), at: systemClock.now(), request: ids.uuid() });
  await bare`create table bare_log (number bigint generated always as identity primary key, at timestamptz, content text)`;
  const insert = (): Promise<unknown> => {
    const each = entry();
    return bare`insert into bare_log (at, content) values (${each.at}::timestamptz, ${JSON.stringify(each)})`;
  };
  const rounds: { alone: number; beside: number; bare: number; p50Ms: number; p99Ms: number; besideP99Ms: number }[] =
    [];
  await manyTimes(1, () => log.append([entry()]));
  for (let round = 0; round < 3; round++) {
    const one = await manyTimes(seconds, insert);
    const alone = await manyTimes(seconds, () => log.append([entry()]));
    log.start();
    const beside = await manyTimes(seconds, () => log.append([entry()]));
    await log.seal();
    rounds.push({
      alone: alone.perSecond,
      beside: beside.perSecond,
      bare: one.perSecond,
      p50Ms: alone.p50Ms,
      p99Ms: alone.p99Ms,
      besideP99Ms: beside.p99Ms,
    });
  }
  const of = (name: keyof (typeof rounds)[number]): number => median(rounds.map((round) => round[name]));
  return [
    {
      what: 'log: entries appended, 16 clients',
      value: of('alone'),
      unit: 'entries/s',
      bare: of('bare'),
      note: 'bare: one insert each, 16 connections',
    },
    { what: 'log: milliseconds until durable, p50', value: of('p50Ms'), unit: 'ms' },
    { what: 'log: milliseconds until durable, p99', value: of('p99Ms'), unit: 'ms' },
    {
      what: 'log: appended while it is sealed',
      value: of('beside'),
      unit: 'entries/s',
      bare: of('alone'),
      note: 'bare: not sealed',
    },
    { what: 'log: until durable while it is sealed, p99', value: of('besideP99Ms'), unit: 'ms' },
  ];
}

async function fill(target: Db, entries: number): Promise<void> {
  const begun = performance.now();
  await fillLog(target, { entries, node: 'bench', privateKey });
  const [size] = await target<{ heap: number; all: number }[]>`
    select sum(pg_relation_size(inhrelid)) as heap, sum(pg_total_relation_size(inhrelid)) as all
    from pg_inherits where inhparent = 'access_entry'::regclass`;
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `${entries.toLocaleString('en')} entries filled in ${seconds.toFixed(0)} s; ${(Number(size?.heap) / entries).toFixed(0)} bytes an entry, ${(Number(size?.all) / entries).toFixed(0)} with indexes`,
  );
}

/** The newest 50 entries of a patient who has many, and of a person. */
async function measurePage(log: OpenAccessLog): Promise<Figure[]> {
  const figures: Figure[] = [];
  const ask = async (
    what: string,
    query: (i: number) => Parameters<OpenAccessLog['reader']['entries']>[0],
  ): Promise<void> => {
    const times: number[] = [];
    for (let i = 0; i < 600; i++) {
      const begun = performance.now();
      let count = 0;
      for await (const _ of log.reader.entries(query(i))) if (++count === 50) break;
      if (count === 0) throw new Error(`nothing found: ${what}`);
      if (i >= 100) times.push(performance.now() - begun);
    }
    times.sort((a, b) => a - b);
    figures.push({ what: `log: ${what}, p50`, value: times[250] as number, unit: 'ms' });
    figures.push({ what: `log: ${what}, p99`, value: times[495] as number, unit: 'ms' });
  };
  await ask('newest 50 entries of a patient', (i) => ({ patient: entryNumbered(i * 37).patient as string }));
  await ask('newest 50 entries by a person', (i) => ({ who: entryNumbered(i * 37).who.reference }));
  return figures;
}

async function measureVerification(target: Db): Promise<Figure> {
  const begun = performance.now();
  const findings: string[] = [];
  const { entries, isWhole } = await verifyLog(target, {
    node: 'bench',
    publicKey: createPublicKey(privateKey),
    onFinding: ({ problem }) => findings.push(problem),
  });
  if (!isWhole) throw new Error(`the log that was filled is not whole: ${findings.slice(0, 5).join(' ')}`);
  const seconds = (performance.now() - begun) / 1000;
  const memory = Math.round(process.memoryUsage().rss / 1e6);
  return {
    what: 'log: verified',
    value: entries / seconds,
    unit: 'entries/s',
    note: `${entries.toLocaleString('en')} in ${seconds.toFixed(1)} s, ${memory} MB`,
  };
}
