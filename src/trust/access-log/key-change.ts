/** A new key for the log, by the word of the old one: the change is an entry that the old key seals, and the old key signs the new one's fingerprint. */
import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import type { AccessEntry, AccessLog } from './entry.ts';
import { fingerprintOf, keyText, type LogKey } from './seal.ts';
import { insertKey, lastSeal, readKeys } from './seal-store.ts';

export type KeyChange = {
  db: Db;
  clock: Clock;
  ids: Ids;
  node: string;
  /** Open with the old key. */
  log: AccessLog & { seal(): Promise<void> };
  oldKey: KeyObject;
  newKey: KeyObject;
};

/** Hands over. Faults: conflict, when the old key is not the one that sealed last. */
export async function changeKey({ db, clock, ids, node, log, oldKey, newKey }: KeyChange): Promise<LogKey> {
  const fingerprint = fingerprintOf(newKey);
  await log.append([keyChangeEntry(ids.uuid(), clock.now(), fingerprint)]);
  await log.seal();
  const keys = await readKeys(db);
  const last = await lastSeal(db);
  if (!last || !last.key.equals(fingerprintOf(oldKey)) || !keys.at(-1)?.fingerprint.equals(last.key))
    throw new Fault(
      'conflict',
      'The log was last sealed with another key than this one, which can not vouch for a new one.',
    );
  const firstSeal = last.number + 1;
  const key: LogKey = {
    number: keys.length + 1,
    fingerprint,
    publicKey: createPublicKey(newKey).export({ type: 'spki', format: 'pem' }) as string,
    firstSeal,
    since: clock.now(),
    word: sign(null, keyText(node, fingerprint, firstSeal), oldKey),
  };
  if (!(await insertKey(db, key))) throw new Fault('conflict', 'Another process changed the key at the same time.');
  return key;
}

function keyChangeEntry(request: string, at: number, fingerprint: Buffer): AccessEntry {
  return ownWork('log-key', { request, at, query: `key ${fingerprint.toString('base64url')}` });
}

/** An entry of the log's own work, by a name. */
export function ownWork(
  name: string,
  { request, at, query }: { request: string; at: number; query: string },
): AccessEntry {
  return {
    at,
    action: 'administration',
    patient: undefined,
    request,
    who: { kind: 'background', reference: name, name },
    what: { types: {}, resources: [], query },
    purpose: 'OPERATE',
    ground: name,
    outcome: 'allowed',
    from: { address: 'localhost' },
  };
}
