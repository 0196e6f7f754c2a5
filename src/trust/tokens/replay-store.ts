/** What was used once and must not be used again. */
import type { Db } from '#kernel/db.ts';

/** Marks these hashes (UUIDs) as used until then; gives those that were not used before. */
export async function markUsed(db: Db, hashes: readonly string[], untils: readonly number[]): Promise<Set<string>> {
  const rows = await db<{ hash: string }[]>`
    insert into token_used (hash, until)
    select * from unnest(${hashes as string[]}::uuid[], ${untils.map((ms) => new Date(ms).toISOString())}::timestamptz[])
    on conflict (hash) do nothing returning hash`;
  return new Set(rows.map((row) => row.hash));
}

/** Forgets what could not be used again anyway. */
export async function pruneUsed(db: Db, before: number): Promise<void> {
  await db`delete from token_used where until < ${before}`;
}
