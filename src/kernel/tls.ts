/** The certificate and key that a node speaks HTTPS with. */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
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
