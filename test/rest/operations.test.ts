/** Operations and compartments as a client meets them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApi, testBase, type TestApi } from '../support/fhir.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const parameters = (parameter: object[]): object => ({ resourceType: 'Parameters', parameter });
const observation = (patient: string, more: object = {}): object => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { reference: `Patient/${patient}` },
  ...more,
});

async function life(count: number): Promise<{ patient: string; organization: string }> {
  const organization = await api.make({ resourceType: 'Organization', name: 'Fjord legesenter' });
  const patient = await api.make({
    resourceType: 'Patient',
    managingOrganization: { reference: `Organization/${organization.id}` },
  });
  for (let i = 0; i < count; i++) await api.make(observation(patient.id, { effectiveDateTime: `20${10 + i}-06-01` }));
  return { patient: patient.id, organization: organization.id };
}

test('$everything gives the whole record of a patient and what it refers to, and nobody else’s', async () => {
  const { patient, organization } = await life(5);
  await life(1);
  const answer = await api.ask('GET', `Patient/${patient}/$everything`);
  expect(answer.status).toBe(200);
  const found = answer.body.entry.map((e: any) => `${e.resource.resourceType} ${e.search.mode}`).sort();
  expect(found).toEqual(['Organization include', ...Array(5).fill('Observation match'), 'Patient match'].sort());
  expect(answer.body.entry.at(-1).resource.id).toBe(organization);
  expect(answer.body.total).toBe(6);
});

test('$everything comes in pages when asked, each resource once', async () => {
  const { patient } = await life(7);
  const seen: string[] = [];
  for (let url: string | undefined = `Patient/${patient}/$everything?_count=3`; url;) {
    const page: any = (await api.ask('GET', url)).body;
    seen.push(...page.entry.filter((e: any) => e.search.mode === 'match').map((e: any) => e.resource.id));
    url = page.link.find((l: any) => l.relation === 'next')?.url.slice(testBase.length + 1);
  }
  expect(seen).toHaveLength(8);
  expect(new Set(seen).size).toBe(8);
});

test('$everything takes _type, _since, start and end', async () => {
  const { patient } = await life(6);
  const count = async (query: string): Promise<number> =>
    (await api.ask('GET', `Patient/${patient}/$everything?${query}`)).body.entry?.length ?? 0;
  expect(await count('_type=Observation')).toBe(6);
  expect(await count('_type=Observation&start=2012-01-01&end=2013-12-31')).toBe(2);
  expect(await count(`_since=${new Date(Date.now() + 60_000).toISOString()}`)).toBe(0);
  expect((await api.ask('GET', 'Patient/nobody/$everything')).status).toBe(404);
});

test('a compartment is searched by its address', async () => {
  const { patient } = await life(4);
  const inside = await api.ask('GET', `Patient/${patient}/Observation?code=8867-4&_summary=count`);
  expect(inside.body.total).toBe(4);
  const all = await api.ask('GET', `Patient/${patient}/*?_count=50`);
  expect(all.body.entry.map((e: any) => e.resource.resourceType)).toContain('Observation');
  expect((await api.ask('GET', 'Patient/nobody/Observation')).body.entry ?? []).toEqual([]);
});

test('$validate says what is wrong without writing, and that all is well', async () => {
  const wrong = await api.ask('POST', 'Patient/$validate', { resourceType: 'Patient', gender: 'blue' });
  expect([wrong.status, wrong.body.issue[0].expression]).toEqual([200, ['Patient.gender']]);
  const well = await api.ask(
    'POST',
    'Patient/$validate',
    parameters([{ name: 'resource', resource: { resourceType: 'Patient' } }]),
  );
  expect(well.body.issue).toEqual([expect.objectContaining({ severity: 'information' })]);
  const profile = 'http://hl7.org/fhir/StructureDefinition/heartrate';
  const against = await api.ask(
    'POST',
    'Observation/$validate',
    parameters([
      { name: 'resource', resource: { resourceType: 'Observation', status: 'final', code: { text: 'x' } } },
      { name: 'profile', valueUri: profile },
    ]),
  );
  expect(against.body.issue.some((i: any) => i.severity === 'error')).toBe(true);
});

test('$meta-add and $meta-delete change tags as a new version', async () => {
  const { id } = await api.make({ resourceType: 'Patient' });
  const tag = { system: 'urn:test', code: 'vip' };
  const change = (name: string) =>
    api.ask('POST', `Patient/${id}/$${name}`, parameters([{ name: 'meta', valueMeta: { tag: [tag] } }]));
  expect((await change('meta-add')).body.parameter[0].valueMeta.tag).toEqual([tag]);
  expect((await api.ask('GET', `Patient?_id=${id}&_tag=urn:test|vip`)).body.total).toBe(1);
  expect((await change('meta-delete')).body.parameter[0].valueMeta.tag).toBeUndefined();
  expect((await api.ask('GET', `Patient/${id}/$meta`)).body.parameter[0].valueMeta.versionId).toBe('3-test');
  expect((await api.ask('GET', `Patient/${id}/$meta-add`)).status).toBe(405);
});

test('terminology answers by GET, by POST and on an instance', async () => {
  const gender = 'http://hl7.org/fhir/ValueSet/administrative-gender';
  const expanded = await api.ask('GET', `ValueSet/$expand?url=${gender}`);
  expect(expanded.body.expansion.contains.map((c: any) => c.code).sort()).toEqual([
    'female',
    'male',
    'other',
    'unknown',
  ]);
  const posted = await api.ask(
    'POST',
    'ValueSet/$validate-code',
    parameters([
      { name: 'url', valueUri: gender },
      { name: 'code', valueCode: 'blue' },
      { name: 'system', valueUri: 'http://hl7.org/fhir/administrative-gender' },
    ]),
  );
  expect(posted.body.parameter.find((p: any) => p.name === 'result').valueBoolean).toBe(false);
  const id = `vs${process.hrtime.bigint()}`;
  const include = [
    { system: 'urn:oid:2.16.578.1.12.4.1.1.7110', filter: [{ property: 'concept', op: 'is-a', value: 'J44' }] },
  ];
  await api.ask('PUT', `ValueSet/${id}`, {
    resourceType: 'ValueSet',
    id,
    url: `urn:test:${id}`,
    status: 'active',
    compose: { include },
  });
  const copd = await api.ask('GET', `ValueSet/${id}/$expand`);
  expect(copd.body.expansion.contains.map((c: any) => c.code)).toContain('J441');
  const patient = await api.make({ resourceType: 'Patient' });
  await api.make({
    resourceType: 'Condition',
    subject: { reference: `Patient/${patient.id}` },
    code: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.7110', code: 'J441' }] },
  });
  const inSet = await api.ask('GET', `Condition?patient=${patient.id}&code:in=urn:test:${id}&_summary=count`);
  expect(inSet.body.total).toBe(1);
  const below = await api.ask(
    'GET',
    `Condition?patient=${patient.id}&code:below=urn:oid:2.16.578.1.12.4.1.1.7110|J44&_summary=count`,
  );
  expect(below.body.total).toBe(1);
});
