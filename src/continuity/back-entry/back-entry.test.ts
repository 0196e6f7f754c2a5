import { afterAll, beforeAll, expect, test } from 'vitest';
import { testNode, type NodeAnswer, type TestNode } from '../../../test/support/node.ts';
import { patientOf } from '../../../test/trust/asking.ts';
import { countOpenPaper } from '../operations/index.ts';
import { markPrinted, reserveForms } from './form-store.ts';

let at: TestNode;
let ward: string;
const patient = patientOf('oldManWithEverything');
const by = { reference: 'packs', name: 'noden' };

beforeAll(async () => {
  at = await testNode('back_entry');
  const { body } = await at.ask('GET', '/api/packs', { as: 'nurse' });
  ward = body.wards.find((one: any) => one.name.startsWith('Medisinsk avdeling')).id;
}, 120_000);
afterAll(() => at.stop());

const post = (as: string, path: string, body?: object): Promise<NodeAnswer> =>
  at.ask('POST', `/api/back-entry/forms${path}`, { as, body: body ?? {} });

/** A form that was printed in a pack. */
async function printed(kind: 'vitals' | 'doses' | 'note' | 'order' | 'newPatient', whose?: string): Promise<string> {
  const when = { ward, day: '261123', now: Date.now() - 3 * 3_600_000, by };
  const [form] = await reserveForms(at.db, when, [{ kind, ...(whose === undefined ? {} : { patient: whose }) }]);
  await markPrinted(at.db, [form!.code], when.now, by);
  return form!.code;
}

const anHourAgo = (): string => new Date(Date.now() - 3_600_000).toISOString();
const vitals = (more: object = {}) => ({
  kind: 'vitals',
  patient,
  rows: [{ at: anHourAgo(), pulse: 88, by: 'H. Lindnes', ...more }],
});
const found = async (type: string, code: string): Promise<any[]> => {
  const { body } = await at.ask(
    'GET',
    `/fhir/${type}?patient=${patient}&identifier=urn:fyr:downtime-form|test:${code}/1`,
    {
      as: 'nurse',
    },
  );
  return (body.entry ?? []).map((entry: any) => entry.resource);
};

test('only personnel who treat get at forms', async () => {
  expect((await at.ask('GET', '/api/back-entry/forms')).status).toBe(401);
  for (const as of ['oldManWithEverything', 'operator', 'privacyOfficer'])
    expect((await at.ask('GET', '/api/back-entry/forms', { as })).status, as).toBe(403);
});

test('a number with a slip of the pen, and one that was never given out, find nothing', async () => {
  const code = await printed('note');
  const wrong = code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
  expect((await at.ask('GET', `/api/back-entry/forms/${wrong}`, { as: 'nurse' })).status).toBe(400);
  const { status, body } = await at.ask('GET', `/api/back-entry/forms/FYR1:elsewhere:${code}`, { as: 'nurse' });
  expect(status).toBe(404);
  expect(body.problem).toContain('elsewhere');
});

test('what can not stand on a paper is refused', async () => {
  const code = await printed('vitals', patient);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  for (const entry of [
    {},
    { kind: 'vitals', patient, rows: [] },
    { kind: 'vitals', patient, rows: [{ at: anHourAgo() }] },
    vitals({ pulse: 9000 }),
    vitals({ systolic: 120 }),
    vitals({ at: tomorrow }),
    vitals({ more: 1 }),
    { kind: 'note', patient, at: anHourAgo(), by: 'x', title: 'x', text: 'x' },
  ])
    expect((await post('nurse', `/${code}/entry`, entry)).status, JSON.stringify(entry)).toBe(400);
  const other = patientOf('youngMother');
  expect((await post('nurse', `/${code}/entry`, { ...vitals(), patient: other })).status).toBe(409);
});

