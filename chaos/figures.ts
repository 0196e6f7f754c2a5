/** Speed and cost of a region and a hospital: first fill, lag, how long after a cut all agree, what a hospital that is gone costs the region. One run, with its seed. */
import { readFileSync } from 'node:fs';
import type { Caller, Json } from './caller.ts';
import { percentile } from './history.ts';
import { reference } from './patients.ts';
import { withTrial } from './session.ts';
import { arrived, databaseBytes, readLine } from './store.ts';
import { systemName } from './tokens.ts';
import type { NodeProcess } from './node-process.ts';
import type { Topology } from './topology.ts';
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

const filledObservations = 10;
const perTransaction = 100;
const lagWrites = 1500;
const lagPerSecond = 100;
const agreeLimitMs = 600_000;

export async function measureFigures(options: FigureOptions): Promise<string[]> {
  const { seed, changes, filledPatients, say } = options;
  const lines: string[] = [];
  const tell = (line: string): void => {
    lines.push(line);
    say(line);
  };
  let filling = 0;
  const onReady = async (name: string, topology: Topology): Promise<void> => {
    if (name !== 'region') return;
    await admitMany(topology, filledPatients, say);
    filling = performance.now();
  };
  const session = { seed, names: ['region', 'central'] as const, say, patients: 4, onReady };
  await withTrial(session, async (trial) => {
    const seconds = ((trial.topology.node('central').readyAt - filling) / 1000).toFixed(1);
    tell(
      `first fill of ${filledPatients} admitted patients with ${filledPatients * (filledObservations + 2)} resources, all else that a hospital holds, and start of the node: ${seconds} s`,
    );
    await measureLag(trial, tell);
    for (const count of changes) await measureCut(trial, count, tell);
    await measureChecked(trial, tell);
  });
  return lines;
}

async function measureLag(trial: Trial, tell: (line: string) => void): Promise<void> {
  const region = trial.caller('region', systemName);
  const [patient] = trial.patients;
  const waiting = new Map<string, number>();
  const lags: number[] = [];
  const failures: number[] = [];
  let sent = 0;
  const began = performance.now();
  const watching = watch(trial, waiting, lags, () => sent < lagWrites || waiting.size > 0);
  const asked: Promise<void>[] = [];
  for (; sent < lagWrites; sent++) {
    const due = began + (sent * 1000) / lagPerSecond;
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1));
    asked.push(
      region.ask('POST', 'Observation', measurement(patient?.id ?? '', `lag.${sent}`)).then(({ status, body }) => {
        if (status === 201) waiting.set(`Observation/${String(body?.['id'])}`, performance.now());
        else failures.push(status);
      }),
    );
  }
  await Promise.all(asked);
  const perSecond = Math.round((lagWrites / (performance.now() - began)) * 1000);
  await watching;
  const [p50, p99] = [percentile(lags, 0.5), percentile(lags, 0.99)].map((ms) => Math.round(ms));
  tell(
    `lag from region to hospital, connected, ${perSecond} writes a second of ${lags.length}: p50 ${p50} ms, p99 ${p99} ms; ${failures.length} not taken`,
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
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function measureCut(trial: Trial, changes: number, tell: (line: string) => void): Promise<void> {
  const { topology } = trial;
  const region = topology.node('region');
  const before = { bytes: await databaseBytes(region.db), memory: memoryOf(region) };
  const connected = await writeMany(trial, ['region'], changes);
  await trial.agreed(agreeLimitMs);
  const between = { bytes: await databaseBytes(region.db), memory: memoryOf(region) };
  topology.line('central').cut();
  const apart = await writeMany(trial, ['region', 'central'], changes);
  const after = { bytes: await databaseBytes(region.db), memory: memoryOf(region) };
  const { waiting, unsealed } = await readLine(topology.node('central').db);
  topology.line('central').restore();
  const agreed = await trial.agreed(agreeLimitMs);
  const problem = agreed.obstacle === undefined ? '' : ` NOT AGREED: ${agreed.obstacle}`;
  const mega = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;
  tell(
    `after a cut with ${changes} changes on each side (${waiting} operations waiting, ${unsealed} buckets not taken in yet), all agree ${(agreed.ms / 1000).toFixed(1)} s after the line is back${problem}`,
  );
  tell(
    `the region while ${changes} changes are written there: with the hospital connected +${mega(between.bytes - before.bytes)} on disk, ${mega(between.memory)} in memory, ${connected}; with the hospital gone +${mega(after.bytes - between.bytes)}, ${mega(after.memory)}, ${apart} (both sides writing)`,
  );
}

async function measureChecked(trial: Trial, tell: (line: string) => void): Promise<void> {
  const tally = await trial.check();
  tell(
    `checked afterwards: ${[...tally.checked.values()].reduce((sum, count) => sum + count, 0)} times, ${tally.findings.length} broken`,
  );
}

/** In transactions: how long all took, and how long one at the region. */
async function writeMany(trial: Trial, names: readonly ('region' | 'central')[], changes: number): Promise<string> {
  const began = performance.now();
  const times: number[] = [];
  await Promise.all(
    names.map(async (name) => {
      const caller = trial.caller(name, systemName);
      for (let from = 0; from < changes; from += perTransaction) {
        const patient = trial.patients[(from / perTransaction) % trial.patients.length];
        const count = Math.min(perTransaction, changes - from);
        const entries = Array.from({ length: count }, (_, at) =>
          measurement(patient?.id ?? '', `bulk.${name}.${began}.${from + at}`),
        );
        const asked = performance.now();
        await transact(caller, entries);
        if (name === 'region') times.push(performance.now() - asked);
      }
    }),
  );
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)].map((ms) => Math.round(ms));
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  return `${seconds} s, a transaction of ${perTransaction} p50 ${p50} ms, p99 ${p99} ms`;
}

async function transact(caller: Caller, resources: readonly Json[], fullUrl?: string): Promise<void> {
  const entry = resources.map((resource, at) => ({
    ...(at === 0 && fullUrl !== undefined ? { fullUrl } : {}),
    resource,
    request: { method: 'POST', url: String(resource['resourceType']) },
  }));
  const { status, body } = await caller.ask('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
  if (status !== 200)
    throw new Error(`A transaction was answered by ${status}: ${JSON.stringify(body)?.slice(0, 300)}`);
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
