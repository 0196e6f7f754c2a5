/**
 * A new node key: every data key is wrapped anew, in small steps that may be cut off and done again; content is not touched. The old node key stays: it opens
 * the backups of its time, and goes when an operator says so.
 */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { JobHandler } from '#kernel/jobs.ts';
import type { Randomness } from '#kernel/ids.ts';
import { keysToWrapAnew, putWrapped, retireNodeKeys, type WrappedKey } from './data-key-store.ts';
import { keyStates } from './key-states.ts';
import type { Keyring } from './keyring.ts';
import type { SealingKey } from './sealed-stream.ts';
import { unwrapKey, wrapKey } from './wrapping.ts';

export type RotationDeps = { db: Db; keyring: Keyring; clock: Clock; randomness: Randomness };

export type Rotation = {
  /** Data keys that are wrapped by the current node key now and were not before. */
  wrappedAnew: number;
  /** Data keys whose node key is not here: they stay as they are. */
  left: number;
  /** Ids of older node keys that are here and wrap nothing any more. Backups that were sealed under them still need them. */
  unused: readonly string[];
};

/** What `fyr keys rotate` adds and the node works on. */
export const wrapAnewJob = 'encryption-wrap-anew';

const stepKeys = 500;

/** Jobs of this part: wrap what is not yet wrapped by the current key. */
export function encryptionJobs(deps: RotationDeps): Record<string, JobHandler> {
  return { [wrapAnewJob]: async (_payload, { signal }) => void (await wrapAnew(deps, { signal })) };
}

/** Wraps all data keys by the keyring's current key. Throws when the signal is aborted; the same call goes on from there. */
export async function wrapAnew(
  deps: RotationDeps,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<Rotation> {
  const { db, keyring, clock } = deps;
  const [current] = keyring.keys();
  if (current === undefined) throw new Error('a keyring holds a key');
  await retireNodeKeys(db, current.id, clock.now());
  let [after, wrappedAnew, left] = ['', 0, 0];
  for (;;) {
    signal?.throwIfAborted();
    const keys = await keysToWrapAnew(db, current.id, after, stepKeys);
    const last = keys.at(-1);
    if (last === undefined) break;
    after = last.id;
    const wrapped = keys.flatMap((key) => wrappedBy(deps, current, key));
    await putWrapped(db, current.id, wrapped);
    wrappedAnew += wrapped.length;
    left += keys.length - wrapped.length;
    onProgress?.(wrappedAnew);
  }
  return { wrappedAnew, left, unused: await unusedKeys(deps) };
}

function wrappedBy(
  { keyring, randomness }: RotationDeps,
  current: SealingKey,
  key: WrappedKey,
): { id: string; wrapped: Buffer }[] {
  const old = keyring.find(key.nodeKey);
  if (old === undefined || key.wrapped === undefined) return [];
  return [{ id: key.id, wrapped: wrapKey(current.key, unwrapKey(old.key, key.wrapped, key), key, randomness) }];
}

async function unusedKeys({ db, keyring }: RotationDeps): Promise<string[]> {
  return (await keyStates(db, keyring)).flatMap(({ id, state, dataKeys }) =>
    state === 'old' && dataKeys === 0 ? [id] : [],
  );
}

/**
 * Takes an older node key out of the file. What was sealed directly under it (backups) opens no more, except with a copy of it.
 * Faults: notFound; conflict, while data keys are wrapped by it, for the current one, and for keys that come from the environment.
 */
export async function removeNodeKey({ db, keyring }: Pick<RotationDeps, 'db' | 'keyring'>, id: string): Promise<void> {
  const found = (await keyStates(db, keyring)).find((known) => known.id === id);
  if (found === undefined || keyring.find(id) === undefined)
    throw new Fault('notFound', `There is no node key ${id} in ${keyring.origin}.`);
  if (found.dataKeys > 0) {
    throw new Fault(
      'conflict',
      `${found.dataKeys} data keys are wrapped by the node key ${id}. Rotate first: fyr keys rotate`,
    );
  }
  keyring.remove(id);
}
