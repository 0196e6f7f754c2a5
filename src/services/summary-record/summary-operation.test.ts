import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Resource } from '#fhir/types.ts';
import { testApi, testBase, type Answer, type TestApi } from '../../../test/support/fhir.ts';
import { referencesIn } from './references.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const entriesOf = ({ body }: Answer): Resource[] =>
  (body.entry as { resource: Resource }[]).map(({ resource }) => resource);
const sectionOf = (answer: Answer, code: string): any =>
  ((entriesOf(answer)[0] as Resource)['section'] as any[]).find((one) => one.code.coding[0].code === code);

async function makePatient(): Promise<string> {
  const { id } = await api.make({ resourceType: 'Patient', name: [{ family: 'Nordskog', given: ['Torleif'] }] });
  return id;
}

function expectValid(document: Resource): void {
  const { issues } = api.record.fhir.context.validator.validate(document);
  expect(issues.filter(({ severity }) => severity === 'error' || severity === 'fatal')).toEqual([]);
}

describe('$summary is refused', () => {
  test('for a patient who is not here', async () => {
    expect((await api.ask('GET', 'Patient/nobody/$summary')).status).toBe(404);
  });
  test('for a patient who was deleted', async () => {
    const id = await makePatient();
    await api.ask('DELETE', `Patient/${id}`);
    expect((await api.ask('GET', `Patient/${id}/$summary`)).status).toBe(410);
  });
  test('without a patient, for an unknown number, and for another profile', async () => {
    expect((await api.ask('GET', 'Patient/$summary')).status).toBe(400);
    expect((await api.ask('GET', 'Patient/$summary?identifier=urn:x|1')).status).toBe(404);
    const id = await makePatient();
    expect((await api.ask('GET', `Patient/${id}/$summary?profile=http://example.org/x`)).status).toBe(501);
  });
  test('where a number is that of two', async () => {
    const identifier = [{ system: 'urn:test:number', value: 'twice' }];
    await api.make({ resourceType: 'Patient', identifier });
    await api.make({ resourceType: 'Patient', identifier });
    expect((await api.ask('GET', 'Patient/$summary?identifier=urn:test:number|twice')).status).toBe(409);
  });
});

describe('The summary of an empty record', () => {
  test('has the required sections, each with the code that nothing is known', async () => {
    const id = await makePatient();
    const answer = await api.ask('GET', `Patient/${id}/$summary`);
    expect(answer.status).toBe(200);
    expectValid(answer.body);
    const codes = entriesOf(answer).flatMap(
      (one: any) => (one.code ?? one.medicationCodeableConcept)?.coding?.[0]?.code ?? [],
    );
    expect(codes).toEqual(['no-allergy-info', 'no-medication-info', 'no-problem-info']);
    expect(sectionOf(answer, '11369-6').emptyReason.coding[0].code).toBe('unavailable');
    expect(sectionOf(answer, '48765-2').text.div).toContain('Ingen opplysninger er registrert');
  });
});

describe('The summary of a record', () => {
  test('is a valid document whose every reference leads to what is in it', async () => {
    const id = await fullPatient();
    for (const language of ['nb', 'nn', 'en']) {
      const answer = await api.ask('GET', `Patient/${id}/$summary?_language=${language}`);
      expect(answer.status).toBe(200);
      expectValid(answer.body);
      const entries = entriesOf(answer);
      expect(entries[0]?.resourceType).toBe('Composition');
      const inside = new Set(answer.body.entry.map(({ fullUrl }: any) => fullUrl.slice(testBase.length + 1)));
      for (const reference of referencesIn(entries)) expect(inside).toContain(reference);
      expect(answer.body.entry.map(({ fullUrl }: any) => [fullUrl])).toEqual(
        entries.map((one) => [`${testBase}/${one.resourceType}/${one.id}`]),
      );
    }
  });

  test('speaks the language that is asked for, the record its own', async () => {
    const id = await fullPatient();
    const english = await api.ask('GET', `Patient/${id}/$summary`, undefined, { 'accept-language': 'de, en-GB;q=0.8' });
    expect(sectionOf(english, '48765-2')).toMatchObject({ title: 'Allergies and intolerances' });
    expect(sectionOf(english, '48765-2').text.div).toContain('Penicillin');
    expect(sectionOf(english, '30954-2').text.div).toContain('7.5\u00a0mmol/L');
    const nynorsk = await api.ask('GET', `Patient/${id}/$summary?_language=nn`);
    expect(sectionOf(nynorsk, '10160-0').title).toBe('Legemiddel i bruk');
    expect(sectionOf(nynorsk, '30954-2').text.div).toContain('7,5\u00a0mmol/L');
  });

  test('goes by XML, by number, and by POST', async () => {
    const id = await fullPatient('urn:test:number', 'by-number');
    const xml = await api.ask('GET', `Patient/${id}/$summary?_format=xml`);
    expect(xml.text).toContain('<Composition>');
    const byNumber = await api.ask('GET', 'Patient/$summary?identifier=urn:test:number|by-number');
    expect(byNumber.body.type).toBe('document');
    const parameter = [{ name: 'identifier', valueString: 'urn:test:number|by-number' }];
    const posted = await api.ask('POST', 'Patient/$summary', { resourceType: 'Parameters', parameter });
    expect(posted.status).toBe(200);
  });

  test('escapes what a record says', async () => {
    const id = await makePatient();
    await api.make({
      resourceType: 'Flag',
      status: 'active',
      code: { text: '<script>alert(1)</script> & "x"' },
      subject: { reference: `Patient/${id}` },
    });
    const answer = await api.ask('GET', `Patient/${id}/$summary`);
    expectValid(answer.body);
    expect(sectionOf(answer, '104605-1').text.div).toContain('&lt;script&gt;');
  });
});

