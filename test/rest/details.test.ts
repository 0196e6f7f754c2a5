/** What clients trip over: refusals in the form that was asked for, headers, times, links. */
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApi, testBase, type TestApi } from '../support/fhir.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const unique = (): string => `t${process.hrtime.bigint()}`;
const basic = (more: object = {}): object => ({ resourceType: 'Basic', code: { text: 'x' }, ...more });

test('a refusal comes in the format that the address asks for', async () => {
  const answer = await api.ask('GET', `Patient/${unique()}?_format=xml&_pretty=true`);
  expect([answer.status, answer.headers['content-type']]).toEqual([404, 'application/fhir+xml; charset=utf-8']);
  expect(answer.text).toContain('\n  <issue>');
  expect((await api.ask('GET', 'Patient?_format=ttl')).body.resourceType).toBe('OperationOutcome');
});

test('metadata is a legal id', async () => {
  expect((await api.ask('PUT', 'Basic/metadata', basic({ id: 'metadata' }))).status).toBe(201);
  expect((await api.ask('GET', 'Basic/metadata')).body.id).toBe('metadata');
});

test.each([
  ['PUT', 'metadata', 'GET'],
  ['DELETE', 'Patient/1/_history', 'GET'],
  ['OPTIONS', 'Patient', 'GET, POST, PUT, PATCH, DELETE'],
  ['GET', 'Patient/1/$meta-add', 'POST'],
])('%s %s is refused with 405, an outcome and what is allowed', async (method, path, allow) => {
  const answer = await api.ask(method, path);
  expect([answer.status, answer.headers['allow']]).toEqual([405, allow]);
  expect(answer.body.resourceType).toBe('OperationOutcome');
});

test('a search by POST with a body that is no form is refused, not taken for a search of everything', async () => {
  expect((await api.ask('POST', 'Patient/_search', { name: 'x' })).status).toBe(415);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await api.ask('POST', 'Patient/_search', 'name=x', form)).status).toBe(200);
});

test('a compressed body is refused plainly', async () => {
  const answer = await api.ask('POST', 'Basic', basic(), { 'content-encoding': 'gzip' });
  expect([answer.status, answer.body.issue[0].diagnostics]).toEqual([415, expect.stringContaining('Content-Encoding')]);
});

test('an address with its host, as proxies write it, is understood', async () => {
  const made = await api.make(basic());
  await api.server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = api.server.server.address() as AddressInfo;
  const path = `http://127.0.0.1:${port}/fhir/Basic/${made.id}`;
  const status = await new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path }, (answer) => resolve(answer.resume().statusCode))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(200);
});

test('preconditions on what is there or not are 412', async () => {
  const id = unique();
  const put = (headers: { [name: string]: string }) =>
    api.ask('PUT', `Basic/${id}`, basic({ id }), headers).then((a) => a.status);
  expect(await put({ 'if-match': '*' })).toBe(412);
  expect(await put({ 'if-none-match': '*' })).toBe(201);
  expect(await put({ 'if-none-match': '*' })).toBe(412);
  expect(await put({ 'if-match': '*' })).toBe(200);
  await api.ask('DELETE', `Basic/${id}`);
  expect(await put({ 'if-match': '*' })).toBe(412);
  expect(await put({ 'if-none-match': '*' })).toBe(201);
});

test('a conditional create that finds says when that was written', async () => {
  const made = await api.make(basic());
  const found = await api.ask('POST', 'Basic', basic(), { 'if-none-exist': `_id=${made.id}` });
  expect([found.status, found.headers['etag']]).toEqual([200, 'W/"1-test"']);
  expect(Date.parse(found.headers['last-modified'] as string)).toBeGreaterThan(0);
});

test('_at gives the versions that were current then, also for a whole year', async () => {
  const made = await api.make(basic());
  let last = made;
  for (let version = 2; version <= 3; version++) last = (await api.ask('PUT', `Basic/${made.id}`, last)).body;
  const versions = async (at: string): Promise<string[]> => {
    const answer = await api.ask('GET', `Basic/${made.id}/_history?_at=${encodeURIComponent(at)}`);
    return answer.body.entry?.map((e: any) => e.resource.meta.versionId) ?? [];
  };
  const { lastUpdated } = last.meta;
  expect(await versions('2001')).toEqual([]);
  expect(await versions(lastUpdated.slice(0, 4))).toHaveLength(3);
  expect(await versions(new Date(Date.parse(lastUpdated) + 60_000).toISOString())).toEqual(['3-test']);
});

test('self names what was searched by, without what lenient handling ignored', async () => {
  const lenient = { prefer: 'handling=lenient' };
  const answer = await api.ask('GET', 'Basic?foo=bar&code:text=nothing', undefined, lenient);
  expect(answer.body.link[0].url).toBe(`${testBase}/Basic?code%3Atext=nothing`);
});

test('an old version of a Binary comes as bytes too', async () => {
  const made = await api.ask('POST', 'Binary', 'hei', { 'content-type': 'text/plain' });
  const path = `Binary/${made.body.id}/_history/${made.body.meta.versionId}`;
  expect((await api.ask('GET', path, undefined, { accept: 'text/plain' })).text).toBe('hei');
});

test('the CapabilityStatement tells where WebSockets are opened', async () => {
  const { extension } = (await api.ask('GET', 'metadata')).body.rest[0];
  expect(extension[0].valueUri).toBe('ws://fyr.test/fhir/ws');
});

test.each([
  [`${testBase}/Patient/nobody`],
  ['Patient?identifier=urn:test|nobody'],
  ['hello world'],
  ['Patient'],
  ['urn:uuid:00000000-0000-4000-8000-000000000009'],
])('the reference %s, which leads nowhere, is refused', async (reference) => {
  const answer = await api.ask('POST', 'Basic', basic({ subject: { reference } }));
  expect([answer.status, answer.body.issue[0].expression]).toEqual([422, ['Basic.subject.reference']]);
});

test('absolute references to this node, and those to others, are taken', async () => {
  const made = await api.make({ resourceType: 'Patient' });
  for (const reference of [`${testBase}/Patient/${made.id}`, 'https://elsewhere.test/fhir/Patient/1', 'urn:oid:1.2.3'])
    await api.make(basic({ subject: { reference } }));
  expect((await api.ask('DELETE', `Patient/${made.id}`)).status).toBe(409);
});
