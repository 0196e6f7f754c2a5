import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { sendOutgoing, type OutgoingRequest } from './outgoing.ts';
import { checkedUrl, isAllowedAddress, issuerRules } from './outgoing-rules.ts';

const open = { hostsAllowed: ['*'], loopbackAllowed: false };
const trial = { hostsAllowed: [], loopbackAllowed: true };

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
  'http://[2002:a9fe:a9fe::1]/',
  'http://224.0.0.1/',
  'http://100.100.100.200/',
  'http://10.0.0.8:8080/hook',
  'http://192.168.1.1/',
  'http://172.20.0.1/',
  'http://[fd12::1]/',
  'ftp://receiver.example.no/',
  'file:///etc/passwd',
  'http://user:secret@receiver.example.no/',
  'not a url',
  'https:///',
])('refuses to call %s', (endpoint) => {
  expect(() => checkedUrl(endpoint, open)).toThrow();
});

test.each([
  ['https://receiver.example.no/hook', ['receiver.example.no'], true],
  ['https://RECEIVER.example.no./hook', ['receiver.example.no'], true],
  ['https://a.example.no/hook', ['*.example.no'], true],
  ['https://example.no.evil.test/hook', ['*.example.no'], false],
  ['https://evilexample.no/hook', ['*.example.no'], false],
  ['https://receiver.example.no/hook', [], false],
  ['http://10.0.0.8:8080/hook', ['10.0.0.8'], true],
  ['http://10.0.0.9:8080/hook', ['10.0.0.8'], false],
])('calls %s where %j is allowed: %s', (endpoint, hostsAllowed, expected) => {
  const check = () => checkedUrl(endpoint, { hostsAllowed, loopbackAllowed: false });
  if (expected) expect(check().hostname).not.toBe('');
  else expect(check).toThrow();
});

test('a name that any may be called by can not lead into private networks, and one that a setting names may', () => {
  expect(isAllowedAddress('10.0.0.8', 'evil.test', open)).toBe(false);
  expect(isAllowedAddress('10.0.0.8', 'evil.test', { ...open, privateAllowed: true })).toBe(true);
  expect(isAllowedAddress('10.0.0.8', 'lab.example.no', { ...open, hostsAllowed: ['*', '*.example.no'] })).toBe(true);
  expect(isAllowedAddress('169.254.169.254', 'lab.example.no', { ...open, hostsAllowed: ['lab.example.no'] })).toBe(
    false,
  );
  expect(isAllowedAddress('127.0.0.1', 'lab.example.no', { ...open, hostsAllowed: ['lab.example.no'] })).toBe(false);
  expect(isAllowedAddress('203.0.113.8', 'evil.test', open)).toBe(true);
});

test.each(['http://127.0.0.1:9000/hook', 'http://localhost:9000/hook', 'http://[::1]:9000/hook'])(
  'takes %s without a list of hosts where the setting for the machine itself says so',
  (endpoint) => {
    expect(checkedUrl(endpoint, trial).port).toBe('9000');
    expect(() => checkedUrl(endpoint, { ...trial, loopbackAllowed: false })).toThrow();
  },
);

async function receiver(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const get = (url: string): OutgoingRequest => ({ method: 'GET', url, headers: {}, timeoutMs: 5000, bytesMax: 1000 });

test('a name that resolves to this machine is refused when connecting, whatever the list of hosts says', async () => {
  const port = await receiver((_request, response) => response.end('secret'));
  const named = { hostsAllowed: ['localhost'], loopbackAllowed: false };
  await expect(sendOutgoing(get(`http://localhost:${port}/`), named)).rejects.toThrow("can't be reached (EACCES)");
});

test('a redirect is not followed', async () => {
  const visited: string[] = [];
  const port = await receiver((request, response) => {
    visited.push(request.url ?? '');
    response.writeHead(302, { location: '/inside' }).end();
  });
  expect((await sendOutgoing(get(`http://127.0.0.1:${port}/`), trial)).status).toBe(302);
  expect(visited).toEqual(['/']);
});

test('an answer that does not end, in size or in time, is broken off', async () => {
  const port = await receiver((request, response) => {
    if (request.url === '/slow') return void response.write('x');
    const more = (): void => void response.write('x'.repeat(10_000), () => !response.destroyed && setImmediate(more));
    more();
  });
  await expect(sendOutgoing(get(`http://127.0.0.1:${port}/large`), trial)).rejects.toThrow('more than 1000 bytes');
  const slow = { ...get(`http://127.0.0.1:${port}/slow`), timeoutMs: 150 };
  await expect(sendOutgoing(slow, trial)).rejects.toThrow('within 0.15 s');
  expect((await sendOutgoing({ ...slow, bytesMax: 0 }, trial)).status).toBe(200);
});

test('issuers are asked at the hosts that the settings name, and on this machine only where one of them is', () => {
  const national = issuerRules(['https://helseid-sts.nhn.no']);
  expect(checkedUrl('https://helseid-sts.nhn.no/keys', national).pathname).toBe('/keys');
  expect(() => checkedUrl('https://elsewhere.example.no/keys', national)).toThrow('does not call');
  expect(() => checkedUrl('http://127.0.0.1:8081/keys', national)).toThrow('does not call');
  expect(checkedUrl('http://localhost:8081/keys', issuerRules(['http://localhost:8081'])).port).toBe('8081');
});
