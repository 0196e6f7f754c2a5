/** The rooms behind the operations room, at a region of one's own: nodes let in and shut out, jobs, backups; the region seen to its wards. */
import { afterAll, beforeAll, expect } from 'vitest';
import { testRegion, type TestRegion } from '#continuity/line/region-for-test.ts';
import {
  buildPages,
  desktop,
  expectGood,
  heading,
  inBrowser,
  phone,
  visiting,
  type Visiting,
} from '../test/support/browser.ts';
import { sharedBrowser } from './region.ts';

let at: TestRegion;
let visit: Visiting;
const ends: (() => void | Promise<void>)[] = [];
const operator = 'Stian Vassbø';

beforeAll(async () => {
  await buildPages();
  at = await testRegion('rooms', { withPeople: true, onEnd: (end) => void ends.push(end) });
  visit = visiting(await sharedBrowser(), at.region.config.baseUrl);
}, 300_000);
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

inBrowser(
  'a node is named with a place, its code is told once, it is given another and taken off the list',
  async () => {
    const seen = await visit('/operations', { as: operator, viewport: desktop });
    const { page } = seen;
    await page.getByRole('link', { name: 'Noder: slipp inn, steng ute' }).click();
    await heading(page, 'Noder i regionen').waitFor();
    await page.getByText('Ingen noder har fått navn ennå.').waitFor();
    await page.getByRole('button', { name: 'Lag kode' }).click();
    await page.getByText('Skriv et navn med a–z').waitFor();
    await expectGood(seen);
    await page.getByLabel('Navn', { exact: true }).fill('sykehus-nord');
    await page.getByLabel('Adresser').fill('10.0.0.7 nord.example');
    await page.getByLabel('Behandlingssteder').fill('sykehus');
    await page.getByRole('checkbox').first().check();
    await expectGood(seen);
    await page.getByRole('button', { name: 'Lag kode' }).click();
    const told = page.getByRole('region', { name: 'Koden til sykehus-nord' });
    await told.getByText('Koden vises bare nå.').waitFor();
    await told.getByText(/^FYR_ROLE=site FYR_NODE=sykehus-nord npx fyr join https:\S+ \S+$/).waitFor();
    await expectGood(seen);
    await page.reload();
    const row = page.getByRole('row').filter({ hasText: 'sykehus-nord' });
    await row.getByText('ikke kommet ennå').waitFor();
    expect(await told.count()).toBe(0);
    await row.getByRole('button', { name: 'Ny kode' }).click();
    await told.waitFor();
    await told.getByRole('button', { name: 'Jeg har notert den' }).click();
    await row.getByRole('button', { name: 'Ta av listen' }).click();
    await page
      .getByRole('dialog')
      .getByText(/ikke lenger en del av regionen/)
      .waitFor();
    await expectGood(seen);
    await page.getByRole('dialog').getByRole('button', { name: 'Ta av listen' }).click();
    await page.getByText('Ingen noder har fått navn ennå.').waitFor();
    await seen.close();
  },
);

inBrowser(
  'a job that was given up says why and is run again, and the backups say when the last was proven',
  async () => {
    const { db } = at.region.node;
    await db`select job.add_job('packs', '{}', max_attempts => 1, job_key => 'journey')`;
    await db`update job._private_jobs set attempts = 1, last_error = 'The printer does not answer.' where key = 'journey'`;
    for (const [viewport, colorScheme] of [
      [phone, 'dark'],
      [desktop, 'light'],
    ] as const) {
      const seen = await visit('/operations/jobs', { as: operator, viewport, colorScheme });
      await heading(seen.page, 'Jobber').waitFor();
      const row = seen.page.getByRole('row').filter({ hasText: 'The printer does not answer.' });
      await row.getByText('gitt opp').waitFor();
      await expectGood(seen);
      if (viewport === desktop) {
        await row.getByRole('button', { name: 'Kjør nå' }).click();
        await seen.page.getByText('Ingen jobb har gått galt.').waitFor();
        // The rows have moved under the pointer: away, so that none is half lit.
        await seen.page.mouse.move(0, 0);
        await expectGood(seen);
      }
      await seen.close();
    }
    const first = await visit('/operations/backups', { as: operator, viewport: phone });
    await first.page.getByText('Ingen sikkerhetskopi er laget av denne noden.').waitFor();
    await expectGood(first);
    await first.close();
    await db`insert into backup_made (id, at, finished, folder, rows, bytes_written, blobs, blobs_damaged, verified) values
    ('aaaaaaaa', now() - interval '5 days', now() - interval '5 days', '/mnt/backup/region', 812400, 91800000, 312, 0, now() - interval '4 days'),
    ('bbbbbbbb', now() - interval '4 days', now() - interval '4 days', '/mnt/backup/region', 4021, 900000, 313, 1, null)`;
    for (const [viewport, colorScheme] of [
      [phone, 'light'],
      [desktop, 'dark'],
    ] as const) {
      const seen = await visit('/operations/backups', { as: operator, viewport, colorScheme });
      await seen.page.getByText('ett skadd og ikke med').waitFor();
      await seen.page.getByText('npx fyr backup verify /mnt/backup/region').waitFor();
      await expectGood(seen);
      await seen.close();
    }
  },
);

