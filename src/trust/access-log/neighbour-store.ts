/** The tables of neighbours' seals and keys. They are this node's own: no statement here concerns the record's buckets. */
import type { Db } from '#kernel/db.ts';
import type { LogKey, Seal } from './seal.ts';

/** The newest seal that is kept for a node. */
export async function lastNeighbourSeal(db: Db, node: string): Promise<Seal | undefined> {
  const [row] = await db<Seal[]>`
    select node, number, first, last, since, until, sealed, root, previous, key, signature
    from access_neighbour_seal where node = ${node} order by number desc limit 1`;
  return row;
}

/** Seals that are kept for a node after a number, in order. */
export async function findNeighbourSeals(db: Db, node: string, after: number, limit: number): Promise<Seal[]> {
  return db<Seal[]>`
    select node, number, first, last, since, until, sealed, root, previous, key, signature
    from access_neighbour_seal where node = ${node} and number > ${after} order by number limit ${limit}`;
}

/** Keeps seals; those that are there already stay as they are. */
export async function insertNeighbourSeals(db: Db, seals: readonly Seal[], received: number): Promise<void> {
  if (seals.length === 0) return;
  await db.begin(async (transaction) => {
    for (const s of seals) {
      await transaction`
        insert into access_neighbour_seal (node, number, first, last, since, until, sealed, root, previous, key, signature, received)
        values (${s.node}, ${s.number}, ${s.first}, ${s.last}, ${s.since}::timestamptz, ${s.until}::timestamptz, ${s.sealed}::timestamptz,
          ${s.root}, ${s.previous}, ${s.key}, ${s.signature}, ${received}::timestamptz)
        on conflict (node, number) do nothing`;
    }
  });
}

/** The keys of a node in the order in which they were met. */
export async function readNeighbourKeys(db: Db, node: string): Promise<LogKey[]> {
  return db<LogKey[]>`
    select number, fingerprint, public_key as "publicKey", first_seal as "firstSeal", since, word
    from access_neighbour_key where node = ${node} order by number`;
}

export async function insertNeighbourKey(db: Db, node: string, key: LogKey): Promise<void> {
  await db`
    insert into access_neighbour_key (node, number, fingerprint, public_key, first_seal, since, word)
    values (${node}, ${key.number}, ${key.fingerprint}, ${key.publicKey}, ${key.firstSeal}, ${key.since}::timestamptz, ${key.word})
    on conflict (node, number) do nothing`;
}
