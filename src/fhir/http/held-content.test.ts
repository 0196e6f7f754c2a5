import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApi, type TestApi } from '../../../test/support/fhir.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');

test('a Binary that is not what it says it is, is refused, as bytes and as a resource', async () => {
  const bytes = await api.ask('POST', 'Binary', png, { 'content-type': 'application/pdf' });
  expect([bytes.status, bytes.body.issue[0].diagnostics]).toEqual([
    422,
    'The content is called application/pdf, and is image/png.',
  ]);
  const resource = { resourceType: 'Binary', contentType: 'application/pdf', data: png.toString('base64') };
  expect((await api.ask('POST', 'Binary', resource)).status).toBe(422);
  expect((await api.ask('POST', 'Binary', { ...resource, contentType: 'image/png' })).status).toBe(201);
  expect((await api.ask('POST', 'Binary', png, { 'content-type': 'image/png' })).status).toBe(201);
});

test('an attachment that is not what it says it is, is refused, wherever it stands', async () => {
  const attachment = { contentType: 'image/jpeg', data: png.toString('base64') };
  const document = { resourceType: 'DocumentReference', status: 'current', content: [{ attachment }] };
  expect((await api.ask('POST', 'DocumentReference', document)).status).toBe(422);
  const entry = [{ resource: document, request: { method: 'POST', url: 'DocumentReference' } }];
  expect((await api.ask('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })).status).toBe(422);
  const right = { ...document, content: [{ attachment: { ...attachment, contentType: 'image/png' } }] };
  expect((await api.ask('POST', 'DocumentReference', right)).status).toBe(201);
});

test('a page that somebody stored runs nothing when it is opened', async () => {
  const page = Buffer.from('<html><script>alert(1)</script></html>');
  const made = await api.ask('POST', 'Binary', page, { 'content-type': 'text/html' });
  const { headers, text } = await api.ask(
    'GET',
    made.headers['location']?.toString().match(/Binary\/[^/]+/)?.[0] ?? '',
    undefined,
    {
      accept: 'text/html',
    },
  );
  expect(text).toBe(page.toString());
  expect(headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'content-disposition': 'attachment' });
});
