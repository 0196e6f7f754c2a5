/** What may happen once, at a region and a site on PostgreSQL: one at a node, decided at its home, told when it may have happened twice. */
import { expect, onTestFinished, test } from 'vitest';
import type { NodeFacts } from '../protocol/view.ts';
import { putNodes } from '../line/nodes-store.ts';
import { doseSlotExtension, emergencyTag, fillExtension, requestTag } from '../node/claims.ts';
import { agree, startNode, type NodeForTest } from '../node/nodes-for-test.ts';

const siteSubtree = new Set(['site-a']);
const region: NodeFacts = {
  name: 'region',
  writer: 'region',
  tier: 'region',
  upstream: undefined,
  subtree: new Set(['region', 'site-a']),
  children: [{ name: 'site-a', tier: 'site', subtree: siteSubtree }],
};
const siteA: NodeFacts = {
  name: 'site-a',
  writer: 'site-a',
  tier: 'site',
  upstream: 'region',
  subtree: siteSubtree,
  children: [],
};

async function bothNodes(name: string): Promise<{ upper: NodeForTest; lower: NodeForTest; patient: string }> {
  const [upper, lower] = [await startNode(region, `claims_${name}`), await startNode(siteA, `claims_${name}`)];
  onTestFinished(async () => {
    await upper.api.close();
    await lower.api.close();
  });
  for (const { api } of [upper, lower])
    await putNodes(api.record.db, [
      { name: 'region', tier: 'region', roots: [], places: [] },
      { name: 'site-a', tier: 'site', above: 'region', roots: [], places: ['Location/site-a-1'] },
    ]);
  const { id: patient } = await upper.api.make({ resourceType: 'Patient' });
  await upper.api.make({
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { code: 'IMP' },
    subject: { reference: `Patient/${patient}` },
    serviceProvider: { reference: 'Organization/site-a-1' },
  });
  await agree(lower, upper);
  return { upper, lower, patient };
}

const dispense = (patient: string, tag?: object): object => ({
  resourceType: 'MedicationDispense',
  ...(tag ? { meta: { tag: [tag] } } : {}),
  status: 'completed',
  medicationCodeableConcept: { text: 'paracetamol' },
  subject: { reference: `Patient/${patient}` },
  authorizingPrescription: [{ reference: 'MedicationRequest/prescription' }],
});
const booking = (patient: string, tag?: object): object => ({
  resourceType: 'Appointment',
  ...(tag ? { meta: { tag: [tag] } } : {}),
  status: 'booked',
  start: '2026-11-30T09:00:00Z',
  end: '2026-11-30T09:20:00Z',
  slot: [{ reference: 'Slot/monday-9' }],
  participant: [
    { actor: { reference: `Patient/${patient}` }, status: 'accepted' },
    { actor: { reference: 'Location/site-a-1' }, status: 'accepted' },
  ],
});
const dose = (patient: string, slot: string, tag?: object): object => ({
  resourceType: 'MedicationAdministration',
  ...(tag ? { meta: { tag: [tag] } } : {}),
  extension: [{ url: doseSlotExtension, valueInstant: slot }],
  status: 'completed',
  medicationCodeableConcept: { text: 'morphine' },
  subject: { reference: `Patient/${patient}` },
  request: { reference: 'MedicationRequest/order' },
  effectiveDateTime: slot,
});

const send = async ({ api }: NodeForTest, resource: object): Promise<number> =>
  (await api.ask('POST', (resource as { resourceType: string }).resourceType, resource)).status;

test('a dose is given once at a node, whoever comes at the same time; the next one is another, and one that was given twice can be told', async () => {
  const { lower, patient } = await bothNodes('dose');
  const at = '2026-11-23T20:00:00Z';
  const all = await Promise.all([1, 2, 3].map(() => send(lower, dose(patient, at))));
  expect(all.sort()).toEqual([201, 409, 409]);
  expect(await send(lower, dose(patient, '2026-11-23T21:00:00+01:00')), 'the same time').toBe(409);
  expect(await send(lower, dose(patient, '2026-11-24T08:00:00Z'))).toBe(201);
  expect(await send(lower, dose(patient, at, emergencyTag))).toBe(201);
});

test('who took something back leaves it to the next', async () => {
  const { lower, patient } = await bothNodes('void');
  const at = '2026-11-23T20:00:00Z';
  const { id } = await lower.api.make(dose(patient, at));
  const { status } = await lower.api.ask('PUT', `MedicationAdministration/${id}`, {
    ...dose(patient, at),
    id,
    status: 'entered-in-error',
  });
  expect(status).toBe(200);
  expect(await send(lower, dose(patient, at))).toBe(201);
  expect(await send(lower, dose(patient, at))).toBe(409);
});

