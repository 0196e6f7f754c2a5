/** A test's way to PostgreSQL. Tests keep apart by fresh patients and ids, never by truncating or counting everybody. */
import { inject, onTestFinished } from 'vitest';
import { createDatabase, dropDatabase } from '#kernel/db-create.ts';
import { openDatabase, type Db, type DatabaseOptions } from '#kernel/db.ts';

/** The URL of this worker's own migrated database, which it shares with the other test files that it runs. */
export function testDatabaseUrl(): string {
  return besideServer(`${inject('databaseName')}_${process.env['VITEST_POOL_ID'] ?? '1'}`);
}

/** A pool to the worker's own migrated database. End it in `afterAll`. */
export function testDatabase(options: DatabaseOptions = {}): Db {
  return openDatabase(testDatabaseUrl(), { connectionsMax: 4, ...options });
}

/** The URL of a database that is this test's alone, for what counts everything or changes tables; gone when the test ends, or what `onEnd` is told of. */
export async function ownDatabaseUrl(
  name: string,
  content: 'migrated' | 'empty' = 'migrated',
  onEnd: (end: () => void | Promise<void>) => void = onTestFinished,
): Promise<string> {
  const server = inject('databaseServer');
  const database = `${inject('databaseName')}_${name}`;
  await dropDatabase(server, database);
  await createDatabase(server, database, content === 'migrated' ? `${inject('databaseName')}_template` : undefined);
  onEnd(() => dropDatabase(server, database));
  return besideServer(database);
}

function besideServer(database: string): string {
  return inject('databaseServer').replace(/\/[^/]*$/, `/${database}`);
}
