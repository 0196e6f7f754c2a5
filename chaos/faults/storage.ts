/** Faults of storage: a disk that is full, bytes that rot, rows that somebody edits. */
import { closeSync, openSync, readSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { logFindings } from '../check-log.ts';
import { isWrite, type Operation } from '../history.ts';
import { editEntry, editVersion, isSealed, pageOf, putEntry, putVersion, readThrough } from '../store.ts';
import type { Answer } from '../caller.ts';
import { markerIn } from '../markers.ts';
import { systemName } from '../tokens.ts';
import type { Fault, Strike } from './fault.ts';
import { until } from './until.ts';

/** First so full that nothing more is taken, as the node sees it coming; then to the last byte, as when something else fills the disk at once. */
export const diskFull: Fault = {
  id: 'F8',
  name: 'disk full at the ward',
  needsRoot: true,
  async strike(strike) {
    const { trial, wait, note } = strike;
    const ward = trial.topology.node('ward');
    const filler = join(ward.folder, 'filler');
    await fill(filler, ward.folder, leftBytes);
    await wait(3000);
    const from = trial.history.now();
    await wait(4000);
    const nearlyFull = trial.history.within({ from, to: trial.history.now() }).filter(({ node }) => node === 'ward');
    checkRefused(strike, nearlyFull);
    await fill(`${filler}-2`, ward.folder, 0);
    await wait(3000);
    rmSync(filler);
    rmSync(`${filler}-2`);
    if (!(await answers(strike))) {
      note('with no byte left the ward’s database ended, and was started again');
      await ward.stop();
      await ward.start();
    }
    await wait(2000);
  },
};

/** Less than the room that a node wants, by the settings of the trial. */
const leftBytes = 24_000_000;

function checkRefused({ tally, note }: Strike, operations: readonly Operation[]): void {
  const reads = operations.filter((operation) => !isWrite(operation));
  const writes = operations.filter(isWrite);
  const told = new Map<number | undefined, number>();
  for (const { status } of writes) told.set(status, (told.get(status) ?? 0) + 1);
  const statuses = [...told].map(([status, count]) => `${count} × ${status ?? 'no answer'}`).join(', ');
  const read = reads.filter(({ outcome }) => outcome === 'acknowledged').length;
  note(`full for 4 s: ${read} of ${reads.length} reads answered, writes ${statuses || 'none'}`);
  for (const { outcome, status, problem } of reads)
    tally.check('I13', outcome === 'acknowledged', 'ward', () => `a read with a full disk: ${status} ${problem}`);
  for (const { status, problem } of writes)
    tally.check('I13', status === 507, 'ward', () => `a write with a full disk: ${status} ${problem}`);
}

async function fill(file: string, folder: string, left: number): Promise<void> {
  const handle = openSync(file, 'w');
  for (let bytes = 1 << 20; bytes >= 512; bytes >>= 1) {
    const block = Buffer.alloc(bytes, 1);
    try {
      while (freeBytes(folder) > left + bytes && writeSync(handle, block) === bytes)
        if (bytes === 1 << 20) await delay(1);
    } catch {
      // Full for pieces of this size; smaller ones may still fit.
    }
  }
  closeSync(handle);
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
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

/** Until what is damaged has come anew from another node: on a machine that has nothing else to do it is seconds. */
const healLimitMs = 60_000;

/** A bit of a stored resource flips on the disk of a hospital while its database is down. */
export const bitRot: Fault = {
  id: 'F10',
  name: 'a bit of a stored record flips',
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
    const read = (): Promise<Answer> => trial.caller('local', systemName).ask('GET', told.resource);
    const isRight = ({ status, body }: Answer): boolean => status === 200 && markerIn(body) === told.marker;
    const began = performance.now();
    const first = await read();
    tally.check(
      'I9',
      first.status !== 200 || isRight(first),
      'local',
      () => `${told.resource}: damaged bytes were served`,
    );
    note(`the first read of the damaged page is answered by ${first.status}`);
    const isHealed = await until(async () => isRight(await read()), healLimitMs);
    tally.check('I9', isHealed, 'local', () => `${told.resource} was not healed within ${healLimitMs / 1000} s`);
    if (isHealed) note(`healed from another node ${((performance.now() - began) / 1000).toFixed(1)} s after that`);
    await wait(1000);
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
    tally.check('I8', await until(() => isSealed(node.db), healLimitMs), 'central', () => 'the log is not sealed');
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
    const began = performance.now();
    await readThrough(node.db);
    const isHealed = await until(async () => {
      const answer = await trial.caller('central', systemName).ask('GET', resource);
      return answer.status === 200 && !JSON.stringify(answer.body).includes('"value":27');
    }, healLimitMs);
    tally.check('I9', isHealed, 'central', () => `an edited result is served after the record was read through`);
    if (isHealed)
      note(`right again ${((performance.now() - began) / 1000).toFixed(1)} s after a reading-through began`);
    await putVersion(node.db, version);
  },
};
