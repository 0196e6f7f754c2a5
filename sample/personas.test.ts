import { beforeAll, expect, test } from 'vitest';
import type { Resource } from '#fhir/types.ts';
import { isSynthetic } from '#shared/identifiers.ts';
import { personaEntries, regionItems, type RegionItem } from './index.ts';
import { personaHouseholds, personnelPersonas } from './personas.ts';

const today = '2026-11-23';
const people = personaHouseholds.flatMap((household) => household.people);
const idOf = (key: string): string => people.find((one) => one.key === key)!.patientId;

let items: RegionItem[];
let shared: Map<string, Resource>;

beforeAll(() => {
  items = [...regionItems({ residents: 30, seed: 'personas', today })];
  shared = new Map(
    items
      .filter(({ label }) => !label.startsWith('resident '))
      .flatMap(({ resources }) => resources.map((resource) => [`${resource.resourceType}/${resource.id}`, resource])),
  );
});

const recordOf = (key: string): readonly Resource[] =>
  items.find(({ resources: [patient] }) => patient?.id === idOf(key))!.resources;

test('has the same personas under the same ids in any region and on any day', () => {
  for (const settings of [
    { residents: 20, seed: 'a', today: '2026-11-01' },
    { residents: 40, seed: 'b', today: '2027-02-28' },
  ]) {
    const ids = new Set([...regionItems(settings)].flatMap(({ resources }) => resources.map(({ id }) => id)));
    for (const { patientId, age } of people) expect(ids.has(patientId), patientId).toBe(age >= 0);
    for (const { practitionerId, roleId } of Object.values(personnelPersonas))
      expect(ids.has(practitionerId) && ids.has(roleId)).toBe(true);
  }
});

test('gives health personnel an authorisation and a HPR number, and the others none', () => {
  for (const [key, { practitionerId, roleId }] of Object.entries(personnelPersonas)) {
    const isHealth = !['privacyOfficer', 'operator', 'researcher'].includes(key);
    const practitioner = shared.get(`Practitioner/${practitionerId}`)!;
    expect(practitioner['qualification'] !== undefined, key).toBe(isHealth);
    expect(practitioner['identifier'] !== undefined, key).toBe(isHealth);
    expect(shared.has(`PractitionerRole/${roleId}`)).toBe(true);
  }
});

test('the citizens are what they are there for', () => {
  expect(
    recordOf('oldManWithEverything').filter(({ resourceType }) => resourceType === 'MedicationStatement').length,
  ).toBeGreaterThan(9);
  expect(recordOf('diedLastWeek')[0]!['deceasedDateTime']).toMatch(/^2026-11-17/);
  expect(recordOf('protectedAddress')[0]!['address']).toBeUndefined();
  expect(recordOf('herPartner')[0]!['address']).toBeDefined();
  expect(recordOf('withBlocks').filter(({ resourceType }) => resourceType === 'Consent')).toHaveLength(3);
  expect(recordOf('fourteenYearsOld').filter(({ resourceType }) => resourceType === 'RelatedPerson')).toHaveLength(2);
  const births = recordOf('youngMother').filter(
    ({ resourceType, reasonCode }) =>
      resourceType === 'Encounter' && JSON.stringify(reasonCode ?? '').includes('fødsel'),
  );
  expect(births.length).toBeGreaterThan(0);
});

test('the text of a discharge summary names the diagnosis, the days, the operation and the medicines of the coded data', () => {
  let summaries = 0;
  for (const { resources } of items) {
    const find = (reference: string): Resource | undefined =>
      resources.find(({ resourceType, id }) => `${resourceType}/${id}` === reference);
    for (const document of resources.filter(({ description }) => String(description).startsWith('Epikrise'))) {
      const context = document['context'] as { encounter: { reference: string }[] };
      const encounter = find(context.encounter[0]!.reference)!;
      const { url } = (document['content'] as { attachment: { url: string } }[])[0]!.attachment;
      const text = Buffer.from(String(find(url)!['data']), 'base64').toString('utf8');
      const condition = find(
        (encounter['diagnosis'] as { condition: { reference: string } }[])[0]!.condition.reference,
      )!;
      const { code } = (condition['code'] as { coding: { code: string }[] }).coding[0]!;
      expect(text).toContain(code);
      const day = (encounter['period'] as { start: string }).start.slice(0, 10).split('-').toReversed().join('.');
      expect(text).toContain(day);
      for (const procedure of resources.filter(
        ({ resourceType, encounter: of }) =>
          resourceType === 'Procedure' &&
          (of as { reference: string } | undefined)?.reference === `Encounter/${encounter.id}`,
      ))
        expect(text).toContain((procedure['code'] as { coding: { display: string }[] }).coding[0]!.display);
      summaries++;
    }
  }
  expect(summaries).toBeGreaterThan(8);
});

