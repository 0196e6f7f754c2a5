/** The Chromium that tests in a browser use: the one that is named, or one in a usual place. */
import { existsSync } from 'node:fs';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @returns {string | undefined} its path */
export function findBrowser() {
  return process.env['FYR_TEST_CHROMIUM'] ?? usual.find((path) => existsSync(path));
}
