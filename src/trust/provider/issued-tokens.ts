/**
 * Access tokens are JWTs, which need no memory to be used. They need one to be introspected (RFC 7662) and revoked (RFC 7009): each is remembered under a
 * name that only this node can make of it, so that nobody can ask about, or pass for, a token by knowing its `jti`.
 */
import { createHmac } from 'node:crypto';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { publicPart, type ProviderKeys } from './key-store.ts';
import type { ItemStore } from './provider-store.ts';

/** What of a token is remembered. */
export type IssuedToken = {
  kind: 'AccessToken' | 'ClientCredentials';
  jti: string;
  iat: number;
  exp: number;
  aud: string;
  [name: string]: unknown;
};

export type IssuedTokens = {
  remember(token: IssuedToken): Promise<void>;
  /** Under which name a token is remembered; undefined when this provider did not sign it. */
  nameOf(token: string): Promise<string | undefined>;
  /** False once it was revoked, or the session or grant behind it has ended. */
  isActive(jti: string): Promise<boolean>;
};

export function createIssuedTokens(
  items: ItemStore,
  { signing, cookies }: Pick<ProviderKeys, 'signing' | 'cookies'>,
): IssuedTokens {
  const keys = createLocalJWKSet({ keys: signing.map(publicPart) } as JSONWebKeySet);
  const nameFor = (jti: string): string => createHmac('sha256', cookies).update(`token ${jti}`).digest('base64url');
  return {
    async remember(token) {
      const name = nameFor(token.jti);
      await items.put(token.kind, name, { ...token, jti: name }, token.exp - token.iat);
    },
    async nameOf(token) {
      try {
        // When it ends is told by what is remembered.
        const { payload } = await jwtVerify(token, keys, { typ: 'at+jwt', currentDate: new Date(0) });
        return payload.jti === undefined ? undefined : nameFor(payload.jti);
      } catch {
        return undefined;
      }
    },
    async isActive(jti) {
      const name = nameFor(jti);
      const found = (await items.find('AccessToken', name)) ?? (await items.find('ClientCredentials', name));
      return found !== undefined;
    },
  };
}