test('one dose given at both ends of a cut line is an alert at both, and both are kept', async () => {
  const { upper, lower, patient } = await bothNodes('twice');
  const at = '2026-11-23T20:00:00Z';
  expect([await send(upper, dose(patient, at)), await send(lower, dose(patient, at))]).toEqual([201, 201]);
  await agree(lower, upper);
  for (const { api } of [upper, lower]) {
    const alerts = (await api.ask('GET', `DetectedIssue?patient=${patient}`)).body.entry;
    expect(alerts).toHaveLength(1);
    expect(alerts[0].resource.identifier[0].value).toBe('dose MedicationRequest/order 2026-11-23T20:00:00.000Z');
    expect((await api.ask('GET', `MedicationAdministration?patient=${patient}`)).body.entry).toHaveLength(2);
  }
});

test('the region decides who dispenses: a site asks, and is granted or refused; cut off it says that it was an emergency', async () => {
  const { upper, lower, patient } = await bothNodes('dispense');
  expect(await send(lower, dispense(patient)), 'not its to decide').toBe(409);
  const first = await lower.api.make(dispense(patient, requestTag));
  await agree(lower, upper);
  const second = await lower.api.make(dispense(patient, requestTag));
  await agree(lower, upper);
  const told = async ({ api }: NodeForTest, id: string): Promise<unknown[]> => {
    const { body } = await api.ask('GET', `MedicationDispense/${id}`);
    return [body.status, body.meta.versionId, body.meta.tag];
  };
  for (const node of [upper, lower]) {
    expect(await told(node, first.id)).toEqual(['in-progress', '2-region', undefined]);
    expect(await told(node, second.id)).toEqual(['declined', '2-region', undefined]);
  }
  const filled = { ...dispense(patient), extension: [{ url: fillExtension, valuePositiveInt: 1 }] };
  expect(await send(upper, filled), 'the region knows of it').toBe(409);
  const next = { ...dispense(patient), extension: [{ url: fillExtension, valuePositiveInt: 2 }] };
  expect(await send(upper, next), 'the next fill').toBe(201);
  expect(await send(upper, dispense(patient)), 'who does not say which takes none from another').toBe(201);
});

test('a booking of several slots takes each of them, or none; at both ends of a cut line the one that both took is told', async () => {
  const { upper, lower, patient } = await bothNodes('slots');
  const slots = (...names: string[]): object => ({
    ...booking(patient),
    slot: names.map((name) => ({ reference: `Slot/${name}` })),
  });
  const { id } = await lower.api.make(slots('monday-9', 'monday-10'));
  expect(await send(lower, slots('monday-10'))).toBe(409);
  expect(await send(lower, slots('monday-8', 'monday-10')), 'one of two is taken').toBe(409);
  expect(await send(lower, slots('monday-11', 'monday-12'))).toBe(201);
  const both = await Promise.all([1, 2, 3].map((i) => send(lower, slots(...(i % 2 ? ['a', 'b'] : ['b', 'a'])))));
  expect(both.sort()).toEqual([201, 409, 409]);
  await lower.api.ask('PUT', `Appointment/${id}`, { ...slots('monday-9', 'monday-10'), id, status: 'cancelled' });
  expect(await send(lower, slots('monday-10')), 'both are free again').toBe(201);
  await agree(lower, upper);

  const cutOff = { ...slots('tuesday-9', 'tuesday-10'), meta: { tag: [emergencyTag] } };
  expect(await send(upper, cutOff)).toBe(201);
  expect(await send(lower, slots('tuesday-10'))).toBe(201);
  await agree(lower, upper);
  for (const { api } of [upper, lower]) {
    const alerts = (await api.ask('GET', `DetectedIssue?patient=${patient}`)).body.entry;
    expect(alerts.map((one: any) => one.resource.identifier[0].value)).toEqual(['slot Slot/tuesday-10']);
  }
});

test('a slot is booked by the site that owns it: the region asks, and two who want it are told apart', async () => {
  const { upper, lower, patient } = await bothNodes('slot');
  expect(await send(upper, booking(patient)), 'not its to decide').toBe(409);
  const asked = await upper.api.make(booking(patient, requestTag));
  expect(await send(lower, booking(patient))).toBe(201);
  await agree(lower, upper);
  for (const { api } of [upper, lower])
    expect((await api.ask('GET', `Appointment/${asked.id}`)).body.status).toBe('cancelled');
});
