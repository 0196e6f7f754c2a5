/** The code systems and codes that a patient summary is made of (IPS 2.0), and the national lists of critical information. */

export const loinc = 'http://loinc.org';
export const snomed = 'http://snomed.info/sct';
export const absentOrUnknown = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips';
export const emptyReasons = 'http://terminology.hl7.org/CodeSystem/list-empty-reason';
export const observationCategory = 'http://terminology.hl7.org/CodeSystem/observation-category';
export const conditionCategory = 'http://terminology.hl7.org/CodeSystem/condition-category';
export const consentScope = 'http://terminology.hl7.org/CodeSystem/consentscope';
export const consentCategory = 'http://terminology.hl7.org/CodeSystem/consentcategorycodes';
/** What citizens register themselves carries this in `meta.tag` (trust). */
/** The tag of what is kept beside another version of the same (`continuity/conflicts`; a test holds both together). */
export const keptBeside = { system: 'https://fyr.no/fhir/CodeSystem/continuity', code: 'kept-beside' } as const;

export const trustTags = 'urn:fyr:code-system:trust';
/** Fyr's own kinds of what a summary record holds and no standard has a code for. */
export const summaryKinds = 'urn:fyr:code-system:summary-record';
export const donorCard = 'donor-card';

/** A list of Volven by its number. */
export const volven = (list: string): string => `urn:oid:2.16.578.1.12.4.1.1.${list}`;

/** The number of a Volven list; no-basis 2.2.2 writes `uid` for `oid` in places, so that is understood too. */
export function volvenList(system: unknown): string | undefined {
  return /^urn:(?:oid|uid):2\.16\.578\.1\.12\.4\.1\.1\.(\d{4})$/.exec(String(system))?.[1];
}

/** SNOMED CT situations and IPS codes that say that there is none. */
export const noneKnown: Readonly<Record<string, readonly string[]>> = {
  allergies: ['716186003', 'no-known-allergies'],
  medications: ['787481004', 'no-known-medications'],
  problems: ['160245001', 'no-known-problems'],
  immunizations: ['787482006', 'no-known-immunizations'],
  procedures: ['787480003', 'no-known-procedures'],
  devices: ['787483001', 'no-known-devices'],
};

/** Codes that say that nothing is known of the matter at all. */
export const noInformation: readonly string[] = [
  'no-allergy-info',
  'no-medication-info',
  'no-problem-info',
  'no-immunization-info',
  'no-procedure-info',
  'no-device-info',
];
