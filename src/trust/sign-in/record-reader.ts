/** How people, roles and organisations are read from the record, for signing in. */
import { readCurrent } from '#fhir/record/reading.ts';
import { parseJson } from '#fhir/json/index.ts';
import { runSearch, type Search } from '#fhir/search/index.ts';
import type { Grant } from '#fhir/grant.ts';
import type { Resource } from '#fhir/types.ts';
import type { Db } from '#kernel/db.ts';

export type RecordReader = {
  /** The current version; undefined when there is none. */
  read(type: string, id: string): Promise<Resource | undefined>;
  /** Those that a search parameter finds, up to a hundred: `find('Practitioner', 'identifier', 'system|value')`. */
  find(type: string, parameter: string, value: string): Promise<Resource[]>;
};

/** Over the record, under a grant of the node's own (`background('sign-in')`): who signs in has none yet. */
export function recordReader(reading: { db: Db; search: Search; grant: Grant }): RecordReader {
  return {
    async read(type, id) {
      const found = await readCurrent(reading, type, id);
      return found === undefined || found.content === null ? undefined : (parseJson(found.content) as Resource);
    },
    async find(type, parameter, value) {
      const asked: [string, string][] = [
        [parameter, value],
        ['_count', '100'],
      ];
      const { rows } = await runSearch(reading, reading.search.parse(type, asked, { lenient: false }));
      return rows.map(({ content }) => parseJson(content) as Resource);
    },
  };
}
