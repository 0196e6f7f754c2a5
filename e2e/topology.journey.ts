/** A hospital and its region, each a whole node: written at one and seen at the other, cut apart and going on, disagreeing and deciding, on paper while all is down. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { TestNode } from '#continuity/line/region-for-test.ts';
import { cut, twoHospitals, waitMs, type Hospitals } from '#continuity/conflicts/hospitals-for-test.ts';
import {
  buildPages,
  desktop,
  expectGood,
  heading,
  inBrowser,
  phone,
  visiting,
  type Visit,
  type VisitOptions,
} from '../test/support/browser.ts';
import { sharedBrowser } from './region.ts';

let at: Hospitals;
const ends: (() => void | Promise<void>)[] = [];
const visits = new Map<TestNode, ReturnType<typeof visiting>>();
const [doctor, nurse] = ['Ingrid Bergvik', 'Håvard Lindnes'];
const patientName = 'NORDSKOG, Torleif';

beforeAll(async () => {
  await buildPages();
  at = await twoHospitals('journeys', { sites: 1, onEnd: (end) => void ends.push(end) });
  const browser = await sharedBrowser();
  for (const node of [at.region, at.siteA]) visits.set(node, visiting(browser, node.config.baseUrl));
});
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

const visit = (node: TestNode, path: string, options: VisitOptions): Promise<Visit> =>
  (visits.get(node) as ReturnType<typeof visiting>)(path, options);
const chart = (): string => `/patients/${at.patient}`;

async function recordPulse({ page }: Visit, node: TestNode, pulse: string): Promise<void> {
  await page.goto(`${node.config.baseUrl}${chart()}/write/vitals`);
  await page.getByLabel('Puls (per minutt)').fill(pulse);
  await page.getByRole('button', { name: 'Lagre for Torleif Nordskog' }).click();
  await page.waitForURL(/\/measurements$/);
}

/** Reloads until the words are on the page, as somebody would who waits for them. */
async function seenAfterWhile({ page }: Visit, words: string): Promise<void> {
  await expect
    .poll(async () => {
      await page.reload();
      await heading(page, patientName).waitFor();
      await page.waitForLoadState('networkidle');
      return page.getByText(words, { exact: true }).count();
    }, waitMs)
    .toBeGreaterThan(0);
}

inBrowser('sign in, find, open the chart and write at the hospital: the region has it a moment later', async () => {
  const { region, siteA } = at;
  const seen = await visit(siteA, '/patients', { as: nurse, viewport: phone });
  await seen.page.getByRole('searchbox', { name: 'Finn en pasient' }).fill('nordskog torleif');
  await seen.page.keyboard.press('Enter');
  await seen.page.getByRole('table', { name: 'Pasienter' }).getByRole('link', { name: patientName }).click();
  await heading(seen.page, patientName).waitFor();
  await expectGood(seen);
  await recordPulse(seen, siteA, '131');
  await expectGood(seen);
  await seen.close();
  const other = await visit(region, `${chart()}/measurements`, { as: doctor });
  await seenAfterWhile(other, '131');
  await expectGood(other);
  await other.close();
});

inBrowser(
  'the line is cut: both go on, the page says so, and what was written comes over when it is back',
  async () => {
    const { region, siteA, lineA } = at;
    const seen = await visit(siteA, chart(), { as: nurse, viewport: desktop });
    await heading(seen.page, patientName).waitFor();
    await cut(lineA, siteA);
    await seen.page
      .getByRole('status')
      .getByText(/Nettet|Linjen|kontakt/)
      .first()
      .waitFor({ timeout: 40_000 });
    await expectGood(seen);
    await recordPulse(seen, siteA, '133');
    await expectGood(seen);
    const other = await visit(region, `${chart()}/measurements`, { as: doctor });
    await heading(other.page, patientName).waitFor();
    await other.page.waitForLoadState('networkidle');
    expect(await other.page.getByText('133', { exact: true }).count()).toBe(0);
    lineA.restore();
    await seenAfterWhile(other, '133');
    await other.close();
    await seen.close();
  },
);

async function writeAllergy({ page }: Visit, reaction: string): Promise<void> {
  await page.getByLabel('Hva pasienten reagerer på').fill('Lateks');
  await page.getByLabel('Omgivelser', { exact: true }).check();
  await page.getByLabel('Reaksjon (valgfritt)').fill(reaction);
  await page.getByLabel('Mistenkt').check();
  await page.getByLabel('Mindre alvorlig').check();
  await page.getByLabel('Kilde').selectOption('Pasienten selv');
  await page.getByRole('button', { name: 'Lagre for Torleif Nordskog' }).click();
  await page.waitForURL(new RegExp(`${chart()}$`));
}

async function changeReaction(node: TestNode, as: string, reaction: string): Promise<void> {
  const seen = await visit(node, chart(), { as });
  await seen.page.getByRole('link', { name: 'Endre Lateks' }).click();
  await seen.page.getByRole('heading', { name: /Endre allergi/ }).waitFor();
  await seen.page.getByLabel('Reaksjon (valgfritt)').fill(reaction);
  await seen.page.getByRole('button', { name: 'Lagre for Torleif Nordskog' }).click();
  await seen.page.waitForURL(new RegExp(`${chart()}$`));
  await seen.close();
}

