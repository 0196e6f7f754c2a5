/** A search over R4 with a fixed clock and zone, and how a test asks it. */
import { loadDefinitions } from '../definitions/index.ts';
import { compile } from '../fhirpath/index.ts';
import type { Resource } from '../types.ts';
import { holds } from './index-test.ts';
import { createSearch, type Search, type SearchOptions } from './index.ts';
import { narrow } from './narrow.ts';

export const testNow = Date.parse('2024-06-15T12:00:00Z');

const terminology: NonNullable<SearchOptions['terminology']> = {
  expandCodes: (url) =>
    Promise.resolve(
      url === 'http://test/vs'
        ? [
            { system: 'http://test/cs', code: 'a1' },
            { system: 'http://test/cs', code: 'a2' },
          ]
        : undefined,
    ),
  validateCodeSync: (url, system, code) =>
    url === 'http://test/vs' ? system === 'http://test/cs' && (code === 'a1' || code === 'a2') : undefined,
  descendants: (system, code) => (system === 'http://test/cs' ? (code === 'a' ? ['a1', 'a2'] : []) : undefined),
  ancestors: (system, code) =>
    system === 'http://test/cs' ? (code === 'a1' || code === 'a2' ? ['a'] : []) : undefined,
};

/** A new search; its catalog is its own, so that a test may add parameters. */
export function searchForTest(options: Partial<SearchOptions> = {}): Search {
  const definitions = loadDefinitions();
  return createSearch({
    definitions,
    compile,
    terminology,
    zone: 'Europe/Oslo',
    baseUrl: 'http://fyr.test/fhir',
    now: () => testNow,
    ...options,
  });
}

export function parameters(text: string): [string, string][] {
  return [...new URLSearchParams(text.replace(/\+/g, '%2B'))];
}

/**
 * Whether a query finds a resource, asked both ways: in memory, and by the index's own test on what was extracted. Throws when the index
 * would miss it, or claims to be exact and is not.
 */
export function finds(search: Search, resource: Resource, text: string, values = search.extract(resource)): boolean {
  const query = search.parse(resource.resourceType, parameters(text));
  const matched = search.matches(resource, query);
  const test = narrow(search.parts, query.condition);
  const updated = Date.parse(resource.meta?.lastUpdated ?? '') || 0;
  const indexed = holds(test, {
    type: resource.resourceType,
    id: resource.id ?? '',
    updated,
    values,
  });
  if (matched && !indexed) throw new Error(`the index misses ${text}`);
  if (test.exact && matched !== indexed) throw new Error(`the index is wrong on ${text}: ${indexed}`);
  return matched;
}
