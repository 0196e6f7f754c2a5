/** The database for commands that need the provider's tables only: quick, since the record is not opened. */
import { joinDatabaseHome } from '#kernel/database-home.ts';
import { openDatabase, sqlState, type Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { CommandContext } from './command.ts';

/** Does the work beside a running node, or with the database started for as long as it takes. */
export async function withProviderDatabase<T>(
  context: CommandContext,
  purpose: string,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  const { config, secrets } = context.readConfig();
  const home = await joinDatabaseHome(config, secrets, purpose, () => {});
  try {
    const db = openDatabase(home.url, { connectionsMax: 2, applicationName: `fyr ${purpose}` });
    try {
      return await work(db);
    } catch (error) {
      if (sqlState(error) !== '42P01') throw error;
      throw new Fault('unavailable', 'The database is not made yet: start the node once first.', { cause: error });
    } finally {
      await db.end({ timeout: 5 });
    }
  } finally {
    home.stopping();
    await home.close();
  }
}

/** Clients and tokens of the embedded provider are nothing where others say who people are. */
export function refuseWithIssuers(isOn: boolean): void {
  if (isOn) return;
  throw new Fault(
    'invalid',
    'The embedded provider is off, since FYR_ISSUERS is set. Clients and tokens come from the issuers there.',
  );
}
