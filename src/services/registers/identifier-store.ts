/** Look-ups by number, current and earlier ones. */
import type { Db } from '#kernel/db.ts';
import { identifierBucket } from './identifier-index.ts';

export type Held = {
  system: string;
  value: string;
  type: string;
  id: string;
  bucket: number;
  from: string | null;
  to: string | null;
};

/** Who has, or has had, any of these numbers; those of the types first that are asked for, all when none is. */
export async function findHolders(
  db: Db,
  numbers: readonly { system: string; value: string }[],
  types?: readonly string[],
): Promise<Held[]> {
  if (numbers.length === 0) return [];
  const buckets = numbers.map(({ system, value }) => identifierBucket(system, value));
  return db<Held[]>`
    select i.system, i.value, i.type, i.id, i.holder_bucket as bucket, i.valid_from as "from", i.valid_to as "to"
    from unnest(${buckets}::int[], ${numbers.map((n) => n.system)}::text[], ${numbers.map((n) => n.value)}::text[]) as k(bucket, system, value)
    join register_identifier i on i.bucket = k.bucket and i.system = k.system and i.value = k.value
    ${types === undefined ? db`` : db`where i.type = any(${[...types]})`}
    order by i.valid_to is not null, i.valid_to desc`;
}
