/** While an issuer can't be reached: what was known goes on for its time, never more, and is marked. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { pruneSignIns } from './session-store.ts';
import { isKnown, setConnected } from './sign-in-test-store.ts';
import { startPeer, type OpenIdPeer } from './openid-peer-test.ts';
import {
  freePort,
  startTestNode,
  testBrowser,
  testRegion,
  type Browser,
  type Region,
  type TestNode,
} from './region-test.ts';

const db = testDatabase({ connectionsMax: 8 });
let region: Region;
let peer: OpenIdPeer;
let node: TestNode;
let restarted: () => Promise<TestNode>;

beforeAll(async () => {
  region = await testRegion();
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
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
  const settings = { sessionIdleMs: 24 * 3_600_000, sessionMs: 3_600_000, outageGraceMs: 4 * 3_600_000 };
  restarted = () => startTestNode({ db, region, port, issuers: [issuer], settings });
  node = await restarted();
  peer.person = { sub: 'doctor-at-helseid', claims: region.doctorClaims };
});
afterAll(async () => {
  await node.stop();
  await peer.stop();
  await region.api.close();
  await db.end();
});
afterEach(async () => {
  node.ahead.ms = 0;
  await peer.stop();
  await peer.start();
});

const at = (path: string): string => `${node.baseUrl}${path}`;

async function signedIn(): Promise<Browser> {
  const browser = testBrowser();
  const page = await browser.open(at('/sign-in/start?issuer=helseid&to=/who'));
  expect(page.url, page.text).toBe(at('/who'));
  return browser;
}

async function who(browser: Browser): Promise<{ status: number; isOffline: boolean | undefined }> {
  const { status, text } = await browser.open(at('/who'));
  return { status, isOffline: status === 200 ? JSON.parse(text).subject?.isOffline : undefined };
}

test('a new sign-in is told plainly that the issuer is away, and how else', async () => {
  await peer.stop();
  const page = await testBrowser().open(at('/sign-in/start?issuer=helseid&lang=en'));
  expect(page.status).toBe(503);
  expect(page.text).toContain('does not answer');
  expect(page.text).toContain('/sign-in/key');
});

test('a session goes on past its end while the issuer is away, marked, and ends when its grace is over', async () => {
  const browser = await signedIn();
  expect(await who(browser)).toEqual({ status: 200, isOffline: false });
  await peer.stop();
  node.ahead.ms = 30 * 60_000;
  expect(await who(browser), 'within its time nothing is changed').toEqual({ status: 200, isOffline: false });
  node.ahead.ms = 61 * 60_000;
  expect(await who(browser)).toEqual({ status: 200, isOffline: true });
  node.ahead.ms = 4 * 3_600_000;
  expect(await who(browser)).toEqual({ status: 200, isOffline: true });
  node.ahead.ms = 5 * 3_600_000 + 1000;
  expect(await who(browser)).toMatchObject({ status: 401 });
});

test('a session past its end is over when the issuer answers', async () => {
  const browser = await signedIn();
  node.ahead.ms = 61 * 60_000;
  expect(await who(browser)).toMatchObject({ status: 401 });
});

test('it goes on at a node that starts while the issuer is away', async () => {
  const browser = await signedIn();
  await peer.stop();
  await node.stop();
  node = await restarted();
  node.ahead.ms = 61 * 60_000;
  expect(await who(browser)).toEqual({ status: 200, isOffline: true });
});

test('what goes on is never more than it was: a role that came meanwhile is not had', async () => {
  const browser = await signedIn();
  const { api, ids } = region;
  const added = await api.make({
    resourceType: 'PractitionerRole',
    active: true,
    practitioner: { reference: `Practitioner/${ids.doctor}` },
    organization: { reference: `Organization/${ids.hospital}` },
  });
  await peer.stop();
  node.ahead.ms = 61 * 60_000;
  const { roles } = JSON.parse((await browser.open(at('/api/session'))).text);
  expect(roles.map((role: { practitionerRole: string }) => role.practitionerRole)).toEqual([ids.roles[0]]);
  await api.ask('DELETE', `PractitionerRole/${added.id}`);
});

test('who has not been here for 30 days, and has no key, is forgotten', async () => {
  await signedIn();
  const [month, now] = [30 * 86_400_000, Date.now()];
  const prune = () => pruneSignIns(db, now, { sessionsBefore: now - month, peopleBefore: now - month });
  await prune();
  expect(await isKnown(db, region.numbers.doctor)).toBe(true);
  await setConnected(db, region.numbers.doctor, now - month - 1000);
  await prune();
  expect(await isKnown(db, region.numbers.doctor)).toBe(false);
});
