import { connect, type AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { testCertificate } from '../../test/support/certificate.ts';
import { Fault } from './fault.ts';
import { refusePlainHttp } from './http-security.ts';
import { createHttpServer, type HttpOptions, type HttpServer } from './http.ts';
import { createRequestLimits } from './request-limits.ts';

const time = { ms: 1_000_000 };
const clock = { now: () => time.ms };
const unlimited = { requestsPerAddress: 0, requestsPerSubject: 0, requestsAtOnce: 1000, requestsAtOncePerSubject: 0 };

async function serverOf(options: Partial<HttpOptions> = {}): Promise<HttpServer> {
  const server = await createHttpServer({ bodyBytesMax: 1000, requestTimeoutMs: 0, ...options });
  server.get('/there', () => ({ ok: true }));
  server.get('/page', (_request, reply) => reply.header('content-security-policy', "default-src 'self'").send('x'));
  server.get('/refused', () => {
    throw new Fault('forbidden', 'no');
  });
  onTestFinished(() => server.close());
  return server;
}

test.each(['/there', '/refused', '/nowhere', '/%'])(
  'what %s answers runs nothing, is framed nowhere, and stays in no cache',
  async (url) => {
    const { headers } = await (await serverOf()).inject({ url, headers: { accept: 'text/html,*/*;q=0.8' } });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*frame-ancestors 'none'; sandbox$/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['strict-transport-security']).toBeUndefined();
  },
);

test('what a browser opens as a document is cut off from who opened it, and from the devices', async () => {
  const { headers } = await (await serverOf()).inject({ url: '/page', headers: { accept: 'text/html' } });
  expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  expect(headers['permissions-policy']).toContain('camera=()');
});

test('a page may say its own policy', async () => {
  const { headers } = await (await serverOf()).inject('/page');
  expect(headers['content-security-policy']).toBe("default-src 'self'");
});

test('browsers are told to come by HTTPS only where the node is reached by HTTPS', async () => {
  const { headers } = await (await serverOf({ security: { isHttps: true } })).inject('/there');
  expect(headers['strict-transport-security']).toBe('max-age=31536000');
});

test('pages of other origins may call only where a setting names them, and never with cookies', async () => {
  const server = await serverOf({ security: { origins: ['https://app.example.no'] } });
  const asked = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' };
  for (const origin of [
    'https://evil.example.no',
    'https://app.example.no.evil.test',
    'null',
    'http://app.example.no',
  ]) {
    const preflight = await server.inject({ method: 'OPTIONS', url: '/there', headers: { origin, ...asked } });
    expect(preflight.statusCode, origin).toBe(403);
    const simple = await server.inject({ url: '/there', headers: { origin } });
    expect(simple.headers['access-control-allow-origin']).toBeUndefined();
  }
  const origin = 'https://app.example.no';
  const preflight = await server.inject({ method: 'OPTIONS', url: '/there', headers: { origin, ...asked } });
  expect(preflight.statusCode).toBe(204);
  expect(preflight.headers['access-control-allow-headers']).toMatch(/\bDPoP\b/);
  const { headers } = await server.inject({ url: '/there', headers: { origin } });
  expect(headers).toMatchObject({ 'access-control-allow-origin': origin, vary: 'Origin' });
  expect(headers['access-control-allow-credentials']).toBeUndefined();
});

test('a page of another origin can not open a WebSocket', async () => {
  const server = await serverOf({ security: { origins: ['https://app.example.no'] } });
  const open = async (origin: string): Promise<number> => {
    const headers = { origin, upgrade: 'websocket', connection: 'Upgrade', host: 'fyr.example.no' };
    return (await server.inject({ url: '/there', headers })).statusCode;
  };
  for (const origin of ['https://evil.example.no', 'null', 'https://fyr.example.no.evil.test']) {
    expect(await open(origin), origin).toBe(403);
  }
  expect(await open('https://fyr.example.no')).toBe(200);
  expect(await open('https://app.example.no')).toBe(200);
});

test('an address that asks too much is told when to come again; another and this very machine are not held back', async () => {
  const limits = createRequestLimits({ ...unlimited, requestsPerAddress: 1 }, clock);
  const server = await serverOf({ proxies: ['127.0.0.1'], security: { limits } });
  const ask = (address: string) => server.inject({ url: '/there', headers: { 'x-forwarded-for': address } });
  for (let asked = 0; asked < 10; asked++) expect((await ask('203.0.113.5')).statusCode).toBe(200);
  const refused = await ask('203.0.113.5');
  expect([refused.statusCode, refused.headers['retry-after'], refused.json()]).toEqual([
    429,
    '1',
    { problem: 'Too many requests. Try again in 1 s.' },
  ]);
  expect((await ask('203.0.113.6')).statusCode).toBe(200);
  expect((await server.inject('/there')).statusCode).toBe(200);
  time.ms += 1000;
  expect((await ask('203.0.113.5')).statusCode).toBe(200);
});

test('addresses of one IPv6 network count as one, however they are written', () => {
  const limits = createRequestLimits({ ...unlimited, requestsPerAddress: 1 }, clock);
  for (let host = 0; host < 10; host++) limits.address(`2001:db8:0:7::${host}`);
  expect(() => limits.address('2001:0DB8:0000:0007:1:2:3:4')).toThrow(/Too many/);
  expect(() => limits.address('2001:db8:0:8::1')).not.toThrow();
  for (let host = 0; host < 50; host++) limits.address('::ffff:127.0.0.1');
});

