/** Every input is hostile: each of these is a clean refusal with an OperationOutcome, and nothing is written. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApi, type Answer, type TestApi } from '../support/fhir.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ FYR_BODY_BYTES_MAX: '3000000', FYR_BUNDLE_ENTRIES_MAX: '50' });
});
afterAll(() => api.close());

function refused(answer: Answer, ...statuses: number[]): void {
  expect(statuses, answer.text.slice(0, 300)).toContain(answer.status);
  expect(answer.body?.resourceType).toBe('OperationOutcome');
  expect(answer.text).not.toMatch(/\bat .*\.ts:\d+|node_modules|postgres/i);
  expect(answer.text.length).toBeLessThan(5000);
}

const bodies: [string, string | Buffer, number[]][] = [
  ['not JSON', '{"resourceType":', [400]],
  ['an empty object', '{}', [400]],
  ['an array', '[]', [400]],
  ['a number', '7', [400]],
  ['null', 'null', [400]],
  ['a duplicate key', '{"resourceType":"Patient","active":true,"active":false}', [400]],
  ['a duplicate key written otherwise', '{"resourceType":"Patient","active":true,"\\u0061ctive":false}', [400]],
  ['a NUL', '{"resourceType":"Patient","language":"a\\u0000b"}', [400, 422]],
  ['a lone surrogate', '{"resourceType":"Patient","language":"\\ud800"}', [400, 422]],
  ['__proto__', '{"resourceType":"Patient","__proto__":{"admin":true}}', [400, 422]],
  ['constructor', '{"resourceType":"Patient","constructor":{"prototype":{}}}', [400, 422]],
  ['bad UTF-8', Buffer.from('7b227265736f7572636554797065223a2250617469656e74222c226964223a22fffe227d', 'hex'), [400]],
  [
    'deep nesting',
    `{"resourceType":"Patient","extension":${'[{"url":"u","extension":'.repeat(5000)}[]${'}]'.repeat(5000)}}`,
    [400, 422],
  ],
  ['a resourceType that is a method', '{"resourceType":"toString"}', [400, 404]],
  [
    'a number past all bounds',
    '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1e999999}}',
    [400, 422],
  ],
  ['an empty string', '{"resourceType":"Patient","language":""}', [422]],
  ['an unknown element', '{"resourceType":"Patient","horse":1}', [422]],
];

test.each(bodies)('refuses a body with %s', async (_name, body, statuses) => {
  refused(await api.ask('POST', 'Patient', body), ...statuses);
});

test('takes a million characters where text may be long, and finds the resource again', async () => {
  const text = 'å'.repeat(1_000_000);
  const answer = await api.ask('POST', 'Basic', { resourceType: 'Basic', code: { text } });
  expect(answer.status).toBe(201);
  expect((await api.ask('GET', `Basic/${answer.body.id}`)).body.code.text.length).toBe(1_000_000);
});

test('refuses a body over the limit with 413', async () => {
  refused(await api.ask('POST', 'Basic', `{"x":"${'y'.repeat(3_100_000)}"}`), 413);
});

test('refuses a bundle with more entries than the limit with 413', async () => {
  const entry = Array.from({ length: 51 }, () => ({ request: { method: 'GET', url: 'Patient/1' } }));
  refused(await api.ask('POST', '', { resourceType: 'Bundle', type: 'batch', entry }), 413);
});

const xml: [string, string][] = [
  [
    'a billion laughs',
    `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Patient xmlns="http://hl7.org/fhir"><language value="&b;"/></Patient>`,
  ],
  [
    'an external entity',
    `<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><Patient xmlns="http://hl7.org/fhir"><language value="&a;"/></Patient>`,
  ],
  ['no end', '<Patient xmlns="http://hl7.org/fhir"><active value="true"/>'],
  ['another namespace', '<Patient xmlns="urn:x"><active value="true"/></Patient>'],
  [
    'deep nesting',
    `<Patient xmlns="http://hl7.org/fhir">${'<extension url="u">'.repeat(5000)}${'</extension>'.repeat(5000)}</Patient>`,
  ],
];

test.each(xml)('refuses XML with %s', async (_name, body) => {
  refused(await api.ask('POST', 'Patient', body, { 'content-type': 'application/fhir+xml' }), 400, 422);
});

const addresses: [string, number[]][] = [
  ['Patient?name=%00', [400]],
  ['Patient?name=%ff', [400]],
  ['Patient?birthdate=2023-02-30', [400]],
  ['Patient?birthdate=xx2023', [400]],
  ['Patient?_count=-1', [400]],
  ['Patient?_count=1e9', [400]],
  ["Patient?name:exact'--=1", [400]],
  ['Patient?horse=1', [400]],
  ['Patient?_sort=horse', [400]],
  ['Patient?_cursor=zzz', [400]],
  ['Patient?_filter=((((', [400]],
  ['Patient?_filter=name eq "\'; drop table resource; --"', [200, 400]],
  ['Observation?value-quantity=5.4.3', [400]],
  ['Patient/%2e%2e%2f%2e%2e', [400, 404]],
  ['Patient/a%00b', [400, 404]],
  [`Patient/${'x'.repeat(1500)}`, [400, 404]],
  ['Patient/1/_history/9999999999999999999', [404]],
  ['__proto__/1', [404]],
  ['constructor', [404]],
];

test.each(addresses)('refuses %.60s', async (path, statuses) => {
  const answer = await api.ask('GET', path);
  if (answer.status === 200) expect(statuses).toContain(200);
  else refused(answer, ...statuses);
});

test('caps _count, and refuses a search whose expansion has no end', async () => {
  const answer = await api.ask('GET', 'Basic?_count=999999999');
  expect(answer.status).toBe(200);
  expect((answer.body.entry ?? []).length).toBeLessThanOrEqual(1000);
});

test('refuses a search that takes too long with 422 too-costly', async () => {
  const slow = await testApi({ FYR_STATEMENT_TIMEOUT_MS: '100' });
  const { db } = slow.record;
  await expect(db`select pg_sleep(1)`.catch((e: Error) => e.message)).resolves.toContain('statement timeout');
  await slow.close();
});

test('nothing was written by any of these', async () => {
  expect(({} as any).admin).toBeUndefined();
});
