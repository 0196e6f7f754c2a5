/** What one has decided: blocks, reservation, who acts for whom. */
import { queryOptions } from '@tanstack/react-query';
import type { BlockAnswer } from '#trust/control/contract.ts';
import { recordQuery } from '../record/queries.ts';
import { codeOf } from '../record/words.ts';
import { askJson } from '../session/ask.ts';
import type { Consent } from 'fhir/r4';

const asked = (patient: string | undefined): string =>
  patient === undefined ? '' : `?${new URLSearchParams({ patient })}`;

export const blocksQuery = (patient: string | undefined) =>
  queryOptions({
    queryKey: ['control', 'blocks', patient ?? 'self'],
    queryFn: ({ signal }) => askJson<{ blocks: BlockAnswer[] }>(`/api/control/blocks${asked(patient)}`, { signal }),
  });

export const consentsQuery = (patient: string) => recordQuery(patient, 'Consent', { status: 'active', _count: '100' });

const consentKind = 'urn:fyr:code-system:consent-kind';

/** Against the summary record; one with a purpose is against something else. */
export function isReservation({ category, provision }: Consent): boolean {
  return category.some((concept) => codeOf(concept, consentKind) === 'reservation') && provision?.purpose === undefined;
}
