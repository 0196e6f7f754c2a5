/** Faults of storage: a disk that is full, bytes that rot, rows that somebody edits. */
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { logFindings } from '../check-log.ts';
import { isWrite } from '../history.ts';
import { editEntry, editVersion, pageOf, putEntry, putVersion } from '../store.ts';
import { systemName } from '../tokens.ts';
import type { Fault, Strike } from './fault.ts';

export const diskFull: Fault = {
  id: 'F8',
  name: 'disk full at the ward',
  isQuick: true,
  needsRoot: true,
  async strike(strike) {
    const { trial, wait, tally, note } = strike;
    const ward = trial.topology.node('ward');
    const filler = join(ward.folder, 'filler');
    await wait(1500);
    fill(filler);
    const from = trial.history.now();
    await wait(6000);
    const during = trial.history.within({ from, to: trial.history.now() }).filter(({ node }) => node === 'ward');
    rmSync(filler);
    const reads = during.filter((operation) => !isWrite(operation));
    const read = reads.filter(({ outcome }) => outcome === 'acknowledged').length;
    const writes = during.filter(isWrite);
    const told = new Map<number | undefined, number>();
    for (const { status } of writes) told.set(status, (told.get(status) ?? 0) + 1);
    note(
      `full for 6 s: ${read} of ${reads.length} reads answered, writes ${[...told].map(([status, count]) => `${count} × ${status ?? 'no answer'}`).join(', ')}`,
    );
    for (const { status, problem, outcome } of writes)
      tally.check(
        'I13',
        outcome === 'acknowledged' || status === 507 || status === 503,
        'ward',
        () => `a write with a full disk: ${status} ${problem}`,
      );
    if (!ward.isRunning || !(await answers(strike))) {
      note('the ward ended, and was started again');
      await ward.stop();
      await ward.start();
    }
    await wait(2000);
  },
};

function fill(file: string): void {
  const handle = openSync(file, 'w');
  for (let bytes = 1 << 22; bytes >= 512; bytes >>= 1) {
    const block = Buffer.alloc(bytes, 1);
    try {
      for (;;) if (writeSync(handle, block) < bytes) break;
    } catch {
      // Full for pieces of this size; smaller ones may still fit.
    }
  }
  closeSync(handle);
}

async function answers({ trial }: Strike): Promise<boolean> {
  for (let times = 0; times < 20; times++) {
    const { status } = await trial
      .caller('ward', systemName)
      .ask('GET', 'metadata')
      .catch(() => ({ status: 0 }));
    if (status === 200) return true;
    await delay(500);
  }
  return false;
}

/** A bit of a stored resource flips on the disk of a hospital while its database is down. */
export const bitRot: Fault = {
  id: 'F10',
  name: 'a bit of a stored record flips',
  isQuick: true,
  async strike(strike) {
    const { trial, wait, tally, note } = strike;
    const node = trial.topology.node('local');
    const known = trial.history.operations.find(
      ({ node: at, kind, outcome }) => at === 'local' && kind === 'create' && outcome === 'acknowledged',
    );
    const [told] = known?.written ?? [];
    if (told === undefined) throw new Error('Nothing was written at the hospital yet.');
    const place = await pageOf(node.db, told.resource);
    await node.stop();
    const file = join(node.folder, 'postgres/cluster', place.file);
    flip(file, place.page * 8192 + 5000);
    await node.start();
    const { status } = await trial.caller('local', systemName).ask('GET', told.resource);
    const findings = status === 200 ? 'the damaged page was served' : '';
    tally.check('I9', findings === '', 'local', () => `${told.resource}: ${findings}`);
    note(`a read of the damaged page is answered by ${status}`);
    await wait(3000);
    await node.stop();
    flip(file, place.page * 8192 + 5000);
    await node.start();
    await wait(1500);
  },
};

function flip(file: string, position: number): void {
  const handle = openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  readSync(handle, byte, 0, 1, position);
  byte[0] = (byte[0] ?? 0) ^ 0x10;
  writeSync(handle, byte, 0, 1, position);
  closeSync(handle);
}

/** Somebody with the database in his hands edits a result, and the log of who read it. */
export const tampered: Fault = {
  id: 'F22',
  name: 'somebody edits rows and the log',
  isQuick: true,
  async strike({ wait }) {
    await wait(3000);
  },
  async settle(strike) {
    const { trial, tally, note } = strike;
    const node = trial.topology.node('central');
    const known = trial.history.operations.findLast(
      ({ node: at, kind, outcome, written }) =>
        at === 'central' &&
        kind === 'create' &&
        outcome === 'acknowledged' &&
        written[0]?.resource.startsWith('Observation/') === true,
    );
    const resource = known?.written[0]?.resource ?? '';
    await delay(1500);
    const entry = await editEntry(node.db);
    const findings = await logFindings(node);
    tally.check('I8', findings.length > 0, 'central', () => 'an edited entry of the log was not found');
    note(`the log: ${findings[0] ?? 'nothing found'}`);
    await putEntry(node.db, entry);
    const version = await editVersion(node.db, resource);
    const { status, body } = await trial.caller('central', systemName).ask('GET', resource);
    const isServed = status === 200 && JSON.stringify(body).includes('"value":27');
    note(
      isServed
        ? `an edited result is served at the node itself (${status})`
        : `an edited result is answered by ${status}`,
    );
    const above = await trial.caller('region', systemName).ask('GET', resource);
    tally.check(
      'I9',
      !JSON.stringify(above.body).includes('"value":27'),
      'region',
      () => 'the edited result has spread',
    );
    await putVersion(node.db, version);
  },
};
