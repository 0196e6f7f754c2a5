import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testNode, type NodeAnswer, type TestNode } from '../../../test/support/node.ts';
import { patientOf } from '../../../test/trust/asking.ts';
import { takeCapture } from './capture-store.ts';

let at: TestNode;
let ward: string;
let nurse: { reference: string; name: string };
const patient = patientOf('oldManWithEverything');

beforeAll(async () => {
  at = await testNode('ward_browser', { FYR_PACK_MINUTES: '0' });
  const { body } = await at.ask('GET', '/api/ward', { as: 'nurse' });
  ward = body.wards.find((one: any) => one.name.startsWith('Medisinsk avdeling')).ward;
  const device = await at.ask('POST', '/api/ward/devices', { as: 'nurse', body: { ward, name: 'first' } });
  const { rows } = {
    rows: await at.db`select person as reference, person_name as name from ward_device where id = ${device.body.device}`,
  };
  nurse = { ...(rows[0] as unknown as typeof nurse) };
}, 120_000);
afterAll(() => at.stop());

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const vitals = (more: object = {}) => ({ kind: 'vitals', patient, rows: [{ at: minutesAgo(5), pulse: 91, ...more }] });
const put = (id: string, entry: object, more: object = {}, as = 'nurse'): Promise<NodeAnswer> =>
  at.ask('PUT', `/api/ward/captures/${id}`, { as, body: { typedAt: minutesAgo(4), by: nurse, entry, ...more } });
const inRecord = async (type: string, id: string): Promise<any[]> => {
  const { body } = await at.ask('GET', `/fhir/${type}?patient=${patient}&identifier=urn:fyr:device-capture|${id}/1`, {
    as: 'nurse',
  });
  return (body.entry ?? []).map((entry: any) => entry.resource);
};

test('only personnel who treat get at a ward; an operator at the list of devices alone', async () => {
  expect((await at.ask('GET', `/api/ward/${ward}`)).status).toBe(401);
  for (const as of ['oldManWithEverything', 'operator', 'privacyOfficer'])
    expect((await at.ask('GET', `/api/ward/${ward}`, { as })).status, as).toBe(403);
  expect((await at.ask('GET', '/api/ward/devices', { as: 'operator' })).status).toBe(200);
  expect((await at.ask('GET', '/api/ward/devices', { as: 'oldManWithEverything' })).status).toBe(403);
  expect((await at.ask('GET', '/api/ward/nowhere', { as: 'nurse' })).status).toBe(404);
});

test('a ward is its sheets by bed, with the age of what they tell, and beds that are not the asker’s are told as closed', async () => {
  const { status, body } = await at.ask('GET', `/api/ward/${ward}`, { as: 'nurse' });
  expect(status).toBe(200);
  expect(body.patients.map((sheet: any) => sheet.patient)).toContain(patient);
  expect(body.heardAt).toBeGreaterThan(Date.now() - 60_000);
  expect(body.device).toBe(undefined);
  const other = await at.ask('GET', `/api/ward/${ward}`, { as: 'midwife' });
  expect(other.body.patients).toEqual([]);
  expect(other.body.closedBeds.length).toBe(body.patients.length + body.closedBeds.length);
});

test('a device keeps its copy while it comes by; one that is to be wiped, and one that nobody knows, are told', async () => {
  const made = await at.ask('POST', '/api/ward/devices', { as: 'nurse', body: { ward, name: 'Chromium på Linux' } });
  expect(made.status, made.text).toBe(200);
  const { device, key } = made.body;
  expect(Buffer.from(key, 'base64url').length).toBe(32);
  const look = async (id: string) =>
    (await at.ask('GET', `/api/ward/${ward}?device=${id}`, { as: 'nurse' })).body.device;
  expect((await look(device)).mustWipe).toBe(false);
  expect((await look(randomUUID())).mustWipe).toBe(true);
  expect((await at.ask('POST', `/api/ward/devices/${device}/wipe`, { as: 'hospitalDoctor' })).status).toBe(404);
  expect((await at.ask('POST', `/api/ward/devices/${device}/wipe`, { as: 'operator' })).status).toBe(200);
  expect((await look(device)).mustWipe).toBe(true);
  await at.ask('POST', `/api/ward/devices/${device}/wiped`, { as: 'nurse' });
  const { body } = await at.ask('GET', '/api/ward/devices', { as: 'nurse' });
  expect(body.devices.find((one: any) => one.device === device).state).toBe('wiped');
  expect(JSON.stringify(body)).not.toContain(key);
});

