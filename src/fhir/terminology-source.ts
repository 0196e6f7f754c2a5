/** Terminology's view of the record: code systems, value sets and concept maps that users stored, by their canonical URLs. */
import type { Db } from '#kernel/db.ts';
import type { Grant } from './grant.ts';
import { parseJson } from './json/index.ts';
import { runSearch, type Search } from './search/index.ts';
import type { TerminologySource } from './terminology/index.ts';
import type { Resource } from './types.ts';

const mapsMax = 200;

/** `search` is asked for late, since search itself asks terminology for `:in` and `:below`. */
export function recordSource(db: Db, search: () => Search, grant: Grant): TerminologySource {
  const find = async (type: string, parameters: [string, string][]): Promise<Resource[]> => {
    const query = search().parse(type, parameters, { lenient: false });
    const { rows } = await runSearch({ db, search: search(), grant }, query);
    return rows.map((row) => parseJson(row.content) as Resource);
  };
  return {
    async canonical(type, url, version) {
      // `#id` names what is contained in the resource that refers; no other has an empty address.
      if (url === '') return undefined;
      const wanted: [string, string][] = [
        ['url', escaped(url)],
        ['_sort', '-_lastUpdated'],
        ['_count', '20'],
      ];
      const found = await find(type, wanted);
      if (version !== undefined) return found.find((r) => r['version'] === version);
      return found.sort((a, b) => compareVersions(b['version'], a['version']))[0];
    },
    async supplements(url) {
      if (url === '') return [];
      const found = await find('CodeSystem', [
        ['supplements', escaped(url)],
        ['_count', '50'],
      ]);
      return found.filter((r) => r['content'] === 'supplement');
    },
    conceptMaps: () =>
      find('ConceptMap', [
        ['status', 'active'],
        ['_count', String(mapsMax)],
      ]),
  };
}

/** Commas, bars and dollars have a meaning in search values (R4 search.html#escaping). */
function escaped(text: string): string {
  return text.replace(/[\\,|$]/g, '\\$&');
}

/** `1.10.0` after `1.9.0`; what has no version comes first. */
export function compareVersions(a: unknown, b: unknown): number {
  return String(a ?? '').localeCompare(String(b ?? ''), 'en', { numeric: true });
}
