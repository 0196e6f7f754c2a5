/** The resident as a Patient, and the family as RelatedPerson. */
import type { Patient, RelatedPerson } from 'fhir/r4.js';
import { dateText, yearsBetween } from '#shared/days.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import { instant, type Chart } from './chart.ts';
import { codeSystems, concept, hl7 } from './codes.ts';
import type { Person } from './population.ts';

const married = hl7('v3-MaritalStatus', 'M', 'Married');
const single = hl7('v3-MaritalStatus', 'S', 'Never Married');
const norwegian = {
  language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'nb', display: 'Norwegian Bokmål' }] },
  preferred: true,
};

/** Adds the Patient, whose id the chart has chosen already, and a RelatedPerson for each child's parents and each adult's partner. */
export function addPerson(chart: Chart): void {
  const { person } = chart;
  const id = chart.patient.reference.slice('Patient/'.length);
  chart.resources.push({
    resourceType: 'Patient',
    id,
    identifier: [identifierOf(person)],
    active: person.deathDay === undefined,
    name: [nameOf(person)],
    ...telecomOf(person, chart),
    gender: person.sex,
    birthDate: dateText(person.birthDay),
    ...(person.deathDay === undefined ? {} : { deceasedDateTime: instant(person.deathDay, 12 * 60) }),
    address: [person.address],
    ...(person.role === 'adult' ? { maritalStatus: person.married ? married : single } : {}),
    communication: [norwegian],
    generalPractitioner: [chart.practitioner.role],
    managingOrganization: chart.practitioner.unit.organisation,
  } satisfies Patient);
  addFamily(chart);
}

function addFamily(chart: Chart): void {
  const { person } = chart;
  for (const other of person.household) {
    if (other === person || other.role === 'child') continue;
    const relation = person.role === 'child' ? parentOf(other) : partner;
    chart.add(chart.today - 300, {
      resourceType: 'RelatedPerson',
      identifier: [identifierOf(other)],
      active: other.deathDay === undefined,
      patient: chart.patient,
      relationship: [relation],
      name: [nameOf(other)],
      gender: other.sex,
      birthDate: dateText(other.birthDay),
    } satisfies RelatedPerson);
  }
}

const mother = concept(codeSystems.familyRelation, 'mor', 'Mor');
const father = concept(codeSystems.familyRelation, 'far', 'Far');
const partner = concept(codeSystems.familyRelation, 'ektefelleEllerPartner', 'Ektefelle eller partner');

function parentOf(parent: Person): typeof mother {
  return parent.sex === 'female' ? mother : father;
}

function identifierOf({ nationalNumber, hasDNumber }: Person): { use: 'official'; system: string; value: string } {
  return {
    use: 'official',
    system: hasDNumber ? identifierSystems.dNumber : identifierSystems.nationalNumber,
    value: nationalNumber,
  };
}

function nameOf({ given, family }: Person): { use: 'official'; family: string; given: string[] } {
  return { use: 'official', family, given: given.split(' ') };
}

/** A mobile number of a series that is not in use (a leading 0), so that no message can reach anybody. */
function telecomOf(person: Person, chart: Chart): Pick<Patient, 'telecom'> & object {
  if (yearsBetween(person.birthDay, chart.today) < 10) return {};
  const number = String(chart.random.between(0, 999999)).padStart(6, '0');
  return { telecom: [{ system: 'phone', value: `+47 00${number.slice(0, 2)} ${number.slice(2)}`, use: 'mobile' }] };
}
