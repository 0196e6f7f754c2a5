/** Who is signed in, and how every question of the pages is asked. */
import { QueryClient, queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import type { SessionAnswer } from '#trust/sign-in/contract.ts';
import { askJson, Refusal, type Ask } from './ask.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => askJson<SessionAnswer>('/api/session', { signal }),
  staleTime: 30_000,
});

export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The node stands in the house: that the browser thinks itself without a network says nothing of the way there.
      mutations: { networkMode: 'always' },
      queries: {
        networkMode: 'always',
        staleTime: 5_000,
        // A refusal stays one; a line that is down may come back.
        retry: (failures, error) => !(error instanceof Refusal) && failures < 2,
        // Asked again only when somebody asks: each refused look is an attempt in the patient's log.
        retryOnMount: ({ state }) => !(state.error instanceof Refusal),
        refetchOnWindowFocus: ({ state }) => !(state.error instanceof Refusal),
      },
    },
  });
}

/** Who is signed in; undefined for nobody. */
export function useSignedIn(): Extract<SessionAnswer, { signedIn: true }> | undefined {
  const { data: session } = useSuspenseQuery(sessionQuery);
  return session.signedIn ? session : undefined;
}

/** To change something, with the session's token. What is below `changes` is asked for anew before it resolves. */
export function useChange(): <Answer>(
  path: string,
  ask: Omit<Ask, 'csrf'>,
  changes: readonly string[],
) => Promise<Answer> {
  const queries = useQueryClient();
  const csrf = useSignedIn()?.csrf;
  return async <Answer>(path: string, ask: Omit<Ask, 'csrf'>, changes: readonly string[]) => {
    const answer = await askJson<Answer>(path, { ...ask, ...(csrf === undefined ? {} : { csrf }) });
    await Promise.all(changes.map((key) => queries.invalidateQueries({ queryKey: [key] })));
    return answer;
  };
}
