/** Encryption of a node, put together: its keys, its vault, its blobs. */
import { join } from 'node:path';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import type { Randomness } from '#kernel/ids.ts';
import type { JobHandler } from '#kernel/jobs.ts';
import { createBlobStore, type BlobStore } from './blobs.ts';
import { keyStates } from './key-states.ts';
import { openKeyring, type Keyring } from './keyring.ts';
import { encryptionJobs, wrapAnewJob } from './rotate.ts';
import { createVault, type Vault } from './vault.ts';

export type EncryptionOptions = {
  db: Db;
  /** FYR_NODE. */
  node: string;
  /** FYR_NODE_KEY, and the file where that is not given. */
  nodeKey: string | undefined;
  nodeKeyFile: string;
  dataFolder: string;
  clock: Clock;
  randomness: Randomness;
};

export type Encryption = {
  vault: Vault;
  blobs: BlobStore;
  keyring: Pick<Keyring, 'keys'>;
  jobHandlers: Record<string, JobHandler>;
  /** Node keys that data keys are wrapped by, and that are not here: what they wrap can't be opened until they are put back. */
  missing: readonly string[];
  /** Clears away what a killed node left; where data keys are wrapped by an older node key still, adds the job that wraps them by the current one. */
  start(jobs: { add(name: string, payload: unknown, options: { key: string }): Promise<void> }): Promise<void>;
};

const dayMs = 86_400_000;

/** Makes the node key at the first start. Faults: invalid, saying what is wrong with the keys. */
export async function openEncryption(options: EncryptionOptions): Promise<Encryption> {
  const { db, node, nodeKey, nodeKeyFile, dataFolder, clock, randomness } = options;
  const keyring = openKeyring({ secret: nodeKey, file: nodeKeyFile, randomness });
  const vault = createVault({ db, keyring, node, clock, randomness });
  const states = await keyStates(db, keyring);
  const blobs = createBlobStore({ folder: join(dataFolder, 'blobs'), vault, randomness });
  return {
    vault,
    blobs,
    keyring,
    jobHandlers: encryptionJobs({ db, keyring, clock, randomness }),
    missing: states.flatMap(({ id, state }) => (state === 'missing' ? [id] : [])),
    async start(jobs) {
      // Whoever still writes does so within a day.
      await blobs.removeLeftovers(clock.now() - dayMs);
      const isBehind = states.some(({ state, dataKeys }) => state === 'old' && dataKeys > 0);
      if (isBehind) await jobs.add(wrapAnewJob, {}, { key: wrapAnewJob });
    },
  };
}
