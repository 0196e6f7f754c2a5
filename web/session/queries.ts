/** Who is signed in, and how every question of the pages is asked. */
import { QueryClient, queryOptions } from '@tanstack/react-query';
import type { SessionAnswer } from '#trust/sign-in/contract.ts';
import { askJson, Refusal } from './ask.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => askJson<SessionAnswer>('/api/session', { signal }),
  staleTime: 30_000,
});

export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // A refusal stays one; a line that is down may come back.
        retry: (failures, error) => !(error instanceof Refusal) && failures < 2,
      },
    },
  });
}
