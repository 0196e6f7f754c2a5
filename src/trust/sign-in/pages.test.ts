/** The pages of signing in, in a real browser: axe finds nothing, a phone is wide enough, and all but keys works without script. */
import AxeBuilder from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { startPeer, type OpenIdPeer } from './openid-peer-test.ts';
import { freePort, startTestNode, testRegion, type Region, type TestNode } from './region-test.ts';

const executablePath = process.env['FYR_TEST_CHROMIUM'];
const inBrowser = test.skipIf(executablePath === undefined);
const db = testDatabase({ connectionsMax: 8 });
let region: Region;
let peer: OpenIdPeer;
let node: TestNode;
let browser: Browser;

beforeAll(async () => {
  if (executablePath === undefined) return;
  region = await testRegion();
  const port = await freePort();
  peer = await startPeer(`http://127.0.0.1:${port}`, 'helseid');
  peer.person = { sub: 'doctor-at-helseid', claims: region.doctorClaims };
  const client = { audience: 'x', clientId: 'fyr', key: peer.clientKey };
  node = await startTestNode({
    db,
    region,
    port,
    issuers: [{ ...client, name: 'helseid', kind: 'helseid', url: peer.url }],
  });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
});
afterAll(async () => {
  await browser?.close();
  await node?.stop();
  await peer?.stop();
  await region?.api.close();
  await db.end();
});

const at = (path: string): string => `${node.baseUrl}${path}`;

type Violation = { id: string; nodes: { html: string }[] };

async function expectAccessible(page: Page, path: string): Promise<void> {
  await page.goto(at(path));
  await page.addScriptTag({ content: AxeBuilder.source });
  const found = (await page.evaluate('axe.run().then((r) => r.violations)')) as Violation[];
  expect(found.map((each) => [path, each.id, each.nodes.map((one) => one.html)])).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= 320'), path).toBe(true);
}

inBrowser.for(['nb', 'nn', 'en'])(
  'in %s axe finds nothing, on a phone, in the light and in the dark',
  async (language) => {
    // Words don't change with colours.
    for (const colorScheme of language === 'nb' ? (['light', 'dark'] as const) : (['light'] as const)) {
      const context = await browser.newContext({ viewport: { width: 320, height: 640 }, colorScheme, bypassCSP: true });
      const page = await context.newPage();
      for (const path of ['/sign-in', '/sign-in/key', '/sign-in/start?issuer=nobody']) {
        await expectAccessible(page, `${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
      }
      await page.goto(at('/sign-in/start?issuer=helseid'));
      for (const path of ['/sign-in/role', '/sign-in/keys', '/sign-out', '/sign-in']) {
        await expectAccessible(page, `${path}?lang=${language}`);
      }
      await context.close();
    }
  },
);

inBrowser('one signs in, chooses a role and signs out by keyboard, without script', async () => {
  const context = await browser.newContext({ locale: 'en-GB', javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(at('/sign-in?to=/who'));
  await page.getByRole('link', { name: 'Sign in with HelseID' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Choose a role' }).waitFor();
  await page.getByRole('button', { name: 'Prøve legekontor' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(at('/who'));
  expect(await page.textContent('body')).toContain(region.numbers.office);
  await page.goto(at('/sign-out'));
  await page.getByRole('button', { name: 'Sign out here' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(`${peer.url}/**`);
  expect((await page.goto(at('/who')))?.status()).toBe(200);
  expect(await page.textContent('body')).toBe('{}');
  await context.close();
});
