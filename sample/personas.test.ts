import { beforeAll, expect, test } from 'vitest';
import type { Resource } from '#fhir/types.ts';
import { regionItems, type RegionItem } from './index.ts';
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
    { residents: 15, seed: 'a', today: '2026-11-01' },
    { residents: 40, seed: 'b', today: '2027-02-28' },
  ]) {
    const ids = new Set([...regionItems(settings)].flatMap(({ resources }) => resources.map(({ id }) => id)));
    for (const { patientId } of people) expect(ids.has(patientId)).toBe(true);
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
          resourceType === 'Procedure' && (of as { reference: string }).reference === `Encounter/${encounter.id}`,
      ))
        expect(text).toContain((procedure['code'] as { coding: { display: string }[] }).coding[0]!.display);
      summaries++;
    }
  }
  expect(summaries).toBeGreaterThan(8);
});
