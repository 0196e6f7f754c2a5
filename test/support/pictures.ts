/** Pictures of pages, kept where somebody asked for them (`FYR_TEST_PICTURES`, a folder): to be looked at, and for docs/screens. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const folder = process.env['FYR_TEST_PICTURES'];

/** The whole page, from the top. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, animations: 'disabled' });
}
