import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpServer } from '#kernel/http.ts';
import { createRequestLimits } from '#kernel/request-limits.ts';
import { testApi, type TestApi } from '../../../test/support/fhir.ts';
import { wholeGrant } from '../../../test/support/grant.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

test('who asks too much is told in FHIR, and when to come again', async () => {
  const time = { ms: 1_000_000 };
  const rates = { requestsPerAddress: 1, requestsPerSubject: 0, requestsAtOnce: 100, requestsAtOncePerSubject: 0 };
  const limits = createRequestLimits(rates, { now: () => time.ms });
  const server = await createHttpServer({ bodyBytesMax: 1000, requestTimeoutMs: 0, security: { limits } });
  await api.record.fhir.register(server, '/fhir', async () => ({ grant: wholeGrant, end: () => Promise.resolve() }));
  const ask = () => server.inject({ url: '/fhir/metadata', remoteAddress: '203.0.113.5' });
  for (let asked = 0; asked < 10; asked++) expect((await ask()).statusCode).toBe(200);
  const refused = await ask();
  expect(refused.statusCode).toBe(429);
  expect(refused.headers).toMatchObject({ 'retry-after': '1', 'cache-control': 'no-store' });
  expect(refused.json()).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'throttled' }] });
  time.ms += 1000;
  expect((await ask()).statusCode).toBe(200);
  await server.close();
});

test('a read says nothing to caches, and answers a copy that is still right with 304', async () => {
  const { id, meta } = await api.make({ resourceType: 'Basic', code: { text: 'x' } });
  const read = await api.ask('GET', `Basic/${id}`);
  expect(read.headers).toMatchObject({ 'cache-control': 'no-store', etag: `W/"${meta.versionId}"` });
  const again = await api.ask('GET', `Basic/${id}`, undefined, { 'if-none-match': `W/"${meta.versionId}"` });
  expect([again.status, again.headers['cache-control']]).toEqual([304, 'no-store']);
});
