/**
 * What happened to a person, told by two versions of the Patient (or of one of his relations) after each other. Pure.
 * Kinds are named as Persontjenesten names its events. Nothing here knows of protected addresses: those are not in resources.
 */
import type { Resource } from '#fhir/types.ts';
import type { EventKind, PersonEvent } from '../contract.ts';
import { citizenshipsOf } from './citizenship.ts';
import {
  codesOf,
  extensionOf,
  noBasis,
  type Concept,
  type Extension,
  type Identifier,
  type Period,
  type Reference,
} from '../register-codes.ts';

type HumanName = { use?: string; given?: string[]; family?: string; period?: Period; extension?: Extension[] };
type Address = {
  use?: string;
  line?: string[];
  postalCode?: string;
  city?: string;
  period?: Period;
  extension?: Extension[];
};
type Link = { type?: string; other?: Reference };

/** A version: what was there before it, what is there now (undefined: nothing, or deleted), and when it was written (milliseconds). */
export type Change = { before: Resource | undefined; after: Resource | undefined; updated: number };

/** A child is told as born when it comes into the register within these days of its birth. */
const newbornDays = 120;

/** The events of a change of a Patient, in the order in which they are told. */
export function patientEvents({ before, after, updated }: Change): PersonEvent[] {
  const instant = new Date(updated).toISOString();
  const person = (after ?? before)?.id;
  if (person === undefined) return [];
  const told = (kind: EventKind, occurred?: string, detail?: string): PersonEvent => ({
    kind,
    person,
    occurred: occurred ?? instant,
    ...(detail === undefined ? {} : { detail }),
  });
  if (after === undefined) return [told('PersonIsDiscontinued')];
  if (before === undefined) return createdEvents(after, updated, told);
  return [
    ...lifeEvents(before, after, told),
    ...mergerEvents(before, after, told),
    ...numberEvents(before, after, told),
    ...(nameText(before) === nameText(after) ? [] : [told('ChangeInName')]),
    ...(before['gender'] === after['gender'] ? [] : [told('ChangeInGender')]),
    ...maritalEvents(before, after, told),
    ...(citizenshipText(before) === citizenshipText(after) ? [] : [told('ChangeInCitizenship')]),
    ...addressEvents(before, after, told),
    ...(practitionerText(before) === practitionerText(after) ? [] : [told('ChangeInGeneralPractitioner')]),
  ];
}

type Tell = (kind: EventKind, occurred?: string, detail?: string) => PersonEvent;

function createdEvents(after: Resource, updated: number, told: Tell): PersonEvent[] {
  const birthDate = after['birthDate'];
  const bornMs = typeof birthDate === 'string' ? Date.parse(birthDate) : Number.NaN;
  const isNewborn = updated - bornMs >= 0 && updated - bornMs <= newbornDays * 86_400_000;
  return [
    told('PersonIsCreated'),
    ...(isNewborn ? [told('ChangeInBirth', birthDate as string)] : []),
    ...(deathOf(after) === undefined ? [] : [told('PersonIsDeceased', deathOf(after))]),
  ];
}

function lifeEvents(before: Resource, after: Resource, told: Tell): PersonEvent[] {
  const [was, is] = [deathOf(before), deathOf(after)];
  const events: PersonEvent[] = [];
  if (was === undefined && is !== undefined) events.push(told('PersonIsDeceased', is === 'true' ? undefined : is));
  else if (was !== is) events.push(told('ChangeInDeath'));
  const [wasMerged, isMerged] = [linkOf(before, 'replaced-by'), linkOf(after, 'replaced-by')];
  if (was === is && wasMerged === isMerged && before['active'] !== after['active']) {
    events.push(told(after['active'] === false ? 'PersonIsDiscontinued' : 'PersonIsReactivated'));
  }
  return events;
}

function mergerEvents(before: Resource, after: Resource, told: Tell): PersonEvent[] {
  const [was, is] = [linkOf(before, 'replaced-by'), linkOf(after, 'replaced-by')];
  const events: PersonEvent[] = [];
  if (was === undefined && is !== undefined) events.push(told('PersonIsDiscontinuedAsDuplicate', undefined, is));
  if (was !== undefined && is === undefined) events.push(told('PersonIsRestoredBySplitting', undefined, was));
  const earlier = linksOf(before, 'replaces');
  for (const other of linksOf(after, 'replaces')) {
    if (!earlier.includes(other)) events.push(told('PersonIsContinuedAsValidUponMerger', undefined, other));
  }
  return events;
}

function numberEvents(before: Resource, after: Resource, told: Tell): PersonEvent[] {
  const [was, is] = [numberOf(before), numberOf(after)];
  const hasChanged = was?.value !== is?.value && was !== undefined && is !== undefined;
  return hasChanged ? [told('ChangeInNorwegianIdentificationNumber', is.period?.start)] : [];
}

function maritalEvents(before: Resource, after: Resource, told: Tell): PersonEvent[] {
  const status = (patient: Resource): string => codesIn(patient['maritalStatus']).join();
  const hasChanged = status(before) !== status(after);
  return hasChanged ? [told('ChangeInMaritalStatus')] : [];
}

