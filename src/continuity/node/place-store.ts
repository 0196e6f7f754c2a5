/** Where versions of a resource lie: nearly always in one bucket; in several when it was moved to another patient, or two disagree about whose it is. */
import type { Db } from '#kernel/db.ts';
import { naturalBucket } from '#fhir/record/bucket.ts';

/** Buckets besides the one that the resource's own id, or its patient, tells. Those that lie in one are left out, or given with that one. */
export async function readBuckets(db: Db, resources: readonly string[]): Promise<Map<string, Set<number>>> {
  const known = new Map<string, Set<number>>();
  if (resources.length === 0) return known;
  const types = resources.map((resource) => resource.slice(0, resource.indexOf('/')));
  const ids = resources.map((resource) => resource.slice(resource.indexOf('/') + 1));
  const listed = await db<{ type: string; id: string; bucket: number; earlier: number[] }[]>`
    select d.type, d.id, d.bucket, d.earlier from directory d
    join unnest(${types}::text[], ${ids}::text[]) as k(type, id) on d.id = k.id and d.type = k.type`;
  for (const { type, id, bucket, earlier } of listed) known.set(`${type}/${id}`, new Set([...earlier, bucket]));
  const also = await db<{ resource: string; bucket: number }[]>`
    select resource, bucket from sync_also where resource = any(${[...resources]}::text[])`;
  for (const { resource, bucket } of also) known.set(resource, (known.get(resource) ?? new Set()).add(bucket));
  return known;
}

/** Every bucket in which versions of these resources may lie. */
export async function readPlaces(
  db: Db,
  resources: readonly string[],
): Promise<{ resource: string; bucket: number }[]> {
  const known = await readBuckets(db, resources);
  return resources.flatMap((resource) => {
    const buckets = known.get(resource) ?? [naturalBucketOf(resource)];
    return [...buckets].map((bucket) => ({ resource, bucket }));
  });
}

function naturalBucketOf(resource: string): number {
  const at = resource.indexOf('/');
  return naturalBucket(resource.slice(0, at), resource.slice(at + 1));
}

/** Versions of these resources lie there too. */
export async function putAlso(db: Db, rows: readonly { resource: string; bucket: number }[]): Promise<void> {
  if (rows.length === 0) return;
  await db`
    insert into sync_also (resource, bucket)
    select * from unnest(${rows.map((r) => r.resource)}::text[], ${rows.map((r) => r.bucket)}::int[]) on conflict do nothing`;
}

export async function forgetAlso(db: Db, resources: readonly string[]): Promise<void> {
  await db`delete from sync_also where resource = any(${[...resources]}::text[])`;
}
