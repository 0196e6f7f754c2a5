/** Checks certificates for as long as the node runs, each when its time has come. */
import { setTimeout as delay } from 'node:timers/promises';
import type { RequestContext } from '#fhir/index.ts';
import { sendOutgoing } from '#kernel/outgoing.ts';
import type { OutgoingRules } from '#kernel/outgoing-rules.ts';
import { checkCertificates } from './check-certificates.ts';
import type { FetchBytes } from './revocation.ts';

const lookEveryMs = 10 * 60_000;
const timeoutMs = 20_000;
const bytesMax = 32 * 1024 * 1024;

/** Gets what certificates point at, from the hosts that are allowed. */
export function fetchBytesBy(rules: OutgoingRules): FetchBytes {
  return async (url) => {
    const { status, body } = await sendOutgoing({ method: 'GET', url, headers: {}, timeoutMs, bytesMax }, rules);
    if (status !== 200) throw new Error(`the answer was ${status}`);
    return body;
  };
}

/** Resolves when `signal` says that the node stops. */
export async function followCertificates(
  deps: Pick<RequestContext, 'db' | 'clock'>,
  fetch: FetchBytes,
  signal: AbortSignal,
  report: (event: string, error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    await checkCertificates(deps, fetch, signal).catch((error: unknown) => report('certificates', error));
    await delay(lookEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
