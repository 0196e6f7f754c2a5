/** Whose file it is: a certificate of the region's authority, not revoked, and of the node that the file says. */
// The library finds its parts by metadata that this puts in place; it has to come first.
import 'reflect-metadata';
import { X509Certificate as NodeCertificate } from 'node:crypto';
import { X509Crl } from '@peculiar/x509';
import { Fault } from '#kernel/fault.ts';
import { nodeUriPrefix } from '#trust/authority/certificates.ts';
import type { NodeIdentity } from '#trust/authority/mutual-tls.ts';

/** A node that is cut off for long can not renew: what it carries is taken for so long after the end of its certificate, as the authority renews it for so long. */
const expiredMostMs = 30 * 86_400_000;

/** Faults: forbidden. */
export function checkSender(
  certificate: string,
  from: string,
  { authority, revocationList }: Pick<NodeIdentity, 'authority' | 'revocationList'>,
  now: number,
): NodeCertificate {
  const refuse = (why: string): never => {
    throw new Fault('forbidden', `The file is not taken: ${why}.`);
  };
  let presented: NodeCertificate;
  try {
    presented = new NodeCertificate(certificate);
  } catch {
    return refuse('the certificate in it can not be read');
  }
  const ca = new NodeCertificate(authority);
  if (presented.ca || !presented.checkIssued(ca) || !presented.verify(ca.publicKey))
    refuse('it is signed by nobody of this region');
  const names = (presented.subjectAltName ?? '').split(', ');
  if (!names.includes(`URI:${nodeUriPrefix}${from}`))
    refuse(`it says that it is of ${from}, and its certificate is not`);
  if (Date.parse(presented.validFrom) > now) refuse('its certificate is not good yet: look at the clocks');
  if (Date.parse(presented.validTo) + expiredMostMs < now) refuse('its certificate ended long ago');
  const serial = presented.serialNumber.toLowerCase();
  const revoked = new X509Crl(revocationList).entries.some((entry) => sameSerial(entry.serialNumber, serial));
  if (revoked) refuse(`the certificate of ${from} is revoked`);
  return presented;
}

function sameSerial(one: string, other: string): boolean {
  const plain = (serial: string): string => serial.toLowerCase().replace(/^0+/, '');
  return plain(one) === plain(other);
}
