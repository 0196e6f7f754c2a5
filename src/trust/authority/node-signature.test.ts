import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactVerify, CompactSign, generateKeyPair } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '#kernel/db.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { initAuthority, unlockAuthority } from './authority-key.ts';
import { createAuthority, type CertificateAuthority } from './authority.ts';
import { makeRequest } from './certificates.ts';
import type { NodeIdentity } from './mutual-tls.ts';
import { createNodeKeys } from './node-signature.ts';

const dayMs = 86_400_000;
const time = { ms: Date.now() };
const clock = { now: () => time.ms };
let db: Db;
let region: CertificateAuthority;
let foreign: CertificateAuthority;

async function authorityNamed(name: string): Promise<CertificateAuthority> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-signature-'));
  const passphrase = 'correct horse battery';
  // Cheap to unlock: nobody tries passphrases here.
  await initAuthority(folder, { name, passphrase, now: time.ms, days: 3650, work: 16_384 }, systemRandomness);
  return createAuthority({
    authority: await unlockAuthority(folder, passphrase),
    db,
    clock,
    randomness: systemRandomness,
  });
}

beforeAll(async () => {
  db = testDatabase();
  [region, foreign] = [await authorityNamed('Region of signatures'), await authorityNamed('Another region')];
});
afterAll(() => db.end());

async function nodeOf(authority: CertificateAuthority, node: string): Promise<NodeIdentity> {
  const { key, request } = await makeRequest(node);
  const { certificate } = await authority.issue(request, node, []);
  return { certificate, key, authority: region.certificate, revocationList: await region.revocationList() };
}

const x5cOf = (pem: string): string[] => [new X509Certificate(pem).raw.toString('base64')];
const signed = (key: Parameters<CompactSign['sign']>[0], header: object): Promise<string> =>
  new CompactSign(new TextEncoder().encode('attested')).setProtectedHeader({ alg: 'ES256', ...header }).sign(key);

test('what a node of the region signs is believed; nobody else, nor a node that was revoked or whose time is over', async () => {
  const [here, ward] = [await nodeOf(region, 'here'), await nodeOf(region, 'ward')];
  let identity: NodeIdentity | undefined = here;
  const keys = createNodeKeys(() => identity, clock);
  const jws = await signed(createPrivateKey(ward.key), { x5c: x5cOf(ward.certificate) });
  const verify = (text: string): Promise<unknown> => compactVerify(text, keys as never, { algorithms: ['ES256'] });
  await expect(verify(jws)).resolves.toBeDefined();

  const stranger = (await generateKeyPair('ES256')).privateKey;
  const abroad = await nodeOf(foreign, 'ward');
  const refused: Readonly<Record<string, string>> = {
    'another key under the certificate of a node': await signed(stranger, { x5c: x5cOf(ward.certificate) }),
    'a node of another region': await signed(createPrivateKey(abroad.key), { x5c: x5cOf(abroad.certificate) }),
    'the certificate of the authority itself': await signed(stranger, { x5c: x5cOf(region.certificate) }),
    'no certificate': await signed(stranger, {}),
    'what is no certificate': await signed(stranger, { x5c: ['AAAA'] }),
    'one that is too long': await signed(stranger, { x5c: ['A'.repeat(20_000)] }),
    'a certificate that is no list': await signed(stranger, { x5c: x5cOf(ward.certificate)[0] }),
  };
  for (const [what, text] of Object.entries(refused)) await expect(verify(text), what).rejects.toThrow();

  identity = undefined;
  await expect(verify(jws), 'a node that is in no region').rejects.toMatchObject({ kind: 'forbidden' });
  identity = here;
  time.ms += 400 * dayMs;
  await expect(verify(jws), 'after its time').rejects.toMatchObject({ reason: 'attestation_is_not_signed' });
  time.ms -= 400 * dayMs;
  await region.revoke('ward', 'key-compromise');
  identity = { ...here, revocationList: await region.revocationList() };
  await expect(verify(jws), 'after it was revoked').rejects.toMatchObject({ reason: 'attestation_is_not_signed' });
});
