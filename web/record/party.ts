/** Whom something is for, as a form holds it: `PractitionerRole/1|Kari Lege`, or words alone. Pure. */
import type { Reference } from 'fhir/r4';

const form = /^((?:PractitionerRole|Organization)\/[A-Za-z0-9.-]{1,64})\|(.*)$/s;

export function partyIn(value: string | undefined): Reference | undefined {
  const text = value ?? '';
  const [, reference, display] = form.exec(text) ?? [];
  if (reference !== undefined) return { reference, ...(display ? { display } : {}) };
  return text === '' ? undefined : { display: text };
}

export function partyValue({ reference, display = '' }: Reference): string {
  return reference === undefined ? display : `${reference}|${display}`;
}