test('what is captured is in the record once, however often and however fast it is handed over', async () => {
  const id = randomUUID();
  const entry = vitals({ temperature: 38.4 });
  const answers = await Promise.all([put(id, entry), put(id, entry), put(id, entry)]);
  expect(answers.map(({ body }) => body.state)).toEqual(['recorded', 'recorded', 'recorded']);
  expect((await put(id, entry)).body).toMatchObject({ state: 'recorded', was: true });
  const [observation, ...more] = await inRecord('Observation', id);
  expect(more).toEqual([]);
  expect(observation).toMatchObject({
    performer: [{ reference: nurse.reference }],
    effectiveDateTime: entry.rows[0]!.at,
  });
  expect(observation.meta.versionId).toMatch(/^1-/);
  const known = await at.ask('POST', '/api/ward/captures/known', { as: 'nurse', body: { ids: [id, randomUUID()] } });
  expect(known.body.captures).toMatchObject([{ id, kind: 'vitals', isRecorded: true }]);
});

test('another thing under the same id is refused, and so is what can not be', async () => {
  const id = randomUUID();
  await put(id, vitals());
  expect((await put(id, vitals({ pulse: 40 }))).status).toBe(409);
  expect((await put(randomUUID(), vitals({ pulse: 900 }))).status).toBe(400);
  expect((await put(randomUUID(), vitals({ at: minutesAgo(-60) }))).status).toBe(400);
  expect((await put('not-an-id', vitals())).status).toBe(400);
  expect((await put(randomUUID(), vitals(), {}, 'midwife')).status).toBe(403);
});

test('what somebody else captured on the device is handed over for them only where one says so', async () => {
  const id = randomUUID();
  const entry = vitals();
  expect((await put(id, entry, {}, 'hospitalDoctor')).body).toMatchObject({
    state: 'asks',
    question: 'other-person',
    about: nurse.name,
  });
  expect((await put(id, entry, { isForOther: true }, 'hospitalDoctor')).body.state).toBe('recorded');
  expect((await inRecord('Observation', id))[0]).toMatchObject({ performer: [{ reference: nurse.reference }] });
});

test('what was taken before a node was killed, and not written yet, is written when it comes again', async () => {
  const id = randomUUID();
  const entry = { kind: 'note', patient, at: minutesAgo(9), by: nurse.name, title: 'Tilsyn', text: 'Rolig.' };
  const first = await put(randomUUID(), { ...entry, text: 'Annet.' });
  const [note] = (await inRecord('DocumentReference', first.body.id)) as { id: string }[];
  expect(note).toMatchObject({ author: [{ reference: nurse.reference }] });
  const { createHash } = await import('node:crypto');
  const digest = createHash('sha256')
    .update(JSON.stringify([nurse.reference, entry]))
    .digest('hex');
  const resources = [`DocumentReference/${note!.id.slice(0, -2)}${'ef'}`, `Provenance/${note!.id.slice(0, -2)}${'ee'}`];
  const times = { typed: Date.now(), received: Date.now() };
  const who = { capturedBy: nurse.reference, handedBy: nurse.reference, device: undefined };
  await takeCapture(at.db, { id, kind: 'note', patient, digest, resources, ...times, ...who });
  expect((await put(id, entry)).body).toMatchObject({ state: 'recorded', was: false, resources });
  expect((await inRecord('DocumentReference', id)).length).toBe(1);
});

test('a dose that may be there already, and one of an order that was stopped, ask a person first', async () => {
  const { body } = await at.ask('GET', `/api/ward/${ward}`, { as: 'nurse' });
  const { medicines } = body.patients.find((sheet: any) => sheet.patient === patient);
  const { request, name } = medicines[0];
  const dose = (minutes: number) => ({
    kind: 'doses',
    patient,
    rows: [{ at: minutesAgo(minutes), request, medicine: name, given: true }],
  });
  expect((await put(randomUUID(), dose(3))).body.state).toBe('recorded');
  const id = randomUUID();
  const again = dose(2);
  expect((await put(id, again)).body).toMatchObject({ state: 'asks', question: 'possible-double' });
  expect(await inRecord('MedicationAdministration', id)).toEqual([]);
  expect((await put(id, again, { isConfirmed: true })).body).toMatchObject({ state: 'recorded', was: false });
  const order = (await at.ask('GET', `/fhir/MedicationRequest/${request}`, { as: 'hospitalDoctor' })).body;
  await at.ask('PUT', `/fhir/MedicationRequest/${request}`, {
    as: 'hospitalDoctor',
    body: { ...order, status: 'stopped' },
  });
  const late = { ...dose(120) };
  expect((await put(randomUUID(), late)).body).toMatchObject({ state: 'asks', question: 'order-stopped', about: name });
});
