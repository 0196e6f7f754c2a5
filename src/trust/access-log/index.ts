/** The door of the access log: appended to in groups, sealed each second, read by who may. */
import type { KeyObject } from 'node:crypto';
import type { Clock } from '#kernel/clock.ts';
import { openDatabase } from '#kernel/db.ts';
import { createAppender } from './append.ts';
import type { AccessLog } from './entry.ts';
import { makePartitions } from './entry-store.ts';
import { createAuditEvents, type AuditEvents } from './audit-events.ts';
import { createNames, type Names } from './names.ts';
import { createLogReader, type LogReader } from './read.ts';
import { createCopies, type LogCopies } from './copies.ts';
import { createNeighbours, type Neighbours } from './neighbours.ts';
import { createSealer } from './sealer.ts';
import { createReports, type Reports } from './report/report.ts';
import { createUnusual, type Unusual } from './unusual/index.ts';

export { anchorLine, anchorsIn, readAnchors } from './anchors.ts';
export { lastNumber } from './entry-store.ts';
export { exportEntries } from './export.ts';
export { findingLine, timeOf } from './finding.ts';
export { changeKey, ownWork } from './key-change.ts';
export { makeLogKey, openLogKey, readLogKey } from './key-file.ts';
export { copyPageSchema, type CopyPage, type LogCopies } from './copies.ts';
export { createNeighbours };
export { type Neighbours, type SealPage } from './neighbours.ts';
export { createPeople } from './people.ts';
export { checkProof, makeProof } from './proof.ts';
export { registerLogRoutes, type LogRouteDeps, type WrongAccess } from './routes.ts';
export { auditSearchParameters, type AuditEvents, type AuditLimits, type AuditPage } from './audit-events.ts';
export type { CaseDates } from './report/report.ts';
export { pruneLog } from './prune.ts';
export { fingerprintOf } from './seal.ts';
export { pruneCopies, verifyCopies, type CopiesVerified } from './verify-copies.ts';
export { verifyLog, type Verified } from './verify.ts';
export type { Witness } from './verify-witnesses.ts';
export { numberAt } from './walk-store.ts';
export type { AccessAction, AccessEntry, AccessLog, LoggedEntry } from './entry.ts';

export type AccessLogOptions = {
  databaseUrl: string;
  clock: Clock;
  /** The name of this node. */
  node: string;
  /** The key that seals: `openLogKey`. */
  privateKey: KeyObject;
  /** Where seals are anchored outside the database: a folder of this process alone; undefined: nowhere. */
  anchorFolder: string | undefined;
  /** The patient with this national number, where somebody knows: for what looks unusual. */
  patientByNumber?(number: string): Promise<string | undefined>;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
};

export type OpenAccessLog = AccessLog & {
  reader: LogReader;
  /** Names of organisations and personnel, as the record has them. */
  names: Names;
  /** `GET /fhir/AuditEvent`. */
  auditEvents: AuditEvents;
  /** What looks unusual: its nightly job is the caller's to start. */
  unusual: Unusual;
  /** The weeks, counted. */
  reports: Reports;
  /** Seals for neighbours, and theirs kept here. */
  neighbours: Neighbours;
  /** The logs of nodes below, copied here, and this one's for the node above. */
  copies: LogCopies;
  /** Seals what has come until now, beside the seals of each second. */
  seal(): Promise<void>;
  /** Begins to seal each second. */
  start(): void;
  /** Answers what waits, seals it, and closes the connections. */
  stop(): Promise<void>;
};

const dayMs = 86_400_000;
/** A question to the log may take so long; sealing and writing have connections that no question holds. */
const readingMs = 60_000;
/** Months of entries are made room for this long before they begin. */
const aheadMs = 62 * dayMs;

/** Opens the log over a migrated database, with connections of its own: entries never queue behind searches. */
export async function openAccessLog(options: AccessLogOptions): Promise<OpenAccessLog> {
  const { databaseUrl, clock, node, report } = options;
  const applicationName = `fyr ${node} log`;
  const writing = openDatabase(databaseUrl, { connectionsMax: 1, isDurable: true, applicationName });
  const sealing = openDatabase(databaseUrl, { connectionsMax: 2, isDurable: true, applicationName });
  const beside = openDatabase(databaseUrl, { connectionsMax: 4, statementTimeoutMs: readingMs, applicationName });
  const appender = createAppender(writing);
  const sealer = createSealer({ ...options, db: sealing });
  const makeRoom = (): Promise<void> => makePartitions(sealing, clock.now(), clock.now() + aheadMs);
  let daily: NodeJS.Timeout | undefined;
  await makeRoom();
  const reader = createLogReader(beside, node);
  const names = createNames(beside, clock);
  const neighbours = createNeighbours(beside, clock, node);
  const { patientByNumber } = options;
  return {
    append: (entries) => appender.append(entries),
    reader,
    names,
    auditEvents: createAuditEvents(reader, names, node),
    unusual: createUnusual({
      db: beside,
      node,
      now: () => clock.now(),
      ...(patientByNumber ? { patientByNumber } : {}),
    }),
    reports: createReports({ db: beside, clock }),
    neighbours,
    copies: createCopies(beside, node, neighbours),
    seal: () => sealer.seal(),
    start() {
      sealer.start();
      daily ??= setInterval(() => void makeRoom().catch((error: unknown) => report('access log', error)), dayMs);
    },
    async stop() {
      clearInterval(daily);
      await appender.idle();
      await sealer.stop();
      await writing.end({ timeout: 5 });
      await sealing.end({ timeout: 5 });
      await beside.end({ timeout: 5 });
    },
  };
}
