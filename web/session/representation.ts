/** For whom one may act, and whom one has let act for oneself. */
import { queryOptions } from '@tanstack/react-query';
import type { RepresentationAnswer } from '#trust/control/contract.ts';
import { askJson } from './ask.ts';

export const representationQuery = queryOptions({
  queryKey: ['control', 'representation'],
  queryFn: ({ signal }) => askJson<RepresentationAnswer>('/api/control/representation', { signal }),
});
