/** A change asked for with a session's cookie must come from our own pages. */
import type { IncomingHttpHeaders } from 'node:http';
import { timingSafeEqual } from 'node:crypto';
import { Fault } from '#kernel/fault.ts';

/** Where pages send the session's token: scripts in this header, forms in a field named `_csrf`. */
export const csrfHeader = 'x-fyr-csrf';

/** Methods that change nothing (RFC 9110 §9.2.1). */
const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

export function isChange(method: string): boolean {
  return !safe.has(method);
}

/** Throws a Fault `forbidden` unless the browser says that our own page asks. */
export function refuseOtherSite(headers: IncomingHttpHeaders, origin: string): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw refusal();
  if (headers.origin !== undefined && headers.origin !== origin) throw refusal();
  // A browser that says neither can't be told from another site's form.
  if (site === undefined && headers.origin === undefined) throw refusal();
}

/** Throws a Fault `forbidden` unless the token of the session came with the request. */
export function refuseWithoutToken(token: unknown, expected: string): void {
  const [sent, right] = [Buffer.from(typeof token === 'string' ? token : ''), Buffer.from(expected)];
  if (sent.length !== right.length || !timingSafeEqual(sent, right)) throw refusal();
}

function refusal(): Fault {
  return new Fault(
    'forbidden',
    'This change was not asked for by a page of this node. Load the page anew and try again.',
  );
}
