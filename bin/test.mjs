/**
 * `npm test`: every test that takes seconds, or those that are named (`npm test -- src/kernel`); with `--long` also those that take minutes, of whole
 * regions of nodes (`*.long.test.ts`). Sets up what it needs first.
 */
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { installPackages, root, runOnPinnedNode } from './bootstrap.mjs';

installPackages();

const browser = findBrowser();
if (browser === undefined) {
  console.log(
    'There is no Chromium here, so tests in a browser are skipped. (Debian, Ubuntu: apt-get install chromium)',
  );
} else {
  process.env['FYR_TEST_CHROMIUM'] = browser;
}
const asked = process.argv.slice(2);
if (asked.includes('--long')) process.env['FYR_TEST_LONG'] = '1';
runOnPinnedNode([
  join(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--root',
  root,
  ...asked.filter((word) => word !== '--long'),
]);
