/** What a citizen has closed, and for whom. */
import { queryOptions } from '@tanstack/react-query';
import type { BlockAnswer } from '#trust/control/contract.ts';
import { askJson } from '../session/ask.ts';

const asked = (patient: string | undefined): string =>
  patient === undefined ? '' : `?${new URLSearchParams({ patient })}`;

/** @param patient for whom one acts; undefined: oneself */
export const blocksQuery = (patient: string | undefined) =>
  queryOptions({
    queryKey: ['control', 'blocks', patient ?? 'self'],
    queryFn: ({ signal }) => askJson<{ blocks: BlockAnswer[] }>(`/api/control/blocks${asked(patient)}`, { signal }),
  });
