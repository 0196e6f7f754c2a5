/** The rooms of those who run nodes, over what the other parts tell: the registry of nodes, and how those below are. */
import type { Line } from '#continuity/index.ts';
import { createOperatorDoor } from '#continuity/operations/operator.ts';
import type { NodeOperations } from '#continuity/operations/index.ts';
import { registerNodes } from '#continuity/registry/index.ts';
import { registerReportRoutes, type Reports } from '#continuity/reports/index.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import type { Db } from '#kernel/db.ts';
import type { HttpServer } from '#kernel/http.ts';
import { systemIds, systemRandomness } from '#kernel/ids.ts';
import type { AccessLog } from '#trust/access-log/index.ts';
import type { Door } from '#trust/index.ts';

export type RoomsOptions = {
  config: Config;
  db: Db;
  door: Pick<Door, 'require'>;
  log: AccessLog;
  authorityPassphrase: string | undefined;
  reports: Reports;
  operations: NodeOperations['operations'];
  /** Undefined: the node has none. */
  line: Pick<Line, 'map' | 'state'> | undefined;
};

/** Opens `/api/nodes` and `/api/operations/region`. */
export function registerRooms(server: HttpServer, options: RoomsOptions): void {
  const { config, db, door, log, authorityPassphrase, reports, operations, line } = options;
  const own = { clock: systemClock, ids: systemIds(systemClock), randomness: systemRandomness };
  registerNodes(server, { config, db, ...own, authorityPassphrase, door, log });
  registerReportRoutes(server, {
    node: config.node,
    tier: config.role,
    reports,
    clock: systemClock,
    door: createOperatorDoor({ door, log, ...own }),
    numbers: operations.numbers,
    line: () => line && { map: line.map, below: async () => (await line.state()).below },
  });
}