test('$document gathers what a stored Composition names', async () => {
  const id = await fullPatient();
  const summary = await api.ask('GET', `Patient/${id}/$summary`);
  const { id: _made, ...composition } = entriesOf(summary)[0] as Resource;
  const kept = await api.make({
    ...composition,
    author: [{ display: 'Fyr' }],
    section: (composition['section'] as any[]).filter(({ code }) => code.coding[0].code === '48765-2'),
  });
  const answer = await api.ask('GET', `Composition/${kept.id}/$document`);
  expect(answer.status).toBe(200);
  expectValid(answer.body);
  expect(entriesOf(answer).map(({ resourceType }) => resourceType)).toEqual(
    expect.arrayContaining(['Composition', 'Patient', 'AllergyIntolerance']),
  );
  expect((await api.ask('GET', 'Composition/none/$document')).status).toBe(404);
});

async function fullPatient(system = 'urn:test:full', value: string = crypto.randomUUID()): Promise<string> {
  const organization = await api.make({ resourceType: 'Organization', name: 'Myrdal legesenter' });
  const practitioner = await api.make({ resourceType: 'Practitioner', name: [{ family: 'Steinhaug' }] });
  const role = await api.make({
    resourceType: 'PractitionerRole',
    practitioner: { reference: `Practitioner/${practitioner.id}` },
    organization: { reference: `Organization/${organization.id}` },
  });
  const patient = await api.make({
    resourceType: 'Patient',
    identifier: [{ system, value }],
    name: [{ family: 'Nordskog', given: ['Torleif'] }],
    generalPractitioner: [{ reference: `PractitionerRole/${role.id}` }],
  });
  const subject = { reference: `Patient/${patient.id}` };
  const coded = (name: string, code: string): object => ({
    coding: [{ system: `http://terminology.hl7.org/CodeSystem/${name}`, code }],
  });
  const encounter = await api.make({
    resourceType: 'Encounter',
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject,
  });
  await api.make({
    resourceType: 'AllergyIntolerance',
    clinicalStatus: coded('allergyintolerance-clinical', 'active'),
    criticality: 'high',
    code: { text: 'Penicillin' },
    patient: subject,
    recorder: { reference: `Practitioner/${practitioner.id}` },
  });
  const medication = await api.make({ resourceType: 'Medication', code: { text: 'Losartan 50 mg' } });
  await api.make({
    resourceType: 'MedicationStatement',
    status: 'active',
    medicationReference: { reference: `Medication/${medication.id}` },
    subject,
    context: { reference: `Encounter/${encounter.id}` },
  });
  await api.make({
    resourceType: 'Condition',
    clinicalStatus: coded('condition-clinical', 'active'),
    code: { text: 'Diabetes type 2' },
    subject,
    encounter: { reference: `Encounter/${encounter.id}` },
  });
  await api.make({
    resourceType: 'Observation',
    status: 'final',
    category: [coded('observation-category', 'laboratory')],
    code: { text: 'P-Glukose' },
    subject,
    effectiveDateTime: '2026-01-02T08:00:00+01:00',
    valueQuantity: { value: 7.5, unit: 'mmol/L' },
  });
  return patient.id;
}