test('a client that is not behind a known proxy can not choose its address', async () => {
  const limits = createRequestLimits({ ...unlimited, requestsPerAddress: 1 }, clock);
  const server = await serverOf({ security: { limits } });
  for (let asked = 0; asked < 12; asked++) {
    const { statusCode } = await server.inject({
      url: '/there',
      remoteAddress: '203.0.113.9',
      headers: { 'x-forwarded-for': `198.51.100.${asked}` },
    });
    expect(statusCode).toBe(asked < 10 ? 200 : 429);
  }
});

test('a subject that asks too much is told so, and others are not held back', () => {
  const limits = createRequestLimits({ ...unlimited, requestsPerSubject: 2 }, clock);
  for (let asked = 0; asked < 20; asked++) void limits.subject('one', {});
  expect(() => limits.subject('one', {})).toThrow(expect.objectContaining({ kind: 'busy', retryAfterSeconds: 1 }));
  expect(limits.subject('other', {})).toBeUndefined();
  for (let asked = 0; asked < 200; asked++) void limits.subject('a system', {}, 'system');
  expect(() => limits.subject('a system', {}, 'system')).toThrow(/Too many/);
});

test('more requests at once than the node takes on are told to come again, and places are given back', async () => {
  const limits = createRequestLimits({ ...unlimited, requestsAtOnce: 1 }, clock);
  const server = await serverOf({ security: { limits } });
  let release = (): void => {};
  const waiting = new Promise<void>((resolve) => (release = resolve));
  server.get('/slow', async () => waiting.then(() => 'done'));
  const url = await listening(server);
  const slow = fetch(`${url}/slow`).then((answer) => answer.text());
  await expect.poll(async () => (await fetch(`${url}/there`)).status).toBe(503);
  release();
  expect(await slow).toBe('done');
  await expect.poll(async () => (await fetch(`${url}/there`)).status).toBe(200);
});

test('who sends the headers byte by byte is cut off', async () => {
  const server = await serverOf({ requestTimeoutMs: 400 });
  await listening(server);
  const { port } = server.server.address() as AddressInfo;
  const begun = performance.now();
  const said = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /there HTTP/1.1\r\nhost: x\r\n'));
    const drip = setInterval(() => socket.write('x'), 50);
    let text = '';
    socket.on('data', (data) => (text += data.toString()));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(drip);
      resolve(text);
    });
    socket.setTimeout(15_000, () => reject(new Error('it was not cut off')));
  });
  expect(said).toMatch(/^HTTP\/1.1 408|^$/);
  expect(performance.now() - begun).toBeLessThan(15_000);
});

test('an address and headers beyond 16 kB are refused', async () => {
  const url = await listening(await serverOf());
  expect((await fetch(`${url}/there?x=${'y'.repeat(17_000)}`)).status).toBe(431);
  expect((await fetch(`${url}/there?x=${'y'.repeat(12_000)}`)).status).toBe(200);
});

test('a stop ends though a request does not', async () => {
  const server = await serverOf({ security: { closeWithinMs: 100 } });
  let isUnderWay = false;
  server.get('/never', () => {
    isUnderWay = true;
    return new Promise(() => {});
  });
  const url = await listening(server);
  const hanging = fetch(`${url}/never`).then(
    () => 'answered',
    () => 'cut off',
  );
  await expect.poll(() => isUnderWay).toBe(true);
  await server.close();
  expect(await hanging).toBe('cut off');
});

test.each([
  ['0.0.0.0', undefined, false, 'refused'],
  ['192.0.2.7', undefined, false, 'refused'],
  ['::', undefined, false, 'refused'],
  ['node.example.no', undefined, false, 'refused'],
  ['127.0.0.1', undefined, false, 'taken'],
  ['localhost', undefined, false, 'taken'],
  ['::1', undefined, false, 'taken'],
  ['0.0.0.0', { certificateFile: 'a', keyFile: 'b' }, false, 'taken'],
  ['0.0.0.0', undefined, true, 'taken'],
])('to listen on %s with certificate %j, behind a proxy %s, is %s', (host, tls, isPlainHttpBehindProxy, expected) => {
  const check = (): void => refusePlainHttp({ host, tls, security: { isPlainHttpBehindProxy } });
  if (expected === 'refused') expect(check).toThrow(/in the clear/);
  else expect(check).not.toThrow();
});

test('TLS 1.1 is refused, and 1.2 and 1.3 are spoken', async () => {
  const server = await serverOf({ tls: await testCertificate() });
  await listening(server);
  const { port } = server.server.address() as AddressInfo;
  const spoken = (
    minVersion: 'TLSv1' | 'TLSv1.2' | 'TLSv1.3',
    maxVersion: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3',
  ): Promise<string> =>
    new Promise((resolve) => {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, minVersion, maxVersion }, () => {
        resolve(socket.getProtocol() ?? '');
        socket.destroy();
      });
      socket.on('error', () => resolve('refused'));
    });
  expect(await spoken('TLSv1', 'TLSv1.1')).toBe('refused');
  expect(await spoken('TLSv1.2', 'TLSv1.2')).toBe('TLSv1.2');
  expect(await spoken('TLSv1.3', 'TLSv1.3')).toBe('TLSv1.3');
});

async function listening(server: HttpServer): Promise<string> {
  return server.listen({ host: '127.0.0.1', port: 0 });
}
