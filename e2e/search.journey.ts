/** Search by clinical concept: a finding in a record of 2,000 documents, what is denied, what narrows, and what may not be known of. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { Resource } from '#fhir/types.ts';
import { documentReference, makeLongRecord, readFindings } from '../eval/findings/long-record.ts';
import { browserNode, expectGood, heading, inBrowser, type BrowserNode } from '../test/support/browser.ts';

let at: BrowserNode;
const id = '018c0000-0100-7001-8000-00000000c001';
const chart = `/patients/${id}`;
const [doctor, nurse] = ['Ingrid Bergvik', 'Håvard Lindnes'];
const desktop = { width: 1280, height: 860 };
const phone = { width: 390, height: 844 };
const record = makeLongRecord('journey', 2000, readFindings());

beforeAll(async () => {
  at = await browserNode('search', { FYR_PACK_MINUTES: '0' });
  for (let from = 0; from < record.length; from += 200) {
    const part = record.slice(from, from + 200).map((one) => documentReference(id, one));
    await at.node.fhir.importResources(part as unknown as Resource[]);
  }
});
afterAll(async () => {
  await at?.stop();
});

async function totalOf(asked: string): Promise<number> {
  const { body } = await at.ask('GET', `/api/clinical-search?patient=${id}&q=${encodeURIComponent(asked)}`, {
    as: 'nurse',
  });
  return body.total as number;
}

async function indexed(): Promise<number> {
  const [row] = await at.db<{ count: number }[]>`
    select count(*)::int as count from clinical_search_document where patient = ${id} and type = 'DocumentReference'`;
  return row?.count ?? 0;
}

inBrowser('a planted finding in a record of 2,000 documents is on the screen in under ten seconds', async () => {
  // The index follows what was written.
  await expect.poll(indexed, { timeout: 120_000 }).toBeGreaterThanOrEqual(2000);
  const seen = await at.visit(chart, { as: doctor, viewport: desktop });
  const { page } = seen;
  await heading(page, 'NORDSKOG, Torleif').waitFor();
  const begun = performance.now();
  await page.keyboard.press('/');
  await page.keyboard.type('føflekkreft');
  await page.keyboard.press('Enter');
  const hit = page.getByRole('article').filter({ hasText: 'Breslow 0,8 mm' });
  await hit.waitFor();
  const seconds = (performance.now() - begun) / 1000;
  await expectGood(seen);
  await hit.getByRole('link').click();
  await page.locator('.fyr-document-text mark').first().waitFor();
  await expect.poll(() => page.evaluate(markIsInView)).toBe(true);
  const opened = (performance.now() - begun) / 1000;
  expect(opened, `on the screen after ${seconds.toFixed(1)} s, opened after ${opened.toFixed(1)} s`).toBeLessThan(10);
  await expectGood(seen);
  await seen.close();
});

/** Not behind the patient's header either. */
const markIsInView = `(() => {
  const one = document.querySelector('.fyr-document-text mark');
  const { left, top } = one.getBoundingClientRect();
  return document.elementFromPoint(left + 2, top + 2) === one;
})()`;

