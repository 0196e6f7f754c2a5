/**
 * The authority's folder: `ca.pem`, its certificate, and `ca-key.json`, its private key under a passphrase (scrypt, then AES-256-GCM). Who has the key and the
 * passphrase can make a node of the region out of any machine: keep a copy of both apart from each other, and off the network.
 */
import { createCipheriv, createDecipheriv, scrypt, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import { makeAuthority, signingKeyOf, type Authority } from './certificates.ts';

const certificateName = 'ca.pem';
const keyName = 'ca-key.json';
/** 128 MB and about half a second, once an unlocking. */
const cost = { N: 131_072, r: 8, p: 1 } as const;

const keyFile = z.strictObject({
  kdf: z.literal('scrypt'),
  N: z.int().min(16_384).max(1_048_576),
  r: z.literal(8),
  p: z.literal(1),
  salt: z.base64(),
  nonce: z.base64(),
  sealed: z.base64(),
});

export type NewAuthority = {
  /** Of the region, for people: it stands in the certificate. */
  name: string;
  passphrase: string;
  now: number;
  days: number;
  /** How much work a try of a passphrase is: the N of scrypt (RFC 7914), 131,072 unless said. */
  work?: number;
};

/** Makes the authority. Faults: conflict, where there is one already. */
export async function initAuthority(
  folder: string,
  { name, passphrase, now, days, work = cost.N }: NewAuthority,
  randomness: Randomness,
): Promise<{ certificate: string }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (existsSync(join(folder, keyName)) || existsSync(join(folder, certificateName))) {
    throw new Fault('conflict', `There is a certificate authority in ${folder} already.`);
  }
  const { certificate, privateKey } = await makeAuthority({ name, now, days }, randomness);
  const [salt, nonce] = [randomness.bytes(16), randomness.bytes(12)];
  const cipher = createCipheriv('aes-256-gcm', await stretched(passphrase, salt, work), nonce);
  cipher.setAAD(fingerprintBytes(certificate));
  const sealed = Buffer.concat([cipher.update(privateKey), cipher.final(), cipher.getAuthTag()]);
  privateKey.fill(0);
  const text = { kdf: 'scrypt', ...cost, N: work, salt: base64(salt), nonce: base64(nonce), sealed: base64(sealed) };
  writeFileSync(join(folder, keyName), `${JSON.stringify(text, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  writeFileSync(join(folder, certificateName), certificate, { mode: 0o644, flag: 'wx', flush: true });
  return { certificate };
}

/** The authority's certificate, PEM; undefined where there is no authority. */
export function authorityCertificate(folder: string): string | undefined {
  const path = join(folder, certificateName);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** The authority, ready to sign. Faults: notFound, where there is none; forbidden, for a wrong passphrase. */
export async function unlockAuthority(folder: string, passphrase: string): Promise<Authority> {
  const certificate = authorityCertificate(folder);
  if (certificate === undefined) {
    throw new Fault('notFound', `There is no certificate authority in ${folder}. Make one with: fyr ca init`);
  }
  const { N, salt, nonce, sealed } = readKeyFile(join(folder, keyName));
  const bytes = Buffer.from(sealed, 'base64');
  const key = await stretched(passphrase, Buffer.from(salt, 'base64'), N);
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'), { authTagLength: 16 });
  decipher.setAAD(fingerprintBytes(certificate)).setAuthTag(bytes.subarray(-16));
  let privateKey: Buffer;
  try {
    privateKey = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]);
  } catch (error) {
    throw new Fault('forbidden', "This is not the passphrase of the certificate authority's key.", { cause: error });
  }
  const signing = await signingKeyOf(Uint8Array.from(privateKey));
  privateKey.fill(0);
  return { certificate, key: signing };
}

function readKeyFile(path: string): z.output<typeof keyFile> {
  try {
    return keyFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Fault('invalid', `${path} can not be read as the key of a certificate authority.`, { cause: error });
  }
}

function stretched(passphrase: string, salt: Buffer, N: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, { ...cost, N, maxmem: 256 * N * cost.r }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

/** SHA-256 of a certificate. */
export function fingerprintBytes(certificate: string): Buffer {
  return Buffer.from(new X509Certificate(certificate).fingerprint256.replaceAll(':', ''), 'hex');
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64');
}
