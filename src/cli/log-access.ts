/** Opens the access log for a command: beside a running node, or with the database for as long as the command takes. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import { joinDatabaseHome } from '#kernel/database-home.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { migrate } from '#kernel/migrations-store.ts';
import { openAccessLog, readLogKey, type OpenAccessLog } from '#trust/access-log/index.ts';
import { allMigrations } from '../migrations.ts';
import type { CommandContext } from './command.ts';

export type LogDatabase = { db: Db; config: Config; databaseUrl: string };

/** Does the work with the log's tables and closes what was opened, also when the work fails. */
export async function withLogDatabase<T>(
  context: CommandContext,
  purpose: string,
  work: (log: LogDatabase) => Promise<T>,
): Promise<T> {
  const { config, secrets } = context.readConfig();
  const home = await joinDatabaseHome(config, secrets, purpose, (line) => context.output.write(`${line}\n`));
  try {
    const db = openDatabase(home.url, { connectionsMax: 4, applicationName: `fyr ${config.node} ${purpose}` });
    try {
      await migrate(db, allMigrations());
      return await work({ db, config, databaseUrl: home.url });
    } finally {
      await db.end({ timeout: 5 });
    }
  } finally {
    home.stopping();
    await home.close();
  }
}

/** A log that can be appended to, for commands that leave an entry. Anchors are the running node's to make, or the next one's. */
export async function withOpenLog<T>(
  { config, databaseUrl }: LogDatabase,
  privateKey: KeyObject,
  work: (log: OpenAccessLog) => Promise<T>,
): Promise<T> {
  const log = await openAccessLog({
    databaseUrl,
    clock: systemClock,
    node: config.node,
    privateKey,
    anchorFolder: undefined,
    report: (event, error) => {
      throw new Fault('unavailable', `${event}: ${(error as Error).message}`);
    },
  });
  try {
    return await work(log);
  } finally {
    await log.stop();
  }
}

/** The key that seals this node's log. Faults: notFound, when the node has not been started yet. */
export function ownLogKey(config: Config): KeyObject {
  const key = readLogKey(config.accessLog.keyFile);
  if (!key)
    throw new Fault(
      'notFound',
      `There is no key of the access log at ${config.accessLog.keyFile}: start the node first.`,
    );
  return key;
}

/** A public key in PEM. Faults: invalid. */
export function readPublicKey(context: CommandContext, path: string): KeyObject {
  try {
    return createPublicKey(readFileSync(resolve(context.folder, path), 'utf8'));
  } catch (error) {
    throw new Fault('invalid', `${path} is not a public key that can be read (PEM).`, { cause: error });
  }
}

/** The number of an entry, from what a person typed. Faults: invalid. */
export function entryNumber(text: string | undefined, name: string): number {
  const number = Number(text);
  if (!/^\d{1,15}$/.test(text ?? '') || number < 1)
    throw new Fault('invalid', `${name} must be the number of an entry.`);
  return number;
}
