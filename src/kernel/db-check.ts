/** Tells an operator at start, in plain words, why a database of theirs can not be used. */
import { asFault, sqlState, type Db } from './db.ts';
import { Fault } from './fault.ts';

const oldestVersion = 15;

/** Throws a Fault where the database can not be reached, does not let us in, is too old, not UTF-8, or not ours to make tables in. */
export async function checkDatabase(db: Db): Promise<void> {
  const [found] = await whatItIs(db);
  const problem = found === undefined ? undefined : problemOf(found);
  if (problem !== undefined) throw new Fault('unavailable', `The database can not be used: ${problem}`);
}

type Found = { version: number; encoding: string; mayCreate: boolean | null };

async function whatItIs(db: Db): Promise<Found[]> {
  try {
    return await db<Found[]>`
      select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
        has_schema_privilege(current_schema(), 'create') as "mayCreate"`;
  } catch (error) {
    const { message } = error as Error;
    if (asFault(error) instanceof Fault || /^(28|3D)/.test(sqlState(error) ?? '')) {
      throw new Fault('unavailable', `The database can not be used: ${message}. Look at DATABASE_URL.`, {
        cause: error,
      });
    }
    throw error;
  }
}

function problemOf({ version, encoding, mayCreate }: Found): string | undefined {
  const major = Math.floor(version / 10_000);
  if (major < oldestVersion) return `it is PostgreSQL ${major}, and Fyr needs ${oldestVersion} or later.`;
  if (encoding !== 'UTF8')
    return `its encoding is ${encoding}, and Fyr needs UTF8 (create database … encoding 'UTF8').`;
  if (mayCreate === true) return undefined;
  return 'this account may not make tables in it (grant create on schema …, or give the account a database of its own).';
}