test('who may not read the patient enters nothing for the patient, and is not told what is on the form', async () => {
  const code = await printed('vitals', patient);
  expect((await post('midwife', `/${code}/entry`, vitals())).status).toBe(403);
  expect((await at.ask('GET', `/api/back-entry/forms/${code}`, { as: 'midwife' })).status).toBe(403);
});

test('vitals are in the record at once, with the time on the paper, the time of entry, and who', async () => {
  const code = await printed('vitals', patient);
  const entry = vitals({ systolic: 120, diastolic: 70, consciousness: 'A', temperature: 38.2, oxygenLitres: 2 });
  const { status, text, body } = await post('nurse', `/${code}/entry`, entry);
  expect(status, text).toBe(200);
  expect(body).toMatchObject({ state: 'entered', isClosed: true, needsSecondPerson: false });
  const [observation] = await found('Observation', code);
  expect(Date.parse(observation.effectiveDateTime)).toBe(Date.parse(entry.rows[0]!.at));
  expect(Date.parse(observation.issued)).toBeGreaterThan(Date.parse(entry.rows[0]!.at));
  const provenance = await at.ask('GET', `/fhir/Provenance?target=Observation/${observation.id}`, { as: 'nurse' });
  const [{ resource }] = provenance.body.entry;
  expect(resource.agent[0].who.display).toMatch(/Lindnes/);
  expect(Date.parse(resource.recorded)).toBe(Date.parse(observation.issued));
});

