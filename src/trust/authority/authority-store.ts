/** What an authority (by the SHA-256 of its certificate) issued and revoked, its codes and its revocation lists. */
import { retried, type Db } from '#kernel/db.ts';

export type IssuedCertificate = {
  /** Hexadecimal. */
  serial: string;
  node: string;
  hosts: string[];
  /** PEM. */
  certificate: string;
  /** Milliseconds since 1970. */
  issued: number;
  notAfter: number;
  revoked: number | undefined;
  /** A reason code of RFC 5280 §5.3.1. */
  reason: number | undefined;
};

type Row = Omit<IssuedCertificate, 'notAfter' | 'revoked' | 'reason'> & {
  not_after: number;
  revoked: number | null;
  reason: number | null;
};

function issuedOf({ not_after: notAfter, revoked, reason, ...row }: Row): IssuedCertificate {
  return { ...row, notAfter, revoked: revoked ?? undefined, reason: reason ?? undefined };
}

export async function addCertificate(
  db: Db,
  authority: string,
  one: Omit<IssuedCertificate, 'revoked' | 'reason'>,
): Promise<void> {
  await db`insert into authority_certificate (authority, serial, node, hosts, certificate, issued, not_after)
    values (${authority}, ${one.serial}, ${one.node}, ${one.hosts}, ${one.certificate}, ${one.issued}, ${one.notAfter})`;
}

/** Of one node, or all; the newest first. */
export async function listCertificates(db: Db, authority: string, node?: string): Promise<IssuedCertificate[]> {
  const rows = await db<Row[]>`select serial, node, hosts, certificate, issued, not_after, revoked, reason
    from authority_certificate
    where authority = ${authority} and (${node ?? null}::text is null or node = ${node ?? null})
    order by issued desc, serial`;
  return rows.map(issuedOf);
}

export async function findCertificate(
  db: Db,
  authority: string,
  serial: string,
): Promise<IssuedCertificate | undefined> {
  const [row] = await db<Row[]>`select serial, node, hosts, certificate, issued, not_after, revoked, reason
    from authority_certificate where authority = ${authority} and serial = ${serial}`;
  return row && issuedOf(row);
}

/** Revokes by serial, or all of a node that are good or ended since then. Gives their serials. */
export async function revokeCertificates(
  db: Db,
  authority: string,
  nodeOrSerial: string,
  reason: number,
  { now, endedSince }: { now: number; endedSince: number },
): Promise<string[]> {
  const rows = await db<{ serial: string }[]>`update authority_certificate set revoked = ${now}, reason = ${reason}
    where authority = ${authority} and (node = ${nodeOrSerial} or serial = ${nodeOrSerial}) and revoked is null and not_after > ${endedSince}
    returning serial`;
  return rows.map(({ serial }) => serial);
}

/** What a list has to hold: revoked, and not ended, or ended since then: what is carried on a stick is taken beyond the end. */
export async function revokedCertificates(db: Db, authority: string, endedSince: number): Promise<IssuedCertificate[]> {
  const rows = await db<Row[]>`select serial, node, hosts, certificate, issued, not_after, revoked, reason
    from authority_certificate
    where authority = ${authority} and revoked is not null and not_after > ${endedSince} order by serial`;
  return rows.map(issuedOf);
}

export type Enrolment = { node: string; hosts: string[] };

export async function addCode(
  db: Db,
  authority: string,
  hash: string,
  { node, hosts }: Enrolment,
  made: number,
  expires: number,
): Promise<void> {
  await db`insert into authority_code (authority, hash, node, hosts, made, expires)
    values (${authority}, ${hash}, ${node}, ${hosts}, ${made}, ${expires})`;
}

/** Uses a code up, in one step, so that of several at once one succeeds. Undefined: unknown, used or too old. */
export async function useCode(db: Db, authority: string, hash: string, now: number): Promise<Enrolment | undefined> {
  const [row] = await db<Enrolment[]>`update authority_code set used = ${now}
    where authority = ${authority} and hash = ${hash} and used is null and expires > ${now} returning node, hosts`;
  return row;
}

export type StoredList = { number: number; made: number; nextUpdate: number; crl: string };

export async function newestList(db: Db, authority: string): Promise<StoredList | undefined> {
  const [row] = await db<(Omit<StoredList, 'nextUpdate'> & { next_update: number })[]>`
    select number, made, next_update, crl from authority_crl
    where authority = ${authority} order by number desc limit 1`;
  return row && { number: row.number, made: row.made, nextUpdate: row.next_update, crl: row.crl };
}

/** Makes the next list under a lock, so that two at once do not share a number, and the later one has all that the earlier has. */
export async function addList(
  db: Db,
  authority: string,
  make: (number: number) => Promise<Omit<StoredList, 'number'>>,
): Promise<StoredList> {
  return retried(() =>
    db.begin(async (transaction) => {
      await transaction`lock table authority_crl in exclusive mode`;
      const [last] = await transaction<
        { number: number }[]
      >`select number from authority_crl where authority = ${authority} order by number desc limit 1`;
      const number = (last?.number ?? 0) + 1;
      const { made, nextUpdate, crl } = await make(number);
      await transaction`insert into authority_crl (authority, number, made, next_update, crl)
        values (${authority}, ${number}, ${made}, ${nextUpdate}, ${crl})`;
      await transaction`delete from authority_crl where authority = ${authority} and number < ${number - 10}`;
      return { number, made, nextUpdate, crl };
    }),
  );
}
