/** The tables of seals, keys and what was pruned. The log is the node's own: no statement here concerns the record's buckets. */
import { sqlState, type Db } from '#kernel/db.ts';
import type { LogKey, Seal } from './seal.ts';

/** Lock of the process that seals: 'seal' in ASCII. */
const sealLock = 0x7365616c;

/** Does the work unless another process is sealing this log; tells whether it was done. */
export async function whileSealing(db: Db, work: () => Promise<void>): Promise<boolean> {
  const connection = await db.reserve();
  try {
    const [row] = await connection<{ isMine: boolean }[]>`select pg_try_advisory_lock(${sealLock}) as "isMine"`;
    if (row?.isMine !== true) return false;
    try {
      await work();
    } finally {
      await connection`select pg_advisory_unlock(${sealLock})`;
    }
    return true;
  } finally {
    connection.release();
  }
}

/** The newest seal; undefined when there is none. */
export async function lastSeal(db: Db): Promise<Seal | undefined> {
  const [row] = await db<Seal[]>`
    select number, first, last, since, until, sealed, root, previous, key, signature
    from access_seal order by number desc limit 1`;
  return row;
}

/** Keeps a seal with the hashes of its entries; false when another process was first. */
export async function insertSeal(db: Db, seal: Seal, leaves: Buffer): Promise<boolean> {
  try {
    await db`
      insert into access_seal (number, first, last, since, until, sealed, root, previous, key, signature, leaves)
      values (${seal.number}, ${seal.first}, ${seal.last}, ${seal.since}::timestamptz, ${seal.until}::timestamptz,
        ${seal.sealed}::timestamptz, ${seal.root}, ${seal.previous}, ${seal.key}, ${seal.signature}, ${leaves})`;
    return true;
  } catch (error) {
    if (sqlState(error) === '23505') return false;
    throw error;
  }
}

/** Seals after a number, in order. */
export async function sealsAfter(db: Db, after: number, limit: number): Promise<Omit<Seal, 'node'>[]> {
  return db<Omit<Seal, 'node'>[]>`
    select number, first, last, since, until, sealed, root, previous, key, signature
    from access_seal where number > ${after} order by number limit ${limit}`;
}

/** The seal that covers an entry; undefined when it is not sealed yet. */
export async function sealOf(db: Db, entry: number): Promise<Omit<Seal, 'node'> | undefined> {
  const [row] = await db<Omit<Seal, 'node'>[]>`
    select number, first, last, since, until, sealed, root, previous, key, signature
    from access_seal where number = (select max(number) from access_seal where first <= ${entry}) and last >= ${entry}`;
  return row;
}

/** The hashes of a seal's entries, 32 bytes each. */
export async function leavesOf(db: Db, seal: number): Promise<Buffer | undefined> {
  const [row] = await db<{ leaves: Buffer }[]>`select leaves from access_seal where number = ${seal}`;
  return row?.leaves;
}

/** All keys that have sealed here, in order. */
export async function readKeys(db: Db): Promise<LogKey[]> {
  return db<LogKey[]>`
    select number, fingerprint, public_key as "publicKey", first_seal as "firstSeal", since, word
    from access_key order by number`;
}

/** Keeps a key after those that are there; false when another process was first. */
export async function insertKey(db: Db, key: LogKey): Promise<boolean> {
  try {
    await db`
      insert into access_key (number, fingerprint, public_key, first_seal, since, word)
      values (${key.number}, ${key.fingerprint}, ${key.publicKey}, ${key.firstSeal}, ${key.since}::timestamptz, ${key.word})`;
    return true;
  } catch (error) {
    if (sqlState(error) === '23505') return false;
    throw error;
  }
}

/** What was taken away: every entry up to `last`. */
export type Pruned = { number: number; last: number; seal: number; sealHash: Buffer; at: number; record: number };

/** The newest pruning; undefined when the log is whole from its beginning. */
export async function lastPruned(db: Db): Promise<Pruned | undefined> {
  const [row] = await db<Pruned[]>`
    select number, last, seal, seal_hash as "sealHash", at, record from access_pruned order by number desc limit 1`;
  return row;
}
