import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type Db } from '#kernel/db.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { ownDatabaseUrl, testDatabase } from '../../../test/support/database.ts';
import { initAuthority, unlockAuthority } from './authority-key.ts';
import { createAuthority, type CertificateAuthority } from './authority.ts';
import { makeRequest } from './certificates.ts';
import { readEnrolmentCode } from './enrolment-code.ts';

const passphrase = 'correct horse battery';
const folder = mkdtempSync(join(tmpdir(), 'fyr-authority-'));
const time = { ms: Date.parse('2026-11-23T12:00:00Z') };
/** Cheap to unlock: the tests try no passphrase by the thousand. */
const work = 16_384;
const clock = { now: () => time.ms };
const dayMs = 86_400_000;
let db: Db;
let authority: CertificateAuthority;

beforeAll(async () => {
  await initAuthority(folder, { name: 'Helse Prøve', passphrase, now: time.ms, days: 3650, work }, systemRandomness);
  db = testDatabase();
  const unlocked = await unlockAuthority(folder, passphrase);
  authority = createAuthority({ authority: unlocked, db, clock, randomness: systemRandomness });
});
afterAll(() => db.end());

test('a wrong passphrase does not unlock the key, nor does the key beside another certificate', async () => {
  await expect(unlockAuthority(folder, 'correct horse')).rejects.toThrow('not the passphrase');
  const other = mkdtempSync(join(tmpdir(), 'fyr-authority-'));
  await initAuthority(other, { name: 'Other', passphrase, now: time.ms, days: 10, work }, systemRandomness);
  writeFileSync(join(other, 'ca-key.json'), readFileSync(join(folder, 'ca-key.json')));
  await expect(unlockAuthority(other, passphrase)).rejects.toThrow('not the passphrase');
});

test('an authority is never made over another', async () => {
  const again = initAuthority(folder, { name: 'x', passphrase, now: time.ms, days: 1, work }, systemRandomness);
  await expect(again).rejects.toThrow('already');
  await expect(unlockAuthority('/nowhere', passphrase)).rejects.toThrow('fyr ca init');
});

test('the private key lies nowhere in the clear', async () => {
  const text = readFileSync(join(folder, 'ca-key.json'), 'utf8');
  expect(text).not.toMatch(/PRIVATE KEY|"d"/);
  expect(JSON.parse(text)).toMatchObject({ kdf: 'scrypt', N: 16_384 });
});

test.each([
  ['junk', 'it can not be read'],
  ['x'.repeat(20_000), 'it is too long'],
])('a request that is %.10s is refused', async (request, why) => {
  await expect(authority.issue(request, 'ward-1', [])).rejects.toThrow(why);
});

