/** What the page of search asks. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { SearchAnswer } from '#services/clinical-search/contract.ts';
import { askJson } from '../session/ask.ts';

/** What stands in the address: `q`, and what narrows it. */
export const filters = ['type', 'author', 'site', 'from', 'to'] as const;
export type Filter = (typeof filters)[number];

/** @param patient undefined: all whose records one reaches */
export const searchQuery = (patient: string | undefined, address: URLSearchParams) => {
  const asked = new URLSearchParams();
  if (patient !== undefined) asked.set('patient', patient);
  for (const name of ['q', ...filters, 'page']) {
    const value = address.get(name)?.trim();
    if (value) asked.set(name, value);
  }
  return queryOptions({
    queryKey: ['clinical-search', asked.toString()],
    queryFn: ({ signal }) => askJson<SearchAnswer>(`/api/clinical-search?${asked}`, { signal }),
    enabled: (asked.get('q') ?? '').length > 1,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
};
