/** The day of docs/a-day-with-fyr.md, in the words of that page: what it names in bold is what is looked for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  browserNode,
  expectGood,
  heading,
  inBrowser,
  phone,
  type BrowserNode,
  type Visit,
} from '../test/support/browser.ts';
import { nodeProcess, type NodeProcess } from '../test/support/node-process.ts';

const told = readFileSync(join(import.meta.dirname, '../docs/a-day-with-fyr.md'), 'utf8');
let at: BrowserNode;
let own: NodeProcess;
const chart = '/patients/018c0000-0100-7001-8000-00000000c001';

beforeAll(async () => {
  at = await browserNode('a_day', { FYR_PACK_MINUTES: '0' });
  own = nodeProcess(at);
});
afterAll(async () => {
  await own?.kill();
  await at?.stop();
});

/** What the document says in bold. */
function bold(words: string): string {
  expect(told, 'docs/a-day-with-fyr.md').toContain(`**${words}**`);
  return words;
}
const signIn = (as: string, path = '/', wide = true): Promise<Visit> => {
  expect(told).toContain(as);
  return at.visit(path, { as, language: 'en', ...(wide ? {} : { viewport: phone }) });
};
const place = (page: Page, name: string): Promise<void> =>
  page
    .getByRole('navigation')
    .getByRole('link', { name: bold(name), exact: true })
    .first()
    .click();
const press = (page: Page, name: string): Promise<void> =>
  page
    .getByRole('button', { name: bold(name) })
    .first()
    .click();

inBrowser('07.30: the morning round', async () => {
  const seen = await signIn('Håvard Lindnes');
  const { page } = seen;
  await heading(page, bold('Patients')).waitFor();
  await page.getByText(bold('The worst first')).click();
  await page
    .getByRole('table', { name: bold('The ward') })
    .getByRole('link', { name: bold('NORDSKOG, Torleif') })
    .click();
  await heading(page, 'NORDSKOG, Torleif').waitFor();
  await expectGood(seen);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await page.keyboard.type(bold('Vital signs'));
  await expect.poll(() => page.getByRole('option', { selected: true }).textContent()).toContain('ital signs');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/write\/vitals$/);
  await page.getByLabel(bold('Respiration (per minute)')).fill('26');
  await page.getByLabel(bold('Oxygen saturation (%)')).fill('91');
  await page.getByLabel(bold('Pulse (per minute)')).fill('118');
  await page.getByLabel(bold('Temperature (°C)')).fill('39.2');
  await page.getByRole('region', { name: 'NEWS2' }).getByText(/Call/).first().waitFor();
  await page.reload();
  await page.getByText(/kept in this browser/).waitFor();
  expect(await page.getByLabel('Pulse (per minute)').inputValue()).toBe('118');
  await expectGood(seen);
  await press(page, 'Save for Torleif Nordskog');
  await page.waitForURL(/\/measurements$/);
  await page.getByRole('link', { name: bold('Medicines'), exact: true }).click();
  const give = page.getByRole('button', { name: new RegExp(`^${bold('Give')} Cefotaksim`) });
  await give.click();
  await page.getByRole('button', { name: /^Record as given: Cefotaksim/ }).click();
  await expect.poll(() => page.getByRole('heading', { name: /^Give Torleif Nordskog/ }).count()).toBe(0);
  await give.click();
  await page.getByText(/Is it to be given once more\?/).waitFor();
  await expectGood(seen);
  await seen.close();
});

