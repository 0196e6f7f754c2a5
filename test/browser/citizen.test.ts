/** The citizen's pages in a real browser: who has seen, and what one decides oneself. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
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
} from '../support/browser.ts';

const folder = join(import.meta.dirname, '../../var/web');
let at: BrowserNode;

beforeAll(async () => {
  if (hasBrowser) at = await browserNode('citizen_pages');
}, 180_000);
afterAll(async () => {
  await at?.stop();
});

inBrowser('the front page says what this is, in three languages, light and dark, on a phone and a desk', async () => {
  const leads = { nb: 'når alt annet er mørkt', nn: 'når alt anna er mørkt', en: 'when all else is dark' } as const;
  for (const [language, lead] of Object.entries(leads)) {
    for (const viewport of [phone, desktop]) {
      const colorScheme = viewport === phone ? 'dark' : 'light';
      const seen = await at.visit('/', { language: language as 'nb', viewport, colorScheme });
      await heading(seen.page, new RegExp(lead)).waitFor();
      expect(await seen.page.getAttribute('html', 'lang')).toBe(language);
      await expectGood(seen);
      await seen.close();
    }
  }
});

inBrowser('an address that is not there says so', async () => {
  const seen = await at.visit('/nowhere');
  await heading(seen.page, 'Her er det ingenting').waitFor();
  await expectGood(seen);
  await seen.close();
});

inBrowser('a citizen sees who has seen the record, and says what is not recognised', async () => {
  const doctor = await at.visit('/patients', { as: 'Ingrid Bergvik' });
  await doctor.page.getByRole('link', { name: 'NORDSKOG, Torleif' }).first().click();
  await heading(doctor.page, 'NORDSKOG, Torleif').waitFor();
  await doctor.close();
  const seen = await at.visit('/', { as: 'Torleif Nordskog', viewport: phone });
  await seen.page.getByRole('link', { name: 'Hvem har sett i journalen?' }).click();
  await heading(seen.page, 'Hvem har sett i journalen?').waitFor();
  const line = seen.page.getByRole('listitem').filter({ hasText: 'Ingrid Bergvik' }).first();
  await expectGood(seen);
  await line.getByRole('button', { name: 'Dette kjenner jeg meg ikke igjen i' }).click();
  await line.getByLabel('Hva er det du ikke kjenner deg igjen i?').fill('Jeg vet ikke hvem dette er.');
  await expectGood(seen);
  await line.getByRole('button', { name: 'Send til personvernombudet' }).click();
  await line.getByText(/Sendt til personvernombudet/).waitFor();
  await seen.close();
});

inBrowser('what is typed outlives a reload and a change of language', async () => {
  const seen = await at.visit('/access-log?by=everybody', { as: 'Torleif Nordskog' });
  const line = seen.page.getByRole('listitem').filter({ hasText: 'Ingrid Bergvik' }).first();
  await line.getByRole('button', { name: 'Dette kjenner jeg meg ikke igjen i' }).click();
  const field = line.getByRole('textbox');
  await field.fill('Halvskrevet');
  await seen.page.getByRole('button', { name: 'Innlogget som' }).click();
  await seen.page.getByRole('button', { name: 'English' }).click();
  await heading(seen.page, 'Who has seen my record?').waitFor();
  expect(await field.inputValue()).toBe('Halvskrevet');
  await seen.page.reload();
  await line.getByRole('button', { name: 'I do not recognise this' }).click();
  expect(await field.inputValue()).toBe('Halvskrevet');
  await seen.close();
});

inBrowser('a citizen closes the record for a doctor, who is refused; and opens it again', async () => {
  const seen = await at.visit('/control', { as: 'Torleif Nordskog' });
  const { page } = seen;
  await page.getByRole('button', { name: 'Sperr noe' }).click();
  await page.getByRole('radio', { name: 'En person' }).check();
  await page.getByLabel('Hva heter personen?').fill('bergvik');
  await page.getByRole('radio', { name: /Ingrid Bergvik/ }).check();
  await expectGood(seen);
  await page.getByRole('button', { name: 'Gå videre' }).click();
  const confirming = page.getByRole('dialog');
  await confirming.getByText(/Ingrid Bergvik får ikke lenger åpne dette/).waitFor();
  await expectGood(seen);
  await confirming.getByRole('button', { name: 'Sperr' }).click();
  await page.getByText('Hele journalen for Ingrid Bergvik').waitFor();
  const doctor = await at.visit('/patients/018c0000-0100-7001-8000-00000000c001', { as: 'Ingrid Bergvik' });
  await doctor.page.getByRole('heading', { name: 'Journalen er lukket for deg' }).waitFor();
  await expectGood(doctor);
  await page.getByRole('button', { name: 'Opphev' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Opphev' }).click();
  await page.getByText('Du har ikke sperret noe.').waitFor();
  await doctor.page.reload();
  await doctor.page.getByRole('heading', { name: 'Legemidler i bruk' }).waitFor();
  await doctor.close();
  await seen.close();
});

inBrowser('a reservation is made and taken back, each after what follows from it', async () => {
  const seen = await at.visit('/control', { as: 'Ingvild Rognmo', viewport: phone });
  const { page } = seen;
  await page.getByRole('button', { name: 'Reserver meg' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reserver meg' }).click();
  await page.getByText('Du har reservert deg mot kjernejournal.').waitFor();
  await expectGood(seen);
  await page.getByRole('button', { name: 'Ta kjernejournalen tilbake' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Ta kjernejournalen tilbake' }).click();
  await page.getByText('Du har kjernejournal.').waitFor();
  await seen.close();
});

inBrowser('a girl of 14 lets her father see, and he switches to her with her name on every page', async () => {
  const girl = await at.visit('/control', { as: 'Sofie Tindeland', viewport: phone });
  await girl.page.getByRole('heading', { name: 'Hva foreldrene mine ser' }).waitFor();
  await expectGood(girl);
  await girl.page.getByRole('button', { name: 'La se Espen Tindeland' }).click();
  await girl.page
    .getByRole('listitem')
    .filter({ hasText: 'Espen Tindeland' })
    .getByText('Ser journalen din', { exact: true })
    .waitFor();
  await girl.close();
  const father = await at.visit('/control', { as: 'Espen Tindeland' });
  await father.page.getByRole('link', { name: 'Bytt til Sofie Tindeland' }).click();
  await father.page.getByText('Du handler nå på vegne av Sofie Tindeland').waitFor();
  await expectGood(father);
  await father.page.getByRole('navigation').getByRole('link', { name: 'Hvem har sett' }).click();
  await heading(father.page, 'Hvem har sett i journalen?').waitFor();
  await father.page.getByText('Du handler nå på vegne av Sofie Tindeland').waitFor();
  await father.page.getByRole('link', { name: 'Tilbake til meg selv' }).click();
  await expect.poll(() => father.page.getByText('Du handler nå på vegne av').count()).toBe(0);
  await father.close();
});

inBrowser(
  'the first load is light: at most 200 kB of script for a citizen, 300 kB for the chart, as sent',
  async () => {
    const scriptsOf = async (as: string, path: string, ready: string): Promise<number> => {
      const seen = await at.visit(path, { as });
      await heading(seen.page, ready).waitFor();
      const names = (await seen.page.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((name) => name.endsWith('.js'))",
      )) as string[];
      await seen.close();
      expect(names.length).toBeGreaterThan(3);
      const files = join(folder, readFileSync(join(folder, 'built'), 'utf8'));
      const sizes = [...new Set(names)].map((name) => statSync(join(files, `${name}.gz`)).size);
      return sizes.reduce((all, size) => all + size, 0);
    };
    expect(await scriptsOf('Torleif Nordskog', '/access-log', 'Hvem har sett i journalen?')).toBeLessThan(200_000);
    expect(await scriptsOf('Torleif Nordskog', '/control', 'Min kontroll')).toBeLessThan(200_000);
    expect(await scriptsOf('Torleif Nordskog', '/health/measurements', 'Målinger')).toBeLessThan(200_000);
    const chart = '/patients/018c0000-0100-7001-8000-00000000c001';
    expect(await scriptsOf('Ingrid Bergvik', chart, 'NORDSKOG, Torleif')).toBeLessThan(300_000);
  },
);

inBrowser('at 320 pixels, and with twice the text size, nothing is cut off', async () => {
  for (const path of ['/', '/access-log', '/control', '/health']) {
    const seen = await at.visit(path, { as: 'Torleif Nordskog', viewport: { width: 320, height: 640 } });
    await seen.page.getByRole('heading', { level: 1 }).waitFor();
    await expectGood(seen);
    await seen.page.setViewportSize({ width: 640, height: 800 });
    await seen.page.evaluate("document.documentElement.style.fontSize = '200%'");
    await expectGood(seen);
    await seen.close();
  }
});

inBrowser('the dark view is chosen and kept', async () => {
  const seen = await at.visit('/', { colorScheme: 'light' });
  const choice = seen.page.getByRole('button', { name: 'Mørk visning' });
  await choice.click();
  expect(await choice.getAttribute('aria-pressed')).toBe('true');
  await seen.page.reload();
  await heading(seen.page, /mørkt/).waitFor();
  expect(await seen.page.getAttribute('html', 'class')).toBe('dark');
  await expectGood(seen);
  await seen.close();
});
