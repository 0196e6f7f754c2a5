/**
 * Large content (documents, images, recordings) as sealed files below the data folder, addressed by the SHA-256 of what they hold: the same on every node, and
 * what a reader can check. On disk a file's name is a keyed hash (HMAC) of that address under the patient's data key, so that the disk does not tell which known
 * documents somebody has, and two patients' same document are two files that can be destroyed one by one.
 *
 *     <folder>/ab/cd/<64 hexadecimal digits>      its content: binding, 32 bytes | sealed stream (purpose `blob`)
 *
 * The binding is an HMAC of the name and the stream's header: a file that was put in another's place is refused before a byte of it is read.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open as openFile, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import { Damage, type Bytes } from './sealed-stream.ts';
import type { Vault } from './vault.ts';

export type BlobStore = {
  /**
   * Keeps the content; durable, file and folder, when it resolves. The same content of the same patient is kept once.
   * Faults: tooLarge, beyond `bytesMax`; full, where the disk is; unavailable (reason `storage`), where the storage does not answer.
   */
  put(patient: string | undefined, content: Bytes, limits?: { bytesMax?: number }): Promise<BlobAddress>;
  has(patient: string | undefined, sha256: string): Promise<boolean>;
  /**
   * The content, checked piece by piece as it is read, and as a whole at its end: break off what you send when reading throws.
   * Faults: notFound; gone, where the patient's key was destroyed; unavailable (reason `storage`), where the storage does not answer; Damage.
   */
  open(patient: string | undefined, sha256: string): Promise<AsyncGenerator<Buffer>>;
  /** True when there was one. */
  remove(patient: string | undefined, sha256: string): Promise<boolean>;
  /** The name of the file that it has, as `list` gives it, whether it is there or not. Undefined: the patient has no key. */
  fileOf(patient: string | undefined, sha256: string): Promise<string | undefined>;
  /** The files, in no order, for a scrubber. */
  list(): AsyncGenerator<string>;
  /** Reads a file that `list` gave, whole. `destroyed`: its key is gone on purpose, so the file can go. Faults: unavailable, where its node key is not here. */
  verify(file: string): Promise<'good' | 'damaged' | 'destroyed'>;
  /** Removes a file that `list` gave. */
  removeFile(file: string): Promise<void>;
  /** Removes what was being written when the node was killed, before this time (milliseconds since 1970). Gives the number of files. */
  removeLeftovers(before: number): Promise<number>;
};

export type BlobAddress = { sha256: string; bytes: number };

export type BlobStoreDeps = { folder: string; vault: Vault; randomness: Randomness };

const bindingBytes = 32;
const headerBytes = 56;
const readBytes = 262_144;

export function createBlobStore({ folder, vault, randomness }: BlobStoreDeps): BlobStore {
  const pathOf = async (patient: string | undefined, sha256: string): Promise<Place | undefined> => {
    if (!/^[0-9a-f]{64}$/.test(sha256))
      throw new Fault('invalid', 'A blob is addressed by the SHA-256 of its content.');
    const nameKey = await vault.nameKey(patient);
    return nameKey && placeOf(folder, nameKey, sha256);
  };
  return {
    put: (patient, content, limits = {}) => put({ folder, vault, randomness }, patient, content, limits.bytesMax),
    async has(patient, sha256) {
      const place = await pathOf(patient, sha256);
      return place !== undefined && (await exists(place.path));
    },
    async open(patient, sha256) {
      const place = await pathOf(patient, sha256);
      const file = place && (await openIfThere(place.path));
      if (place === undefined || file === undefined) throw new Fault('notFound', 'There is no such content here.');
      return contentOf(vault, file, place, sha256);
    },
    async remove(patient, sha256) {
      const place = await pathOf(patient, sha256);
      if (place === undefined || !(await exists(place.path))) return false;
      await rm(place.path, { force: true });
      return true;
    },
    async fileOf(patient, sha256) {
      const place = await pathOf(patient, sha256);
      return place && relativePath(place.name);
    },
    list: () => filesBelow(folder),
    verify: (name) => verify(vault, folder, name),
    removeFile: (name) => rm(join(folder, checkedName(name)), { force: true }),
    removeLeftovers: (before) => removeLeftovers(join(folder, 'incoming'), before),
  };
}

