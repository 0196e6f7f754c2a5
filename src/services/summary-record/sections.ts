/**
 * What of a record belongs to each section of an International Patient Summary (IPS 2.0, Composition-uv-ips), in which order. Pure: works on any
 * list of resources of one patient, so it serves region, site and ward alike. Duplicates are left out; the newest stands first.
 */
import type { Resource } from '#fhir/types.ts';
import {
  absentOrUnknown,
  conditionCategory,
  consentCategory,
  consentScope,
  donorCard,
  keptBeside,
  loinc,
  noInformation,
  noneKnown,
  observationCategory,
  snomed,
  summaryKinds,
  trustTags,
} from './codes.ts';
import { isActive } from './critical.ts';
import {
  codingsOf,
  conceptKey,
  conceptKeys,
  elementOf,
  elementsOf,
  hasCode,
  nameOf,
  newestFirst,
  referenceOf,
  statusCode,
  textOf,
} from './elements.ts';

export const sectionKeys = [
  'allergies',
  'medications',
  'problems',
  'alerts',
  'advanceDirectives',
  'immunizations',
  'procedures',
  'devices',
  'results',
  'vitalSigns',
  'pastIllness',
  'functionalStatus',
  'planOfCare',
  'socialHistory',
  'pregnancy',
] as const;
export type SectionKey = (typeof sectionKeys)[number];

/** LOINC codes of the sections. */
export const sectionCodes: { readonly [key in SectionKey]: { code: string; display: string } } = {
  allergies: { code: '48765-2', display: 'Allergies and adverse reactions Document' },
  medications: { code: '10160-0', display: 'History of Medication use Narrative' },
  problems: { code: '11450-4', display: 'Problem list - Reported' },
  alerts: { code: '104605-1', display: 'Alert' },
  advanceDirectives: { code: '42348-3', display: 'Advance directives' },
  immunizations: { code: '11369-6', display: 'History of Immunization note' },
  procedures: { code: '47519-4', display: 'History of Procedures Document' },
  devices: { code: '46264-8', display: 'History of medical device use' },
  results: { code: '30954-2', display: 'Relevant diagnostic tests/laboratory data note' },
  vitalSigns: { code: '8716-3', display: 'Vital signs note' },
  pastIllness: { code: '11348-0', display: 'History of Past illness note' },
  functionalStatus: { code: '47420-5', display: 'Functional status assessment note' },
  planOfCare: { code: '18776-5', display: 'Plan of care note' },
  socialHistory: { code: '29762-2', display: 'Social history note' },
  pregnancy: { code: '10162-6', display: 'History of pregnancies Narrative' },
};

/** Always in the document, whatever is known; the recommended ones too. Others only where there is something. */
export const requiredSections: readonly SectionKey[] = ['allergies', 'medications', 'problems'];
export const recommendedSections: readonly SectionKey[] = ['immunizations', 'procedures', 'devices', 'results'];

/** `known`: there are entries. `none`: the record says that there is none. `unknown`: nothing is recorded either way. */
export type ChosenSection = {
  key: SectionKey;
  state: 'known' | 'none' | 'unknown';
  entries: readonly Resource[];
  /** Entries that are left out because there are more than a summary holds. */
  more: number;
};

const maxima: { readonly [key in SectionKey]: number } = {
  allergies: 100,
  medications: 100,
  problems: 100,
  alerts: 50,
  advanceDirectives: 20,
  immunizations: 60,
  procedures: 40,
  devices: 40,
  results: 60,
  vitalSigns: 15,
  pastIllness: 30,
  functionalStatus: 10,
  planOfCare: 10,
  socialHistory: 10,
  pregnancy: 10,
};

