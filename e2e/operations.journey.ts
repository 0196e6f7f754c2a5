/** The operations room in a real browser: what is wrong and what to do, a number over time, a downtime from its report to its end, a drill with its clock. */
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
const operator = 'Stian Vassbø';

beforeAll(async () => {
  if (hasBrowser) at = await browserNode('operations_pages', { FYR_PACK_MINUTES: '0' });
}, 180_000);
afterAll(async () => {
  await at?.stop();
});

for (const [language, title, colorScheme] of [
  ['nb', 'Driftsrom', 'light'],
  ['nn', 'Driftsrom', 'dark'],
  ['en', 'Operations room', 'light'],
] as const) {
  inBrowser(`in ${language} the room says how the node is, wide and narrow`, async () => {
    for (const viewport of [phone, desktop]) {
      const seen = await at.visit('/operations', { as: operator, viewport, language, colorScheme });
      await heading(seen.page, title).waitFor();
      await seen.page.getByRole('status').first().waitFor();
      await expectGood(seen);
      await keepPicture(seen.page, `operations-${language}-${viewport.width}`);
      await seen.close();
    }
  });
}

inBrowser('a number is followed over time, as a line and as a table, and back by the keyboard', async () => {
  await at.db`insert into operation_sample (at, process, numbers)
    select date_trunc('minute', now()) - n * interval '1 minute', 'earlier',
      jsonb_build_object('requestsPerMinute', 40 + 30 * sin(n / 60.0), 'memoryBytes', 2e8 + n * 1e5)
    from generate_series(2, 1400) n`;
  const seen = await at.visit('/operations', { as: operator });
  const { page } = seen;
  await page.getByRole('link', { name: 'Siste minutt' }).click();
  await page.getByRole('heading', { name: 'Siste minutt over tid' }).waitFor();
  await page.getByRole('img', { name: /Siste minutt\. Lavest \d+, høyest \d+/ }).waitFor();
  expect(page.url()).toContain('number=requestsPerMinute');
  await expectGood(seen);
  await keepPicture(page, 'operations-history');
  await page.getByRole('button', { name: 'Vis som tabell' }).click();
  await page.getByRole('columnheader', { name: 'Høyest' }).waitFor();
  await expectGood(seen);
  await page.getByRole('radio', { name: 'Time' }).click();
  await expect.poll(() => page.url()).toContain('hours=1');
  await page.getByRole('button', { name: 'Lukk' }).click();
  await expect.poll(() => page.url()).not.toContain('number');
  await seen.close();
});

inBrowser('who treats is refused in words', async () => {
  const seen = await at.visit('/operations', { as: 'Håvard Lindnes', viewport: phone });
  await seen.page.getByText('Dette er for dem som drifter noden.').waitFor();
  await seen.close();
});

