/** What tests do to the tables that nothing else may do. */
import type { Db } from '#kernel/db.ts';

/** Somebody with write access to the database puts one patient's key in another's place. */
export async function swapWrapped(db: Db, one: string, other: string): Promise<void> {
  await db`update data_key set wrapped = (select wrapped from data_key as its where its.owner = ${other}) where owner = ${one}`;
}

export async function rowsOf(db: Db, owner: string): Promise<number> {
  return (await db`select 1 from data_key where owner = ${owner}`).length;
}
