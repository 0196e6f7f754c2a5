import { afterAll, beforeAll, expect, test } from 'vitest';
import { testNode, type NodeAnswer, type TestNode } from '../../../test/support/node.ts';
import { patientOf } from '../../../test/trust/asking.ts';

let at: TestNode;
const patient = patientOf('oldManWithEverything');

beforeAll(async () => {
  at = await testNode('log_people');
}, 120_000);
afterAll(() => at.stop());

const ask = (as: string, body: object): Promise<NodeAnswer> => at.ask('POST', '/api/log/people', { as, body });

test('only the privacy officer is told who patients of the log are, and what is no number is refused', async () => {
  for (const as of ['nurse', 'operator', 'oldManWithEverything'])
    expect((await ask(as, { patients: [patient] })).status, as).toBe(403);
  for (const body of [{}, { number: '123' }, { patients: [] }, { patients: [patient], number: '12345678901' }])
    expect((await ask('privacyOfficer', body)).status, JSON.stringify(body)).toBe(400);
});

test('a patient is named by id and found by number; who is not here is left out; the patient sees that it was looked at', async () => {
  const { body } = await ask('privacyOfficer', { patients: [patient, 'nobody'] });
  expect(body.people).toEqual([
    { patient, name: 'Torleif Nordskog', birthDate: expect.any(String), number: expect.stringMatching(/^\d{11}$/) },
  ]);
  const [{ number }] = body.people;
  expect((await ask('privacyOfficer', { number })).body.people).toEqual(body.people);
  expect((await ask('privacyOfficer', { number: '00000000000' })).body.people).toEqual([]);
  const mine = await at.ask('GET', '/api/log/mine', { as: 'oldManWithEverything' });
  expect(JSON.stringify(mine.body.lines)).toContain('Tove Granheim');
});
