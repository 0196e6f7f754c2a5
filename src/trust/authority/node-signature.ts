/** Signatures by nodes of the region: a JWS that carries the certificate of who signed it (`x5c`, RFC 7515 §4.1.6), believed as on a line between nodes. */
import { X509Certificate as Certificate, type KeyObject } from 'node:crypto';
// The library finds its parts by metadata that this puts in place; it has to come first.
import 'reflect-metadata';
import { X509Crl } from '@peculiar/x509';
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import { nodeUriPrefix } from './certificates.ts';
import type { NodeIdentity } from './mutual-tls.ts';

export type SigningHeader = { x5c?: unknown };

const lengthMax = 10_000;

/**
 * The key of the node that signed, by the header of what it signed.
 * @param identityOf who this node is in its region; undefined where it is in none
 * Faults: forbidden, for who is no node of the region, or no longer.
 */
export function createNodeKeys(
  identityOf: () => NodeIdentity | undefined,
  clock: Clock,
): (header: SigningHeader) => KeyObject {
  return ({ x5c }) => {
    const identity = identityOf();
    const [der] = Array.isArray(x5c) ? (x5c as unknown[]) : [];
    if (identity === undefined || typeof der !== 'string' || der.length > lengthMax) throw stranger();
    const certificate = certificateIn(der);
    if (!isOfRegion(certificate, identity, clock.now())) throw stranger();
    return certificate.publicKey;
  };
}

function isOfRegion(certificate: Certificate, { authority, revocationList }: NodeIdentity, now: number): boolean {
  const issuer = new Certificate(authority);
  const names = certificate.subjectAltName?.split(', ') ?? [];
  return (
    !certificate.ca &&
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey) &&
    certificate.validFromDate.getTime() <= now &&
    now <= certificate.validToDate.getTime() &&
    names.some((name) => name.startsWith(`URI:${nodeUriPrefix}`)) &&
    new X509Crl(revocationList).findRevoked(certificate.serialNumber.toLowerCase()) === null
  );
}

function certificateIn(der: string): Certificate {
  try {
    return new Certificate(Buffer.from(der, 'base64'));
  } catch (error) {
    throw stranger(error);
  }
}

const stranger = (cause?: unknown): Fault =>
  new Fault('forbidden', 'The attestation is signed by nobody whom this node knows as one of its region.', {
    reason: 'attestation_is_not_signed',
    cause,
  });
