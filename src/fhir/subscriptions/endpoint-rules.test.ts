import { expect, test } from 'vitest';
import { checkedEndpoint, isAllowedAddress } from './endpoint-rules.ts';

const open = { hostsAllowed: ['*'], loopbackAllowed: false };

test.each([
  'http://127.0.0.1/x',
  'http://127.1/x',
  'http://2130706433/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://0.0.0.0/',
  'http://169.254.169.254/latest/meta-data/',
  'http://[::ffff:169.254.169.254]/',
  'http://0xa9fea9fe/',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://224.0.0.1/',
  'http://100.100.100.200/',
  'ftp://receiver.example.no/',
  'file:///etc/passwd',
  'http://user:secret@receiver.example.no/',
  'not a url',
  'https:///',
])('refuses to call %s', (endpoint) => {
  expect(() => checkedEndpoint(endpoint, open)).toThrow();
});

test.each([
  ['https://receiver.example.no/hook', ['receiver.example.no'], true],
  ['https://RECEIVER.example.no./hook', ['receiver.example.no'], true],
  ['https://a.example.no/hook', ['*.example.no'], true],
  ['https://example.no.evil.test/hook', ['*.example.no'], false],
  ['https://evilexample.no/hook', ['*.example.no'], false],
  ['https://receiver.example.no/hook', [], false],
  ['http://10.0.0.8:8080/hook', ['*'], true],
])('calls %s where %j is allowed: %s', (endpoint, hostsAllowed, expected) => {
  const check = () => checkedEndpoint(endpoint, { hostsAllowed, loopbackAllowed: false });
  if (expected) expect(check().hostname).not.toBe('');
  else expect(check).toThrow();
});

test('receivers on the machine itself are called only where a setting says so', () => {
  expect(isAllowedAddress('127.0.0.1', open)).toBe(false);
  expect(isAllowedAddress('127.0.0.1', { ...open, loopbackAllowed: true })).toBe(true);
  expect(isAllowedAddress('169.254.169.254', { ...open, loopbackAllowed: true })).toBe(false);
});

test.each(['http://127.0.0.1:9000/hook', 'http://localhost:9000/hook', 'http://[::1]:9000/hook'])(
  'takes %s without a list of hosts where the setting for the machine itself says so',
  (endpoint) => {
    expect(checkedEndpoint(endpoint, { hostsAllowed: [], loopbackAllowed: true }).port).toBe('9000');
    expect(() => checkedEndpoint(endpoint, { hostsAllowed: [], loopbackAllowed: false })).toThrow();
  },
);
