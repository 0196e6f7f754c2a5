/** What SMART puts beside the tokens (patient, encounter, fhirUser), and the headers of every answer of the provider. */
import type { KoaContextWithOIDC } from 'oidc-provider';

const told = ['patient', 'encounter', 'fhirUser'] as const;

export async function finishTokenResponse(ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> {
  ctx.set('x-content-type-options', 'nosniff');
  ctx.set('referrer-policy', 'no-referrer');
  // The library's own pages send a form by one script, and add its hash here.
  ctx.set(
    'content-security-policy',
    "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  await next();
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
