/** By whichever way something is asked for, nothing leaves that could not be read by itself; and all of that is found. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { personnelPersonas } from '#sample/personas.ts';
import { testNode, type TestNode } from '../support/node.ts';
import { askAs, ownerOf, patientOf, patients, resourcesIn, truthOf } from './asking.ts';

let at: TestNode;

beforeAll(async () => {
  at = await testNode('ways');
}, 120_000);
afterAll(async () => at?.stop());

const { hospitalDoctor, generalPractitioner } = personnelPersonas;
const oldMan = patientOf('oldManWithEverything');
const mother = patientOf('youngMother');

/** Everybody in the region of the test. */
async function everybody(): Promise<string[]> {
  const [all] = await truthOf(at, ['Patient?_count=200&_elements=id']);
  return resourcesIn(all?.body).map(({ id }) => id);
}

/** Whose records the person may read, by being asked about each. */
async function openTo(as: string): Promise<Set<string>> {
  const ids = await everybody();
  const answers = await askAs(
    at,
    as,
    ids.map((id) => `MedicationRequest?patient=${id}&_count=0&_total=accurate`),
  );
  const isOpen = await askAs(
    at,
    as,
    ids.map((id) => `Patient/${id}/Encounter?_count=0&_total=accurate`),
  );
  const has = (answer: (typeof answers)[number] | undefined): boolean => (answer?.body.total ?? 0) > 0;
  return new Set(ids.filter((_, i) => has(answers[i]) || has(isOpen[i])));
}

const ways: readonly string[] = [
  'Observation?_count=100&_sort=-date',
  'Encounter?_count=100&_include=*&_revinclude=Observation:encounter',
  'Patient?_count=100&_revinclude=Condition:patient&_revinclude=Encounter:patient&_revinclude=RelatedPerson:patient',
  'Patient?_count=100&_revinclude=Consent:patient&_revinclude:iterate=Observation:encounter',
  `PractitionerRole?_id=${hospitalDoctor.roleId},${generalPractitioner.roleId}&_revinclude=Encounter:participant&_revinclude=Appointment:actor`,
  'Organization?_count=100&_revinclude=Encounter:service-provider&_revinclude=EpisodeOfCare:organization',
  'Location?_count=100&_revinclude=Encounter:location',
  'RelatedPerson?_count=100&_include=RelatedPerson:patient',
  `Encounter?participant=PractitionerRole/${generalPractitioner.roleId}&_count=100`,
  `Practitioner/${hospitalDoctor.practitionerId}/Observation?_count=100`,
  'Condition?patient.gender=female&_count=100',
  'Condition?patient.name=lyvik&_count=100',
  'Observation?encounter.class=IMP&_count=100',
  'DocumentReference?_count=100&_include=DocumentReference:subject&_include=DocumentReference:encounter',
  'MedicationRequest?_count=100&_filter=status eq active',
  'Appointment?_count=100&_include=Appointment:actor',
  'Observation/_history?_count=100',
  'Consent/_history?_count=100',
  '_history?_count=100',
  `Patient/${oldMan}/$everything?_count=100`,
  `Patient/${mother}/$everything?_count=100`,
  '?_type=Observation,Condition,Encounter&_count=100',
];

test('each way leads to something in a record, where nothing is closed', async () => {
  const answers = await truthOf(at, ways);
  const empty = ways.filter((_, i) => !resourcesIn(answers[i]?.body).some((one) => ownerOf(one) !== undefined));
  expect(empty).toEqual([]);
});

describe.each([
  ['hospitalDoctor', 'personnel'],
  ['generalPractitioner', 'personnel'],
  ['pharmacist', 'personnel'],
  ['midwife', 'personnel'],
  ['operator', 'personnel'],
  ['youngMother', 'citizen'],
  ['fatherOfTeenager', 'citizen'],
  ['fourteenYearsOld', 'citizen'],
])('%s', (as, kind) => {
  test('gets by no search, include, chain, history or operation what lies in a record that is closed', async () => {
    const open = await openTo(as);
    const answers = await askAs(at, as, ways);
    const left = answers.flatMap(({ body }, i) => resourcesIn(body).map((resource) => ({ way: ways[i], resource })));
    const inRecords = left.filter(({ resource }) => ownerOf(resource) !== undefined);
    const wrong = inRecords.filter(({ resource }) => {
      const isPerson = resource.resourceType === 'Patient' && kind === 'personnel' && as !== 'operator';
      return !isPerson && !open.has(ownerOf(resource) ?? '') && !isOwn(as, resource);
    });
    expect(wrong.map(({ way, resource }) => `${way}: ${resource.resourceType}/${resource.id}`)).toEqual([]);
    if (as === 'operator') expect(inRecords).toEqual([]);
    else expect(inRecords.length).toBeGreaterThan(0);
  });

  test('finds exactly what reading one by one gives', async () => {
    for (const type of ['Encounter', 'DocumentReference', 'Consent']) {
      const [all] = await truthOf(at, [`${type}?_count=1000&_elements=id`]);
      const ids = resourcesIn(all?.body)
        .map(({ id }) => id as string)
        .slice(0, 400);
      const read = await askAs(
        at,
        as,
        ids.map((id) => `${type}/${id}`),
      );
      const byReading = ids.filter((_, i) => read[i]?.status === 200);
      expect(read.every(({ status }) => status === 200 || status === 404)).toBe(true);
      const [found] = await askAs(at, as, [`${type}?_id=${ids.join(',')}&_count=1000&_elements=id&_total=accurate`]);
      const bySearch = resourcesIn(found?.body).map(({ id }) => id);
      expect({ type, found: bySearch.sort() }).toEqual({ type, found: byReading.sort() });
      expect(found?.body.total).toBe(byReading.length);
    }
  });
});

/** The young see who they are. */
const isOwn = (as: string, resource: any): boolean => ownerOf(resource) === patients[as];
