import { afterAll, beforeAll, expect, test } from 'vitest';
import { testNode, type NodeAnswer, type TestNode } from '../../../test/support/node.ts';
import { patientOf } from '../../../test/trust/asking.ts';
import { putClaims } from '../node/claim-store.ts';
import { createFhirVocabulary } from '../node/fhir-vocabulary.ts';

let at: TestNode;
const patient = patientOf('oldManWithEverything');
const subject = { reference: `Patient/${patient}` };
const { hash, doubleAlert } = createFhirVocabulary({ nodeOfPlace: () => undefined });

beforeAll(async () => {
  at = await testNode('doubles');
}, 240_000);
afterAll(() => at?.stop());

/** Two that took one key, and the alert that the sync rules would have raised. */
async function twice(key: string): Promise<{ id: string; given: string[] }> {
  const given: string[] = [];
  for (const node of ['here', 'there']) {
    const made = await at.ask('POST', '/fhir/MedicationAdministration', {
      as: 'nurse',
      body: {
        resourceType: 'MedicationAdministration',
        status: 'completed',
        subject,
        medicationCodeableConcept: { text: `morphine, ${node}` },
        effectiveDateTime: '2026-11-23T20:00:00Z',
      },
    });
    expect(made.status, made.text).toBe(201);
    given.push(`MedicationAdministration/${made.body.id}`);
  }
  await putClaims(
    at.db,
    given.map((resource) => ({ key, resource })),
  );
  const id = `double-${hash(key)}`;
  const alert = { ...(JSON.parse(doubleAlert(key, patient)) as object), id };
  const { dispatch, context } = at.node.fhir;
  const segments = ['DetectedIssue', id];
  const asked = { method: 'PUT', segments, parameters: [], headers: {}, body: alert } as const;
  await dispatch(asked, context.grants.background('test'));
  return { id, given };
}

const settle = (as: string, id: string, body: object): Promise<NodeAnswer> =>
  at.ask('POST', `/api/continuity/doubles/${id}/settle`, { as, body });
const list = async (as: string, state = 'open'): Promise<any[]> =>
  (await at.ask('GET', `/api/continuity/doubles?state=${state}&patient=${patient}`, { as })).body.doubles;

test('who does not treat the patient neither sees nor settles a possible double, and nobody settles it with what it is not about', async () => {
  const { id } = await twice('dose MedicationRequest/a 2026-11-23T20:00:00.000Z');
  const both = { outcome: 'both-happened', reason: 'two doses were needed' };
  expect((await at.ask('GET', '/api/continuity/doubles')).status).toBe(401);
  for (const as of ['oldManWithEverything', 'operator']) expect((await settle(as, id, both)).status, as).toBe(403);
  expect((await settle('midwife', id, both)).status).toBe(404);
  expect((await settle('nurse', 'double-0000000000', both)).status).toBe(404);
  for (const body of [
    {},
    { outcome: 'one-mistaken', reason: 'x' },
    { ...both, reason: ' ' },
    { ...both, mistaken: 'A/1' },
  ])
    expect((await settle('nurse', id, body)).status, JSON.stringify(body)).toBe(400);
  const elsewhere = { outcome: 'one-mistaken', mistaken: `Patient/${patient}`, reason: 'x' };
  expect((await settle('nurse', id, elsewhere)).status).toBe(400);
  expect((await list('nurse')).map((double) => double.id)).toContain(id);
});

test('both stand, or one is marked as entered in error; settled once', async () => {
  const first = await twice('dose MedicationRequest/b 2026-11-23T20:00:00.000Z');
  const [shown] = (await list('nurse')).filter(({ id }) => id === first.id);
  expect(shown).toMatchObject({ kind: 'dose', state: 'open', owner: { kind: 'department' }, patient: { id: patient } });
  expect(shown.candidates.map(({ resource }: any) => resource).toSorted()).toEqual(first.given.toSorted());
  const both = { outcome: 'both-happened', reason: 'two doses were needed' };
  const settled = await Promise.all([settle('nurse', first.id, both), settle('hospitalDoctor', first.id, both)]);
  expect(settled.filter(({ status }) => status === 200)).toHaveLength(1);
  expect((await settle('nurse', first.id, both)).status).toBe(409);
  expect((await list('nurse')).map(({ id }) => id)).not.toContain(first.id);
  const [closed] = (await list('nurse', 'closed')).filter(({ id }) => id === first.id);
  expect(closed).toMatchObject({ state: 'closed', resolution: { reason: both.reason } });

  const second = await twice('dose MedicationRequest/c 2026-11-23T20:00:00.000Z');
  const [mistaken = ''] = second.given;
  const one = await settle('nurse', second.id, { outcome: 'one-mistaken', mistaken, reason: 'entered from memory' });
  expect(one.status, one.text).toBe(200);
  const told = await at.ask('GET', `/fhir/${mistaken}`, { as: 'nurse' });
  expect(told.body.status).toBe('entered-in-error');
  expect((await at.ask('GET', `/fhir/${second.given[1]}`, { as: 'nurse' })).body.status).toBe('completed');
});
