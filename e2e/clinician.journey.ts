/** A day's work in a real browser: the ward, measurements, results, notes, medicines, and what is written at the same time by two. */
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
  type Visit,
} from '../test/support/browser.ts';

let at: BrowserNode;

const oldMan = '/patients/018c0000-0100-7001-8000-00000000c001';
const [doctor, nurse] = ['Ingrid Bergvik', 'Håvard Lindnes'];

beforeAll(async () => {
  if (hasBrowser) at = await browserNode('clinician_pages');
}, 180_000);
afterAll(async () => {
  await at?.stop();
});

const pages = [
  '',
  '/timeline',
  '/results',
  '/results?view=time',
  '/measurements',
  '/medicines',
  '/documents',
  '/write',
  '/write/vitals',
  '/write/note',
  '/write/allergy',
  '/write/critical',
  '/write/condition',
  '/write/medicine',
  '/write/task',
] as const;

for (const [language, viewport, colorScheme] of [
  ['nb', desktop, 'dark'],
  ['nn', phone, 'light'],
  ['en', phone, 'dark'],
] as const) {
  inBrowser(`every page of a patient is good in ${language}, ${viewport.width} wide, ${colorScheme}`, async () => {
    const seen = await at.visit(oldMan, { as: doctor, viewport, language, colorScheme });
    for (const path of pages) {
      await seen.page.goto(`${at.url}${oldMan}${path}`);
      await heading(seen.page, 'NORDSKOG, Torleif').waitFor();
      await seen.page.waitForLoadState('networkidle');
      await expectGood(seen).catch((error: unknown) => {
        throw new Error(path, { cause: error });
      });
    }
    await seen.close();
  });
}

inBrowser(
  'a nurse records a round: what is wrong is said, NEWS2 says what to do, a reload keeps what was typed',
  async () => {
    const seen = await at.visit(`${oldMan}/write/vitals`, { as: nurse, viewport: phone });
    const { page } = seen;
    await page.getByLabel('Respirasjon (per minutt)').fill('26');
    await page.getByLabel('Oksygenmetning (%)').fill('900');
    await page.getByLabel('Blodtrykk, øvre (mmHg)').fill('88');
    await page.getByRole('button', { name: 'Lagre for Torleif Nordskog' }).click();
    await page.getByText('Skriv et tall fra 30 til 100.').waitFor();
    await page.getByText('Blodtrykk trenger begge tallene.').waitFor();
    await expectGood(seen);
    await page.reload();
    await page.getByText(/Det er tatt vare på i denne nettleseren/).waitFor();
    expect(await page.getByLabel('Respirasjon (per minutt)').inputValue()).toBe('26');
    await page.getByLabel('Oksygenmetning (%)').fill('91');
    await page.getByLabel('Oksygen (l/min, 0 for luft)').fill('2');
    await page.getByLabel('Blodtrykk, nedre (mmHg)').fill('52');
    await page.getByLabel('Puls (per minutt)').fill('118');
    await page.getByLabel('C: nyoppstått forvirring').check();
    await page.getByLabel('Temperatur (°C)').fill('39,2');
    const warning = page.getByRole('region', { name: 'NEWS2' });
    await warning.getByText('Tilkall akutteamet nå.').waitFor();
    await warning.getByText(/Verre enn sist/).waitFor();
    await expectGood(seen);
    await page.getByRole('button', { name: 'Lagre for Torleif Nordskog' }).click();
    await page.waitForURL(/\/measurements$/);
    const row = page.getByRole('row', { name: /^NEWS2/ });
    await row.getByText('18').waitFor();
    await expectGood(seen);
    await page.goto(`${at.url}${oldMan}/write/vitals`);
    expect(await page.getByLabel('Respirasjon (per minutt)').inputValue()).toBe('');
    await seen.close();
  },
);

async function openAllergy({ page }: Visit, name: string): Promise<void> {
  await page.goto(`${at.url}${oldMan}`);
  await page.getByRole('link', { name: `Endre ${name}` }).click();
  await page.getByRole('heading', { name: /Endre allergi/ }).waitFor();
}

