/** Certificates, requests and revocation lists of the region's own authority (RFC 5280, RFC 2986), with ECDSA. Pure: keys and times are handed in. */
// The library finds its parts by metadata that this puts in place; it has to come first.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
  type X509CrlReason,
} from '@peculiar/x509';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';

const crypto = webcrypto;
type CryptoKey = webcrypto.CryptoKey;
const authorityCurve = { name: 'ECDSA', namedCurve: 'P-384' } as const;
const nodeCurve = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signing = { name: 'ECDSA', hash: 'SHA-384' } as const;
/** Clocks of nodes may differ by this much. */
const skewMs = 5 * 60_000;
const dayMs = 86_400_000;

/** The node's name in its certificate, besides the names of hosts: `urn:fyr:node:tromso`. */
export const nodeUriPrefix = 'urn:fyr:node:';

export type AuthorityKeys = {
  /** PEM. */
  certificate: string;
  /** PKCS #8, DER: to be encrypted before it is kept. */
  privateKey: Buffer;
};

/** A new authority: a key on P-384 and a certificate that it signs itself. */
export async function makeAuthority(
  { name, now, days }: { name: string; now: number; days: number },
  randomness: Randomness,
): Promise<AuthorityKeys> {
  const keys = await crypto.subtle.generateKey(authorityCurve, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: newSerial(randomness),
      name: [{ O: [name] }, { CN: [`${name} Fyr CA`] }],
      notBefore: new Date(now - skewMs),
      notAfter: new Date(now + days * dayMs),
      signingAlgorithm: signing,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  const privateKey = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  return { certificate: certificate.toString('pem'), privateKey };
}

/** The authority's key, for signing only. */
export async function signingKeyOf(privateKey: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('pkcs8', privateKey, authorityCurve, false, ['sign']);
}

/** A key of a node's own and the request for its certificate. The key never leaves the node. Both PEM. */
export async function makeRequest(node: string): Promise<{ key: string; request: string }> {
  const keys = await crypto.subtle.generateKey(nodeCurve, true, ['sign', 'verify']);
  const request = await Pkcs10CertificateRequestGenerator.create(
    { name: [{ CN: [node] }], keys, signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' } },
    crypto,
  );
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  return { key: pemOf('PRIVATE KEY', der), request: request.toString('pem') };
}

export type Authority = {
  /** PEM. */
  certificate: string;
  key: CryptoKey;
};

export type Issue = { node: string; hosts: readonly string[]; now: number; days: number };

/**
 * A node's certificate: for both ends of a connection. Who it is for is what the authority says; of the request only its key is taken.
 * Faults: unprocessable, for a request that is broken, not signed by its own key, or has a key of another kind than ECDSA on P-256 or P-384.
 */
export async function issueCertificate(
  authority: Authority,
  request: string,
  { node, hosts, now, days }: Issue,
  randomness: Randomness,
): Promise<{ serial: string; certificate: string; notAfter: number }> {
  const publicKey = await keyOfRequest(request);
  const issuer = new X509Certificate(authority.certificate);
  const serial = newSerial(randomness);
  const notAfter = Math.min(now + days * dayMs, issuer.notAfter.getTime());
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: serial,
      subject: [{ CN: [node] }],
      issuer: issuer.subjectName,
      notBefore: new Date(now - skewMs),
      notAfter: new Date(notAfter),
      signingAlgorithm: signing,
      publicKey,
      signingKey: authority.key,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth], false),
        new SubjectAlternativeNameExtension([
          { type: 'url', value: `${nodeUriPrefix}${node}` },
          ...[...new Set([node, ...hosts])].map((host) => ({ type: isIP(host) ? 'ip' : 'dns', value: host }) as const),
        ]),
        await SubjectKeyIdentifierExtension.create(publicKey, false, crypto),
        await AuthorityKeyIdentifierExtension.create(await issuer.publicKey.export(crypto), false, crypto),
      ],
    },
    crypto,
  );
  return { serial: certificate.serialNumber.toLowerCase(), certificate: certificate.toString('pem'), notAfter };
}

async function keyOfRequest(pem: string): Promise<CryptoKey> {
  const refuse = (why: string, cause?: unknown): never => {
    throw new Fault('unprocessable', `The certificate request is refused: ${why}.`, { cause });
  };
  if (pem.length > 10_000) refuse('it is too long');
  let request: Pkcs10CertificateRequest;
  let isProven: boolean;
  try {
    request = new Pkcs10CertificateRequest(pem);
    isProven = await request.verify(crypto);
  } catch (error) {
    return refuse('it can not be read', error);
  }
  if (!isProven) refuse('it is not signed by its own key');
  const { name, namedCurve } = request.publicKey.algorithm as { name: string; namedCurve?: string };
  if (name !== 'ECDSA' || (namedCurve !== 'P-256' && namedCurve !== 'P-384')) {
    refuse('its key must be one of ECDSA on P-256 or P-384');
  }
  return request.publicKey.export({ name: 'ECDSA', namedCurve }, ['verify'], crypto);
}

export type Revoked = { serial: string; revoked: number; reason: number };

/** A signed list of what is revoked. PEM. */
export async function makeRevocationList(
  authority: Authority,
  {
    number,
    now,
    nextUpdate,
    revoked,
  }: { number: number; now: number; nextUpdate: number; revoked: readonly Revoked[] },
): Promise<string> {
  const issuer = new X509Certificate(authority.certificate);
  const list = await X509CrlGenerator.create(
    {
      issuer: issuer.subjectName,
      thisUpdate: new Date(now - skewMs),
      nextUpdate: new Date(nextUpdate),
      signingAlgorithm: signing,
      signingKey: authority.key,
      entries: revoked.map((one) => ({
        serialNumber: one.serial,
        revocationDate: new Date(one.revoked),
        reason: one.reason as X509CrlReason,
      })),
      extensions: [
        await AuthorityKeyIdentifierExtension.create(await issuer.publicKey.export(crypto), false, crypto),
        new Extension('2.5.29.20', false, derInteger(number)),
      ],
    },
    crypto,
  );
  return pemOf('X509 CRL', Buffer.from(list.rawData));
}

/** With the labels that OpenSSL reads (RFC 7468); the library's own label for lists is another. */
function pemOf(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function derInteger(value: number): Uint8Array<ArrayBuffer> {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const padded = (bytes[0] ?? 0) >= 0x80 ? [0, ...bytes] : [...bytes];
  return Uint8Array.from([0x02, padded.length, ...padded]);
}

/** 127 random bits, positive, and never shortened by a leading zero (RFC 5280 §4.1.2.2). */
function newSerial(randomness: Randomness): string {
  const bytes = randomness.bytes(16);
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
