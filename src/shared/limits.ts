/** What of a record limits treatment or asks for isolation: by the words that wards use, until the sector has codes for it. Pure. */
import type { CodeableConcept, Consent, Flag } from 'fhir/r4.js';

const limitWords = /\bHLR\b|resuscit|begrens|limit|palliativ|ikke (intuber|respirator|intensiv)/i;
const isolationWords = /isol|smitte|MRSA|ESBL|\bVRE\b|clostrid|noro/i;

/** A flag of an advance directive, or in words that limit treatment. */
export function isLimit(flag: Flag): boolean {
  const isDirective = flag.category?.some((one) => hasCode(one, ['advance-directive'])) === true;
  return isDirective || limitWords.test(textOf(flag.code) ?? '');
}

/** A flag whose author chose isolation, or in words that ask for it. */
export function isIsolation(flag: Flag): boolean {
  const isChosen = flag.category?.some((one) => hasCode(one, ['isolation'])) === true;
  return (isChosen || isolationWords.test(textOf(flag.code) ?? '')) && !isLimit(flag);
}

/** An advance directive, or a refusal of treatment, that holds. */
export function isLimitConsent({ status, scope, provision }: Consent): boolean {
  return (
    status === 'active' && (hasCode(scope, ['adr']) || (hasCode(scope, ['treatment']) && provision?.type === 'deny'))
  );
}

export function limitText({ category, provision, policyRule }: Consent): string {
  const text = textOf(provision?.code?.[0]) ?? textOf(policyRule) ?? textOf(category[0]) ?? 'behandlingsbegrensning';
  return provision?.type === 'deny' ? `${text} (ønskes ikke)` : text;
}

export function hasCode(concept: CodeableConcept | undefined, codes: readonly string[]): boolean {
  return concept?.coding?.some(({ code }) => code !== undefined && codes.includes(code)) === true;
}

/** How a person reads it: the text, else a display, else the code. */
export function textOf(concept: CodeableConcept | undefined): string | undefined {
  const [coding] = concept?.coding ?? [];
  return concept?.text ?? coding?.display ?? coding?.code;
}
