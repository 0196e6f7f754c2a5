/** batch and transaction (R4 http.html#transaction). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApi, type TestApi } from '../support/fhir.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const unique = (): string => `t${process.hrtime.bigint()}`;
const bundle = (type: string, entry: object[]): object => ({ resourceType: 'Bundle', type, entry });
const observation = (subject: string): object => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { reference: subject },
});
const urn = 'urn:uuid:11111111-1111-4111-8111-111111111111';
const post = (resource: object, fullUrl?: string, more: object = {}): object => ({
  ...(fullUrl ? { fullUrl } : {}),
  resource,
  request: { method: 'POST', url: (resource as any).resourceType, ...more },
});

test('a transaction writes all its entries and turns the references between them into real ones', async () => {
  const answer = await api.ask(
    'POST',
    '',
    bundle('transaction', [post(observation(urn)), post({ resourceType: 'Patient' }, urn)]),
  );
  expect(answer.status).toBe(200);
  expect(answer.body.type).toBe('transaction-response');
  const [first, second] = answer.body.entry.map((e: any) => e.response.location.split('/').slice(0, 2).join('/'));
  expect((await api.ask('GET', first)).body.subject.reference).toBe(second);
});

test('a transaction is all or nothing', async () => {
  const id = unique();
  const answer = await api.ask(
    'POST',
    '',
    bundle('transaction', [
      { resource: { resourceType: 'Patient', id }, request: { method: 'PUT', url: `Patient/${id}` } },
      post({ resourceType: 'Patient', gender: 'blue' }),
    ]),
  );
  expect([answer.status, answer.body.resourceType]).toEqual([422, 'OperationOutcome']);
  expect((await api.ask('GET', `Patient/${id}`)).status).toBe(404);
});

test('a transaction refuses a reference that leads nowhere, and a resource that stands in it twice', async () => {
  expect((await api.ask('POST', '', bundle('transaction', [post(observation(`Patient/${unique()}`))]))).status).toBe(
    422,
  );
  expect(
    (
      await api.ask(
        'POST',
        '',
        bundle('transaction', [post(observation('urn:uuid:22222222-2222-4222-8222-222222222222'))]),
      )
    ).status,
  ).toBe(422);
  const id = unique();
  const put = { resource: { resourceType: 'Patient', id }, request: { method: 'PUT', url: `Patient/${id}` } };
  expect((await api.ask('POST', '', bundle('transaction', [put, put]))).status).toBe(400);
});

test('conditional create and conditional references are resolved within a transaction', async () => {
  const value = unique();
  const known = { resourceType: 'Patient', identifier: [{ system: 'urn:test', value }] };
  const condition = { ifNoneExist: `identifier=urn:test|${value}` };
  const first = await api.ask('POST', '', bundle('transaction', [post(known, urn, condition), post(observation(urn))]));
  const again = await api.ask('POST', '', bundle('transaction', [post(known, urn, condition), post(observation(urn))]));
  expect([first, again].map((a) => a.body.entry[0].response.status)).toEqual(['201', '200']);
  const third = await api.ask(
    'POST',
    '',
    bundle('transaction', [post(observation(`Patient?identifier=urn:test|${value}`))]),
  );
  expect(third.status).toBe(200);
  const id = first.body.entry[0].response.location.split('/')[1];
  const found = await api.ask('GET', `Observation?subject=Patient/${id}&_summary=count`);
  expect(found.body.total).toBe(3);
  const none = await api.ask(
    'POST',
    '',
    bundle('transaction', [post(observation(`Patient?identifier=urn:test|${unique()}`))]),
  );
  expect(none.status).toBe(412);
});

test('a transaction deletes, updates, patches and reads, and its reads see its writes', async () => {
  const old = await api.make({ resourceType: 'Patient' });
  const kept = await api.make({ resourceType: 'Patient', active: true });
  const value = Buffer.from(JSON.stringify([{ op: 'replace', path: '/active', value: false }])).toString('base64');
  const answer = await api.ask(
    'POST',
    '',
    bundle('transaction', [
      { request: { method: 'GET', url: `Patient/${kept.id}` } },
      { request: { method: 'DELETE', url: `Patient/${old.id}` } },
      {
        resource: { resourceType: 'Binary', contentType: 'application/json-patch+json', data: value },
        request: { method: 'PATCH', url: `Patient/${kept.id}` },
      },
    ]),
  );
  expect(answer.body.entry.map((e: any) => e.response.status)).toEqual(['200', '204', '200']);
  expect(answer.body.entry[0].resource.active).toBe(false);
});

test('a transaction has no small limit: 3,000 entries', async () => {
  const entries = Array.from({ length: 3000 }, () => post({ resourceType: 'Basic', code: { text: 'many' } }));
  const answer = await api.ask('POST', '', bundle('transaction', entries));
  expect([answer.status, answer.body.entry.length]).toEqual([200, 3000]);
});

test('the entries of a batch stand alone', async () => {
  const made = await api.make({ resourceType: 'Patient' });
  const answer = await api.ask(
    'POST',
    '',
    bundle('batch', [
      { request: { method: 'GET', url: `Patient/${made.id}` } },
      { request: { method: 'GET', url: `Patient/${unique()}` } },
      post({ resourceType: 'Patient', gender: 'blue' }),
      post({ resourceType: 'Patient' }),
      { request: { method: 'GET', url: `Patient?_id=${made.id}` } },
    ]),
  );
  expect(answer.status).toBe(200);
  expect(answer.body.entry.map((e: any) => e.response.status)).toEqual(['200', '404', '422', '201', '200']);
  expect(answer.body.entry[2].response.outcome.issue[0].expression).toEqual(['Patient.gender']);
});

test('a bundle that is neither, or has entries without a request, is refused', async () => {
  expect((await api.ask('POST', '', bundle('collection', []))).status).toBe(400);
  expect((await api.ask('POST', '', bundle('transaction', [{ resource: { resourceType: 'Patient' } }]))).status).toBe(
    400,
  );
  expect((await api.ask('POST', '', { resourceType: 'Patient' })).status).toBe(400);
});

test('a batch entry that names no type of FHIR, or has no request, fails alone', async () => {
  const entries = [
    { request: { method: 'GET', url: 'Foo/1' } },
    post({ resourceType: 'Patient' }),
    { resource: { resourceType: 'Patient' } },
  ];
  const answer = await api.ask('POST', '', bundle('batch', entries));
  expect(answer.body.entry.map((e: any) => e.response.status)).toEqual(['404', '201', '400']);
});

test('a read in a transaction that finds nothing says so in its place: the rest is written', async () => {
  const entries = [{ request: { method: 'GET', url: `Patient/${unique()}` } }, post({ resourceType: 'Patient' })];
  const answer = await api.ask('POST', '', bundle('transaction', entries));
  expect(answer.body.entry.map((e: any) => e.response.status)).toEqual(['404', '201']);
});

test('a refused transaction names the entry that it is about', async () => {
  const refused = async (resource: object): Promise<unknown> =>
    (await api.ask('POST', '', bundle('transaction', [post({ resourceType: 'Patient' }), post(resource)]))).body
      .issue[0].expression;
  expect(await refused({ resourceType: 'Patient', gender: 'blue' })).toEqual(['Bundle.entry[1].resource.gender']);
  const dangling = { resourceType: 'Basic', code: { text: 'x' }, subject: { reference: `Patient/${unique()}` } };
  expect(await refused(dangling)).toEqual(['Bundle.entry[1].resource.subject.reference']);
});

test('a relative reference beside a RESTful fullUrl means the entry of the same base', async () => {
  const answer = await api.ask(
    'POST',
    '',
    bundle('transaction', [
      {
        fullUrl: 'http://elsewhere.test/fhir/Patient/8',
        resource: { resourceType: 'Patient', managingOrganization: { reference: 'Organization/9' } },
        request: { method: 'POST', url: 'Patient' },
      },
      {
        fullUrl: 'http://elsewhere.test/fhir/Organization/9',
        resource: { resourceType: 'Organization', id: '9', name: 'Nine' },
        request: { method: 'POST', url: 'Organization' },
      },
    ]),
    { prefer: 'return=representation' },
  );
  const [patient, organization] = answer.body.entry;
  expect(patient.resource.managingOrganization.reference).toBe(`Organization/${organization.resource.id}`);
});

test('of two creates under one condition in a transaction, one creates, and both stand for it', async () => {
  const value = unique();
  const entry = (fullUrl: string): object => ({
    fullUrl,
    resource: { resourceType: 'Patient', identifier: [{ system: 'urn:test', value }] },
    request: { method: 'POST', url: 'Patient', ifNoneExist: `identifier=urn:test|${value}` },
  });
  const second = 'urn:uuid:00000000-0000-4000-8000-000000000002';
  const basic = { resourceType: 'Basic', code: { text: 'x' }, subject: { reference: second } };
  const entries = [entry('urn:uuid:00000000-0000-4000-8000-000000000001'), entry(second), post(basic)];
  const answer = await api.ask('POST', '', bundle('transaction', entries));
  expect(answer.body.entry.map((e: any) => e.response.status)).toEqual(['201', '200', '201']);
  expect((await api.ask('GET', `Patient?identifier=urn:test|${value}`)).body.total).toBe(1);
});

test('a conditional update in a transaction refuses another id than that of what it found', async () => {
  const value = unique();
  const patient = { resourceType: 'Patient', identifier: [{ system: 'urn:test', value }] };
  await api.make(patient);
  const url = `Patient?identifier=urn:test|${value}`;
  const entries = [{ resource: { ...patient, id: 'another' }, request: { method: 'PUT', url } }];
  const answer = await api.ask('POST', '', bundle('transaction', entries));
  expect([answer.status, answer.body.issue[0].expression]).toEqual([400, ['Bundle.entry[0].resource.id']]);
});

test('twenty who create under one condition at once make one resource', async () => {
  const value = unique();
  const patient = { resourceType: 'Patient', identifier: [{ system: 'urn:test', value }] };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      api.ask('POST', 'Patient', patient, { 'if-none-exist': `identifier=urn:test|${value}` }),
    ),
  );
  expect(answers.filter((a) => a.status === 201)).toHaveLength(1);
  expect(new Set(answers.map((a) => a.body.id)).size).toBe(1);
});
