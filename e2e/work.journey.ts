/** A clinician's own work: what is typed and sealed, a note co-signed, orders and referrals, a document uploaded and read. */
import PDFDocument from 'pdfkit';
import { beforeAll, expect } from 'vitest';
import { expectGood, heading, inBrowser, phone } from '../test/support/browser.ts';
import { sharedNode, type SharedNode } from './region.ts';

let at: SharedNode;
const oldMan = '/patients/018c0000-0100-7001-8000-00000000c001';
const [doctor, nurse, operator] = ['Ingrid Bergvik', 'Håvard Lindnes', 'Stian Vassbø'];

beforeAll(async () => {
  at = await sharedNode();
});

inBrowser('what was typed is there after a reload, and lies in the browser so that nobody reads it', async () => {
  const seen = await at.visit(`${oldMan}/write/note`, { as: nurse });
  const { page } = seen;
  const text = page.getByLabel('Tekst', { exact: true });
  await text.fill('Rolig natt, sov til fem.');
  const kept = 'JSON.stringify(Object.entries(localStorage))';
  await expect.poll(() => page.evaluate(kept)).toContain('fyr-sealed-draft');
  expect(await page.evaluate(kept)).not.toContain('Rolig natt');
  await page.reload();
  expect(await text.inputValue()).toBe('Rolig natt, sov til fem.');
  await page.getByRole('button', { name: 'Kast utkastet' }).click();
  await expect.poll(() => page.evaluate(kept)).not.toContain('fyr-sealed-draft');
  await seen.close();
});

inBrowser(
  'a nurse’s note is co-signed by the doctor who finds it in her inbox, and both names stand under it',
  async () => {
    const title = 'Notat til kontrasignering';
    const first = await at.visit(`${oldMan}/write/note`, { as: nurse });
    await first.page.getByLabel('Slags notat').selectOption({ index: 1 });
    await first.page.getByLabel(/^Tittel/).fill(title);
    await first.page.getByLabel('Tekst', { exact: true }).fill('Smertefri etter to gram.');
    await first.page.getByLabel(/kontrasigneres/).selectOption(doctor);
    await expectGood(first);
    await first.page.getByRole('button', { name: /^Signer notatet/ }).click();
    await first.page.waitForURL(/documents$/);
    await first.close();
    const second = await at.visit('/work', { as: doctor });
    await second.page.getByRole('link', { name: new RegExp(title) }).click();
    await second.page.getByRole('button', { name: 'Kontrasigner' }).click();
    await expectGood(second);
    await second.page.getByRole('dialog').getByRole('button', { name: 'Kontrasigner' }).click();
    await second.page.getByText(/Kontrasignert av Ingrid Bergvik/).waitFor();
    await second.page.getByText('Skrevet og signert av Håvard Lindnes').waitFor();
    await expectGood(second);
    await second.page.goto(`${at.url}/work`);
    await heading(second.page, 'Mitt arbeid').waitFor();
    await expect.poll(() => second.page.getByRole('link', { name: new RegExp(title) }).count()).toBe(0);
    await second.close();
  },
);

inBrowser('a referral is sent to a unit, assessed there and returned with a reason', async () => {
  const first = await at.visit(`${oldMan}/write/order`, { as: nurse });
  const { page } = first;
  await page.getByLabel('Henvisning eller tilsyn').check();
  await page.getByRole('button', { name: /^Lagre for/ }).click();
  await expect.poll(() => page.getByText('Fyll ut dette.').count()).toBe(3);
  await expectGood(first);
  await page.getByLabel('Hva som bestilles').fill('Vurdering av blodfortynnende');
  await page.getByLabel(/Til hvilken enhet/).fill('Medisinsk avdeling, Fyr');
  await page
    .getByRole('button', { name: /^Medisinsk avdeling/ })
    .first()
    .click();
  await page.getByLabel('Problemstilling').fill('Skal det trappes ned før inngrepet?');
  await page.getByLabel('Haster', { exact: true }).check();
  await page.getByRole('button', { name: /^Lagre for/ }).click();
  await page.waitForURL(/orders$/);
  await page.getByText('Vurdering av blodfortynnende').waitFor();
  await expectGood(first);
  const second = await at.visit('/work', { as: doctor, viewport: phone, colorScheme: 'dark' });
  await second.page.getByRole('button', { name: 'Vurder Vurdering av blodfortynnende' }).click();
  await second.page.getByLabel(/^Returner/).check();
  await second.page.getByRole('button', { name: 'Lagre vurderingen' }).click();
  await second.page.getByText(/^Skriv hvorfor/).waitFor();
  await expectGood(second);
  await second.page.getByLabel('Begrunnelse').fill('Se planen fra i går.');
  await second.page.getByRole('button', { name: 'Lagre vurderingen' }).click();
  await expect.poll(() => second.page.getByText('Vurdering av blodfortynnende').count()).toBe(0);
  await second.close();
  await page.goto(`${at.url}/work`);
  const own = page.getByRole('listitem').filter({ hasText: 'Vurdering av blodfortynnende' });
  await own.getByText('returnert').waitFor();
  await expectGood(first);
  await first.close();
});

inBrowser(
  'a document is uploaded, and read with its pages beside the text and what was looked for marked',
  async () => {
    const seen = await at.visit(`${oldMan}/documents/upload`, { as: doctor });
    const { page } = seen;
    const buffer = await pdf(['Innlagt med lungebetennelse.', 'Penicillin seponert, kontroll om tre uker.']);
    const file = { name: 'Brev utenfra.pdf', mimeType: 'application/pdf', buffer };
    await page.locator('input[type=file]').first().setInputFiles(file);
    await expectGood(seen);
    await page.getByRole('button', { name: /^Last opp for/ }).click();
    await page.getByText('Lagret i journalen:').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Brev utenfra' }).click();
    await page.getByRole('img', { name: 'Brev utenfra, side 1 av 2' }).waitFor();
    await page.getByLabel('Finn i titlene, og marker i teksten').fill('penicillin');
    await page.locator('mark', { hasText: 'Penicillin' }).first().waitFor();
    await page.getByRole('button', { name: 'Treff på side 2: vis den' }).click();
    await page.getByRole('img', { name: 'Brev utenfra, side 2 av 2' }).waitFor();
    await expectGood(seen);
    await seen.close();
  },
);

inBrowser('whoever runs the node sees what could not be taken, and that there is nothing', async () => {
  const seen = await at.visit('/operations', { as: operator, language: 'nn' });
  await seen.page.getByRole('link', { name: 'Det som ikkje kunne takast imot' }).click();
  await seen.page.getByText('Alt som er kome, er teke imot.').waitFor();
  await expectGood(seen);
  await seen.close();
});

function pdf(pages: readonly string[]): Promise<Buffer> {
  const document = new PDFDocument({ autoFirstPage: false });
  const pieces: Buffer[] = [];
  document.on('data', (piece: Buffer) => pieces.push(piece));
  const whole = new Promise<Buffer>((resolve) => document.on('end', () => resolve(Buffer.concat(pieces))));
  for (const text of pages) document.addPage().text(text);
  document.end();
  return whole;
}
