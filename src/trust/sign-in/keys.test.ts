/** WebAuthn keys in a real browser, with an authenticator that it simulates. Keys need a name for the host, so the node is `localhost` here. */
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { setCounter, setConnected } from './sign-in-test-store.ts';
import { startPeer, type OpenIdPeer } from './openid-peer-test.ts';
import { freePort, startTestNode, testBrowser, testRegion, type Region, type TestNode } from './region-test.ts';

const executablePath = process.env['FYR_TEST_CHROMIUM'];
const db = testDatabase({ connectionsMax: 8 });
let region: Region;
let peer: OpenIdPeer;
let node: TestNode;
let browser: Browser;

beforeAll(async () => {
  region = await testRegion();
  const port = await freePort();
  const baseUrl = `http://localhost:${port}`;
  peer = await startPeer(baseUrl, 'helseid');
  const organisation = { parent: region.numbers.trust };
  const issuer = {
    name: 'helseid',
    kind: 'helseid',
    url: peer.url,
    audience: 'x',
    clientId: 'fyr',
    key: peer.clientKey,
    organisation,
  } as const;
  node = await startTestNode({ db, region, port, issuers: [issuer], settings: { baseUrl } });
  peer.person = { sub: 'doctor-at-helseid', claims: region.doctorClaims };
  if (executablePath !== undefined) {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
  }
});
afterAll(async () => {
  await browser?.close();
  await node.stop();
  await peer.stop();
  await region.api.close();
  await db.end();
});

const at = (path: string): string => `${node.baseUrl}${path}`;

/** A browser with a fingerprint reader, say. */
async function withAuthenticator(): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { context, page };
}

/** With a key of this name, which is another one in each test: who waits for a name that is there already goes on too soon. */
async function enrolled(name: string): Promise<{ context: BrowserContext; page: Page }> {
  const { context, page } = await withAuthenticator();
  await page.goto(at('/sign-in/start?issuer=helseid&to=/sign-in/keys'));
  await page.getByLabel('Name of the key').fill(name);
  await page.getByRole('button', { name: 'Add a key' }).click();
  await page.getByRole('button', { name: `Remove ${name}` }).waitFor();
  return { context, page };
}

async function whoIn(page: Page): Promise<{ subject?: { isOffline: boolean; practitioner: string } }> {
  await page.waitForURL(at('/who'));
  return JSON.parse((await page.textContent('body')) ?? '{}');
}

test('a key opens nothing while the issuer answers', async () => {
  const answer = await testBrowser().open(at('/api/sign-in/key/options'), {
    method: 'POST',
    json: {},
    headers: { origin: node.baseUrl },
  });
  expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('sign in there')]);
});

test('nobody enrols a key without a fresh sign-in of his own', async () => {
  const stranger = testBrowser();
  const headers = { origin: node.baseUrl };
  const asked = await stranger.open(at('/api/session/keys/options'), { method: 'POST', json: {}, headers });
  expect(asked.status).toBe(401);
  const signedIn = testBrowser();
  await signedIn.open(at('/sign-in/start?issuer=helseid&to=/who'));
  const { csrf } = JSON.parse((await signedIn.open(at('/api/session'))).text);
  node.ahead.ms = 25 * 60_000;
  await signedIn.open(at('/who'));
  node.ahead.ms = 50 * 60_000;
  await signedIn.open(at('/who'));
  node.ahead.ms = 61 * 60_000;
  const late = await signedIn.open(at('/api/session/keys/options'), {
    method: 'POST',
    json: {},
    headers: { ...headers, 'x-fyr-csrf': csrf },
  });
  node.ahead.ms = 0;
  expect([late.status, late.text]).toEqual([403, expect.stringContaining('more than an hour')]);
});

test.skipIf(executablePath === undefined)(
  'with a key enrolled while connected one signs in while the issuer is away, marked, with what one had',
  async () => {
    const { context, page } = await enrolled('Fingerprint');
    expect(node.logged.at(-1)).toMatchObject({ action: 'administration', ground: 'key-enrolled' });
    await context.clearCookies();
    await peer.stop();
    node.ahead.ms += 11_000;
    await page.goto(at('/sign-in/key?to=/who'));
    await page.getByRole('button', { name: 'Use the key' }).click();
    expect(await whoIn(page)).toMatchObject({ subject: { isOffline: true, practitioner: region.ids.doctor } });
    expect(node.logged.at(-1)).toMatchObject({ action: 'sign-in', ground: 'key', outcome: 'allowed', isOffline: true });

    // One who is in by a key enrols no further one.
    await page.goto(at('/sign-in/keys'));
    await page.getByLabel('Name of the key').fill('Another');
    await page.getByRole('button', { name: 'Add a key' }).click();
    await page.getByText('while the sign-in service can be reached').waitFor();

    // When the issuer is back one goes on for a while, and then signs in there.
    await peer.start();
    node.ahead.ms += 11_000;
    await page.goto(at('/who'));
    expect(await whoIn(page)).toMatchObject({ subject: { isOffline: true } });
    node.ahead.ms += 16 * 60_000;
    expect((await page.goto(at('/who')))?.status()).toBe(401);
    node.ahead.ms = 0;
    await context.close();
  },
);

test.skipIf(executablePath === undefined)(
  'refuses a key that is a copy, and one that is used too long after the issuer’s last word',
  async () => {
    const { context, page } = await enrolled('Another fingerprint');
    await peer.stop();
    node.ahead.ms += 11_000;
    const use = async (outcome: string): Promise<void> => {
      await context.clearCookies();
      // The page before may still be on its way to another, and take the place of this one.
      const button = page.getByRole('button', { name: 'Use the key' });
      const open = async (): Promise<boolean> => {
        await page.goto(at('/sign-in/key?to=/who')).catch(() => undefined);
        return button.isVisible();
      };
      await expect.poll(open, { timeout: 20_000 }).toBe(true);
      await button.click({ timeout: 5000 });
      await expect.poll(() => page.textContent('body').catch(() => '')).toContain(outcome);
    };
    try {
      await setConnected(db, region.numbers.doctor, Date.now() - 31 * 86_400_000);
      await use('too long');
      await setConnected(db, region.numbers.doctor, Date.now());
      await use('"isOffline":true');
      await setCounter(db, region.numbers.doctor, 1000);
      await use('was not accepted');
    } finally {
      await context.close();
      await peer.start();
      node.ahead.ms = 0;
    }
  },
);

test('who fails with one key five times waits, from any address; others go on', async () => {
  await peer.stop();
  node.ahead.ms += 11_000;
  const headers = { origin: node.baseUrl };
  const invented = (id: string) => ({
    response: {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      response: { authenticatorData: 'AA', clientDataJSON: 'AA', signature: 'AA' },
    },
  });
  const attempt = (id: string) =>
    testBrowser().open(at('/api/sign-in/key'), { method: 'POST', json: invented(id), headers });
  for (let i = 0; i < 5; i++) expect((await attempt('one')).status).toBe(401);
  const locked = await attempt('one');
  expect([locked.status, locked.text]).toEqual([429, expect.stringContaining('15 minutes')]);
  expect((await attempt('other')).status).toBe(401);
  node.ahead.ms += 16 * 60_000;
  expect((await attempt('one')).status).toBe(401);
  await peer.start();
  node.ahead.ms = 0;
});

test('refuses a key from another site', async () => {
  for (const path of ['/api/sign-in/key', '/api/sign-in/key/options']) {
    const headers = { origin: 'https://evil.example' };
    expect((await testBrowser().open(at(path), { method: 'POST', json: {}, headers })).status).toBe(403);
  }
});
