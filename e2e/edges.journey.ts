/** What strains a page: a record of 12,000 resources, a session that runs out in the middle of a note, a doctor who is shut out, a browser that is new. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { Resource } from '#fhir/types.ts';
import {
  browserNode,
  desktop,
  expectGood,
  heading,
  inBrowser,
  phone,
  type BrowserNode,
} from '../test/support/browser.ts';
import { lengthenRecord } from '../test/support/long-record.ts';

let at: BrowserNode;
const id = '018c0000-0100-7001-8000-00000000c001';
const chart = `/patients/${id}`;
const patientName = 'NORDSKOG, Torleif';
const [doctor, nurse] = ['Ingrid Bergvik', 'Håvard Lindnes'];

beforeAll(async () => {
  at = await browserNode('edges', { FYR_PACK_MINUTES: '0' });
});
afterAll(async () => {
  await at?.stop();
});

inBrowser('a record of 12,000 resources opens, scrolls, and draws no more rows than can be seen', async () => {
  const bundle = await at.ask('GET', `/fhir/Observation?patient=${id}&_count=200`, { as: 'nurse' });
  const observations = bundle.body.entry.map((one: { resource: Resource }) => one.resource);
  await lengthenRecord(at.node.fhir, observations, 12_000);
  const whole = await at.ask('GET', `/fhir/Observation?patient=${id}&_summary=count`, { as: 'nurse' });
  expect(whole.body.total).toBeGreaterThan(12_000);
  for (const viewport of [desktop, phone]) {
    const seen = await at.visit('/patients', { as: nurse, viewport });
    const { page } = seen;
    await page.getByRole('link', { name: patientName }).first().click();
    await heading(page, patientName).waitFor();
    await page.getByRole('region', { name: 'Legemidler i bruk' }).getByText('Apiksaban').waitFor();
    await expectGood(seen);
    await page.goto(`${at.url}${chart}/timeline`);
    const count = page.getByText(/^[\d\s]+ hendelser$/);
    await expect
      .poll(async () => Number(((await count.textContent()) ?? '').replace(/\D/g, '')), { timeout: 60_000 })
      .toBeGreaterThan(100);
    await page.mouse.wheel(0, 20_000);
    await expect.poll(() => page.locator('.fyr-happening').count()).toBeGreaterThan(0);
    expect(await page.locator('.fyr-happening').count(), 'only what is in view is drawn').toBeLessThan(80);
    await expectGood(seen);
    await page.goto(`${at.url}${chart}/results`);
    await page.getByLabel('Finn en prøve').fill('krea');
    await page.getByRole('checkbox', { name: 'Vis P-Kreatinin som linje' }).waitFor();
    await expectGood(seen);
    await seen.close();
  }
});

inBrowser(
  'a citizen blocks a doctor; the doctor is refused in words that do not say why; the citizen sees that somebody tried',
  async () => {
    const citizen = await at.visit('/control', { as: 'Torleif Nordskog', viewport: phone });
    await heading(citizen.page, 'Min kontroll').waitFor();
    await expectGood(citizen);
    const { page } = citizen;
    await page.getByRole('button', { name: 'Sperr noe' }).click();
    await page.getByRole('radio', { name: 'En person' }).check();
    await page.getByLabel('Hva heter personen?').fill('bergvik');
    await page.getByRole('radio', { name: /Ingrid Bergvik/ }).check();
    await page.getByRole('button', { name: 'Gå videre' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sperr' }).click();
    await page.getByText('Hele journalen for Ingrid Bergvik').waitFor();
    await expectGood(citizen);
    const refused = await at.visit(chart, { as: doctor });
    await refused.page.getByRole('heading', { name: 'Journalen er lukket for deg' }).waitFor();
    await expectGood(refused);
    await refused.close();
    await page.goto(`${at.url}/access-log?by=everybody`);
    await heading(page, 'Hvem har sett i journalen?').waitFor();
    const ofDoctor = page.getByRole('listitem').filter({ hasText: doctor });
    await ofDoctor.filter({ hasText: 'Fikk ikke tilgang' }).first().waitFor();
    await expectGood(citizen);
    await citizen.close();
  },
);

// Last: it ends the sessions of all who are signed in.
inBrowser(
  'a session runs out in the middle of a note: it is said, one signs in again, and every word is there',
  async () => {
    const seen = await at.visit(`${chart}/write/note`, { as: nurse, viewport: phone });
    const { page } = seen;
    await page.getByLabel('Slags notat').selectOption('Innkomstjournal');
    const text = page.getByLabel('Tekst', { exact: true });
    await text.fill('Kommer med tung pust siden i går. Halvveis i setningen');
    await at.db`delete from sign_in_session`;
    await text.pressSequentially(' går tiden ut.');
    await page.getByRole('button', { name: 'Signer notatet for Torleif Nordskog' }).click();
    const again = page.getByRole('main').getByRole('link', { name: /Logg inn/ });
    await again.waitFor();
    await expectGood(seen);
    await again.click();
    await page.waitForURL(/\/sign-in/);
    await page.getByRole('main').getByRole('link').first().click();
    await page.getByRole('button', { name: nurse }).click();
    await page.waitForURL(/\/write\/note$/);
    await expect.poll(() => text.inputValue()).toContain('Halvveis i setningen går tiden ut.');
    await page.getByRole('button', { name: 'Signer notatet for Torleif Nordskog' }).click();
    await page.waitForURL(/\/documents$/);
    await page
      .getByRole('link', { name: /Innkomstjournal.*Håvard Lindnes/ })
      .first()
      .waitFor();
    await expectGood(seen);
    await seen.close();
  },
);
