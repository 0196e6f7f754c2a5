/**
 * People of the sample who are always there, with the same resource ids in every region: for sign-in, demonstrations and tests.
 * Ages are kept relative to the opening day, so birth dates and national numbers are not the same from day to day; ids and names are.
 */
import type { Sex } from '#shared/identifiers.ts';

/** Three languages: bokmål, nynorsk, English. */
export type Title = { nb: string; nn: string; en: string };

export type PersonnelPersona = {
  key: string;
  practitionerId: string;
  roleId: string;
  given: string;
  family: string;
  sex: Sex;
  title: Title;
};

export type CitizenPersona = {
  key: string;
  patientId: string;
  given: string;
  sex: Sex;
  /** In years at the opening of the region; below one for an infant. */
  age: number;
  role: 'adult' | 'child';
  married?: boolean;
  /** Chronic diseases by the keys of the tables, with the years since they began. */
  problems?: Readonly<Record<string, number>>;
  /** What the person has decided about the record; see `blocks.ts`. */
  decisions?: readonly Decision[];
  /** Lies in hospital when the region opens, on a ward of the central hospital, and stays on so many nights. */
  stay?: { icd: string; daysAgo: number; nights: number };
  /** Booked with the GP: so many days after the opening, at a minute of the day. */
  appointment?: { inDays: number; minute: number; reason: string; problem: string };
  /** Days before the opening. */
  diedDaysAgo?: number;
};

/** Blocks of a person, a department and a document; of the whole record; a reservation; a power of attorney; what a youth lets a parent see. */
export type Decision = 'blocks' | 'blocksWholeRecord' | 'reservation' | 'powerOfAttorney' | 'youthGrant';

export type PersonaHousehold = {
  family: string;
  protection?: 'strictlyConfidential';
  /** By the order of `municipalities`. */
  municipality: number;
  people: readonly CitizenPersona[];
};

const personnelOf = (
  number: number,
  key: string,
  given: string,
  family: string,
  sex: Sex,
  [nb, nn, en]: readonly [nb: string, nn: string, en: string],
): PersonnelPersona => ({
  key,
  practitionerId: `018c0000-000${number}-7${number}00-8000-00000000a00${number}`,
  roleId: `018c0000-000${number}-7${number}00-8000-00000000b00${number}`,
  given,
  family,
  sex,
  title: { nb, nn, en },
});

/** Who signs in as personnel. The last three are no health personnel and have no HPR number. */
export const personnelPersonas = {
  hospitalDoctor: personnelOf(1, 'hospitalDoctor', 'Ingrid', 'Bergvik', 'female', [
    'Overlege, medisinsk avdeling',
    'Overlege, medisinsk avdeling',
    'Hospital doctor, internal medicine',
  ]),
  nurse: personnelOf(2, 'nurse', 'Håvard', 'Lindnes', 'male', [
    'Sykepleier, medisinsk avdeling',
    'Sjukepleiar, medisinsk avdeling',
    'Nurse, internal medicine',
  ]),
  generalPractitioner: personnelOf(3, 'generalPractitioner', 'Marit', 'Steinhaug', 'female', [
    'Fastlege i Fyrvåg',
    'Fastlege i Fyrvåg',
    'General practitioner in Fyrvåg',
  ]),
  pharmacist: personnelOf(4, 'pharmacist', 'Øystein', 'Furulund', 'male', [
    'Farmasøyt, Fyrvåg apotek',
    'Farmasøyt, Fyrvåg apotek',
    'Pharmacist, Fyrvåg pharmacy',
  ]),
  midwife: personnelOf(5, 'midwife', 'Ragnhild', 'Elvestad', 'female', [
    'Jordmor, Fyrvåg helsestasjon',
    'Jordmor, Fyrvåg helsestasjon',
    'Midwife, Fyrvåg health centre',
  ]),
  privacyOfficer: personnelOf(6, 'privacyOfficer', 'Tove', 'Granheim', 'female', [
    'Personvernombud',
    'Personvernombod',
    'Privacy officer',
  ]),
  operator: personnelOf(7, 'operator', 'Stian', 'Vassbø', 'male', ['Driftsansvarlig', 'Driftsansvarleg', 'Operator']),
  researcher: personnelOf(8, 'researcher', 'Camilla', 'Åsrud', 'female', ['Forsker', 'Forskar', 'Researcher']),
} as const satisfies Record<string, PersonnelPersona>;

/** Patient ids lie in buckets of their own, 1 to 16. */
const idOf = (number: number): string => {
  const digits = number.toString(16).padStart(3, '0');
  return `018c0000-0100-7${digits}-8000-00000000c${digits}`;
};

