import { configDefaults, defineConfig } from 'vitest/config';

/**
 * One worker a core, module state shared between files: a test run is seconds instead of minutes.
 * Safe because nothing in src/ keeps mutable state at module level (test/tidy.test.ts).
 */
export default defineConfig({
  test: {
    globalSetup: ['test/support/global.ts'],
    include: [
      'src/**/*.test.ts',
      'sample/**/*.test.ts',
      'bench/**/*.test.ts',
      'chaos/**/*.test.ts',
      'eval/**/*.test.ts',
      'tools/**/*.test.ts',
      'test/**/*.test.ts',
      'web/**/*.test.ts',
    ],
    // Whole regions of nodes, minutes each: `npm test -- --long` brings them too.
    exclude: [...configDefaults.exclude, ...(process.env['FYR_TEST_LONG'] === '1' ? [] : ['**/*.long.test.ts'])],
    pool: 'threads',
    maxWorkers: 2,
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What another process or the database will tell comes when it comes: on a busy machine later than the usual second.
    expect: { poll: { timeout: 15_000 } },
  },
});
