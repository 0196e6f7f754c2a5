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