const citizenshipText = (patient: Resource): string => JSON.stringify(citizenshipsOf(patient));

function codesIn(value: unknown): string[] {
  return ((value as Concept | undefined)?.coding ?? []).map(({ code }) => code ?? '');
}

function addressEvents(before: Resource, after: Resource, told: Tell): PersonEvent[] {
  const [was, is] = [addressOf(before), addressOf(after)];
  if (addressText(was) === addressText(is)) return [];
  const [from, to] = [municipalityOf(was), municipalityOf(is)];
  const kind =
    from === to &&
    was?.postalCode === is?.postalCode &&
    was !== undefined &&
    is !== undefined &&
    was.line?.join() === is.line?.join()
      ? 'ChangeInResidentialAddressWithoutRelocation'
      : 'ChangeInResidentialAddress';
  const detail = from !== to && from !== undefined && to !== undefined ? `${from} → ${to}` : undefined;
  return [told(kind, is?.period?.start, detail)];
}

/** The events of a change of a RelatedPerson, told of the person whose relation it is. */
export function relationEvents({ before, after, updated }: Change): PersonEvent[] {
  const reference = ((after ?? before)?.['patient'] as Reference | undefined)?.reference;
  const person = /^Patient\/([^/]+)$/.exec(reference ?? '')?.[1];
  if (person === undefined) return [];
  const occurred = new Date(updated).toISOString();
  const described = (each: Resource | undefined, system: string): string =>
    codesOf(each?.['relationship'] as Concept[] | undefined, system).join();
  const kinds = new Set<EventKind>();
  const isGuardian = [before, after].some((each) => relationCodes(each).includes('GUARD'));
  const whole = (each: Resource | undefined): string =>
    JSON.stringify([each?.['identifier'], each?.['period'], each?.['active'], each?.['relationship'], each?.['name']]);
  if (isGuardian) {
    if (whole(before) !== whole(after)) kinds.add('ChangeInGuardianship');
  } else {
    if (described(before, noBasis.parentalResponsibility) !== described(after, noBasis.parentalResponsibility))
      kinds.add('ChangeInParentalResponsibility');
    if (before === undefined || after === undefined || whole(before) !== whole(after))
      kinds.add('ChangeInFamilyRelation');
  }
  return [...kinds].map((kind) => ({ kind, person, occurred }));
}

function relationCodes(relation: Resource | undefined): string[] {
  return ((relation?.['relationship'] as Concept[] | undefined) ?? []).flatMap(codesIn);
}

function deathOf(patient: Resource): string | undefined {
  const { deceasedDateTime, deceasedBoolean } = patient as { deceasedDateTime?: string; deceasedBoolean?: boolean };
  return deceasedDateTime ?? (deceasedBoolean === true ? 'true' : undefined);
}

function linksOf(patient: Resource, type: string): string[] {
  const links = (patient['link'] as Link[] | undefined) ?? [];
  return links.flatMap((link) => (link.type === type && link.other?.reference ? [link.other.reference] : []));
}

function linkOf(patient: Resource, type: string): string | undefined {
  return linksOf(patient, type)[0];
}

/** The number in use: the first that has neither ceased nor is marked old. */
export function numberOf(patient: Resource): Identifier | undefined {
  const identifiers = (patient['identifier'] as Identifier[] | undefined) ?? [];
  return identifiers.find(
    ({ use, period, value }) => value !== undefined && use !== 'old' && period?.end === undefined,
  );
}

function nameText(patient: Resource): string {
  const names = (patient['name'] as HumanName[] | undefined) ?? [];
  const name = names.find(({ use, period }) => use !== 'old' && use !== 'maiden' && period?.end === undefined);
  return JSON.stringify([name?.given, extensionOf(name, noBasis.middleName)?.['valueString'], name?.family]);
}

function addressOf(patient: Resource): Address | undefined {
  const addresses = (patient['address'] as Address[] | undefined) ?? [];
  return addresses.find(({ use, period }) => use !== 'old' && use !== 'temp' && period?.end === undefined);
}

function addressText(address: Address | undefined): string {
  return JSON.stringify([address?.line, address?.postalCode, address?.city, municipalityOf(address)]);
}

/** The number of the municipality of an address, by either of no-basis' ways to write it. */
export function municipalityOf(address: object | undefined): string | undefined {
  const { extension, _district } = (address ?? {}) as {
    extension?: Extension[];
    _district?: { extension?: Extension[] };
  };
  const property = extensionOf({ extension: extension ?? [] }, noBasis.propertyInformation);
  const coded = extensionOf(_district, noBasis.municipalityCode) ?? extensionOf(property, 'municipality');
  return (coded?.['valueCoding'] as { code?: string } | undefined)?.code;
}

function practitionerText(patient: Resource): string {
  const references = (patient['generalPractitioner'] as Reference[] | undefined) ?? [];
  return references.map(({ reference, identifier }) => reference ?? identifier?.value ?? '').join();
}
