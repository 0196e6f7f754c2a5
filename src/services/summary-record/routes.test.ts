import { extractText } from 'unpdf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { personaEntries } from '#sample/persona-entries.ts';
import type { Resource } from '#fhir/types.ts';
import { testNode, type NodeAnswer, type TestNode } from '../../../test/support/node.ts';

const patientOf = (key: string): string => personaEntries().find((one) => one.key === key)?.patient as string;
const practitionerOf = (key: string): string => personaEntries().find((one) => one.key === key)?.practitioner as string;

let at: TestNode;
const mother = patientOf('youngMother');
const oldMan = patientOf('oldManWithEverything');
beforeAll(async () => {
  at = await testNode('summary_record');
}, 120_000);
afterAll(async () => at?.stop());

let made = 0;
/** Writes by the node itself, as the registers and the patients' own choices come in. */
async function write(resource: object): Promise<string> {
  const id = `summary-${++made}`;
  await at.node.fhir.importResources([{ ...resource, id } as Resource]);
  return id;
}
async function newPatient(elements: object = {}): Promise<string> {
  const id = await write({ resourceType: 'Patient', name: [{ family: 'Havn', given: ['Nora'] }], ...elements });
  await write({
    resourceType: 'AllergyIntolerance',
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
    },
    criticality: 'high',
    code: { text: 'Hemmelig penicillin' },
    patient: { reference: `Patient/${id}` },
  });
  return id;
}
function choose(patient: string, kind: string, provision: object): Promise<string> {
  return write({
    resourceType: 'Consent',
    status: 'active',
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
    category: [{ coding: [{ system: 'urn:fyr:code-system:consent-kind', code: kind }] }],
    patient: { reference: `Patient/${patient}` },
    policyRule: { text: 'x' },
    provision: { type: 'deny', period: { start: '2020-01-01' }, ...provision },
  });
}
const indicator = (as: string, body: object): Promise<NodeAnswer> =>
  at.ask('POST', '/api/summary/indicator', { as, body });
const open = (as: string, patient: string, basis?: string): Promise<NodeAnswer> =>
  at.ask('GET', `/api/summary/${patient}`, {
    as,
    ...(basis === undefined ? {} : { headers: { 'nhn-access-basis': basis } }),
  });
/** As the privacy officer sees the log of a patient, newest first. */
const eventsOf = async (patient: string): Promise<any[]> => {
  const { body } = await at.ask('GET', `/fhir/AuditEvent?patient=${patient}&_count=50`, { as: 'privacyOfficer' });
  return body.entry.map(({ resource }: any) => resource);
};

describe('The summary record stays closed', () => {
  test('for who did not sign in', async () => {
    expect((await at.ask('GET', `/api/summary/${mother}`)).status).toBe(401);
    expect((await at.ask('POST', '/api/summary/indicator', { body: { patient: mother } })).status).toBe(401);
  });
  test.each(['operator', 'researcher', 'privacyOfficer'])('for the %s, on any ground', async (as) => {
    for (const basis of [undefined, 'AKUTT', 'SAMTYKKE', 'UNNTAK']) {
      expect([403, 404]).toContain((await open(as, mother, basis)).status);
    }
    expect((await indicator(as, { patient: mother })).status).toBe(403);
  });
  test('for a doctor who has nothing to do with the patient, unless it is an emergency', async () => {
    expect((await open('hospitalDoctor', mother)).status).toBe(403);
    expect((await open('hospitalDoctor', mother, 'SAMTYKKE')).status).toBe(403);
    expect((await open('hospitalDoctor', mother, 'UNNTAK')).status).toBe(403);
    expect((await open('hospitalDoctor', mother, 'AKUTT')).status).toBe(200);
  });
  test('for another citizen', async () => {
    expect([403, 404]).toContain((await open('youngMother', oldMan)).status);
    expect([403, 404]).toContain((await indicator('youngMother', { patient: oldMan })).status);
  });
  test('for a ground that is none, and an id that is none', async () => {
    expect((await open('hospitalDoctor', oldMan, 'NYSGJERRIG')).status).toBe(400);
    expect((await at.ask('GET', '/api/summary/a%20b', { as: 'hospitalDoctor' })).status).toBe(400);
  });
  test('for everybody when the patient is reserved: there is none, by any way of asking', async () => {
    const patient = await newPatient();
    expect((await open('hospitalDoctor', patient, 'AKUTT')).status).toBe(200);
    await choose(patient, 'reservation', {});
    for (const basis of [undefined, 'AKUTT', 'SAMTYKKE']) {
      expect((await open('hospitalDoctor', patient, basis)).body.resourceType).not.toBe('Bundle');
      expect([403, 404]).toContain((await open('hospitalDoctor', patient, basis)).status);
    }
    expect([403, 404]).toContain(
      (await at.ask('GET', `/fhir/Patient/${patient}/$summary`, { as: 'hospitalDoctor' })).status,
    );
    const { body } = await indicator('hospitalDoctor', { patient });
    expect(body).toMatchObject({ code: 1, isReserved: true, hasCriticalInformation: false });
    expect(body.lastChanged).toBeUndefined();
  });
  test('for whom the patient has blocked, also in an emergency', async () => {
    const patient = await newPatient();
    const reference = { reference: `Practitioner/${practitionerOf('hospitalDoctor')}` };
    const role = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }] };
    await choose(patient, 'block', { actor: [{ role, reference }] });
    expect((await open('hospitalDoctor', patient, 'AKUTT')).status).toBe(403);
    expect((await indicator('hospitalDoctor', { patient })).body).toMatchObject({
      code: 1,
      isBlocked: true,
      hasCriticalInformation: false,
    });
    expect((await indicator('nurse', { patient })).body).toMatchObject({ code: 4, isBlocked: false });
  });
  test('behind a restriction, which an emergency opens', async () => {
    const patient = await newPatient();
    await choose(patient, 'block', {});
    expect((await open('hospitalDoctor', patient, 'SAMTYKKE')).status).toBe(403);
    expect((await indicator('hospitalDoctor', { patient })).body).toMatchObject({ code: 4, isRestricted: true });
    const opened = await open('hospitalDoctor', patient, 'AKUTT');
    expect(opened.status).toBe(200);
    expect(opened.body.critical[0].items[0].text).toBe('Hemmelig penicillin');
  });
});

