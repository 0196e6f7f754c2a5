/** From the resources of a patient's record that the policy rests on to what the rules look at. Pure. */
import type { Resource } from '#fhir/types.ts';
import type { CivilDate } from '#shared/days.ts';
import { criticalLists, systems, trustCodes } from './codes.ts';
import type { Directory } from './directory.ts';
import {
  codesOf,
  elementOf,
  elementsOf,
  firstInstant,
  idIn,
  isCoded,
  labelsOf,
  referenceOf,
  spanOf,
  textOf,
  dayMs,
  wordsOf,
} from './elements.ts';
import type { Span } from './elements.ts';
import type { AttestedPurpose, AttestedRelation, OnWord, PatientFacts, Relation, Representative } from './facts.ts';
import { addConsent, addRelatedPerson, type Choices } from './patients-choices.ts';
import { relationsOf, relationTypes } from './relations.ts';

/** The types whose resources, in a patient's compartment, the policy reads. */
export const factTypes: readonly string[] = [
  ...new Set([...relationTypes, 'Basic', 'Consent', 'Flag', 'RelatedPerson']),
].sort();

/** Types that lead to files. */
export const documentTypes: readonly string[] = ['Composition', 'DiagnosticReport', 'DocumentReference', 'Media'];

/** What there is of a patient: `resources` of the types above, `labelled` with labels of 9603 or closed by name, `shared` with other patients. */
export type PatientResources = {
  patient: string;
  resources: readonly Resource[];
  /** Those that carry a label, and documents that a Consent names: for their files. */
  labelled: readonly Resource[];
  /** Those that name several patients, with all of them. */
  shared: readonly { resource: Resource; patients: readonly string[] }[];
};

type Gathered = {
  relations: Map<string, Relation[]>;
  below: Map<string, Relation[]>;
  attested: AttestedRelation[];
  prescriptions: (Span & OnWord)[];
  criticalFlags: string[];
  consents: string[];
  cases: string[];
};

export function readFacts(
  { patient, resources, labelled, shared }: PatientResources,
  directory: Directory,
): PatientFacts {
  const choices: Choices = {
    blocks: [],
    reservations: [],
    summaryConsents: [],
    representatives: [],
    parentalGrants: [],
    keysOfRelated: new Map(),
  };
  const gathered: Gathered = {
    relations: new Map(),
    below: new Map(),
    attested: [],
    prescriptions: [],
    criticalFlags: [],
    consents: [],
    cases: [],
  };
  for (const resource of resources) {
    addRelations(gathered, resource, directory);
    addOwn(gathered, resource);
    if (resource.resourceType === 'Consent') addConsent(choices, resource, directory);
    if (resource.resourceType === 'RelatedPerson') addRelatedPerson(choices, resource);
  }
  const person = resources.find(({ resourceType, id }) => resourceType === 'Patient' && id === patient);
  const { keysOfRelated, representatives, ...decided } = choices;
  const { relations, below, consents, cases, attested, prescriptions, criticalFlags } = gathered;
  return {
    patient,
    isThere: person !== undefined,
    born: bornOn(person?.['birthDate']),
    diedAt: diedAt(person),
    relations,
    relationsBelow: below,
    attested,
    ...decided,
    representatives: byKey(representatives, keysOfRelated),
    prescriptions,
    criticalFlags,
    confidential: [...consents, ...cases],
    cases,
    shared: new Map(
      shared.map(({ resource, patients }) => [nameOf(resource), patients.filter((one) => one !== patient)]),
    ),
    filesOf: new Map(labelled.map((resource) => [nameOf(resource), filesIn(resource)])),
    labelled: new Map(labelled.map((resource) => [nameOf(resource), labelsOf(resource)])),
  };
}

/** A RelatedPerson who is named stands for the number that the register has of that person. */
function byKey(
  all: Choices['representatives'],
  keysOfRelated: Choices['keysOfRelated'],
): ReadonlyMap<string, readonly Representative[]> {
  const found = new Map<string, Representative[]>();
  for (const { key: named, representative } of all) {
    for (const key of keysOfRelated.get(named) ?? [named]) found.set(key, [...(found.get(key) ?? []), representative]);
  }
  return found;
}

function bornOn(birthDate: unknown): CivilDate | undefined {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(String(birthDate)) ?? [];
  return year === undefined ? undefined : { year: Number(year), month: Number(month), day: Number(day) };
}

const nameOf = ({ resourceType, id }: Resource): string => `${resourceType}/${id ?? ''}`;

