/** For tests: what is remembered of proofs. */
import type { Db } from '#kernel/db.ts';

/** Those that become worthless at exactly this time. */
export async function countUsed(db: Db, until: number): Promise<number> {
  const [row] = await db<{ count: number }[]>`select count(*) as count from token_used where until = ${until}`;
  return row?.count ?? 0;
}
