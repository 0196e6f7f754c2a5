/** The certificate and key that a node speaks HTTPS with. */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions, type Server } from 'node:tls';
import type { Config } from './config.ts';
import { Fault } from './fault.ts';

export type Tls = { cert: string; key: string };

/** Reads both and tries whether they fit. Throws a Fault('invalid') that says which file is wrong, and how. */
export function readTls({ certificateFile, keyFile }: NonNullable<Config['tls']>): Tls {
  const tls = { cert: readPem('FYR_TLS_CERT', certificateFile), key: readPem('FYR_TLS_KEY', keyFile) };
  for (const [setting, file, part] of [
    ['FYR_TLS_CERT', certificateFile, { cert: tls.cert }],
    ['FYR_TLS_KEY', keyFile, { key: tls.key }],
  ] as const) {
    if (refusal(part) !== undefined) {
      throw new Fault('invalid', `${setting} names ${file}, which is not in PEM: ${refusal(part)}.`);
    }
  }
  // OpenSSL looks for a mismatch only among keys of one kind.
  if (new X509Certificate(tls.cert).checkPrivateKey(createPrivateKey(tls.key))) return tls;
  throw new Fault('invalid', `The key in ${keyFile} is not that of the certificate in ${certificateFile}.`);
}

function readPem(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Fault('invalid', `${setting} names ${file}, which cannot be read (${code}).`, { cause: error });
  }
}

function refusal(part: Partial<Tls>): string | undefined {
  try {
    createSecureContext(part);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** ECDHE and AEAD alone: what TLS 1.2 clients of this decade can do. TLS 1.3 has no others. */
const ciphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

/** What a server speaks with this certificate: TLS 1.2 or 1.3. */
export function tlsOptions({ cert, key }: Tls): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2', ciphers, honorCipherOrder: true };
}

const lookEveryMs = 60_000;

/**
 * Takes a renewed certificate without a restart: looks at the files each minute. What is wrong with new files is reported, and the old certificate goes on.
 * Gives a function that ends it.
 */
export function keepTlsFresh(
  server: Pick<Server, 'setSecureContext'>,
  files: NonNullable<Config['tls']>,
  report: (event: string, error?: unknown) => void,
  everyMs = lookEveryMs,
): () => void {
  let seen = stateOf(files);
  const look = (): void => {
    const now = stateOf(files);
    if (now === seen) return;
    seen = now;
    try {
      server.setSecureContext(tlsOptions(readTls(files)));
      report('certificate renewed');
    } catch (error) {
      report('certificate not renewed', error);
    }
  };
  const timer = setInterval(look, everyMs).unref();
  return () => clearInterval(timer);
}

function stateOf({ certificateFile, keyFile }: NonNullable<Config['tls']>): string {
  return [certificateFile, keyFile]
    .map((file) => statSync(file, { throwIfNoEntry: false }))
    .map((found) => `${found?.ino} ${found?.mtimeMs} ${found?.size}`)
    .join();
}
