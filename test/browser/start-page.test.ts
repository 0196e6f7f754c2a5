/** The start page in a real browser: readable in three languages, by keyboard, on a phone; axe finds nothing. */
import AxeBuilder from 'axe-core';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpServer, type HttpServer } from '#kernel/http.ts';
import { registerStartPage } from '../../src/start-page.ts';
import { testConfig } from '../support/fhir.ts';

const executablePath = process.env['FYR_TEST_CHROMIUM'];
const inBrowser = test.skipIf(executablePath === undefined);

let server: HttpServer;
let browser: Browser;
let address: string;

beforeAll(async () => {
  if (executablePath === undefined) return;
  server = await createHttpServer({ bodyBytesMax: 1024, requestTimeoutMs: 0 });
  registerStartPage(server, { config: testConfig({ FYR_SAMPLE: '10' }), version: '0.0.0' });
  address = await server.listen({ host: '127.0.0.1', port: 0 });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

type Violation = { id: string; nodes: { html: string }[] };

inBrowser.for(['nb', 'nn', 'en'])('in %s axe finds nothing, also on a phone and in the dark', async (language) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ viewport: { width: 320, height: 640 }, colorScheme, bypassCSP: true });
    await page.goto(`${address}/start?lang=${language}`);
    await page.addScriptTag({ content: AxeBuilder.source });
    const found = (await page.evaluate('axe.run().then((r) => r.violations)')) as Violation[];
    expect(found.map((v) => [v.id, v.nodes.map((n) => n.html)])).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= 320')).toBe(true);
    expect(await page.getAttribute('html', 'lang')).toBe(language);
    await page.close();
  }
});

inBrowser('the language is chosen by keyboard', async () => {
  const page = await browser.newPage();
  await page.goto(`${address}/start?lang=nb`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/start?lang=nn');
  expect(await page.textContent('h1')).toBe('Fyr er tend');
  await page.close();
});
