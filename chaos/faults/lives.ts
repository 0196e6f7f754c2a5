/** Faults of what a node is: set back to an earlier day, there twice, of another version than those around it. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createCaller } from '../caller.ts';
import { measurement } from '../work.ts';
import { freePort, NodeProcess } from '../node-process.ts';
import { readLine } from '../store.ts';
import { systemName, tokenAt } from '../tokens.ts';
import { again } from './processes.ts';
import type { Fault } from './fault.ts';
import { until } from './until.ts';

const withinMs = 60_000;

/** The disk of the region is lost: it is restored from a backup of before the work, and gets the rest from those below. What only the region knew is lost with its disk, so all agree first. */
export const setBack: Fault = {
  id: 'F16',
  name: 'region restored to an earlier day',
  async strike(strike) {
    const { trial, wait, note, tally } = strike;
    const region = trial.topology.node('region');
    const backups = join(region.folder, 'backups');
    await region.command(['backup', backups]);
    await wait(3000);
    await trial.stopWork();
    const { obstacle } = await trial.agreed(withinMs);
    tally.check('I4', obstacle === undefined, 'region', () => `not agreed before the restore: ${obstacle}`);
    await region.stop();
    const restoredAt = trial.history.now();
    const began = performance.now();
    await region.command(['restore', backups, '--aside']);
    trial.setBackAt.set('region', restoredAt);
    note(`restored in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    await again(strike, 'region');
    // Sessions are not in a backup.
    await trial.signAgain('region');
    rmSync(backups, { recursive: true, force: true });
    trial.startWork();
    await wait(3000);
  },
};

/** The hospital runs the program before: it speaks one version of the protocol less. It works, is cut off, is upgraded, and all go on. */
export const oneVersionApart: Fault = {
  id: 'F18',
  name: 'hospital one version of the protocol behind, then upgraded while cut off',
  async strike(strike) {
    const { trial, wait } = strike;
    const central = trial.topology.node('central');
    const line = trial.topology.line('central');
    await central.stop();
    central.isVersionBefore = true;
    await again(strike, 'central');
    await wait(5000);
    line.cut();
    await wait(1000);
    await central.stop();
    central.isVersionBefore = false;
    await again(strike, 'central');
    await wait(1000);
    line.restore();
  },
};

/** The ward's disk is copied, as when an image is restored twice, and the copy is started too. */
export const thereTwice: Fault = {
  id: 'F23',
  name: 'the ward there twice',
  async strike(strike) {
    const { trial, tally, note, wait } = strike;
    const { topology, patients } = trial;
    const ward = topology.node('ward');
    await ward.stop();
    const folder = join(ward.folder, '..', `ward-copy-${trial.history.operations.length}`);
    // With its owners: the database server minds whose its files are.
    execFileSync('cp', ['-a', ward.folder, folder]);
    rmSync(join(folder, 'fyr.lock'), { force: true });
    await again(strike, 'ward');
    // It is greeted first: a write of it comes up.
    const isFirst = await until(
      async () => (await readLine(ward.db)).waiting === 0 && !(await trial.summary('ward')).isCutOff,
      withinMs,
    );
    tally.check('I14', isFirst, 'ward', () => 'the ward was not greeted after it was started again');
    const port = await freePort();
    const copy = new NodeProcess({ name: 'ward-copy', folder, port, settings: { ...ward.settings, port } });
    const setAside = async (): Promise<number> =>
      (await readLine(topology.node('central').db)).setAside + (await readLine(topology.node('region').db)).setAside;
    try {
      await copy.start();
      const token = await tokenAt(copy, systemName);
      const caller = createCaller('ward', systemName, copy.url, () => token);
      const before = await setAside();
      const [patient] = patients;
      const marker = `copy.${trial.history.operations.length}`;
      const { status, body } = await caller.ask('POST', 'Observation', measurement(patient?.id ?? '', marker));
      tally.check('I13', status === 201, 'ward', () => `the copy does not go on by itself: ${status}`);
      const isAside = await until(async () => (await setAside()) > before, withinMs);
      tally.check('I14', isAside, 'central', () => 'what the copy alone has was not set aside for a person');
      const told = `Observation/${String(body?.['id'])}`;
      const answer = await trial.caller('central', systemName).ask('GET', told);
      tally.check(
        'I14',
        answer.status === 404,
        'central',
        () => `what a copy wrote is in the record: ${answer.status}`,
      );
      const isGoingOn = (await trial.lineOf('ward')).refused === undefined;
      tally.check('I14', isGoingOn, 'ward', () => 'the ward itself was refused');
      note(`the copy was refused, and ${(await setAside()) - before} operations of it set aside`);
      await wait(1000);
    } finally {
      await copy.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
