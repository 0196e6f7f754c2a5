/** The line of a node: opened with all that goes along it, and told of to those who ask. */
import { openLine, registerLineRoutes, type Line } from '#continuity/index.ts';
import type { NodeOperations } from '#continuity/operations/index.ts';
import type { Reports } from '#continuity/reports/index.ts';
import type { Fhir } from '#fhir/index.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import type { Db } from '#kernel/db.ts';
import type { HttpServer } from '#kernel/http.ts';
import { systemIds, systemRandomness } from '#kernel/ids.ts';
import type { Log } from '#kernel/log.ts';
import type { LogCopies } from '#trust/access-log/index.ts';
import type { Door } from '#trust/index.ts';

export function openNodeLine(
  config: Config,
  { db, fhir }: { db: Db; fhir: Fhir },
  authorityPassphrase: string | undefined,
  given: { log: Log; copies: LogCopies; reports: Reports } & Pick<NodeOperations, 'room' | 'blobs'>,
): Promise<Line | undefined> {
  const { log, room, blobs, copies, reports } = given;
  const report = (event: string, error: unknown): void => log.warn({ event, err: error }, event);
  const own = { clock: systemClock, ids: systemIds(systemClock), randomness: systemRandomness };
  const isShort = (): boolean => room.isShort();
  return openLine({ config, db, fhir, authorityPassphrase, copies, blobs, reports, ...own, isShort, report });
}

export function registerNodeLine(server: HttpServer, line: Line | undefined, door: Door): void {
  if (line === undefined) return;
  registerLineRoutes(server, {
    require: (request) => door.require(request),
    state: () => line.state(),
    summary: () => line.summary(),
  });
}