test('a request whose signature is not of its own key is refused', async () => {
  const { request } = await makeRequest('ward-1');
  const bytes = Buffer.from(request.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  bytes[bytes.length - 3] = (bytes.at(-3) as number) ^ 1;
  const altered = `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
  await expect(authority.issue(altered, 'ward-1', [])).rejects.toThrow('refused');
});

test.each([
  ['Region', []],
  ['region', ['*.example.no']],
  ['region', ['evil.example.no, URI:urn:fyr:node:region']],
  ['', []],
])('the names %j %j are refused', async (node, hosts) => {
  const { request } = await makeRequest('x');
  await expect(authority.issue(request, node, hosts)).rejects.toThrow(/is no/);
});

test('a certificate is for the node that the authority names, whatever the request says', async () => {
  const { request } = await makeRequest('region');
  const issued = await authority.issue(request, 'ward-2', ['ward-2.example.no', '10.0.0.7', '2001:db8::7']);
  const certificate = new X509Certificate(issued.certificate);
  expect(certificate.subject).toBe('CN=ward-2');
  expect(certificate.subjectAltName?.split(', ')).toEqual([
    'URI:urn:fyr:node:ward-2',
    'DNS:ward-2',
    'DNS:ward-2.example.no',
    'IP Address:10.0.0.7',
    'IP Address:2001:DB8:0:0:0:0:0:7',
  ]);
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
  expect(Date.parse(certificate.validTo) - time.ms).toBe(90 * dayMs);
});

test('a code lets one node enrol, once, in time', async () => {
  const code = await authority.createCode('ward-3', ['ward-3.example.no']);
  const { request } = await makeRequest('whoever');
  const typed = ` ${code.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')} `;
  const both = await Promise.allSettled([authority.enrol(typed, request), authority.enrol(code, request)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(authority.enrol(code, request)).rejects.toThrow('unknown, was used already, or is too old');
  const [issued] = await authority.list('ward-3');
  expect(issued?.hosts).toEqual(['ward-3.example.no']);
  const late = await authority.createCode('ward-3', [], 1000);
  time.ms += 1000;
  await expect(authority.enrol(late, request)).rejects.toThrow('too old');
  await expect(authority.enrol('no code', request)).rejects.toThrow('unknown');
});

test('a code tells the new node which region it belongs to', async () => {
  const code = readEnrolmentCode(await authority.createCode('ward-4', []));
  expect(code?.fits(authority.certificate)).toBe(true);
  const other = mkdtempSync(join(tmpdir(), 'fyr-authority-'));
  const { certificate } = await initAuthority(
    other,
    { name: 'O', passphrase, now: time.ms, days: 9 },
    systemRandomness,
  );
  expect(code?.fits(certificate)).toBe(false);
  expect(readEnrolmentCode('ABCD')).toBeUndefined();
});

test('renewal keeps name and hosts, and is refused for what is revoked, expired or foreign', async () => {
  const { request } = await makeRequest('x');
  const first = await authority.issue(request, 'site-1', ['site-1.example.no']);
  const next = await makeRequest('x');
  const renewed = await authority.renew(first.certificate, next.request);
  expect({ node: renewed.node, hosts: renewed.hosts }).toEqual({ node: 'site-1', hosts: ['site-1.example.no'] });
  expect(renewed.serial).not.toBe(first.serial);
  const other = mkdtempSync(join(tmpdir(), 'fyr-authority-'));
  const foreign = await initAuthority(other, { name: 'O', passphrase, now: time.ms, days: 9, work }, systemRandomness);
  await expect(authority.renew(foreign.certificate, next.request)).rejects.toThrow('not of this region');
  await expect(authority.renew('junk', next.request)).rejects.toThrow('can not be read');
  expect(await authority.revoke('site-1', 'key-compromise')).toHaveLength(2);
  await expect(authority.renew(renewed.certificate, next.request)).rejects.toThrow('revoked');
  await expect(authority.revoke('site-1', 'superseded')).rejects.toThrow('no good certificate');
  const short = await authority.issue(request, 'site-2', [], 1);
  time.ms += dayMs;
  expect((await authority.renew(short.certificate, next.request)).node).toBe('site-2');
  expect(await authority.revoke(short.serial, 'key-compromise')).toEqual([short.serial]);
  await expect(authority.renew(short.certificate, next.request)).rejects.toThrow('revoked');
  const long = await authority.issue(request, 'site-3', [], 1);
  time.ms += 31 * dayMs;
  await expect(authority.renew(long.certificate, next.request)).rejects.toThrow('expired');
});

test('the revocation list is made anew each day and at each revocation, under a number that grows', async () => {
  const own = openDatabase(await ownDatabaseUrl('authority_list'), { connectionsMax: 4 });
  const unlocked = await unlockAuthority(folder, passphrase);
  const alone = createAuthority({ authority: unlocked, db: own, clock, randomness: systemRandomness });
  const first = await alone.revocationList();
  expect(await alone.revocationList()).toBe(first);
  const { request } = await makeRequest('x');
  await alone.issue(request, 'site-9', []);
  await Promise.all([alone.revoke('site-9', 'unspecified'), alone.revocationList()]);
  const second = await alone.revocationList();
  expect(second).not.toBe(first);
  time.ms += dayMs + 1;
  expect(await alone.revocationList()).not.toBe(second);
  await own.end();
});

test('an authority that is made anew has nothing to do with what the one before issued, revoked and allowed', async () => {
  const other = mkdtempSync(join(tmpdir(), 'fyr-authority-'));
  await initAuthority(other, { name: 'Anew', passphrase, now: time.ms, days: 9, work }, systemRandomness);
  const anew = createAuthority({
    authority: await unlockAuthority(other, passphrase),
    db,
    clock,
    randomness: systemRandomness,
  });
  const { request } = await makeRequest('x');
  await authority.issue(request, 'site-7', []);
  expect(await anew.list('site-7')).toEqual([]);
  await expect(anew.revoke('site-7', 'superseded')).rejects.toThrow('no good certificate');
  await expect(anew.enrol(await authority.createCode('site-7', []), request)).rejects.toThrow('unknown');
  expect(await anew.revocationList()).not.toBe(await authority.revocationList());
});
