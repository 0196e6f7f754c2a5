/** The door: checks what an API client sends in Authorization and DPoP. */
import { hash } from 'node:crypto';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { createAccessTokens, type Claims } from './access-token.ts';
import { createIssuerKeys, type Fetch, type IssuerKeys } from './issuer-keys.ts';
import { refused, type TrustedIssuer } from './issuer.ts';
import { createProofs } from './proof.ts';
import { createReplay, type Replay } from './replay.ts';

export { algorithms, challenge, refused, type TrustedIssuer } from './issuer.ts';
export type { Claims } from './access-token.ts';
export type { Fetch, IssuerKeys } from './issuer-keys.ts';
export type { Replay } from './replay.ts';

/** What of a request shows who sent it. */
export type Presented = {
  method: string;
  /** The path as it was asked for, with its query: `/fhir/Patient/1`. */
  path: string;
  authorization: string;
  dpop: string | undefined;
  /** It came from this very machine, and no proxy passed it on. */
  isLoopback: boolean;
};

export type CheckedToken = {
  issuer: TrustedIssuer;
  claims: Claims;
  /** Names the token in the access log; can't be used as one. */
  id: string;
  isOffline: boolean;
  isTrialBearer: boolean;
};

export type Tokens = {
  /** Throws a Fault `unauthenticated` with the challenge to send, or `unavailable`. */
  check(presented: Presented): Promise<CheckedToken>;
  /** Undefined for an issuer that is not trusted here. */
  keysOf(issuerUrl: string): IssuerKeys | undefined;
  replay: Replay;
  /** Tokens of the embedded provider are taken as Bearer on loopback: pages show a banner. */
  isTrialBearer: boolean;
  /** Resolves when everything that was handed in has been answered. */
  stop(): Promise<void>;
};

export type TokensDeps = {
  db: Db;
  clock: Clock;
  issuers: readonly TrustedIssuer[];
  /** Without a slash at its end, as clients know it: what `htu` is held to. */
  baseUrl: string;
  fetch: Fetch;
  clockSkewMs: number;
  outageGraceMs: number;
  isTrialBearer: boolean;
  /** False once a token of the embedded provider was revoked, or the sign-in behind it ended. */
  isActive?: (claims: Claims) => Promise<boolean>;
};

/** Throws when the trial's Bearer is on while a real issuer is trusted. */
export function createTokens(deps: TokensDeps): Tokens {
  const { db, clock, issuers, baseUrl, fetch, clockSkewMs, outageGraceMs, isTrialBearer } = deps;
  if (isTrialBearer && issuers.some(({ kind }) => kind !== 'embedded'))
    throw new TypeError('Bearer tokens are for trials: not where real issuers are trusted.');
  const known = issuers.map((issuer) => ({
    issuer,
    keys: createIssuerKeys(issuer.url, { db, clock, fetch, outageGraceMs }),
  }));
  const replay = createReplay(db, clock);
  const accessTokens = createAccessTokens({
    clock,
    issuers: known,
    clockSkewMs,
    outageGraceMs,
    isActive: deps.isActive,
  });
  const proofs = createProofs({ clock, replay, clockSkewMs });

  return {
    replay,
    isTrialBearer,
    keysOf: (url) => known.find(({ issuer }) => issuer.url === url)?.keys,
    stop: () => replay.idle(),
    async check({ method, path, authorization, dpop, isLoopback }) {
      const { scheme, token } = credentialsOf(authorization);
      const tokenHash = hash('sha256', token, 'base64url');
      const { issuer, claims, thumbprint, isOffline } = await accessTokens.check(token, tokenHash);
      const id = `token:${tokenHash.slice(0, 16)}`;
      if (scheme === 'bearer') {
        refuseBearer({ thumbprint, issuer, isLoopback, isTrialBearer });
        return { issuer, claims, id, isOffline, isTrialBearer: true };
      }
      if (thumbprint === undefined)
        throw refused('invalid_token', 'The token is not bound to a key, so it can not be sent as DPoP.');
      if (dpop === undefined) throw refused('invalid_dpop_proof', 'The DPoP proof is missing (header DPoP).');
      await proofs.check(dpop, { method, url: `${baseUrl}${pathOf(path)}`, tokenHash, thumbprint });
      return { issuer, claims, id, isOffline, isTrialBearer: false };
    },
  };
}

function credentialsOf(authorization: string): { scheme: 'dpop' | 'bearer'; token: string } {
  const [, scheme = '', token] = /^(DPoP|Bearer) +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw refused('invalid_request', 'Authorization must be DPoP and an access token.');
  return { scheme: scheme.toLowerCase() as 'dpop' | 'bearer', token };
}

type BearerCase = {
  thumbprint: string | undefined;
  issuer: TrustedIssuer;
  isLoopback: boolean;
  isTrialBearer: boolean;
};

function refuseBearer({ thumbprint, issuer, isLoopback, isTrialBearer }: BearerCase): void {
  if (thumbprint !== undefined)
    throw refused('invalid_token', 'The token is bound to a key: it must be sent as DPoP, not as Bearer.');
  if (!isTrialBearer || issuer.kind !== 'embedded')
    throw refused('invalid_token', 'Bearer tokens are not taken here: send the token as DPoP, with a proof.');
  if (!isLoopback) throw refused('invalid_token', 'Bearer tokens are taken from this very machine only.');
}

/** A proxy may have passed on the whole address (RFC 9112 §3.2.2). */
function pathOf(path: string): string {
  return path.replace(/^https?:\/\/[^/?]*/i, '');
}
