/** The proof that the sender of a token holds the key that it is bound to: DPoP, RFC 9449 §4.3. */
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { Clock } from '#kernel/clock.ts';
import { bounded } from './bounded.ts';
import { algorithms, refused } from './issuer.ts';
import type { Replay } from './replay.ts';
import { signatureKey, verifiedPayload, type SignatureKey } from './signature.ts';

export type Asked = {
  method: string;
  /** The whole address as clients know it (the configured base URL, not what a proxy passed on), with or without its query. */
  url: string;
  /** BASE64URL(SHA-256(access token)). */
  tokenHash: string;
  /** `cnf.jkt` of the token: the thumbprint (RFC 7638) of the key that it is bound to. */
  thumbprint: string;
};

export type Proofs = {
  /** Throws a Fault `unauthenticated` unless `proof` is a fresh, unused proof for exactly this request and token. */
  check(proof: string, asked: Asked): Promise<void>;
};

type Sender = { key: SignatureKey; thumbprint: string };

const lengthMax = 8192;
/** How old a proof may be, besides the clocks' difference. */
const proofMs = 10_000;

export function createProofs(deps: { clock: Clock; replay: Replay; clockSkewMs: number }): Proofs {
  const { clock, replay, clockSkewMs } = deps;
  // The header of a client's proofs is the same text each time: its key is imported once.
  const senders = bounded<Promise<Sender>>(10_000);

  const senderOf = (header: string): Promise<Sender> => {
    const known = senders.get(header);
    if (known) return known;
    const reading = readHeader(header);
    reading.then(
      () => senders.set(header, reading),
      () => undefined,
    );
    return reading;
  };

  return {
    async check(proof, asked) {
      if (proof.length > lengthMax) throw wrong('The DPoP proof is too long.');
      const sender = await senderOf(proof.slice(0, Math.max(0, proof.indexOf('.'))));
      if (sender.thumbprint !== asked.thumbprint)
        throw refused('invalid_token', 'The token is bound to another key than the one of the DPoP proof.');
      const claims = await verified(proof, sender);
      const jti = checkClaims(claims, asked, clock.now(), clockSkewMs);
      const until = clock.now() + proofMs + 2 * clockSkewMs;
      if (!(await replay.isFirst(['dpop', sender.thumbprint, jti], until)))
        throw wrong('The DPoP proof was used before: each request needs one of its own.');
    },
  };
}

const wrong = (message: string, cause?: unknown): Error => refused('invalid_dpop_proof', message, '', cause);

async function readHeader(text: string): Promise<Sender> {
  const header = objectIn(Buffer.from(text, 'base64url').toString('utf8'));
  const alg = header['alg'];
  if (header['typ'] !== 'dpop+jwt') throw wrong('The DPoP header holds no DPoP proof (typ dpop+jwt).');
  if (typeof alg !== 'string' || !algorithms.includes(alg))
    throw wrong(`A DPoP proof is signed with one of ${algorithms.join(', ')}.`);
  const jwk = header['jwk'] as JWK | undefined;
  if (typeof jwk !== 'object' || jwk === null) throw wrong('The DPoP proof does not carry its key (jwk).');
  if (['d', 'p', 'q', 'k', 'dp', 'dq', 'qi'].some((name) => name in jwk))
    throw wrong('The DPoP proof carries a private key.');
  if ('crit' in header) throw wrong('The DPoP proof has a header that must be understood, and is not (crit).');
  if (jwk.kty !== (alg.startsWith('ES') ? 'EC' : 'RSA')) throw wrong('The key of the DPoP proof does not fit its alg.');
  try {
    return { key: signatureKey(jwk, alg), thumbprint: await calculateJwkThumbprint(jwk) };
  } catch (error) {
    throw wrong('The key of the DPoP proof can not be read.', error);
  }
}

async function verified(proof: string, { key }: Sender): Promise<{ [name: string]: unknown }> {
  const payload = await verifiedPayload(proof, key);
  if (payload === undefined) throw wrong('The signature of the DPoP proof is wrong.');
  return objectIn(payload);
}

/** Gives the `jti`. */
function checkClaims(claims: { [name: string]: unknown }, asked: Asked, now: number, clockSkewMs: number): string {
  const { htm, htu, iat, jti, ath } = claims;
  if (htm !== asked.method) throw wrong('The DPoP proof is for another method (htm).');
  if (typeof htu !== 'string' || !isSameAddress(htu, asked.url))
    throw wrong('The DPoP proof is for another address (htu).');
  if (ath !== asked.tokenHash) throw wrong('The DPoP proof is for another token (ath).');
  if (typeof iat !== 'number' || iat * 1000 > now + clockSkewMs)
    throw wrong('The DPoP proof was made in the future (iat).');
  if (iat * 1000 < now - proofMs - clockSkewMs) throw wrong('The DPoP proof is too old (iat).');
  if (typeof jti !== 'string' || jti === '' || jti.length > 256) throw wrong('The DPoP proof has no jti.');
  return jti;
}

/** RFC 9449 §4.3 9.: without query and fragment, after the normalisation of RFC 3986 §6.2.2 and §6.2.3. */
function isSameAddress(told: string, asked: string): boolean {
  const bare = asked.replace(/[?#].*$/s, '');
  return told === bare || normalised(told) === normalised(bare);
}

function normalised(address: string): string {
  if (!URL.canParse(address)) return `not an address: ${address}`;
  const url = new URL(address);
  // Percent-encoding is written in upper case, and only where it is needed.
  const path = url.pathname.replace(/%[0-9a-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : code.toUpperCase();
  });
  return `${url.protocol}//${url.host}${path}`;
}

function objectIn(json: string): { [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return value as { [name: string]: unknown };
  } catch {
    // Told below.
  }
  throw wrong('The DPoP proof can not be read.');
}