inBrowser('what two write at once stands side by side, and nothing is lost before somebody has chosen', async () => {
  const first = await at.visit(`${oldMan}/write/allergy`, { as: doctor });
  await first.page.getByLabel('Hva pasienten reagerer på').fill('Penicillin');
  await first.page.getByLabel('Legemiddel', { exact: true }).check();
  await first.page.getByLabel('Reaksjon (valgfritt)').fill('Utslett');
  await first.page.getByLabel('Mistenkt').check();
  await first.page.getByLabel('Mindre alvorlig').check();
  await first.page.getByLabel('Kilde').selectOption('Pasienten selv');
  await first.page.getByRole('button', { name: 'Lagre for Torleif Nordskog' }).click();
  await first.page
    .getByRole('group', { name: 'Allergier og kritisk informasjon' })
    .getByText('Penicillin: Utslett')
    .waitFor();
  const second = await at.visit(oldMan, { as: nurse });
  await openAllergy(first, 'Penicillin');
  await openAllergy(second, 'Penicillin');
  await second.page.getByLabel('Reaksjon (valgfritt)').fill('Anafylaksi');
  await second.page.getByLabel('Alvorlig', { exact: true }).check();
  await second.page.getByRole('button', { name: 'Lagre for Torleif Nordskog' }).click();
  await second.page
    .getByRole('group', { name: 'Allergier og kritisk informasjon' })
    .getByText('Penicillin: Anafylaksi')
    .waitFor();
  await first.page.getByLabel('Bekreftet').check();
  await first.page.getByRole('button', { name: 'Lagre for Torleif Nordskog' }).click();
  await first.page.getByRole('heading', { name: 'To versjoner' }).waitFor();
  await first.page.getByText(/Håvard Lindnes endret dette/).waitFor();
  await expectGood(first);
  await first.page.reload();
  await first.page.getByRole('heading', { name: 'To versjoner' }).waitFor();
  const choose = async (legend: string, side: RegExp): Promise<void> =>
    first.page
      .getByRole('radiogroup', { name: legend })
      .or(first.page.getByRole('group', { name: legend }))
      .getByRole('radio', { name: side })
      .check();
  await choose('Reaksjon', /Står i journalen nå/);
  await choose('Hvor sikkert', /Din/);
  await choose('Alvorlighet', /Står i journalen nå/);
  await first.page.getByRole('button', { name: 'Fortsett med det jeg valgte' }).click();
  expect(await first.page.getByLabel('Reaksjon (valgfritt)').inputValue()).toBe('Anafylaksi');
  await first.page.getByRole('button', { name: 'Lagre for Torleif Nordskog' }).click();
  const card = first.page.getByRole('region', { name: 'Allergier og kritisk informasjon' });
  await card
    .getByText(/bekreftet/)
    .first()
    .waitFor();
  await card.getByText('Anafylaksi').waitFor();
  await first.close();
  await second.close();
});

inBrowser('a note outlives a line that is down, is signed, read and amended', async () => {
  const seen = await at.visit(`${oldMan}/write/note`, { as: doctor });
  const { page, context } = seen;
  await page.getByLabel('Slags notat').selectOption('Innkomstjournal');
  await page.getByRole('button', { name: 'Sett inn overskrifter' }).click();
  const text = page.getByLabel('Tekst', { exact: true });
  await text.fill(`${await text.inputValue()}\nStabil, ingen nye funn.`);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Signer notatet for Torleif Nordskog' }).click();
  await page.getByText(/Dette ble ikke sendt; det du skrev står her fortsatt/).waitFor();
  await context.setOffline(false);
  // What the browser itself says of a line that is down.
  seen.problems.length = 0;
  await page.reload();
  expect(await text.inputValue()).toContain('Stabil, ingen nye funn.');
  await page.getByRole('button', { name: 'Signer notatet for Torleif Nordskog' }).click();
  await page.waitForURL(/\/documents$/);
  await page
    .getByRole('link', { name: /Innkomstjournal.*Ingrid Bergvik/ })
    .first()
    .click();
  await page.getByText('Stabil, ingen nye funn.').waitFor();
  await page.getByText(/Signert av Ingrid Bergvik/).waitFor();
  await expectGood(seen);
  await page.getByRole('link', { name: 'Endre notatet' }).click();
  await text.fill('Rettet: fortsatt feber.');
  await page.getByRole('button', { name: 'Signer notatet for Torleif Nordskog' }).click();
  await page.waitForURL(/\/documents$/);
  await page
    .getByRole('link', { name: /Innkomstjournal.*Ingrid Bergvik/ })
    .first()
    .click();
  await page.getByText(/Endret og signert av Ingrid Bergvik/).waitFor();
  await page.getByText('Rettet: fortsatt feber.').waitFor();
  await seen.close();
});

inBrowser('results are read by test and by time, several as lines, and marked as seen', async () => {
  const seen = await at.visit(`${oldMan}/results`, { as: doctor });
  const { page } = seen;
  await page.getByLabel('Finn en prøve').fill('krea');
  await page.getByRole('checkbox', { name: 'Vis P-Kreatinin som linje' }).check();
  await page.getByRole('img', { name: /Utvikling over tid av P-Kreatinin/ }).waitFor();
  await page.getByLabel('Finn en prøve').fill('');
  await page.getByRole('checkbox', { name: 'Vis P-Kalium som linje' }).check();
  await page.getByRole('img', { name: /P-Kreatinin og P-Kalium/ }).waitFor();
  await expectGood(seen);
  await page.reload();
  await page.getByRole('img', { name: /P-Kreatinin og P-Kalium/ }).waitFor();
  await page.getByRole('radio', { name: 'Etter tid' }).click();
  await page.getByText(/1–\d av \d+ prøvetakinger/).waitFor();
  await expectGood(seen);
  await page.getByRole('button', { name: 'Merk som sett' }).first().click();
  await page
    .getByText(/sett av Ingrid Bergvik/)
    .first()
    .waitFor();
  await expectGood(seen);
  await seen.close();
});

