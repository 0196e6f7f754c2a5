/** The ward's application in a real browser: read with the node and without it, written while the node is dead, handed over exactly once; wiped, damaged, and told so. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { Page } from 'playwright-core';
import { nodeProcess, type NodeProcess } from '../test/support/node-process.ts';
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
import { keepPicture } from '../test/support/pictures.ts';

let at: BrowserNode;
let own: NodeProcess;
let ward: string;
const patient = '018c0000-0100-7001-8000-00000000c001';
const nurse = 'Håvard Lindnes';
const name = 'NORDSKOG, Torleif';

beforeAll(async () => {
  if (!hasBrowser) return;
  at = await browserNode('ward_pages', { FYR_PACK_MINUTES: '0' });
  await (await at.visit('/', { as: nurse })).close();
  const { body } = await at.ask('GET', '/api/ward', { as: 'nurse' });
  ward = body.wards.find((one: { name: string }) => one.name.startsWith('Medisinsk avdeling')).ward;
  await at.node.stop();
  own = nodeProcess(at);
  await own.start();
}, 240_000);
afterAll(async () => {
  await own?.kill();
  await at?.stop();
});

/** The ward with its copy on this device, and the files of the application too. */
async function visitWard(options: Parameters<BrowserNode['visit']>[1] = {}): Promise<Visit> {
  await own.start();
  const seen = await at.visit(`/ward/${ward}`, { as: nurse, ...options });
  await seen.page.getByRole('table').getByRole('link', { name }).waitFor();
  await seen.page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await expect.poll(() => seen.page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true);
  return seen;
}

/** What a browser says of a node that is gone is no fault of the page. */
function forgetNetwork({ problems }: Visit): void {
  for (let at = problems.length - 1; at >= 0; at--)
    if (/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_FAILED/.test(problems[at] ?? ''))
      problems.splice(at, 1);
}

async function recordVitals(page: Page, pulse: string): Promise<void> {
  await page.getByRole('button', { name: 'Målinger' }).click();
  await page.getByLabel('Puls').fill(pulse);
  await page
    .getByRole('form')
    .getByRole('button', { name: /^Lagre/ })
    .click();
}

const inRecord = async (pulse: number): Promise<number> => {
  const asked = `patient=${patient}&code=http://loinc.org|8867-4&value-quantity=${pulse}&_summary=count`;
  return (await at.ask('GET', `/fhir/Observation?${asked}`, { as: 'nurse' })).body.total;
};

for (const [language, title, colorScheme] of [
  ['nb', 'Pasienter etter seng', 'light'],
  ['nn', 'Pasientar etter seng', 'dark'],
  ['en', 'Patients by bed', 'light'],
] as const) {
  inBrowser(`in ${language} the ward and a patient are there, wide and narrow`, async () => {
    for (const viewport of [phone, desktop]) {
      const seen = await at.visit(`/ward/${ward}`, { as: nurse, viewport, language, colorScheme });
      const { page } = seen;
      await page.getByRole('table', { name: title }).getByRole('link', { name }).waitFor();
      await expectGood(seen);
      await keepPicture(page, `ward-${language}-${viewport.width}`);
      await page.getByRole('link', { name }).click();
      await heading(page, name).waitFor();
      await expectGood(seen);
      await keepPicture(page, `ward-patient-${language}-${viewport.width}`);
      await seen.close();
    }
  });
}

inBrowser('a measurement that can not be is refused in words; a good one is in the record at once', async () => {
  const seen = await visitWard({ viewport: phone });
  const { page } = seen;
  await page.getByRole('link', { name }).click();
  await page.getByRole('button', { name: 'Målinger' }).click();
  await page.getByRole('button', { name: 'Lagre' }).click();
  await page.getByText('Skriv minst én måling.').waitFor();
  await page.getByLabel('Puls').fill('900');
  await page.getByText('Skriv et tall fra 0 til 350.').waitFor();
  await expectGood(seen);
  await page.getByLabel('Puls').fill('137');
  await page.getByRole('form').getByText('minst 3').waitFor();
  await page.getByRole('form').getByRole('button', { name: 'Lagre' }).click();
  await page.getByText(/^I journalen, /).waitFor();
  await expectGood(seen);
  expect(await inRecord(137)).toBe(1);
  await seen.close();
});

inBrowser(
  'the node is killed: the ward is read and written on the device, and handed over exactly once when it is back',
  async () => {
    const seen = await visitWard({ viewport: phone });
    const { page } = seen;
    await own.kill();
    await page.reload();
    await page.getByText(/Avdelingens maskin svarer ikke siden/).waitFor();
    await page.getByText(/^Kopi, /).waitFor();
    forgetNetwork(seen);
    await expectGood(seen);
    await keepPicture(page, 'ward-gone-360');
    await page.getByRole('link', { name }).click();
    await recordVitals(page, '141');
    await page.getByText('Lagret bare på denne enheten').waitFor();
    await page
      .getByRole('button', { name: /^Registrer dose/ })
      .first()
      .click();
    await page.getByRole('radio', { name: 'Gitt', exact: true }).check();
    await page.getByRole('form').getByRole('button', { name: 'Lagre på denne enheten' }).click();
    await page.getByRole('button', { name: 'Notat' }).click();
    await page.getByLabel('Overskrift').fill('Natt');
    await page.getByLabel('Notat', { exact: true }).fill('Sov godt, smertefri.');
    await page.getByRole('form').getByRole('button', { name: 'Lagre på denne enheten' }).click();
    await expect.poll(() => page.getByText('Lagret bare på denne enheten').count()).toBe(3);
    forgetNetwork(seen);
    await expectGood(seen);
    await keepPicture(page, 'ward-captured-360');
    // It is not in this page alone.
    await page.reload();
    await expect.poll(() => page.getByText('Lagret bare på denne enheten').count()).toBe(3);
    const kept = await page.evaluate(keptText);
    expect(kept).not.toContain('Sov godt');
    expect(kept).not.toContain('NORDSKOG');
    await own.start();
    await expect.poll(() => page.getByText(/^I journalen, /).count(), { timeout: 30_000 }).toBe(3);
    await expect.poll(() => page.getByText(/svarer ikke/).count()).toBe(0);
    await page.reload();
    await heading(page, name).waitFor();
    expect(await inRecord(141)).toBe(1);
    const notes = await at.ask('GET', `/fhir/DocumentReference?patient=${patient}&_count=200`, { as: 'nurse' });
    const written = (notes.body.entry ?? []).filter((one: any) => one.resource.description === 'Natt');
    expect(written.length).toBe(1);
    await page.goto(`${at.url}/ward/handed`);
    await page.getByText('Alt som ble skrevet på denne enheten, er i journalen.').waitFor();
    forgetNetwork(seen);
    await expectGood(seen);
    await seen.close();
  },
);

