/**
 * The node's own keys, which wrap all others: from the environment (FYR_NODE_KEY), or from a file (FYR_NODE_KEY_FILE), which is made at the first start
 * where there is none. The first key wraps what is new; the others open what was wrapped before.
 */
import { createHmac } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import type { SealingKey } from './sealed-stream.ts';

export type Keyring = {
  /** Where the keys come from, for people. */
  readonly origin: string;
  /** The first is the current one. Read anew when the file has changed. */
  keys(): readonly SealingKey[];
  find(id: string): SealingKey | undefined;
  /** Puts a new key first. Faults: conflict, for keys that come from the environment. */
  add(): SealingKey;
  /** Takes a key away that wraps nothing any more; never the current one. Faults: conflict, for keys that come from the environment. */
  remove(id: string): void;
};

export type KeyringOptions = {
  /** Keys in base64 between commas, from the environment; goes before the file. */
  secret: string | undefined;
  /** A key a line, in base64; `#` begins a comment. Made, with a new key, where it is missing. */
  file: string;
  randomness: Randomness;
};

const keyBytes = 32;

/** Faults: invalid, saying what is wrong with the keys; a key itself is never told. */
export function openKeyring({ secret, file, randomness }: KeyringOptions): Keyring {
  if (secret !== undefined) return keyringOfEnvironment(parseKeys(secret.split(','), 'FYR_NODE_KEY'));
  makeMissing(file, randomness);
  return keyringOfFile(file, randomness);
}

/** What names a key, and tells nothing of it. */
export function keyIdOf(key: Buffer): string {
  return createHmac('sha256', key).update('fyr-node-key-id').digest('hex').slice(0, 32);
}

function keyringOfEnvironment(keys: SealingKey[]): Keyring {
  const refuse = (): never => {
    throw new Fault(
      'conflict',
      'The node key is in FYR_NODE_KEY: put the new key before the old one there, with a comma between them, and start the node again.',
    );
  };
  return {
    origin: 'FYR_NODE_KEY',
    keys: () => keys,
    find: (id) => keys.find((key) => key.id === id),
    add: refuse,
    remove: refuse,
  };
}

function keyringOfFile(file: string, randomness: Randomness): Keyring {
  let seen = '';
  let keys: SealingKey[] = [];
  const read = (): SealingKey[] => {
    const { ino, mtimeMs, size, mode } = statSync(file);
    const now = `${ino} ${mtimeMs} ${size}`;
    if (now === seen) return keys;
    if ((mode & 0o007) !== 0) {
      throw new Fault('invalid', `Everybody on this machine may use ${file}. Put it right with: chmod 600 ${file}`);
    }
    keys = parseKeys(readFileSync(file, 'utf8').replace(/#.*$/gm, '').split('\n'), file);
    seen = now;
    return keys;
  };
  read();
  return {
    origin: file,
    keys: read,
    find: (id) => read().find((key) => key.id === id),
    add() {
      const key = randomness.bytes(keyBytes);
      writeKeys(file, [key, ...read().map((known) => known.key)], 'replace');
      return { id: keyIdOf(key), key };
    },
    remove(id) {
      const [current, ...older] = read();
      if (current?.id === id) throw new Fault('conflict', 'The current node key can not be taken away.');
      const kept = [current, ...older.filter((key) => key.id !== id)];
      writeKeys(
        file,
        kept.flatMap((key) => key?.key ?? []),
        'replace',
      );
    },
  };
}

function parseKeys(words: string[], where: string): SealingKey[] {
  const keys = words
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => {
      const key = Buffer.from(word, 'base64');
      if (key.length !== keyBytes || !/^[A-Za-z0-9+/_-]+=*$/.test(word)) {
        throw new Fault('invalid', `${where} must hold keys of 32 bytes in base64 (openssl rand -base64 32).`);
      }
      return { id: keyIdOf(key), key };
    });
  if (keys.length === 0) throw new Fault('invalid', `${where} holds no key.`);
  return keys;
}

function makeMissing(file: string, randomness: Randomness): void {
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeKeys(file, [randomness.bytes(keyBytes)], 'unlessThere');
}

/** Whole, or not at all: written beside, made durable, then moved into place. */
function writeKeys(file: string, keys: Buffer[], how: 'replace' | 'unlessThere'): void {
  const beside = `${file}.${process.pid}`;
  const text = [
    '# Node keys of Fyr: what is encrypted can not be read without them. Keep a copy elsewhere, never beside the backups.',
    ...keys.map((key) => key.toString('base64')),
    '',
  ].join('\n');
  rmSync(beside, { force: true });
  writeDurably(beside, text);
  try {
    if (how === 'replace') renameSync(beside, file);
    else linkSync(beside, file);
  } catch (error) {
    // Another process of this node was first: its key is the one.
    if (how !== 'unlessThere' || (error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(beside, { force: true });
  }
  syncFolder(dirname(file));
}

function writeDurably(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A new name in a folder outlives a power failure only once the folder itself is on the disk. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
