/** What is demanded of a client's assertion (`private_key_jwt`) beyond RFC 7523: HelseID's and SMART Backend Services' rules. */
import { errors, type Client, type KoaContextWithOIDC } from 'oidc-provider';
import { knownClient } from './clients.ts';

/** HelseID: at most a minute. */
const helseIdSecondsMax = 60;

/** SMART Backend Services: at most five minutes. */
const smartSecondsMax = 300;

/** Clocks that differ a little. */
export const clockToleranceSeconds = 5;

const types: readonly unknown[] = [undefined, 'JWT', 'client-authentication+jwt'];

type Json = { [name: string]: unknown };

/** Throws `invalid_client` when it lives too long, has no time of issue, is for somebody else or of another type. */
export function checkAssertion(issuer: string, claims: Json, header: Json, client: Client, nowSeconds: number): void {
  const isSmart = knownClient(client).profile === 'smart';
  const refuse = (why: string): never => {
    throw new errors.InvalidClientAuth(why);
  };
  if (!types.includes(header['typ'])) refuse('the assertion is of another type than client-authentication+jwt');
  const expires = Number(claims['exp']);
  const issued = Number(claims['iat'] ?? claims['nbf'] ?? Number.NaN);
  const secondsMax = isSmart ? smartSecondsMax : helseIdSecondsMax;
  if (!isSmart && !Number.isFinite(issued)) refuse('iat is missing in the assertion');
  const start = Number.isFinite(issued) ? Math.min(issued, nowSeconds) : nowSeconds;
  if (!(expires - start <= secondsMax)) refuse(`the assertion may be valid for ${secondsMax} seconds at most`);
  if (issued > nowSeconds + clockToleranceSeconds) refuse('the assertion is from the future');
  const { sub, iss, aud } = claims;
  if (sub !== iss) refuse('sub must be the client itself');
  if (!isSmart && aud !== issuer) refuse('aud must be the issuer');
}

/** What assertions say of the organisation, until the request that brought them has been answered. */
export type AssertionDetails = {
  keep(ctx: KoaContextWithOIDC, claims: Json): void;
  of(ctx: KoaContextWithOIDC): unknown;
};

export function createAssertionDetails(): AssertionDetails {
  const byRequest = new WeakMap<object, unknown>();
  return {
    keep: (ctx, claims) => void byRequest.set(ctx.req, claims['assertion_details']),
    of: (ctx) => byRequest.get(ctx.req),
  };
}
