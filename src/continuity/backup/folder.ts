/**
 * The folder that backups lie in: sealed pieces, and a sealed manifest for each backup, written last. Whatever is killed at whatever moment leaves the
 * earlier backups as they were.
 *
 *     backups/<time>-<id>      a manifest
 *     pieces/ab/<32 digits>    rows, lists, small files
 *     blobs/ab/cd/<64 digits>  the node's sealed blobs, as they lie in its blob store
 *     incoming/                what is being written
 */
import { createReadStream } from 'node:fs';
import { access, mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { lockDataFolder } from '#kernel/data-folder.ts';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import { openBackup, sealBackup } from '#trust/encryption/backup.ts';
import type { Keyring } from '#trust/encryption/index.ts';
import { Damage } from '#trust/encryption/sealed-stream.ts';
import { manifestSchema, type Manifest, type Piece } from './manifest.ts';
import { Tally } from './tally.ts';

export type BackupFolderDeps = { folder: string; keyring: Keyring; randomness: Randomness };

/** A piece of before, and the digest of its rows. */
export type Same = { piece: Piece | undefined; digest: string };

export type BackupEntry = { name: string; at: number; id: string };

const manifestName = /^(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)\.(\d{3})Z-([0-9a-f]{8})$/;

/** Nothing is made or read yet. */
export function openBackupFolder(deps: BackupFolderDeps): BackupFolder {
  return new BackupFolder(deps);
}

export class BackupFolder {
  readonly folder: string;
  readonly blobFolder: string;
  readonly #keyring: Keyring;
  readonly #randomness: Randomness;

  constructor({ folder, keyring, randomness }: BackupFolderDeps) {
    this.folder = folder;
    this.blobFolder = join(folder, 'blobs');
    this.#keyring = keyring;
    this.#randomness = randomness;
  }

  /** One backup, check or clearing at a time. Faults: conflict. */
  async lock(purpose: string): Promise<{ release(): void }> {
    const { folder } = this;
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      throw new Fault('invalid', `The folder ${folder} can not be made (${error.code}).`, { cause: error });
    });
    return lockDataFolder(folder, purpose, 0).catch((error: unknown) => {
      if (!(error instanceof Fault) || error.kind !== 'conflict') throw error;
      throw new Fault('conflict', `Another backup works in ${folder} already. Wait until it is done.`, {
        cause: error,
      });
    });
  }

  /**
   * Seals rows into a new piece, durable when this resolves. Where they are those of `same`, in whatever order, nothing is kept and that is given again.
   */
  async putPiece(rows: AsyncIterable<Uint8Array>, tally: Tally, same?: Same): Promise<Piece> {
    const name = this.#randomness.bytes(16).toString('hex');
    let piece: Piece | undefined;
    await this.#putBeside(tally.through(rows), async (path) => {
      const { size } = await stat(path);
      const made = { file: `${name.slice(0, 2)}/${name}`, bytes: size, rows: tally.rows, sha256: tally.sha256() };
      const known = same?.digest === tally.digests()[0] && same?.piece?.rows === made.rows ? same.piece : undefined;
      const isKnown = known !== undefined && (await isThere(this.#pathOf(known)));
      piece = isKnown ? known : made;
      if (!isKnown) await intoPlace(path, this.#pathOf(made));
    });
    return piece as Piece;
  }

  /** The rows of a piece. Faults: Damage, where it is not what was written, or not whole; unavailable, where its key is not here. */
  async *readPiece(piece: Piece): AsyncGenerator<Buffer> {
    const tally = new Tally();
    yield* tally.through(unpacked(openBackup(this.#keyring, fileOf(this.#pathOf(piece)))));
    if (tally.sha256() !== piece.sha256 || tally.rows !== piece.rows) {
      throw new Damage(`The backup's file pieces/${piece.file} is not what was written.`);
    }
  }

  /** The same for what is not rows: a list, a small file. */
  async putFile(content: Iterable<Uint8Array>): Promise<Piece> {
    return this.putPiece(inOneLine(content), new Tally());
  }

  async readFile(piece: Piece): Promise<Buffer> {
    const text = Buffer.concat(await Array.fromAsync(this.readPiece(piece))).toString('latin1');
    return Buffer.from(text.trimEnd(), 'base64');
  }

  /** From now on there is this backup. */
  async putManifest(manifest: Manifest): Promise<string> {
    const name = `${new Date(manifest.at).toISOString().replaceAll(':', '')}-${manifest.id}`;
    await this.#putBeside(lineOf(manifest), (path) => intoPlace(path, join(this.folder, 'backups', name)));
    return name;
  }

  /** Faults: Damage; unavailable, where its key is not here. */
  async readManifest(name: string): Promise<Manifest> {
    const sealed = openBackup(this.#keyring, fileOf(join(this.folder, 'backups', name)));
    const text = Buffer.concat(await Array.fromAsync(unpacked(sealed))).toString('utf8');
    const parsed = manifestSchema.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    throw new Fault('unavailable', `The backup ${name} was made by a version of Fyr that this one does not know.`);
  }

  /** The backups, oldest first. */
  async list(): Promise<BackupEntry[]> {
    const names = await readdir(join(this.folder, 'backups')).catch(emptyWhereMissing);
    return names.sort().flatMap((name) => {
      const [, day, hour, minute, second, ms, id] = manifestName.exec(name) ?? [];
      return id === undefined ? [] : [{ name, id, at: Date.parse(`${day}T${hour}:${minute}:${second}.${ms}Z`) }];
    });
  }

  async removeManifest(name: string): Promise<void> {
    await rm(join(this.folder, 'backups', name), { force: true });
  }

  /** Removes pieces that no backup needs: leftovers of one that was killed, and what went with old ones. Gives their number. */
  async removeUnneeded(needed: ReadonlySet<string>): Promise<number> {
    const pieces = join(this.folder, 'pieces');
    await rm(join(this.folder, 'incoming'), { recursive: true, force: true });
    let removed = 0;
    for (const first of await readdir(pieces).catch(emptyWhereMissing)) {
      for (const name of await readdir(join(pieces, first))) {
        if (needed.has(`${first}/${name}`)) continue;
        await rm(join(pieces, first, name), { force: true });
        removed++;
      }
    }
    return removed;
  }

  #pathOf({ file }: Pick<Piece, 'file'>): string {
    return join(this.folder, 'pieces', file);
  }

  async #putBeside(content: AsyncIterable<Uint8Array>, put: (path: string) => Promise<void>): Promise<void> {
    const path = join(this.folder, 'incoming', this.#randomness.bytes(16).toString('hex'));
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'wx', 0o600);
    try {
      await this.#sealInto(file, content);
      await file.sync();
      await put(path);
    } catch (error) {
      throw asDiskFault(error);
    } finally {
      await file.close();
      await rm(path, { force: true });
    }
  }

  #sealInto(file: FileHandle, content: AsyncIterable<Uint8Array>): Promise<void> {
    return pipeline(content, createGzip({ level: 1 }), async (packed: AsyncIterable<Uint8Array>) => {
      for await (const sealed of sealBackup(this.#keyring, packed, this.#randomness)) await file.writeFile(sealed);
    });
  }
}

async function* fileOf(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const piece of createReadStream(path)) yield piece as Buffer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Damage(`${path} is missing from the backup.`, { cause: error });
  }
}

async function* unpacked(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const done = pipeline(packed, gunzip);
  // It is awaited below; until then it is not unhandled.
  done.catch(() => {});
  try {
    for await (const piece of gunzip) yield piece as Buffer;
    await done;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) {
      throw new Damage('A file of the backup is damaged.', { cause: error });
    }
    throw error;
  }
}

async function* lineOf(value: object): AsyncGenerator<Buffer> {
  yield Buffer.from(`${JSON.stringify(value)}\n`);
}

async function* inOneLine(content: Iterable<Uint8Array>): AsyncGenerator<Buffer> {
  yield Buffer.from(`${Buffer.concat([...content]).toString('base64')}\n`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function emptyWhereMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** Under its name in one step, and its folders made durable. */
export async function intoPlace(from: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rename(from, path);
  for (const parent of [dirname(path), dirname(dirname(path))]) {
    const handle = await open(parent, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** A disk that is full, in plain words. */
export function asDiskFault(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new Fault('unavailable', 'The disk is full: this backup was not made. Earlier ones are as they were.', {
    cause: error,
  });
}

/** Whether a small file is there, and what it holds. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return undefined;
    throw error;
  });
}
