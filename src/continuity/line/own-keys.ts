/** The keys that this node has had: each is kept before its certificate comes, so that a stop in between leaves none without its key; and what was sealed for an earlier one still opens. */
import { createHash, X509Certificate, createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIdentity, type NodeIdentity } from '#trust/authority/index.ts';

const folderName = 'keys';
const keptMost = 10;

export function keepKey(identityFolder: string, key: string): void {
  const folder = join(identityFolder, folderName);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.pem`);
  if (existsSync(path)) return;
  writeFileSync(`${path}.new`, key, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** The newest first. PEM. */
export function readKeys(identityFolder: string): string[] {
  const folder = join(identityFolder, folderName);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.pem'));
  const dated = files.map((name) => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }));
  const newest = dated.sort((a, b) => b.at - a.at).slice(0, keptMost);
  return newest.map(({ path }) => readFileSync(path, 'utf8'));
}

/** The identity with the key that its certificate is for, also when the node was stopped between the one and the other. */
export function readOwnIdentity(identityFolder: string): NodeIdentity | undefined {
  const identity = readIdentity(identityFolder);
  if (identity === undefined) return undefined;
  const certificate = new X509Certificate(identity.certificate);
  const key = [identity.key, ...readKeys(identityFolder)].find((one) =>
    certificate.checkPrivateKey(createPrivateKey(one)),
  );
  return key === undefined ? identity : { ...identity, key };
}
