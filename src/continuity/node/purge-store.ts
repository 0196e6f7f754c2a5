/** Removes resources from this node: content, search values, history, graph and feed. Nodes above have them. */
import type { Db } from '#kernel/db.ts';
import { noValues } from '#fhir/search/search-values.ts';
import { writeUnits, type Write } from '#fhir/record/write-store.ts';

/** Where versions of a resource lie. */
export type Lying = { resource: string; bucket: number };

/**
 * The record keeps a row without content or search values for each version, so that its numbers stay without gaps: it reads as one that went elsewhere.
 * False: somebody wrote one of them meanwhile, and nothing may be kept of this transaction.
 */
export async function purgeResources(db: Db, lying: readonly Lying[], now: number): Promise<boolean> {
  const buckets = lying.map(({ bucket }) => bucket);
  const resources = lying.map(({ resource }) => resource);
  const types = resources.map((resource) => resource.slice(0, resource.indexOf('/')));
  const ids = resources.map((resource) => resource.slice(resource.indexOf('/') + 1));
  const current = await db<Pick<Write, 'bucket' | 'type' | 'id' | 'version' | 'versionId'>[]>`
    select r.bucket, r.type, r.id, r.version, v.version_id as "versionId"
    from unnest(${buckets}::int[], ${types}::text[], ${ids}::text[]) as k(bucket, type, id)
    join resource r on r.bucket = k.bucket and r.type = k.type and r.id = k.id
    join version v on v.bucket = r.bucket and v.n = r.n where v.interaction <> 'move'`;
  const gone: Write[] = current.map(({ version, ...key }) => ({
    ...key,
    version: version + 1,
    updated: now,
    interaction: 'move',
    content: null,
    values: noValues,
  }));
  if (gone.length > 0 && (await writeUnits(db, [{ writes: gone, references: [] }])) !== 'written') return false;
  await db`
    update version v set content = null, interaction = 'move'
    from unnest(${buckets}::int[], ${types}::text[], ${ids}::text[]) as k(bucket, type, id)
    where v.bucket = k.bucket and v.type = k.type and v.id = k.id and v.interaction <> 'move'`;
  await db`
    delete from directory d using unnest(${buckets}::int[], ${types}::text[], ${ids}::text[]) as k(bucket, type, id)
    where d.id = k.id and d.type = k.type`;
  await forgetGraph(db, buckets, resources);
  return true;
}

async function forgetGraph(db: Db, buckets: readonly number[], resources: readonly string[]): Promise<void> {
  const places = db`unnest(${[...buckets]}::int[], ${[...resources]}::text[]) as k(bucket, resource)`;
  await db`delete from sync_version s using ${places} where s.bucket = k.bucket and s.resource = k.resource`;
  await db`delete from sync_tip t using ${places} where t.bucket = k.bucket and t.resource = k.resource`;
  await db`delete from sync_reason r using ${places} where r.bucket = k.bucket and r.resource = k.resource`;
  await db`delete from sync_feed f using ${places} where f.bucket = k.bucket and f.resource = k.resource`;
}
