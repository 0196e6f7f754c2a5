/** What one has decided, as Consents: the reservation against the summary record among them. */
import { recordQuery } from '../record/queries.ts';
import { codeOf } from '../record/words.ts';
import type { Consent } from 'fhir/r4';

export const consentsQuery = (patient: string) => recordQuery(patient, 'Consent', { status: 'active', _count: '100' });

const consentKind = 'urn:fyr:code-system:consent-kind';

/** Against the summary record; one with a purpose is against something else. */
export function isReservation({ category, provision }: Consent): boolean {
  return category.some((concept) => codeOf(concept, consentKind) === 'reservation') && provision?.purpose === undefined;
}
