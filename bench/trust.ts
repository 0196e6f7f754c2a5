/**
 * What trust costs: the same requests, 16 connections, to a node that checks, decides and logs, and to one without any of it. In turns, three rounds, medians.
 * The general practitioner of the sample asks, for patients on her list. The token is a trial's, sent as Bearer: a DPoP proof each has a figure of its own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#kernel/db.ts';
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import { findCurrent } from '#fhir/record/store.ts';
import type { Resource } from '#fhir/types.ts';
import { personaEntries } from '#sample/persona-entries.ts';
import { issueToken } from '#trust/provider/index.ts';
import type { Figure } from './report.ts';
import { rawRequest } from './support/load.ts';
import { load, median, startFyr } from './support/processes.ts';

const ports = { trusted: 18_482, open: 18_483 };
const connections = 16;
const rounds = 3;

type Case = { what: string; target: string; paths: string[] };

export async function measureTrust(databaseUrl: string, seconds: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-bench-trust-'));
  const trusted = await startFyr(databaseUrl, ports.trusted, { FYR_TRIAL_BEARER: '1', FYR_DATA: folder });
  const open = await startFyr(databaseUrl, ports.open, { FYR_BENCH_OPEN: '1', FYR_DATA: folder });
  try {
    const token = await tokenOf(databaseUrl, 'generalPractitioner');
    const figures: Figure[] = [];
    for (const one of await casesOf(token)) figures.push(await measure(one, token, seconds));
    return figures;
  } finally {
    await trusted.stop();
    await open.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure({ what, target, paths }: Case, token: string, seconds: number): Promise<Figure> {
  const asked = {
    trusted: paths.map((path) => authorised(rawRequest('GET', `/fhir/${path}`), token)),
    open: paths.map((path) => rawRequest('GET', `/fhir/${path}`)),
  };
  const plan = { connections, seconds };
  for (const name of ['trusted', 'open'] as const)
    await load({ ...plan, port: ports[name], requests: asked[name], seconds: 1 });
  const results = { trusted: [] as number[], open: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    for (const name of ['trusted', 'open'] as const) {
      const result = await load({ ...plan, port: ports[name], requests: asked[name] });
      if (result.failures > 0) throw new Error(`${what}: ${result.failures} failed: ${result.firstFailure}`);
      results[name].push(result.perSecond);
    }
  }
  return { what, value: median(results.trusted), unit: 'requests/s', bare: median(results.open), target };
}

const authorised = (request: string, token: string): string =>
  request.replace('\r\n', `\r\nAuthorization: Bearer ${token}\r\n`);

async function tokenOf(databaseUrl: string, as: string): Promise<string> {
  const db = openDatabase(databaseUrl, { connectionsMax: 2 });
  try {
    return await issueToken(
      {
        db,
        clock: systemClock,
        ids: systemIds(systemClock),
        baseUrl: `http://127.0.0.1:${ports.trusted}`,
        personas: personaEntries(),
        async read(type, id) {
          const found = await findCurrent(db, type, id);
          return found?.content == null ? undefined : (JSON.parse(found.content) as Resource);
        },
      },
      { as, forSeconds: 3600 },
    );
  } finally {
    await db.end();
  }
}

/** Patients on the general practitioner's list, and what is in their records. */
async function casesOf(token: string): Promise<Case[]> {
  const ask = async (path: string): Promise<{ entry?: { resource: Resource }[] }> => {
    const answer = await fetch(`http://127.0.0.1:${ports.trusted}/fhir/${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { entry?: { resource: Resource }[] };
  };
  const observations = (await ask('Observation?_count=1000')).entry ?? [];
  const patients = new Set(
    observations.map(({ resource }) => (resource['subject'] as { reference: string }).reference),
  );
  return [
    {
      what: 'authorised and logged: read by id',
      target: '≥ 0.60',
      paths: observations.map(({ resource }) => `Observation/${resource.id}`),
    },
    {
      what: 'authorised and logged: search, 50 a page',
      target: '≥ 0.70',
      paths: [...patients].map((patient) => `Observation?patient=${patient}&_count=50&_sort=-date`),
    },
  ];
}
