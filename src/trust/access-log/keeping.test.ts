/** What goes out of the log and what is kept with others: proofs, neighbours' seals, a new key, retention, export. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase, type Db } from '#kernel/db.ts';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { readAnchors } from './anchors.ts';
import type { AccessEntry } from './entry.ts';
import { exportEntries } from './export.ts';
import type { Finding } from './finding.ts';
import { changeKey } from './key-change.ts';
import {
  accessEntry,
  openTestLog,
  temporaryFolder,
  testIds,
  type TestLog,
  type TestLogOptions,
} from './log-for-test.ts';
import { checkProof, makeProof } from './proof.ts';
import { pruneLog } from './prune.ts';
import { lastSeal } from './seal-store.ts';
import { verifyLog, type VerifyOptions } from './verify.ts';
import { walkEntries } from './walk-store.ts';

const dayMs = 86_400_000;
const now = Date.parse('2026-11-23T12:00:00Z');

type Own = { url: string; db: Db; log: TestLog };

async function ownLog(name: string, options: TestLogOptions = {}): Promise<Own> {
  const url = await ownDatabaseUrl(`keeping_${name}`);
  const db = openDatabase(url, { connectionsMax: 3 });
  const log = await openTestLog(url, options);
  onTestFinished(async () => {
    await log.stop();
    await db.end();
  });
  return { url, db, log };
}

async function findings(db: Db, more: Partial<VerifyOptions> = {}): Promise<string[]> {
  const found: Finding[] = [];
  await verifyLog(db, { node: 'test', onFinding: (finding) => found.push(finding), ...more });
  return found.map(({ kind }) => kind);
}

/** Entries one by one, a seal for each. */
async function appendSealed(log: TestLog, entries: readonly Partial<AccessEntry>[]): Promise<void> {
  for (const entry of entries) {
    await log.append([accessEntry(entry)]);
    await log.seal();
  }
}

test('an entry that is not there, or not sealed yet, or altered, has no proof', async () => {
  const { db, log } = await ownLog('no_proof');
  await log.append([accessEntry(), accessEntry()]);
  await expect(makeProof(db, 'test', 9)).rejects.toMatchObject({ kind: 'notFound' });
  await expect(makeProof(db, 'test', 1)).rejects.toMatchObject({ kind: 'unavailable' });
  await log.seal();
  await db`update access_entry set content = replace(content, 'Observation/1', 'Observation/2') where number = 1`;
  await expect(makeProof(db, 'test', 1)).rejects.toMatchObject({ kind: 'conflict' });
});

test('a proof that was altered anywhere, or comes from another key, proves nothing', async () => {
  const { db, log } = await ownLog('proof');
  await log.append(Array.from({ length: 5 }, () => accessEntry()));
  await log.seal();
  const proof = await makeProof(db, 'test', 3);
  const stranger = createPublicKey(generateKeyPairSync('ed25519').privateKey);
  expect(checkProof(proof, stranger).problem).toMatch(/another key/);
  const wrong = [
    { number: 4 },
    { content: proof.content.replace('read', 'save') },
    { actor: proof.actor.replace('Kari', 'Mari') },
    { seal: proof.seal.replace('"first":1', '"first":2') },
    { signature: proof.signature.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) },
    { path: proof.path.slice(1) },
    { path: [...proof.path].reverse() },
    { publicKey: stranger.export({ type: 'spki', format: 'pem' }) },
  ];
  for (const change of wrong) expect(checkProof({ ...proof, ...change }).problem).toBeDefined();
  for (const nonsense of [undefined, null, 5, {}, [], { ...proof, path: [1] }])
    expect(checkProof(nonsense).problem).toBeDefined();
});