/** The sections of a summary in their order: the required and recommended always, the others where there is something. */
export function chooseSections(resources: readonly Resource[]): ChosenSection[] {
  const sorted = newestFirst(resources.filter(isValid));
  const repeated = repeatedConditions(sorted);
  // What is in one section is in no other.
  let left = sorted.filter((one) => !saysAbsence(one));
  return sectionKeys.flatMap((key) => {
    const fitting = left.filter((one) => belongs[key](one, repeated));
    const chosen = withoutDuplicates(key, ordered(key, fitting));
    const entries = chosen.slice(0, maxima[key]);
    if (fitting.length > 0) {
      const names = new Set(fitting.map(nameOf));
      left = left.filter((one) => !names.has(nameOf(one)));
    }
    const state = entries.length > 0 ? 'known' : saysNone(key, sorted) ? 'none' : 'unknown';
    const isAlways = requiredSections.includes(key) || recommendedSections.includes(key);
    return entries.length > 0 || isAlways ? [{ key, state, entries, more: chosen.length - entries.length }] : [];
  });
}

/** What was entered in error, or refuted, is no information. */
function isValid(resource: Resource): boolean {
  const verification = statusCode(resource['verificationStatus']);
  return resource['status'] !== 'entered-in-error' && verification !== 'entered-in-error' && verification !== 'refuted';
}

/** `repeated`: what conditions were coded more than once, by their keys. */
type Belongs = (resource: Resource, repeated: ReadonlySet<string>) => boolean;

const hasStatus = (resource: Resource, ...statuses: readonly string[]): boolean =>
  statuses.includes(textOf(resource['status']) ?? '');

const inCategory = (resource: Resource, ...categories: readonly string[]): boolean =>
  resource.resourceType === 'Observation' && hasCode(resource['category'], observationCategory, categories);

const isDone = (resource: Resource): boolean => hasStatus(resource, 'final', 'amended', 'corrected', 'preliminary');

/** LOINC codes of pregnancy: status, estimated delivery, outcomes. */
const pregnancyCodes: readonly string[] = [
  '82810-3',
  '11778-8',
  '11779-6',
  '11780-4',
  '11636-8',
  '11637-6',
  '11638-4',
  '11639-2',
  '11640-0',
  '11612-9',
  '11613-7',
  '11614-5',
  '33065-4',
];
const isPregnancy = (resource: Resource): boolean =>
  resource.resourceType === 'Observation' && hasCode(resource['code'], loinc, pregnancyCodes);

/** Smoking and alcohol, wherever they are filed. */
const socialCodes: readonly string[] = ['72166-2', '74013-4', '11367-0', '63773-6'];

const belongs: { readonly [key in SectionKey]: Belongs } = {
  allergies: (one) => one.resourceType === 'AllergyIntolerance' && isActive(one),
  medications: (one) =>
    ['MedicationStatement', 'MedicationRequest'].includes(one.resourceType) &&
    hasStatus(one, 'active', 'intended', 'on-hold') &&
    !['proposal', 'plan', 'option'].includes(textOf(one['intent']) ?? ''),
  problems: (one) =>
    one.resourceType === 'Condition' &&
    isActive(one) &&
    !(
      hasCode(one['category'], conditionCategory, ['encounter-diagnosis']) &&
      !hasCode(one['category'], conditionCategory, ['problem-list-item'])
    ),
  alerts: (one) => one.resourceType === 'Flag' && hasStatus(one, 'active'),
  advanceDirectives: isDirective,
  immunizations: (one) => one.resourceType === 'Immunization' && hasStatus(one, 'completed'),
  procedures: (one) => one.resourceType === 'Procedure' && hasStatus(one, 'completed', 'in-progress'),
  devices: (one) => one.resourceType === 'DeviceUseStatement' && hasStatus(one, 'active', 'completed', 'intended'),
  results: (one) =>
    (inCategory(one, 'laboratory', 'imaging') && isDone(one)) ||
    (one.resourceType === 'DiagnosticReport' && isDone(one) && textOf(one['conclusion']) !== undefined),
  vitalSigns: (one) => inCategory(one, 'vital-signs') && isDone(one),
  pastIllness: (one, repeated) => one.resourceType === 'Condition' && !isActive(one) && isOfProblemList(one, repeated),
  functionalStatus: (one) =>
    one.resourceType === 'ClinicalImpression' || (inCategory(one, 'survey') && isDone(one) && !isSocial(one)),
  planOfCare: (one) => one.resourceType === 'CarePlan' && hasStatus(one, 'active', 'on-hold'),
  socialHistory: (one) => isDone(one) && isSocial(one),
  pregnancy: (one) => isDone(one) && isPregnancy(one),
};

