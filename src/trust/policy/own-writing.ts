/** What may not be written, or only by some, whoever has access to the record. Pure. */
import type { Resource } from '#fhir/types.ts';
import type { Personnel, Subject } from '../subject.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import { consentKinds, systems, trustCodes } from './codes.ts';
import { codesOf, elementOf, elementsOf, isCoded, referenceOf } from './elements.ts';
import { identifiersOf } from './directory.ts';

/** A change to one resource: `before` undefined for what is new, `after` undefined for a deletion. */
export type Change = { before: Resource | undefined; after: Resource | undefined };

/** Attestations, broken glasses and cases have ways in of their own (`trust/control`), where they are checked, logged and told. */
export function hasOwnWayIn({ before, after }: Change): boolean {
  return [before, after].some((resource) => resource !== undefined && isTrustsOwn(resource));
}

function isTrustsOwn(resource: Resource): boolean {
  return resource.resourceType === 'Basic' && isCoded(resource['code'], systems.trust);
}

const isPrivacyConsent = (resource: Resource | undefined): resource is Resource =>
  resource?.resourceType === 'Consent' && isCoded(resource['scope'], systems.consentScope, 'patient-privacy');

/** A Consent about who may see the record, or what was one. */
export const isAboutPrivacy = ({ before, after }: Change): boolean => [before, after].some(isPrivacyConsent);

/** Personnel may note that a patient blocks somebody. To lift it, or to let others in, is the patient's. */
export function isPatientsChoice({ before, after }: Change): boolean {
  if (isPrivacyConsent(before)) return true;
  return isPrivacyConsent(after) && elementOf(after['provision'])['type'] !== 'deny';
}

/** Who acts for the patient may not let in a third, nor answer for the child what the child is asked, nor shut out another who acts for the patient. */
export function isOnlyTheirOwn({ before, after }: Change): boolean {
  return [before, after].some(
    (resource) => isPrivacyConsent(resource) && (letsIn(resource) || namesCitizens(resource)),
  );
}

const lettingIn: readonly string[] = [consentKinds.powerOfAttorney, consentKinds.youthGrant, consentKinds.summaryShare];

const letsIn = (consent: Resource): boolean =>
  codesOf(consent['category'], systems.consentKind).some((code) => lettingIn.includes(code));

const namesCitizens = (consent: Resource): boolean =>
  elementsOf(elementOf(consent['provision'])['actor']).some(({ reference }) =>
    /^(Patient|RelatedPerson)\//.test(referenceOf(reference) ?? ''),
  );

/**
 * Who somebody is, and who is GP, parent, guardian or kin, decides who gets in: that comes from the registers, not from those who treat. A new person may
 * be registered with a number: two records of one number let nobody in by it.
 */
export function givesAccess({ before, after }: Change): boolean {
  const [resource] = [after, before].filter((one) => one !== undefined);
  if (resource === undefined) return false;
  if (resource.resourceType === 'Patient') {
    if (before === undefined) return after?.['generalPractitioner'] !== undefined;
    if (after === undefined) return true;
    if (String(personNumbersOf(before)) !== String(personNumbersOf(after))) return true;
    return ['generalPractitioner', 'birthDate', 'deceasedBoolean', 'deceasedDateTime', 'active', 'link'].some(
      (element) => !isSame(before, after, element),
    );
  }
  if (resource.resourceType !== 'RelatedPerson') return false;
  if (before !== undefined && after !== undefined && !isSame(before, after, 'identifier')) return true;
  return [before, after].some((one) => one !== undefined && isEmpowered(one));
}

const isSame = (one: Resource, other: Resource, element: string): boolean =>
  JSON.stringify(one[element]) === JSON.stringify(other[element]);

const personNumbersOf = (resource: Resource): string[] =>
  [identifierSystems.nationalNumber, identifierSystems.dNumber].flatMap((system) =>
    identifiersOf(resource, system).map((value) => `${system}|${value}`),
  );

/** By the law, or as family of somebody who dies: those are let in by their number. */
function isEmpowered(relative: Resource): boolean {
  const relationship = relative['relationship'];
  return (
    (isCoded(relationship, systems.familyRelation) && personNumbersOf(relative).length > 0) ||
    isCoded(relationship, systems.parentalResponsibility) ||
    isCoded(relationship, systems.roleCode, 'GUARD') ||
    isCoded(relationship, systems.nextOfKin)
  );
}

/** Types that citizens write, and the element that says who speaks. */
const ownTypes: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ['asserter'],
  MedicationStatement: ['informationSource'],
  Observation: ['performer'],
  QuestionnaireResponse: ['author', 'source'],
  RelatedPerson: ['patient'],
};

/** A citizen's own: consents and blocks; registrations that are marked as the citizen's, with the citizen as who tells. */
export function isOwnWriting(resource: Resource, speakers: readonly string[]): boolean {
  if (resource.resourceType === 'Consent') return isPrivacyConsent(resource);
  const elements = ownTypes[resource.resourceType];
  if (elements === undefined || isRegisters(resource)) return false;
  const isMarked = elementsOf(resource.meta?.tag).some(
    ({ system, code }) => system === systems.trust && code === trustCodes.ownRegistration,
  );
  const told = elements.flatMap((element) => {
    const value = resource[element];
    return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(referenceOf);
  });
  return isMarked && told.length > 0 && told.every((one) => one !== undefined && speakers.includes(one));
}

/** Somebody to call is the citizen's to name; who has a number, or a role that lets in, comes from the registers. */
function isRegisters(resource: Resource): boolean {
  return resource.resourceType === 'RelatedPerson' && (personNumbersOf(resource).length > 0 || isEmpowered(resource));
}

/** Whether it changes who the person herself is in the register, what she is authorised for, or where she works in which role. */
export function isOwnEntry(subject: Personnel, { before, after }: Change): boolean {
  const own = `Practitioner/${subject.practitioner}`;
  const numbers = [subject.personNumber, subject.hprNumber].filter((one) => one !== undefined && one !== '');
  return [before, after].some((one) => {
    if (one?.resourceType === 'PractitionerRole') return referenceOf(one['practitioner']) === own;
    if (one?.resourceType !== 'Practitioner') return false;
    const has = elementsOf(one['identifier']).some(({ value }) => numbers.some((number) => number === value));
    return has || one.id === subject.practitioner;
  });
}

/** Who may change registers and definitions: operators, and the region's own systems. */
export function maySetRegisters(subject: Subject): boolean {
  if (subject.kind === 'system') return subject.role === undefined;
  return subject.kind === 'background' || (subject.kind === 'personnel' && subject.duty === 'operator');
}
