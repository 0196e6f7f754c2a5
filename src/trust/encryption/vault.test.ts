import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase, type Db } from '#kernel/db.ts';
import { systemIds, systemRandomness } from '#kernel/ids.ts';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { openBackup, sealBackup } from './backup.ts';
import { nodeKeyUses } from './data-key-store.ts';
import { rowsOf, swapWrapped } from './encryption-test-store.ts';
import { keyStates } from './key-states.ts';
import { openKeyring, type Keyring } from './keyring.ts';
import { removeNodeKey, wrapAnew } from './rotate.ts';
import { Damage } from './sealed-stream.ts';
import { createVault, type Vault } from './vault.ts';

type Bench = { db: Db; vault: Vault; keyring: Keyring; file: string; time: { ms: number }; patient(): string };

async function bench(name: string): Promise<Bench> {
  const db = openDatabase(await ownDatabaseUrl(name), { connectionsMax: 4 });
  const file = join(mkdtempSync(join(tmpdir(), 'fyr-vault-')), 'node.key');
  const time = { ms: Date.parse('2026-11-23T12:00:00Z') };
  const clock = { now: () => time.ms };
  const keyring = openKeyring({ secret: undefined, file, randomness: systemRandomness });
  const vault = createVault({ db, keyring, node: 'test', clock, randomness: systemRandomness });
  const ids = systemIds(clock);
  return { db, vault, keyring, file, time, patient: () => ids.uuid() };
}

const clockOf = ({ time }: Bench) => ({ now: () => time.ms });
const again = (b: Bench, keyring = b.keyring): Vault =>
  createVault({ db: b.db, keyring, node: 'test', clock: clockOf(b), randomness: systemRandomness });

test('content is opened with the key of its patient, and of no other', async () => {
  const b = await bench('vault_swap');
  const [ada, bo] = [b.patient(), b.patient()];
  const sealed = await b.vault.sealBytes(ada, Buffer.from('about Ada'));
  await b.vault.sealBytes(bo, Buffer.from('about Bo'));
  expect((await b.vault.openBytes(sealed)).toString()).toBe('about Ada');
  await swapWrapped(b.db, ada, bo);
  await expect(again(b).openBytes(sealed)).rejects.toThrow('A data key in the database was altered.');
  await b.db.end();
});

test('what is destroyed for a patient opens never again, and other patients are not touched', async () => {
  const b = await bench('vault_destroy');
  const [ada, bo] = [b.patient(), b.patient()];
  const [ofAda, ofBo] = [await b.vault.sealBytes(ada, Buffer.from('a')), await b.vault.sealBytes(bo, Buffer.from('b'))];
  const elsewhere = again(b);
  await elsewhere.openBytes(ofAda);
  expect(await b.vault.destroy(ada)).toBe(1);
  await expect(b.vault.openBytes(ofAda)).rejects.toThrow('was destroyed');
  b.time.ms += 60_001;
  await expect(elsewhere.openBytes(ofAda)).rejects.toThrow('was destroyed');
  expect((await b.vault.openBytes(ofBo)).toString()).toBe('b');
  const anew = await b.vault.sealBytes(ada, Buffer.from('a new start'));
  expect((await b.vault.openBytes(anew)).toString()).toBe('a new start');
  await expect(b.vault.destroy('')).rejects.toThrow('Say whose keys');
  await b.db.end();
});

test('a node key that is not here is told by its first digits, and its content is not taken for damaged', async () => {
  const b = await bench('vault_missing');
  const sealed = await b.vault.sealBytes(b.patient(), Buffer.from('x'));
  const other = openKeyring({
    secret: systemRandomness.bytes(32).toString('base64'),
    file: '',
    randomness: systemRandomness,
  });
  await expect(again(b, other).openBytes(sealed)).rejects.toThrow(
    /^The node key [0-9a-f]{8} is not here \(FYR_NODE_KEY\)/,
  );
  expect((await keyStates(b.db, other)).map(({ state }) => state).sort()).toEqual(['current', 'missing']);
  await b.db.end();
});

