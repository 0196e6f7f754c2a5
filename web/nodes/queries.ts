/** What the page of nodes asks: those of the region, and places of care by name. */
import { queryOptions } from '@tanstack/react-query';
import type { NodesAnswer, PlacesAnswer } from '#continuity/registry/contract.ts';
import { askJson } from '../session/ask.ts';

export const nodesQuery = queryOptions({
  queryKey: ['nodes'],
  queryFn: ({ signal }) => askJson<NodesAnswer>('/api/nodes', { signal }),
  refetchInterval: 15_000,
});

const lettersFewest = 2;

export const placesQuery = (name: string) =>
  queryOptions({
    queryKey: ['nodes', 'places', name],
    queryFn: async ({ signal }) =>
      (await askJson<PlacesAnswer>(`/api/nodes/places?${new URLSearchParams({ name })}`, { signal })).places,
    enabled: name.length >= lettersFewest,
    staleTime: 60_000,
  });