inBrowser('a downtime is reported, declared in a second step, seen by others, checked and ended', async () => {
  const seen = await at.visit('/downtime', { as: 'Håvard Lindnes', viewport: phone });
  const { page } = seen;
  await heading(page, 'Nedetid').waitFor();
  await page.getByRole('button', { name: 'Meld' }).click();
  await page.getByText('Velg hva som er nede.').waitFor();
  await expectGood(seen);
  await page.getByLabel('Hva er nede?').selectOption('Nettverket er nede');
  await page.getByLabel('Hva ser du?').fill('Ingen maskiner på posten får kontakt.');
  await page.reload();
  expect(await page.getByLabel('Hva ser du?').inputValue()).toBe('Ingen maskiner på posten får kontakt.');
  await page.getByLabel('Hva er nede?').selectOption('Nettverket er nede');
  await page.getByRole('button', { name: 'Meld' }).click();
  await page.getByRole('button', { name: 'Erklær nedetid' }).click();
  await page
    .getByRole('dialog')
    .getByText(/får et bånd øverst på hver side/)
    .waitFor();
  await expectGood(seen);
  await page.getByRole('dialog').getByRole('button', { name: 'Erklær nedetid' }).click();
  await page.getByRole('button', { name: 'Driften er tilbake' }).waitFor();
  await expectGood(seen);
  await keepPicture(page, 'downtime-360');
  await seen.close();
  const other = await at.visit('/downtime', { as: operator });
  await other.page
    .getByRole('banner')
    .getByText(/Nettverket er nede/)
    .waitFor();
  await other.page.getByRole('button', { name: 'Driften er tilbake' }).click();
  await other.page.getByRole('dialog').getByRole('button', { name: 'Driften er tilbake' }).click();
  await other.page.getByRole('heading', { name: 'Før nedetiden er over' }).waitFor();
  await expectGood(other);
  await keepPicture(other.page, 'downtime-checks');
  const settle = other.page.getByRole('button', { name: 'Svar for det', exact: true });
  while ((await settle.count()) > 0) {
    const before = await settle.count();
    await settle.first().click();
    await other.page.getByLabel('Hva har du funnet ut?').fill('Gått gjennom sammen med avdelingen.');
    await other.page.getByRole('button', { name: 'Jeg svarer for det' }).click();
    await expect.poll(() => settle.count()).toBeLessThan(before);
  }
  await other.page.getByRole('button', { name: 'Avslutt nedetiden' }).click();
  await other.page.getByRole('dialog').getByRole('button', { name: 'Avslutt nedetiden' }).click();
  await other.page.getByRole('heading', { name: 'Meld nedetid' }).waitFor();
  const [report] = await Promise.all([
    other.page.waitForEvent('download'),
    other.page.getByRole('link', { name: 'Rapport' }).click(),
  ]);
  expect(report.suggestedFilename()).toMatch(/^downtime-.*\.html$/);
  await expectGood(other);
  await other.close();
});

inBrowser('a drill is begun in two steps, has a clock, is noted in and ended', async () => {
  const seen = await at.visit('/drill', { as: operator, viewport: desktop });
  const { page } = seen;
  await heading(page, 'Øvelse').waitFor();
  await page.getByRole('button', { name: 'Start øvelsen' }).click();
  await page.getByText('Velg hva som skal være borte.').waitFor();
  await expectGood(seen);
  const scenario = page.getByRole('radio', { disabled: false }).first();
  await scenario.check();
  await page.getByLabel('Minutter').fill('2');
  await page.getByRole('button', { name: 'Start øvelsen' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start øvelsen' }).click();
  await page.getByRole('timer').getByText(/^00:0/).waitFor();
  await page
    .getByRole('banner')
    .getByText(/Øvelse:/)
    .waitFor();
  await page.getByLabel('Hva ser du?').fill('Posten bruker nødpakken.');
  await page.getByRole('button', { name: 'Noter' }).click();
  await page.getByText('noterte: Posten bruker nødpakken.').waitFor();
  await expectGood(seen);
  await keepPicture(page, 'drill-running');
  await page.getByRole('button', { name: 'Avslutt øvelsen' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Avslutt øvelsen' }).click();
  await page.getByRole('heading', { name: 'Start en øvelse' }).waitFor();
  await page.getByRole('link', { name: 'Rapport' }).first().waitFor();
  await expectGood(seen);
  await seen.close();
});

inBrowser('the copy of a ward on a device is ordered wiped, in two steps', async () => {
  const { body } = await at.ask('GET', '/api/ward', { as: 'nurse' });
  const asked = { ward: body.wards[0].ward, name: 'Chrome, Android' };
  await at.ask('POST', '/api/ward/devices', { as: 'nurse', body: asked });
  const seen = await at.visit('/operations', { as: operator, viewport: phone });
  const row = seen.page.getByRole('row').filter({ hasText: 'Chrome, Android' });
  await row.getByRole('button', { name: 'Slett kopien' }).click();
  await seen.page
    .getByRole('dialog')
    .getByText(/overleverer den det som venter/)
    .waitFor();
  await expectGood(seen);
  await seen.page.getByRole('dialog').getByRole('button', { name: 'Slett kopien' }).click();
  await row.getByText('slettes når enheten er i kontakt').waitFor();
  await expectGood(seen);
  await seen.close();
});
