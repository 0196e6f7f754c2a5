/** Where two places wrote while they could not reach each other: what waits for a person to decide. */
import { queryOptions } from '@tanstack/react-query';
import type { ConflictLine, ConflictShown } from '#continuity/conflicts/contract.ts';
import { askJson } from '../session/ask.ts';

export const scopes = ['organisation', 'mine'] as const;
export type Scope = (typeof scopes)[number];

export const conflictsQuery = (scope: Scope) =>
  queryOptions({
    queryKey: ['conflicts', scope],
    queryFn: ({ signal }) =>
      askJson<{ conflicts: ConflictLine[] }>(`/api/continuity/conflicts?${new URLSearchParams({ scope })}`, { signal }),
    staleTime: 10_000,
  });

export const conflictQuery = (id: string) =>
  queryOptions({
    queryKey: ['conflicts', 'one', id],
    queryFn: ({ signal }) => askJson<ConflictShown>(`/api/continuity/conflicts/${encodeURIComponent(id)}`, { signal }),
    staleTime: 5_000,
  });
