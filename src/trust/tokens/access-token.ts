/** Access tokens of the configured issuers: JWTs (RFC 9068), never opaque ones. */
import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import { bounded } from './bounded.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import { algorithms, refused, type TrustedIssuer } from './issuer.ts';

export type Claims = Readonly<JWTPayload>;

export type AccessToken = {
  issuer: TrustedIssuer;
  claims: Claims;
  /** `cnf.jkt`: the thumbprint of the key that it is bound to. */
  thumbprint: string | undefined;
  /** Milliseconds since 1970. */
  expires: number;
};

export type AccessTokens = {
  /**
   * The token, checked: signature, `iss`, `aud`, `exp`, `nbf`, `iat`. `isOffline`: it has expired while its issuer can't be reached.
   * `hash`: BASE64URL(SHA-256(token)). Throws a Fault `unauthenticated`, or `unavailable` where its issuer's keys are not known and can't be fetched.
   */
  check(token: string, hash: string): Promise<AccessToken & { isOffline: boolean }>;
};

export type AccessTokensDeps = {
  clock: Clock;
  issuers: readonly { issuer: TrustedIssuer; keys: IssuerKeys }[];
  clockSkewMs: number;
  outageGraceMs: number;
  /** False once a token of the embedded provider was revoked; asked at first sight, and again after some seconds. */
  isActive?: ((claims: Claims) => Promise<boolean>) | undefined;
};

const lengthMax = 16_384;
/** For how long a token that was revoked may still be taken. */
const askedMs = 5000;

export function createAccessTokens(deps: AccessTokensDeps): AccessTokens {
  const { clock, clockSkewMs, outageGraceMs } = deps;
  const byUrl = new Map(deps.issuers.map((each) => [each.issuer.url, each]));
  const checked = bounded<AccessToken & { askedAt: number }>(10_000);

  const verify = async (token: string): Promise<AccessToken> => {
    if (token.length > lengthMax) throw refused('invalid_token', 'The token is too long.');
    const known = byUrl.get(issuerOf(token));
    if (!known) throw refused('invalid_token', 'The token comes from an issuer that is not trusted here.');
    const { issuer, keys } = known;
    const claims = await verifiedClaims(token, issuer, keys, new Date(clock.now()), clockSkewMs / 1000);
    if ((claims.iat as number) * 1000 > clock.now() + clockSkewMs)
      throw refused('invalid_token', 'The token was issued in the future.');
    return { issuer, claims, thumbprint: thumbprintOf(claims), expires: (claims.exp as number) * 1000 };
  };

  /** What was known goes on for a while when its issuer can't be asked for a new one: never more than it was. */
  const goesOn = async ({ issuer, expires }: AccessToken): Promise<boolean> => {
    if (clock.now() >= expires + outageGraceMs) return false;
    return !(await byUrl.get(issuer.url)?.keys.isReachable());
  };

  const refuseRevoked = async ({ issuer, claims }: AccessToken): Promise<void> => {
    if (issuer.kind !== 'embedded' || deps.isActive === undefined) return;
    if (!(await deps.isActive(claims))) throw refused('invalid_token', 'The token has been revoked.');
  };

  return {
    async check(token, hash) {
      const known = checked.get(hash);
      if (known === undefined) {
        const verified = await verify(token);
        await refuseRevoked(verified);
        checked.set(hash, { ...verified, askedAt: clock.now() });
        return { ...verified, isOffline: false };
      }
      if (clock.now() - known.askedAt > askedMs) {
        await refuseRevoked(known);
        known.askedAt = clock.now();
      }
      if (clock.now() < known.expires + clockSkewMs) return { ...known, isOffline: false };
      if (await goesOn(known)) return { ...known, isOffline: true };
      if (clock.now() >= known.expires + outageGraceMs) checked.delete(hash);
      throw refused('invalid_token', 'The token has expired.');
    },
  };
}

async function verifiedClaims(
  token: string,
  issuer: TrustedIssuer,
  keys: IssuerKeys,
  currentDate: Date,
  clockTolerance: number,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, (header) => keys.key(header), {
      algorithms,
      issuer: issuer.url,
      audience: issuer.audience,
      typ: 'at+jwt',
      requiredClaims: ['exp', 'iat'],
      clockTolerance,
      currentDate,
    });
    return payload;
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw refused('invalid_token', whyNot(error), '', error);
  }
}

function whyNot(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return 'The token is for another service (aud).';
    if (error.claim === 'nbf') return 'The token is not valid yet.';
    if (error.claim === 'typ') return 'This is not an access token (typ at+jwt).';
    return `The token has a claim that is not right: ${error.claim}.`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return `A token is signed with one of ${algorithms.join(', ')}.`;
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'The signature of the token is wrong.';
  return 'The token can not be read.';
}

function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch (error) {
    throw refused('invalid_token', 'The token is not a JWT.', '', error);
  }
}

function thumbprintOf(claims: JWTPayload): string | undefined {
  const jkt = (claims['cnf'] as { jkt?: unknown } | undefined)?.jkt;
  return typeof jkt === 'string' ? jkt : undefined;
}
