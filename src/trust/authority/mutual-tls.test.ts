import { mkdtempSync, statSync } from 'node:fs';
import { createServer, request as httpsRequest, type RequestOptions, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '#kernel/db.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { initAuthority, unlockAuthority } from './authority-key.ts';
import { createAuthority, type CertificateAuthority } from './authority.ts';
import { makeRequest } from './certificates.ts';
import { mutualTlsOptions, nodeOf, readIdentity, writeIdentity, type NodeIdentity } from './mutual-tls.ts';

let db: Db;
let region: CertificateAuthority;
let foreign: CertificateAuthority;
let server: Server;
let port: number;
/** Cheap to unlock: the tests try no passphrase by the thousand. */
const work = 16_384;
const clock = { now: () => Date.now() };
const longAgo = { now: () => Date.now() - 100 * 86_400_000 };

async function authorityNamed(name: string, at = clock): Promise<CertificateAuthority> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-mutual-'));
  const passphrase = 'correct horse battery';
  await initAuthority(folder, { name, passphrase, now: longAgo.now(), days: 3650, work }, systemRandomness);
  const authority = await unlockAuthority(folder, passphrase);
  const made = createAuthority({ authority, db, clock: at, randomness: systemRandomness });
  if (name === 'Region') old = createAuthority({ authority, db, clock: longAgo, randomness: systemRandomness });
  return made;
}
let old: CertificateAuthority;

async function identity(authority: CertificateAuthority, node: string, trusts = authority): Promise<NodeIdentity> {
  const { key, request } = await makeRequest(node);
  const { certificate } = await authority.issue(request, node, ['localhost']);
  return { certificate, key, authority: trusts.certificate, revocationList: await trusts.revocationList() };
}

/** Asks the server: its answer, or why there is none. */
function ask(options: RequestOptions): Promise<string> {
  return new Promise((resolve) => {
    const request = httpsRequest(
      { host: '127.0.0.1', port, agent: false, servername: 'localhost', ...options },
      (answer) => {
        answer.setEncoding('utf8');
        answer.on('data', resolve);
      },
    );
    request.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message));
    request.end();
  });
}

beforeAll(async () => {
  db = testDatabase();
  region = await authorityNamed('Region');
  foreign = await authorityNamed('Foreign');
  server = createServer(mutualTlsOptions(await identity(region, 'region')), (request, response) => {
    response.end(`hello ${nodeOf(request.socket as TLSSocket)}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await db.end();
});

test('a caller without a certificate is refused', async () => {
  const { ca, crl } = mutualTlsOptions(await identity(region, 'site-a'));
  expect(await ask({ ca, crl })).toMatch(/CERTIFICATE_REQUIRED|ECONNRESET|EPIPE/);
});

test('a caller with a certificate of another authority is refused', async () => {
  expect(await ask(mutualTlsOptions(await identity(foreign, 'site-b', region)))).toMatch(/UNKNOWN_CA|ECONNRESET|EPIPE/);
});

test('a caller whose certificate has expired is refused', async () => {
  const { key, request } = await makeRequest('site-c');
  const { certificate } = await old.issue(request, 'site-c', []);
  const expired = { certificate, key, authority: region.certificate, revocationList: await region.revocationList() };
  expect(await ask(mutualTlsOptions(expired))).toMatch(/EXPIRED|ECONNRESET|EPIPE/);
});

test('a caller is refused once its certificate is revoked and the server has the new list', async () => {
  const site = await identity(region, 'site-d');
  expect(await ask(mutualTlsOptions(site))).toBe('hello site-d');
  await region.revoke('site-d', 'key-compromise');
  server.setSecureContext(mutualTlsOptions(await identity(region, 'region')));
  expect(await ask(mutualTlsOptions(site))).toMatch(/REVOKED|ECONNRESET|EPIPE/);
});

test('a server of another authority, or at another name, is not spoken to', async () => {
  const site = await identity(region, 'site-e');
  expect(
    await ask({ ...mutualTlsOptions(site), ca: foreign.certificate, crl: await foreign.revocationList() }),
  ).toMatch(/UNABLE_TO|SELF_SIGNED|signature/i);
  expect(await ask({ ...mutualTlsOptions(site), servername: 'site-z' })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
});

test('TLS below 1.2 is refused', async () => {
  const site = mutualTlsOptions(await identity(region, 'site-f'));
  const { minVersion: _, ...options } = site;
  expect(await ask({ ...options, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).toMatch(
    /PROTOCOL|ALERT|NO_CIPHERS|ECONN/i,
  );
});

test('a node of the region is let in by its name, over TLS 1.2 and 1.3, and reached by its name at any address', async () => {
  const site = mutualTlsOptions(await identity(region, 'site-g'));
  expect(await ask(site)).toBe('hello site-g');
  expect(await ask({ ...site, maxVersion: 'TLSv1.2' })).toBe('hello site-g');
  expect(await ask({ ...site, servername: 'region' })).toBe('hello site-g');
});

test('an identity is kept in a folder, with the key for its owner only', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'fyr-identity-')), 'identity');
  expect(readIdentity(folder)).toBeUndefined();
  const site = await identity(region, 'site-h');
  writeIdentity(folder, site);
  expect(readIdentity(folder)).toEqual(site);
  expect(statSync(join(folder, 'node-key.pem')).mode & 0o777).toBe(0o600);
});
