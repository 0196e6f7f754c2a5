/** What watches a node: its numbers, alarms, downtimes and blobs, fed by every part that has something to tell. */
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import {
  countConflicts,
  countDoubles,
  countOpenPaper,
  openOperations,
  type NodeOperations,
} from '#continuity/operations/index.ts';
import type { Line } from '#continuity/index.ts';
import { countDamaged } from '#continuity/damage/index.ts';
import type { Absences } from '#continuity/drill/index.ts';
import type { Packs } from '#continuity/packs/index.ts';
import type { Fhir } from '#fhir/index.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import type { Db } from '#kernel/db.ts';
import { systemIds, systemRandomness } from '#kernel/ids.ts';
import type { Log } from '#kernel/log.ts';
import { nodeGrants } from '#trust/grant.ts';
import type { Encryption } from '#trust/encryption/index.ts';
import { version } from './version.ts';

export type NodeOperationsOptions = {
  config: Config;
  db: Db;
  fhir: Fhir;
  encryption: Encryption;
  packs: Pick<Packs, 'ages'>;
  /** The lines, once they are open. */
  line: () => Pick<Line, 'state' | 'cut' | 'onTry' | 'fetchBlob'> | undefined;
  /** What a drill takes away, for the parts that do without it. */
  absences: Absences;
  log: Log;
};

export function openNodeOperations(options: NodeOperationsOptions): NodeOperations {
  const { config, db, fhir, encryption, packs, line, absences, log } = options;
  const wal = join(config.dataFolder, 'postgres', 'cluster', 'pg_wal');
  const above = async () => (await line()?.state())?.above;
  const reading = { ...fhir.context, grant: nodeGrants.background('operations') };
  const since = (at: number | undefined): number | undefined =>
    at === undefined ? undefined : Math.max(0, systemClock.now() - at) / 1000;
  const counters = {
    waiting: async () => (line() === undefined ? 0 : ((await above())?.backlog ?? 0)),
    conflicts: () => countConflicts(reading),
    quarantine: async () => (line() === undefined ? 0 : (await line()?.state())?.setAside),
    paper: () => countOpenPaper(db),
    doubles: () => countDoubles(reading),
    // What is not whole here yet is not equal either.
    digests: async () => {
      const upper = await above();
      return upper === undefined ? (line() === undefined ? 0 : undefined) : upper.filling + upper.stuck;
    },
  };
  const opened = openOperations({
    config,
    version,
    db,
    clock: systemClock,
    ids: systemIds(systemClock),
    randomness: systemRandomness,
    encryption,
    ...(existsSync(wal) ? { walFolder: wal } : {}),
    counters,
    drill: { line, absences },
    healFrom: async (place) => line()?.fetchBlob(place),
    sources: {
      backlog: async () => (await above())?.backlog,
      quarantine: async () => (await line()?.state())?.setAside,
      feedLagSeconds: async () => since((await above())?.currentAt),
      regionAgeSeconds: async () => {
        const upper = await above();
        return upper?.regionAt === upper?.currentAt ? undefined : since(upper?.regionAt);
      },
      upstreamRefused: async () => {
        const upper = await above();
        return upper === undefined ? undefined : Number(upper.refused !== undefined);
      },
      upstreamSilentSeconds: async () => since((await above())?.lastHeard),
      clockOffsetUpstreamMs: async () => {
        const offset = (await above())?.clockOffsetMs;
        return offset === undefined ? undefined : -offset;
      },
      conflicts: counters.conflicts,
      doubles: counters.doubles,
      recordsDamaged: () => countDamaged(db),
      paperOpen: counters.paper,
      packAgeMinutes: async () => {
        const ages = [...(await packs.ages()).values()];
        return config.packs.everyMs === 0 || ages.length === 0 ? undefined : Math.max(...ages) / 60;
      },
    },
    report: (event, error) => log.warn({ event, err: error }, event),
  });
  return watchingLine(opened, line);
}

/** Each try to reach the node above is watched: a long silence, or answers that come too late to work with, become a proposal of downtime. */
function watchingLine(opened: NodeOperations, line: NodeOperationsOptions['line']): NodeOperations {
  let end: (() => void) | undefined;
  return {
    ...opened,
    start() {
      opened.start();
      end ??= line()?.onTry((seen) => void opened.downtimes.observe(seen));
    },
    async stop() {
      end?.();
      await opened.stop();
    },
  };
}
