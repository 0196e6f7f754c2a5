/** A document whose type the machine was not sure of, decided by a person with the keyboard. */
import { beforeAll, expect } from 'vitest';
import { personaEntries } from '#sample/persona-entries.ts';
import { expectGood, heading, inBrowser, phone } from '../test/support/browser.ts';
import { sharedNode, type SharedNode } from './region.ts';

const oldMan = personaEntries().find(({ key }) => key === 'oldManWithEverything')?.patient as string;
const doctor = personaEntries().find(({ key }) => key === 'hospitalDoctor')?.name ?? '';
let at: SharedNode;

beforeAll(async () => {
  at = await sharedNode();
});

inBrowser(
  'a document without a type is told from its text, decided by a number and Enter, and gone from the list',
  async () => {
    const content = Buffer.from('Vedlegg\nSe andre siden. Mvh').toString('base64');
    const { body } = await at.ask('POST', '/fhir/DocumentReference', {
      as: 'hospitalDoctor',
      body: {
        resourceType: 'DocumentReference',
        meta: { tag: [{ system: 'urn:fyr:code-system:document-type-by', code: 'undecided' }] },
        status: 'current',
        subject: { reference: `Patient/${oldMan}` },
        date: '2026-10-30T10:00:00Z',
        content: [
          { attachment: { contentType: 'text/plain; charset=utf-8', data: content, title: 'Skannet vedlegg' } },
        ],
      },
    });
    const seen = await at.visit(`/classification?document=${body.id}`, { as: doctor });
    await seen.page.getByRole('heading', { name: 'Skannet vedlegg', level: 2 }).waitFor();
    await expectGood(seen);
    await expect
      .poll(async () => {
        await seen.page.reload();
        await seen.page.getByRole('heading', { name: 'Skannet vedlegg', level: 2 }).waitFor();
        return seen.page.getByRole('radio').count();
      })
      .toBeGreaterThan(3);
    await expectGood(seen);
    await seen.page.keyboard.press('1');
    await seen.page.keyboard.press('Enter');
    await seen.page.getByRole('link', { name: 'Skannet vedlegg' }).waitFor({ state: 'detached' });
    await expectGood(seen);
    await seen.close();
  },
);

inBrowser('the queue on a phone, dark, in nynorsk', async () => {
  const seen = await at.visit('/classification', { as: doctor, viewport: phone, language: 'nn', colorScheme: 'dark' });
  await heading(seen.page, 'Dokument utan type').waitFor();
  await expectGood(seen);
  await seen.close();
});