/** The first households of every region. */
export const personaHouseholds: readonly PersonaHousehold[] = [
  {
    family: 'Nordskog',
    municipality: 0,
    people: [
      {
        key: 'oldManWithEverything',
        patientId: idOf(1),
        given: 'Torleif',
        sex: 'male',
        age: 84,
        role: 'adult',
        married: true,
        problems: {
          hypertension: 24,
          'diabetes-2': 17,
          lipids: 16,
          coronary: 12,
          fibrillation: 6,
          'heart-failure': 4,
          copd: 9,
          kidney: 2,
          'hip-arthrosis': 8,
          prostate: 10,
          insomnia: 3,
        },
        stay: { icd: 'N10', daysAgo: 1, nights: 3 },
      },
      {
        key: 'hisWife',
        patientId: idOf(2),
        given: 'Solveig',
        sex: 'female',
        age: 81,
        role: 'adult',
        married: true,
        problems: { hypertension: 15, osteoporosis: 6, dementia: 2 },
        appointment: { inDays: 0, minute: 13 * 60 + 20, reason: 'Demenskontroll med pårørende', problem: 'dementia' },
        decisions: ['powerOfAttorney'],
      },
    ],
  },
  {
    family: 'Lyvik',
    municipality: 0,
    people: [
      {
        key: 'youngMother',
        patientId: idOf(3),
        given: 'Silje',
        sex: 'female',
        age: 29,
        role: 'adult',
        problems: { asthma: 14 },
      },
      {
        key: 'herPartner',
        patientId: idOf(4),
        given: 'Jonas',
        sex: 'male',
        age: 31,
        role: 'adult',
        problems: {},
        decisions: ['blocksWholeRecord'],
      },
      {
        key: 'herToddler',
        patientId: idOf(5),
        given: 'Birk',
        sex: 'male',
        age: 2.9,
        role: 'child',
        problems: { eczema: 2 },
      },
      { key: 'herBaby', patientId: idOf(6), given: 'Tuva', sex: 'female', age: 0.3, role: 'child', problems: {} },
    ],
  },
  {
    family: 'Tindeland',
    municipality: 1,
    people: [
      {
        key: 'fatherOfTeenager',
        patientId: idOf(7),
        given: 'Espen',
        sex: 'male',
        age: 46,
        role: 'adult',
        married: true,
        problems: {},
      },
      {
        key: 'motherOfTeenager',
        patientId: idOf(8),
        given: 'Hege',
        sex: 'female',
        age: 44,
        role: 'adult',
        married: true,
        problems: { migraine: 12 },
        decisions: ['reservation'],
      },
      {
        key: 'fourteenYearsOld',
        patientId: idOf(9),
        given: 'Sofie',
        sex: 'female',
        age: 14.4,
        role: 'child',
        problems: { asthma: 7, anxiety: 1.2 },
        decisions: ['youthGrant'],
      },
    ],
  },
  {
    family: 'Seljeset',
    municipality: 2,
    protection: 'strictlyConfidential',
    people: [
      {
        key: 'protectedAddress',
        patientId: idOf(10),
        given: 'Monica',
        sex: 'female',
        age: 36,
        role: 'adult',
        problems: { anxiety: 4 },
      },
      { key: 'protectedChild', patientId: idOf(11), given: 'Emil', sex: 'male', age: 7.5, role: 'child', problems: {} },
    ],
  },
  {
    family: 'Havmo',
    municipality: 0,
    people: [
      {
        key: 'withBlocks',
        patientId: idOf(12),
        given: 'Vegard',
        sex: 'male',
        age: 47,
        role: 'adult',
        problems: { 'diabetes-1': 22, depression: 1.5 },
        appointment: { inDays: 1, minute: 10 * 60 + 40, reason: 'Kontroll', problem: 'diabetes-1' },
        decisions: ['blocks'],
      },
    ],
  },
  {
    family: 'Myrvoll',
    municipality: 1,
    people: [
      {
        key: 'diedLastWeek',
        patientId: idOf(13),
        given: 'Gerd',
        sex: 'female',
        age: 79,
        role: 'adult',
        problems: { hypertension: 18, copd: 12, 'lung-cancer': 1.4 },
        diedDaysAgo: 6,
      },
    ],
  },
  {
    family: 'Rognmo',
    municipality: 0,
    people: [
      { key: 'pregnant', patientId: idOf(14), given: 'Ingvild', sex: 'female', age: 32, role: 'adult', problems: {} },
      { key: 'herHusband', patientId: idOf(15), given: 'Eirik', sex: 'male', age: 34, role: 'adult', problems: {} },
      // Due four weeks after the opening: the control of week 36 is the next day.
      {
        key: 'herUnborn',
        patientId: idOf(16),
        given: 'Iben',
        sex: 'female',
        age: -29 / 365.25,
        role: 'child',
        problems: {},
      },
    ],
  },
];
