/**
 * The signature of a compact JWS (RFC 7515 §5.2) by a key that came with it, as each request of a DPoP client has one: by the operating library straight
 * away, off the main thread, at half the cost of the way through Web Crypto. Everything else that is signed goes through `jose`.
 */
import { constants, createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto';

export type SignatureKey = {
  key: KeyObject;
  hash: 'sha256' | 'sha384' | 'sha512';
  dsaEncoding?: 'ieee-p1363';
  padding?: number;
  saltLength?: number;
};

const curves: { readonly [alg: string]: string } = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' };

/** RSA keys beyond these are too weak, or there to keep us busy. */
const modulusBits = { least: 2048, most: 8192 };

/** The public key for an algorithm of `algorithms` (RFC 7518 §3). Throws when it is no key, or not one for that algorithm. */
export function signatureKey(jwk: object, alg: string): SignatureKey {
  const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  const bits = Number(alg.slice(2));
  const hash = `sha${bits}` as SignatureKey['hash'];
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (alg.startsWith('ES')) {
    if (key.asymmetricKeyType !== 'ec' || namedCurve !== curves[alg]) throw new TypeError('not a key on that curve');
    return { key, hash, dsaEncoding: 'ieee-p1363' };
  }
  if (key.asymmetricKeyType !== 'rsa' || modulusLength < modulusBits.least || modulusLength > modulusBits.most)
    throw new TypeError('not an RSA key of a length that is taken');
  if (alg.startsWith('PS')) return { key, hash, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: bits / 8 };
  return { key, hash, padding: constants.RSA_PKCS1_PADDING };
}

/** The payload as it is written, where the signature over it is right; undefined where it isn't. */
export async function verifiedPayload(compact: string, { hash, ...key }: SignatureKey): Promise<string | undefined> {
  const [header, payload, signature, ...more] = compact.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) return undefined;
  const signed = Buffer.from(`${header}.${payload}`, 'latin1');
  const isRight = await new Promise<boolean>((resolve) => {
    verify(hash, signed, key, Buffer.from(signature, 'base64url'), (error, right) => resolve(error === null && right));
  });
  return isRight ? Buffer.from(payload, 'base64url').toString('utf8') : undefined;
}
