/** The region's own authority, where this node has the passphrase of its key. */
import {
  createAuthority,
  makeRequest,
  readIdentity,
  unlockAuthority,
  writeIdentity,
  type CertificateAuthority,
} from '#trust/authority/index.ts';
import type { NodeIdentity } from '#trust/authority/mutual-tls.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import type { Db } from '#kernel/db.ts';
import type { Randomness } from '#kernel/ids.ts';
import { identityFolder } from './identity-folder.ts';

export type OwnAuthorityDeps = {
  config: Pick<Config, 'node' | 'role' | 'dataFolder' | 'security'>;
  db: Db;
  clock: Clock;
  randomness: Randomness;
  authorityPassphrase: string | undefined;
};

/** The region's node has its certificate from its own authority: nobody else could let it in. */
export async function issueToItself(deps: OwnAuthorityDeps): Promise<NodeIdentity | undefined> {
  const { config } = deps;
  const authority = config.role === 'region' ? await openAuthority(deps) : undefined;
  if (authority === undefined) return undefined;
  const { key, request } = await makeRequest(config.node);
  const { certificate } = await authority.issue(request, config.node, []);
  const revocationList = await authority.revocationList();
  writeIdentity(identityFolder(config), { certificate, key, authority: authority.certificate, revocationList });
  return readIdentity(identityFolder(config));
}

/** Undefined: this node was started without the passphrase, or is not the region. */
export async function openAuthority(deps: OwnAuthorityDeps): Promise<CertificateAuthority | undefined> {
  const { config, db, clock, randomness, authorityPassphrase } = deps;
  if (authorityPassphrase === undefined) return undefined;
  const authority = await unlockAuthority(config.security.authority.folder, authorityPassphrase);
  return createAuthority({ authority, db, clock, randomness });
}
