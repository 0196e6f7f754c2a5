/** Reads resources of the record for the registers: by number, by key, all of a type. */
import { parseJson } from '#fhir/json/index.ts';
import { findMany, type ResourceKey } from '#fhir/record/store.ts';
import { runSearch } from '#fhir/search/index.ts';
import type { RequestContext } from '#fhir/index.ts';
import type { Resource } from '#fhir/types.ts';
import { findHolders, type Held } from './identifier-store.ts';

type Reading = Pick<RequestContext, 'db' | 'search' | 'grant'>;

/** The current versions, by `Type/id`; what is deleted is left out. */
export async function readMany(
  deps: Pick<Reading, 'db'>,
  keys: readonly ResourceKey[],
): Promise<Map<string, Resource>> {
  const stored = await findMany(deps.db, distinct(keys));
  return new Map(
    stored.flatMap(({ type, id, content }) =>
      content === null ? [] : [[`${type}/${id}`, parseJson(content) as Resource] as const],
    ),
  );
}

function distinct(keys: readonly ResourceKey[]): ResourceKey[] {
  return [...new Map(keys.map((key) => [`${key.type}/${key.id}`, key])).values()];
}

/** Every resource of a type, in pages. */
export async function* everyResource(
  deps: Reading,
  type: string,
  parameters: [string, string][] = [],
): AsyncGenerator<Resource> {
  let cursor: string | undefined;
  do {
    const page: [string, string][] = [...parameters, ['_sort', '_id'], ['_count', '500']];
    if (cursor !== undefined) page.push(['_cursor', cursor]);
    const query = deps.search.parse(type, page, { lenient: false });
    const result = await runSearch(deps, query);
    for (const row of result.rows) if (row.mode === 'match') yield parseJson(row.content) as Resource;
    cursor = result.next;
  } while (cursor !== undefined);
}

/** The first holder of each number, by `system|value`: one who has it now before one who had it. */
export async function holdersOf(
  deps: Pick<Reading, 'db'>,
  numbers: readonly { system: string; value: string }[],
  types: readonly string[],
): Promise<Map<string, Held>> {
  const found = new Map<string, Held>();
  for (const held of await findHolders(deps.db, numbers, types)) {
    const key = `${held.system}|${held.value}`;
    if (!found.has(key)) found.set(key, held);
  }
  return found;
}
