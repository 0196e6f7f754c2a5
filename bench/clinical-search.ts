/**
 * Search by clinical concept over HTTP with everything on, by a person who has access: in a patient of 2,000 documents, warm and after each change of the
 * record; across many documents, put into the index by COPY; and how fast the index follows an import. Alone: `node bench/clinical-search.ts [--documents N]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { readConfig } from '#kernel/config.ts';
import type { Resource } from '#fhir/types.ts';
import { createClinicalSearch } from '#services/clinical-search/index.ts';
import { regionItems } from '#sample/index.ts';
import { documentReference, makeLongRecord, readFindings } from '../eval/findings/long-record.ts';
import { openRecord, type Record } from '../src/app.ts';
import { printTable, type Figure } from './report.ts';
import { fillIndex } from './support/search-fill.ts';
import { startDatabase, startFyr } from './support/processes.ts';
import { addReader, tokenOf } from './support/token.ts';

const port = 18_493;
const documentsOfOne = 2000;
const calls = 60;
const reader = 'bench-register';

type Ask = (parameters: { [name: string]: string }) => Promise<number>;
type Times = { p50: number; p95: number; total: number };

/** @param documents across how many the search without a patient is measured */
export async function measureClinicalSearch(databaseUrl: string, documents: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-bench-search-'));
  const { config } = readConfig({ FYR_SAMPLE: '0', FYR_NODE: 'bench', FYR_DATA: folder }, folder);
  const record = await openRecord(config, databaseUrl);
  const patient = await fillRegion(record);
  const figures = await measureIndexing(record, patient);
  const filled = await fillIndex(record.db, { patient, documents, log });
  await record.close();
  await addReader(databaseUrl, reader);
  const node = await startFyr(databaseUrl, port, { FYR_TRIAL_BEARER: '1', FYR_DATA: folder });
  try {
    const own = await asking(databaseUrl, 'generalPractitioner');
    figures.push(...(await measurePatient(own, patient)));
    const all = await asking(databaseUrl, reader);
    figures.push(...(await measureAll(all, filled)));
    return figures;
  } finally {
    await node.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const log = (what: string): void => console.error(`  ${what}`);

async function asking(databaseUrl: string, as: string): Promise<Ask> {
  const authorization = `Bearer ${await tokenOf(databaseUrl, port, as)}`;
  return async (parameters) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/clinical-search?${new URLSearchParams(parameters)}`, {
      headers: { authorization },
    });
    const body = (await answer.json()) as { total: number };
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(body).slice(0, 300)}`);
    return body.total;
  };
}

/** The sample's region, small, with the general practitioner's old man; his id. */
async function fillRegion(record: Record): Promise<string> {
  let patient = '';
  for (const { resources } of regionItems({ residents: 3, seed: 'fyr', today: '2026-11-01' })) {
    await record.fhir.importResources(resources);
    const [first] = resources;
    if (patient === '' && first?.resourceType === 'Patient') patient = first.id as string;
  }
  return patient;
}

/** What an import writes, and how fast the index takes it in when it follows alone. */
async function measureIndexing(record: Record, patient: string): Promise<Figure[]> {
  const search = createClinicalSearch(record.fhir, (event, error) => console.error(event, error));
  await search.catchUp();
  const long = makeLongRecord('bench', documentsOfOne, readFindings());
  const resources = long.map((one) => documentReference(patient, one)) as unknown as Resource[];
  const imported = await secondsOf(async () => {
    for (let from = 0; from < resources.length; from += 200)
      await record.fhir.importResources(resources.slice(from, from + 200));
  });
  const indexed = await secondsOf(() => search.catchUp());
  const rate = (seconds: number): number => documentsOfOne / seconds;
  return [
    {
      what: 'indexing for search, documents as they are imported',
      value: rate(indexed),
      unit: 'documents/s',
      bare: rate(imported),
      note: 'beside: their import alone; asked: keeps up',
    },
  ];
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

const asked = readFindings().map((finding) => finding.asked);

async function measurePatient(ask: Ask, patient: string): Promise<Figure[]> {
  const cold = await timesOf(1, () => ask({ patient, q: 'pneumoni' }));
  await timesOf(20, (at) => ask({ patient, q: asked[at] ?? '' }));
  const warm = await timesOf(calls, (at) => ask({ patient, q: asked[at % asked.length] ?? '' }));
  const filtered = await timesOf(calls, (at) => ask({ patient, q: asked[at % asked.length] ?? '', type: 'document' }));
  return [
    figureOf(`search in a patient of ${documentsOfOne} documents, p95`, warm, '< 50 ms'),
    figureOf('the same with a filter, p95', filtered, '< 50 ms'),
    { what: 'the first search of that patient after the node started', value: cold.p95, unit: 'ms', target: '< 50 ms' },
  ];
}

async function measureAll(ask: Ask, documents: number): Promise<Figure[]> {
  await timesOf(5, (at) => ask({ q: asked[at] ?? '' }));
  const rare = await timesOf(calls, (at) => ask({ q: asked[at % asked.length] ?? '' }));
  const common = await timesOf(calls, (at) => ask({ q: commonWords[at % commonWords.length] ?? '' }));
  const of = `across ${documents.toLocaleString('en')} documents`;
  return [
    figureOf(`search ${of}, 40 questions, p95`, rare, '< 200 ms'),
    figureOf(`search ${of}, common words, p95`, common, '< 200 ms'),
  ];
}

const commonWords = ['pasienten', 'pneumoni', 'kontroll', 'hjertesvikt metoprolol', 'smerter i hoften', 'blodtrykk'];

function figureOf(what: string, { p50, p95, total }: Times, target: string): Figure {
  return {
    what,
    value: p95,
    unit: 'ms',
    target,
    note: `p50 ${p50.toFixed(1)} ms, ${total.toFixed(0)} hits on average`,
  };
}

async function timesOf(count: number, work: (at: number) => Promise<number>): Promise<Times> {
  const times: number[] = [];
  let hits = 0;
  for (let at = 0; at < count; at++) {
    const from = performance.now();
    hits += await work(at);
    times.push(performance.now() - from);
  }
  times.sort((a, b) => a - b);
  const share = (part: number): number => times[Math.min(count - 1, Math.floor(count * part))] as number;
  return { p50: share(0.5), p95: share(0.95), total: hits / count };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({ options: { documents: { type: 'string', default: '1000000' } } });
  const database = await startDatabase();
  try {
    printTable(await measureClinicalSearch(database.url, Number(values.documents)));
  } finally {
    await database.stop();
  }
}
