/** A citizen reads, adds, takes along and shares: at a desk and on a phone, light and dark, in three languages. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect } from 'vitest';
import { desktop, expectGood, heading, inBrowser, phone } from '../test/support/browser.ts';
import { sharedNode, type SharedNode } from './region.ts';

let at: SharedNode;
beforeAll(async () => {
  at = await sharedNode();
});

const parts = [
  ['/health', 'Min helse', 'Mi helse', 'My health'],
  ['/health/results', 'Prøvesvar', 'Prøvesvar', 'Test results'],
  ['/health/measurements', 'Målinger', 'Målingar', 'Measurements'],
  ['/health/medicines', 'Legemidler', 'Legemiddel', 'Medicines'],
  ['/health/vaccinations', 'Vaksiner', 'Vaksinar', 'Vaccinations'],
  ['/health/documents', 'Dokumenter', 'Dokument', 'Documents'],
  ['/health/appointments', 'Timer og henvisninger', 'Timar og tilvisingar', 'Appointments and referrals'],
  ['/health/contacts', 'Pårørende og behandlere', 'Pårørande og behandlarar', 'Next of kin and carers'],
  ['/take-with-me', 'Ta med', 'Ta med', 'Take it with me'],
  ['/control', 'Min kontroll', 'Min kontroll', 'My control'],
] as const;

inBrowser('each part of one’s health is there in nb, nn and en, on a phone and at a desk, light and dark', async () => {
  for (const [i, [path, nb, nn, en]] of parts.entries()) {
    const ways = [
      { language: 'nb', viewport: phone, colorScheme: i % 2 === 0 ? 'dark' : 'light' },
      { language: 'nn', viewport: desktop, colorScheme: i % 2 === 0 ? 'light' : 'dark' },
      { language: 'en', viewport: phone, colorScheme: 'light' },
    ] as const;
    for (const way of ways) {
      const seen = await at.visit(path, { as: 'Torleif Nordskog', ...way });
      await heading(seen.page, { nb, nn, en }[way.language]).waitFor();
      expect(await seen.page.getAttribute('html', 'lang')).toBe(way.language);
      await expectGood(seen);
      await seen.close();
    }
  }
});

inBrowser('a result says what it means, and a document is read where it stands', async () => {
  const seen = await at.visit('/health/results', { as: 'Torleif Nordskog', viewport: phone });
  const { page } = seen;
  const test = page.getByRole('listitem').filter({ hasText: 'Kreatinin' }).first();
  await test.getByText(/De fleste friske ligger mellom/).waitFor();
  await test.getByText(/Hva betyr dette/).click();
  await test.getByText(/95 av 100 friske/).waitFor();
  await expectGood(seen);
  await page.getByRole('link', { name: 'Dokumenter' }).click();
  await page.getByRole('button', { name: /^Les / }).first().click();
  await page
    .getByRole('button', { name: /^Lukk / })
    .first()
    .waitFor();
  await expectGood(seen);
  await seen.close();
});

inBrowser(
  'a citizen adds a measurement and somebody to call, marked as the own, and takes them away again',
  async () => {
    const seen = await at.visit('/health/measurements', { as: 'Torleif Nordskog', viewport: phone });
    const { page } = seen;
    await page.getByRole('button', { name: 'Lagre' }).click();
    await page.getByText('Skriv et tall mellom 30 og 320.').waitFor();
    await expectGood(seen);
    await page.getByLabel('Overtrykk (det høyeste tallet)').fill('141');
    await page.getByLabel('Undertrykk (det laveste tallet)').fill('83');
    await page.getByRole('button', { name: 'Lagre' }).click();
    await page.getByText('Lagret.').waitFor();
    const remove = page.getByRole('button', { name: 'Fjern Blodtrykk 141/83 mmHg' });
    await remove.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Fjern' }).click();
    await page.getByText('Du har ikke lagt til noe.').waitFor();
    await page.getByRole('link', { name: 'Pårørende og behandlere' }).click();
    await page.getByLabel('Navn').fill('Anne Nabo');
    await page.getByLabel('Telefon').fill('900 00 000');
    await page.getByRole('button', { name: 'Lagre' }).click();
    await page.getByRole('button', { name: 'Fjern Anne Nabo' }).click();
    await expect.poll(() => page.getByText('Anne Nabo').count()).toBe(0);
    await expectGood(seen);
    await seen.close();
  },
);

inBrowser('a citizen takes the record along, and shares a summary by a code until it is withdrawn', async () => {
  const seen = await at.visit('/take-with-me', { as: 'Torleif Nordskog' });
  const { page } = seen;
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /NDJSON/ }).click(),
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'fyr-journey-'));
  await file.saveAs(join(folder, 'record.ndjson'));
  const lines = readFileSync(join(folder, 'record.ndjson'), 'utf8').trimEnd().split('\n');
  rmSync(folder, { recursive: true });
  expect(lines.length).toBeGreaterThan(500);
  expect(lines.map((line) => JSON.parse(line).resourceType)).toContain('Patient');
  await page.getByLabel('Hvem er den til? (bare du ser dette)').fill('Legen på ferie');
  await page.getByRole('button', { name: 'Lag en kode' }).click();
  const code = (await page.getByText(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/).textContent()) ?? '';
  await expectGood(seen);
  const other = await at.visit('/shared', { viewport: phone, colorScheme: 'dark' });
  await other.page.getByLabel('Koden', { exact: true }).fill(code.toLowerCase());
  await other.page.getByLabel('Navnet ditt, og hvor du er fra').fill('Kari, Lisboa');
  await other.page.getByRole('button', { name: 'Åpne' }).click();
  await expectGood(other);
  await other.page.getByRole('checkbox').check();
  await other.page.getByRole('button', { name: 'Åpne' }).click();
  await heading(other.page, 'Torleif Nordskog').waitFor();
  await expectGood(other);
  await page.getByRole('button', { name: 'Trekk tilbake Legen på ferie' }).click();
  await page.getByText('trukket tilbake').waitFor();
  await other.page.getByRole('button', { name: 'Last ned som PDF' }).click();
  await other.page.getByText(/^Denne koden åpner ingenting/).waitFor();
  await page.goto(`${at.url}/access-log`);
  await page.getByRole('listitem').filter({ hasText: 'Kari, Lisboa' }).first().waitFor();
  await other.close();
  await seen.close();
});

inBrowser('a son or daughter of 14 sees some, and is told why not the rest', async () => {
  const seen = await at.visit('/health/vaccinations', { as: 'Sofie Tindeland', viewport: phone });
  const { page } = seen;
  await page.getByRole('button', { name: 'Skriv ut attest' }).waitFor();
  await expectGood(seen);
  await page.getByRole('link', { name: 'Prøvesvar' }).click();
  await heading(page, 'Prøvesvar').waitFor();
  await page
    .getByText(/får du se selv når du er 16 år/)
    .first()
    .waitFor();
  await expectGood(seen);
  await page.getByRole('link', { name: 'Min kontroll' }).click();
  await page.getByText('Du er mellom 12 og 16 år', { exact: false }).waitFor();
  await expectGood(seen);
  await seen.close();
});

inBrowser('a mother switches to her baby, whose name is on every page', async () => {
  const seen = await at.visit('/', { as: 'Silje Lyvik', viewport: phone });
  const { page } = seen;
  await page.getByRole('navigation', { name: 'Hvem er du her for?' }).getByRole('link', { name: 'Tuva Lyvik' }).click();
  await page.getByText('Du handler nå på vegne av Tuva Lyvik').waitFor();
  await expectGood(seen);
  await page.getByRole('navigation').getByRole('link', { name: 'Min helse' }).first().click();
  await heading(page, 'Helsen til den du handler for').waitFor();
  await page.getByText('Du handler nå på vegne av Tuva Lyvik').waitFor();
  await page.getByRole('link', { name: 'Vaksiner' }).click();
  await heading(page, 'Vaksiner').waitFor();
  await page.getByText('Du handler nå på vegne av Tuva Lyvik').waitFor();
  await expectGood(seen);
  await seen.close();
});
