/** The one change that history takes: an element that must not be known any longer leaves every version of a resource. */
import type { Db } from '#kernel/db.ts';
import { bucketsOf, type ResourceKey } from './store.ts';

/**
 * Puts what `redact` makes of each version's JSON text in its place, except the current one, which is to be updated the ordinary way
 * before. Numbers, version ids and times stay, so cursors and ETags hold; who has read the feed already is told by the version that
 * the update made. `redact` gives undefined for what stays as it is. How many versions were changed.
 */
export async function redactHistory(
  db: Db,
  { type, id }: ResourceKey,
  redact: (content: string) => string | undefined,
): Promise<number> {
  const buckets = await bucketsOf(db, type, id);
  const rows = await db<{ bucket: number; n: number; content: string }[]>`
    select v.bucket, v.n, v.content from version v
    where v.bucket = any(${buckets}) and v.type = ${type} and v.id = ${id} and v.content is not null
      and not exists (select from resource r where r.bucket = v.bucket and r.type = v.type and r.id = v.id and r.n = v.n)`;
  const changed = rows.flatMap(({ bucket, n, content }) => {
    const text = redact(content);
    return text === undefined ? [] : [{ bucket, n, text }];
  });
  if (changed.length === 0) return 0;
  await db`
    update version v set content = k.content
    from unnest(${changed.map((c) => c.bucket)}::int[], ${changed.map((c) => c.n)}::bigint[], ${changed.map((c) => c.text)}::text[])
      as k(bucket, n, content)
    where v.bucket = k.bucket and v.n = k.n`;
  return changed.length;
}
