/** Wrapped data keys: found by patient and by id, wrapped anew, destroyed. */
import type { Db } from '#kernel/db.ts';

export type WrappedKey = {
  id: string;
  node: string;
  owner: string;
  nodeKey: string;
  /** Undefined once it was destroyed. */
  wrapped: Buffer | undefined;
};

type Row = { id: string; node: string; owner: string; node_key: string; wrapped: Buffer | null };

function keyOf(row: Row): WrappedKey {
  const { id, node, owner, node_key: nodeKey, wrapped } = row;
  return { id, node, owner, nodeKey, wrapped: wrapped ?? undefined };
}

/** The one that the owner's content is sealed with now. */
export async function findKeyOfOwner(db: Db, node: string, owner: string): Promise<WrappedKey | undefined> {
  const [row] = await db<Row[]>`select id, node, owner, node_key, wrapped from data_key
    where node = ${node} and owner = ${owner} and wrapped is not null`;
  return row && keyOf(row);
}

export async function findKey(db: Db, id: string): Promise<WrappedKey | undefined> {
  const [row] = await db<Row[]>`select id, node, owner, node_key, wrapped from data_key where id = ${id}`;
  return row && keyOf(row);
}

/**
 * Adds a key; does nothing when the owner has one already.
 * `refused`: its node key was retired meanwhile, by a rotation that could else miss it.
 */
export async function addKey(db: Db, key: WrappedKey & { wrapped: Buffer }, now: number): Promise<'added' | 'refused'> {
  return db.begin(async (transaction) => {
    // The lock on the row makes a rotation wait for us, or us see that it has begun.
    const usable = await transaction`insert into node_key (id, first_used) values (${key.nodeKey}, ${now})
      on conflict (id) do nothing`.then(
      () => transaction`select 1 from node_key where id = ${key.nodeKey} and retired is null for share`,
    );
    if (usable.length === 0) return 'refused';
    await transaction`insert into data_key (id, node, owner, node_key, wrapped, made)
      values (${key.id}, ${key.node}, ${key.owner}, ${key.nodeKey}, ${key.wrapped}, ${now})
      on conflict (node, owner) where wrapped is not null do nothing`;
    return 'added';
  });
}

/** From now on nothing new is wrapped by these keys. */
export async function retireNodeKeys(db: Db, current: string, now: number): Promise<void> {
  await db.begin(async (transaction) => {
    await transaction`insert into node_key (id, first_used) values (${current}, ${now})
      on conflict (id) do update set retired = null`;
    await transaction`update node_key set retired = ${now} where id <> ${current} and retired is null`;
  });
}

/** Some keys that another node key than the current one wraps, in the order of their ids. */
export async function keysToWrapAnew(db: Db, current: string, after: string, limit: number): Promise<WrappedKey[]> {
  const rows = await db<Row[]>`select id, node, owner, node_key, wrapped from data_key
    where node_key <> ${current} and wrapped is not null and id > ${after} order by id limit ${limit}`;
  return rows.map(keyOf);
}

/** Puts new wrappings in place of old ones; a key that was destroyed meanwhile stays destroyed. */
export async function putWrapped(
  db: Db,
  nodeKey: string,
  keys: readonly { id: string; wrapped: Buffer }[],
): Promise<void> {
  await db`update data_key set node_key = ${nodeKey}, wrapped = decode(given.hexadecimal, 'hex')
    from unnest(${keys.map(({ id }) => id)}::text[], ${keys.map(({ wrapped }) => wrapped.toString('hex'))}::text[])
      as given (id, hexadecimal)
    where data_key.id = given.id and data_key.wrapped is not null`;
}

/** Destroys every key of an owner, of every node on this database. Gives their ids. */
export async function destroyKeys(db: Db, owner: string, now: number): Promise<string[]> {
  const rows = await db<{ id: string }[]>`update data_key set wrapped = null, destroyed = ${now}
    where owner = ${owner} and wrapped is not null returning id`;
  return rows.map(({ id }) => id);
}

export type NodeKeyUse = { id: string; firstUsed: number; retired: number | undefined; dataKeys: number };

/** The node keys that the database knows of, with the number of data keys that each wraps. */
export async function nodeKeyUses(db: Db): Promise<NodeKeyUse[]> {
  const rows = await db<{ id: string; first_used: number; retired: number | null; data_keys: number }[]>`
    select node_key.id, first_used, retired, count(data_key.id) as data_keys
    from node_key left join data_key on data_key.node_key = node_key.id and data_key.wrapped is not null
    group by node_key.id order by first_used, node_key.id`;
  return rows.map((row) => ({
    id: row.id,
    firstUsed: row.first_used,
    retired: row.retired ?? undefined,
    dataKeys: row.data_keys,
  }));
}