inBrowser('09.00: the visit', async () => {
  const seen = await signIn('Ingrid Bergvik');
  const { page } = seen;
  await page.getByRole('searchbox', { name: bold('Find a patient') }).fill('nordskog');
  await page.keyboard.press('Enter');
  await page.getByRole('table', { name: 'Patients' }).getByRole('link', { name: 'NORDSKOG, Torleif' }).click();
  await page.getByRole('link', { name: bold('Results'), exact: true }).click();
  await page.getByLabel(bold('Find a test')).fill('krea');
  await page
    .getByRole('checkbox', { name: /as a line/ })
    .first()
    .check();
  await page.getByRole('img', { name: /Change over time of P-Kreatinin/ }).waitFor();
  await expectGood(seen);
  await page.getByRole('radio', { name: bold('By time') }).click();
  await press(page, 'Mark as seen');
  await page
    .getByText(/seen by Ingrid Bergvik/)
    .first()
    .waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await page.keyboard.type(bold('Note'));
  await page.getByRole('option', { name: /note/i }).first().click();
  await page.waitForURL(/\/write\/note$/);
  await page.getByLabel(bold('Kind of note')).selectOption('Progress note');
  await press(page, 'Put in headings');
  await press(page, 'Sign the note for Torleif Nordskog');
  await page.waitForURL(/\/documents$/);
  await page
    .getByRole('link', { name: /Progress note.*Ingrid Bergvik/ })
    .first()
    .waitFor();
  await expectGood(seen);
  await page.getByRole('link', { name: bold('Timeline'), exact: true }).click();
  await page.getByText(/^\d+ happenings$/).waitFor();
  await expectGood(seen);
  await seen.close();
});

inBrowser('11.00: somebody collapses', async () => {
  const seen = await signIn('Ingrid Bergvik', '/patients', false);
  const { page } = seen;
  await page.getByRole('searchbox', { name: 'Find a patient' }).fill('lyvik silje');
  await page.keyboard.press('Enter');
  await page
    .getByRole('link', { name: bold('LYVIK, Silje') })
    .first()
    .click();
  await page.getByRole('heading', { name: bold('The record is closed to you') }).waitFor();
  await expectGood(seen);
  await press(page, 'Use emergency access …');
  await page.getByLabel(bold('What is it that can not wait?')).fill('Collapsed in the corridor.');
  await page.getByRole('button', { name: 'Open the record of Silje Lyvik with emergency access' }).click();
  await page.getByRole('region', { name: 'Medicines in use' }).waitFor();
  await expectGood(seen);
  await seen.close();
  const officer = await signIn('Tove Granheim');
  await heading(officer.page, bold('Cases')).waitFor();
  const one = officer.page.getByRole('listitem').filter({ hasText: 'Collapsed in the corridor.' });
  await one.getByRole('button', { name: bold('Follow up') }).click();
  await one.getByRole('radio', { name: 'The access was justified.' }).check();
  await one.getByLabel(bold('Grounds')).fill('The ward confirms it.');
  await expectGood(officer);
  await one.getByRole('button', { name: bold('Close the case') }).click();
  await expect.poll(() => one.count()).toBe(0);
  await officer.close();
  const mother = await signIn('Silje Lyvik', '/', false);
  await place(mother.page, 'Who has seen');
  await mother.page.getByText(bold('Emergency access'), { exact: true }).first().waitFor();
  await expectGood(mother);
  await mother.close();
});

