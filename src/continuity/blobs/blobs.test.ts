/** Damage to stored content is found, never served, and healed from wherever there is a good copy; nothing with one copy is called safe. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { createBlobStore, type BlobStore } from '#trust/encryption/blobs.ts';
import { openKeyring } from '#trust/encryption/index.ts';
import type { Bytes } from '#trust/encryption/sealed-stream.ts';
import { createVault } from '#trust/encryption/vault.ts';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { createScrubber, keepBlobs, type BlobPlace, type KeptBlobs, type Scrubber } from './index.ts';

type Kept = {
  db: Db;
  blobs: KeptBlobs;
  store: BlobStore;
  scrubber: Scrubber;
  folder: string;
  copyFolder: string;
  reported: string[];
  now: { ms: number };
  spoil(folder: string, file: string): void;
};

async function kept(
  name: string,
  options: { hasCopy?: boolean; bytesPerSecond?: number; healFrom?(place: BlobPlace): Promise<Bytes | undefined> } = {},
): Promise<Kept> {
  const home = mkdtempSync(join(tmpdir(), 'fyr-kept-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const db = openDatabase(await ownDatabaseUrl(`blobs_${name}`), { connectionsMax: 4 });
  onTestFinished(() => db.end());
  const keyring = openKeyring({ secret: undefined, file: join(home, 'node.key'), randomness: systemRandomness });
  const vault = createVault({ db, keyring, node: 'test', clock: systemClock, randomness: systemRandomness });
  const storeIn = (folder: string): BlobStore => createBlobStore({ folder, vault, randomness: systemRandomness });
  const [folder, copyFolder] = [join(home, 'blobs'), join(home, 'copies')];
  const reported: string[] = [];
  const now = { ms: 0 };
  const clock = { now: () => systemClock.now() + now.ms };
  const report = (event: string): void => void reported.push(event);
  const copy = options.hasCopy === false ? {} : { copy: storeIn(copyFolder) };
  const store = storeIn(folder);
  const { healFrom, bytesPerSecond = 1e9 } = options;
  const blobs = keepBlobs({ db, clock, store, folder, report, ...copy, ...(healFrom ? { healFrom } : {}) });
  onTestFinished(() => blobs.idle());
  const scrubber = createScrubber({ db, clock, blobs, folder, report, bytesPerSecond, everyMs: 1000, ...copy });
  const spoil = (inside: string, file: string): void => {
    const bytes = readFileSync(join(inside, file));
    bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1;
    writeFileSync(join(inside, file), bytes);
  };
  return { db, blobs, store, scrubber, folder, copyFolder, reported, now, spoil };
}

const whole = async (content: AsyncGenerator<Buffer>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(content)).toString();

async function fileIn({ store }: Kept, patient: string, sha256: string): Promise<string> {
  return (await store.fileOf(patient, sha256)) ?? '';
}

test('with one copy nothing is safe; a second folder or another node’s word makes it so', async () => {
  const alone = await kept('alone', { hasCopy: false });
  const { sha256 } = await alone.blobs.put('ada', [Buffer.from('image')]);
  expect(await alone.blobs.isSafe('ada', sha256)).toBe(false);
  expect(await alone.blobs.isSafe('bo', sha256)).toBe(false);
  expect(await alone.blobs.acknowledge('bo', sha256, 'region')).toBe(false);
  expect(await alone.blobs.counts()).toEqual({ blobs: 1, single: 1, damaged: 0 });
  expect(await alone.blobs.acknowledge('ada', sha256, 'region')).toBe(true);
  expect(await alone.blobs.isSafe('ada', sha256)).toBe(true);
  const both = await kept('both');
  const put = await both.blobs.put('ada', [Buffer.from('image')]);
  await both.blobs.idle();
  expect(await both.blobs.isSafe('ada', put.sha256)).toBe(true);
  expect(readdirSync(both.copyFolder)).not.toEqual([]);
});

test('a second disk that is gone stops no writing; copies are made when it is back', async () => {
  const one = await kept('later');
  writeFileSync(one.copyFolder, 'not a folder');
  const { sha256 } = await one.blobs.put('ada', [Buffer.from('image')]);
  await one.blobs.idle();
  expect(await one.blobs.isSafe('ada', sha256)).toBe(false);
  expect(one.reported).toContain('blob copy');
  rmSync(one.copyFolder);
  expect(await one.blobs.copyMissing(10)).toBe(1);
  expect(await one.blobs.isSafe('ada', sha256)).toBe(true);
});

test('a damaged file is never served, is healed from the second copy, and lies in quarantine', async () => {
  const one = await kept('heal');
  const { sha256 } = await one.blobs.put('ada', [Buffer.from('image')]);
  await one.blobs.idle();
  const file = await fileIn(one, 'ada', sha256);
  one.spoil(one.folder, file);
  await expect(one.blobs.open('ada', sha256).then(whole)).rejects.toThrow(/damaged/);
  await one.blobs.idle();
  expect(await whole(await one.blobs.open('ada', sha256))).toBe('image');
  expect(readdirSync(join(one.folder, 'quarantine'))).toEqual([file.slice(-64)]);
});

test('a file that is gone is fetched when it is asked for', async () => {
  const one = await kept('gone');
  const { sha256 } = await one.blobs.put('ada', [Buffer.from('image')]);
  await one.blobs.idle();
  rmSync(join(one.folder, await fileIn(one, 'ada', sha256)));
  expect(await whole(await one.blobs.open('ada', sha256))).toBe('image');
});

test('reading through finds what rotted, heals it from another tier, and counts what nobody has', async () => {
  const good = new Map<string, Buffer>();
  const one = await kept('scrub', {
    hasCopy: false,
    healFrom: ({ sha256 }) => Promise.resolve(good.has(sha256) ? [good.get(sha256) as Buffer] : undefined),
  });
  const [ours, lost, wrong] = await Promise.all(
    ['ours', 'lost', 'wrong'].map((text) => one.blobs.put('ada', [Buffer.from(text)])),
  );
  good.set(ours?.sha256 ?? '', Buffer.from('ours'));
  good.set(wrong?.sha256 ?? '', Buffer.from('something else'));
  for (const blob of [ours, lost, wrong]) one.spoil(one.folder, await fileIn(one, 'ada', blob?.sha256 ?? ''));
  expect(await one.scrubber.step(60_000)).toBe('done');
  expect(await one.scrubber.state()).toMatchObject({ read: 3, healed: 1, quarantined: 2 });
  expect(await one.blobs.counts()).toEqual({ blobs: 3, single: 3, damaged: 2 });
  expect(await whole(await one.blobs.open('ada', ours?.sha256 ?? ''))).toBe('ours');
  await expect(one.blobs.open('ada', lost?.sha256 ?? '')).rejects.toThrow('no such content');
  expect(one.reported).toContain('blob damaged');
  good.set(lost?.sha256 ?? '', Buffer.from('lost'));
  one.now.ms += 2000;
  expect(await one.scrubber.step(60_000)).toBe('done');
  expect(await one.blobs.counts()).toMatchObject({ damaged: 1 });
});

test('reading through goes on where it was left off, one process at a time, no faster than it may', async () => {
  const one = await kept('resume', { hasCopy: false, bytesPerSecond: 20_000 });
  for (let i = 0; i < 6; i++) await one.blobs.put('ada', [Buffer.alloc(2000, i)]);
  const began = Date.now();
  const [first, second] = await Promise.all([one.scrubber.step(150), one.scrubber.step(150)]);
  expect([first, second].sort()).toEqual(['busy', 'more']);
  const { read } = await one.scrubber.state();
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(6);
  expect(await one.scrubber.step(60_000)).toBe('done');
  expect(Date.now() - began).toBeGreaterThanOrEqual(550);
  expect((await one.scrubber.state()).read).toBe(6);
  expect(await one.scrubber.step(10)).toBe('done');
  expect((await one.scrubber.state()).read).toBe(6);
});

test('what a destroyed key sealed goes, here and in the second folder', async () => {
  const one = await kept('destroyed');
  const { sha256 } = await one.blobs.put('ada', [Buffer.from('image')]);
  await one.blobs.idle();
  const file = await fileIn(one, 'ada', sha256);
  await one.db`update data_key set wrapped = null, destroyed = now()`;
  one.now.ms += 120_000;
  const cold = await kept('destroyed_cold');
  expect(await cold.scrubber.step(1000)).toBe('done');
  const vault = createVault({
    db: one.db,
    keyring: openKeyring({ secret: undefined, file: join(one.folder, '..', 'node.key'), randomness: systemRandomness }),
    node: 'test',
    clock: systemClock,
    randomness: systemRandomness,
  });
  const stores = [one.folder, one.copyFolder].map((folder) =>
    createBlobStore({ folder, vault, randomness: systemRandomness }),
  );
  const [store, copy] = stores as [BlobStore, BlobStore];
  const deps = { db: one.db, clock: systemClock, folder: one.folder, copy, report: () => {} };
  const blobs = keepBlobs({ ...deps, store });
  expect(await createScrubber({ ...deps, blobs, bytesPerSecond: 1e9, everyMs: 0 }).step(1000)).toBe('done');
  expect([one.folder, one.copyFolder].map((folder) => existsSync(join(folder, file)))).toEqual([false, false]);
  expect(await blobs.counts()).toEqual({ blobs: 0, single: 0, damaged: 0 });
});

test('a file that a killed node left without a note is found, and kept only where it is whole', async () => {
  const one = await kept('unknown', { hasCopy: false });
  const [whole_, broken] = await Promise.all(
    ['whole', 'broken'].map((text) => one.store.put('ada', [Buffer.from(text)])),
  );
  one.spoil(one.folder, await fileIn(one, 'ada', broken?.sha256 ?? ''));
  expect(await one.scrubber.step(10_000)).toBe('done');
  expect(await one.scrubber.state()).toMatchObject({ unknown: 2, quarantined: 1 });
  expect(await one.store.has('ada', whole_?.sha256 ?? '')).toBe(true);
  expect(await one.store.has('ada', broken?.sha256 ?? '')).toBe(false);
});