inBrowser(
  'two write of one allergy on each side of a cut: nothing is lost, a person decides, and both places say the same',
  async () => {
    const { region, siteA, lineA } = at;
    const first = await visit(siteA, `${chart()}/write/allergy`, { as: nurse });
    await writeAllergy(first, 'Utslett');
    await first.close();
    const there = await visit(region, chart(), { as: doctor });
    await expect
      .poll(async () => {
        await there.page.reload();
        await heading(there.page, patientName).waitFor();
        await there.page.waitForLoadState('networkidle');
        return there.page.getByRole('link', { name: 'Endre Lateks' }).count();
      }, waitMs)
      .toBe(1);
    await there.close();
    await cut(lineA, siteA);
    await changeReaction(siteA, nurse, 'Hovne lepper');
    await changeReaction(region, doctor, 'Bare utslett');
    lineA.restore();
    const inbox = await visit(siteA, '/conflicts', { as: nurse, viewport: phone });
    const line = inbox.page.getByRole('link', { name: /Lateks/ });
    await expect
      .poll(async () => {
        await inbox.page.reload();
        await heading(inbox.page, 'To versjoner').waitFor();
        await inbox.page.waitForLoadState('networkidle');
        return line.count();
      }, waitMs)
      .toBe(1);
    await expectGood(inbox);
    await line.click();
    const { page } = inbox;
    await page.getByRole('table', { name: 'Det som er ulikt' }).getByText('Hovne lepper').waitFor();
    await page.getByRole('table', { name: 'Det som er ulikt' }).getByText('Bare utslett').waitFor();
    await page.getByRole('button', { name: 'Avgjør' }).click();
    await page.getByText('Velg en versjon.').waitFor();
    await page.getByText('Skriv en begrunnelse.').waitFor();
    await expectGood(inbox);
    await page.getByRole('radio', { name: /Håvard Lindnes skrev/ }).check();
    await page.getByText(/gjelder da alle steder/).waitFor();
    await page.getByLabel('Begrunnelse, som blir stående i journalen').fill('Pasienten viste bilder.');
    await expectGood(inbox);
    await page.getByRole('button', { name: 'Avgjør' }).click();
    await page.waitForURL(/\/conflicts$/);
    await expect.poll(() => line.count()).toBe(0);
    await inbox.close();
    const after = await visit(region, chart(), { as: doctor });
    await seenAfterReload(after, /Lateks: Hovne lepper|Hovne lepper/);
    await expectGood(after);
    await after.close();
  },
);

async function seenAfterReload({ page }: Visit, words: RegExp): Promise<void> {
  await expect
    .poll(async () => {
      await page.reload();
      await heading(page, patientName).waitFor();
      await page.waitForLoadState('networkidle');
      return page.getByText(words).count();
    }, waitMs)
    .toBeGreaterThan(0);
}

inBrowser(
  'a pack is printed while the hospital is cut off; what was written on its paper is entered afterwards, and the region has it',
  async () => {
    const { region, siteA, lineA } = at;
    await cut(lineA, siteA);
    const seen = await visit(siteA, '/paper', { as: nurse });
    const { page } = seen;
    const row = page.getByRole('row').filter({ hasText: 'Medisinsk avdeling, sengepost' }).first();
    await row.getByRole('button', { name: /^Lag ny nå/ }).click();
    const open = row.getByRole('link', { name: /^Åpne og skriv ut/ });
    await open.waitFor({ timeout: 60_000 });
    const pack = await page.request.get(`${siteA.config.baseUrl}${(await open.getAttribute('href')) ?? ''}`);
    expect(pack.headers()['content-type']).toBe('application/pdf');
    await page.reload();
    const forms = page.getByRole('table', { name: 'Skjemaer ute' });
    await forms.waitFor();
    await expectGood(seen);
    lineA.restore();
    const { body } = await siteA.askAs('nurse', 'GET', '/api/back-entry/forms?count=500');
    const sheet = body.forms.find((one: any) => one.kind === 'vitals' && one.patient?.endsWith(at.patient));
    expect(sheet, 'a sheet for measurements of the patient is in the pack').toBeDefined();
    await page.getByLabel('Nummeret på skjemaet').fill(sheet.code);
    await page.getByRole('button', { name: 'Finn skjemaet' }).click();
    await heading(page, 'Målinger').waitFor();
    await page.getByText(patientName).waitFor();
    await page.getByLabel('Når').fill(minutesAgo(20));
    await page.getByLabel('Puls').fill('87');
    await page.getByRole('button', { name: 'Før inn i journalen' }).click();
    await page.getByRole('heading', { name: 'I journalen' }).waitFor();
    await expectGood(seen);
    await seen.close();
    const other = await visit(region, `${chart()}/measurements`, { as: doctor });
    await seenAfterWhile(other, '87');
    await other.close();
  },
);

const minutesAgo = (minutes: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo', dateStyle: 'short', timeStyle: 'short' })
    .format(Date.now() - minutes * 60_000)
    .replace(' ', 'T');