inBrowser('16.00: the network is reported down', async () => {
  const seen = await signIn('Stian Vassbø');
  const { page } = seen;
  await heading(page, /Operations/).waitFor();
  await expectGood(seen);
  await place(page, 'Downtime');
  await page.getByLabel(bold('What is down?')).selectOption('The network is down');
  await page.getByLabel(bold('What do you see?')).fill('No machine on the ward answers.');
  await page.getByRole('button', { name: bold('Report'), exact: true }).click();
  await press(page, 'Declare downtime');
  await page.getByRole('dialog').getByRole('button', { name: 'Declare downtime' }).click();
  await page.getByRole('button', { name: bold('Normal operation is back') }).waitFor();
  await page
    .getByRole('banner')
    .getByText(/The network is down/)
    .waitFor();
  await expectGood(seen);
  await page.getByRole('button', { name: 'Normal operation is back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Normal operation is back' }).click();
  await page.getByRole('button', { name: bold('End the downtime') }).waitFor();
  const settle = page.getByRole('button', { name: 'Answer for it', exact: true });
  while ((await settle.count()) > 0) {
    const before = await settle.count();
    await settle.first().click();
    await page.getByLabel('What have you found out?').fill('Gone through with the ward.');
    await page.getByRole('button', { name: 'I answer for it' }).click();
    await expect.poll(() => settle.count()).toBeLessThan(before);
  }
  await page.getByRole('button', { name: 'End the downtime' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End the downtime' }).click();
  await expect
    .poll(() =>
      page
        .getByRole('banner')
        .getByText(/The network is down/)
        .count(),
    )
    .toBe(0);
  await seen.close();
});

inBrowser('21.00: at home', async () => {
  const seen = await signIn('Torleif Nordskog', '/', false);
  const { page } = seen;
  await place(page, 'Who has seen');
  const line = page.getByRole('listitem').filter({ hasText: 'Ingrid Bergvik' }).first();
  await line.getByRole('button', { name: bold('I do not recognise this') }).waitFor();
  await expectGood(seen);
  await place(page, 'My control');
  await press(page, 'Block something');
  await page.getByRole('radio', { name: bold('A person') }).check();
  await page.getByLabel('What is the person called?').fill('bergvik');
  await page.getByRole('radio', { name: /Ingrid Bergvik/ }).check();
  await press(page, 'Go on');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: bold('Block'), exact: true })
    .click();
  const doctor = await signIn('Ingrid Bergvik', chart);
  await doctor.page.getByRole('heading', { name: 'The record is closed to you' }).waitFor();
  await expectGood(doctor);
  await doctor.close();
  await place(page, 'Who has seen');
  await page.getByText(bold('Got no access')).first().waitFor();
  await expectGood(seen);
  await place(page, 'My control');
  await press(page, 'Lift');
  await page.getByRole('dialog').getByRole('button', { name: 'Lift' }).click();
  await page.getByText('You have blocked nothing.').waitFor();
  await seen.close();
  const girl = await signIn('Sofie Tindeland', '/control', false);
  await girl.page.getByRole('heading', { name: bold('What my parents see') }).waitFor();
  await girl.page.getByRole('button', { name: `${bold('Let see')} Espen Tindeland` }).click();
  await girl.page.getByText('Sees your record', { exact: true }).first().waitFor();
  await girl.close();
  const father = await signIn('Espen Tindeland', '/control');
  await father.page.getByRole('link', { name: `${bold('Switch to')} Sofie Tindeland` }).click();
  await father.page.getByText('You now act for Sofie Tindeland').waitFor();
  await expectGood(father);
  await father.close();
});

inBrowser('14.00: everything goes dark, and comes back', async () => {
  await (await signIn('Håvard Lindnes')).close();
  await at.node.stop();
  await own.start();
  const seen = await signIn('Håvard Lindnes', '/ward/', false);
  const { page } = seen;
  await page
    .getByRole('link', { name: new RegExp(bold('Medisinsk avdeling, sengepost')) })
    .first()
    .click();
  await page.getByRole('table').getByRole('link', { name: 'NORDSKOG, Torleif' }).waitFor();
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await expect.poll(() => page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true);
  await own.kill();
  await page.reload();
  await page.getByText(new RegExp(bold("The ward's machine has not answered"))).waitFor();
  await page.getByRole('link', { name: 'NORDSKOG, Torleif' }).click();
  await page.getByRole('button', { name: 'Vital signs' }).click();
  await page.getByLabel(bold('Pulse')).fill('104');
  await page
    .getByRole('form')
    .getByRole('button', { name: bold('Save on this device') })
    .click();
  await page.getByText(bold('Saved on this device only'), { exact: true }).waitFor();
  // What the browser says of a node that is gone.
  seen.problems.length = 0;
  await expectGood(seen);
  await own.start();
  await page.getByText(new RegExp(`^${bold('In the record')}, `)).waitFor({ timeout: 40_000 });
  await page.getByRole('link', { name: bold('Handed over') }).click();
  seen.problems.length = 0;
  await expectGood(seen);
  await seen.close();
});
