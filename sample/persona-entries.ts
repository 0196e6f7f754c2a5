/** The personas as a list to sign in from: who, as what, and the resources that are theirs. The same in every region and on every day. */
import { syntheticNationalNumber } from '#shared/identifiers.ts';
import { personaHouseholds, personnelPersonas, type Title } from './personas.ts';

/** As `Duty` of `src/trust/subject.ts`, which the sample does not know. */
type Duty = 'care' | 'pharmacy' | 'privacyOfficer' | 'operator' | 'researcher';

export type PersonaEntry = {
  key: string;
  kind: 'personnel' | 'citizen';
  name: string;
  title: Title;
  /** Synthetic, of personnel: the registers of the sample hold no national number of them. A citizen's is in the Patient. */
  personNumber?: string;
  /** Ids without the resource type. */
  practitioner?: string;
  practitionerRole?: string;
  patient?: string;
  duty?: Duty;
};

const duties: Readonly<Record<keyof typeof personnelPersonas, Duty>> = {
  hospitalDoctor: 'care',
  nurse: 'care',
  generalPractitioner: 'care',
  pharmacist: 'pharmacy',
  midwife: 'care',
  privacyOfficer: 'privacyOfficer',
  operator: 'operator',
  researcher: 'researcher',
};

/** Citizens of the list, in its order; the others of their households are not signed in as. */
const citizens: readonly (readonly [key: string, nb: string, nn: string, en: string])[] = [
  [
    'oldManWithEverything',
    'Gammel mann med mange sykdommer, innlagt',
    'Gammal mann med mange sjukdomar, innlagd',
    'Old man with many diseases, in hospital',
  ],
  ['hisWife', 'Kvinne med demens', 'Kvinne med demens', 'Woman with dementia'],
  ['youngMother', 'Ung mor', 'Ung mor', 'Young mother'],
  [
    'herPartner',
    'Far, har sperret hele journalen',
    'Far, har sperra heile journalen',
    'Father, has blocked his whole record',
  ],
  ['pregnant', 'Gravid', 'Gravid', 'Pregnant'],
  ['fourteenYearsOld', 'Jente på 14 år', 'Jente på 14 år', 'Girl of 14'],
  ['motherOfTeenager', 'Mor til jenta på 14', 'Mor til jenta på 14', 'Mother of the girl of 14'],
  ['fatherOfTeenager', 'Far til jenta på 14', 'Far til jenta på 14', 'Father of the girl of 14'],
  ['protectedAddress', 'Strengt fortrolig adresse', 'Strengt fortruleg adresse', 'Strictly confidential address'],
  [
    'withBlocks',
    'Har sperret for en lege, en avdeling og et dokument',
    'Har sperra for ein lege, ei avdeling og eit dokument',
    'Has blocked a doctor, a department and a document',
  ],
];

/** The day of the year on which invented personnel are born; the numbers of residents are counted from the other end of the day's. */
const personnelBirthday = '-06-15';
const personnelSequence = 150;

/** Everybody whom one can sign in as. One who died last week is in the record only: nobody signs in as the dead. */
export function personaEntries(): readonly PersonaEntry[] {
  const personnel = Object.values(personnelPersonas).map(
    ({ key, given, family, title, practitionerId, roleId, sex }, at): PersonaEntry => ({
      key,
      kind: 'personnel',
      name: `${given} ${family}`,
      title,
      personNumber: syntheticNationalNumber({
        birthDate: `${1970 + at * 3}${personnelBirthday}`,
        sex,
        sequence: personnelSequence,
      }),
      practitioner: practitionerId,
      practitionerRole: roleId,
      duty: duties[key as keyof typeof duties],
    }),
  );
  const people = personaHouseholds.flatMap((household) =>
    household.people.map((person) => ({ ...person, family: household.family })),
  );
  const ofCitizens = citizens.map(([key, nb, nn, en]): PersonaEntry => {
    const { given, family, patientId } = people.find((person) => person.key === key)!;
    return { key, kind: 'citizen', name: `${given} ${family}`, title: { nb, nn, en }, patient: patientId };
  });
  return [...personnel, ...ofCitizens];
}