function diedAt(person: Resource | undefined): number | undefined {
  if (person === undefined) return undefined;
  if (person['deceasedDateTime'] !== undefined) {
    const at = firstInstant(person['deceasedDateTime']);
    return at === Infinity ? -Infinity : at;
  }
  return person['deceasedBoolean'] === true ? -Infinity : undefined;
}

function addRelations({ relations, below }: Gathered, resource: Resource, directory: Directory): void {
  const words = onWord(resource);
  for (const { party, kind, source, span } of relationsOf(resource, directory)) {
    const relation: Relation = { ...span, ...words, kind, source };
    add(relations, party, relation);
    if (!party.startsWith('Organization/')) continue;
    for (const above of directory.above(party).slice(1)) add(below, above, relation);
  }
}

function onWord(resource: Resource): OnWord {
  const words = wordsOf(resource);
  return words.length === 0 ? {} : { onWordOf: words };
}

function add(relations: Map<string, Relation[]>, party: string, relation: Relation): void {
  const known = relations.get(party);
  if (known) known.push(relation);
  else relations.set(party, [relation]);
}

function addOwn(gathered: Gathered, resource: Resource): void {
  const name = nameOf(resource);
  switch (resource.resourceType) {
    case 'Basic': {
      const attested = attestedOf(resource);
      if (attested) gathered.attested.push(attested);
      if (isCoded(resource['code'], systems.trust, trustCodes.case)) gathered.cases.push(name);
      return;
    }
    case 'Consent':
      if (isCoded(resource['scope'], systems.consentScope, 'patient-privacy')) gathered.consents.push(name);
      return;
    case 'Flag': {
      const isCritical = criticalLists.some((list) => isCoded(resource['code'], list));
      if (isCritical && resource.id !== undefined) gathered.criticalFlags.push(resource.id);
      return;
    }
    case 'MedicationRequest': {
      const span = prescriptionSpan(resource);
      if (span) gathered.prescriptions.push({ ...span, ...onWord(resource) });
      return;
    }
  }
}

const yearMs = 365 * dayMs;

/** Prescriptions that a pharmacy may dispense by: in force, and not given on a ward. */
function prescriptionSpan(resource: Resource): Span | undefined {
  if (!['active', 'on-hold'].includes(String(resource['status']))) return undefined;
  if (isCoded(resource['category'], 'http://terminology.hl7.org/CodeSystem/medicationrequest-category', 'inpatient'))
    return undefined;
  const validity = elementOf(resource['dispenseRequest'])['validityPeriod'];
  if (validity !== undefined) return spanOf(validity);
  const from = firstInstant(resource['authoredOn']);
  return { from, until: from + yearMs };
}

/** Extensions of the Basic that `control/` writes. */
export const attestationExtensions = {
  purpose: 'urn:fyr:extension:purpose-of-use',
  period: 'urn:fyr:extension:attested-period',
  reason: 'urn:fyr:extension:reason',
  decision: 'urn:fyr:extension:decision-reference',
} as const;

const purposes: readonly string[] = ['TREAT', 'ETREAT', 'COC', 'BTG'];

function attestedOf(basic: Resource): AttestedRelation | undefined {
  const [code] = codesOf(basic['code'], systems.trust);
  if (code !== trustCodes.attestation && code !== trustCodes.breakGlass) return undefined;
  const extensions = elementsOf(basic['extension']);
  const valueOf = (url: string, element: string): unknown => extensions.find((one) => one['url'] === url)?.[element];
  const purpose = textOf(elementOf(valueOf(attestationExtensions.purpose, 'valueCoding'))['code']);
  const practitioner = referenceOf(basic['author']);
  const period = valueOf(attestationExtensions.period, 'valuePeriod');
  if (purpose === undefined || !purposes.includes(purpose) || !practitioner?.startsWith('Practitioner/'))
    return undefined;
  if ((purpose === 'BTG') !== (code === trustCodes.breakGlass) || elementOf(period)['end'] === undefined)
    return undefined;
  return {
    ...spanOf(period),
    source: `Basic/${basic.id ?? ''}`,
    practitioner: idIn(practitioner) ?? '',
    purpose: purpose as AttestedPurpose,
  };
}

/** The files that a document leads to: `Binary/id` of its attachments. */
export function filesIn(resource: Resource): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, one] of Object.entries(value)) {
        const file =
          (name === 'url' || name === 'reference') && typeof one === 'string'
            ? /(?:^|\/)(Binary\/[A-Za-z0-9\-.]{1,64})/.exec(one)
            : null;
        if (file?.[1] !== undefined) found.push(file[1]);
        visit(one);
      }
    }
  };
  visit(resource);
  return found;
}
