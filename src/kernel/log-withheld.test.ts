import fc from 'fast-check';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLog } from './log.ts';
import { withhold, withholdText } from './log-withheld.ts';

const token = `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMzg5NzQ5OTUzOCJ9.${'s'.repeat(43)}`;

/** Planted: what stands in the middle must not come out. */
test.each([
  ['a header', { headers: { authorization: `DPoP ${token}` } }],
  ['a header in capitals', { Authorization: 'Bearer planted-secret-1' }],
  ['a cookie', { cookie: '__Host-fyr=planted-secret-1' }],
  ['a cookie that is set', { 'set-cookie': ['__Host-fyr-token=planted-secret-1; HttpOnly'] }],
  ['a member named after it', { clientSecret: 'planted-secret-1', x: { access_token: 'planted-secret-1' } }],
  ['a value with quotes in it', { password: 'planted"-secret-1\\' }],
  ['JSON within a text', { body: JSON.stringify({ refresh_token: 'planted-secret-1', other: 1 }) }],
  [
    'JSON within JSON within a text',
    { body: JSON.stringify({ a: JSON.stringify({ client_assertion: 'planted-secret-1' }) }) },
  ],
  ['an address', { url: '/callback?state=1&code=planted-secret-1&x=2' }],
  ['a form', { body: 'grant_type=x&client_secret=planted-secret-1' }],
  ['a URL with a password', { url: 'postgres://fyr:planted-secret-1@db.example.no/fyr' }],
  ['a message', { message: `the token ${token} is not good` }],
  ['a private key', { text: '-----BEGIN PRIVATE KEY-----\nplanted-secret-1\n-----END PRIVATE KEY-----' }],
  ['an identifier in an address', { url: '/fhir/Patient?identifier=urn%3Aoid%3A2.16.578.1.12.4.1.4.1%7C13897499538' }],
  ['an identifier in a message', { err: { message: 'Key (value)=(13897499538) exists' } }],
  ['a D-number', { text: 'of 53897499538.' }],
  ['a number of a test person', { text: 'fnr 13727499538' }],
])('%s does not come through', (_, value) => {
  expect(JSON.stringify(withhold(value))).not.toMatch(/planted|\d{11}|eyJ/);
});

test.each([
  ['ids and kinds', { event: 'start', id: '0192f3ab-1234-7abc-8def-123456789012', at: 1795449600000, status: 200 }],
  ['an address without secrets', { url: '/fhir/Observation?code=NPU27300&_count=50' }],
  ['settings', { config: { node: 'region', security: { nodeKeyFile: '/var/lib/fyr/keys/node.key' } } }],
  ['eleven digits that are no date', { number: '99999999999' }],
])('%s come through as they are', (_, value) => {
  expect(withhold(value)).toEqual(value);
});

test('whatever is logged, a line can be made of it', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }), (value) => {
      expect(() => JSON.stringify(withhold(value))).not.toThrow();
    }),
    { numRuns: 300 },
  );
});

test('a text of any length is read in time in proportion to it', () => {
  const begun = performance.now();
  for (const piece of [
    '"token":"',
    '\\"',
    'a=',
    'eyJ',
    '1'.repeat(11),
    'postgres://',
    '"token":"\\\\"',
    'eyJ-',
    'token',
    'Bearer ',
    '-----BEGIN PRIVATE KEY-----',
    ':// ',
    '://x:y',
  ])
    withholdText(piece.repeat(20_000));
  expect(performance.now() - begun).toBeLessThan(2000);
});

test('of an error the log has what helps to find it, and nothing that people wrote', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'fyr-log-')), 'fyr.log');
  const { log, close } = openLog({ level: 'info', file, node: 'test' });
  const database = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (name)=(Ola Planted) exists',
  });
  const error = Object.assign(new Error('not written', { cause: database }), { request: { body: 'planted' } });
  log.error({ event: 'bug', err: error }, 'bug');
  log.error(new Error('token=planted'));
  log.error({ err: new Error('of 13897499538') });
  log.info('token=planted of %s', '13897499538');
  log.info({ headers: { authorization: 'Bearer planted-secret-1' } }, 'asked');
  await close();
  const text = readFileSync(file, 'utf8');
  expect(text).not.toMatch(/planted|\d{11}/i);
  const [line] = text.split('\n').map((one) => one && JSON.parse(one));
  expect(line).toMatchObject({ event: 'bug', err: { message: 'not written', cause: { code: '23505' } } });
  expect(line.err.stack).toContain('log-withheld.test');
});
