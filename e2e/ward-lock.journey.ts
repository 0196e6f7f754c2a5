/** The copy of a ward on a device, locked by the device's own key (WebAuthn's PRF, by Chromium's virtual authenticator): opened by it, and by nothing else. */
import { afterAll, beforeAll, expect } from 'vitest';
import { browserNode, expectGood, inBrowser, phone, type BrowserNode, type Visit } from '../test/support/browser.ts';
import { freePort } from '../test/support/node.ts';

let at: BrowserNode;
let ward: string;
const patientName = 'NORDSKOG, Torleif';

beforeAll(async () => {
  // A key of a device is bound to a name, which an address of numbers is not.
  const port = await freePort();
  const address = { FYR_PORT: String(port), FYR_BASE_URL: `http://localhost:${port}` };
  at = await browserNode('ward_lock', { ...address, FYR_PACK_MINUTES: '0' });
  const { body } = await at.ask('GET', '/api/ward', { as: 'nurse' });
  ward = body.wards.find((one: { name: string }) => one.name.startsWith('Medisinsk avdeling')).ward;
});
afterAll(async () => {
  await at?.stop();
});

async function addDeviceKey({ context, page }: Visit, hasPrf: boolean): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  });
}

async function openWard(hasPrf: boolean): Promise<Visit> {
  const seen = await at.visit('/', { as: 'Håvard Lindnes', viewport: phone });
  await addDeviceKey(seen, hasPrf);
  await seen.page.goto(`${at.url}/ward/${ward}`);
  await seen.page.getByRole('table').getByRole('link', { name: patientName }).waitFor();
  await seen.page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await expect.poll(() => seen.page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true);
  return seen;
}

inBrowser('a device whose key can not do this keeps its copy encrypted as before, and says so', async () => {
  const seen = await openWard(false);
  await seen.page.getByRole('button', { name: 'Lås med enhetens nøkkel' }).click();
  await seen.page.getByText(/Denne enheten har ingen nøkkel som kan dette/).waitFor();
  await expectGood(seen);
  await seen.close();
});

inBrowser(
  'locked by the device’s key, cut off and opened anew: nothing is read before the key has opened it',
  async () => {
    const seen = await openWard(true);
    const { page, context } = seen;
    await page.getByRole('button', { name: 'Lås med enhetens nøkkel' }).click();
    await page.getByText(/^Låst: kopien åpnes med/).waitFor();
    await expectGood(seen);
    await context.setOffline(true);
    await page.reload();
    await page.getByText('Avdelingen ligger på denne enheten, låst med enhetens egen nøkkel.').waitFor();
    expect(await page.getByText(patientName).count()).toBe(0);
    seen.problems.length = 0;
    await expectGood(seen);
    await page.getByRole('button', { name: 'Lås opp' }).click();
    await page.getByRole('table').getByRole('link', { name: patientName }).waitFor();
    seen.problems.length = 0;
    await expectGood(seen);
    await seen.close();
  },
);