const isSocial = (one: Resource): boolean =>
  !isPregnancy(one) &&
  (inCategory(one, 'social-history') ||
    (one.resourceType === 'Observation' && hasCode(one['code'], loinc, socialCodes)));

/** A cold that passed is no past illness of a summary: what stood on the problem list is, and what was coded more than once. */
function isOfProblemList(one: Resource, repeated: ReadonlySet<string>): boolean {
  if (hasCode(one['category'], conditionCategory, ['problem-list-item'])) return true;
  if (hasCode(one['category'], conditionCategory, ['encounter-diagnosis'])) return false;
  return conceptKeys(one['code']).some((key) => repeated.has(key));
}

function repeatedConditions(resources: readonly Resource[]): Set<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const one of resources) {
    if (one.resourceType !== 'Condition') continue;
    for (const key of new Set(conceptKeys(one['code']))) (seen.has(key) ? repeated : seen).add(key);
  }
  return repeated;
}

/** Limits of treatment, living wills, the donor card: a Consent about care in advance (scope `adr` or `treatment`), with the category that says which. */
export function isDirective(one: Resource): boolean {
  if (one.resourceType !== 'Consent' || !hasStatus(one, 'active')) return false;
  return (
    hasCode(one['scope'], consentScope, ['adr']) ||
    hasCode(one['category'], consentCategory, ['acd', 'dnr', 'emrgonly']) ||
    isDonorCard(one)
  );
}

export const isDonorCard = (one: Resource): boolean => hasCode(one['category'], summaryKinds, [donorCard]);

/** The citizen wrote it, or said it. */
export function isOwnRegistration(resource: Resource): boolean {
  const { meta } = resource;
  if (meta?.tag?.some(({ system, code }) => system === trustTags && code === 'own-registration')) return true;
  return [resource['informationSource'], resource['asserter'], resource['recorder'], resource['reportOrigin']].some(
    (source) => referenceOf(source)?.startsWith('Patient/') === true,
  );
}

export function saysAbsence(resource: Resource): boolean {
  const codings = [resource['code'], resource['medicationCodeableConcept'], resource['vaccineCode']].flatMap(codingsOf);
  return codings.some(
    ({ system, code = '' }) =>
      (system === absentOrUnknown && (noInformation.includes(code) || code.startsWith('no-known-'))) ||
      (system === snomed && Object.values(noneKnown).some((codes) => codes.includes(code))),
  );
}

/** A resource, or a List with the empty reason `nilknown`, that says that there is none. */
function saysNone(key: SectionKey, resources: readonly Resource[]): boolean {
  const codes = noneKnown[key];
  if (codes === undefined) return false;
  return resources.some((one) => {
    if (one.resourceType === 'List') {
      return hasCode(one['code'], loinc, [sectionCodes[key].code]) && statusCode(one['emptyReason']) === 'nilknown';
    }
    const concepts = [one['code'], one['medicationCodeableConcept'], one['vaccineCode']];
    return concepts.some((concept) => hasCode(concept, absentOrUnknown, codes) || hasCode(concept, snomed, codes));
  });
}

/** Medicines by name, so that one finds them; allergies the gravest first; all else as it comes, the newest first. */
function ordered(key: SectionKey, entries: readonly Resource[]): Resource[] {
  if (key === 'allergies') return entries.toSorted((a, b) => gravity(b) - gravity(a));
  return [...entries];
}

function gravity(resource: Resource): number {
  if (resource['criticality'] === 'high') return 2;
  return elementsOf(resource['reaction']).some(({ severity }) => severity === 'severe') ? 1 : 0;
}