describe('The indicator', () => {
  test('tells that there is something and that it is critical, and nothing of what', async () => {
    const patient = await newPatient();
    const { status, body, text } = await indicator('hospitalDoctor', { patient });
    expect(status).toBe(200);
    expect(body).toMatchObject({ code: 4, status: 'critical', hasActiveCriticalInformation: true, isReserved: false });
    expect(Date.parse(body.lastChanged)).toBeGreaterThan(Date.now() - 3_600_000);
    expect(text).not.toContain('penicillin');
  });
  test('is not among the openings that the patient sees, but in the log', async () => {
    await indicator('generalPractitioner', { patient: oldMan });
    const mine = await at.ask('GET', '/api/log/mine?count=100', { as: 'oldManWithEverything' });
    expect(mine.body.lines.map(({ action }: any) => action.code)).not.toContain('status');
    const events = await at.ask('GET', '/fhir/AuditEvent?_count=100', { as: 'oldManWithEverything' });
    const query = Buffer.from('summary status').toString('base64');
    expect(events.text).not.toContain(query);
    expect(JSON.stringify(await eventsOf(oldMan))).toContain(query);
  });
  test('knows no number that is none, and nobody who is not here', async () => {
    expect((await indicator('hospitalDoctor', { number: '12345678901' })).body.code).toBe(0);
    expect((await indicator('hospitalDoctor', { patient: 'nobody' })).body).toMatchObject({
      code: 1,
      isReserved: false,
    });
    expect((await indicator('hospitalDoctor', {})).status).toBe(400);
  });
  test('finds by number', async () => {
    const found = await at.ask('GET', `/fhir/Patient/${oldMan}`, { as: 'generalPractitioner' });
    const number = found.body.identifier[0].value;
    expect((await indicator('generalPractitioner', { number })).body.code).toBe(4);
  });
});

describe('What is opened', () => {
  test('is in the patient’s log with its ground', async () => {
    const patient = await newPatient();
    await open('hospitalDoctor', patient, 'AKUTT');
    const [newest] = await eventsOf(patient);
    const text = JSON.stringify(newest);
    expect(text).toContain('summary:emergency');
    expect(text).toContain('ETREAT');
  });
  test('is only that patient’s, and only to be read', async () => {
    const { body } = await open('hospitalDoctor', oldMan, 'AKUTT');
    expect(body.patient).toMatchObject({ id: oldMan, name: 'Torleif Nordskog' });
    expect(body.critical.map(({ category }: any) => category)).toContain('treatment');
    expect(body.visits.length).toBeGreaterThan(0);
    expect(body.contacts.length).toBeGreaterThan(0);
  });
  test('comes as a page and as PDF, in three languages, to the citizen too', async () => {
    for (const [language, word] of [
      ['nb', 'Legemidler i bruk'],
      ['nn', 'Legemiddel i bruk'],
      ['en', 'Medications in use'],
    ] as const) {
      const page = await at.ask('GET', `/api/summary/${oldMan}.html?_language=${language}`, {
        as: 'oldManWithEverything',
      });
      expect(page.status).toBe(200);
      expect(page.text).toContain(word);
      expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
      const pdf = await fetch(`${at.url}/api/summary/${oldMan}.pdf?_language=${language}`, {
        headers: { authorization: `Bearer ${await at.tokenOf('oldManWithEverything')}` },
      });
      const { text } = await extractText(new Uint8Array(await pdf.arrayBuffer()), { mergePages: true });
      expect(text).toContain(word);
      expect(text).toContain('Torleif Nordskog');
    }
  });
  test('of every resident of the sample is a valid document', async () => {
    const { validator } = at.node.fhir.context;
    for (const persona of personaEntries().filter(({ patient }) => patient !== undefined)) {
      const answer = await at.ask('GET', `/fhir/Patient/${persona.patient}/$summary`, { as: persona.key });
      if (answer.status !== 200) continue;
      const { issues } = validator.validate(answer.body);
      expect(issues.filter(({ severity }) => severity === 'error' || severity === 'fatal')).toEqual([]);
    }
  });
});