for (const [language, titles] of [
  ['nn', ['Nodar i regionen', 'Jobbar', 'Sikkerheitskopiar']],
  ['en', ['Nodes of the region', 'Jobs', 'Backups']],
] as const) {
  inBrowser(`in ${language} the rooms have their words, and are for operators`, async () => {
    for (const [index, room] of ['nodes', 'jobs', 'backups'].entries()) {
      const seen = await visit(`/operations/${room}`, { as: operator, language, viewport: phone });
      await heading(seen.page, titles[index] ?? '').waitFor();
      await expectGood(seen);
      await seen.close();
    }
    const other = await visit('/operations/nodes', { as: 'Tove Granheim', language });
    await other.page.getByText(/^(Dette er for dei som driftar noden|This is for those who run the node)\.$/).waitFor();
    await other.close();
  });
}

inBrowser(
  'the region sees a ward of its hospital: its line, its disk, its certificate; the line is cut, and both are told',
  async () => {
    const { body } = await at.region.ask('GET', 'Organization?name=Vardfjord&_count=1');
    const { joined: site, line: siteLine } = await at.join('vardfjord', [`Organization/${body.entry[0].resource.id}`]);
    const { line: wardLine } = await at.join('vardfjord-med', [], site);
    const seen = await visit('/operations', { as: operator, viewport: desktop });
    const { page } = seen;
    const table = page.getByRole('table', { name: 'Linjer' });
    const rowOf = (name: string) => table.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
    const ward = rowOf('vardfjord-med');
    await ward.getByText('i kontakt').waitFor();
    await ward.getByRole('link', { name: '%' }).waitFor();
    await ward.getByRole('link', { name: /\d d$/ }).waitFor();
    await page.getByRole('img', { name: /^Kart over 3 noder/ }).waitFor();
    await expectGood(seen);
    await ward.getByRole('link', { name: '%' }).click();
    await page.getByRole('heading', { name: 'Ledig på datadisken ved vardfjord-med over tid' }).waitFor();
    await page.getByRole('img', { name: /^Ledig på datadisken/ }).waitFor();
    await expectGood(seen);
    wardLine.cut();
    // Noticed by the hospital, told to the region, asked for by the page: each in some seconds, more on a busy machine.
    const inTime = { timeout: 90_000 };
    await ward.getByText('brutt').waitFor(inTime);
    siteLine.cut();
    await rowOf('vardfjord sykehus').getByText('brutt').waitFor(inTime);
    await expectGood(seen);
    await seen.close();
    const narrow = await visit('/operations', { as: operator, viewport: phone, colorScheme: 'dark' });
    await narrow.page.getByRole('img', { name: /^Kart over 3 noder/ }).waitFor();
    await expectGood(narrow);
    await narrow.close();
  },
);

inBrowser(
  'the privacy officer sees the weeks as pictures and as tables, for a longer time, and takes them along',
  async () => {
    const { db } = at.region.node;
    // What a site's log, copied here, tells of three months.
    await db`insert into access_copy (node, number, at, patient, who, actor, action, outcome, content)
    select 'elsewhere', n, now() - (n % 84) * interval '1 day', null, a.who, a.key, case n % 9 when 0 then 3 when 1 then 1 else 0 end,
      case when n % 40 = 0 then 1 else 0 end, '{}'
    from generate_series(1, 4000) n
    join lateral (select * from (select *, row_number() over (order by key) as row from access_actor) r
      where r.row = 1 + (n * n) % (select count(*) from access_actor)) a on true`;
    for (const [viewport, colorScheme] of [
      [desktop, 'light'],
      [phone, 'dark'],
    ] as const) {
      const seen = await visit('/', { as: 'Tove Granheim', viewport, colorScheme });
      const { page } = seen;
      await page.getByRole('navigation').getByRole('link', { name: 'Rapport' }).click();
      await heading(page, 'Rapport').waitFor();
      await page.getByRole('img', { name: /^Hvem åpner journaler\. I alt: / }).waitFor();
      await expectGood(seen);
      await page.getByRole('button', { name: 'Vis som tabell Hvem åpner journaler' }).click();
      await page.getByRole('table', { name: 'Hvem åpner journaler' }).waitFor();
      await expectGood(seen);
      await page.getByLabel('Tidsrom').selectOption('26 uker');
      await expect.poll(() => page.url()).toContain('weeks=26');
      const [table] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Last ned som tabell (CSV)' }).click(),
      ]);
      expect(table.suggestedFilename()).toMatch(/^access-report-\d{4}-\d\d-\d\d\.csv$/);
      await seen.close();
    }
  },
);

