/** Speed and cost: a region and a hospital (first fill, lag, how long after a cut all agree, what a hospital that is gone costs), then a ward under faults. One run, with its seed. */
import { readFileSync } from 'node:fs';
import { faultOf } from './faults/index.ts';
import { percentile } from './history.ts';
import { atRate, mixed, p50p99, transact, writeMany, type Times } from './load.ts';
import { reference } from './patients.ts';
import { runSeries } from './series.ts';
import { withTrial } from './session.ts';
import { arrived, databaseBytes, readLine } from './store.ts';
import { systemName } from './tokens.ts';
import type { NodeProcess } from './node-process.ts';
import { nodeNames, type Topology } from './topology.ts';
import type { Trial } from './trial.ts';
import { measurement } from './work.ts';

export type FigureOptions = {
  seed: number;
  /** On each side of the line, of one cut after another. */
  changes: readonly number[];
  /** Admitted before the hospital joins. */
  filledPatients: number;
  say(line: string): void;
};

export type Figure = { name: string; measured: string; wanted?: string };
type Tell = (name: string, measured: string, wanted?: string) => void;

const filledObservations = 10;
const lagWrites = 1500;
const lagPerSecond = 100;
const agreeLimitMs = 300_000;
/** While a hospital is there and gone, in turn. */
const turnMs = 15_000;
const turns = 2;
const mixedPerSecond = 40;
/** What a ward is measured under: it is cut off, hears or is heard only, and is alone after a cold start; its node is killed, its line is slow. */
const wardFaults = ['F1', 'F2', 'F3', 'F5', 'F13'];

export async function measureFigures(options: FigureOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  const tell: Tell = (name, measured, wanted) => {
    figures.push({ name, measured, ...(wanted === undefined ? {} : { wanted }) });
    options.say(`${name}: ${measured}`);
  };
  await measureTwo(options, tell);
  await measureWard(options, tell);
  return figures;
}

async function measureTwo({ seed, changes, filledPatients, say }: FigureOptions, tell: Tell): Promise<void> {
  let filling = 0;
  const onReady = async (name: string, topology: Topology): Promise<void> => {
    if (name !== 'region') return;
    await admitMany(topology, filledPatients, say);
    filling = performance.now();
  };
  const session = { seed, names: ['region', 'central'] as const, say, patients: 4, onReady };
  await withTrial(session, async (trial) => {
    const seconds = ((trial.topology.node('central').readyAt - filling) / 1000).toFixed(1);
    const resources = filledPatients * (filledObservations + 2);
    tell(
      `first fill of ${filledPatients} patients (${resources} resources), joining and start included`,
      `${seconds} s`,
    );
    await measureLag(trial, tell);
    await measureDead(trial, tell);
    for (const count of changes) await measureCut(trial, count, tell);
    const tally = await trial.check();
    const checks = [...tally.checked.values()].reduce((sum, count) => sum + count, 0);
    tell('checks of all promises afterwards', `${checks}, ${tally.findings.length} broken`, '0 broken');
  });
}

async function measureLag(trial: Trial, tell: Tell): Promise<void> {
  const region = trial.caller('region', systemName);
  const [patient] = trial.patients;
  const waiting = new Map<string, number>();
  const lags: number[] = [];
  let answered = 0;
  const refused = new Map<number, number>();
  const failed = (): number => [...refused.values()].reduce((sum, count) => sum + count, 0);
  const watching = watch(trial, waiting, lags, () => answered + failed() < lagWrites || waiting.size > 0);
  const ms = await atRate(lagPerSecond, lagWrites, async (at) => {
    const { status, body } = await region.ask('POST', 'Observation', measurement(patient?.id ?? '', `lag.${at}`));
    if (status === 201) {
      waiting.set(`Observation/${String(body?.['id'])}`, performance.now());
      answered++;
    } else refused.set(status, (refused.get(status) ?? 0) + 1);
  });
  await watching;
  const perSecond = Math.round((lagWrites / ms) * 1000);
  const name = `lag from region to hospital, connected, ${perSecond} writes a second, p50 / p99`;
  tell(
    name,
    `${p50p99(lags)} (${lags.length} writes, ${failed()} refused: ${[...refused.keys()].join(', ') || 'none'})`,
    'p99 < 100 ms',
  );
}

