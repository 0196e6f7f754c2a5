/** Under which name a node writes. This node's own: no buckets. */
import type { Db } from '#kernel/db.ts';

/**
 * What stands in the ids of the versions that a node makes: its name, and from the second life on (after it was restored) the life too. What it had written
 * between the backup and the loss of its disk is at other nodes still: without the life, the same ids would be given out twice, with other contents.
 */
export async function readWriterName(db: Db, node: string): Promise<string> {
  const [row] = await db<{ life: number }[]>`select life from sync_line`;
  const life = row?.life ?? 1;
  return life === 1 ? node : `${node}.${life}`;
}
