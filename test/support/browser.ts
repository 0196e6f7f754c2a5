/**
 * A real browser on a whole node: pages are opened, signed in to and judged as a person would, by role and label. Without Chromium the tests
 * are skipped, and say so (`npm test` looks for it).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type BrowserServer,
  type Locator,
  type Page,
} from 'playwright-core';
import { expect, test } from 'vitest';
import { testNode, type TestNode } from './node.ts';
import { keepPicture } from './pictures.ts';

const executablePath = process.env['FYR_TEST_CHROMIUM'];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A test that needs Chromium. On a busy machine a journey takes a while. */
export function inBrowser(name: string, journey: () => Promise<void>): void {
  test.skipIf(executablePath === undefined)(name, { timeout: 300_000 }, journey);
}
export const hasBrowser = executablePath !== undefined;

export const phone = { width: 360, height: 740 };
export const desktop = { width: 1280, height: 860 };

export type Visit = {
  page: Page;
  context: BrowserContext;
  /** What went wrong that nobody should see: errors in the console, failed requests, requests to elsewhere. */
  problems: string[];
  close(): Promise<void>;
};

/** Opens a new browser profile on a page of a node, signed in where a persona is named. */
export type Visiting = (path: string, options?: VisitOptions) => Promise<Visit>;
export type BrowserNode = TestNode & { visit: Visiting; stop(): Promise<void> };

export type VisitOptions = BrowserContextOptions & { as?: string; language?: 'nb' | 'nn' | 'en' };

/** A whole node with its pages built, and a browser. */
export async function browserNode(name: string, environment: { [name: string]: string } = {}): Promise<BrowserNode> {
  await buildPages();
  const node = await testNode(name, environment);
  const browser = await launchBrowser();
  return {
    ...node,
    visit: visiting(browser, node.url),
    async stop() {
      await browser.close();
      await node.stop();
    },
  };
}

/** Where they have changed since the last time. */
export async function buildPages(): Promise<void> {
  const pages = '../../bin/pages.mjs';
  ((await import(pages)) as { buildPages(options: { isQuiet: boolean }): void }).buildPages({ isQuiet: true });
}

const launchOptions = {
  executablePath: executablePath as string,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
};
const launchBrowser = (): Promise<Browser> => chromium.launch(launchOptions);
/** A browser that several processes share, by `chromium.connect`. */
export const launchBrowserServer = (): Promise<BrowserServer> => chromium.launchServer(launchOptions);

/** Each person signs in once a language, by the provider's pages; later profiles begin with that session. */
export function visiting(browser: Browser, url: string): Visiting {
  const sessions = new Map<string, Promise<StorageState>>();
  const sessionOf = (as: string, language: string): Promise<StorageState> => {
    const key = `${language} ${as}`;
    const session = sessions.get(key) ?? signIn(browser, url, as, language);
    sessions.set(key, session);
    return session;
  };
  return async (path, { as, language = 'nb', ...options } = {}) => {
    const storageState = as === undefined ? undefined : await sessionOf(as, language);
    const context = await browser.newContext({
      viewport: desktop,
      locale: language,
      ...(storageState === undefined ? {} : { storageState }),
      ...options,
    });
    context.setDefaultTimeout(patienceMs);
    const problems = watch(context, url);
    const page = await context.newPage();
    await page.goto(`${url}${path}`);
    return { page, context, problems, close: () => context.close() };
  };
}

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

const patienceMs = 30_000;

/** By the pages of the embedded provider, as a person does. */
async function signIn(browser: Browser, url: string, name: string, language: string): Promise<StorageState> {
  const context = await browser.newContext({ locale: language });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  await page.goto(url);
  const main = page.getByRole('main');
  await main.getByRole('link', { name: /^(Logg inn|Sign in)$/ }).click();
  await main.getByRole('link').first().click();
  await page.getByRole('button', { name }).click();
  await page.getByRole('button', { name: /^(Innlogget som|Innlogga som|Signed in as) / }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

function watch(context: BrowserContext, url: string): string[] {
  const problems: string[] = [];
  context.on('console', (message) => {
    // A refusal that a page shows in words, and a line that a test has taken away, are errors of the network to the browser.
    const isRefusal = /the server responded with a status of (4\d\d)|ERR_INTERNET_DISCONNECTED/.test(message.text());
    if (message.type() === 'error' && !isRefusal) problems.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => problems.push(`error: ${error.error().message}`));
  context.on('request', (request) => {
    const isOwn = request.url().startsWith(`${url}/`) || /^(data|blob):/.test(request.url());
    if (!isOwn) problems.push(`elsewhere: ${request.url()}`);
  });
  return problems;
}

type Violation = { id: string; nodes: { html: string }[] };

/** What holds of every page in every state: axe finds nothing, nothing is wider than the window, there is one first heading, and nothing went wrong. */
export async function expectGood({ page, problems }: Visit): Promise<void> {
  // A colour that is still on its way to another is neither.
  await page.evaluate(
    'Promise.race([new Promise((done) => setTimeout(done, 2000)), Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined)))])',
  );
  await page.evaluate(axe);
  const found = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as Violation[];
  expect(found.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
  expect(overflow, 'wider than the window').toBeLessThanOrEqual(0);
  expect(await page.locator('h1:not(dialog h1)').count(), 'first headings').toBe(1);
  expect(problems).toEqual([]);
  await keepPicture(page, nameOfState(page));
}

/** Of the journey that runs, the state of the page that is looked at, and how wide it is. */
function nameOfState(page: Page): string {
  const { currentTestName = 'page', testPath = '' } = expect.getState();
  const words = currentTestName.toLowerCase().replace(/[^a-zæøå0-9]+/g, '-');
  const where = new URL(page.url()).pathname
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/0[0-9a-f]{7}-[0-9a-f-]{27}/, '')
    .slice(0, 40);
  return `${basename(testPath).split('.')[0]}/${words.slice(0, 80)}/${where}-${page.viewportSize()?.width ?? 0}`;
}

/** The heading by which one knows that a page is there. */
export function heading(page: Page, name: string | RegExp): Locator {
  return page.getByRole('heading', { level: 1, name });
}
