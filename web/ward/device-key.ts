/** The device's own key (a fingerprint, a face, a PIN): a WebAuthn credential that signs in to nothing, and tells the same 32 bytes for the same salt (PRF). */

const saltBytes = 32;
const userBytes = 16;
const random = (count: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(count));

type Told = { credential: ArrayBuffer; salt: Uint8Array<ArrayBuffer>; secret: ArrayBuffer };

export async function canHaveDeviceKey(): Promise<boolean> {
  const isThere = typeof PublicKeyCredential !== 'undefined' && !/^[\d.]+$|:/.test(location.hostname);
  return isThere && PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
}

/** Undefined: the person said no, or the device's key can't do this. */
export async function makeDeviceKey(person: string): Promise<Told | undefined> {
  const salt = random(saltBytes);
  const extensions = { prf: { eval: { first: salt } } };
  const made = (await navigator.credentials
    .create({
      publicKey: {
        challenge: random(saltBytes),
        rp: { name: 'Fyr' },
        user: { id: random(userBytes), name: person, displayName: person },
        pubKeyCredParams: [
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
        authenticatorSelection: { authenticatorAttachment: 'platform', userVerification: 'required' },
        extensions,
      },
    })
    .catch(() => null)) as PublicKeyCredential | null;
  if (made === null) return undefined;
  const { prf } = made.getClientExtensionResults();
  if (prf?.enabled !== true) return undefined;
  // Not every device tells it while the key is being made.
  const secret = (prf.results?.first as ArrayBuffer | undefined) ?? (await askDeviceKey(made.rawId, salt));
  return secret === undefined ? undefined : { credential: made.rawId, salt, secret };
}

/** Undefined: the person said no, or it is another device. */
export async function askDeviceKey(
  credential: ArrayBuffer,
  salt: Uint8Array<ArrayBuffer>,
): Promise<ArrayBuffer | undefined> {
  const told = (await navigator.credentials
    .get({
      publicKey: {
        challenge: random(saltBytes),
        allowCredentials: [{ type: 'public-key', id: credential }],
        userVerification: 'required',
        extensions: { prf: { eval: { first: salt } } },
      },
    })
    .catch(() => null)) as PublicKeyCredential | null;
  return told?.getClientExtensionResults().prf?.results?.first as ArrayBuffer | undefined;
}
