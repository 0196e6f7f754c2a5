/**
 * Runs once before the journeys: a PostgreSQL, one whole node of the sample region with its pages, and one Chromium, which all journeys share that
 * do not cut, kill, close or count anything. Those that do start their own (`ownNode` of region.ts).
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { setup as setUpDatabases } from '../test/support/global.ts';
import { buildPages, launchBrowserServer } from '../test/support/browser.ts';
import { testNode } from '../test/support/node.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the shared Chromium is reached. */
    browserAddress: string;
    /** The shared node: its settings as `FYR_…`, and where its database is. */
    sharedNode: { environment: { [name: string]: string }; databaseUrl: string };
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const pictures = process.env['FYR_TEST_PICTURES'];
  if (pictures !== undefined) rmSync(pictures, { recursive: true, force: true });
  const dropDatabases = await setUpDatabases(project);
  const { databaseServer, databaseName } = project.getProvidedContext();
  await buildPages();
  const shared = await testNode('shared', { FYR_PACK_MINUTES: '0' }, { databaseServer, databaseName });
  const browser = await launchBrowserServer();
  project.provide('browserAddress', browser.wsEndpoint());
  project.provide('sharedNode', { environment: shared.environment, databaseUrl: shared.databaseUrl });
  return async () => {
    await browser.close();
    await shared.stop();
    await dropDatabases();
  };
}

export const root = join(import.meta.dirname, '..');
