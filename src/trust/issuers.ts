/** The issuers of the settings, as those who check tokens and those who send people to sign in need them. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import type { Config } from '#kernel/config.ts';
import { Fault } from '#kernel/fault.ts';
import type { SignInIssuer } from './sign-in/index.ts';
import type { TrustedIssuer } from './tokens/index.ts';

type Settings = Config['issuers'][number];

export function trustedIssuers({ issuers, baseUrl }: Pick<Config, 'issuers' | 'baseUrl'>): TrustedIssuer[] {
  return issuers.map(({ name, kind, url, audience, scopeMeanings, regionClients }) => ({
    name,
    kind,
    url,
    audience: audience ?? `${baseUrl}/fhir`,
    scopeMeanings,
    regionClients,
  }));
}

/** Those that people sign in to the pages with. Throws a Fault `invalid` for a key that can't be used. */
export async function signInIssuers(config: Pick<Config, 'issuers' | 'baseUrl'>): Promise<SignInIssuer[]> {
  const trusted = trustedIssuers(config);
  const found = await Promise.all(
    config.issuers.map(async (settings, i): Promise<SignInIssuer[]> => {
      const { clientId, keyFile, organisation, scopes } = settings;
      if (clientId === undefined || keyFile === undefined) return [];
      const key = await readKey(settings, keyFile);
      return [{ ...(trusted[i] as TrustedIssuer), clientId, key, organisation, scopes }];
    }),
  );
  return found.flat();
}

async function readKey({ name }: Settings, path: string): Promise<JWK> {
  try {
    const text = readFileSync(path, 'utf8');
    const jwk = text.trimStart().startsWith('{') ? (JSON.parse(text) as JWK) : await exportJWK(createPrivateKey(text));
    return { ...jwk, alg: jwk.alg ?? algorithmOf(jwk), kid: jwk.kid ?? (await calculateJwkThumbprint(jwk)) };
  } catch (cause) {
    throw new Fault(
      'invalid',
      `The key for the issuer ${name}, ${path}, can not be used: a private key as JWK or PEM.`,
      {
        cause,
      },
    );
  }
}

function algorithmOf({ kty, crv }: JWK): string {
  if (kty === 'RSA') return 'PS256';
  return crv === 'P-384' ? 'ES384' : crv === 'P-521' ? 'ES512' : 'ES256';
}
