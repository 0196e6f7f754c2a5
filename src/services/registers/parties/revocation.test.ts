import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  AuthorityInfoAccessExtension,
  CRLDistributionPointsExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
  type Extension,
} from '@peculiar/x509';
import { beforeAll, expect, test } from 'vitest';
import { checkRevocation, type FetchBytes } from './revocation.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const;
const now = Date.parse('2026-06-01T12:00:00Z');
const notBefore = new Date('2026-01-01');
const notAfter = new Date('2028-01-01');
const listUrl = 'http://authority.example.no/list.crl';
const issuerUrl = 'http://authority.example.no/issuer.cer';
const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

let authority: webcrypto.CryptoKeyPair;
let other: webcrypto.CryptoKeyPair;
let issuer: Uint8Array;

beforeAll(async () => {
  [authority, other] = [await newKeys(), await newKeys()];
  issuer = new Uint8Array(
    (
      await X509CertificateGenerator.createSelfSigned({
        name: 'CN=Prøveutsteder',
        keys: authority,
        notBefore,
        notAfter,
        signingAlgorithm: signing,
      })
    ).rawData,
  );
});

const pointers = [
  new CRLDistributionPointsExtension([listUrl]),
  new AuthorityInfoAccessExtension({ caIssuers: issuerUrl }),
];

async function certificate(serialNumber: string, extensions: Extension[] = pointers): Promise<Uint8Array> {
  const made = await X509CertificateGenerator.create({
    subject: 'CN=Laboratoriet',
    issuer: 'CN=Prøveutsteder',
    serialNumber,
    publicKey: (await newKeys()).publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: signing,
    notBefore,
    notAfter,
    extensions,
  });
  return new Uint8Array(made.rawData);
}

async function list({
  nextUpdate = new Date('2026-06-02'),
  signingKey = authority.privateKey,
} = {}): Promise<Uint8Array> {
  const made = await X509CrlGenerator.create({
    issuer: 'CN=Prøveutsteder',
    thisUpdate: new Date('2026-05-31'),
    nextUpdate,
    entries: [{ serialNumber: '0badbad1', revocationDate: new Date('2026-03-04') }],
    signingKey,
    signingAlgorithm: signing,
  });
  return new Uint8Array(made.rawData);
}

/** A way out that knows these two addresses only. */
const giving =
  (crl: Uint8Array): FetchBytes =>
  async (url) => {
    if (url === issuerUrl) return issuer;
    if (url === listUrl) return crl;
    throw new Error(`nothing at ${url}`);
  };

test('what can not be had or believed is unknown, with the reason', async () => {
  const good = await certificate('01');
  const stateOf = async (der: Uint8Array, fetch: FetchBytes): Promise<string> => {
    const { state, why } = await checkRevocation(der, now, fetch);
    return `${state}: ${why}`;
  };
  const unreachable: FetchBytes = () => Promise.reject(new Error('no answer'));
  expect(await stateOf(Buffer.from('no certificate'), giving(await list()))).toMatch(/^unknown: it could not/);
  expect(await stateOf(await certificate('01', []), giving(await list()))).toMatch(
    /^unknown: .*names no revocation list/,
  );
  expect(await stateOf(good, unreachable)).toBe('unknown: it could not be checked: no answer');
  expect(await stateOf(good, giving(await list({ signingKey: other.privateKey })))).toMatch(
    /^unknown: .*not signed by/,
  );
  expect(await stateOf(good, giving(await list({ nextUpdate: new Date('2026-05-31T12:00:00Z') })))).toMatch(
    /^unknown: .*out of date/,
  );
  expect(await stateOf(good, giving(Buffer.from('<html>')))).toMatch(/^unknown: it could not/);
});

test("the issuer's list decides, until it is to be had again", async () => {
  const crl = await list();
  expect(await checkRevocation(await certificate('01'), now, giving(crl))).toMatchObject({
    state: 'good',
    checkAgain: Date.parse('2026-06-02'),
  });
  expect(await checkRevocation(await certificate('0badbad1'), now, giving(crl))).toMatchObject({
    state: 'revoked',
    revokedOn: '2026-03-04',
  });
});
