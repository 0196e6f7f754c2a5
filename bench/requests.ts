/** Requests over HTTP, 16 connections: a node against a bare handler that runs the same statements or moves the same bytes. In turns, three rounds, medians. */
import { openDatabase, type Db } from '#kernel/db.ts';
import type { Resource } from '#fhir/types.ts';
import type { Fhir } from '#fhir/index.ts';
import { observation } from './one-resource.ts';
import type { Figure } from './report.ts';
import {
  ask,
  benchFhir,
  chooseSubjects,
  crowdedPatients,
  searchKinds,
  type Statement,
  type Subject,
} from './searches.ts';
import { rawRequest, type LoadResult } from './support/load.ts';
import { load, median, startBare, startFyr } from './support/processes.ts';

const ports = { fyr: 18_480, bare: 18_481 };
const connections = 16;
const rounds = 3;

type Case = { what: string; target: string; fyr: string[]; bare: string[] };

export async function measureRequests(databaseUrl: string, seconds: number): Promise<Figure[]> {
  const statements: Statement[] = [];
  const db = openDatabase(databaseUrl, { onStatement: (text, parameters) => statements.push({ text, parameters }) });
  const fhir = await benchFhir(db);
  await makeBareTables(db);
  const fyr = await startFyr(databaseUrl, ports.fyr, { FYR_BENCH_OPEN: '1' });
  const bare = await startBare(databaseUrl, ports.bare);
  try {
    const subjects = await chooseSubjects(db);
    const searches = await searchCases(fhir, subjects, statements);
    const figures: Figure[] = [];
    for (const one of [readCase(subjects), ...searches, ...(await writeCases(fhir, subjects))]) {
      figures.push(await measure(one, seconds));
    }
    figures.push({
      what: 'memory of the node after this',
      value: (await fyr.rss()) / 1e6,
      unit: 'MB',
      target: '< 400',
    });
    return figures;
  } finally {
    await fyr.stop();
    await bare.stop();
    await fhir.stop();
    await db.end();
  }
}

async function measure({ what, target, fyr, bare }: Case, seconds: number): Promise<Figure> {
  const plan = { connections, seconds };
  await load({ ...plan, port: ports.fyr, requests: fyr, seconds: 1 });
  await load({ ...plan, port: ports.bare, requests: bare, seconds: 1 });
  const ours: LoadResult[] = [];
  const theirs: LoadResult[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await load({ ...plan, port: ports.fyr, requests: fyr }));
    theirs.push(await load({ ...plan, port: ports.bare, requests: bare }));
  }
  const failed = [...ours, ...theirs].find((r) => r.failures > 0);
  if (failed) throw new Error(`${what}: ${failed.failures} of ${failed.answers} failed: ${failed.firstFailure}`);
  const perSecond = (results: LoadResult[]): number => median(results.map((r) => r.perSecond));
  return {
    what,
    value: perSecond(ours),
    unit: 'requests/s',
    bare: perSecond(theirs),
    target,
    note: `p50 ${median(ours.map((r) => r.p50Ms)).toFixed(1)} ms, p95 ${median(ours.map((r) => r.p95Ms)).toFixed(1)} ms`,
  };
}

function readCase(subjects: readonly Subject[]): Case {
  return {
    what: 'read by id',
    target: '≥ 0.70, 8,000/s',
    fyr: subjects.map((s) => rawRequest('GET', `/fhir/Patient/${s.id}`)),
    bare: subjects.map((s) => rawRequest('GET', `/content/${s.bucket}/Patient/${s.id}`)),
  };
}

/** Each search is asked once in this process, and the statements that it ran are what the bare handler runs. */
async function searchCases(fhir: Fhir, subjects: readonly Subject[], statements: Statement[]): Promise<Case[]> {
  const kinds = searchKinds(subjects, await crowdedPatients(fhir.context.db));
  const cases: Case[] = [];
  for (const { what, target, name, paths } of kinds) {
    const sequences: unknown[] = [];
    for (const path of paths) {
      statements.length = 0;
      await ask(fhir, path);
      sequences.push(statements.map(({ text, parameters }) => ({ text, parameters, prepare: text.includes('$1') })));
    }
    await fetch(`http://127.0.0.1:${ports.bare}/statements/${name}`, {
      method: 'POST',
      body: JSON.stringify(sequences),
    });
    cases.push({
      what,
      target,
      fyr: paths.map((path) => rawRequest('GET', `/fhir/${path}`)),
      bare: paths.map((_, i) => rawRequest('GET', `/run/${name}/${i}`)),
    });
  }
  return cases;
}

