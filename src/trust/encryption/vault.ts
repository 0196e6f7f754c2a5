/** Seals and opens what belongs to a patient, with the patient's own data key; destroying that key destroys whatever it sealed (crypto-shredding). */
import { hkdfSync } from 'node:crypto';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import { addKey, destroyKeys, findKey, findKeyOfOwner, type WrappedKey } from './data-key-store.ts';
import type { Keyring } from './keyring.ts';
import { Damage, open, seal, type Bytes, type Purpose, type SealingKey } from './sealed-stream.ts';
import { unwrapKey, wrapKey } from './wrapping.ts';

export type VaultDeps = {
  db: Db;
  keyring: Keyring;
  /** FYR_NODE: each node seals with data keys of its own. */
  node: string;
  clock: Clock;
  randomness: Randomness;
};

export type Vault = {
  /** Seals content of any length for a patient (`Patient/id` without the type); undefined: what belongs to no patient. */
  seal(patient: string | undefined, content: Bytes, purpose?: Purpose): AsyncGenerator<Buffer>;
  /** Opens it, piece by piece: see `open` in sealed-stream.ts. Faults: Damage; gone, where its key was destroyed; unavailable, where the node key is not here. */
  open(sealed: Bytes, purpose?: Purpose): AsyncGenerator<Buffer>;
  sealBytes(patient: string | undefined, content: Uint8Array): Promise<Buffer>;
  openBytes(sealed: Uint8Array): Promise<Buffer>;
  /** A key for making names that tell nothing, from the patient's data key: 32 bytes, the same until that is destroyed. Undefined: the patient has none yet. */
  nameKey(patient: string | undefined): Promise<Buffer | undefined>;
  /** The name key that belongs to a data key. Faults as `open`. */
  nameKeyOf(dataKeyId: string): Promise<Buffer>;
  /** Makes the patient's data key, where there is none. */
  prepare(patient: string | undefined): Promise<void>;
  /** Destroys the patient's keys: nothing sealed for the patient opens again, here at once and in other processes within a minute. Gives the number of keys. */
  destroy(patient: string): Promise<number>;
};

const keyBytes = 32;
const keptMax = 10_000;
const keptForMs = 60_000;
const attemptsMax = 3;

export function createVault(deps: VaultDeps): Vault {
  const keys = new OpenKeys(deps);
  const vault: Vault = {
    async *seal(patient, content, purpose = 'data') {
      yield* seal(await keys.ofOwner(patient ?? ''), purpose, content, deps.randomness);
    },
    open: (sealed, purpose = 'data') => open((id) => keys.byId(id), purpose, sealed),
    sealBytes: async (patient, content) => Buffer.concat(await Array.fromAsync(vault.seal(patient, [content]))),
    openBytes: async (sealed) => Buffer.concat(await Array.fromAsync(vault.open([sealed]))),
    async nameKey(patient) {
      const known = await findKeyOfOwner(deps.db, deps.node, patient ?? '');
      return known && nameKeyOf(keys.unwrap(known));
    },
    nameKeyOf: async (id) => nameKeyOf(await keys.byId(id)),
    prepare: async (patient) => void (await keys.ofOwner(patient ?? '')),
    async destroy(patient) {
      if (patient === '') throw new Fault('invalid', 'Say whose keys are to be destroyed.');
      const destroyed = await destroyKeys(deps.db, patient, deps.clock.now());
      keys.forget(destroyed);
      return destroyed.length;
    },
  };
  return vault;
}

function nameKeyOf(dataKey: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', dataKey, Buffer.alloc(0), 'fyr-names-1', 32));
}

type Kept = SealingKey & { untilMs: number };

/** Data keys that were unwrapped a moment ago: reading a patient's documents asks the database once a minute. */
class OpenKeys {
  readonly #deps: VaultDeps;
  readonly #kept = new Map<string, Kept>();
  readonly #ofOwner = new Map<string, string>();

  constructor(deps: VaultDeps) {
    this.#deps = deps;
  }

  /** The key that this owner's content is sealed with, made when there is none. */
  async ofOwner(owner: string): Promise<SealingKey> {
    const kept = this.#keptKey(this.#ofOwner.get(owner) ?? '');
    if (kept) return kept;
    const { db, node } = this.#deps;
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const found = await findKeyOfOwner(db, node, owner);
      if (found) {
        this.#ofOwner.set(owner, found.id);
        return this.#keep(found.id, this.unwrap(found));
      }
      await this.#make(owner);
    }
    throw new Fault('unavailable', 'The node key was replaced. Start the node again, with the new one.');
  }

  async byId(id: string): Promise<Buffer> {
    const kept = this.#keptKey(id);
    if (kept) return kept.key;
    const found = await findKey(this.#deps.db, id);
    if (found === undefined) throw new Damage('The key of this content is not known here.');
    return this.#keep(id, this.unwrap(found)).key;
  }

  /** Faults: gone; unavailable. */
  unwrap(key: WrappedKey): Buffer {
    if (key.wrapped === undefined)
      throw new Fault('gone', 'The key of this content was destroyed, and with it the content.');
    const nodeKey = this.#deps.keyring.find(key.nodeKey);
    if (nodeKey === undefined) {
      throw new Fault(
        'unavailable',
        `The node key ${key.nodeKey.slice(0, 8)} is not here (${this.#deps.keyring.origin}).`,
      );
    }
    return unwrapKey(nodeKey.key, key.wrapped, key);
  }

  forget(ids: readonly string[]): void {
    for (const id of ids) this.#kept.delete(id);
  }

  async #make(owner: string): Promise<void> {
    const { db, keyring, node, clock, randomness } = this.#deps;
    const [nodeKey] = keyring.keys();
    if (nodeKey === undefined) throw new Fault('unavailable', 'There is no node key.');
    const place = { id: randomness.bytes(16).toString('hex'), node, owner };
    const wrapped = wrapKey(nodeKey.key, randomness.bytes(keyBytes), place, randomness);
    await addKey(db, { ...place, nodeKey: nodeKey.id, wrapped }, clock.now());
  }

  #keptKey(id: string): Kept | undefined {
    const kept = this.#kept.get(id);
    return kept && kept.untilMs > this.#deps.clock.now() ? kept : undefined;
  }

  #keep(id: string, key: Buffer): Kept {
    if (this.#kept.size >= keptMax) {
      this.#kept.clear();
      this.#ofOwner.clear();
    }
    const kept = { id, key, untilMs: this.#deps.clock.now() + keptForMs };
    this.#kept.set(id, kept);
    return kept;
  }
}
