/** Paper in a real browser: a pack made and opened, a form found by its number, entered, compared by a second person, given up. */
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
import { keepPicture } from '../test/support/pictures.ts';

let at: BrowserNode;
let ward: string;
const patient = '018c0000-0100-7001-8000-00000000c001';

beforeAll(async () => {
  if (!hasBrowser) return;
  at = await browserNode('paper_pages', { FYR_PACK_MINUTES: '0' });
  const { body } = await at.ask('GET', '/api/packs', { as: 'nurse' });
  ward = body.wards.find((one: { name: string }) => one.name.startsWith('Medisinsk avdeling')).id;
}, 180_000);
afterAll(async () => {
  await at?.stop();
});

const issue = async (kind: string, whose?: string): Promise<string> => {
  const body = { ward, kind, ...(whose === undefined ? {} : { patient: whose }) };
  return (await at.ask('POST', '/api/back-entry/forms', { as: 'nurse', body })).body.code;
};
const anHourAgo = (): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo', dateStyle: 'short', timeStyle: 'short' })
    .format(Date.now() - 3_600_000)
    .replace(' ', 'T');

for (const [language, title, colorScheme] of [
  ['nb', 'Papir', 'light'],
  ['nn', 'Papir', 'dark'],
  ['en', 'Paper', 'light'],
] as const) {
  inBrowser(`in ${language} packs and forms are there, wide and narrow`, async () => {
    for (const viewport of [phone, desktop]) {
      const seen = await at.visit('/paper', { as: 'Håvard Lindnes', viewport, language, colorScheme });
      await heading(seen.page, title).waitFor();
      await expectGood(seen);
      await keepPicture(seen.page, `paper-${language}-${viewport.width}`);
      await seen.close();
    }
  });
}

inBrowser('one button makes the pack of a ward, one opens it as a document that prints', async () => {
  const seen = await at.visit('/paper', { as: 'Håvard Lindnes' });
  const { page } = seen;
  const row = page.getByRole('row').filter({ hasText: 'Medisinsk avdeling, sengepost' }).first();
  await row.getByRole('button', { name: /^Lag ny nå/ }).click();
  const open = row.getByRole('link', { name: /^Åpne og skriv ut/ });
  await open.waitFor();
  await row.getByText(/^laget i dag kl\./).waitFor();
  const address = (await open.getAttribute('href')) ?? '';
  const answer = await page.request.get(`${at.url}${address}`);
  expect(answer.headers()['content-type']).toBe('application/pdf');
  await row.getByRole('button', { name: /^Send ny til skriveren/ }).click();
  await row.getByText(/no printer/).waitFor();
  // This node has none, and the browser says so too.
  seen.problems.length = 0;
  await page.reload();
  await page.getByRole('table', { name: 'Skjemaer ute' }).waitFor();
  await expectGood(seen);
  await keepPicture(page, 'paper-packs');
  await seen.close();
});

inBrowser('measurements on paper are found by their number and come into the record', async () => {
  const code = await issue('vitals', patient);
  const seen = await at.visit('/paper', { as: 'Håvard Lindnes', viewport: phone });
  const { page } = seen;
  const field = page.getByLabel('Nummeret på skjemaet');
  await field.fill('MEDK-1');
  await page.getByRole('button', { name: 'Finn skjemaet' }).click();
  await page.getByText(/Skriv nummeret som det står på arket/).waitFor();
  await expectGood(seen);
  await field.fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Finn skjemaet' }).click();
  await heading(page, 'Målinger').waitFor();
  await page.getByText('NORDSKOG, Torleif').waitFor();
  await page.getByRole('button', { name: 'Før inn i journalen' }).click();
  await page.getByText('Må fylles ut.').first().waitFor();
  await expectGood(seen);
  await page.getByLabel('Når').fill(anHourAgo());
  await page.getByLabel('Puls').fill('93');
  await page.reload();
  expect(await page.getByLabel('Puls').inputValue()).toBe('93');
  await page.getByRole('button', { name: 'Før inn i journalen' }).click();
  await page.getByRole('heading', { name: 'I journalen' }).waitFor();
  await expectGood(seen);
  await keepPicture(page, 'paper-form-360');
  await seen.close();
});

inBrowser('an order waits for a second person, who has the sheet in hand', async () => {
  const code = await issue('order', patient);
  const first = await at.visit(`/paper/${code}`, { as: 'Håvard Lindnes', viewport: desktop });
  const { page } = first;
  await page.getByLabel('Hva slags').selectOption('Undersøkelse eller tiltak');
  await page.getByLabel('Hva', { exact: true }).fill('Røntgen thorax');
  await page.getByLabel('Hast').selectOption('haster');
  await page.getByLabel('Når').fill(anHourAgo());
  await page.getByLabel('Hvem, som på arket').fill('I. Bergvik');
  await keepPicture(page, 'paper-order');
  await page.getByRole('button', { name: 'Før inn, til kontroll' }).click();
  await page.getByText('Du førte det inn. En annen må sammenligne med arket.').waitFor();
  await expectGood(first);
  await first.close();
  const second = await at.visit(`/paper/${code}`, { as: 'Ingrid Bergvik' });
  await second.page.getByText('Hold arket foran deg. Står det samme her?').waitFor();
  await second.page.getByText('Røntgen thorax').waitFor();
  await expectGood(second);
  await keepPicture(second.page, 'paper-compare');
  await second.page.getByRole('button', { name: 'Ja, det stemmer' }).click();
  await second.page.getByRole('heading', { name: 'I journalen' }).waitFor();
  await second.close();
});

inBrowser('a sheet that was never written on is given up with a reason', async () => {
  const code = await issue('note');
  const seen = await at.visit(`/paper/${code}`, { as: 'Håvard Lindnes', viewport: phone });
  const { page } = seen;
  await page.getByRole('button', { name: 'Arket er ubrukt eller tapt' }).click();
  await page.getByRole('button', { name: 'Meld' }).click();
  await page.getByText('Må fylles ut.').first().waitFor();
  await expectGood(seen);
  await page.getByRole('radio', { name: 'ubrukt' }).check();
  await page.getByLabel('Hvordan vet du det?').fill('Lå urørt i pakken.');
  await page.getByRole('button', { name: 'Meld' }).click();
  await page.getByText('meldte ubrukt: Lå urørt i pakken.').waitFor();
  await expectGood(seen);
  await seen.close();
});
