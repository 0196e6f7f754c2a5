/** Whose health is looked at: one's own, or that of whom one acts for. */
import type { LoaderFunctionArgs } from 'react-router';
import type { QueryClient } from '@tanstack/react-query';
import { useActingFor } from '../session/acting-for.tsx';
import { queriesContext } from '../session/context.ts';
import { sessionQuery, useSignedIn } from '../session/queries.ts';

export function useWhose(): string {
  const acting = useActingFor();
  const session = useSignedIn();
  return acting ?? session?.id ?? '';
}

/** What must be there before a page draws. */
export function loaderOf(load: (queries: QueryClient, patient: string) => Promise<unknown>[]) {
  return async ({ request, context }: LoaderFunctionArgs): Promise<null> => {
    const queries = context.get(queriesContext);
    const session = await queries.ensureQueryData(sessionQuery);
    if (!session.signedIn) return null;
    await Promise.all(load(queries, new URL(request.url).searchParams.get('for') ?? session.id));
    return null;
  };
}
