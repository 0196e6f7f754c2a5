/**
 * Runs once before all tests: an embedded PostgreSQL of its own in a temporary folder, a migrated template, and a clone of it for
 * each worker. `FYR_TEST_DATABASE_URL` names another server instead (its user must be allowed to create databases).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createDatabase, dropDatabase } from '#kernel/db-create.ts';
import { openDatabase } from '#kernel/db.ts';
import { startEmbeddedPostgres } from '#kernel/embedded-postgres.ts';
import { migrate } from '#kernel/migrations-store.ts';
import { allMigrations } from '../../src/migrations.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of the server's own database; those of the workers are beside it. */
    databaseServer: string;
    /** What this run's databases are called, before the number of the worker. */
    databaseName: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  const name = `fyr_test_${process.pid}`;
  const template = `${name}_template`;
  const workers = Array.from({ length: project.config.maxWorkers as number }, (_, index) => `${name}_${index + 1}`);
  for (const database of [template, ...workers]) await dropDatabase(server.url, database);
  await createDatabase(server.url, template);
  const db = openDatabase(withDatabase(server.url, template), { connectionsMax: 1 });
  await migrate(db, allMigrations());
  await db.end();
  for (const database of workers) await createDatabase(server.url, database, template);
  project.provide('databaseServer', server.url);
  project.provide('databaseName', name);
  return async () => {
    for (const database of [...workers, template, `${name}_sample`]) await dropDatabase(server.url, database);
    await server.stop();
  };
}

async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env['FYR_TEST_DATABASE_URL'];
  if (given !== undefined) return { url: given, stop: async () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'fyr-test-'));
  const postgres = await startEmbeddedPostgres({ folder, memoryBytes: totalmem(), durable: false });
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The URL of another database on the same server. */
export function withDatabase(url: string, name: string): string {
  return url.replace(/\/[^/]*$/, `/${name}`);
}
