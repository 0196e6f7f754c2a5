/** The pages of personnel in a real browser: find, look, be refused, say why, break the glass; and the privacy officer who follows up. */
import { afterAll, beforeAll, expect } from 'vitest';
import {
  browserNode,
  desktop,
  expectGood,
  hasBrowser,
  heading,
  inBrowser,
  phone,
  type BrowserNode,
} from '../test/support/browser.ts';

let at: BrowserNode;

const inHospital = '/patients/018c0000-0100-7001-8000-00000000c001';
const youngMother = '/patients/018c0000-0100-7003-8000-00000000c003';

beforeAll(async () => {
  if (hasBrowser) at = await browserNode('personnel_pages');
}, 180_000);
afterAll(async () => {
  await at?.stop();
});

inBrowser(
  'a doctor finds a patient by number, by name without its accents, and by birth date; no number is in the address',
  async () => {
    const seen = await at.visit('/', { as: 'Ingrid Bergvik' });
    const { page } = seen;
    await heading(page, 'Pasienter').waitFor();
    await page.getByRole('table', { name: 'Avdelingen' }).getByRole('link', { name: 'NORDSKOG, Torleif' }).waitFor();
    await expectGood(seen);
    const field = page.getByRole('searchbox', { name: 'Finn en pasient' });
    await field.fill('x');
    await field.press('Enter');
    await page.getByText('Skriv minst to bokstaver').waitFor();
    await expectGood(seen);
    await field.fill('seljeset');
    await field.press('Enter');
    const found = page.getByRole('table', { name: 'Pasienter' });
    const row = found.getByRole('row').filter({ hasText: 'SELJESET, Monica' });
    const number = (
      (await row
        .getByRole('cell')
        .filter({ hasText: /^\d{6} \d{5}$/ })
        .textContent()) ?? ''
    ).trim();
    await expectGood(seen);
    await field.fill(number);
    await field.press('Enter');
    await page.getByText('1 pasient', { exact: true }).waitFor();
    expect(page.url()).toBe(`${at.url}/patients`);
    await field.fill('NÓRDSKOG torleif');
    await field.press('Enter');
    await found.getByRole('link', { name: 'NORDSKOG, Torleif' }).waitFor();
    await field.fill('Ingensomheterdette');
    await field.press('Enter');
    await page.getByText('Ingen pasient passer').waitFor();
    await page.reload();
    await page.getByText('Ingen pasient passer').waitFor();
    await seen.close();
  },
);

for (const [language, medicines, colorScheme] of [
  ['nb', 'Legemidler i bruk', 'light'],
  ['nn', 'Legemiddel i bruk', 'dark'],
  ['en', 'Medicines in use', 'light'],
] as const) {
  inBrowser(`in ${language} the chart is there, wide and narrow`, async () => {
    for (const viewport of [phone, desktop]) {
      const seen = await at.visit(inHospital, { as: 'Ingrid Bergvik', viewport, language, colorScheme });
      const { page } = seen;
      await heading(page, 'NORDSKOG, Torleif').waitFor();
      await page.getByRole('region', { name: medicines }).getByText('Apiksaban').waitFor();
      await page.getByText('Viktig blodfortynnende behandling').first().waitFor();
      await page.getByRole('rowheader', { name: 'P-Kreatinin' }).waitFor();
      await expectGood(seen);
      await page.mouse.wheel(0, 1200);
      await expect.poll(() => page.evaluate('window.scrollY')).toBeGreaterThan(300);
      expect(await heading(page, 'NORDSKOG, Torleif').isVisible()).toBe(true);
      const top = (await heading(page, 'NORDSKOG, Torleif').boundingBox())?.y ?? -1;
      expect(top, 'the header stays').toBeGreaterThanOrEqual(0);
      await seen.close();
    }
  });
}

inBrowser('who has seen the record is told to those who treat', async () => {
  const seen = await at.visit(`${inHospital}/log`, { as: 'Ingrid Bergvik' });
  await seen.page
    .getByRole('table', { name: 'Hvem har sett i denne journalen' })
    .getByText('Ingrid Bergvik')
    .first()
    .waitFor();
  await expectGood(seen);
  await seen.close();
});

inBrowser(
  'who does not treat is refused with the reason, asked once, and states why the record is needed',
  async () => {
    const seen = await at.visit('/patients', { as: 'Håvard Lindnes', viewport: phone });
    const { page } = seen;
    const asked: string[] = [];
    page.on('response', (answer) => answer.status() === 403 && asked.push(answer.url()));
    await page.goto(`${at.url}${youngMother}`);
    await page.getByRole('heading', { name: 'Journalen er lukket for deg' }).waitFor();
    await expectGood(seen);
    expect(asked.length).toBe(1);
    await page.getByRole('button', { name: 'Åpne journalen' }).click();
    await page.getByText('Velg et formål.').waitFor();
    await expectGood(seen);
    await page.getByRole('radio', { name: 'Jeg gir pasienten helsehjelp' }).check();
    await page.getByLabel('Grunn', { exact: true }).fill('Ringte avdelingen om pusteplager i natt.');
    await page.getByRole('button', { name: 'Åpne journalen' }).click();
    await page.getByRole('region', { name: 'Problemer' }).waitFor();
    await expectGood(seen);
    await seen.close();
    const mother = await at.visit('/access-log', { as: 'Silje Lyvik' });
    await mother.page
      .getByText(/gir helsehjelp, oppgitt av den som åpnet/)
      .first()
      .waitFor();
    await mother.close();
  },
);

