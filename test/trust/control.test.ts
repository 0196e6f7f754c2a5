/** What people decide about access, over a whole node: a patient blocks a doctor, a doctor breaks the glass, the privacy officer finds the case. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { personnelPersonas } from '#sample/personas.ts';
import { testNode, type NodeAnswer, type TestNode } from '../support/node.ts';
import { patientOf, resourcesIn, truthOf } from './asking.ts';

let at: TestNode;
const oldMan = patientOf('oldManWithEverything');
const mother = patientOf('youngMother');

beforeAll(async () => {
  at = await testNode('control');
}, 120_000);
afterAll(async () => at?.stop());

const control = (as: string, method: string, path: string, body?: object): Promise<NodeAnswer> =>
  at.ask(method, `/api/control/${path}`, { as, ...(body === undefined ? {} : { body }) });

const results = async (as: string, patient: string): Promise<{ status: number; total: number; reason: string }> => {
  const { status, body } = await at.ask('GET', `/fhir/Observation?patient=${patient}&_summary=count`, { as });
  return { status, total: body.total ?? 0, reason: body.issue?.[0]?.diagnostics ?? '' };
};

test('a patient blocks a doctor: refused from the next request, with the reason, though the glass is broken; until it is lifted', async () => {
  expect((await results('hospitalDoctor', oldMan)).status).toBe(200);
  const { practitionerId } = personnelPersonas.hospitalDoctor;
  const block = await control('oldManWithEverything', 'POST', 'blocks', { for: { practitioner: practitionerId } });
  expect(block.status).toBe(201);
  expect(await results('hospitalDoctor', oldMan)).toMatchObject({
    status: 403,
    reason: expect.stringContaining('can not be overridden'),
  });
  const glass = { patient: oldMan, reason: 'Uklar bevissthet, trenger legemiddellisten nå' };
  expect((await control('hospitalDoctor', 'POST', 'break-glass', glass)).status).toBe(403);
  expect((await results('nurse', oldMan)).status).toBe(200);
  expect((await control('oldManWithEverything', 'DELETE', `blocks/${block.body.id}`)).status).toBe(200);
  expect((await results('hospitalDoctor', oldMan)).status).toBe(200);
});

test('who breaks the glass reads at once; the patient sees it, and the privacy officer finds the case and closes it', async () => {
  expect((await results('hospitalDoctor', mother)).status).toBe(403);
  const glass = { patient: mother, reason: 'Funnet bevisstløs, allergier må avklares' };
  const broken = await control('hospitalDoctor', 'POST', 'break-glass', glass);
  expect(broken.status).toBe(201);
  expect((await results('hospitalDoctor', mother)).total).toBeGreaterThan(100);
  expect((await results('nurse', mother)).status).toBe(403);
  const page = await at.ask('GET', '/api/log/mine', { as: 'youngMother' });
  const lines = page.body.lines.filter((line: any) => line.who.name === 'Ingrid Bergvik' && line.isEmergency);
  expect(lines.map((line: any) => line.action.code)).toEqual(expect.arrayContaining(['search', 'break-glass']));
  expect((await control('hospitalDoctor', 'GET', 'cases')).status).toBe(403);
  const { body } = await control('privacyOfficer', 'GET', 'cases');
  const found = body.cases.find((one: any) => one.patient === mother && one.kind === 'break-glass');
  expect(found).toMatchObject({ status: 'open', who: { name: 'Ingrid Bergvik' }, message: glass.reason });
  const closing = { conclusion: 'justified', text: 'Innlagt bevisstløs samme kveld.' };
  expect((await control('privacyOfficer', 'POST', `cases/${found.id}/follow-up`, closing)).status).toBe(201);
  const open = await control('privacyOfficer', 'GET', 'cases');
  expect(open.body.cases.some((one: any) => one.id === found.id)).toBe(false);
});

test('who attests that she treats the patient reads; one who may treat nobody can not attest', async () => {
  const attested = { patient: mother, purpose: 'TREAT', reason: 'Henvist fra legevakten i dag' };
  for (const as of ['operator', 'researcher', 'privacyOfficer', 'hisWife'])
    expect([as, (await control(as, 'POST', 'attestations', attested)).status]).toEqual([as, 403]);
  expect((await control('midwife', 'POST', 'attestations', attested)).status).toBe(201);
  expect((await results('midwife', mother)).status).toBe(200);
});

test('a case and an attestation can not be written or read around their own way, nor by a transaction', async () => {
  const forged = {
    resourceType: 'Basic',
    code: { coding: [{ system: 'urn:fyr:code-system:trust', code: 'break-glass' }] },
    subject: { reference: `Patient/${oldMan}` },
    author: { reference: `Practitioner/${personnelPersonas.nurse.practitionerId}` },
  };
  const [cases] = await truthOf(at, [`Basic?patient=${mother}`]);
  const code = resourcesIn(cases?.body)[0]?.code;
  expect(code).toBeDefined();
  for (const body of [
    { ...forged, code },
    { ...forged, code: { coding: [...code.coding, { code: 'other' }] } },
  ]) {
    expect((await at.ask('POST', '/fhir/Basic', { as: 'nurse', body })).status).toBe(403);
    const entry = [{ resource: body, request: { method: 'POST', url: 'Basic' } }];
    const bundle = { resourceType: 'Bundle', type: 'transaction', entry };
    expect((await at.ask('POST', '/fhir', { as: 'nurse', body: bundle })).status).toBe(403);
  }
});

test('a report that an entry looks wrong becomes a case', async () => {
  const page = await at.ask('GET', '/api/log/mine?by=others', { as: 'oldManWithEverything' });
  const [line] = page.body.lines;
  const body = { entry: line.id, message: 'Jeg kjenner ikke denne legen' };
  expect((await at.ask('POST', '/api/log/mine/wrong', { as: 'hisWife', body })).status).toBe(404);
  expect((await at.ask('POST', '/api/log/mine/wrong', { as: 'oldManWithEverything', body })).status).toBe(200);
  const cases = await control('privacyOfficer', 'GET', 'cases');
  expect(cases.body.cases).toContainEqual(expect.objectContaining({ patient: oldMan, kind: 'wrong-access' }));
  expect((await at.ask('GET', `/fhir/Basic?patient=${oldMan}`, { as: 'hospitalDoctor' })).text).not.toContain(
    body.message,
  );
});

test('someone whom a person’s register number leads to is in the log of the register', async () => {
  const [found] = await truthOf(at, [`Patient/${oldMan}`]);
  const number = found?.body.identifier[0].value;
  for (const [as, status] of [
    ['hisWife', 403],
    ['operator', 403],
    ['nurse', 200],
  ] as const) {
    const answer = await at.ask('POST', '/registers/persons/by-number', { as, body: { number } });
    expect([as, answer.status]).toEqual([as, status]);
  }
  const page = await at.ask('GET', '/api/log/mine?by=others', { as: 'oldManWithEverything' });
  expect(page.body.lines.map((line: any) => line.who.name)).toContain('Håvard Lindnes');
  expect(page.text).not.toContain(number);
});
