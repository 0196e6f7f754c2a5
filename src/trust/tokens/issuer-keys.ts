/**
 * What an issuer tells of itself and its keys (OpenID Connect Discovery 1.0 §4, RFC 7517), held as long as HelseID allows: 24 hours.
 * A key that is not known fetches anew, seldom enough that strangers' tokens make no load on the issuer.
 */
import { importJWK, type CryptoKey, type JWK } from 'jose';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { refused } from './issuer.ts';
import { findIssuer, keepIssuer, type StoredIssuer } from './issuer-store.ts';

export type Fetch = (url: string, init: { signal: AbortSignal; headers: { accept: string } }) => Promise<Response>;

export type IssuerKeys = {
  /** The key that a token's header names. Throws a Fault `unauthenticated` when the issuer has none such, `unavailable` when it can't be asked. */
  key(header: { kid?: string; alg: string }): Promise<CryptoKey>;
  /** Its discovery document. */
  metadata(): Promise<{ readonly [name: string]: unknown }>;
  /** Whether it answers now; asked anew when the last answer is older than some seconds. */
  isReachable(): Promise<boolean>;
};

export type IssuerKeysDeps = {
  db: Db;
  clock: Clock;
  fetch: Fetch;
  /** How long keys may be used past their 24 hours while the issuer can't be reached, milliseconds. */
  outageGraceMs: number;
};

const heldMs = 24 * 3_600_000;
const askAgainMs = 30_000;
const reachableMs = 10_000;
const answerTimeoutMs = 5000;
const bytesMax = 1_000_000;

/** The keys of the issuer at `url`. Nothing is fetched before it is needed. */
export function createIssuerKeys(url: string, { db, clock, fetch, outageGraceMs }: IssuerKeysDeps): IssuerKeys {
  let told: StoredIssuer | undefined;
  let imported = new Map<string, Promise<CryptoKey>>();
  let lastAsked: { at: number; answered: boolean } | undefined;
  let asking: Promise<void> | undefined;

  const use = (next: StoredIssuer): void => {
    told = next;
    imported = new Map();
  };
  const ask = async (): Promise<void> => {
    try {
      const next = await fetchIssuer(url, fetch, clock);
      lastAsked = { at: clock.now(), answered: true };
      use(next);
      await keepIssuer(db, url, next);
    } catch (error) {
      lastAsked = { at: clock.now(), answered: error instanceof Fault && error.kind !== 'unavailable' };
      throw error;
    }
  };
  const refresh = (): Promise<void> => (asking ??= ask().finally(() => (asking = undefined)));

  /** A clock that was set back does not make an answer last. */
  const isAskedWithin = (ms: number): boolean => lastAsked !== undefined && Math.abs(clock.now() - lastAsked.at) < ms;

  /** What is known, fetched where it is too old; kept a while longer where that fails. */
  const current = async (): Promise<StoredIssuer> => {
    if (told === undefined) {
      const stored = await findIssuer(db, url);
      if (stored) use(stored);
    }
    if (told !== undefined && clock.now() - told.fetched < heldMs) return told;
    const isUsable = told !== undefined && clock.now() - told.fetched < heldMs + outageGraceMs;
    if (isUsable && isAskedWithin(askAgainMs)) return told as StoredIssuer;
    try {
      await refresh();
    } catch (error) {
      if (!isUsable) throw error;
    }
    return told as StoredIssuer;
  };

  return {
    async key(header) {
      const known = findKey((await current()).keys, header);
      if (known) return importOnce(imported, known, header.alg);
      if (!isAskedWithin(askAgainMs)) await refresh().catch(() => undefined);
      const found = findKey(told?.keys ?? [], header);
      if (!found) throw refused('invalid_token', 'The token is signed with a key that its issuer does not have.');
      return importOnce(imported, found, header.alg);
    },
    metadata: async () => (await current()).metadata,
    async isReachable() {
      if (!isAskedWithin(reachableMs)) await refresh().catch(() => undefined);
      return lastAsked?.answered ?? false;
    },
  };
}

/** RFC 7515 §4.1.4: by `kid`, of the right kind, for signing. A token without `kid` is not taken. */
function findKey(keys: StoredIssuer['keys'], { kid, alg }: { kid?: string; alg: string }): JWK | undefined {
  const type = alg.startsWith('ES') ? 'EC' : 'RSA';
  return (keys as JWK[]).find(
    (key) =>
      kid !== undefined &&
      key.kid === kid &&
      key.kty === type &&
      (key.alg === undefined || key.alg === alg) &&
      (key.use === undefined || key.use === 'sig'),
  );
}

function importOnce(imported: Map<string, Promise<CryptoKey>>, key: JWK, alg: string): Promise<CryptoKey> {
  const name = `${alg} ${key.kid}`;
  const known = imported.get(name);
  if (known) return known;
  const importing = importJWK(key, alg) as Promise<CryptoKey>;
  imported.set(name, importing);
  importing.catch(() => imported.delete(name));
  return importing;
}

async function fetchIssuer(url: string, fetch: Fetch, clock: Clock): Promise<StoredIssuer> {
  const metadata = await fetchJson(`${url.replace(/\/$/, '')}/.well-known/openid-configuration`, fetch);
  if (metadata['issuer'] !== url) throw new Fault('forbidden', `The issuer at ${url} calls itself something else.`);
  const keysUrl = String(metadata['jwks_uri']);
  if (!URL.canParse(keysUrl) || (new URL(keysUrl).protocol !== 'https:' && url.startsWith('https:')))
    throw new Fault('forbidden', `The issuer at ${url} does not say where its keys are.`);
  const { keys } = await fetchJson(keysUrl, fetch);
  if (!Array.isArray(keys)) throw new Fault('forbidden', `The issuer at ${url} has no keys.`);
  return { metadata, keys: keys as StoredIssuer['keys'], fetched: clock.now() };
}

async function fetchJson(url: string, fetch: Fetch): Promise<{ [name: string]: unknown }> {
  try {
    const signal = AbortSignal.timeout(answerTimeoutMs);
    const answer = await fetch(url, { signal, headers: { accept: 'application/json' } });
    const text = await answer.text();
    if (answer.status !== 200 || text.length > bytesMax) throw new Error(`status ${answer.status}`);
    return JSON.parse(text) as { [name: string]: unknown };
  } catch (error) {
    throw new Fault('unavailable', 'The issuer of the sign-in can not be reached right now.', { cause: error });
  }
}
