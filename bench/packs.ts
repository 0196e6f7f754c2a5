/**
 * How long the pack of a ward with 30 patients takes: read from PostgreSQL, decided, forms reserved, drawn as PDF and HTML, sealed and on the disk. Alone:
 * `node bench/packs.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createPacks } from '#continuity/packs/index.ts';
import { readConfig } from '#kernel/config.ts';
import { systemClock } from '#kernel/clock.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { regionItems } from '#sample/index.ts';
import { openKeyring } from '#trust/encryption/index.ts';
import { nodeGrants } from '#trust/grant.ts';
import type { Resource } from '#fhir/types.ts';
import { openRecord, type Record } from '../src/app.ts';
import { printTable, type Figure } from './report.ts';
import { startDatabase } from './support/processes.ts';

const patients = 30;
const askedMs = 5000;
const by = { reference: 'bench', name: 'bench' };

export async function measurePacks(databaseUrl: string): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-bench-packs-'));
  const { config } = readConfig({ FYR_SAMPLE: '0', FYR_NODE: 'bench', FYR_DATA: folder, FYR_ROLE: 'ward' }, folder);
  const record = await openRecord(config, databaseUrl);
  try {
    const ward = await fillWard(record);
    const packs = createPacks({
      context: { ...record.fhir.context, grants: nodeGrants },
      settings: config.packs,
      keyring: openKeyring({ secret: undefined, file: join(folder, 'node.key'), randomness: systemRandomness }),
      node: config.node,
      clock: systemClock,
      randomness: systemRandomness,
      report: (event, error) => {
        throw new Error(event, { cause: error });
      },
    });
    const first = await timed(() => packs.make(ward, by));
    const times = [await timed(() => packs.make(ward, by)), await timed(() => packs.make(ward, by))];
    const best = times.reduce((a, b) => (a.ms < b.ms ? a : b));
    const { pages, pdf, patients: told } = best.made;
    const size = `${pages} pages, ${Math.round(pdf.length / 1024)} kB, processor of the node ${Math.round(best.processorMs)} ms`;
    return [
      {
        what: `a pack of a ward with ${told.length} patients`,
        value: best.ms,
        unit: 'ms',
        target: `< ${askedMs} ms`,
        note: `${size}; the first ${Math.round(first.ms)} ms`,
      },
    ];
  } finally {
    await record.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Timed<T> = { made: T; ms: number; processorMs: number };

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const made = await work();
  const { user, system } = process.cpuUsage(used);
  return { made, ms: performance.now() - start, processorMs: (user + system) / 1000 };
}

/** People who lie in a hospital of the sample, all of them on one ward: their whole records. */
async function fillWard(record: Record): Promise<string> {
  const today = new Date(systemClock.now()).toISOString().slice(0, 10);
  const region = regionItems({ residents: 8000, seed: 'packs', today, now: `${today}T12:00` });
  let ward = '';
  let beds: Resource[] = [];
  let found = 0;
  for (const { resources } of region) {
    const places = resources.filter(({ resourceType }) => resourceType === 'Location');
    const first = places.find(({ name }) => String(name).startsWith('Medisinsk avdeling, sengepost'));
    if (first !== undefined && ward === '') {
      ward = first.id as string;
      beds = places.filter(({ partOf }) => (partOf as { reference?: string })?.reference === `Location/${ward}`);
    }
    const stay = resources.find(isInpatient);
    if (stay === undefined && places.length === 0) continue;
    if (stay !== undefined) {
      const { id, name: display } = beds[found % beds.length] as Resource;
      stay['location'] = [{ location: { reference: `Location/${id}`, display }, status: 'active' }];
      found++;
    }
    await record.fhir.importResources(resources);
    if (found === patients) break;
  }
  if (found < patients) throw new Error(`only ${found} lie in hospital`);
  return ward;
}

const isInpatient = ({ resourceType, status, location }: Resource): boolean =>
  resourceType === 'Encounter' && status === 'in-progress' && JSON.stringify(location).includes('sengepost');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const database = await startDatabase();
  try {
    printTable(await measurePacks(database.url));
  } finally {
    await database.stop();
  }
}
