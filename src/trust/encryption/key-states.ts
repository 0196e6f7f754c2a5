/** What stands of the node keys: for operators, and for the node's own warning at start. */
import type { Db } from '#kernel/db.ts';
import { nodeKeyUses } from './data-key-store.ts';
import type { Keyring } from './keyring.ts';

export type KeyState = {
  id: string;
  /** `missing`: data keys are wrapped by it, and it is not in the keyring. */
  state: 'current' | 'old' | 'missing' | 'retired';
  dataKeys: number;
  /** Milliseconds since 1970; undefined where nothing was wrapped by it yet. */
  firstUsed: number | undefined;
};

export async function keyStates(db: Db, keyring: Keyring): Promise<KeyState[]> {
  const [current, ...others] = keyring.keys();
  const uses = new Map((await nodeKeyUses(db)).map((use) => [use.id, use]));
  const here = new Set([current, ...others].flatMap((key) => key?.id ?? []));
  return [...new Set([...here, ...uses.keys()])].map((id) => {
    const dataKeys = uses.get(id)?.dataKeys ?? 0;
    const absent = dataKeys > 0 ? 'missing' : 'retired';
    const state = id === current?.id ? 'current' : here.has(id) ? 'old' : absent;
    return { id, state, dataKeys, firstUsed: uses.get(id)?.firstUsed };
  });
}