test('a proof is checked by itself, with the key that is known', async () => {
  const { db, log } = await ownLog('proven');
  await log.append(Array.from({ length: 5 }, (_, i) => accessEntry({ patient: `p${i}` })));
  await log.seal();
  const proof = JSON.parse(JSON.stringify(await makeProof(db, 'test', 3)));
  expect(checkProof(proof, createPublicKey(log.privateKey))).toMatchObject({
    entry: { number: 3, patient: 'p2', node: 'test' },
  });
});

test('a neighbour refuses seals that are not signed, leave a gap, are of another node, or are others than before', async () => {
  const { log } = await ownLog('neighbour_a');
  const { log: neighbour } = await ownLog('neighbour_b', { node: 'other' });
  await appendSealed(log, [{}, {}, {}]);
  const page = await log.neighbours.sealsAfter(0);
  const keep = (seals: typeof page.seals, keys = page.keys, node = 'test') =>
    neighbour.neighbours.keepForeignSeals(node, { keys, seals });
  const [one, two, three] = page.seals as [any, any, any];
  await expect(keep([one], page.keys, 'third')).rejects.toMatchObject({ kind: 'invalid' });
  await expect(keep([one], [])).rejects.toMatchObject({ kind: 'invalid' });
  await expect(keep([{ ...one, signature: two.signature }])).rejects.toMatchObject({ kind: 'invalid' });
  await expect(keep([{ ...one, text: `${one.text} ` }])).rejects.toMatchObject({ kind: 'invalid' });
  expect(await keep([one])).toBe(1);
  await expect(keep([three])).rejects.toMatchObject({ kind: 'conflict' });
  const { log: forger } = await ownLog('neighbour_c', { privateKey: log.privateKey });
  await appendSealed(forger, [{}, {}]);
  const anew = await forger.neighbours.sealsAfter(0);
  await expect(keep(anew.seals)).rejects.toMatchObject({ kind: 'conflict' });
  expect(await keep([one, two, three])).toBe(3);
});

test('what a neighbour has kept tells that the end was cut off, anchors or not', async () => {
  const { db, log } = await ownLog('kept_a');
  const { log: neighbour } = await ownLog('kept_b', { node: 'other' });
  await appendSealed(log, [{}, {}, {}]);
  await neighbour.neighbours.keepForeignSeals('test', await log.neighbours.sealsAfter(0));
  expect(await neighbour.neighbours.lastKept('test')).toBe(3);
  const witnesses = (): VerifyOptions['witnesses'] => [
    { name: 'the neighbour', anchors: neighbour.neighbours.kept('test') },
  ];
  expect(await findings(db, { witnesses: witnesses()! })).toEqual([]);
  await db`delete from access_entry where number = 3`;
  await db`delete from access_seal where number = 3`;
  await db`update access_head set number = 2`;
  expect(await findings(db)).toEqual([]);
  expect(await findings(db, { witnesses: witnesses()! })).toEqual(['cut off']);
});

test('a new key has the word of the old one, and the change is an entry; the old one seals nothing more', async () => {
  const { url, db, log } = await ownLog('new_key');
  await appendSealed(log, [{}]);
  const newKey = generateKeyPairSync('ed25519').privateKey;
  const clock = { now: () => now };
  const changed = await changeKey({ db, clock, ids: testIds, node: 'test', log, oldKey: log.privateKey, newKey });
  expect(changed).toMatchObject({ number: 2, firstSeal: 3 });
  const later = await openTestLog(url, { privateKey: newKey });
  onTestFinished(() => later.stop());
  await appendSealed(later, [{}]);
  for (const key of [log.privateKey, newKey])
    expect(await findings(db, { publicKey: createPublicKey(key) })).toEqual([]);
  await log.append([accessEntry()]);
  await expect(log.seal()).rejects.toMatchObject({ kind: 'conflict' });
  await later.seal();
  const again = { db, clock, ids: testIds, node: 'test', log: later, oldKey: log.privateKey, newKey };
  await expect(changeKey(again)).rejects.toMatchObject({ kind: 'conflict' });
  await db`update access_key set word = null where number = 2`;
  expect(await findings(db)).toEqual(['key']);
});

