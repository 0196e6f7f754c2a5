/** Where the database is: the operator's own, or the embedded one in the data folder, started here or found running. */
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config, Secrets } from './config.ts';
import { holderOf, lockDataFolder } from './data-folder.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { Fault } from './fault.ts';

export type DatabaseHome = {
  url: string;
  /** Says that the end has begun, to whoever waits for the data folder. */
  stopping(): void;
  close(): Promise<void>;
  /** Fulfilled when an embedded database has ended; never for another. */
  ended: Promise<void>;
};

const never = new Promise<void>(() => {});
const startingLimitMs = 60_000;

/** Takes the data folder and starts the embedded database there, unless DATABASE_URL names another. For what runs as the node. */
export async function openDatabaseHome(
  config: Config,
  secrets: Secrets,
  purpose: string,
  report: (line: string) => void,
): Promise<DatabaseHome> {
  const lock = await lockDataFolder(config.dataFolder, purpose);
  const stopping = (): void => lock.tell({ stopping: true });
  if (secrets.databaseUrl !== undefined) {
    return { url: secrets.databaseUrl, stopping, ended: never, close: async () => lock.release() };
  }
  try {
    const folder = join(config.dataFolder, 'postgres');
    const postgres = await startEmbeddedPostgres({
      folder,
      memoryBytes: config.databaseMemoryBytes ?? totalmem(),
      durable: true,
      report,
    });
    lock.tell({ databaseUrl: postgres.url });
    const close = async (): Promise<void> => {
      await postgres.stop();
      lock.release();
    };
    return { url: postgres.url, stopping, ended: postgres.ended, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** For commands: works beside a node that runs on the same data folder, else opens the database for as long as the command takes. */
export async function joinDatabaseHome(
  config: Config,
  secrets: Secrets,
  purpose: string,
  report: (line: string) => void,
): Promise<DatabaseHome> {
  if (secrets.databaseUrl !== undefined) return guest(secrets.databaseUrl);
  for (let waitedMs = 0; waitedMs < startingLimitMs; waitedMs += 100) {
    const holder = holderOf(config.dataFolder);
    if (holder === undefined || holder.stopping) return openDatabaseHome(config, secrets, purpose, report);
    if (holder.databaseUrl !== undefined) return guest(holder.databaseUrl);
    await delay(100);
  }
  throw new Fault(
    'unavailable',
    `The node on ${config.dataFolder} has been starting for a minute. Look at its output.`,
  );
}

function guest(url: string): DatabaseHome {
  return { url, stopping: () => {}, ended: never, close: async () => {} };
}
