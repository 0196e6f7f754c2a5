/**
 * How long a patient summary takes of a record of 5,000 resources, and the indicator that is asked before it, one after the other over HTTP with everything on:
 * token, policy, log. Alone: `node bench/summary.ts`. The bare limit of the summary is its parts without HTTP and trust: read and written in this process.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readConfig } from '#kernel/config.ts';
import { systemClock } from '#kernel/clock.ts';
import { openDatabase } from '#kernel/db.ts';
import { systemIds } from '#kernel/ids.ts';
import { findCurrent } from '#fhir/record/store.ts';
import type { Resource } from '#fhir/types.ts';
import { personaEntries } from '#sample/persona-entries.ts';
import { regionItems } from '#sample/index.ts';
import { issueToken } from '#trust/provider/index.ts';
import { openRecord, type Record } from '../src/app.ts';
import { printTable, type Figure } from './report.ts';
import { startDatabase, startFyr } from './support/processes.ts';

const port = 18_491;
const resources = 5000;
const calls = 200;
const warm = 50;

type Times = { p50: number; p95: number; processorMs: number };

export async function measureSummary(databaseUrl: string): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-bench-summary-'));
  const { config } = readConfig({ FYR_SAMPLE: '0', FYR_NODE: 'bench', FYR_DATA: folder }, folder);
  const record = await openRecord(config, databaseUrl);
  const patient = await fillRecord(record);
  const bare = await timesOf(async () => {
    const { dispatch, context } = record.fhir;
    const asked = { method: 'GET', segments: ['Patient', patient, '$summary'], parameters: [], headers: {} } as const;
    const { resource } = await dispatch(asked, context.grants.background('bench'));
    JSON.stringify(resource);
  });
  await record.close();
  const node = await startFyr(databaseUrl, port, { FYR_TRIAL_BEARER: '1', FYR_DATA: folder });
  try {
    const authorization = `Bearer ${await tokenOf(databaseUrl)}`;
    const ask = async (path: string, body?: object): Promise<void> => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text.slice(0, 300)}`);
    };
    const summary = await timesOf(() => ask(`/fhir/Patient/${patient}/$summary`));
    const indicator = await timesOf(() => ask('/api/summary/indicator', { patient }));
    const pdf = await timesOf(() => ask(`/api/summary/${patient}.pdf`), 20);
    return [
      figureOf(`$summary of a record of ${resources} resources, p95`, summary, '< 50 ms', bare),
      figureOf('health indicator, p95', indicator, '< 5 ms'),
      figureOf('the same summary as PDF, p95', pdf),
    ];
  } finally {
    await node.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function figureOf(what: string, { p50, p95 }: Times, target?: string, bare?: Times): Figure {
  const limit =
    bare === undefined
      ? ''
      : `; in process without trust p50 ${round(bare.p50)}, p95 ${round(bare.p95)} ms, of which the processor ${round(bare.processorMs)} ms`;
  const note = `p50 ${round(p50)} ms${limit}`;
  return { what, value: p95, unit: 'ms', note, ...(target === undefined ? {} : { target }) };
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

async function timesOf(work: () => Promise<void>, count = calls): Promise<Times> {
  for (let i = 0; i < Math.min(warm, count); i++) await work();
  const times: number[] = [];
  const used = process.cpuUsage();
  for (let i = 0; i < count; i++) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  const { user, system } = process.cpuUsage(used);
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
  return { p50: at(0.5), p95: at(0.95), processorMs: (user + system) / 1000 / count };
}

/** The sample's region with its old man's record made longer by its own measurements, each time a month older. */
async function fillRecord(record: Record): Promise<string> {
  let patient = '';
  for (const { resources: item } of regionItems({ residents: 3, seed: 'fyr', today: '2026-11-01' })) {
    await record.fhir.importResources(item);
    const [first] = item;
    if (patient === '' && first?.resourceType === 'Patient') {
      patient = first.id as string;
      await lengthen(record, item);
    }
  }
  return patient;
}

async function lengthen(record: Record, own: readonly Resource[]): Promise<void> {
  const observations = own.filter(({ resourceType }) => resourceType === 'Observation');
  let left = resources - own.length;
  for (let month = 1; left > 0; month++) {
    const older = observations.slice(0, left).map(({ id: _id, ...rest }) => ({
      ...rest,
      effectiveDateTime: monthsBefore(String(rest['effectiveDateTime']), month),
    }));
    await record.fhir.importResources(older as Resource[]);
    left -= older.length;
  }
}

const monthsBefore = (instant: string, months: number): string =>
  new Date(Date.parse(instant) - months * 30 * 86_400_000).toISOString();

async function tokenOf(databaseUrl: string): Promise<string> {
  const db = openDatabase(databaseUrl, { connectionsMax: 2 });
  const read = async (type: string, id: string): Promise<Resource | undefined> => {
    const found = await findCurrent(db, type, id);
    return found?.content == null ? undefined : (JSON.parse(found.content) as Resource);
  };
  const deps = { db, clock: systemClock, ids: systemIds(systemClock), baseUrl: `http://127.0.0.1:${port}` };
  try {
    const asked = { as: 'generalPractitioner', forSeconds: 3600 };
    return await issueToken({ ...deps, personas: personaEntries(), read }, asked);
  } finally {
    await db.end();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const database = await startDatabase();
  try {
    printTable(await measureSummary(database.url));
  } finally {
    await database.stop();
  }
}
