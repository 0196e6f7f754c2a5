/** Practitioners with their authorisation (HPR number, 9060, 7704, 7426), the role in which they work (9034) and when they work. */
import type { Practitioner, PractitionerRole } from 'fhir/r4.js';
import { dateText } from '#shared/days.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import { addSchedule } from './booking.ts';
import { codeSystems, concept, hl7 } from './codes.ts';
import { familyName, givenName } from './names.ts';
import { personalParty } from './parties.ts';
import type { Reference } from './reference.ts';
import type { PersonnelPersona } from './personas.ts';
import type { PractitionerEntry, Region, UnitEntry } from './region.ts';

export type PersonnelDraft = {
  category: keyof typeof categories;
  role?: readonly [code: string, display: string];
  speciality?: readonly [code: string, display: string];
  /** Of 7704; an authorisation if not given. */
  authorisation?: readonly [code: string, display: string];
  hours?: keyof typeof hours;
  persona?: PersonnelPersona;
  /** Is a communication party: messages are sent to the person. */
  isParty?: boolean;
};

const categories = {
  LE: 'Lege',
  SP: 'Sykepleier',
  JO: 'Jordmor',
  PS: 'Psykolog',
  BI: 'Bioingeniør',
  RA: 'Radiograf',
  HF: 'Helsefagarbeider',
  HE: 'Helsesekretær',
  AT: 'Apotektekniker',
  FA1: 'Provisorfarmasøyt',
  FA2: 'Reseptarfarmasøyt',
} as const;
const doctorKind = hl7('practitioner-role', 'doctor', 'Doctor');
const nurseKind = hl7('practitioner-role', 'nurse', 'Nurse');
const pharmacistKind = hl7('practitioner-role', 'pharmacist', 'Pharmacist');
const kinds: Partial<Record<PersonnelDraft['category'], typeof doctorKind>> = {
  LE: doctorKind,
  SP: nurseKind,
  JO: nurseKind,
  FA1: pharmacistKind,
  FA2: pharmacistKind,
};

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
const time = (
  daysOfWeek: readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[],
  availableStartTime: string,
  availableEndTime: string,
): NonNullable<PractitionerRole['availableTime']>[number] => ({
  daysOfWeek: [...daysOfWeek],
  availableStartTime,
  availableEndTime,
});
const everyDay = [...weekdays, 'sat', 'sun'] as const;

/** One of the patterns of each kind is drawn. Shifts: early, late, night. */
const hours = {
  day: [[time(weekdays, '08:00:00', '15:30:00')], [time(weekdays.slice(0, 4), '08:00:00', '16:00:00')]],
  part: [[time(['tue', 'thu'], '09:00:00', '14:00:00')]],
  shift: [
    [time(everyDay, '07:30:00', '15:00:00')],
    [time(everyDay, '14:30:00', '22:00:00')],
    [time(everyDay, '21:45:00', '23:59:00'), time(everyDay, '00:00:00', '07:45:00')],
  ],
  pharmacy: [[time(weekdays, '09:00:00', '17:00:00'), time(['sat'], '10:00:00', '15:00:00')]],
} as const;

/** Those whom patients have appointments with. */
const bookedCategories: ReadonlySet<PersonnelDraft['category']> = new Set(['LE', 'PS', 'JO', 'SP']);
/** The first of the invented HPR numbers; nine digits, where those in use have fewer. */
const firstPersonnelNumber = 990_000_000;

/** Adds a person with an authorisation and a role at the unit. */
export function addPersonnel(region: Region, unit: UnitEntry, draft: PersonnelDraft): void {
  const { random } = region;
  const isNew = draft.authorisation !== undefined;
  const { persona } = draft;
  const drawn = random.chance(draft.category === 'LE' ? 0.5 : 0.85) ? 'female' : 'male';
  const sex = persona?.sex ?? drawn;
  const birthYear = isNew ? random.between(1996, 2000) : random.between(1960, 1996);
  const given = persona?.given ?? givenName(random, sex, birthYear, 'common');
  const family = persona?.family ?? familyName(random, 'common');
  const start = dateText(region.today - (isNew ? random.between(60, 400) : random.between(500, 9000)));
  const practitioner = region.add(
    {
      resourceType: 'Practitioner',
      identifier: [
        { system: identifierSystems.personnelNumber, value: String(firstPersonnelNumber + region.personnelCount++) },
      ],
      active: true,
      name: [{ use: 'official', family, given: given.split(' ') }],
      gender: sex,
      qualification: qualifications(draft, start),
    } satisfies Practitioner,
    persona?.practitionerId,
  );
  const reference = { ...practitioner, display: `${given} ${family}` };
  const kind = kinds[draft.category];
  const code = [...(draft.role ? [concept(codeSystems.personnelRole, ...draft.role)] : []), ...(kind ? [kind] : [])];
  const role = region.add(
    {
      resourceType: 'PractitionerRole',
      ...(draft.isParty ? personalParty(region, unit, reference.display) : {}),
      active: true,
      period: { start },
      practitioner: reference,
      organization: unit.organisation,
      location: [unit.location],
      ...(code.length > 0 ? { code } : {}),
      ...(draft.speciality ? { specialty: [concept(codeSystems.speciality, ...draft.speciality)] } : {}),
      ...(draft.hours
        ? { availableTime: [...random.pick(hours[draft.hours] as readonly (typeof hours.part)[0][])] }
        : {}),
    } satisfies PractitionerRole,
    persona?.roleId,
  );
  const named = { ...role, display: reference.display };
  const isBooked = bookedCategories.has(draft.category) && draft.hours !== 'shift';
  const schedule = isBooked ? { schedule: addSchedule(region, named, unit.location) } : {};
  const entry: PractitionerEntry = { reference, role: named, unit, ...schedule };
  if (draft.category === 'SP') unit.nurses.push(entry);
  if (draft.category === 'JO') unit.midwives.push(entry);
  // A unit of nurses only sees people by them.
  if (draft.category === 'LE' || draft.category === 'PS' || draft.category.startsWith('FA'))
    unit.practitioners.push(entry);
}

function qualifications(draft: PersonnelDraft, start: string): Practitioner['qualification'] & object {
  const category = concept(codeSystems.personnelCategory, draft.category, categories[draft.category]);
  const authorisation = concept(codeSystems.authorisation, ...(draft.authorisation ?? ['1', 'Autorisasjon']));
  const speciality = draft.speciality && concept(codeSystems.speciality, ...draft.speciality);
  return [
    { code: category },
    { code: authorisation, period: { start } },
    ...(speciality ? [{ code: speciality, period: { start } }] : []),
  ];
}

/** Adds somebody who is no health personnel and treats nobody: known by name and workplace, without an HPR number. */
export function addOffice(region: Region, organisation: Reference, persona: PersonnelPersona, work: string): void {
  const practitioner = region.add(
    {
      resourceType: 'Practitioner',
      active: true,
      name: [{ use: 'official', family: persona.family, given: [persona.given] }],
      gender: persona.sex,
    } satisfies Practitioner,
    persona.practitionerId,
  );
  region.add(
    {
      resourceType: 'PractitionerRole',
      active: true,
      practitioner: { ...practitioner, display: `${persona.given} ${persona.family}` },
      organization: organisation,
      code: [{ text: work }],
    } satisfies PractitionerRole,
    persona.roleId,
  );
}
