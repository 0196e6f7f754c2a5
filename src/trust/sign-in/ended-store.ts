/** When people signed out everywhere: the table `sign_in_ended`, of this node's own. */
import type { Db } from '#kernel/db.ts';

export async function keepEnd(db: Db, person: Buffer, at: number): Promise<void> {
  await db`
    insert into sign_in_ended (person, at) values (${person}, ${at}::timestamptz)
    on conflict (person) do update set at = greatest(sign_in_ended.at, excluded.at)`;
}

/** Milliseconds since 1970; undefined for who never did. */
export async function findEnd(db: Db, person: Buffer): Promise<number | undefined> {
  const [row] = await db<{ at: number }[]>`select at from sign_in_ended where person = ${person}`;
  return row?.at;
}