inBrowser('the glass is broken in two steps; the patient sees it, and the privacy officer follows it up', async () => {
  const seen = await at.visit(youngMother, { as: 'Ingrid Bergvik' });
  const { page } = seen;
  await page.getByRole('button', { name: 'Bruk nødtilgang …' }).click();
  await page.getByText('Personvernombudet går gjennom bruken etterpå.').waitFor();
  await expectGood(seen);
  await page.getByLabel('Hva er det som haster?').fill('Bevisstløs, må vite om legemidler.');
  await page.getByRole('button', { name: 'Åpne journalen til Silje Lyvik med nødtilgang' }).click();
  await page.getByRole('region', { name: 'Legemidler i bruk' }).waitFor();
  await seen.close();
  const mother = await at.visit('/access-log', { as: 'Silje Lyvik', viewport: phone });
  await mother.page.getByText('Nødtilgang', { exact: true }).first().waitFor();
  await expectGood(mother);
  await mother.close();
  const officer = await at.visit('/', { as: 'Tove Granheim' });
  await heading(officer.page, 'Saker').waitFor();
  const one = officer.page.getByRole('listitem').filter({ hasText: 'Bevisstløs, må vite om legemidler.' });
  await one.getByText('Nødtilgang', { exact: true }).waitFor();
  await expectGood(officer);
  await one.getByRole('button', { name: 'Følg opp' }).click();
  await one.getByRole('radio', { name: 'Innsynet var berettiget.' }).check();
  await one.getByLabel('Begrunnelse').fill('Vakthavende bekrefter hendelsen.');
  await expectGood(officer);
  await one.getByRole('button', { name: 'Avslutt saken' }).click();
  await expect.poll(() => one.count()).toBe(0);
  await officer.page.getByLabel('Vis', { exact: true }).selectOption('Avsluttede saker');
  await officer.page.getByText('Vakthavende bekrefter hendelsen.').waitFor();
  await expectGood(officer);
  await officer.close();
});

inBrowser('the privacy officer searches the log, and looks at what is unusual', async () => {
  for (const viewport of [desktop, phone]) {
    const seen = await at.visit('/privacy/log', { as: 'Tove Granheim', viewport });
    await heading(seen.page, 'Logg over innsyn').waitFor();
    await seen.page.getByLabel('Utfall').selectOption('Fikk ikke tilgang');
    await seen.page.getByRole('button', { name: 'Søk' }).click();
    await expect.poll(() => seen.page.url()).toContain('outcome=refused');
    await expectGood(seen);
    await seen.page.getByRole('link', { name: 'Uvanlig innsyn' }).click();
    await heading(seen.page, 'Uvanlig innsyn').waitFor();
    await expectGood(seen);
    await seen.close();
  }
});

inBrowser('everything is reached by keyboard: the skip link first, the search, a patient', async () => {
  const seen = await at.visit(`${inHospital}/log`, { as: 'Ingrid Bergvik' });
  const { page } = seen;
  await heading(page, 'NORDSKOG, Torleif').waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Hopp til innholdet');
  await page.getByRole('navigation').getByRole('link', { name: 'Pasienter' }).focus();
  await page.keyboard.press('Enter');
  await heading(page, 'Pasienter').waitFor();
  await expect.poll(() => page.evaluate('document.activeElement.type')).toBe('search');
  await page.keyboard.type('nordskog torleif');
  await page.keyboard.press('Enter');
  const found = page.getByRole('table', { name: 'Pasienter' }).getByRole('link', { name: 'NORDSKOG, Torleif' });
  await found.focus();
  await page.keyboard.press('Enter');
  await heading(page, 'NORDSKOG, Torleif').waitFor();
  await seen.close();
});

inBrowser('who has signed out is asked to sign in, and comes back to the page', async () => {
  const seen = await at.visit('/patients', { as: 'Marit Steinhaug' });
  const { page } = seen;
  await page.getByRole('button', { name: 'Innlogget som Marit Steinhaug' }).click();
  await page.getByRole('button', { name: 'Logg ut' }).click();
  await page.getByRole('link', { name: 'Logg inn' }).first().waitFor();
  await page.goto(`${at.url}${inHospital}`);
  await page.waitForURL(/\/sign-in\?to=/);
  await page.getByRole('main').getByRole('link').first().click();
  await page.getByRole('button', { name: 'Marit Steinhaug' }).click();
  await heading(page, 'NORDSKOG, Torleif').waitFor();
  await seen.close();
});
