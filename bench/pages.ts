/**
 * What a person waits for, in Chromium: a chart of 5,000 resources after the click, the first content on a throttled phone, a list of 10,000 that is scrolled, and how
 * much script comes first. Alone: `node bench/pages.ts`; `FYR_TEST_CHROMIUM` names the browser. Without one there are no figures of pages.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { readConfig } from '#kernel/config.ts';
import type { Resource } from '#fhir/types.ts';
import { regionItems } from '#sample/index.ts';
import { openRecord } from '../src/app.ts';
import { lengthenRecord } from '../test/support/long-record.ts';
import { printTable, type Figure } from './report.ts';
import { startDatabase, startFyr } from './support/processes.ts';

const port = 18_492;
const url = `http://127.0.0.1:${port}`;
const oldMan = '018c0000-0100-7001-8000-00000000c001';
const chart = `/patients/${oldMan}`;
const opens = 12;
/** A phone of the middle, on a slow line, as Lighthouse has them. */
const throttled = { latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8, offline: false };
const slowdown = 4;

export async function measurePages(databaseUrl: string, executablePath: string | undefined): Promise<Figure[]> {
  if (executablePath === undefined) return [];
  const pages = '../bin/pages.mjs';
  ((await import(pages)) as { buildPages(options: { isQuiet: boolean }): void }).buildPages({ isQuiet: true });
  const folder = mkdtempSync(join(tmpdir(), 'fyr-bench-pages-'));
  const lengthen = await fillRecord(databaseUrl, folder);
  await lengthen(5000);
  const settings = { FYR_DATA: folder, FYR_BASE_URL: url, FYR_NODE: 'bench', FYR_PACK_MINUTES: '0' };
  let node = await startFyr(databaseUrl, port, settings);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
  try {
    const doctor = await signIn(browser, 'Ingrid Bergvik');
    const opened = await measureChart(browser, doctor);
    const first = await measureFirstContent(browser, await signIn(browser, 'Torleif Nordskog'));
    await node.stop();
    await lengthen(10_000);
    node = await startFyr(databaseUrl, port, settings);
    return [...opened, ...first, ...(await measureScrolling(browser, doctor))];
  } finally {
    await browser.close();
    await node.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The sample's first residents; what is answered makes the old man's record so many resources longer. */
async function fillRecord(databaseUrl: string, folder: string): Promise<(count: number) => Promise<void>> {
  const { config } = readConfig({ FYR_SAMPLE: '0', FYR_NODE: 'bench', FYR_DATA: folder }, folder);
  const today = new Date().toISOString().slice(0, 10);
  let observations: Resource[] = [];
  const within = async (work: (record: Awaited<ReturnType<typeof openRecord>>) => Promise<void>): Promise<void> => {
    const record = await openRecord(config, databaseUrl);
    try {
      await work(record);
    } finally {
      await record.close();
    }
  };
  await within(async ({ fhir }) => {
    for (const { resources } of regionItems({ residents: 40, seed: 'fyr', today })) {
      await fhir.importResources(resources);
      if (resources[0]?.id === oldMan)
        observations = resources.filter(({ resourceType }) => resourceType === 'Observation');
    }
  });
  return (count) => within(({ fhir }) => lengthenRecord(fhir, observations, count));
}

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

async function signIn(browser: Browser, name: string): Promise<StorageState> {
  const context = await browser.newContext({ locale: 'nb' });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('main').getByRole('link', { name: 'Logg inn' }).click();
  await page.getByRole('main').getByRole('link').first().click();
  await page.getByRole('button', { name }).click();
  await page.getByRole('button', { name: 'Logg ut' }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

/** The processor time of the page's own thread since it was asked for, in ms: the same on a busy machine as on a quiet one. */
async function processorOf(context: BrowserContext, page: Page): Promise<() => Promise<number>> {
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  };
}

/** From the click on the ward list, by the page's own clock: to the header, and until all of the overview is drawn. */
async function measureChart(browser: Browser, storageState: StorageState): Promise<Figure[]> {
  const context = await browser.newContext({ storageState, locale: 'nb', viewport: { width: 1280, height: 860 } });
  const page = await context.newPage();
  const processor = await processorOf(context, page);
  const used: number[] = [];
  const header: number[] = [];
  const whole: number[] = [];
  for (let time = 0; time <= opens; time++) {
    await page.goto(`${url}/patients`);
    await page.getByRole('link', { name: 'NORDSKOG, Torleif' }).first().waitFor();
    await page.waitForLoadState('networkidle');
    const before = await processor();
    const [toHeader, toAll] = (await page.evaluate(clickAndWatch)) as [number, number];
    const after = await processor();
    // The first comes with the program of the page.
    if (time > 0) {
      header.push(toHeader);
      whole.push(toAll);
      used.push(after - before);
    }
  }
  const scripts = await scriptBytes(page);
  await context.close();
  const note = (times: number[]): string => `p95 ${Math.round(at(times, 0.95))} ms of ${times.length}`;
  return [
    {
      what: 'chart of 5,000 resources, click to its header, p50',
      value: at(header, 0.5),
      unit: 'ms',
      target: '< 300 ms',
      note: note(header),
    },
    {
      what: 'the same, click to the whole overview, p50',
      value: at(whole, 0.5),
      unit: 'ms',
      note: `${note(whole)}; the page's own thread ${Math.round(at(used, 0.5))} ms`,
    },
    { what: 'script of ward list and chart, gzip', value: scripts / 1000, unit: 'kB', target: '< 300 kB' },
  ];
}

/** Watches from inside the page, so that what drives the browser costs nothing. */
const clickAndWatch = `new Promise((done) => {
  const link = [...document.querySelectorAll('a')].find((one) => one.textContent.includes('NORDSKOG, Torleif'));
  const from = performance.now();
  let header = 0;
  const look = () => {
    const now = performance.now() - from;
    const heading = document.querySelector('h1')?.textContent ?? '';
    if (header === 0 && heading.includes('NORDSKOG')) header = now;
    const isThere = document.body.textContent.includes('Apiksaban') && document.body.textContent.includes('P-Kreatinin');
    if ((header > 0 && isThere) || now > 20000) done([header, now]);
    else requestAnimationFrame(look);
  };
  link.click();
  look();
})`;

async function measureFirstContent(browser: Browser, storageState: StorageState): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [what, path, own] of [
    ['the front page', '/', undefined],
    ['who has seen my record', '/access-log', storageState],
  ] as const) {
    const times: number[] = [];
    const used: number[] = [];
    let scripts = 0;
    for (let time = 0; time < 5; time++) {
      const context = await browser.newContext({
        locale: 'nb',
        viewport: { width: 360, height: 740 },
        ...(own === undefined ? {} : { storageState: own }),
      });
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send('Network.enable');
      await session.send('Network.emulateNetworkConditions', throttled);
      const processor = await processorOf(context, page);
      await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
      await page.goto(`${url}${path}`, { timeout: 60_000 });
      await page.getByRole('heading', { level: 1 }).waitFor({ timeout: 60_000 });
      times.push(Number(await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")));
      scripts = await scriptBytes(page);
      used.push(await processor());
      await context.close();
    }
    const note = `processor ${slowdown} times slower, 1.6 Mbit/s, 150 ms; script ${Math.round(scripts / 1000)} kB; the page's own thread ${Math.round(at(used, 0.5))} ms until its heading`;
    figures.push({
      what: `first content on a phone: ${what}, p50`,
      value: at(times, 0.5),
      unit: 'ms',
      target: '< 2000 ms',
      note,
    });
  }
  return figures;
}

const scriptBytes = async (page: Page): Promise<number> =>
  Number(
    await page.evaluate(
      "performance.getEntriesByType('resource').filter(({ name }) => new URL(name).pathname.endsWith('.js')).reduce((all, { encodedBodySize }) => all + encodedBodySize, 0)",
    ),
  );

/** A wheel turned for two seconds over the timeline of the whole life: how long each picture took. */
async function measureScrolling(browser: Browser, storageState: StorageState): Promise<Figure[]> {
  const context = await browser.newContext({ storageState, locale: 'nb', viewport: { width: 1280, height: 860 } });
  const page = await context.newPage();
  await page.goto(`${url}${chart}/timeline`);
  const count = page.getByText(/^[\d\s]+ hendelser$/);
  await count.waitFor({ timeout: 60_000 });
  await page.waitForLoadState('networkidle', { timeout: 60_000 });
  const rows = Number(((await count.textContent()) ?? '').replace(/\D/g, ''));
  const frames = (await page.evaluate(scrollAndCount)) as number[];
  await context.close();
  const late = frames.filter((ms) => ms > 50).length;
  const note = `${rows} happenings; ${late} of ${frames.length} pictures took more than 50 ms`;
  return [
    {
      what: 'timeline of 15,000 resources, a picture while scrolling, p95',
      value: at(frames, 0.95),
      unit: 'ms',
      target: '< 50 ms',
      note,
    },
  ];
}

const scrollAndCount = `new Promise((done) => {
  const frames = [];
  const from = performance.now();
  let last = from;
  const scroller = [...document.querySelectorAll('*')].find((one) => one.scrollHeight > one.clientHeight + 2000 && getComputedStyle(one).overflowY === 'auto') ?? document.scrollingElement;
  const turn = () => {
    const now = performance.now();
    frames.push(now - last);
    last = now;
    scroller.scrollTop += 160;
    if (now - from > 2000) done(frames.slice(1));
    else requestAnimationFrame(turn);
  };
  requestAnimationFrame(turn);
})`;

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** The Chromium that there is. */
export async function browserOfMachine(): Promise<string | undefined> {
  const file = '../bin/browser.mjs';
  return ((await import(file)) as { findBrowser(): string | undefined }).findBrowser();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const database = await startDatabase();
  try {
    printTable(await measurePages(database.url, await browserOfMachine()));
  } finally {
    await database.stop();
  }
}