type Place = { path: string; nameKey: Buffer; name: string };

function placeOf(folder: string, nameKey: Buffer, sha256: string): Place {
  const name = createHmac('sha256', nameKey).update(sha256, 'hex').digest('hex');
  return { path: join(folder, relativePath(name)), nameKey, name };
}

function relativePath(name: string): string {
  return join(name.slice(0, 2), name.slice(2, 4), name);
}

function bindingOf(nameKey: Buffer, name: string, header: Buffer): Buffer {
  return createHmac('sha256', nameKey).update('fyr-blob-1').update(name, 'hex').update(header).digest();
}

async function put(
  { folder, vault, randomness }: BlobStoreDeps,
  patient: string | undefined,
  content: Bytes,
  bytesMax = Number.MAX_SAFE_INTEGER,
): Promise<BlobAddress> {
  await vault.prepare(patient);
  const beside = join(folder, 'incoming', randomness.bytes(16).toString('hex'));
  const file = await newFile(beside);
  try {
    const { hash, counted } = hashed(content, bytesMax);
    const header = await writeSealed(file, vault.seal(patient, hash, 'blob'));
    const { sha256, bytes } = counted();
    const nameKey = await vault.nameKey(patient);
    if (nameKey === undefined) throw new Fault('gone', 'The key of this patient was destroyed meanwhile.');
    const place = placeOf(folder, nameKey, sha256);
    await file.write(bindingOf(nameKey, place.name, header), 0, bindingBytes, 0);
    await file.sync();
    await intoPlace(folder, beside, place.path);
    return { sha256, bytes };
  } catch (error) {
    throw asDiskFault(error);
  } finally {
    await file.close();
    await rm(beside, { force: true });
  }
}

async function newFile(path: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return await openFile(path, 'wx', 0o600);
  } catch (error) {
    throw asDiskFault(error);
  }
}

/** The content as it passes, with its length and SHA-256 when it has. */
function hashed(content: Bytes, bytesMax: number): { hash: AsyncGenerator<Uint8Array>; counted(): BlobAddress } {
  const sha256 = createHash('sha256');
  let bytes = 0;
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      bytes += piece.length;
      if (bytes > bytesMax) throw new Fault('tooLarge', `More than the ${bytesMax} bytes that are taken here.`);
      sha256.update(piece);
      yield piece;
    }
  }
  return { hash: pass(), counted: () => ({ sha256: sha256.digest('hex'), bytes }) };
}

/** Writes the sealed stream after the room for the binding. Gives the stream's header. */
async function writeSealed(file: FileHandle, sealed: AsyncIterable<Buffer>): Promise<Buffer> {
  let at = bindingBytes;
  let header: Buffer | undefined;
  for await (const piece of sealed) {
    header ??= Buffer.from(piece.subarray(0, headerBytes));
    for (let from = 0; from < piece.length;) {
      const { bytesWritten } = await file.write(piece, from, piece.length - from, at);
      from += bytesWritten;
      at += bytesWritten;
    }
  }
  return header ?? Buffer.alloc(0);
}

/** Under its name in one step, then its folders made durable: after a power failure it is there whole, or was never acknowledged. */
async function intoPlace(folder: string, beside: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // In place of an older file of the same name: it holds the same, or is damaged and healed by this.
  await rename(beside, path);
  for (const parent of [dirname(path), dirname(dirname(path)), folder]) await syncFolder(parent);
}

