/** Asks the issuers of endpoints' certificates whether they are still good, those first that have waited longest. */
import type { RequestContext } from '#fhir/index.ts';
import { findToCheck, writeRevocation } from './certificate-store.ts';
import { checkRevocation, type FetchBytes, type Revocation } from './revocation.ts';

export type CheckedCertificates = { [state in Revocation['state']]: number };

const atOnce = 8;

/** Checks all whose time has come; leaves off when `signal` says so. Answers how many were found to be what. */
export async function checkCertificates(
  { db, clock }: Pick<RequestContext, 'db' | 'clock'>,
  fetch: FetchBytes,
  signal: AbortSignal,
): Promise<CheckedCertificates> {
  const found: CheckedCertificates = { good: 0, revoked: 0, unknown: 0 };
  for (;;) {
    const due = signal.aborted ? [] : await findToCheck(db, clock.now(), atOnce);
    if (due.length === 0) return found;
    await Promise.all(
      due.map(async ({ thumbprint, certificate }) => {
        const now = clock.now();
        const revocation = await checkRevocation(certificate, now, fetch);
        await writeRevocation(db, thumbprint, revocation, now);
        found[revocation.state]++;
      }),
    );
  }
}
