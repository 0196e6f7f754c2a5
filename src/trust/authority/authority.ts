/** The region's own certificate authority at work: who gets a certificate, who loses it. What it signs stands in its ledger. */
import { X509Certificate } from 'node:crypto';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import { fingerprintBytes } from './authority-key.ts';
import {
  addCertificate,
  addCode,
  addList,
  findCertificate,
  listCertificates,
  newestList,
  revokeCertificates,
  revokedCertificates,
  useCode,
  type IssuedCertificate,
} from './authority-store.ts';
import { issueCertificate, makeRevocationList, type Authority } from './certificates.ts';
import { newEnrolmentCode, readEnrolmentCode, secretHash } from './enrolment-code.ts';

/** Reasons of RFC 5280 §5.3.1 that a person may give. */
export const revocationReasons = {
  unspecified: 0,
  'key-compromise': 1,
  'affiliation-changed': 3,
  superseded: 4,
  'cessation-of-operation': 5,
} as const;

export type RevocationReason = keyof typeof revocationReasons;

export type CertificateAuthority = {
  /** PEM. */
  readonly certificate: string;
  /** A certificate for the key of this request. Faults: unprocessable. */
  issue(request: string, node: string, hosts: readonly string[], days?: number): Promise<IssuedCertificate>;
  /** The same node and hosts anew, asked for with a certificate that is not revoked, and good or ended within the last 30 days. Faults: forbidden, unprocessable. */
  renew(presented: string, request: string): Promise<IssuedCertificate>;
  /** A certificate by its serial, or all of a node. A new list is made at once. Faults: notFound. */
  revoke(nodeOrSerial: string, reason: RevocationReason): Promise<readonly string[]>;
  /** Lets a node of this name enrol, once, for a while. Gives the code to type there. */
  createCode(node: string, hosts: readonly string[], validMs?: number): Promise<string>;
  /** Exchanges a code and a request for a certificate. Faults: forbidden, for a code that is unknown, used or too old; unprocessable. */
  enrol(code: string, request: string): Promise<IssuedCertificate>;
  list(node?: string): Promise<readonly IssuedCertificate[]>;
  /** The revocation list, PEM: made anew when it is a day old. */
  revocationList(): Promise<string>;
};

export type AuthorityDeps = { authority: Authority; db: Db; clock: Clock; randomness: Randomness };

const dayMs = 86_400_000;
/** Short, so that a key that leaked unnoticed is of use for a while only; renewed by the node after two thirds of it. */
const certificateDays = 90;
/**
 * As long as a certificate lives: a node that is cut off for weeks goes on talking to its neighbours with the last list that it has, and what an old list may not
 * know of has expired by then.
 */
const listDays = certificateDays;
const codeValidMs = 3_600_000;
/** A node that was cut off beyond the end of its certificate comes back by itself. Whether its key was lost meanwhile, the ledger of what is revoked says. */
const renewedAfterEndMs = 30 * dayMs;

export function createAuthority(deps: AuthorityDeps): CertificateAuthority {
  const { authority, db, clock, randomness } = deps;
  const whose = whoseLedger(authority);
  const issue: CertificateAuthority['issue'] = async (request, node, hosts, days = certificateDays) => {
    checkNames(node, hosts);
    const now = clock.now();
    const made = await issueCertificate(authority, request, { node, hosts, now, days }, randomness);
    const issued = { ...made, node, hosts: [...hosts], issued: now };
    await addCertificate(db, whose, issued);
    return { ...issued, revoked: undefined, reason: undefined };
  };
  return {
    certificate: authority.certificate,
    issue,
    async renew(presented, request) {
      const { node, hosts } = await goodCertificate(deps, presented);
      return issue(request, node, hosts);
    },
    async revoke(nodeOrSerial, reason) {
      const now = clock.now();
      // Also what has ended, as long as it could be renewed.
      const since = { now, endedSince: now - renewedAfterEndMs };
      const revoked = await revokeCertificates(db, whose, nodeOrSerial, revocationReasons[reason], since);
      if (revoked.length === 0) throw new Fault('notFound', `There is no good certificate of "${nodeOrSerial}".`);
      await newList(deps);
      return revoked;
    },
    async createCode(node, hosts, validMs = codeValidMs) {
      checkNames(node, hosts);
      const code = newEnrolmentCode(authority.certificate, randomness);
      const now = clock.now();
      await addCode(
        db,
        whose,
        secretHash(readEnrolmentCode(code)?.secret ?? ''),
        { node, hosts: [...hosts] },
        now,
        now + validMs,
      );
      return code;
    },
    async enrol(code, request) {
      const secret = readEnrolmentCode(code)?.secret;
      const enrolment = secret && (await useCode(db, whose, secretHash(secret), clock.now()));
      if (!enrolment) throw new Fault('forbidden', 'This code is unknown, was used already, or is too old.');
      return issue(request, enrolment.node, enrolment.hosts);
    },
    list: (node) => listCertificates(db, whose, node),
    async revocationList() {
      const newest = await newestList(db, whose);
      const isFresh = newest !== undefined && newest.made > clock.now() - dayMs;
      return isFresh ? newest.crl : newList(deps);
    },
  };
}

function whoseLedger({ certificate }: Authority): string {
  return fingerprintBytes(certificate).toString('hex');
}

async function newList({ authority, db, clock }: AuthorityDeps): Promise<string> {
  const { crl } = await addList(db, whoseLedger(authority), async (number) => {
    const now = clock.now();
    const nextUpdate = now + listDays * dayMs;
    const rows = await revokedCertificates(db, whoseLedger(authority), now - renewedAfterEndMs);
    const revoked = rows.map((row) => ({ serial: row.serial, revoked: row.revoked ?? now, reason: row.reason ?? 0 }));
    return { made: now, nextUpdate, crl: await makeRevocationList(authority, { number, now, nextUpdate, revoked }) };
  });
  return crl;
}

/** The ledger decides, not what the certificate says of itself. */
async function goodCertificate({ authority, db, clock }: AuthorityDeps, presented: string): Promise<IssuedCertificate> {
  const refuse = (why: string): never => {
    throw new Fault('forbidden', `The certificate is not renewed: ${why}.`);
  };
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(presented);
  } catch {
    return refuse('it can not be read');
  }
  if (!certificate.verify(new X509Certificate(authority.certificate).publicKey)) refuse('it is not of this region');
  const known = await findCertificate(db, whoseLedger(authority), certificate.serialNumber.toLowerCase());
  if (known === undefined) return refuse('it is not in the ledger');
  if (known.revoked !== undefined) refuse('it is revoked. Let the node enrol anew');
  if (known.notAfter + renewedAfterEndMs <= clock.now()) refuse('it expired long ago. Let the node enrol anew');
  return known;
}

const nodeName = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;
const hostName =
  /^(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$|^[0-9A-Fa-f:]+$/;

/** Faults: invalid, for what can be no name of a node, no host name and no address. */
export function checkNames(node: string, hosts: readonly string[]): void {
  if (!nodeName.test(node))
    throw new Fault('invalid', `"${node}" is no name of a node: a-z, 0-9 and -, at most 32 characters.`);
  const wrong = hosts.find((host) => !hostName.test(host));
  if (wrong !== undefined) throw new Fault('invalid', `"${wrong}" is no host name and no address.`);
}
