/** TLS between nodes: both ends show a certificate of the region's authority, and a revoked, expired or foreign one is refused. */
import { readFileSync, writeFileSync, mkdirSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { Fault } from '#kernel/fault.ts';
import { nodeUriPrefix } from './certificates.ts';

/** What a node shows and whom it believes. All PEM. */
export type NodeIdentity = {
  certificate: string;
  key: string;
  authority: string;
  /** The newest revocation list that the node has. */
  revocationList: string;
};

export type MutualTls = {
  cert: string;
  key: string;
  ca: string;
  crl: string;
  minVersion: 'TLSv1.2';
  requestCert: true;
  rejectUnauthorized: true;
};

/**
 * Options for `https.createServer` (and `server.setSecureContext` when the identity is renewed) and for `https.request`, alike. A client that reaches a node
 * at an address that is not in its certificate gives `servername: '<the name of the node>'`.
 */
export function mutualTlsOptions({ certificate, key, authority, revocationList }: NodeIdentity): MutualTls {
  return {
    cert: certificate,
    key,
    ca: authority,
    crl: revocationList,
    minVersion: 'TLSv1.2',
    requestCert: true,
    rejectUnauthorized: true,
  };
}

/** The name of the node at the other end. Faults: forbidden, where the connection is not one of `mutualTlsOptions`. */
export function nodeOf(socket: TLSSocket): string {
  const node = socket.authorized ? nodeOfCertificate(socket.getPeerCertificate()) : undefined;
  if (node === undefined) throw new Fault('forbidden', 'Nodes only: show the certificate of a node of this region.');
  return node;
}

function nodeOfCertificate({ subjectaltname }: Partial<PeerCertificate>): string | undefined {
  const name = subjectaltname?.split(', ').find((entry) => entry.startsWith(`URI:${nodeUriPrefix}`));
  return name?.slice(`URI:${nodeUriPrefix}`.length);
}

const names = { certificate: 'node.pem', key: 'node-key.pem', authority: 'ca.pem', revocationList: 'crl.pem' } as const;

/** Keeps an identity in a folder, each file whole or not at all. */
export function writeIdentity(folder: string, identity: NodeIdentity): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [part, name] of Object.entries(names) as [keyof NodeIdentity, string][]) {
    const beside = join(folder, `${name}.new`);
    writeFileSync(beside, identity[part], { mode: part === 'key' ? 0o600 : 0o644, flush: true });
    renameSync(beside, join(folder, name));
  }
}

/** The identity in a folder; undefined where there is none. */
export function readIdentity(folder: string): NodeIdentity | undefined {
  if (!existsSync(join(folder, names.certificate))) return undefined;
  const read = (part: keyof NodeIdentity): string => {
    try {
      return readFileSync(join(folder, names[part]), 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new Fault('invalid', `${join(folder, names[part])} can not be read (${code}).`, { cause: error });
    }
  };
  return {
    certificate: read('certificate'),
    key: read('key'),
    authority: read('authority'),
    revocationList: read('revocationList'),
  };
}