test('a form is entered once: the second sheet of the same number is told what to do', async () => {
  const code = await printed('vitals', patient);
  const both = await Promise.all([
    post('nurse', `/${code}/entry`, vitals()),
    post('hospitalDoctor', `/${code}/entry`, vitals()),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(await found('Observation', code)).toHaveLength(1);
  const again = await post('nurse', `/${code}/entry`, vitals());
  expect(again.body.problem).toMatch(/another sheet/);
  const issued = await post('nurse', '', { ward, kind: 'vitals', patient });
  expect(issued.status, issued.text).toBe(200);
  expect((await post('nurse', `/${issued.body.code}/entry`, vitals())).status).toBe(200);
});

test('given doses wait for a second person, who is not the first, and count as open paper until then', async () => {
  const before = await countOpenPaper(at.db);
  const code = await printed('doses', patient);
  const form = await at.ask('GET', `/api/back-entry/forms/${code}`, { as: 'nurse' });
  const [row] = form.body.prefilled.rows;
  const dose = { at: anHourAgo(), request: row.request, medicine: row.medicine, given: true, isDouble: undefined };
  const entry = { kind: 'doses', patient, isDouble: true, rows: [{ ...dose, dose: { value: 1, unit: 'tablett' } }] };
  const entered = await post('nurse', `/${code}/entry`, entry);
  expect(entered.body, entered.text).toMatchObject({ state: 'entered', isClosed: false, needsSecondPerson: true });
  expect(await found('MedicationAdministration', code)).toEqual([]);
  expect(await countOpenPaper(at.db)).toBe(before + 1);
  expect((await post('nurse', `/${code}/verify`)).status).toBe(409);
  expect((await post('midwife', `/${code}/verify`)).status).toBe(403);
  const verified = await post('hospitalDoctor', `/${code}/verify`);
  expect(verified.body, verified.text).toMatchObject({ state: 'verified', isClosed: true });
  expect(await found('MedicationAdministration', code)).toHaveLength(1);
  expect(await countOpenPaper(at.db)).toBe(before);
  expect((await post('hospitalDoctor', `/${code}/verify`)).status).toBe(409);
  expect(verified.body.events.map(({ what }: any) => what)).toEqual([
    'issued',
    'printed',
    'entered',
    'verified',
    'recorded',
  ]);
});

test('a dose that is in the record near that time is asked about', async () => {
  const code = await printed('doses', patient);
  const form = await at.ask('GET', `/api/back-entry/forms/${code}`, { as: 'nurse' });
  const [row] = form.body.prefilled.rows;
  const entry = {
    kind: 'doses',
    patient,
    rows: [{ at: anHourAgo(), given: true, medicine: row.medicine, request: row.request }],
  };
  const { status, body } = await post('nurse', `/${code}/entry`, entry);
  expect(status).toBe(409);
  expect(body.problem).toMatch(/another dose/);
  expect((await post('nurse', `/${code}/entry`, { ...entry, isDouble: true })).status).toBe(200);
});

test('what the second person can not find on the paper is entered anew', async () => {
  const code = await printed('order', patient);
  const entry = (what: string) => ({
    kind: 'order',
    patient,
    rows: [{ at: anHourAgo(), by: 'I. Bergvik', kind: 'medicine', what, dosage: '2 g x 1', urgency: 'urgent' }],
  });
  expect((await post('nurse', `/${code}/entry`, entry('Ceftriakson 20 g'))).status).toBe(200);
  expect((await post('hospitalDoctor', `/${code}/reject`, { reason: 'det står 2 g' })).body).toMatchObject({
    state: 'issued',
  });
  expect((await post('nurse', `/${code}/entry`, entry('Ceftriakson 2 g'))).status).toBe(200);
  expect((await post('hospitalDoctor', `/${code}/verify`)).status).toBe(200);
  const [order] = await found('MedicationRequest', code);
  expect(order.medicationCodeableConcept.text).toBe('Ceftriakson 2 g');
});

test('notes and new patients come into the record as documents', async () => {
  const note = await printed('note');
  const text = 'Våken og klar. Æ, ø, å.';
  expect(
    (
      await post('nurse', `/${note}/entry`, {
        kind: 'note',
        patient,
        at: anHourAgo(),
        by: 'H. Lindnes',
        title: 'Kveld',
        text,
      })
    ).status,
  ).toBe(200);
  const [document] = await found('DocumentReference', note);
  expect(Buffer.from(document.content[0].attachment.data, 'base64').toString()).toBe(text);
  const arrived = await printed('newPatient');
  const entry = { kind: 'newPatient', patient, at: anHourAgo(), by: 'H. Lindnes', statedName: 'Torleif' };
  expect((await post('nurse', `/${arrived}/entry`, entry)).body.isClosed).toBe(false);
  expect((await post('hospitalDoctor', `/${arrived}/verify`)).body.isClosed).toBe(true);
});

test('no form is forgotten: open ones are listed with their age until they are in the record, unused or lost', async () => {
  const code = await printed('note');
  const open = async (): Promise<any[]> =>
    (await at.ask('GET', `/api/back-entry/forms?ward=${ward}`, { as: 'nurse' })).body.forms;
  expect((await open()).find((form) => form.code === code)).toMatchObject({ state: 'issued', ageMinutes: 180 });
  expect((await open()).every((form) => form.patient === undefined && form.entry === undefined)).toBe(true);
  const closed = await post('nurse', `/${code}/close`, { as: 'lost', reason: 'ikke i permen' });
  expect(closed.body).toMatchObject({ state: 'lost', isClosed: true });
  expect((await open()).some((form) => form.code === code)).toBe(false);
  const note = { kind: 'note', patient, at: anHourAgo(), by: 'x', title: 'Funnet', text: 'lå under sengen' };
  expect((await post('nurse', `/${code}/entry`, note)).body).toMatchObject({ state: 'entered', isClosed: true });
});

test('numbers are given out once, however many ask at a time', async () => {
  const made = await Promise.all(Array.from({ length: 8 }, () => post('nurse', '', { ward, kind: 'note' })));
  expect(new Set(made.map(({ body }) => body.code)).size).toBe(8);
  const codes = made.map(({ body }) => body.code);
  const all = { as: 'unused', reason: 'strømmen kom tilbake' };
  expect((await at.ask('POST', '/api/back-entry/close', { as: 'nurse', body: { ...all, codes } })).status).toBe(200);
  expect((await at.ask('POST', '/api/back-entry/close', { as: 'nurse', body: { ...all, codes } })).status).toBe(409);
});
