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