/** It stands beside another version of the same, until a person has decided which holds. */
export function isBeside({ meta }: Resource): boolean {
  const tags = Array.isArray(meta?.tag) ? meta.tag : [];
  return tags.some(({ system, code }) => system === keptBeside.system && code === keptBeside.code);
}

/** What two entries must share to be the same thing; undefined: they are never the same. */
function keyOf(key: SectionKey, resource: Resource): string | undefined {
  if (isBeside(resource)) return undefined;
  switch (key) {
    case 'medications':
      return medicationKey(resource);
    case 'results':
      return resource.resourceType === 'Observation' ? conceptKey(resource['code']) : undefined;
    case 'allergies':
    case 'problems':
    case 'pastIllness':
    case 'vitalSigns':
    case 'socialHistory':
    case 'functionalStatus':
      return conceptKey(resource['code']);
    case 'alerts':
      return flagKey(resource);
    case 'immunizations':
      return `${conceptKey(resource['vaccineCode']) ?? ''} ${textOf(resource['occurrenceDateTime'])?.slice(0, 10) ?? ''}`;
    default:
      return undefined;
  }
}

/** The same code with another text is another warning. */
const flagKey = (flag: Resource): string =>
  `${conceptKey(flag['code']) ?? ''} ${textOf(elementOf(flag['code'])['text'])?.toLocaleLowerCase('nb') ?? ''}`;

/**
 * The product by name and strength as its display says it, with the dose; a statement and the prescription that it rests on are one medicine.
 * Two strengths of one substance are two.
 */
function medicationKey(resource: Resource): string | undefined {
  const concept = resource['medicationCodeableConcept'];
  const text =
    textOf(elementOf(concept)['text']) ??
    textOf(elementOf(resource['medicationReference'])['display']) ??
    conceptKey(concept);
  return text?.trim().toLocaleLowerCase('nb');
}

/**
 * The first of each stays: entries are newest first. Conflicting entries of an allergy are not told apart here; `conflictsOf` tells them.
 */
function withoutDuplicates(key: SectionKey, entries: readonly Resource[]): Resource[] {
  const seen = new Set<string>();
  const preferred = key === 'medications' ? statementsFirst(entries) : entries;
  return preferred.filter((one) => {
    const own = keyOf(key, one) ?? nameOf(one);
    if (seen.has(own)) return false;
    seen.add(own);
    return true;
  });
}

/** A statement tells what the patient takes; a prescription only what was ordered. */
const statementsFirst = (entries: readonly Resource[]): Resource[] =>
  entries.toSorted(
    (a, b) => Number(b.resourceType === 'MedicationStatement') - Number(a.resourceType === 'MedicationStatement'),
  );

export type Conflict = { about: string; resources: readonly Resource[] };

/**
 * Sources that disagree: the same substance with another criticality or certainty, or as active by one and not by another; and whatever was changed at two
 * places at once and waits for a person.
 */
export function conflictsOf(resources: readonly Resource[]): Conflict[] {
  const groups = new Map<string, Resource[]>();
  const sources = resources.filter((one) => one.resourceType === 'AllergyIntolerance');
  for (const one of newestFirst(sources)) {
    if (saysAbsence(one)) continue;
    if (statusCode(one['verificationStatus']) === 'entered-in-error') continue;
    const key = conceptKey(one['code']);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const told = [...groups].flatMap(([about, group]) => {
    const views = new Set(group.map(viewOf));
    return views.size > 1 || group.some(isBeside) ? [{ about, resources: group }] : [];
  });
  const among = new Set(told.flatMap((conflict) => conflict.resources));
  const beside = resources.filter((one) => isBeside(one) && !among.has(one));
  return [...told, ...beside.map((one) => ({ about: nameOf(one), resources: [one] }))];
}

const viewOf = (one: Resource): string =>
  [isActive(one), one['criticality'] ?? '', statusCode(one['verificationStatus']) ?? ''].join(' ');