inBrowser('a dose is given, and one is left out with a reason; twice within the hour is asked about', async () => {
  const seen = await at.visit(`${oldMan}/medicines`, { as: nurse });
  const { page } = seen;
  const table = page.getByRole('table', { name: 'Gis under oppholdet' });
  await table.getByRole('button', { name: /^Gi Cefotaksim/ }).click();
  await expectGood(seen);
  await page.getByRole('button', { name: /^Før gitt: Cefotaksim/ }).click();
  await expect.poll(() => page.getByRole('heading', { name: /^Gi Torleif Nordskog/ }).count()).toBe(0);
  await table.getByRole('button', { name: /^Gi Cefotaksim/ }).click();
  await page.getByText(/Skal det gis en gang til\?/).waitFor();
  await page.getByRole('button', { name: 'Avbryt' }).click();
  await table.getByRole('button', { name: /^Gis ikke Apiksaban/ }).click();
  await page.getByRole('button', { name: /^Før ikke gitt: Apiksaban/ }).click();
  await page.getByText('Velg en grunn.').waitFor();
  await expectGood(seen);
  await page.getByLabel('Hvorfor ikke').selectOption('Fastende');
  await page.getByRole('button', { name: /^Før ikke gitt: Apiksaban/ }).click();
  await table.getByRole('row').filter({ hasText: 'Apiksaban' }).getByText('Håvard Lindnes · Fastende').waitFor();
  await seen.close();
});

inBrowser('the timeline goes from the whole life to a month, and hides what one does not want', async () => {
  const seen = await at.visit(`${oldMan}/timeline`, { as: doctor });
  const { page } = seen;
  const count = page.getByText(/^\d+ hendelser$/);
  await count.waitFor();
  await expect.poll(() => count.textContent()).not.toBe('0 hendelser');
  const whole = Number.parseInt((await count.textContent()) ?? '', 10);
  await page.getByRole('group', { name: 'Gå inn i en del av tiden' }).getByRole('button').last().click();
  await page.getByRole('button', { name: 'Tilbake til Hele livet' }).waitFor();
  expect(Number.parseInt((await count.textContent()) ?? '', 10)).toBeLessThan(whole);
  await page.getByRole('button', { name: 'Ordinasjon' }).click();
  await expect.poll(() => page.url()).toContain('without=medicine');
  await expectGood(seen);
  expect(await page.locator('.fyr-happening').count(), 'only what is in view is drawn').toBeLessThan(60);
  await seen.close();
});

inBrowser('documents are found by words, which are marked in the text', async () => {
  const seen = await at.visit(`${oldMan}/documents`, { as: doctor, viewport: phone });
  const { page } = seen;
  await page.getByLabel('Finn i titlene, og marker i teksten').fill('epikrise');
  await page
    .getByRole('link', { name: /^Epikrise/ })
    .first()
    .click();
  await page.locator('mark').first().waitFor();
  await expectGood(seen);
  await page.getByRole('link', { name: 'Til listen' }).click();
  await page.getByLabel('Finn i titlene, og marker i teksten').waitFor();
  await seen.close();
});

inBrowser(
  'the ward tells how ill each is, a task reaches who it is for, and the palette goes anywhere by keys',
  async () => {
    const seen = await at.visit('/patients?order=worst', { as: doctor });
    const { page } = seen;
    const ward = page.getByRole('table', { name: 'Avdelingen' });
    await ward.getByRole('row').filter({ hasText: 'NORDSKOG, Torleif' }).waitFor();
    await expectGood(seen);
    await ward.getByRole('link', { name: 'NORDSKOG, Torleif' }).click();
    await heading(page, 'NORDSKOG, Torleif').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type('skriv oppg');
    await expect.poll(() => page.getByRole('option', { selected: true }).textContent()).toContain('Skriv oppgave');
    await expectGood(seen);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/write\/task$/);
    await page.getByLabel('Hva som skal gjøres').fill('Ring pårørende om utreise');
    await page.getByLabel('Haster', { exact: true }).check();
    await page.getByRole('button', { name: 'Lagre for Torleif Nordskog' }).click();
    await page.waitForURL(new RegExp(`${oldMan}$`));
    await page.goto(`${at.url}/patients`);
    await page.getByRole('link', { name: 'Ring pårørende om utreise' }).waitFor();
    await expectGood(seen);
    await page.getByRole('link', { name: 'To versjoner' }).click();
    await page.getByText(/Denne tjeneren står alene|Ingenting venter på å bli avgjort/).waitFor();
    await expectGood(seen);
    await seen.close();
  },
);
