/** One resident's whole record. The order matters: what is not tolerated before what is prescribed, diseases before their results. */
import type { Entry } from './alive/as-of.ts';
import { addAdmissions } from './admissions.ts';
import { addAllergies } from './allergies.ts';
import { addDecisions } from './blocks.ts';
import { addOwnBirth, addPregnancies } from './births.ts';
import { Chart, type Span } from './chart.ts';
import { addAcuteContacts, addOutpatientContacts } from './contacts.ts';
import { bucketOfId, Ids } from './ids.ts';
import { addCourses } from './courses/run-course.ts';
import { addDeath } from './death.ts';
import { addPerson } from './person.ts';
import type { Person } from './population.ts';
import { addControls, addHospitalFollowUp, addProblems } from './problems.ts';
import { Random } from './random.ts';
import type { Region } from './region.ts';
import { addBooked } from './persona-appointments.ts';
import { addCareTeam } from './upcoming.ts';
import { addVaccinations } from './vaccinations.ts';

/** Every reference in the answer is to a resource in it or to one of the region's shared ones. */
export function writeRecord(person: Person, region: Region, seed: string | number, span: Span): Entry[] {
  const random = new Random(seed, 'resident', person.index);
  const ids = new Ids(
    [seed, 'resident', person.index],
    span,
    person.persona ? bucketOfId(person.persona.patientId) : 'own',
  );
  const chart = new Chart(person, region, random, ids, span);
  addPerson(chart);
  addAllergies(chart);
  const courses = addProblems(chart);
  addOwnBirth(chart);
  addPregnancies(chart);
  addVaccinations(chart);
  addCourses(chart, courses);
  addAdmissions(chart);
  addControls(chart);
  addHospitalFollowUp(chart);
  addAcuteContacts(chart);
  addOutpatientContacts(chart);
  addBooked(chart);
  addDeath(chart);
  addCareTeam(chart);
  addDecisions(chart, person.persona?.decisions ?? []);
  return chart.entries;
}
