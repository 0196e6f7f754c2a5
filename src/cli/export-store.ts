/** Reads the whole record in the order of its key, page by page, so that an export can go on after any page. */
import type { Db } from '#kernel/db.ts';

/** The key of the last resource that was read. */
export type ExportCursor = { bucket: number; type: string; id: string };

export type ExportedResource = ExportCursor & { content: string };

/** Current resources after the cursor, at most `limit`. Those that are written meanwhile are in it or not. */
export async function readPage(db: Db, after: ExportCursor, limit: number): Promise<ExportedResource[]> {
  return db<ExportedResource[]>`
    /* fan-out: an export reads everything */
    select r.bucket, r.type, r.id, v.content
    from resource r join version v on v.bucket = r.bucket and v.n = r.n
    where not r.deleted and (r.bucket, r.type, r.id) > (${after.bucket}, ${after.type}, ${after.id})
    order by r.bucket, r.type, r.id limit ${limit}`;
}

/** How many there are, for the progress. */
export async function countResources(db: Db): Promise<number> {
  const [row] = await db<
    { count: number }[]
  >`/* fan-out: an export reads everything */ select count(*) as count from resource where not deleted`;
  return row?.count ?? 0;
}
