/** Blobs in a backup: their sealed files as they are, which only the data keys in the same backup open. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Randomness } from '#kernel/ids.ts';
import type { BlobStore } from '#trust/encryption/index.ts';
import { asDiskFault, intoPlace, type BackupFolder } from './folder.ts';
import type { Manifest } from './manifest.ts';
import { Tally } from './tally.ts';

export type BlobsDeps = { blobs: BlobStore; blobFolder: string; randomness: Randomness };

export type CopiedBlobs = { held: Manifest['blobs']; bytesWritten: number };

/**
 * Copies what the backup lacks and lists what it holds. After the snapshot: whatever that refers to was durable before. A blob that does not open is left
 * out and counted, so that a damaged one never takes the place of a good one.
 */
export async function copyBlobs(
  { blobs, blobFolder, randomness }: BlobsDeps,
  folder: BackupFolder,
  { signal }: { signal?: AbortSignal } = {},
): Promise<CopiedBlobs> {
  let [files, bytes, damaged, bytesWritten] = [0, 0, 0, 0];
  async function* lines(): AsyncGenerator<Buffer> {
    for await (const name of blobs.list()) {
      signal?.throwIfAborted();
      const size = await sizeOf(join(blobFolder, name));
      if (size === undefined) continue;
      const kept = join(folder.blobFolder, name);
      if ((await sizeOf(kept)) !== size) {
        const state = await blobs.verify(name);
        if (state !== 'good') {
          if (state === 'damaged') damaged++;
          continue;
        }
        await copyFile(join(blobFolder, name), kept, join(folder.folder, 'incoming'), randomness);
        bytesWritten += size;
      }
      files++;
      bytes += size;
      yield Buffer.from(`${name}\t${size}\n`);
    }
  }
  const list = await folder.putPiece(lines(), new Tally());
  return { held: { list, files, bytes, damaged }, bytesWritten: bytesWritten + list.bytes };
}

export type RestoredBlobs = { files: number; copied: number; lacking: string[] };

const lackingMax = 1000;

/**
 * Puts back the blobs of a backup that are not there; each is opened with the keys that were restored. `lacking`: names of what could not be put back,
 * 1,000 at most. With `isOnlyChecked`, nothing is copied or removed.
 */
export async function restoreBlobs(
  { blobs, blobFolder, randomness }: BlobsDeps,
  folder: BackupFolder,
  manifest: Manifest,
  { signal, isOnlyChecked }: { signal?: AbortSignal; isOnlyChecked?: boolean } = {},
): Promise<RestoredBlobs> {
  const result: RestoredBlobs = { files: 0, copied: 0, lacking: [] };
  for await (const { name, size } of listedBlobs(folder, manifest)) {
    signal?.throwIfAborted();
    result.files++;
    const path = join(blobFolder, name);
    if ((await sizeOf(path)) === size && (await blobs.verify(name)) !== 'damaged') continue;
    const kept = join(folder.blobFolder, name);
    if (isOnlyChecked !== true && (await sizeOf(kept)) === size)
      await copyFile(kept, path, join(blobFolder, 'incoming'), randomness);
    if ((await blobs.verify(name)) === 'damaged') {
      if (result.lacking.length < lackingMax) result.lacking.push(name);
      if (isOnlyChecked !== true) await rm(path, { force: true });
    } else result.copied++;
  }
  return result;
}

/** The blobs that a backup holds, from its list. */
export async function* listedBlobs(
  folder: BackupFolder,
  { blobs }: Manifest,
): AsyncGenerator<{ name: string; size: number }> {
  const lines = createInterface({ input: Readable.from(folder.readPiece(blobs.list)), crlfDelay: Infinity });
  for await (const line of lines) {
    const [name = '', size] = line.split('\t');
    if (!/^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(name)) throw new Error('a list of blobs names blobs');
    yield { name, size: Number(size) };
  }
}

/** Removes blobs that no backup lists any more. Gives their number. The lists are read one by one; names are kept as 16 bytes each. */
export async function removeUnlistedBlobs(folder: BackupFolder, manifests: readonly Manifest[]): Promise<number> {
  const listed = new Set<string>();
  for (const manifest of manifests) {
    for await (const { name } of listedBlobs(folder, manifest)) listed.add(shortOf(name));
  }
  let removed = 0;
  for (const first of await namesIn(folder.blobFolder)) {
    for (const second of await namesIn(join(folder.blobFolder, first))) {
      for (const name of await namesIn(join(folder.blobFolder, first, second))) {
        if (listed.has(shortOf(name))) continue;
        await rm(join(folder.blobFolder, first, second, name), { force: true });
        removed++;
      }
    }
  }
  return removed;
}

const shortOf = (name: string): string => Buffer.from(name.slice(-64, -32), 'hex').toString('latin1');

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

/** Whole and durable under its name, or not there. */
export async function copyFile(from: string, to: string, incoming: string, randomness: Randomness): Promise<void> {
  const beside = join(incoming, randomness.bytes(16).toString('hex'));
  await mkdir(dirname(beside), { recursive: true, mode: 0o700 });
  try {
    await pipeline(createReadStream(from), createWriteStream(beside, { mode: 0o600 }));
    const handle = await open(beside, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await intoPlace(beside, to);
  } catch (error) {
    throw asDiskFault(error);
  } finally {
    await rm(beside, { force: true });
  }
}
