/** What people of several nodes have to decide among themselves: versions in conflict, who writes a stay, what could not be taken. */
import { followConflicts, registerConflicts } from '#continuity/conflicts/index.ts';
import { registerCustody } from '#continuity/custody/index.ts';
import { createOperatorDoor } from '#continuity/operations/index.ts';
import { registerQuarantine } from '#continuity/quarantine/index.ts';
import { followDoubles, registerDoubles } from '#continuity/doubles/index.ts';
import type { Line } from '#continuity/index.ts';
import type { Fhir } from '#fhir/index.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import { systemIds } from '#kernel/ids.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { Log } from '#kernel/log.ts';
import type { OpenAccessLog } from '#trust/access-log/index.ts';
import type { Door } from '#trust/index.ts';

export type DecisionsOptions = {
  config: Pick<Config, 'node'>;
  fhir: Fhir;
  /** Undefined at a node that stands alone. */
  line: Line | undefined;
  door: Door;
  accessLog: OpenAccessLog;
  log: Log;
};

export type Decisions = { start(): void; stop(): Promise<void> };

export async function openDecisions(server: HttpServer, options: DecisionsOptions): Promise<Decisions> {
  const { config, fhir, line, door, accessLog, log } = options;
  const { context, committer } = fhir;
  const { node } = config;
  const common = { context, clock: systemClock, node, log: accessLog, sync: line?.sync };
  await registerConflicts(server, { ...common, door });
  registerCustody(server, { ...common, door, nodes: () => line?.map.all().map(({ name }) => name) ?? [] });
  registerDoubles(server, { ...common, door });
  if (line === undefined) return { start: () => {}, stop: () => Promise.resolve() };
  const operators = createOperatorDoor({ door, log: accessLog, clock: systemClock, ids: systemIds(systemClock) });
  registerQuarantine(server, { db: context.db, context, clock: systemClock, sync: line.sync, door, operators });
  const report = (event: string, error: unknown): void => log.warn({ event, err: error }, event);
  const isRegion = line.map.facts.upstream === undefined;
  const conflicts = followConflicts({ ...common, committer, isRegion, report });
  const doubles = followDoubles({ ...common, committer, report });
  return {
    start() {
      conflicts.start();
      // One node makes the Tasks.
      if (isRegion) doubles.start();
    },
    async stop() {
      await conflicts.stop();
      await doubles.stop();
    },
  };
}