/** Asks the hospital's database again and again which of these are there. */
async function watch(trial: Trial, waiting: Map<string, number>, lags: number[], goesOn: () => boolean): Promise<void> {
  const { db } = trial.topology.node('central');
  while (goesOn()) {
    const among = [...waiting.keys()];
    if (among.length > 0) {
      const found = await arrived(db, among);
      const now = performance.now();
      for (const resource of found) {
        lags.push(now - (waiting.get(resource) ?? now));
        waiting.delete(resource);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The region's answers with the hospital there and gone, in turn, at the same rate. */
async function measureDead(trial: Trial, tell: Tell): Promise<void> {
  const { topology } = trial;
  const region = trial.caller('region', systemName);
  const [patient] = trial.patients;
  const live: Times = { reads: [], writes: [], refused: 0 };
  const dead: Times = { reads: [], writes: [], refused: 0 };
  const measure = async (into: Times): Promise<void> => {
    const times = await mixed(region, { patient: patient?.id ?? '', perSecond: mixedPerSecond, forMs: turnMs });
    into.reads.push(...times.reads);
    into.writes.push(...times.writes);
    into.refused += times.refused;
  };
  for (let turn = 0; turn < turns; turn++) {
    await measure(live);
    topology.line('central').cut('silent');
    await measure(dead);
    topology.line('central').restore();
    await trial.agreed(agreeLimitMs);
  }
  const ratio = (kind: 'reads' | 'writes'): string =>
    (percentile(dead[kind], 0.99) / percentile(live[kind], 0.99)).toFixed(2);
  for (const kind of ['reads', 'writes'] as const)
    tell(
      `${kind} at the region, ${mixedPerSecond} requests a second: hospital there, hospital gone, p50 / p99`,
      `${p50p99(live[kind])}, ${p50p99(dead[kind])}: p99 × ${ratio(kind)} (${live.refused + dead.refused} refused)`,
      'p99 ≤ × 1.2',
    );
}

/** Both sides write while the line is cut; how long until all agree, and what the hospital's absence cost the region. */
async function measureCut(trial: Trial, changes: number, tell: Tell): Promise<void> {
  const { topology } = trial;
  const region = topology.node('region');
  const before = { bytes: await databaseBytes(region.db), memory: memoryOf(region) };
  topology.line('central').cut();
  const names = ['region', 'central'] as const;
  const began = performance.now();
  await Promise.all(names.map((name) => writeMany(trial.caller(name, systemName), trial.patients, changes)));
  const writing = ((performance.now() - began) / 1000).toFixed(0);
  const after = { bytes: await databaseBytes(region.db), memory: memoryOf(region) };
  const { waiting, unsealed } = await readLine(topology.node('central').db);
  topology.line('central').restore();
  const agreed = await trial.agreed(agreeLimitMs);
  const seconds = `${(agreed.ms / 1000).toFixed(1)} s`;
  const problem = agreed.obstacle === undefined ? seconds : `NOT AGREED after ${seconds}: ${agreed.obstacle}`;
  const backlog = `written in ${writing} s; ${waiting} operations waited at the hospital, ${unsealed} buckets not taken in yet`;
  const wanted = changes * 2 >= 100_000 ? '< 30 s' : undefined;
  tell(`all agree after a cut with ${changes} changes on each side`, `${problem} (${backlog})`, wanted);
  const mega = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;
  tell(
    `the region while the hospital is gone and ${changes} changes are written there`,
    `${mega(before.memory)} → ${mega(after.memory)} of memory, +${mega(after.bytes - before.bytes)} on disk`,
  );
}

/** Readers and writers at a ward while one fault after another strikes the region. */
async function measureWard({ seed, say }: FigureOptions, tell: Tell): Promise<void> {
  const faults = wardFaults.flatMap((id) => faultOf(id) ?? []);
  await withTrial({ seed, names: nodeNames, say }, async (trial) => {
    for (const { fault, latency, agreed, findings } of await runSeries(trial, faults)) {
      const ward = latency.get('ward');
      const ms = (value: number | undefined): string => (value === undefined ? '·' : `${Math.round(value)} ms`);
      tell(
        `${fault.id} ${fault.name}: ward p99 read, write`,
        `${ms(ward?.readP99)}, ${ms(ward?.writeP99)}; agreed after ${(agreed.ms / 1000).toFixed(1)} s, ${findings.length} broken`,
        'cut off: 50 ms, 100 ms',
      );
    }
  });
}

/** Patients in the medical department of a hospital that has not joined yet. */
async function admitMany(topology: Topology, patients: number, say: (line: string) => void): Promise<void> {
  const caller = await topology.systemAt('region');
  const department = await topology.organizationOf('ward');
  const began = performance.now();
  for (let count = 0; count < patients; count++) {
    const fullUrl = `urn:uuid:00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
    const subject = { reference: fullUrl };
    const stay = {
      resourceType: 'Encounter',
      status: 'in-progress',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
      subject,
      serviceProvider: reference('Organization', department),
    };
    const observations = Array.from({ length: filledObservations }, (_, at) => ({
      ...measurement('', `filled.${count}.${at}`),
      subject,
    }));
    await transact(caller, [{ resourceType: 'Patient', gender: 'unknown' }, stay, ...observations], fullUrl);
  }
  say(`${patients} patients admitted in ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

/** Resident bytes of the node's own process. */
function memoryOf({ pid }: NodeProcess): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}
