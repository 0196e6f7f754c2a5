/** How packs read the record: whole answers, page by page, under a grant. */
import type { FhirContext, Grant, Resource } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { runSearch } from '#fhir/search/index.ts';

export type Reading = Pick<FhirContext, 'db' | 'search'> & {
  grant: Grant;
  /** Versions of a patient's record that are kept beside the current ones until a person has decided; without it they are not asked for. */
  beside?(patient: string): Promise<readonly Resource[]>;
};

const pageSize = '500';

/** Everything that a search finds. */
export async function findAll(
  reading: Reading,
  type: string,
  parameters: readonly (readonly [string, string])[],
): Promise<Resource[]> {
  const found: Resource[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const after: [string, string][] = cursor === '' ? [] : [['_cursor', cursor]];
    const query = reading.search.parse(type, [...parameters, ['_count', pageSize], ['_total', 'none'], ...after]);
    const { rows, next } = await runSearch(reading, query);
    for (const { content } of rows) found.push(parseJson(content) as Resource);
    cursor = next;
  }
  return found;
}