/** Everything that the browser keeps in the open. */
const keptText = `(async () => {
  const database = await new Promise((done) => { const open = indexedDB.open('fyr-ward'); open.onsuccess = () => done(open.result); });
  const all = [];
  for (const store of database.objectStoreNames) {
    const rows = await new Promise((done) => { const asked = database.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => done(asked.result); });
    all.push(JSON.stringify(rows, (key, value) => value instanceof ArrayBuffer ? new TextDecoder('latin1').decode(value) : value));
  }
  database.close();
  return all.join() + JSON.stringify(localStorage);
})()`;

inBrowser('a dose that is in the record already waits for a person, who says that it was one more', async () => {
  const seen = await visitWard();
  const { page } = seen;
  await page.getByRole('link', { name }).click();
  const give = async (): Promise<void> => {
    await page
      .getByRole('button', { name: /^Registrer dose/ })
      .nth(1)
      .click();
    await page.getByRole('radio', { name: 'Gitt', exact: true }).check();
    await page.getByRole('form').getByRole('button', { name: 'Lagre' }).click();
  };
  await give();
  await page.getByText(/^I journalen, /).waitFor();
  await give();
  await page.getByText(/Er det samme dose, eller enda en\?/).waitFor();
  await expectGood(seen);
  await keepPicture(page, 'ward-double');
  await page.getByRole('button', { name: 'Det var en dose til' }).click();
  await expect.poll(() => page.getByText(/^I journalen, /).count()).toBe(2);
  await seen.close();
});

inBrowser('a store that was wiped loses nothing that was acknowledged, and says what is not known', async () => {
  const seen = await visitWard();
  const { page } = seen;
  await page.getByRole('link', { name }).click();
  await recordVitals(page, '143');
  await page.getByText(/^I journalen, /).waitFor();
  await own.kill();
  await page.getByText(/Avdelingens maskin svarer ikke/).waitFor();
  await recordVitals(page, '147');
  await page.getByText('Lagret bare på denne enheten').waitFor();
  await page.goto('about:blank');
  const other = await seen.context.newPage();
  await other.goto(`${at.url}/ward/handed`);
  await other.evaluate(
    `new Promise((done) => { const asked = indexedDB.deleteDatabase('fyr-ward'); asked.onsuccess = asked.onblocked = done; })`,
  );
  await other.reload();
  await other.getByText('1 registrering ble gjort på denne enheten og finnes ikke her lenger:').waitFor();
  await other.getByText('Om de nådde fram til avdelingens maskin, vet vi først når den svarer.').waitFor();
  forgetNetwork(seen);
  await expectGood({ ...seen, page: other });
  await own.start();
  await other.getByText(/Avdelingens maskin har dem ikke/).waitFor({ timeout: 30_000 });
  await other.getByRole('button', { name: 'Jeg har sett det' }).click();
  await expect.poll(() => other.getByText(/finnes ikke her lenger/).count()).toBe(0);
  expect(await inRecord(143)).toBe(1);
  expect(await inRecord(147)).toBe(0);
  await seen.close();
});

inBrowser('the copy is wiped by order, and when somebody signs out', async () => {
  const seen = await visitWard();
  const { page } = seen;
  await page.getByRole('heading', { name: 'Ligger også på denne enheten' }).waitFor();
  const { body } = await at.ask('GET', '/api/ward/devices', { as: 'operator' });
  for (const { device } of body.devices) await at.ask('POST', `/api/ward/devices/${device}/wipe`, { as: 'operator' });
  await page.getByRole('button', { name: 'Hent på nytt' }).click();
  await page.getByText('Kopien av avdelingen er slettet fra denne enheten etter beskjed fra drift.').waitFor();
  await expectGood(seen);
  expect(JSON.stringify(JSON.parse(JSON.stringify(await page.evaluate(keptText))))).not.toContain('device');
  await seen.close();
  const again = await visitWard();
  await again.page.getByRole('heading', { name: 'Ligger også på denne enheten' }).waitFor();
  await again.page.getByRole('button', { name: 'Logg ut' }).click();
  await again.page.waitForURL(({ pathname }) => !pathname.startsWith('/ward'));
  await again.page.goto(`${at.url}/ward/${ward}`);
  await again.page.getByRole('heading', { name: 'Du er logget ut' }).waitFor();
  await expectGood(again);
  await again.close();
});