inBrowser('what was found is narrowed by kind, person, place and time, and what is denied stands below', async () => {
  const denied = {
    ...record[5]!,
    id: 'denied-1',
    text: 'Pasienten har ingen tegn til sarkoidose.',
    title: 'Utelukket',
  };
  await at.node.fhir.importResources([documentReference(id, denied) as unknown as Resource]);
  await expect.poll(async () => totalOf('sarkoidose')).toBeGreaterThan(0);
  for (const [viewport, colorScheme] of [
    [desktop, 'light'],
    [phone, 'dark'],
  ] as const) {
    const seen = await at.visit(`${chart}/search`, { as: nurse, viewport, colorScheme });
    const { page } = seen;
    const box = page.getByRole('searchbox', { name: 'Hva leter du etter?' });
    await box.fill('lungebetennelse');
    await page.getByText(/^\d+ treff/).waitFor();
    await expectGood(seen);
    if (viewport === phone) await page.getByRole('button', { name: 'Avgrens' }).click();
    const kind = page.getByRole('group', { name: 'Slag' }).getByRole('button', { name: /^Dokument/ });
    const count = Number((await kind.textContent())?.replace(/\D/g, ''));
    await kind.click();
    await page.getByText(new RegExp(`^${count} treff`)).waitFor();
    await page.getByRole('group', { name: 'År' }).getByRole('button').first().click();
    await expect.poll(() => new URL(page.url()).searchParams.get('from')).toMatch(/-01-01$/);
    await expectGood(seen);
    await page.getByRole('button', { name: 'Vis alt' }).click();
    await box.fill('sarkoidose');
    const below = page.getByRole('heading', { name: 'Benektet i teksten', exact: true });
    await below.waitFor();
    await page.getByText('benektet i teksten', { exact: true }).waitFor();
    await expectGood(seen);
    await seen.close();
  }
});

inBrowser(
  'a document that is closed to somebody is told by no hit, count or suggestion; the others see it',
  async () => {
    const word = 'fjellrevskrøne';
    const closed = {
      ...record[7]!,
      id: 'closed-1',
      text: `Nevner ${word} i forbifarten.`,
      title: 'Samtale',
      author: 'Vera Lukket',
    };
    const document = documentReference(id, closed);
    await at.node.fhir.importResources([document as unknown as Resource]);
    const found = async (as: string): Promise<number> => {
      const { body } = await at.ask('GET', `/api/clinical-search?patient=${id}&q=${word}`, { as });
      return body.total as number;
    };
    await expect.poll(() => found('nurse')).toBe(1);
    await at.node.fhir.importResources([blockOf(document.id)]);
    await expect.poll(() => found('nurse')).toBe(0);
    const seen = await at.visit(`${chart}/search?q=${word.slice(0, -1)}`, { as: nurse, viewport: desktop });
    const { page } = seen;
    await page.getByText('0 treff.').waitFor();
    expect(await page.getByRole('main').textContent()).not.toContain(word);
    expect(await page.getByRole('main').textContent()).not.toContain('Vera Lukket');
    await expectGood(seen);
    await seen.close();
  },
);

const consentScope = 'http://terminology.hl7.org/CodeSystem/consentscope';

/** As the patient closes one document. */
function blockOf(document: string): Resource {
  const reference = `DocumentReference/${document}`;
  return {
    resourceType: 'Consent',
    id: 'search-journey-block',
    status: 'active',
    scope: { coding: [{ system: consentScope, code: 'patient-privacy' }] },
    category: [{ coding: [{ system: 'urn:fyr:code-system:consent-kind', code: 'block' }] }],
    patient: { reference: `Patient/${id}` },
    policyRule: { text: 'x' },
    provision: {
      type: 'deny',
      period: { start: '2020-01-01' },
      data: [{ meaning: 'instance', reference: { reference } }],
    },
  } as unknown as Resource;
}

inBrowser('search across all records says whose each hit is, in three languages', async () => {
  for (const [language, box, none] of [
    ['nb', 'Hva leter du etter?', /treff/],
    ['nn', 'Kva leitar du etter?', /treff/],
    ['en', 'What are you looking for?', /hit/],
  ] as const) {
    const seen = await at.visit('/work', { as: doctor, language, viewport: desktop, colorScheme: 'dark' });
    const { page } = seen;
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('/');
    await page.getByRole('searchbox', { name: box }).waitFor();
    await page.keyboard.type('lungeemboli');
    await page.keyboard.press('Enter');
    await page.getByText(none).first().waitFor();
    await page.getByRole('link', { name: 'NORDSKOG, Torleif' }).first().waitFor();
    await expectGood(seen);
    await page.setViewportSize(phone);
    await expectGood(seen);
    await seen.close();
  }
});
