/** Pictures of pages, kept where somebody asked for them (`FYR_TEST_PICTURES`, a folder): to be looked at, and for docs/screens. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';

const folder = process.env['FYR_TEST_PICTURES'];

/** The whole page, from the top. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (folder === undefined) return;
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  let path = `${file}.png`;
  for (let next = 2; existsSync(path); next++) path = `${file}-${next}.png`;
  await page.screenshot({ path, fullPage: true, animations: 'disabled' });
}
