/**
 * Figures of the access log: appending beside a bare insert, sealing beside writing, and over many entries the patient's page and verification. The
 * entries are filled in by COPY with valid seals, one for each thousand, over a year of 20,000 patients and 3,000 people.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createDatabase } from '#kernel/db-create.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import { migrate } from '#kernel/migrations-store.ts';
import { openAccessLog, verifyLog, type AccessEntry, type OpenAccessLog } from '#trust/access-log/index.ts';
import { allMigrations } from '../src/migrations.ts';
import type { Figure } from './report.ts';
import { entryNumbered, fillLog } from './support/access-log-fill.ts';
import { median } from './support/processes.ts';

const clients = 16;
const rounds = 3;
const ids = systemIds(systemClock);

export type AccessLogBench = { entries: number; seconds: number; add(...figures: Figure[]): void };

/** Measures in a database of its own on the server. */
export async function measureAccessLog(serverUrl: string, { entries, seconds, add }: AccessLogBench): Promise<void> {
  const name = 'bench_access_log';
  await createDatabase(serverUrl, name);
  const databaseUrl = serverUrl.replace(/\/[^/]*$/, `/${name}`);
  const { privateKey } = generateKeyPairSync('ed25519');
  const db = openDatabase(databaseUrl, { connectionsMax: clients, isDurable: true });
  try {
    await migrate(db, allMigrations());
    const log = await openAccessLog({
      databaseUrl,
      clock: systemClock,
      node: 'bench',
      privateKey,
      anchorFolder: undefined,
      report: (event, error) => console.log(event, error),
    });
    add(...(await measureAppend(db, log, seconds)));
    await log.seal();
    add(...(await fill(db, entries, privateKey)));
    add(...(await measurePage(log, entries)));
    await log.stop();
    add(await measureVerification(db, privateKey));
  } finally {
    await db.end();
  }
}

type Measured = { perSecond: number; p50Ms: number; p99Ms: number };

/** What 16 clients do at once, each waiting for its answer before it asks again. */
async function manyTimes(seconds: number, work: () => Promise<unknown>): Promise<Measured> {
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
  const append = (): Promise<unknown> => log.append([entry()]);
  await manyTimes(1, append);
  const measured: { bare: Measured; alone: Measured; sealed: Measured }[] = [];
  for (let round = 0; round < rounds; round++) {
    await log.seal();
    const one = { bare: await manyTimes(seconds, insert), alone: await manyTimes(seconds, append) };
    measured.push({ ...one, sealed: await besideSealing(log, () => manyTimes(seconds, append)) });
  }
  const of = (kind: 'bare' | 'alone' | 'sealed', what: keyof Measured): number =>
    median(measured.map((each) => each[kind][what]));
  return [
    {
      what: 'log: entries appended, 16 clients',
      value: of('alone', 'perSecond'),
      unit: 'entries/s',
      bare: of('bare', 'perSecond'),
      note: 'bare: one insert each',
    },
    { what: 'log: until an entry is durable, p50', value: of('alone', 'p50Ms'), unit: 'ms', bare: of('bare', 'p50Ms') },
    { what: 'log: until an entry is durable, p99', value: of('alone', 'p99Ms'), unit: 'ms', bare: of('bare', 'p99Ms') },
    {
      what: 'log: entries appended while sealing',
      value: of('sealed', 'perSecond'),
      unit: 'entries/s',
      bare: of('alone', 'perSecond'),
      note: 'bare: not sealed',
    },
    { what: 'log: while sealing, p99', value: of('sealed', 'p99Ms'), unit: 'ms', bare: of('alone', 'p99Ms') },
  ];
}

/** Seals each second meanwhile, as a node does. */
async function besideSealing<T>(log: OpenAccessLog, work: () => Promise<T>): Promise<T> {
  let sealing = Promise.resolve();
  const timer = setInterval(() => {
    sealing = sealing.then(() => log.seal());
  }, 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await sealing;
  }
}

async function fill(db: Db, entries: number, privateKey: KeyObject): Promise<Figure[]> {
  const before = await sizes(db);
  await fillLog(db, { entries, node: 'bench', privateKey });
  const after = await sizes(db);
  return [
    { what: 'log: disk, an entry', value: (after.heap - before.heap) / entries, unit: 'bytes' },
    { what: 'log: disk, an entry with indexes', value: (after.all - before.all) / entries, unit: 'bytes' },
  ];
}

async function sizes(db: Db): Promise<{ heap: number; all: number }> {
  const [row] = await db<{ heap: number; all: number }[]>`
    select sum(pg_relation_size(inhrelid))::float8 as heap, sum(pg_total_relation_size(inhrelid))::float8 as all
    from pg_inherits where inhparent = 'access_entry'::regclass`;
  return row ?? { heap: 0, all: 0 };
}

/** The newest 50 entries of a patient who has hundreds, and of one person. */
async function measurePage(log: OpenAccessLog, entries: number): Promise<Figure[]> {
  type Query = Parameters<OpenAccessLog['reader']['entries']>[0];
  const figures: Figure[] = [];
  const ask = async (what: string, query: (i: number) => Query): Promise<void> => {
    const times: number[] = [];
    for (let i = 0; i < 600; i++) {
      const begun = performance.now();
      let count = 0;
      for await (const _entry of log.reader.entries(query(i * 37))) if (++count === 50) break;
      if (count === 0) throw new Error(`nothing found: ${what}`);
      if (i >= 100) times.push(performance.now() - begun);
    }
    times.sort((a, b) => a - b);
    const note = `of ${entries.toLocaleString('en')} entries`;
    figures.push({ what: `log: newest 50 of a ${what}, p50`, value: times[250] as number, unit: 'ms', note });
    figures.push({ what: `log: newest 50 of a ${what}, p99`, value: times[495] as number, unit: 'ms' });
  };
  await ask('patient', (i) => ({ patient: entryNumbered(i).patient as string }));
  await ask('person', (i) => ({ who: entryNumbered(i).who.reference }));
  return figures;
}

async function measureVerification(db: Db, privateKey: KeyObject): Promise<Figure> {
  const begun = performance.now();
  const problems: string[] = [];
  let mostMemory = 0;
  const { entries, isWhole } = await verifyLog(db, {
    node: 'bench',
    publicKey: createPublicKey(privateKey),
    onFinding: ({ problem }) => problems.push(problem),
    goOn: () => {
      mostMemory = Math.max(mostMemory, process.memoryUsage.rss());
      return true;
    },
  });
  if (!isWhole) throw new Error(`the log that was filled is not whole: ${problems.slice(0, 5).join(' ')}`);
  const seconds = (performance.now() - begun) / 1000;
  const note = `${entries.toLocaleString('en')} in ${seconds.toFixed(1)} s, at most ${Math.round(mostMemory / 1e6)} MB`;
  return { what: 'log: verified', value: entries / seconds, unit: 'entries/s', note };
}
