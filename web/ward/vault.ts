/**
 * What a device keeps of patients is sealed with AES-256-GCM under a key that the node made. The key lies in the browser so that no script can read it out again
 * (not extractable); or, where the device has a key of its own, wrapped under what that key alone can tell (WebAuthn's PRF), and then nothing opens without it.
 */

export type Sealed = { iv: Uint8Array<ArrayBuffer>; bytes: ArrayBuffer };

const ivBytes = 12;
const algorithm = 'AES-GCM';
const encoder = new TextEncoder();

export async function importKey(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, algorithm, false, ['encrypt', 'decrypt']);
}

/** @param about bound to the sealed: opened under another name it does not open */
export async function seal(key: CryptoKey, about: string, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const plain = encoder.encode(JSON.stringify(value));
  const bytes = await crypto.subtle.encrypt({ name: algorithm, iv, additionalData: encoder.encode(about) }, key, plain);
  return { iv, bytes };
}

/** Undefined: it is damaged, of another name, or sealed under another key. */
export async function unseal<Value>(key: CryptoKey, about: string, { iv, bytes }: Sealed): Promise<Value | undefined> {
  try {
    const name = { name: algorithm, iv, additionalData: encoder.encode(about) };
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(name, key, bytes))) as Value;
  } catch {
    return undefined;
  }
}

/** The data key, sealed under what the device's own key told. */
export type Wrapped = Sealed & { credential: ArrayBuffer; salt: Uint8Array<ArrayBuffer> };

const wrappedAbout = 'fyr-ward data key';

async function wrappingKey(secret: ArrayBuffer): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: encoder.encode(wrappedAbout) };
  return crypto.subtle.deriveKey(derivation, base, { name: algorithm, length: 256 }, false, ['encrypt', 'decrypt']);
}

/** @param secret 32 bytes of WebAuthn's PRF for this salt */
export async function wrapKey(
  raw: Uint8Array<ArrayBuffer>,
  secret: ArrayBuffer,
  of: Pick<Wrapped, 'credential' | 'salt'>,
): Promise<Wrapped> {
  return { ...of, ...(await seal(await wrappingKey(secret), wrappedAbout, toBase64(raw))) };
}

/** Undefined: it is another key, or what was kept is damaged. */
export async function unwrapKey(wrapped: Wrapped, secret: ArrayBuffer): Promise<CryptoKey | undefined> {
  const raw = await unseal<string>(await wrappingKey(secret), wrappedAbout, wrapped);
  return raw === undefined ? undefined : importKey(fromBase64(raw));
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(plain), (character) => character.charCodeAt(0));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
