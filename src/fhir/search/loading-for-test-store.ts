/** Puts resources straight into the record's tables, so that search is tested without the write path. */
import type { Db } from '#kernel/db.ts';
import type { Resource } from '../types.ts';
import type { Search } from './search.ts';

/** Writes resources, each with an id, as first versions in a bucket of their own. Answers them as they were stored. */
export async function loadForTest(
  db: Db,
  search: Search,
  resources: readonly Resource[],
  updated = 1_700_000_000_000,
): Promise<Resource[]> {
  const bucket = 100_000 + Math.floor(Math.random() * 1_000_000_000);
  const rows = resources.map((resource, i) => {
    const meta = { ...resource.meta, versionId: '1-test', lastUpdated: new Date(updated + i).toISOString() };
    const stored: Resource = { ...resource, meta };
    return { n: i + 1, resource: stored, values: search.extract(stored), updated: updated + i };
  });
  await db.begin(async (sql) => {
    for (const { n, resource, values, updated: at } of rows) {
      const content = JSON.stringify(resource);
      await sql`insert into version (n, updated, bucket, version, type, id, version_id, interaction, content)
        values (${n}, ${at}, ${bucket}, 1, ${resource.resourceType}, ${resource.id ?? ''}, '1-test', 'create', ${content})`;
      await sql`insert into resource (n, updated, bucket, version, type, id, patient, tokens, strings, range_keys, range_lows, range_highs)
        values (${n}, ${at}, ${bucket}, 1, ${resource.resourceType}, ${resource.id ?? ''}, ${values.patient ?? null},
          ${`{${values.tokens.join(',')}}`}::text::bigint[], ${values.strings}, ${values.rangeKeys}, ${values.rangeLows}, ${values.rangeHighs})`;
    }
  });
  return rows.map(({ resource }) => resource);
}
