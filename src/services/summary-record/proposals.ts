/** What of somebody else's summary may be taken over into the record, part by part, and what it becomes there. Pure. */
import type { Resource } from '#fhir/types.ts';
import { Fault } from '#kernel/fault.ts';
import type { Proposal } from './contract.ts';
import { conceptKeys, elementOf, elementsOf, nameOf, referenceOf, textOf, whenOf } from './elements.ts';
import type { Language } from './languages.ts';
import { lineOf } from './lines.ts';
import { personName } from './document.ts';
import { localised } from './references.ts';
import { saysAbsence } from './sections.ts';
import { numberOf } from './view.ts';

export type Part = { id: string; fullUrl: string; resource: Resource };

const entriesMax = 2000;

/** The parts of a document Bundle, by their places in it. Faults: invalid, for what is no document. */
export function partsOf(document: Resource): Part[] {
  if (document.resourceType !== 'Bundle' || document['type'] !== 'document')
    throw new Fault('invalid', 'What is imported must be a Bundle of type document.');
  const entries = elementsOf(document['entry']);
  if (entries.length > entriesMax) throw new Fault('tooLarge', `A document has at most ${entriesMax} entries.`);
  const parts = entries.flatMap(({ fullUrl, resource }, at) => {
    const one = elementOf(resource);
    if (typeof one['resourceType'] !== 'string') return [];
    return [{ id: String(at), fullUrl: textOf(fullUrl) ?? '', resource: one as Resource }];
  });
  if (parts[0]?.id !== '0' || parts[0].resource.resourceType !== 'Composition')
    throw new Fault('invalid', 'The first entry of a document must be its Composition.');
  return parts;
}

/** The parts that a record has a place for; what only says that there is none, or that it was entered in error, is not proposed. */
export function proposable(parts: readonly Part[]): Part[] {
  return parts.filter(
    ({ resource }) =>
      takenTypes.includes(resource.resourceType) &&
      !saysAbsence(resource) &&
      resource['status'] !== 'entered-in-error' &&
      resource['modifierExtension'] === undefined,
  );
}

const takenTypes: readonly string[] = [
  'AllergyIntolerance',
  'Condition',
  'Flag',
  'Immunization',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Procedure',
];

/** A proposal as a person reads it, with what of the record says the same. */
export function proposalOf(
  part: Part,
  { parts, record, language }: { parts: readonly Part[]; record: readonly Resource[]; language: Language },
): Omit<Proposal, 'state' | 'became'> {
  const { what, details, when } = lineOf(part.resource, language, (reference) => resolveIn(parts, part, reference));
  const duplicates = record.filter((own) => isSame(own, taken(part, parts))).map(nameOf);
  return { id: part.id, type: part.resource.resourceType, what, details, when, duplicates };
}

function isSame(own: Resource, other: Resource): boolean {
  const isMedicine = (type: string): boolean => type.startsWith('Medication');
  if (own.resourceType !== other.resourceType && !(isMedicine(own.resourceType) && isMedicine(other.resourceType)))
    return false;
  const keys = keysOf(own);
  if (!keysOf(other).some((key) => keys.includes(key))) return false;
  const isDated =
    own.resourceType === 'Immunization' || own.resourceType === 'Observation' || own.resourceType === 'Procedure';
  return !isDated || whenOf(own)?.slice(0, 10) === whenOf(other)?.slice(0, 10);
}

function keysOf(resource: Resource): string[] {
  const display = textOf(elementOf(resource['medicationReference'])['display'])?.trim().toLocaleLowerCase('nb');
  const concepts = [resource['code'], resource['medicationCodeableConcept'], resource['vaccineCode']].flatMap(
    conceptKeys,
  );
  return display === undefined ? concepts : [...concepts, display];
}

function resolveIn(parts: readonly Part[], from: Part, reference: string): Resource | undefined {
  if (reference === '') return undefined;
  const base = /^(.*\/)[A-Z][A-Za-z]+\/[^/]+$/.exec(from.fullUrl)?.[1];
  const found = parts.find(
    ({ fullUrl }) => fullUrl === reference || (base !== undefined && fullUrl === `${base}${reference}`),
  );
  return found?.resource ?? parts.find(({ resource }) => nameOf(resource) === reference)?.resource;
}

/** What the part is in the record: of this patient, its references told in words, a prescription of another country as what the patient says to take. */
export function takenOver(part: Part, parts: readonly Part[], patient: string): Resource {
  const resource = taken(part, parts);
  const subject = { reference: `Patient/${patient}` };
  const name = ['AllergyIntolerance', 'Immunization'].includes(resource.resourceType) ? 'patient' : 'subject';
  const { security } = part.resource.meta ?? {};
  return { ...resource, [name]: subject, ...(security === undefined ? {} : { meta: { security } }) };
}

function taken(part: Part, parts: readonly Part[]): Resource {
  const plain = localised(part.resource, new Set(), '');
  const {
    id: _id,
    meta: _meta,
    text: _text,
    implicitRules: _rules,
    subject: _subject,
    patient: _patient,
    ...rest
  } = plain;
  if (!plain.resourceType.startsWith('Medication')) return rest as Resource;
  const medication = resolveIn(parts, part, referenceOf(part.resource['medicationReference']) ?? '');
  const concept = plain['medicationCodeableConcept'] ?? medication?.['code'] ?? wordsOf(plain['medicationReference']);
  const { medicationReference: _reference, ...others } = rest as Resource;
  if (plain.resourceType === 'MedicationStatement')
    return { ...others, medicationCodeableConcept: concept } as Resource;
  const dosage = plain['dosageInstruction'];
  return {
    resourceType: 'MedicationStatement',
    status: plain['status'] === 'active' ? 'active' : 'unknown',
    medicationCodeableConcept: concept,
    ...(textOf(plain['authoredOn']) === undefined ? {} : { effectivePeriod: { start: plain['authoredOn'] } }),
    ...(dosage === undefined ? {} : { dosage }),
  };
}

const wordsOf = (reference: unknown): object => ({ text: textOf(elementOf(reference)['display']) ?? '–' });

/** Is the document about this person? `undefined`: that is not sure. */
export function isSamePerson(own: Resource, parts: readonly Part[]): boolean | undefined {
  const [composition] = parts;
  const subject = composition && resolveIn(parts, composition, referenceOf(composition.resource['subject']) ?? '');
  const other = subject ?? parts.find(({ resource }) => resource.resourceType === 'Patient')?.resource;
  if (other === undefined) return undefined;
  const [number, otherNumber] = [numberOf(own), numberOf(other)];
  if (number !== undefined && otherNumber !== undefined) return number === otherNumber;
  const isAlike =
    own['birthDate'] !== undefined &&
    own['birthDate'] === other['birthDate'] &&
    personName(own).toLocaleLowerCase('nb') === personName(other).toLocaleLowerCase('nb');
  return isAlike ? true : undefined;
}
