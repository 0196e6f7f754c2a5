/**
 * The change feed: every version once, in order within its bucket. A cursor is a vector bucket → n. Because a writer holds its
 * bucket's head row until it commits, n is dense and in commit order, so what is visible is always a prefix (docs/scale-out.md).
 */
import type { Db } from '#kernel/db.ts';
import type { StoredVersion } from './store.ts';

/** The last n read of each bucket; a bucket that is absent has not been read from. */
export type FeedCursor = Map<number, number>;

export type FeedPage = { entries: StoredVersion[]; cursor: FeedCursor };

/**
 * The next entries after the cursor, at most about `limit` (each bucket gives at most `limit`), and the cursor after them.
 * With `types`, entries of others are passed over (they count in `limit`), so a page can be empty though the cursor moved.
 */
export async function readFeed(
  db: Db,
  cursor: FeedCursor,
  limit: number,
  types?: readonly string[],
): Promise<FeedPage> {
  const behind = (await readHeads(db)).filter(({ bucket, n }) => n > (cursor.get(bucket) ?? 0));
  const taken: { bucket: number; from: number; to: number }[] = [];
  let planned = 0;
  for (const { bucket, n } of behind) {
    if (planned >= limit) break;
    const from = cursor.get(bucket) ?? 0;
    const to = Math.min(n, from + limit - planned);
    taken.push({ bucket, from, to });
    planned += to - from;
  }
  if (taken.length === 0) return { entries: [], cursor };
  const entries = await db<StoredVersion[]>`
    select v.bucket, v.n, v.type, v.id, v.version, v.version_id as "versionId", v.updated, v.interaction, v.content
    from unnest(${taken.map((t) => t.bucket)}::int[], ${taken.map((t) => t.from)}::bigint[], ${taken.map((t) => t.to)}::bigint[])
      as k(bucket, after, upto)
    join version v on v.bucket = k.bucket and v.n > k.after and v.n <= k.upto
    ${types === undefined ? db`` : db`where v.type = any(${[...types]})`}
    order by v.bucket, v.n`;
  const next = new Map(cursor);
  for (const { bucket, to } of taken) next.set(bucket, to);
  return { entries, cursor: next };
}

/** The last number of every bucket that has one. */
export async function readHeads(db: Db): Promise<{ bucket: number; n: number }[]> {
  return db<{ bucket: number; n: number }[]>`
    /* fan-out: the feed reads all heads */ select bucket, n from head where n > 0 order by bucket`;
}
