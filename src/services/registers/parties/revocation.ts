/**
 * Is a certificate withdrawn by who issued it? Its own revocation list is asked (CRL, RFC 5280 section 5), and believed only when the issuer's
 * key signed it. What can't be had or checked makes the answer `unknown`, with the reason; nothing makes it `good` by default.
 */
// The library finds its parts by metadata that this puts in place; it has to come first.
import 'reflect-metadata';
import { AuthorityInfoAccessExtension, CRLDistributionPointsExtension, X509Certificate, X509Crl } from '@peculiar/x509';

/** Gets what a certificate points at: the bytes at an http(s) address. Rejects when they can't be had. */
export type FetchBytes = (url: string) => Promise<Uint8Array>;

export type Revocation = {
  state: 'good' | 'revoked' | 'unknown';
  why: string;
  /** The day from which it is withdrawn. */
  revokedOn?: string;
  /** When the list is to be had again, milliseconds since 1970. */
  checkAgain: number;
};

const againAfterFailureMs = 6 * 3_600_000;
const againAtMostMs = 24 * 3_600_000;

/** `certificate`: DER. Never rejects: what goes wrong is the reason of `unknown`. */
export async function checkRevocation(certificate: Uint8Array, now: number, fetch: FetchBytes): Promise<Revocation> {
  const unknown = (why: string): Revocation => ({ state: 'unknown', why, checkAgain: now + againAfterFailureMs });
  try {
    const subject = new X509Certificate(Buffer.from(certificate));
    const [listUrl] = listUrls(subject);
    if (listUrl === undefined) return unknown('the certificate names no revocation list');
    const [issuerUrl] = issuerUrls(subject);
    if (issuerUrl === undefined) return unknown("the certificate does not say where its issuer's is");
    const issuer = new X509Certificate(Buffer.from(await fetch(issuerUrl)));
    if (!(await subject.verify({ publicKey: issuer.publicKey, signatureOnly: true })))
      return unknown('the certificate is not signed by the issuer that it names');
    const list = new X509Crl(Buffer.from(await fetch(listUrl)));
    if (list.issuer !== issuer.subject || !(await list.verify({ publicKey: issuer.publicKey })))
      return unknown("the revocation list is not signed by the certificate's issuer");
    const next = list.nextUpdate?.getTime();
    if (next !== undefined && next < now) return unknown('the revocation list is out of date');
    return stateIn(list, subject, Math.min(next ?? Infinity, now + againAtMostMs));
  } catch (error) {
    return unknown(`it could not be checked: ${(error as Error).message.slice(0, 200)}`);
  }
}

function stateIn(list: X509Crl, subject: X509Certificate, checkAgain: number): Revocation {
  const entry = list.findRevoked(subject);
  if (entry === null) return { state: 'good', why: "its issuer's list does not have it", checkAgain };
  const revokedOn = entry.revocationDate.toISOString().slice(0, 10);
  return { state: 'revoked', why: `withdrawn by its issuer from ${revokedOn}`, revokedOn, checkAgain };
}

function listUrls(certificate: X509Certificate): string[] {
  const points = certificate.getExtension(CRLDistributionPointsExtension)?.distributionPoints ?? [];
  return webAddresses(
    points.flatMap(({ distributionPoint }) =>
      (distributionPoint?.fullName ?? []).map((name) => name.uniformResourceIdentifier),
    ),
  );
}

function issuerUrls(certificate: X509Certificate): string[] {
  const issuers = certificate.getExtension(AuthorityInfoAccessExtension)?.caIssuers ?? [];
  return webAddresses(issuers.map(({ type, value }) => (type === 'url' ? value : undefined)));
}

function webAddresses(addresses: readonly (string | undefined)[]): string[] {
  return addresses.flatMap((each) => (each !== undefined && /^https?:\/\//i.test(each) ? [each] : []));
}
