/** Certificates of endpoints, and what is known of their revocation. */
import type { Db, Transaction } from '#kernel/db.ts';
import type { Revocation } from './revocation.ts';

/** `certificate`: DER in base64. */
export async function putCertificates(
  transaction: Transaction,
  entries: readonly { thumbprint: string; certificate: string }[],
): Promise<void> {
  if (entries.length === 0) return;
  await transaction`
    insert into register_certificate (thumbprint, certificate)
    select distinct on (thumbprint) thumbprint, decode(certificate, 'base64')
    from jsonb_to_recordset(${transaction.json(entries as never)}) as r(thumbprint text, certificate text)
    on conflict (thumbprint) do nothing`;
}

export async function findToCheck(
  db: Db,
  now: number,
  limit: number,
): Promise<{ thumbprint: string; certificate: Buffer }[]> {
  return db<{ thumbprint: string; certificate: Buffer }[]>`
    select thumbprint, certificate from register_certificate
    where check_again <= ${new Date(now).toISOString()}::text::timestamptz order by check_again limit ${limit}`;
}

export async function writeRevocation(
  db: Db,
  thumbprint: string,
  { state, why, revokedOn, checkAgain }: Revocation,
  now: number,
): Promise<void> {
  await db`
    update register_certificate set state = ${state}, why = ${why}, revoked_on = ${revokedOn ?? null},
      checked = ${new Date(now).toISOString()}::text::timestamptz, check_again = ${new Date(checkAgain).toISOString()}::text::timestamptz
    where thumbprint = ${thumbprint}`;
}

export type KnownRevocation = { state: Revocation['state']; why: string; revokedOn: string | null };

/** What is known of these, by thumbprint. */
export async function findRevocations(db: Db, thumbprints: readonly string[]): Promise<Map<string, KnownRevocation>> {
  if (thumbprints.length === 0) return new Map();
  const rows = await db<(KnownRevocation & { thumbprint: string })[]>`
    select thumbprint, state, why, revoked_on as "revokedOn" from register_certificate
    where thumbprint = any(${[...thumbprints]})`;
  return new Map(rows.map(({ thumbprint, ...rest }) => [thumbprint, rest]));
}