test('what is older than the retention goes, with a sealed record of it; the rest is whole', async () => {
  const anchorFolder = temporaryFolder();
  const clock = { now: () => now };
  const { db, log } = await ownLog('prune', { clock, anchorFolder });
  const old = { who: { kind: 'system', reference: 'old', name: 'Gone' } } as const;
  await appendSealed(log, [
    { at: now - 4000 * dayMs, ...old },
    { at: now - 3999 * dayMs },
    { at: now - 3000 * dayMs },
    { at: now - 1000 },
  ]);
  const deps = { db, clock, ids: testIds, node: 'test', log, anchorFolder };
  expect(await pruneLog(deps, now - 5000 * dayMs)).toBeUndefined();
  const pruned = await pruneLog(deps, now - 3500 * dayMs);
  expect(pruned).toMatchObject({ number: 1, last: 2, seal: 2, record: 5 });
  expect((await db`select number from access_entry order by number`).map(({ number }) => number)).toEqual([3, 4, 5]);
  expect(await db`select key from access_actor where content like '%Gone%'`).toHaveLength(0);
  const witnesses = [{ name: 'anchors', anchors: readAnchors(anchorFolder) }];
  expect(await findings(db, { witnesses, publicKey: createPublicKey(log.privateKey) })).toEqual([]);
  expect(await pruneLog(deps, now - 2000 * dayMs)).toMatchObject({ number: 2, last: 3 });
  expect(await findings(db)).toEqual([]);
  await appendSealed(log, [{}]);
  expect(await findings(db)).toEqual([]);
  expect((await lastSeal(db))?.number).toBe(7);
});

test('a beginning that is gone without such a record was removed', async () => {
  const { db, log } = await ownLog('no_record');
  await appendSealed(log, [{}, {}, {}]);
  await db`insert into access_pruned select 1, 1, 1, sha256('x'), now(), 3`;
  await db`delete from access_entry where number = 1`;
  await db`delete from access_seal where number = 1`;
  expect(await findings(db)).toEqual(['pruned', 'seal altered']);
  await db`delete from access_pruned`;
  expect(await findings(db)).toEqual(['seal removed']);
});

test('a part of the log is verified by itself', async () => {
  const { db, log } = await ownLog('part');
  await appendSealed(log, [{}, {}, {}, {}]);
  await db`update access_entry set content = replace(content, 'Observation/1', 'Observation/2') where number = 1`;
  expect(await findings(db, { from: 2 })).toEqual([]);
  expect(await findings(db, { to: 2 })).toEqual(['altered']);
  expect(await findings(db, { from: 3, to: 3 })).toEqual([]);
});

test('an export has every entry once, in order, with who acted', async () => {
  const { db, log } = await ownLog('export');
  const entry = accessEntry();
  await log.append([accessEntry(), entry, accessEntry()]);
  const batches = await Array.fromAsync(exportEntries(db, 'test', 1, 3));
  expect(batches.flat().map(({ number }) => number)).toEqual([1, 2, 3]);
  expect(batches.flat()[1]).toEqual({ ...entry, node: 'test', number: 2 });
});

test('a walk through the log that is left in the middle gives its connection back, and others ask beside it', async () => {
  const { db, log } = await ownLog('walk');
  await log.append(Array.from({ length: 2000 }, () => accessEntry()));
  for (let i = 0; i < 4; i++) {
    for await (const rows of walkEntries(db, 1, 2000)) {
      const [row] = await db`select content from access_actor where key = ${rows[0]?.actor as string}::uuid`;
      expect(row).toBeDefined();
      break;
    }
  }
  expect((await db`select 1 as one`)[0]).toEqual({ one: 1 });
  const batches = await Array.fromAsync(walkEntries(db, 1, 2000));
  expect(batches.flat().map(({ number }) => number)).toEqual(Array.from({ length: 2000 }, (_, i) => i + 1));
});
