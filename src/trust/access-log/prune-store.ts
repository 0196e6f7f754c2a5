/** Taking away what has been kept long enough: the only statements that delete from the log. */
import type { Db } from '#kernel/db.ts';
import type { Seal } from './seal.ts';
import type { Pruned } from './seal-store.ts';

/** The last seal of those at the beginning whose entries all lie before a time; undefined for none. */
export async function lastSealWhollyBefore(db: Db, before: number): Promise<Omit<Seal, 'node'> | undefined> {
  const [row] = await db<Omit<Seal, 'node'>[]>`
    select number, first, last, since, until, sealed, root, previous, key, signature from access_seal
    where number < coalesce((select min(number) from access_seal where until >= ${before}::timestamptz),
      (select max(number) from access_seal))
    order by number desc limit 1`;
  return row;
}

export async function insertPruned(db: Db, pruned: Pruned): Promise<void> {
  const { number, last, seal, sealHash, at, record } = pruned;
  await db`insert into access_pruned (number, last, seal, seal_hash, at, record)
    values (${number}, ${last}, ${seal}, ${sealHash}, ${at}::timestamptz, ${record})`;
}

/** Takes away entries, seals, and actors that no entry names any more. Whole months go at once. */
export async function removeUpTo(db: Db, { last, seal }: Pick<Pruned, 'last' | 'seal'>): Promise<void> {
  const partitions = await db<{ name: string }[]>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'access_entry'::regclass and c.relname <> 'access_entry_other' order by c.relname`;
  for (const { name } of partitions) {
    const [row] = await db.unsafe<{ newest: number | null }[]>(`select max(number) as newest from ${name}`);
    if (row?.newest === null || row?.newest === undefined || row.newest > last) continue;
    await db.unsafe(`alter table access_entry detach partition ${name}`);
    await db.unsafe(`drop table ${name}`);
  }
  await db`delete from access_entry where number <= ${last}`;
  await db`delete from access_seal where number <= ${seal}`;
  await db`delete from access_actor a 
    where not exists (select from access_entry e where e.who = a.who) and not exists (select from access_copy c where c.who = a.who)`;
}
