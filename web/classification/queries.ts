/** Documents whose type a person has to decide. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { QueueAnswer, QueuedAnswer } from '#services/classification/contract.ts';
import { askJson } from '../session/ask.ts';

export const queueQuery = infiniteQueryOptions({
  queryKey: ['classification', 'queue'],
  queryFn: ({ signal, pageParam }) =>
    askJson<QueueAnswer>(
      `/api/classification/queue${pageParam === '' ? '' : `?${new URLSearchParams({ _cursor: pageParam })}`}`,
      { signal },
    ),
  initialPageParam: '',
  getNextPageParam: (last) => last.next,
});

export const queuedQuery = (id: string) =>
  queryOptions({
    queryKey: ['classification', 'one', id],
    queryFn: ({ signal }) => askJson<QueuedAnswer>(`/api/classification/queue/${encodeURIComponent(id)}`, { signal }),
  });
