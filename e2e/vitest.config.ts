import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Journeys: whole days of work in a real browser, a minute each at most. Two at a time; those of one file one after the other. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    globalSetup: ['e2e/global.ts'],
    include: ['e2e/**/*.journey.ts'],
    pool: 'threads',
    maxWorkers: 2,
    isolate: false,
    testTimeout: 180_000,
    hookTimeout: 480_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