test('lists everybody whom one can sign in as, in three languages, with the resources that are theirs', () => {
  const ids = new Set(
    items.flatMap(({ resources }) => resources.map(({ resourceType, id }) => `${resourceType}/${id}`)),
  );
  const entries = personaEntries();
  expect(entries.filter(({ kind }) => kind === 'personnel')).toHaveLength(8);
  expect(entries.filter(({ kind }) => kind === 'citizen').length).toBeGreaterThanOrEqual(7);
  expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length);
  for (const { kind, title, patient, practitioner, practitionerRole, personNumber, duty } of entries) {
    expect(title.nb && title.nn && title.en).toBeTruthy();
    if (kind === 'citizen') expect(ids.has(`Patient/${patient}`)).toBe(true);
    else {
      expect(ids.has(`Practitioner/${practitioner}`) && ids.has(`PractitionerRole/${practitionerRole}`)).toBe(true);
      expect(duty).toBeDefined();
      expect(isSynthetic(personNumber!)).toBe(true);
    }
  }
});

test('gives those who sign in to care somebody to care for, and somebody they have nothing to do with', () => {
  const { hospitalDoctor, nurse, generalPractitioner, midwife } = personnelPersonas;
  const role = (persona: { roleId: string }): string => `PractitionerRole/${persona.roleId}`;
  const mentions = (key: string, type: string, reference: string): boolean =>
    recordOf(key).some((one) => one.resourceType === type && JSON.stringify(one).includes(reference));
  expect(mentions('oldManWithEverything', 'Encounter', role(hospitalDoctor))).toBe(true);
  expect(mentions('oldManWithEverything', 'Encounter', role(nurse))).toBe(true);
  const stay = recordOf('oldManWithEverything').find(
    ({ resourceType, status }) => resourceType === 'Encounter' && status === 'in-progress',
  );
  expect(JSON.stringify(stay)).toContain(role(hospitalDoctor));
  for (const key of ['hisWife', 'youngMother', 'withBlocks'])
    expect(mentions(key, 'Patient', role(generalPractitioner)), key).toBe(true);
  expect(mentions('withBlocks', 'Appointment', role(generalPractitioner))).toBe(true);
  expect(mentions('pregnant', 'EpisodeOfCare', role(midwife))).toBe(true);
  expect(mentions('pregnant', 'Appointment', role(midwife))).toBe(true);
  for (const persona of [hospitalDoctor, nurse, generalPractitioner, midwife])
    expect(JSON.stringify(recordOf('protectedAddress'))).not.toContain(persona.roleId);
});

test('has parents with responsibility, blocks of each form, a reservation, a power of attorney and what a girl of fourteen allows', () => {
  const responsible = (key: string): number =>
    recordOf(key).filter(
      ({ resourceType, relationship }) =>
        resourceType === 'RelatedPerson' && JSON.stringify(relationship).includes('no-basis-parental-responsibility'),
    ).length;
  expect(responsible('fourteenYearsOld')).toBe(2);
  expect(responsible('herBaby')).toBe(2);
  const kinds = (key: string): string[] =>
    recordOf(key)
      .filter(({ resourceType }) => resourceType === 'Consent')
      .map(({ category }) => (category as { coding: { code: string }[] }[])[0]!.coding[0]!.code);
  expect(kinds('withBlocks')).toEqual(['block', 'block', 'block']);
  expect(kinds('herPartner')).toEqual(['block']);
  expect(kinds('motherOfTeenager')).toEqual(['reservation']);
  expect(kinds('hisWife')).toEqual(['power-of-attorney']);
  expect(kinds('fourteenYearsOld')).toEqual(['youth-grant']);
});
