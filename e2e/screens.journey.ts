/** `npm run e2e -- --screens`: the pictures of docs/screens, each page as it is now. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { browserNode, desktop, heading, phone, type VisitOptions } from '../test/support/browser.ts';

const folder = join(import.meta.dirname, '../docs/screens');
const chart = '/patients/018c0000-0100-7001-8000-00000000c001';
const [doctor, nurse, citizen, operator, officer] = [
  'Ingrid Bergvik',
  'Håvard Lindnes',
  'Torleif Nordskog',
  'Stian Vassbø',
  'Tove Granheim',
];

const pictures: readonly (readonly [name: string, path: string, options: VisitOptions])[] = [
  ['front', '/', {}],
  ['patients', '/patients', { as: doctor }],
  ['chart', chart, { as: doctor }],
  ['chart-dark', chart, { as: doctor, colorScheme: 'dark' }],
  ['results', `${chart}/results`, { as: doctor }],
  ['timeline', `${chart}/timeline`, { as: doctor }],
  ['medicines', `${chart}/medicines`, { as: nurse }],
  ['documents', `${chart}/documents`, { as: doctor }],
  ['vitals-phone', `${chart}/write/vitals`, { as: nurse, viewport: phone }],
  ['paper', '/paper', { as: nurse }],
  ['access-log', '/access-log', { as: citizen }],
  ['access-log-phone', '/access-log', { as: citizen, viewport: phone }],
  ['control', '/control', { as: citizen }],
  ['operations', '/operations', { as: operator }],
  ['drill', '/drill', { as: operator }],
  ['cases', '/privacy/cases', { as: officer }],
];

test.skipIf(process.env['FYR_E2E_SCREENS'] !== '1')('each page has its picture', { timeout: 600_000 }, async () => {
  const at = await browserNode('screens', { FYR_PACK_MINUTES: '0' });
  try {
    const asked = { patient: '018c0000-0100-7003-8000-00000000c003', reason: 'Bevisstløs, må vite om legemidler.' };
    await at.ask('POST', '/api/control/break-glass', { as: 'hospitalDoctor', body: asked });
    for (const [name, path, options] of pictures) {
      const seen = await at.visit(path, { viewport: desktop, colorScheme: 'light', ...options });
      await heading(seen.page, /./).waitFor();
      await seen.page.waitForLoadState('networkidle');
      await seen.page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
      expect(seen.problems, name).toEqual([]);
      await seen.close();
    }
    const { body } = await at.ask('GET', '/api/ward', { as: 'nurse' });
    const { ward } = body.wards.find((one: { name: string }) => one.name.startsWith('Medisinsk avdeling'));
    for (const [name, viewport, isOffline] of [
      ['ward', desktop, false],
      ['ward-phone-cut-off', phone, true],
    ] as const) {
      const seen = await at.visit(`/ward/${ward}`, { as: nurse, viewport, colorScheme: isOffline ? 'dark' : 'light' });
      await seen.page.getByRole('table').getByRole('link', { name: 'NORDSKOG, Torleif' }).waitFor();
      await seen.page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
      if (isOffline) {
        await seen.context.setOffline(true);
        await seen.page.getByText(/Avdelingens maskin svarer ikke/).waitFor({ timeout: 60_000 });
      }
      await seen.page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
      await seen.close();
    }
  } finally {
    await at.stop();
  }
});