inBrowser('a citizen gives a power of attorney for a part of the record, sees it, and takes it back', async () => {
  const { body } = await at.region.ask('GET', 'Patient?family=Nordskog&gender=female&_count=1');
  const other = body.entry[0].resource;
  const number = other.identifier.find(({ value }: { value: string }) => /^\d{11}$/.test(value)).value;
  const seen = await visit('/control', { as: 'Torleif Nordskog', viewport: phone, colorScheme: 'dark' });
  const { page } = seen;
  await page.getByRole('button', { name: 'Gi fullmakt' }).click();
  await page.getByRole('button', { name: 'Gå videre' }).click();
  await page.getByText('Skriv 11 siffer.').waitFor();
  await expectGood(seen);
  await page.getByLabel('Fødselsnummer eller D-nummer').fill(number);
  await page.getByLabel('Etternavn').fill('Feil');
  await page.getByRole('radio', { name: 'Noen deler' }).check();
  await page.getByRole('checkbox', { name: 'Prøvesvar og målinger' }).check();
  await page.getByRole('button', { name: 'Gå videre' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Feil kan se prøvesvar og målinger.').waitFor();
  await dialog.getByRole('button', { name: 'Gi fullmakt' }).click();
  await dialog.getByText('Dette finnes ikke her.').waitFor();
  await expectGood(seen);
  await dialog.getByRole('button', { name: 'Avbryt' }).click();
  await page.getByLabel('Etternavn').fill('nordskog');
  await page.getByRole('button', { name: 'Gå videre' }).click();
  await dialog.getByRole('button', { name: 'Gi fullmakt' }).click();
  const given = page.getByRole('listitem').filter({ hasText: 'med fullmakt, kan se, prøvesvar og målinger' });
  await given.getByText(/til og med/).waitFor();
  await expectGood(seen);
  await given.getByRole('button', { name: 'Trekk tilbake' }).click();
  await dialog.getByRole('button', { name: 'Trekk tilbake' }).click();
  await expect.poll(() => given.count()).toBe(0);
  await seen.close();
});

inBrowser('a document is blocked where it is read, opened again, and the certificate is white paper', async () => {
  const seen = await visit('/health/documents', { as: 'Torleif Nordskog', viewport: desktop, colorScheme: 'dark' });
  const { page } = seen;
  const one = page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ has: page.getByRole('button', { name: /^(Les|Lukk)/ }) })
    .first();
  await one.getByRole('button', { name: /^Les/ }).click();
  await one.getByRole('button', { name: /^Sperr dokumentet/ }).click();
  await page
    .getByRole('dialog')
    .getByText(/Bare øyeblikkelig hjelp/)
    .waitFor();
  await expectGood(seen);
  await page.getByRole('dialog').getByRole('button', { name: 'Sperr dokumentet' }).click();
  await one.getByText('Sperret for alle').waitFor();
  await expectGood(seen);
  await one.getByRole('button', { name: /^Opphev sperringen/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Opphev sperringen' }).click();
  await one.getByRole('button', { name: /^Sperr dokumentet/ }).waitFor();
  await page.goto(`${at.region.config.baseUrl}/health/vaccinations`);
  await heading(page, 'Vaksiner').waitFor();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.getByText('Vaksinasjonsattest').waitFor();
  const background = await page.evaluate('getComputedStyle(document.querySelector(".fyr-card")).backgroundColor');
  expect(background).toBe('rgb(255, 255, 255)');
  await expectGood(seen);
  await seen.close();
});

inBrowser('no link of one’s own leads to what one may not open, whatever one’s duty', async () => {
  const people = [
    'Ingrid Bergvik',
    'Håvard Lindnes',
    'Øystein Furulund',
    'Tove Granheim',
    operator,
    'Torleif Nordskog',
  ];
  for (const as of people) {
    const seen = await visit('/', { as });
    const refused: string[] = [];
    seen.page.on('response', (response) => {
      if (response.status() === 403) refused.push(new URL(response.url()).pathname);
    });
    const links = seen.page.getByRole('navigation').first().getByRole('link');
    await links.first().waitFor();
    const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    expect(addresses.length, as).toBeGreaterThan(1);
    for (const address of addresses) {
      await seen.page.goto(`${at.region.config.baseUrl}${address}`);
      await seen.page.getByRole('heading', { level: 1 }).first().waitFor();
      await seen.page.waitForLoadState('networkidle');
      expect(refused, `${as} at ${address}`).toEqual([]);
    }
    await seen.close();
  }
});
