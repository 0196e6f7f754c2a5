/** Gathers the numbers of a node. What fails or takes too long is left out, and said: watching a node must never be what stops it. */
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { lastBackup } from '../backup/index.ts';
import { readDatabaseFacts } from './operations-store.ts';
import type { NumberName, Numbers } from './numbers.ts';

/** Numbers that other parts tell; undefined: it does not apply now. */
export type Sources = { readonly [Name in NumberName]?: () => Promise<number | undefined> | number | undefined };

export type GatherDeps = {
  db: Db;
  clock: Clock;
  places: {
    data: string;
    /** PostgreSQL's log, where it is on this machine. */
    wal?: string;
    /** The second copy of blobs. */
    blobCopy?: string;
  };
  /** PEM files; those that are not there yet are passed over. */
  certificates: readonly string[];
  sources: Sources;
  report(event: string, error: unknown): void;
};

export type Gatherer = { gather(): Promise<Numbers>; stop(): void };

const sourceLimitMs = 2000;
const hourMs = 3_600_000;

export function createGatherer(deps: GatherDeps): Gatherer {
  const started = deps.clock.now();
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  return {
    async gather() {
      const own: Promise<Numbers>[] = [
        attempt(deps, 'database', () => databaseNumbers(deps)),
        attempt(deps, 'disk', () => diskNumbers(deps.places)),
        attempt(deps, 'certificates', () => certificateNumbers(deps)),
        attempt(deps, 'backup', () => backupNumbers(deps)),
      ];
      const others = Object.entries(deps.sources).map(([name, source]) =>
        attempt(deps, name, async () => {
          const value = await source();
          return value === undefined || !Number.isFinite(value) ? {} : { [name]: value };
        }),
      );
      const eventLoopP99Ms = delay.percentile(99) / 1e6;
      delay.reset();
      const gathered = await Promise.all([...own, ...others]);
      return Object.assign(
        {
          uptimeSeconds: (deps.clock.now() - started) / 1000,
          memoryBytes: process.memoryUsage.rss(),
          ...(Number.isFinite(eventLoopP99Ms) ? { eventLoopP99Ms } : {}),
        },
        ...gathered,
      ) as Numbers;
    },
    stop: () => delay.disable(),
  };
}

async function attempt({ report }: GatherDeps, name: string, work: () => Promise<Numbers>): Promise<Numbers> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${sourceLimitMs} ms`)), sourceLimitMs);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    report(`operations: ${name}`, error);
    return {};
  } finally {
    clearTimeout(timer);
  }
}

async function databaseNumbers({ db, clock }: GatherDeps): Promise<Numbers> {
  const before = clock.now();
  const facts = await readDatabaseFacts(db);
  const after = clock.now();
  return {
    databaseAnswerMs: after - before,
    databaseBytes: facts.bytes,
    databaseConnections: Number(facts.connections),
    oldestTransactionSeconds: Math.max(0, facts.oldestTransactionSeconds),
    logUnsealedSeconds: Math.max(0, facts.logUnsealedSeconds),
    // The database looked at its clock somewhere in between.
    clockOffsetDatabaseMs: (before + after) / 2 - facts.now,
  };
}

async function diskNumbers({ data, wal, blobCopy }: GatherDeps['places']): Promise<Numbers> {
  const shareOf = async (path: string): Promise<{ bytes: number; share: number }> => {
    const { bavail, blocks, bsize } = await statfs(path);
    return { bytes: bavail * bsize, share: blocks === 0 ? 1 : bavail / blocks };
  };
  const own = await shareOf(data);
  return {
    dataFreeBytes: own.bytes,
    dataFreeShare: own.share,
    ...(wal === undefined ? {} : { walFreeShare: (await shareOf(wal)).share }),
    ...(blobCopy === undefined ? {} : { blobFreeShare: (await shareOf(blobCopy)).share }),
  };
}

async function certificateNumbers({ certificates, clock }: GatherDeps): Promise<Numbers> {
  const there = certificates.filter((file) => existsSync(file));
  if (there.length === 0) return {};
  const ends = await Promise.all(
    there.map(async (file) => Date.parse(new X509Certificate(await readFile(file)).validTo)),
  );
  return { certificateDays: (Math.min(...ends) - clock.now()) / (24 * hourMs) };
}

async function backupNumbers({ db, clock }: GatherDeps): Promise<Numbers> {
  const { made, verifiedAt } = await lastBackup(db);
  return {
    ...(made === undefined ? {} : { backupAgeHours: (clock.now() - made.at) / hourMs }),
    ...(verifiedAt === undefined ? {} : { backupVerifiedAgeHours: (clock.now() - verifiedAt) / hourMs }),
  };
}
