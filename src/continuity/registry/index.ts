/** The door of the registry of nodes: put together where the region's authority is. */
import type { Clock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import type { Db } from '#kernel/db.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { Ids, Randomness } from '#kernel/ids.ts';
import { Fault } from '#kernel/fault.ts';
import type { AccessLog } from '#trust/access-log/index.ts';
import type { CertificateAuthority } from '#trust/authority/index.ts';
import type { Door } from '#trust/index.ts';
import { openAuthority } from '../line/own-authority.ts';
import { createOperatorDoor } from '../operations/operator.ts';
import { createRegistry } from './registry.ts';
import { registerRegistryRoutes, type RegistryRouteDeps } from './routes.ts';

export type RegisterNodesOptions = {
  config: Pick<Config, 'node' | 'role' | 'dataFolder' | 'security' | 'line' | 'baseUrl'>;
  db: Db;
  clock: Clock;
  ids: Ids;
  randomness: Randomness;
  authorityPassphrase: string | undefined;
  door: Pick<Door, 'require'>;
  log: AccessLog;
};

/** Opens `/api/nodes`. */
export function registerNodes(server: HttpServer, options: RegisterNodesOptions): void {
  const { config, door, log, clock, ids } = options;
  const operators = createOperatorDoor({ door, log, clock, ids });
  registerRegistryRoutes(server, { node: config.node, door: operators, registry: registryOf(options) });
}

function registryOf(options: RegisterNodesOptions): RegistryRouteDeps['registry'] {
  const { config, db, clock, authorityPassphrase } = options;
  const { port, upstream } = config.line;
  if (config.role !== 'region' || upstream !== undefined) return 'not-region';
  if (port === undefined) return 'no-lines';
  if (authorityPassphrase === undefined) return 'no-passphrase';
  // Its key takes a second to unlock: once, when it is first asked for.
  let opened: Promise<CertificateAuthority> | undefined;
  const open = async (): Promise<CertificateAuthority> => {
    const authority = await openAuthority(options);
    if (authority === undefined) throw new Fault('unavailable', 'There is no certificate authority here.');
    return authority;
  };
  return createRegistry({
    db,
    clock,
    node: config.node,
    address: `https://${new URL(config.baseUrl).hostname}:${port}`,
    authority: () =>
      (opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      })),
  });
}
