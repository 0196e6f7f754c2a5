/** Operations of a node, put together: its numbers and alarms, downtimes, and blobs that are kept safely. */
import { join } from 'node:path';
import type { Clock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import type { Db } from '#kernel/db.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { Ids, Randomness } from '#kernel/ids.ts';
import type { AccessLog } from '#trust/access-log/index.ts';
import { createBlobStore } from '#trust/encryption/blobs.ts';
import type { Encryption } from '#trust/encryption/index.ts';
import type { Door } from '#trust/index.ts';
import type { BannerAnswer } from '../downtime/contract.ts';
import { createScrubber, keepBlobs, type BlobPlace, type KeptBlobs } from '../blobs/index.ts';
import {
  createDowntimes,
  defaultWatchSettings,
  registerDowntimeRoutes,
  type Counters,
  type Downtimes,
} from '../downtime/index.ts';
import { identityFolder } from '../line/identity-folder.ts';
import { createDrills, registerDrillRoutes, type Absences, type DrillLine, type Drills } from '../drill/index.ts';
import { scenarioWords } from '../drill/scenarios.ts';
import type { Sources } from './gather.ts';
import { createOperations, type Operations } from './operations.ts';
import { createOperatorDoor } from './operator.ts';
import { createRoom, guardWrites, type Room } from './room.ts';
import { registerOperationsRoutes } from './routes.ts';
import { registerUpkeepRoutes } from './upkeep-routes.ts';

export type OpenOperationsOptions = {
  config: Config;
  version: string;
  db: Db;
  clock: Clock;
  ids: Ids;
  randomness: Randomness;
  encryption: Pick<Encryption, 'blobs' | 'vault'>;
  /** PostgreSQL's log, where it is on this machine. */
  walFolder?: string;
  /** Numbers of other parts: lines, packs, paper. */
  sources?: Sources;
  /** What has to be 0 before a downtime is over. */
  counters?: Counters;
  /** What a drill takes away: the lines of this process, and what other parts ask for. */
  drill: { line(): DrillLine | undefined; absences: Absences };
  /** Another tier's copy of a blob; undefined: none has it. */
  healFrom?(place: BlobPlace): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array> | undefined>;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
};

export type NodeOperations = {
  operations: Operations;
  downtimes: Downtimes;
  drills: Drills;
  blobs: KeptBlobs;
  room: Pick<Room, 'isShort'>;
  /** Refuses writes while there is no room. Before the routes are registered that write. */
  guard(server: HttpServer): void;
  /** Opens `/metrics`, `/api/operations` and `/api/downtime`, and counts the requests of the server. */
  register(server: HttpServer, trust: { door: Pick<Door, 'require'>; log: AccessLog }): void;
  start(): void;
  stop(): Promise<void>;
};

export function openOperations(options: OpenOperationsOptions): NodeOperations {
  const { config, db, clock, ids, report, version } = options;
  const { node, role, baseUrl } = config;
  const { blobs, scrubber } = openBlobs(options);
  const room = createRoom({
    folders: [config.dataFolder, ...(options.walFolder === undefined ? [] : [options.walFolder])],
    floorBytes: config.operations.roomBytes,
    onChanged: (isShort) =>
      report('disk', new Error(isShort ? 'no room: writes are refused' : 'there is room again: writes go on')),
  });
  const operations = createOperations({
    db,
    clock,
    process: `${node} ${process.pid}`,
    places: {
      data: config.dataFolder,
      ...(options.walFolder === undefined ? {} : { wal: options.walFolder }),
      ...(config.operations.blobCopyFolder === undefined ? {} : { blobCopy: config.operations.blobCopyFolder }),
    },
    certificates: [
      ...(config.tls === undefined ? [] : [config.tls.certificateFile]),
      join(identityFolder(config), 'node.pem'),
      join(identityFolder(config), 'ca.pem'),
    ],
    sources: { ...blobSources(blobs, scrubber, clock), ...options.sources },
    report,
  });
  const own = { db, clock, ids, node, report };
  const drills = createDrills({ ...own, role, ...options.drill, downtimes: () => downtimes });
  const downtimes: Downtimes = createDowntimes({
    ...own,
    counters: options.counters ?? {},
    settings: { ...defaultWatchSettings, silenceMs: config.operations.downtimeAfterMs },
    drill: () => drills.current()?.id,
  });
  return {
    operations,
    downtimes,
    drills,
    blobs,
    room,
    guard: (server) => guardWrites(server, room),
    register(server, { door, log }) {
      const operatorDoor = createOperatorDoor({ door, log, clock, ids });
      const now = (): number => clock.now();
      registerOperationsRoutes(server, {
        operations,
        door: operatorDoor,
        now,
        about: { node, role, version, baseUrl },
      });
      registerUpkeepRoutes(server, { db, door: operatorDoor });
      registerDowntimeRoutes(server, { downtimes, node, drill: () => drillOnBanner(drills), door: operatorDoor, now });
      registerDrillRoutes(server, { drills, node, role, door: operatorDoor, now });
    },
    start() {
      operations.start();
      room.start();
      drills.start();
      scrubber.start();
    },
    async stop() {
      operations.stop();
      room.stop();
      await drills.stop();
      await scrubber.stop();
    },
  };
}

function drillOnBanner(drills: Drills): BannerAnswer['drill'] {
  const drill = drills.current();
  if (drill === undefined) return undefined;
  const { id, scenario, began, until } = drill;
  return { id, scenario, began, until, ...scenarioWords[scenario] };
}

function openBlobs({ config, db, clock, randomness, encryption, healFrom, drill, report }: OpenOperationsOptions) {
  const { blobFolder, blobCopyFolder, scrubBytesPerSecond, scrubEveryMs } = config.operations;
  const copy =
    blobCopyFolder === undefined
      ? {}
      : { copy: createBlobStore({ folder: blobCopyFolder, vault: encryption.vault, randomness }) };
  const shared = { db, clock, folder: blobFolder, report, ...copy };
  const blobs = keepBlobs({
    ...shared,
    store: encryption.blobs,
    archiveAwaySince: () => drill.absences.archiveSince(),
    ...(healFrom ? { healFrom } : {}),
  });
  const scrubber = createScrubber({ ...shared, blobs, bytesPerSecond: scrubBytesPerSecond, everyMs: scrubEveryMs });
  return { blobs, scrubber };
}

function blobSources(blobs: KeptBlobs, scrubber: ReturnType<typeof createScrubber>, clock: Clock): Sources {
  return {
    blobs: async () => (await blobs.counts()).blobs,
    blobsSingle: async () => (await blobs.counts()).single,
    blobsDamaged: async () => (await blobs.counts()).damaged,
    scrubAgeHours: async () => {
      const { finished } = await scrubber.state();
      return finished === undefined ? undefined : (clock.now() - finished) / 3_600_000;
    },
  };
}
