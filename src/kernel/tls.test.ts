import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTls } from './tls.ts';

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
