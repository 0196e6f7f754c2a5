/** The issuers of the settings, with the keys that Fyr shows who it is by; or the embedded provider, where none is set. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { IssuerSettings } from '#kernel/config-issuers.ts';
import { Fault } from '#kernel/fault.ts';
import type { TrustedIssuer } from '../tokens/index.ts';
import type { SignInIssuer } from './issuer-client.ts';

/** What the embedded provider gives of itself. */
export type Embedded = { issuer: string; pages: { clientId: string; key: JWK } };

/**
 * @param embedded the provider of this node; taken only where no issuer is set
 * Throws a Fault `invalid` that names the file when a key can't be read.
 */
export async function issuersOf(
  settings: readonly IssuerSettings[],
  baseUrl: string,
  embedded: Embedded | undefined,
): Promise<(TrustedIssuer | SignInIssuer)[]> {
  const audience = `${baseUrl}/fhir`;
  if (settings.length === 0) {
    if (embedded === undefined) return [];
    const { clientId, key } = embedded.pages;
    return [{ name: 'trial', kind: 'embedded', url: embedded.issuer, audience, clientId, key }];
  }
  return Promise.all(
    settings.map(async ({ name, kind, url, clientId, keyFile, organisation, scopes, ...own }) => {
      const issuer = { name, kind, url, audience: own.audience ?? audience };
      if (clientId === undefined || keyFile === undefined) return issuer;
      return { ...issuer, clientId, key: await readKey(keyFile), organisation, scopes };
    }),
  );
}

/** A private key as JWK, or PEM; `kid` is its thumbprint where the file names none. */
async function readKey(path: string): Promise<JWK> {
  const wrong = (why: string, cause?: unknown): Fault =>
    new Fault('invalid', `The key file ${path} ${why}.`, { cause });
  let key: JWK;
  try {
    const text = readFileSync(path, 'utf8');
    key = text.trimStart().startsWith('{')
      ? (JSON.parse(text) as JWK)
      : (createPrivateKey(text).export({ format: 'jwk' }) as JWK);
    // Both to be sure that it is one, and that what it says of itself fits together.
    createPublicKey({ key: key as never, format: 'jwk' });
  } catch (error) {
    throw wrong('holds no key that can be read (JWK, or PEM)', error);
  }
  if (typeof key.d !== 'string') throw wrong('holds no private key');
  const alg = key.alg ?? algorithmOf(key);
  if (alg === undefined)
    throw wrong('holds a key of a kind that issuers do not take (RSA, or EC on P-256, P-384 or P-521)');
  return { ...key, alg, kid: key.kid ?? (await calculateJwkThumbprint(key)) };
}

function algorithmOf({ kty, crv }: JWK): string | undefined {
  if (kty === 'RSA') return 'RS256';
  return kty === 'EC' ? { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' }[crv ?? ''] : undefined;
}
