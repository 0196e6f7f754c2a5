/** A node renews its certificate by itself, in good time; and when it was cut off until after the end of it, as soon as it reaches the authority again. */
import { X509Certificate } from 'node:crypto';
import { makeRequest, writeIdentity, type NodeIdentity } from '#trust/authority/index.ts';
import { keepKey } from './own-keys.ts';

/** Of its time. A certificate of 90 days is renewed with 36 left: a line that is down for a month does no harm. */
const renewedAfterShare = 0.6;
/** Near the end of the authority itself no certificate lasts longer than that: it is not asked again and again. */
const restMs = 86_400_000;

export function isDue({ certificate }: Pick<NodeIdentity, 'certificate'>, now: number): boolean {
  const { validFrom, validTo } = new X509Certificate(certificate);
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  return now >= Math.max(from + (to - from) * renewedAfterShare, from + restMs);
}

export type RenewalDeps = {
  folder: string;
  node: string;
  /** Hands the request, and where the line's own TLS does not show it the certificate of now, to who can sign. Gives the new certificate. */
  ask(request: string): Promise<string>;
};

/**
 * A new key and certificate, kept before they are used. The old key is kept too: what was sealed for it on a stick is still to be opened.
 * Faults: unavailable, where the authority can not be reached; forbidden, where the certificate is revoked or ended too long ago.
 */
export async function renewed(identity: NodeIdentity, { folder, node, ask }: RenewalDeps): Promise<NodeIdentity> {
  const { key, request } = await makeRequest(node);
  keepKey(folder, identity.key);
  keepKey(folder, key);
  const certificate = await ask(request);
  const next = { ...identity, certificate, key };
  writeIdentity(folder, next);
  return next;
}
