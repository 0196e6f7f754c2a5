import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { systemIds, systemRandomness } from '#kernel/ids.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { createBlobStore, type BlobStore } from './blobs.ts';
import { openKeyring } from './keyring.ts';
import { Damage } from './sealed-stream.ts';
import { createVault, type Vault } from './vault.ts';

let db: Db;
let vault: Vault;
const ids = systemIds(systemClock);
const home = mkdtempSync(join(tmpdir(), 'fyr-blobs-'));
const keyring = openKeyring({ secret: undefined, file: join(home, 'node.key'), randomness: systemRandomness });

beforeAll(() => {
  db = testDatabase();
  vault = createVault({ db, keyring, node: 'test-blobs', clock: systemClock, randomness: systemRandomness });
});
afterAll(() => db.end());

function storeIn(name: string): { store: BlobStore; folder: string; files(): string[] } {
  const folder = join(home, name);
  const files = (): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  return { folder, files, store: createBlobStore({ folder, vault, randomness: systemRandomness }) };
}

async function whole(store: BlobStore, patient: string | undefined, sha256: string): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(await store.open(patient, sha256)));
}

test('a document is not found under another patient, nor told by what lies on the disk', async () => {
  const { store, files } = storeIn('apart');
  const [ada, bo] = [ids.uuid(), ids.uuid()];
  const text = Buffer.from('Negative. No further controls.');
  const { sha256, bytes } = await store.put(ada, [text]);
  expect({ sha256, bytes }).toEqual({ sha256: createHash('sha256').update(text).digest('hex'), bytes: text.length });
  await expect(store.open(bo, sha256)).rejects.toThrow('no such content');
  await store.put(bo, [text]);
  await expect(store.open(ids.uuid(), sha256)).rejects.toThrow('no such content');
  expect(files()).toHaveLength(2);
  for (const file of files()) {
    expect(file).not.toContain(sha256);
    expect(file).not.toContain(ada);
    expect(readFileSync(file).includes(text)).toBe(false);
    expect(statSync(file).mode & 0o077).toBe(0);
  }
});

test.each([
  ['its first byte', 0],
  ['the key id', 45],
  ['its content', 32 + 56 + 70_000],
  ['its last byte', -1],
])('a file with %s changed is refused, and found by the scrubber', async (name, place) => {
  const { store, files } = storeIn(`changed ${name}`);
  const patient = ids.uuid();
  const { sha256 } = await store.put(patient, [systemRandomness.bytes(150_000)]);
  const file = files()[0] as string;
  const bytes = readFileSync(file);
  const at = place < 0 ? bytes.length + place : place;
  bytes[at] = (bytes[at] as number) ^ 4;
  writeFileSync(file, bytes);
  await expect(whole(store, patient, sha256)).rejects.toThrow(Damage);
  for await (const listed of store.list()) expect(await store.verify(listed)).toBe('damaged');
});

test('a file that is put in the place of another of the same patient is refused before anything of it is read', async () => {
  const { store, files } = storeIn('swapped');
  const patient = ids.uuid();
  const first = await store.put(patient, [systemRandomness.bytes(200_000)]);
  const [place] = files() as [string];
  await store.put(patient, [systemRandomness.bytes(200_000)]);
  const other = files().find((file) => file !== place) as string;
  renameSync(other, place);
  const seen: Buffer[] = [];
  const read = async (): Promise<void> => {
    for await (const piece of await store.open(patient, first.sha256)) seen.push(piece);
  };
  await expect(read()).rejects.toThrow(Damage);
  expect(seen).toEqual([]);
});

test('more than is allowed is refused, and leaves nothing behind', async () => {
  const { store, files } = storeIn('large');
  await expect(store.put(ids.uuid(), [Buffer.alloc(1001)], { bytesMax: 1000 })).rejects.toThrow('1000 bytes');
  expect(files()).toEqual([]);
});

test('content that breaks off on its way in leaves nothing behind', async () => {
  const { store, files } = storeIn('broken');
  async function* cut(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(100_000);
    throw new Error('the line was cut');
  }
  await expect(store.put(ids.uuid(), cut())).rejects.toThrow('the line was cut');
  expect(files()).toEqual([]);
});

test('storage that does not answer is told as such, in writing and in reading, and what was there is there when it is back', async () => {
  const { store, folder } = storeIn('archive');
  const { sha256 } = await store.put('p-archive', [Buffer.from('an image')]);
  renameSync(folder, `${folder}-away`);
  writeFileSync(folder, '');
  const gone = { kind: 'unavailable', reason: 'storage' };
  await expect(store.put('p-archive', [Buffer.from('another image')])).rejects.toMatchObject(gone);
  await expect(store.open('p-archive', sha256)).rejects.toMatchObject(gone);
  rmSync(folder);
  renameSync(`${folder}-away`, folder);
  expect(String(await whole(store, 'p-archive', sha256))).toBe('an image');
});

test('an address that is none is refused, also one that would lead out of the folder', async () => {
  const { store } = storeIn('addresses');
  for (const address of ['', '../../node.key', 'A'.repeat(64)]) {
    await expect(store.open(undefined, address)).rejects.toThrow('SHA-256');
  }
  await expect(store.verify('../node.key')).rejects.toThrow('no file of the blob store');
});

test('what is kept comes back as it was, is kept once, heals a damaged file, and can be removed', async () => {
  const { store, files } = storeIn('kept');
  const patient = ids.uuid();
  for (const bytes of [0, 1, 65_536, 65_537, 1_000_000]) {
    const content = systemRandomness.bytes(bytes);
    const { sha256 } = await store.put(patient, [content.subarray(0, 10), content.subarray(10)]);
    expect((await whole(store, patient, sha256)).equals(content), `${bytes} bytes`).toBe(true);
  }
  const content = Buffer.from('once');
  const before = files();
  const { sha256 } = await store.put(patient, [content]);
  const added = files().find((file) => !before.includes(file)) as string;
  writeFileSync(added, 'junk');
  await store.put(patient, [content]);
  expect(files()).toHaveLength(6);
  expect((await whole(store, patient, sha256)).toString()).toBe('once');
  expect(await store.has(patient, sha256)).toBe(true);
  expect(await store.remove(patient, sha256)).toBe(true);
  expect(await store.remove(patient, sha256)).toBe(false);
  for await (const listed of store.list()) expect(await store.verify(listed)).toBe('good');
});

test('what a killed node left half-written is cleared away, what is being written now is not', async () => {
  const { store, folder, files } = storeIn('leftovers');
  mkdirSync(join(folder, 'incoming'), { recursive: true });
  for (const name of ['old', 'new']) writeFileSync(join(folder, 'incoming', name), 'x');
  utimesSync(join(folder, 'incoming', 'old'), 1, 1);
  expect(await store.removeLeftovers(10_000)).toBe(1);
  expect(files()).toEqual([join(folder, 'incoming', 'new')]);
});

test("when a patient's key is destroyed, the files tell the scrubber that they can go", async () => {
  const { store, files } = storeIn('destroyed');
  const patient = ids.uuid();
  const { sha256 } = await store.put(patient, [Buffer.from('x')]);
  await vault.destroy(patient);
  await expect(store.open(patient, sha256)).rejects.toThrow('no such content');
  for await (const listed of store.list()) {
    expect(await store.verify(listed)).toBe('destroyed');
    await store.removeFile(listed);
  }
  expect(files()).toEqual([]);
});
