/** Applies migrations: one transaction each, one node at a time. */
import type { Db, Transaction } from './db.ts';
import { Fault } from './fault.ts';
import { pendingMigrations, type Migration } from './migrations.ts';

/** The number of the advisory lock that serialises migrating nodes: 'fyr' in ASCII. */
const lock = 0x667972;

/**
 * Brings the database up to `known` and returns the names of what was applied. Safe to call from several nodes at once.
 * Throws a Fault when the database doesn't fit (see `pendingMigrations`) or a migration fails, which leaves it as it was before that one.
 */
export async function migrate(db: Db, known: Migration[]): Promise<string[]> {
  const done: string[] = [];
  for (;;) {
    const name = await db.begin((transaction) => applyNext(transaction, known));
    if (name === undefined) return done;
    done.push(name);
  }
}

async function applyNext(transaction: Transaction, known: Migration[]): Promise<string | undefined> {
  await transaction`set local statement_timeout = 0`;
  await transaction`select pg_advisory_xact_lock(${lock})`;
  await transaction`create table if not exists migration (
    name text primary key, checksum text not null, applied timestamptz not null default now())`;
  const rows = await transaction<{ name: string; checksum: string }[]>`select name, checksum from migration`;
  const [next] = pendingMigrations(known, new Map(rows.map((row) => [row.name, row.checksum])));
  if (next === undefined) return undefined;
  try {
    await transaction.unsafe(next.sql).simple();
  } catch (error) {
    throw new Fault('invalid', `The migration ${next.name} failed: ${(error as Error).message}`, { cause: error });
  }
  await transaction`insert into migration (name, checksum) values (${next.name}, ${next.checksum})`;
  return next.name;
}
