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
    text: 'Pasienten har ingen tegn til hepatitt C.',
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
    const below = page.getByRole('heading', { name: 'Benektet i teksten' });
    await below.waitFor();
    await page.getByText('benektet i teksten', { exact: true }).waitFor();
    await expectGood(seen);
    await seen.close();
  }
});
