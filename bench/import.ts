/** Loading: transaction bundles in process against `insert … unnest` of the same rows, the size on disk, and memory over a long load. */
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { parseJson } from '#fhir/json/index.ts';
import type { Resource } from '#fhir/types.ts';
import { readConfig } from '#kernel/config.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import { generateRegion } from '#sample/index.ts';
import { openRecord, type Record } from '../src/app.ts';
import type { Unit } from '../src/fhir/record/write-store.ts';
import type { Figure } from './report.ts';

const syntheaFolder = join(import.meta.dirname, '../../shared/data/synthea');
const unitsAtOnce = 4;

export function benchConfig() {
  return readConfig({ FYR_SAMPLE: '0', FYR_REAL_PERSONS: 'accept' }, process.cwd()).config;
}

export async function measureImport(databaseUrl: string, residents: number): Promise<Figure[]> {
  const record = await openRecord(benchConfig(), databaseUrl);
  const units: Unit[] = [];
  record.fhir.committer.onWritten((unit) => {
    if (units.length < 400) units.push(unit);
  });
  try {
    const figures: Figure[] = [];
    const bundles = await syntheaTexts();
    if (bundles.length > 0) {
      const ours = await timed(() =>
        eachOf(bundles, async (text) => record.fhir.importBundle(parseJson(text) as Resource)),
      );
      const bare = await bareInsert(record.db, units);
      figures.push({
        what: 'import of Synthea transaction bundles',
        value: ours,
        unit: 'resources/s',
        bare,
        target: '≥ 0.30, 4,000/s',
      });
      figures.push(...(await sizes(record.db, 'Synthea')));
    } else console.log('Synthea bundles are not here: their import is not measured.');
    const sample = await timed(() => loadSample(record, residents));
    figures.push({ what: `import of the sample, ${residents} residents`, value: sample, unit: 'resources/s' });
    if (bundles.length === 0)
      figures.push({
        what: 'the same rows by insert … unnest',
        value: await bareInsert(record.db, units),
        unit: 'rows/s',
      });
    figures.push(...(await sizes(record.db, 'whole store')));
    return figures;
  } finally {
    await record.close();
  }
}

/** Runs the work and gives what it counts, a second. */
async function timed(work: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const count = await work();
  return count / ((performance.now() - start) / 1000);
}

/** Works on several items at once, as `fyr import` does. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<number>): Promise<number> {
  let next = 0;
  let count = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const done = await work(items[next++] as T);
      count += done;
    }
  };
  await Promise.all(Array.from({ length: unitsAtOnce }, worker));
  return count;
}

async function loadSample(record: Record, residents: number, watch?: (count: number) => void): Promise<number> {
  const items = generateRegion({ residents, seed: 1, today: '2026-11-01' });
  let count = 0;
  const underWay = new Set<Promise<void>>();
  for await (const { resources } of items) {
    const work = record.fhir.importResources(resources).then((n) => {
      count += n;
      watch?.(count);
    });
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
    if (underWay.size >= unitsAtOnce) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  return count;
}

async function syntheaTexts(): Promise<string[]> {
  if (!existsSync(syntheaFolder)) return [];
  const archive = readdirSync(syntheaFolder).find((name) => name.endsWith('.tar.gz'));
  const texts: string[] = [];
  const reader = extract();
  createReadStream(join(syntheaFolder, archive as string))
    .pipe(createGunzip())
    .pipe(reader);
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    if (entry.header.name.endsWith('.json')) texts.push(Buffer.concat(chunks).toString('utf8'));
  }
  return texts;
}

/** The same rows into the same tables, indexes and all, by 500-row statements on one connection, and nothing else. Rows a second. */
async function bareInsert(db: Db, units: readonly Unit[]): Promise<number> {
  await db`create table bare_version (like version including all)`;
  await db`create table bare_resource (like resource including all)`;
  const writes = units.flatMap((unit) => unit.writes);
  const statements: unknown[][] = [];
  for (let i = 0; i < writes.length; i += 500) {
    const page = writes.slice(i, i + 500);
    statements.push([
      page.map((_, j) => i + j),
      page.map((w) => w.bucket),
      page.map((w) => w.type),
      page.map((w) => w.id),
      page.map((w) => w.versionId),
      page.map((w) => w.content),
      page.map((w) => w.values.patient ?? null),
      page.map((w) => `{${w.values.tokens.join(',')}}`),
      page.map((w) => `{${w.values.rangeKeys.join(',')}}`),
      page.map((w) => `{${w.values.rangeLows.join(',')}}`),
      page.map((w) => `{${w.values.rangeHighs.join(',')}}`),
    ]);
  }
  const text = `with input as (select * from unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
      $8::text[], $9::text[], $10::text[], $11::text[]) as i(n, bucket, type, id, version_id, content, patient, tokens, keys, lows, highs)),
    v as (insert into bare_version (n, updated, bucket, version, type, id, version_id, interaction, content)
      select n, now(), bucket, 1, type, id, version_id, 'create', content from input)
    insert into bare_resource (n, updated, bucket, version, type, id, patient, tokens, range_keys, range_lows, range_highs)
    select n, now(), bucket, 1, type, id, patient, tokens::bigint[], keys::int[], lows::float8[], highs::float8[] from input`;
  const perSecond = await timed(async () => {
    for (const parameters of statements) await db.unsafe(text, parameters as never[], { prepare: true });
    return writes.length;
  });
  await db`drop table bare_version, bare_resource`;
  return perSecond;
}

async function sizes(db: Db, what: string): Promise<Figure[]> {
  await db`vacuum analyze resource`;
  const [row] = await db<{ total: number; json: number; count: number }[]>`
    select (select sum(pg_total_relation_size(c.oid)) from pg_class c where c.relname in ('resource', 'version', 'head', 'directory'))::float8 as total,
      (select sum(octet_length(content)) from version)::float8 as json, (select count(*) from resource)::float8 as count`;
  const { total = 0, json = 1, count = 1 } = row ?? {};
  return [
    { what: `disk, ${what}: of the JSON's bytes`, value: total / json, unit: '×', target: '≤ 3.0' },
    {
      what: `disk, ${what}: a resource`,
      value: total / count / 1000,
      unit: 'kB',
      target: '≤ 2.5 (Synthea)',
      note: `${count} resources`,
    },
  ];
}

/** A load of 1,000,000 resources: the process's memory at its start, and the most and the last of it. */
export async function measureMemory(databaseUrl: string): Promise<Figure[]> {
  const admin = openDatabase(databaseUrl, { connectionsMax: 1 });
  await admin`create database million`;
  await admin.end();
  const record = await openRecord(benchConfig(), databaseUrl.replace(/\/fyr(?=[?]|$)/, '/million'));
  const megabytes: number[] = [];
  let nextMark = 0;
  try {
    const perSecond = await timed(() =>
      loadSample(record, 5200, (count) => {
        if (count < nextMark) return;
        nextMark += 50_000;
        megabytes.push(process.memoryUsage().rss / 1e6);
        console.log(`${count} resources, ${megabytes.at(-1)?.toFixed(0)} MB`);
      }),
    );
    return [
      { what: 'import of 1,000,000: rate', value: perSecond, unit: 'resources/s' },
      {
        what: 'import of 1,000,000: most memory of the process',
        value: Math.max(...megabytes),
        unit: 'MB',
        target: '< 400',
      },
      { what: 'import of 1,000,000: memory at the end', value: megabytes.at(-1) ?? 0, unit: 'MB' },
    ];
  } finally {
    await record.close();
  }
}