/** A new name in a folder outlives a power failure only once the folder itself is on the disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await openFile(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function asDiskFault(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new Fault('full', 'The disk of this node is full: nothing was written.', { cause: error });
  if (code === undefined || !silentStorage.has(code)) return error;
  const words =
    'The storage of documents and images at this node does not answer. Nothing was kept, and nothing is lost.';
  return new Fault('unavailable', words, { reason: 'storage', retryAfterSeconds: 60, cause: error });
}

/** What the system says where the storage behind a folder is gone, read-only or broken. */
const silentStorage = new Set([
  'EIO',
  'EROFS',
  'ENOTDIR',
  'ENODEV',
  'ENXIO',
  'ESTALE',
  'ENOTCONN',
  'ETIMEDOUT',
  'EACCES',
  'ENOENT',
]);

async function* contentOf(vault: Vault, file: FileHandle, place: Place, sha256: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let ahead: Buffer | undefined;
  try {
    for await (const piece of vault.open(await boundStream(file, place), 'blob')) {
      hash.update(piece);
      // The last piece waits for the whole to be right, so that damaged content never arrives complete.
      if (ahead !== undefined) yield ahead;
      ahead = piece;
    }
    if (hash.digest('hex') !== sha256) throw new Damage('This content is not what its address says.');
    if (ahead !== undefined) yield ahead;
  } finally {
    await file.close();
  }
}

/** The file's sealed stream, once its binding says that it stands in its own place. */
async function boundStream(file: FileHandle, { nameKey, name }: Place): Promise<AsyncGenerator<Buffer>> {
  const front = await readAt(file, 0, bindingBytes + headerBytes);
  const expected = bindingOf(nameKey, name, front.subarray(bindingBytes));
  if (front.length < bindingBytes + headerBytes || !timingSafeEqual(front.subarray(0, bindingBytes), expected)) {
    throw new Damage('This content is damaged, or was put in the place of other content.');
  }
  return piecesFrom(file, bindingBytes);
}

async function* piecesFrom(file: FileHandle, from: number): AsyncGenerator<Buffer> {
  for (let at = from; ;) {
    const piece = await readAt(file, at, readBytes);
    if (piece.length === 0) return;
    at += piece.length;
    yield piece;
  }
}

async function readAt(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(bytes), 0, bytes, at);
  return buffer.subarray(0, bytesRead);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  return openFile(path, constants.O_RDONLY).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw asDiskFault(error);
  });
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for (const first of await namesIn(folder)) {
    if (!/^[0-9a-f]{2}$/.test(first)) continue;
    for (const second of await namesIn(join(folder, first))) {
      for (const name of await namesIn(join(folder, first, second))) yield join(first, second, name);
    }
  }
}

async function removeLeftovers(incoming: string, before: number): Promise<number> {
  let removed = 0;
  for (const name of await namesIn(incoming)) {
    const { mtimeMs } = await stat(join(incoming, name));
    if (mtimeMs >= before) continue;
    await rm(join(incoming, name), { force: true });
    removed++;
  }
  return removed;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

function checkedName(file: string): string {
  if (!/^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(file))
    throw new Fault('invalid', 'This is no file of the blob store.');
  return file;
}

async function verify(vault: Vault, folder: string, listed: string): Promise<'good' | 'damaged' | 'destroyed'> {
  const path = join(folder, checkedName(listed));
  const file = await openIfThere(path);
  if (file === undefined) return 'damaged';
  try {
    const front = await readAt(file, 0, bindingBytes + headerBytes);
    const nameKey = await vault.nameKeyOf(front.subarray(bindingBytes + 8, bindingBytes + 24).toString('hex'));
    const place = { path, nameKey, name: listed.slice(-64) };
    const hash = createHash('sha256');
    for await (const piece of vault.open(await boundStream(file, place), 'blob')) hash.update(piece);
    return placeOf(folder, nameKey, hash.digest('hex')).name === place.name ? 'good' : 'damaged';
  } catch (error) {
    if (error instanceof Damage) return 'damaged';
    if (error instanceof Fault && error.kind === 'gone') return 'destroyed';
    throw error;
  } finally {
    await file.close();
  }
}
