/** Entries of other nodes, copied here. These tables are this node's own: no statement here concerns the record's buckets. */
import type { Db } from '#kernel/db.ts';
import type { EntryRow } from './canonical.ts';

export type CopyRow = EntryRow & { number: number };

/** The last seal of a node all of whose entries are here; 0 for none. */
export async function readCopied(db: Db, node: string): Promise<number> {
  const [row] = await db<{ seal: number }[]>`select seal from access_copied where node = ${node}`;
  return row?.seal ?? 0;
}

/** Entries with how far they go, together. Those that are there already stay as they are. */
export async function insertCopies(db: Db, node: string, rows: readonly CopyRow[], seal: number): Promise<void> {
  await db.begin(async (transaction) => {
    const sql = transaction as unknown as Db;
    await sql`
      insert into access_copy (node, number, at, patient, who, actor, action, outcome, content)
      select ${node}, e.number, to_timestamp(e.at), e.patient, e.who, e.actor, e.action, e.outcome, e.content
      from unnest(${rows.map((r) => r.number)}::bigint[], ${rows.map((r) => r.at / 1000)}::float8[], ${rows.map((r) => r.patient)}::text[]::bigint[],
        ${rows.map((r) => r.who)}::text[]::bigint[], ${rows.map((r) => r.actor)}::uuid[], ${rows.map((r) => r.action)}::smallint[],
        ${rows.map((r) => r.outcome)}::smallint[], ${rows.map((r) => r.content)}::text[])
        as e(number, at, patient, who, actor, action, outcome, content)
      on conflict (node, number) do nothing`;
    await sql`insert into access_copied (node, seal) values (${node}, ${seal})
      on conflict (node) do update set seal = greatest(access_copied.seal, excluded.seal)`;
  });
}

/** Texts of entries and the keys of their actors, from a number to another: of this node's own log, or of the copy of another's. */
export async function readTexts(
  db: Db,
  node: string | undefined,
  first: number,
  last: number,
): Promise<{ number: number; content: string; actor: string }[]> {
  if (node === undefined)
    return db`select number, content, actor::text from access_entry where number between ${first} and ${last} order by number`;
  return db`select number, content, actor::text from access_copy
    where node = ${node} and number between ${first} and ${last} order by number`;
}

/** A log that is copied here. `prunedHash`: of the last seal that was taken away; null: none was. */
export type CopiedLog = {
  node: string;
  seal: number;
  prunedSeal: number;
  prunedEntry: number;
  prunedHash: Buffer | null;
};

export async function readCopiedLogs(db: Db): Promise<CopiedLog[]> {
  return db<CopiedLog[]>`
    select node, seal, pruned_seal as "prunedSeal", pruned_entry as "prunedEntry", pruned_hash as "prunedHash"
    from access_copied order by node`;
}

/** Entries of a copied log by their numbers, with the columns that they are found by. */
export async function readCopyRows(db: Db, node: string, first: number, last: number): Promise<CopyRow[]> {
  return db<CopyRow[]>`
    select number, (date_part('epoch', at) * 1000)::bigint as at, patient::text, who::text, actor::text, action, outcome, content
    from access_copy where node = ${node} and number between ${first} and ${last} order by number`;
}

/** How many entries of a copied log lie behind this number. */
export async function countCopiesBehind(db: Db, node: string, number: number): Promise<number> {
  const [row] = await db<{ count: number }[]>`
    select count(*) as count from access_copy where node = ${node} and number > ${number}`;
  return row?.count ?? 0;
}

/** The last of those seals at the beginning of a copied log whose entries all lie before a time: its number. */
export async function lastCopyWhollyBefore(db: Db, node: string, before: number): Promise<number | undefined> {
  const [row] = await db<{ number: number }[]>`
    select s.number from access_neighbour_seal s join access_copied c on c.node = s.node
    where s.node = ${node} and s.number <= c.seal and s.number > c.pruned_seal
      and s.number < coalesce((select min(number) from access_neighbour_seal where node = ${node} and until >= ${before}::timestamptz),
        c.seal + 1)
    order by s.number desc limit 1`;
  return row?.number;
}

/** Takes away the entries of a copied log up to and with one; its seals stay, since they are small and tell what was there. */
export async function removeCopies(
  db: Db,
  { node, seal, last, hash }: { node: string; seal: number; last: number; hash: Buffer },
): Promise<void> {
  await db.begin(async (transaction) => {
    await transaction`
      update access_copied set pruned_seal = ${seal}, pruned_entry = ${last}, pruned_hash = ${hash} where node = ${node}`;
    await transaction`delete from access_copy where node = ${node} and number <= ${last}`;
  });
}
