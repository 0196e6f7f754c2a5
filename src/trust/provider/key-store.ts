/** The provider's keys, in the node's database, so that all processes of a node sign alike. Made when first asked for. */
import { generateKeySync } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';

/** `signing`: tokens. `pages-client`: the pages' own client assertions. The others are symmetric. */
export type KeyPurpose = 'signing' | 'pages-client' | 'cookies' | 'dpop-nonce';

export type ProviderKeys = {
  /** Private JWKs with `kid`, `alg` and `use`; the current one first, then those whose tokens may still be valid. */
  signing: JWK[];
  pagesClient: JWK;
  /** 32 bytes each. */
  cookies: Buffer;
  dpopNonce: Buffer;
};

/** Longer than any token that a key signed is valid. */
export const retiredForMs = 24 * 3_600_000;

/** All keys; those that are missing are made, once, however many processes start at the same time. */
export async function loadKeys(db: Db, clock: Clock): Promise<ProviderKeys> {
  const signing = await currentKey(db, clock, 'signing');
  const retired = await db<{ jwk: JWK }[]>`
    select jwk from provider_key where purpose = 'signing' and retired is not null order by retired desc`;
  const bytes = (jwk: JWK): Buffer => Buffer.from(String(jwk.k), 'base64url');
  return {
    signing: [signing, ...retired.map(({ jwk }) => jwk)],
    pagesClient: await currentKey(db, clock, 'pages-client'),
    cookies: bytes(await currentKey(db, clock, 'cookies')),
    dpopNonce: bytes(await currentKey(db, clock, 'dpop-nonce')),
  };
}

/** A new key signs from now on; the old one stays in the JWKS as long as tokens signed by it may be valid. Gives the new key's id. */
export async function rotateSigningKey(db: Db, clock: Clock): Promise<string> {
  const jwk = await newKey('signing');
  await db.begin(async (tx) => {
    await tx`update provider_key set retired = ${clock.now()}::timestamptz where purpose = 'signing' and retired is null`;
    await tx`
      insert into provider_key (kid, purpose, jwk, created)
      values (${jwk.kid ?? ''}, 'signing', ${tx.json(jwk as never)}, ${clock.now()}::timestamptz)`;
  });
  return jwk.kid ?? '';
}

/** Deletes keys by which nothing valid is signed any more. */
export async function pruneKeys(db: Db, clock: Clock): Promise<void> {
  await db`delete from provider_key where retired < ${clock.now() - retiredForMs}::timestamptz`;
}

/** Names the keys in use: changes with a rotation. */
export async function keysMark(db: Db): Promise<string> {
  const rows = await db<{ kid: string }[]>`select kid from provider_key order by kid`;
  return rows.map(({ kid }) => kid).join(' ');
}

async function currentKey(db: Db, clock: Clock, purpose: KeyPurpose): Promise<JWK> {
  const found = await findCurrent(db, purpose);
  if (found) return found;
  const jwk = await newKey(purpose);
  await db`
    insert into provider_key (kid, purpose, jwk, created)
    values (${jwk.kid ?? ''}, ${purpose}, ${db.json(jwk as never)}, ${clock.now()}::timestamptz)
    on conflict do nothing`;
  return (await findCurrent(db, purpose)) ?? jwk;
}

async function findCurrent(db: Db, purpose: KeyPurpose): Promise<JWK | undefined> {
  const [row] = await db<{ jwk: JWK }[]>`select jwk from provider_key where purpose = ${purpose} and retired is null`;
  return row?.jwk;
}

async function newKey(purpose: KeyPurpose): Promise<JWK> {
  if (purpose === 'signing' || purpose === 'pages-client')
    return newPrivateKey(purpose === 'signing' ? 'RS256' : 'ES256');
  const jwk = generateKeySync('hmac', { length: 256 }).export({ format: 'jwk' }) as JWK;
  return { ...jwk, kid: await calculateJwkThumbprint(jwk) };
}

/** A private JWK for signing, named by its thumbprint (RFC 7638). */
export async function newPrivateKey(alg: 'RS256' | 'ES256' | 'ES384'): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) };
}

/** What others may know of it. */
export function publicPart(jwk: JWK): JWK {
  const { kty, crv, x, y, n, e, alg, use, kid } = jwk;
  return Object.fromEntries(
    Object.entries({ kty, crv, x, y, n, e, alg, use, kid }).filter(([, value]) => value !== undefined),
  ) as JWK;
}

/** The public keys in a JWKS text, checked. Throws a Fault `invalid` when it is none, or has private or symmetric keys in it. */
export function readPublicKeys(text: string): { keys: JWK[] } {
  let keys: unknown;
  try {
    keys = (JSON.parse(text) as { keys?: unknown } | null)?.keys;
  } catch (error) {
    throw new Fault('invalid', 'The key file is not JSON.', { cause: error });
  }
  if (!Array.isArray(keys) || keys.length === 0) throw new Fault('invalid', 'The key file is no JWKS: it has no keys.');
  const isPublic = (key: JWK | null): boolean => (key?.kty === 'EC' || key?.kty === 'RSA') && key.d === undefined;
  if (!keys.every(isPublic)) throw new Fault('invalid', 'A JWKS of a client has public keys only, EC or RSA.');
  return { keys: keys.map(publicPart) };
}
