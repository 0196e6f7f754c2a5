/** The node's key for sealing its log: an Ed25519 key in a file that only the node's account reads, made at the first start. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '#kernel/fault.ts';

/** Reads the key, or makes one where the file is missing. Faults: invalid, when the file is not such a key or can't be read or written. */
export function openLogKey(path: string): KeyObject {
  return readLogKey(path) ?? makeLogKey(path);
}

/** The key in the file; undefined where there is no such file. Faults: invalid. */
export function readLogKey(path: string): KeyObject | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, error);
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch (error) {
    throw unusable(path, error);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw unusable(path, undefined);
  return key;
}

/** Makes a new key in a file that does not exist yet; of two that try at once, both get the one that was first. */
export function makeLogKey(path: string): KeyObject {
  const own = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(own, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flush: true });
    chmodSync(own, 0o600);
    linkSync(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, error);
  } finally {
    rmSync(own, { force: true });
  }
  const key = readLogKey(path);
  if (key === undefined) throw unusable(path, undefined);
  return key;
}

function unusable(path: string, cause: unknown): Fault {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return new Fault('invalid', `The key of the access log, ${path}, can not be used${code ? ` (${code})` : ''}.`, {
    cause,
  });
}
