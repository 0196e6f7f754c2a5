import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { testCertificate } from '../../test/support/certificate.ts';
import { keepTlsFresh, readTls, tlsOptions } from './tls.ts';

const folder = mkdtempSync(join(tmpdir(), 'fyr-tls-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });

test.each([
  ['is not there', join(folder, 'missing.pem'), 'which cannot be read (ENOENT)'],
  ['is no certificate', file('junk.pem', 'junk'), 'which is not in PEM'],
])('a certificate that %s is told with its setting and file', (_, certificateFile, words) => {
  const read = (): unknown => readTls({ certificateFile, keyFile: file('key.pem', key as string) });
  expect(read).toThrow(`FYR_TLS_CERT names ${certificateFile}, ${words}`);
});

test('a renewed certificate is taken without a restart, and a broken one is reported while the old goes on', async () => {
  const [old, renewed] = [await testCertificate(), await testCertificate()];
  const files = { certificateFile: file('live.pem', old.cert), keyFile: file('live-key.pem', old.key) };
  const server = createServer(tlsOptions(old), (socket) => socket.end());
  const reports: string[] = [];
  const end = keepTlsFresh(server, files, (event) => reports.push(event), 20);
  onTestFinished(() => {
    end();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const isTrusting = (ca: string): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', ca, servername: 'localhost' }, () => {
        resolve(true);
        socket.destroy();
      });
      socket.on('error', () => resolve(false));
    });
  expect(await isTrusting(old.ca)).toBe(true);
  file('live.pem', 'junk');
  await expect.poll(() => reports).toContain('certificate not renewed');
  expect(await isTrusting(old.ca)).toBe(true);
  file('live.pem', renewed.cert);
  file('live-key.pem', renewed.key);
  await expect.poll(() => isTrusting(renewed.ca)).toBe(true);
  expect(reports).toContain('certificate renewed');
});
