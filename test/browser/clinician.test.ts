/** The clinician's way in, in a real browser: sign in, open a chart. The rest of the day is in e2e/. */
import { afterAll, beforeAll } from 'vitest';
import {
  browserNode,
  expectGood,
  hasBrowser,
  heading,
  inBrowser,
  phone,
  type BrowserNode,
} from '../support/browser.ts';

let at: BrowserNode;

beforeAll(async () => {
  if (hasBrowser) at = await browserNode('clinician_pages');
}, 180_000);
afterAll(async () => {
  await at?.stop();
});

inBrowser('a doctor signs in, sees the ward, and opens a chart that axe finds nothing in', async () => {
  const seen = await at.visit('/patients', { as: 'Ingrid Bergvik', viewport: phone });
  const { page } = seen;
  await page.getByRole('table', { name: 'Avdelingen' }).getByRole('link', { name: 'NORDSKOG, Torleif' }).click();
  await heading(page, 'NORDSKOG, Torleif').waitFor();
  await page.getByRole('region', { name: 'Legemidler i bruk' }).getByText('Apiksaban').waitFor();
  await expectGood(seen);
  await seen.close();
});
