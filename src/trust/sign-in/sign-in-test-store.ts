/** For tests: what lies in the tables of signing in. */
import type { Db } from '#kernel/db.ts';

/** Sessions that hold this text anywhere. */
export async function countSessionsWith(db: Db, text: string): Promise<number> {
  const hex = Buffer.from(text, 'base64url').toString('hex');
  const [row] = await db<{ count: number }[]>`
    select count(*) as count from sign_in_session s
    where s::text like ${`%${text}%`} or s::text like ${`%${hex}%`} or s::text like ${`%${Buffer.from(text).toString('hex')}%`}`;
  return row?.count ?? 0;
}
