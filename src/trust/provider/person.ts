/** A persona as the record knows the person: name, numbers, authorisation and organisation, of which the claims are made. */
import type { Patient, Practitioner, PractitionerRole } from 'fhir/r4.js';
import type { Resource } from '#fhir/types.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import { idIn, workplaceOf } from '../sign-in/workplace.ts';
import type { PersonaEntry } from './persona.ts';

/** The current resource of a type and id; undefined when it is not (yet) in the record. */
export type ResourceReader = (type: string, id: string) => Promise<Resource | undefined>;

export type Workplace = {
  /** The legal entity (hovedenhet) and the place of care below it (underenhet; the same where there is none below). */
  legalEntityNumber: string;
  pointOfCareNumber: string;
  /** Of the nearest organisation, for people. */
  name: string;
};

export type Person = {
  persona: PersonaEntry;
  given: string;
  family: string;
  /** National number or D-number. */
  personNumber: string;
  hprNumber?: string;
  /** Code of Volven 9060, such as LE. */
  authorisation?: string;
  workplace?: Workplace;
};

const categorySystem = 'urn:oid:2.16.578.1.12.4.1.1.9060';

/** The person behind a persona; undefined while the record does not have it. */
export async function readPerson(persona: PersonaEntry, read: ResourceReader): Promise<Person | undefined> {
  return persona.kind === 'citizen' ? readCitizen(persona, read) : readPersonnel(persona, read);
}

async function readCitizen(persona: PersonaEntry, read: ResourceReader): Promise<Person | undefined> {
  const patient = (await read('Patient', persona.patient ?? '')) as Patient | undefined;
  const personNumber =
    numberOf(patient, identifierSystems.nationalNumber) ?? numberOf(patient, identifierSystems.dNumber);
  if (!patient || personNumber === undefined) return undefined;
  return { persona, ...nameOf(patient, persona), personNumber };
}

async function readPersonnel(persona: PersonaEntry, read: ResourceReader): Promise<Person | undefined> {
  const [practitioner, role] = (await Promise.all([
    read('Practitioner', persona.practitioner ?? ''),
    read('PractitionerRole', persona.practitionerRole ?? ''),
  ])) as [Practitioner | undefined, PractitionerRole | undefined];
  const personNumber = numberOf(practitioner, identifierSystems.nationalNumber) ?? persona.personNumber;
  if (!practitioner || !role || personNumber === undefined) return undefined;
  const hprNumber = numberOf(practitioner, identifierSystems.personnelNumber);
  const authorisation = practitioner.qualification
    ?.flatMap(({ code }) => code.coding ?? [])
    .find(({ system }) => system === categorySystem)?.code;
  const workplace = await readWorkplace(role, read);
  return {
    persona,
    ...nameOf(practitioner, persona),
    personNumber,
    ...(hprNumber === undefined ? {} : { hprNumber }),
    ...(authorisation === undefined ? {} : { authorisation }),
    ...(workplace === undefined ? {} : { workplace }),
  };
}

async function readWorkplace(role: PractitionerRole, read: ResourceReader): Promise<Workplace | undefined> {
  const id = idIn(role.organization?.reference, 'Organization');
  const found = await workplaceOf(id, role.id, { read, find: () => Promise.resolve([]) });
  return (
    found && {
      legalEntityNumber: found.role.legalEntityNumber,
      pointOfCareNumber: found.role.pointOfCareNumber,
      name: found.organisations[0]?.name ?? '',
    }
  );
}

type Numbered = {
  identifier?: { system?: string | undefined; value?: string | undefined }[] | undefined;
};

function numberOf(resource: Numbered | undefined, wanted: string): string | undefined {
  return resource?.identifier?.find(({ system, value }) => system === wanted && value !== undefined)?.value;
}

function nameOf(resource: Practitioner | Patient, persona: PersonaEntry): { given: string; family: string } {
  const name = resource.name?.find(({ use }) => use === 'official') ?? resource.name?.[0];
  const words = persona.name.split(' ');
  return {
    given: name?.given?.join(' ') ?? words.slice(0, -1).join(' '),
    family: name?.family ?? words.at(-1) ?? '',
  };
}