async function makeBareTables(db: Db): Promise<void> {
  await db`create table bare (bucket int, type text, id text, content text, primary key (bucket, type, id))`;
  await db`insert into bare select r.bucket, r.type, r.id, v.content from resource r join version v on v.bucket = r.bucket and v.n = r.n
    where r.type = 'Patient' and not r.deleted`;
  await db`create table bare_written (bucket int, type text, id text, content text, primary key (bucket, type, id))`;
  await db`create table bare_version (like version including all)`;
  await db`create table bare_resource (like resource including all)`;
  await db`create sequence bare_n`;
  await db`vacuum analyze bare`;
}

/** A create against one durable insert of the same text; a transaction of 101 entries against the same rows by one `insert … unnest`. */
async function writeCases(fhir: Fhir, subjects: readonly Subject[]): Promise<Case[]> {
  const bodies = subjects.map((s, i) => {
    const { encounter: _encounter, ...rest } = observation(i);
    return { ...rest, subject: { reference: `Patient/${s.id}` } } as unknown as Resource;
  });
  const texts = bodies.map((b) => JSON.stringify(b));
  const bundles = Array.from({ length: 8 }, (_, k) => transactionOf(bodies, k));
  return [
    {
      what: 'create one',
      target: '≥ 0.40, 2,500/s',
      fyr: texts.map((t) => rawRequest('POST', '/fhir/Observation', t)),
      bare: texts.map((t) => rawRequest('POST', '/insert', t)),
    },
    {
      what: 'transaction of 101 entries',
      target: '≥ 0.30, 40/s',
      fyr: bundles.map((b) => rawRequest('POST', '/fhir', JSON.stringify(b))),
      bare: bundles.map((b) =>
        rawRequest(
          'POST',
          '/unnest',
          sameRows(
            fhir,
            b.entry.map((e) => e.resource),
          ),
        ),
      ),
    },
  ];
}

const urn = 'urn:uuid:11111111-1111-4111-8111-111111111111';

/** A patient and 100 observations that refer to it. */
function transactionOf(bodies: readonly Resource[], k: number) {
  const patient = { resourceType: 'Patient', active: true } as Resource;
  const observations = Array.from({ length: 100 }, (_, i): Resource => ({
    ...(bodies[(k * 100 + i) % bodies.length] as Resource),
    subject: { reference: urn },
  }));
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      { fullUrl: urn, resource: patient, request: { method: 'POST', url: 'Patient' } },
      ...observations.map((resource) => ({ resource, request: { method: 'POST', url: 'Observation' } })),
    ],
  };
}

/** The rows that Fyr writes for these resources, made beforehand, with ids and numbers of the database's own. */
function sameRows(fhir: Fhir, resources: readonly Resource[]): string {
  const values = resources.map((r) => fhir.context.search.extract(r));
  const text = `with input as (select gen_random_uuid()::text as id, nextval('bare_n') as n, i.* from unnest($1::text[], $2::text[], $3::text[], $4::text[],
      $5::text[], $6::text[]) as i(type, content, tokens, keys, lows, highs)),
    v as (insert into bare_version (n, updated, bucket, version, type, id, version_id, interaction, content)
      select n, now(), 7, 1, type, id, '1-bare', 'create', content from input)
    insert into bare_resource (n, updated, bucket, version, type, id, patient, tokens, range_keys, range_lows, range_highs)
    select n, now(), 7, 1, type, id, id, tokens::bigint[], keys::int[], lows::float8[], highs::float8[] from input`;
  const parameters = [
    resources.map((r) => r.resourceType),
    resources.map((r) => JSON.stringify(r)),
    values.map((v) => `{${v.tokens.join(',')}}`),
    values.map((v) => `{${v.rangeKeys.join(',')}}`),
    values.map((v) => `{${v.rangeLows.join(',')}}`),
    values.map((v) => `{${v.rangeHighs.join(',')}}`),
  ];
  return JSON.stringify({ text, parameters, prepare: true });
}