test('several writers at once make one key a patient', async () => {
  const b = await bench('vault_race');
  const ada = b.patient();
  const sealed = await Promise.all([1, 2, 3, 4].map(() => again(b).sealBytes(ada, Buffer.from('x'))));
  expect(await rowsOf(b.db, ada)).toBe(1);
  for (const bytes of sealed) expect((await again(b).openBytes(bytes)).toString()).toBe('x');
  await b.db.end();
});

test('rotation wraps every data key anew, keeps the old node key until then, and content opens all the while', async () => {
  const b = await bench('vault_rotate');
  const patients = Array.from({ length: 1100 }, () => b.patient());
  const sealed = await Promise.all(patients.map((patient) => b.vault.sealBytes(patient, Buffer.from(patient))));
  const old = b.keyring.keys()[0]?.id;
  const current = b.keyring.add().id;
  const cut = new AbortController();
  const deps = { db: b.db, keyring: b.keyring, clock: clockOf(b), randomness: systemRandomness };
  const half = wrapAnew(deps, { signal: cut.signal, onProgress: () => cut.abort() });
  await expect(half).rejects.toThrow(/aborted/);
  expect(b.keyring.keys().map(({ id }) => id)).toEqual([current, old]);
  expect((await again(b).openBytes(sealed[0] as Buffer)).toString()).toBe(patients[0]);
  await expect(removeNodeKey(deps, old ?? '')).rejects.toThrow('600 data keys');
  expect(await wrapAnew(deps)).toEqual({ wrappedAnew: 600, left: 0, unused: [old] });
  await removeNodeKey(deps, old ?? '');
  for (const place of [0, 500, 1099]) {
    expect((await again(b).openBytes(sealed[place] as Buffer)).toString()).toBe(patients[place]);
  }
  expect((await wrapAnew(deps)).wrappedAnew).toBe(0);
  await b.db.end();
});

test('a writer that still has the old node key can not slip a data key past a rotation', async () => {
  const b = await bench('vault_stale');
  const old = b.keyring.keys();
  await b.vault.sealBytes(b.patient(), Buffer.from('x'));
  b.keyring.add();
  await wrapAnew({ db: b.db, keyring: b.keyring, clock: clockOf(b), randomness: systemRandomness });
  const stale: Keyring = { ...b.keyring, keys: () => old, find: (id) => old.find((key) => key.id === id) };
  await expect(again(b, stale).sealBytes(b.patient(), Buffer.from('y'))).rejects.toThrow('The node key was replaced');
  expect((await nodeKeyUses(b.db)).filter(({ dataKeys }) => dataKeys > 0)).toHaveLength(1);
  await b.db.end();
});

test('a backup opens without the database, and says which key it needs when that is not here', async () => {
  const b = await bench('vault_backup');
  const content = systemRandomness.bytes(300_000);
  const sealed = Buffer.concat(await Array.fromAsync(sealBackup(b.keyring, [content], systemRandomness)));
  b.keyring.add();
  expect(Buffer.concat(await Array.fromAsync(openBackup(b.keyring, [sealed]))).equals(content)).toBe(true);
  const old = b.keyring.keys()[1]?.id ?? '';
  b.keyring.remove(old);
  await expect(Array.fromAsync(openBackup(b.keyring, [sealed]))).rejects.toThrow(`the node key ${old}`);
  await expect(Array.fromAsync(openBackup(b.keyring, [sealed.subarray(0, -1)]))).rejects.toThrow();
  await b.db.end();
});

test('sealed bytes that were altered are refused', async () => {
  const b = await bench('vault_altered');
  const sealed = await b.vault.sealBytes(undefined, Buffer.from('of nobody'));
  sealed[60] = (sealed[60] as number) ^ 1;
  await expect(b.vault.openBytes(sealed)).rejects.toThrow(Damage);
  await b.db.end();
});
