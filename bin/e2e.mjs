/**
 * `npm run e2e`: journeys through the pages in a real browser, by role and label as a person would, or those that are named (`npm run e2e -- ward`).
 * Pictures of each state of each page are kept in var/e2e/ (`FYR_TEST_PICTURES` names another folder). With `--screens` the pictures of docs/screens are
 * made anew, and nothing else is done.
 */
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { installPackages, root, runOnPinnedNode } from './bootstrap.mjs';

installPackages();

const browser = findBrowser();
if (browser === undefined) {
  console.error('There is no Chromium here, and the journeys need one. (Debian, Ubuntu: apt-get install chromium)');
  process.exit(1);
}
process.env['FYR_TEST_CHROMIUM'] = browser;
process.env['FYR_TEST_PICTURES'] ??= join(root, 'var/e2e');
const asked = process.argv.slice(2);
const isForScreens = asked.includes('--screens');
if (isForScreens) process.env['FYR_E2E_SCREENS'] = '1';
runOnPinnedNode([
  join(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--config',
  join(root, 'e2e/vitest.config.ts'),
  ...(isForScreens ? ['e2e/screens'] : asked),
]);
