/** One who has very many patients: what names none of them is refused before it is looked for, and tells no number. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { personaEntries } from '#sample/persona-entries.ts';
import { testNode, type TestNode } from '../support/node.ts';
import { resourcesIn } from './asking.ts';

let at: TestNode;
const many = 5001;
const idOf = (index: number): string => `many-${index}`;

beforeAll(async () => {
  at = await testNode('many_patients');
  const { practitionerRole } = personaEntries().find(({ key }) => key === 'generalPractitioner') as any;
  const generalPractitioner = [{ reference: `PractitionerRole/${practitionerRole}` }];
  for (let from = 0; from < many; from += 1000) {
    const patients = Array.from({ length: Math.min(1000, many - from) }, (_none, index) => ({
      resourceType: 'Patient',
      id: idOf(from + index),
      generalPractitioner,
    }));
    await at.node.fhir.importResources(patients);
  }
}, 300_000);
afterAll(async () => at?.stop());

const ask = (path: string) => at.ask('GET', `/fhir/${path}`, { as: 'generalPractitioner' });

test('a search that names nobody is refused with a word that helps, whatever its form; the refusal tells no number', async () => {
  const paths = [
    'Observation?code=none',
    'Observation?_summary=count',
    'Condition?patient.birthdate=gt2020',
    'Encounter?_has:Observation:encounter:status=final&_summary=count',
    '_history?_count=1',
  ];
  for (const path of paths) {
    const { status, text } = await ask(path);
    expect([path, status, text]).toEqual([path, 422, expect.stringContaining('Name the patient')]);
    expect([path, /\d{4}/.test(text)]).toEqual([path, false]);
  }
});

test('what names a patient is answered as ever, and the directories and the persons are found', async () => {
  expect((await ask(`Observation?patient=${idOf(17)}`)).status).toBe(200);
  expect((await ask(`Patient/${idOf(5000)}/$everything`)).status).toBe(200);
  expect(resourcesIn((await ask('Patient?_count=3')).body)).toHaveLength(3);
  expect((await ask('Organization?_count=1')).status).toBe(200);
  // Others are not held back by it.
  const other = await at.ask('GET', '/fhir/Observation?_summary=count', { as: 'hospitalDoctor' });
  expect([other.status, other.body.total > 0]).toEqual([200, true]);
});
