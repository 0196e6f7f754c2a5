/** Practitioners with their authorisation (HPR number, 9060, 7704, 7426) and the role in which they work (9034, 8451). */
import { dateText } from '#shared/days.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import type { Practitioner, PractitionerRole } from 'fhir/r4.js';
import { codeSystems, concept, hl7 } from './codes.ts';
import { familyName, givenName } from './names.ts';
import type { PractitionerEntry, Region, UnitEntry } from './region.ts';

export type PersonnelDraft = {
  category: 'LE' | 'SP' | 'JO' | 'FA1' | 'FA2';
  role?: readonly [code: string, display: string];
  speciality?: readonly [code: string, display: string];
};

const categories = {
  LE: 'Lege',
  SP: 'Sykepleier',
  JO: 'Jordmor',
  FA1: 'Provisorfarmasøyt',
  FA2: 'Reseptarfarmasøyt',
} as const;
const kinds = {
  LE: hl7('practitioner-role', 'doctor', 'Doctor'),
  SP: hl7('practitioner-role', 'nurse', 'Nurse'),
  JO: hl7('practitioner-role', 'nurse', 'Nurse'),
  FA1: hl7('practitioner-role', 'pharmacist', 'Pharmacist'),
  FA2: hl7('practitioner-role', 'pharmacist', 'Pharmacist'),
} as const;

/** The first of the invented HPR numbers; nine digits, where those in use have fewer. */
const firstPersonnelNumber = 990_000_000;

/** Adds a person with an authorisation and a role at the unit. */
export function addPersonnel(region: Region, unit: UnitEntry, draft: PersonnelDraft): void {
  const { random } = region;
  const sex = random.chance(draft.category === 'LE' ? 0.5 : 0.85) ? 'female' : 'male';
  const birthYear = random.between(1960, 1996);
  const given = givenName(random, sex, birthYear, 'common');
  const family = familyName(random, 'common');
  const start = dateText(region.today - random.between(500, 9000));
  const practitioner = region.add({
    resourceType: 'Practitioner',
    identifier: [
      { system: identifierSystems.personnelNumber, value: String(firstPersonnelNumber + region.personnelCount++) },
    ],
    active: true,
    name: [{ use: 'official', family, given: given.split(' ') }],
    gender: sex,
    qualification: qualifications(draft, start),
  } satisfies Practitioner);
  const reference = { ...practitioner, display: `${given} ${family}` };
  const role = region.add({
    resourceType: 'PractitionerRole',
    active: true,
    period: { start },
    practitioner: reference,
    organization: unit.organisation,
    location: [unit.location],
    code: [...(draft.role ? [concept(codeSystems.personnelRole, ...draft.role)] : []), kinds[draft.category]],
    ...(draft.speciality ? { specialty: [concept(codeSystems.speciality, ...draft.speciality)] } : {}),
  } satisfies PractitionerRole);
  const entry: PractitionerEntry = { reference, role: { ...role, display: reference.display }, unit };
  unit.practitioners.push(entry);
}

function qualifications(draft: PersonnelDraft, start: string): Practitioner['qualification'] & object {
  const category = concept(codeSystems.personnelCategory, draft.category, categories[draft.category]);
  const authorisation = concept(codeSystems.authorisation, '1', 'Autorisasjon');
  const speciality = draft.speciality && concept(codeSystems.speciality, ...draft.speciality);
  return [
    { code: category },
    { code: authorisation, period: { start } },
    ...(speciality ? [{ code: speciality, period: { start } }] : []),
  ];
}
