/** The resident as a Patient, and the family as RelatedPerson, as the population register knows them. */
import type { Patient, RelatedPerson } from 'fhir/r4.js';
import { dateText, yearsBetween } from '#shared/days.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import { instant, moment, type Chart } from './chart.ts';
import { codeSystems, concept, hl7 } from './codes.ts';
import type { Address } from './places.ts';
import type { Person } from './population.ts';

const married = hl7('v3-MaritalStatus', 'M', 'Married');
const single = hl7('v3-MaritalStatus', 'S', 'Never Married');
const widowed = hl7('v3-MaritalStatus', 'W', 'Widowed');
const languages = {
  nb: { coding: [{ system: 'urn:ietf:bcp:47', code: 'nb', display: 'Norwegian Bokmål' }] },
  nn: { coding: [{ system: 'urn:ietf:bcp:47', code: 'nn', display: 'Norwegian Nynorsk' }] },
};
const adultAge = 18;

/** Adds the Patient, whose id the chart has chosen already, and a RelatedPerson for parents, partner and children. */
export function addPerson(chart: Chart): void {
  const { person } = chart;
  const id = chart.patient.reference.slice('Patient/'.length);
  const adult = yearsBetween(person.birthDay, chart.today) >= adultAge;
  chart.put({
    resourceType: 'Patient',
    id,
    identifier: identifiersOf(person),
    active: person.deathDay === undefined,
    name: namesOf(person),
    ...telecomOf(person, chart),
    gender: person.sex,
    birthDate: dateText(person.birthDay),
    ...(person.deathDay === undefined ? {} : { deceasedDateTime: instant(person.deathDay, deathMinute) }),
    // An address that is protected stands nowhere in the record, and nothing tells that there is one.
    ...(person.protection ? {} : { address: addressesOf(person) }),
    ...(adult ? { maritalStatus: maritalStatusOf(person) } : {}),
    communication: [{ language: languages[person.language], preferred: true }],
    generalPractitioner: [chart.practitioner.role],
    managingOrganization: chart.practitioner.unit.organisation,
  } satisfies Patient);
  for (const other of person.household) if (other !== person) addRelated(chart, other);
}

/** Half past eleven at night: nothing of the day of death is told after it. */
const deathMinute = 23 * 60 + 30;

function maritalStatusOf({ married: isMarried, household }: Person): typeof married {
  if (!isMarried) return single;
  return household.some(({ role, deathDay }) => role === 'adult' && deathDay !== undefined) ? widowed : married;
}

function addRelated(chart: Chart, other: Person): void {
  const { person } = chart;
  const relationship = relationOf(person, other);
  if (!relationship) return;
  const born = { from: moment(Math.max(other.birthDay, person.birthDay, chart.today - 300), 0) };
  chart.add(
    Math.max(other.birthDay, chart.today - 300),
    {
      resourceType: 'RelatedPerson',
      identifier: [currentNumber(other)],
      active: other.deathDay === undefined,
      patient: chart.patient,
      relationship,
      name: [currentName(other)],
      gender: other.sex,
      birthDate: dateText(other.birthDay),
      ...(other.deathDay === undefined ? {} : { period: { end: dateText(other.deathDay) } }),
    } satisfies RelatedPerson,
    born,
  );
}

const family = (code: string, display: string): typeof married => concept(codeSystems.familyRelation, code, display);
const mother = family('mor', 'Mor');
const coMother = family('medmor', 'Medmor');
const father = family('far', 'Far');
const child = family('barn', 'Barn');
const sibling = family('søsken', 'Søsken');
const partner = family('ektefelleEllerPartner', 'Ektefelle eller partner');
const responsibility = (code: string, display: string): typeof married =>
  concept('http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility', code, display);
const jointly = responsibility('felles', 'Felles');
const byMother = responsibility('mor', 'Mor');
const byFather = responsibility('far', 'Far');

/** What the other one is to this person, with responsibility where this person is a child. */
function relationOf(person: Person, other: Person): RelatedPerson['relationship'] {
  if (person.role === 'child' && other.role === 'child') return [sibling];
  if (person.role === 'child') {
    const parents = person.household.filter(({ role }) => role === 'adult');
    const isSecondMother = other.sex === 'female' && parents.indexOf(other) > 0 && parents[0]!.sex === 'female';
    const who = isSecondMother ? coMother : other.sex === 'female' ? mother : father;
    const alone = other.sex === 'female' ? byMother : byFather;
    return [who, parents.length > 1 ? jointly : alone];
  }
  return [other.role === 'child' ? child : partner];
}

type Number = NonNullable<Patient['identifier']>[number];

function currentNumber({ nationalNumber, hasDNumber }: Person): Number {
  return {
    use: 'official',
    system: hasDNumber ? identifierSystems.dNumber : identifierSystems.nationalNumber,
    value: nationalNumber,
  };
}

/** An old number stays, with the day on which it ceased. */
function identifiersOf(person: Person): Number[] {
  const { formerNumber } = person;
  if (!formerNumber) return [currentNumber(person)];
  const day = dateText(formerNumber.until);
  return [
    { ...currentNumber(person), period: { start: day } },
    { use: 'old', system: identifierSystems.dNumber, value: formerNumber.value, period: { end: day } },
  ];
}

type Name = NonNullable<Patient['name']>[number];

function currentName({ given, family: last }: Person): Name {
  return { use: 'official', family: last, given: given.split(' ') };
}

function namesOf(person: Person): Name[] {
  const { formerFamily, given } = person;
  if (!formerFamily) return [currentName(person)];
  const day = dateText(formerFamily.until);
  return [
    { ...currentName(person), period: { start: day } },
    { use: 'old', family: formerFamily.value, given: given.split(' '), period: { end: day } },
  ];
}

function addressesOf({ moved, birthDay, address }: Person): Address[] {
  if (!moved || moved.on <= birthDay) return [address];
  const day = dateText(moved.on);
  return [
    { ...address, period: { start: day } },
    { ...moved.from, use: 'old', period: { end: day } },
  ];
}

/** A mobile number of a series that is not in use (a leading 0), so that no message can reach anybody. */
function telecomOf(person: Person, chart: Chart): Pick<Patient, 'telecom'> & object {
  if (yearsBetween(person.birthDay, chart.today) < 10) return {};
  const number = String(chart.random.between(0, 999999)).padStart(6, '0');
  return { telecom: [{ system: 'phone', value: `+47 00${number.slice(0, 2)} ${number.slice(2)}`, use: 'mobile' }] };
}
