/** What is done around every answer of the library: headers, what SMART puts beside the tokens, what ends with a session. */
import type { KoaContextWithOIDC } from 'oidc-provider';

const told = ['patient', 'encounter', 'fhirUser'] as const;

/** @param endSession removes what was given in a session, by its name; done before the person is told that the session has ended */
export function finishing(endSession: (sessionUid: string) => Promise<void>) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    setHeaders(ctx);
    await next();
    const session = ctx.oidc?.session as { uid: string; destroyed?: boolean } | undefined;
    if (ctx.oidc?.route === 'end_session_confirm' && session?.destroyed) await endSession(session.uid);
    tellContext(ctx);
  };
}

function setHeaders(ctx: KoaContextWithOIDC): void {
  ctx.set('x-content-type-options', 'nosniff');
  ctx.set('referrer-policy', 'no-referrer');
  // The library's own pages send a form by one script, and add its hash here.
  ctx.set(
    'content-security-policy',
    "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
}

function tellContext(ctx: KoaContextWithOIDC): void {
  const body = ctx.body as { [name: string]: unknown } | undefined;
  const token = ctx.oidc?.entities?.AccessToken;
  if (typeof body?.['access_token'] !== 'string' || !token) return;
  const extra = (token.extra ?? {}) as { [name: string]: unknown };
  const scopes = new Set(String(body['scope'] ?? '').split(' '));
  for (const name of told) {
    if (extra[name] === undefined || (name === 'fhirUser' && !scopes.has('fhirUser'))) continue;
    body[name] = extra[name];
  }
}
