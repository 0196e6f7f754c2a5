/** Certificates of the nodes that this one has met on a line: what is carried to one of them is sealed for its key, and none can be asked when no line is left. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folderName = 'peers';

/** In the folder of the node's own identity. Whole or not at all. */
export function keepPeer(identityFolder: string, node: string, certificate: string): void {
  const folder = join(identityFolder, folderName);
  const path = join(folder, `${node}.pem`);
  if (readPeer(identityFolder, node) === certificate) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, certificate, { flush: true });
  renameSync(`${path}.new`, path);
}

/** The certificate of a node as it was met last, PEM; undefined: it never was. */
export function readPeer(identityFolder: string, node: string): string | undefined {
  const path = join(identityFolder, folderName, `${node}.pem`);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** A certificate as TLS hands it over, as PEM. */
export function pemOf(raw: Uint8Array): string {
  const lines =
    Buffer.from(raw)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
