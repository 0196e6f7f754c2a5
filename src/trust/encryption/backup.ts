/**
 * A stream of any length (a backup) under the node key itself: it opens without the database, by whoever has the key that it was sealed under.
 * Its format is that of sealed-stream.ts with the purpose `backup`.
 */
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import type { Keyring } from './keyring.ts';
import { open, seal, type Bytes } from './sealed-stream.ts';

/** Seals under the keyring's current key. */
export async function* sealBackup(keyring: Keyring, content: Bytes, randomness: Randomness): AsyncGenerator<Buffer> {
  const [current] = keyring.keys();
  if (current === undefined) throw new Fault('unavailable', 'There is no node key.');
  yield* seal(current, 'backup', content, randomness);
}

/** Opens with whichever of the keyring's keys it was sealed under. Faults: Damage; unavailable, naming the key that is missing. */
export async function* openBackup(keyring: Keyring, sealed: Bytes): AsyncGenerator<Buffer> {
  const find = async (id: string): Promise<Buffer> => {
    const found = keyring.find(id);
    if (found !== undefined) return found.key;
    throw new Fault(
      'unavailable',
      `This was sealed under the node key ${id}, which is not in ${keyring.origin}. Add the key that was in use then.`,
    );
  };
  yield* open(find, 'backup', sealed);
}
