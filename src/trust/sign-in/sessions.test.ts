/** How sessions live and end: CSRF, rotation, limits, roles, sign-out here, everywhere and at the issuer. */
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { createCookies } from './cookies.ts';
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

beforeAll(async () => {
  region = await testRegion();
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  peer = await startPeer(baseUrl, 'helseid');
  // Without an organisation: whoever signs in chooses among all roles.
  const issuer = {
    name: 'helseid',
    kind: 'helseid',
    url: peer.url,
    audience: 'x',
    clientId: 'fyr',
    key: peer.clientKey,
  } as const;
  node = await startTestNode({ db, region, port, issuers: [issuer] });
});
afterAll(async () => {
  await node.stop();
  await peer.stop();
  await region.api.close();
  await db.end();
});
beforeEach(() => {
  node.ahead.ms = 0;
  peer.person = { sub: 'doctor-at-helseid', claims: region.doctorClaims };
});

const at = (path: string): string => `${node.baseUrl}${path}`;

async function signedIn(practitionerRole = region.ids.roles[0]): Promise<Browser> {
  const browser = testBrowser();
  const page = await browser.open(at('/sign-in/start?issuer=helseid&to=/who'));
  expect(page.url).toContain('/sign-in/role');
  const { csrf } = JSON.parse((await browser.open(at('/api/session'))).text);
  await browser.open(at('/sign-in/role'), {
    method: 'POST',
    form: { practitionerRole, _csrf: csrf, to: '/who' },
    headers: own(),
  });
  return browser;
}

const own = (more: object = {}): { [name: string]: string } => ({ origin: node.baseUrl, ...more });

async function csrfOf(browser: Browser): Promise<string> {
  return JSON.parse((await browser.open(at('/api/session'))).text).csrf as string;
}

/** The same cookies in another browser. */
async function copyOf(cookie: string | undefined): Promise<Browser> {
  const browser = testBrowser();
  await browser.open(at('/sign-in'));
  browser.cookies.set(node.cookie, cookie as string);
  return browser;
}

test('a change that another site asks for with the cookie is refused, whatever token it has', async () => {
  const browser = await signedIn();
  const csrf = await csrfOf(browser);
  const post = (headers: { [name: string]: string }) => browser.open(at('/who'), { method: 'POST', json: {}, headers });
  const token = { 'x-fyr-csrf': csrf };
  expect((await post({ ...token, origin: 'https://evil.example' })).status).toBe(403);
  expect((await post({ ...token, origin: 'null' })).status).toBe(403);
  expect((await post({ ...token, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await post({ ...token, 'sec-fetch-site': 'same-site', origin: node.baseUrl })).status).toBe(403);
  expect((await post(token)).status).toBe(403);
});

test('a change without the token of this very session is refused', async () => {
  const browser = await signedIn();
  const other = await csrfOf(await signedIn());
  const post = (headers: { [name: string]: string }) => browser.open(at('/who'), { method: 'POST', json: {}, headers });
  expect((await post(own())).status).toBe(403);
  expect((await post(own({ 'x-fyr-csrf': other }))).status).toBe(403);
  expect((await post(own({ 'x-fyr-csrf': 'å'.repeat(43) }))).status).toBe(403);
  expect((await post(own({ 'x-fyr-csrf': await csrfOf(browser) }))).status).toBe(200);
  expect((await browser.open(at('/who'), { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200);
});

test.each(['/sign-out', '/sign-in/role', '/sign-in/keys/remove', '/api/session/role', '/api/session/keys/options'])(
  'POST %s needs the token, and a page of ours',
  async (path) => {
    const browser = await signedIn();
    const csrf = await csrfOf(browser);
    const form = { practitionerRole: region.ids.roles[0] };
    expect((await browser.open(at(path), { method: 'POST', form, headers: own() })).status).toBe(403);
    const evil = { origin: 'https://evil.example' };
    const sent = { ...form, _csrf: csrf };
    expect((await browser.open(at(path), { method: 'POST', form: sent, headers: evil })).status).toBe(403);
    expect((await browser.open(at('/who'))).status).toBe(200);
  },
);

test('with several roles nobody is let in before one is chosen, and only one of his own', async () => {
  const browser = testBrowser();
  await browser.open(at('/sign-in/start?issuer=helseid&to=/who'));
  const undecided = await browser.open(at('/who'));
  expect([undecided.status, undecided.text]).toEqual([403, expect.stringContaining('several roles')]);
  const session = JSON.parse((await browser.open(at('/api/session'))).text);
  expect(session).toMatchObject({ signedIn: true, kind: 'personnel', name: 'Ingrid Bergvik', id: region.ids.doctor });
  expect(session.role).toBeUndefined();
  expect(session.roles.map((role: { practitionerRole: string }) => role.practitionerRole).sort()).toEqual(
    [...region.ids.roles].sort(),
  );
  const before = browser.cookies.get(node.cookie);
  const headers = own({ 'x-fyr-csrf': session.csrf });
  const choose = (practitionerRole: unknown) =>
    browser.open(at('/api/session/role'), { method: 'POST', json: { practitionerRole }, headers });
  expect((await choose('somebody-elses')).status).toBe(403);
  expect((await choose(7)).status).toBe(400);
  expect((await choose(region.ids.roles[1])).status).toBe(204);
  expect(browser.cookies.get(node.cookie), 'rights changed, so the secret did').not.toBe(before);
  const { subject } = JSON.parse((await browser.open(at('/who'))).text);
  expect(subject.role).toMatchObject({
    pointOfCareNumber: region.numbers.office,
    legalEntityNumber: region.numbers.office,
  });
});

test('the page of roles works without script', async () => {
  const browser = testBrowser();
  const page = await browser.open(at('/sign-in/start?issuer=helseid&to=/who'));
  expect(page.text).toContain(`value="${region.ids.roles[1]}"`);
  expect(page.text).toContain('Prøve legekontor');
  expect(page.text).not.toContain('<script');
});

test('one who does nothing is signed out; one who works goes on to the absolute limit and no longer', async () => {
  const idle = await signedIn();
  node.ahead.ms = 31 * 60_000;
  expect((await idle.open(at('/who'))).status).toBe(401);
  node.ahead.ms = 0;
  expect((await idle.open(at('/who'))).status, 'it is gone, not asleep').toBe(401);

  const busy = await signedIn();
  for (let minutes = 20; minutes < 600; minutes += 20) {
    node.ahead.ms = minutes * 60_000;
    expect((await busy.open(at('/who'))).status).toBe(200);
  }
  node.ahead.ms = 601 * 60_000;
  expect((await busy.open(at('/who'))).status).toBe(401);
});

test('the secret changes now and then; the one before works for what was under way, and then no more', async () => {
  const browser = await signedIn();
  await browser.open(at('/who'));
  const before = browser.cookies.get(node.cookie);
  node.ahead.ms = 16 * 60_000;
  await browser.open(at('/who'));
  expect(browser.cookies.get(node.cookie)).not.toBe(before);
  const old = await copyOf(before);
  expect((await old.open(at('/who'))).status).toBe(200);
  expect(old.cookies.get(node.cookie), 'no second new secret').toBe(before);
  await browser.open(at('/who'));
  node.ahead.ms = 18 * 60_000;
  expect((await old.open(at('/who'))).status).toBe(401);
  expect((await browser.open(at('/who'))).status).toBe(200);
});

test('a browser that never got the new secret is not signed out for it', async () => {
  const browser = await signedIn();
  await browser.open(at('/who'));
  const lost = await copyOf(browser.cookies.get(node.cookie));
  node.ahead.ms = 16 * 60_000;
  await lost.open(at('/who'));
  node.ahead.ms = 18 * 60_000;
  expect((await browser.open(at('/who'))).status).toBe(200);
  expect((await browser.open(at('/who'))).status).toBe(200);
});

test('signing out ends the session here and at the issuer, and leaves others', async () => {
  const [one, other] = [await signedIn(), await signedIn()];
  const cookie = one.cookies.get(node.cookie);
  const page = await one.open(at('/sign-out?lang=en'));
  expect(page.text).toContain('You are signed in as Ingrid Bergvik');
  const done = await one.open(at('/sign-out'), { method: 'POST', form: { _csrf: await csrfOf(one) }, headers: own() });
  const there = done.visited.find((url) => url.startsWith(peer.url)) as string;
  expect(new URL(there).searchParams.get('id_token_hint')).toMatch(/^ey/);
  expect(new URL(there).searchParams.get('post_logout_redirect_uri')).toBe(`${node.baseUrl}/`);
  expect(one.cookies.has(node.cookie)).toBe(false);
  expect((await (await copyOf(cookie)).open(at('/who'))).status).toBe(401);
  expect((await other.open(at('/who'))).status).toBe(200);
  expect(node.logged.at(-1)).toMatchObject({ action: 'sign-out', ground: 'here', who: { name: 'Ingrid Bergvik' } });
});

test('signing out everywhere ends all sessions of the person, and nobody else’s', async () => {
  const [one, other] = [await signedIn(), await signedIn()];
  peer.person = { sub: 'doctor-elsewhere', claims: region.doctorClaims };
  const elsewhere = await signedIn();
  const form = { _csrf: await csrfOf(one), everywhere: '1' };
  await one.open(at('/sign-out'), { method: 'POST', form, headers: own() });
  for (const browser of [one, other, elsewhere]) expect((await browser.open(at('/who'))).text).not.toContain('Bergvik');
  expect((await other.open(at('/who'))).status).toBe(401);
});

const logoutEvent = { 'http://schemas.openid.net/event/backchannel-logout': {} };

function backChannel(token: string) {
  return testBrowser().open(at('/sign-in/back-channel'), { method: 'POST', form: { logout_token: token } });
}

test('refuses a logout token that is old, of another service, with a nonce, without its event, unsigned, or sent again', async () => {
  const browser = await signedIn();
  const now = Math.floor(Date.now() / 1000);
  let number = 0;
  const claims = { iss: peer.url, aud: 'fyr', sub: 'doctor-at-helseid', iat: now, exp: now + 60, events: logoutEvent };
  const made = (more: object, header = {}) =>
    peer.sign({ ...claims, jti: `${now}-${number++}`, ...more }, { typ: 'logout+jwt', ...header });
  for (const token of [
    await made({ aud: 'other' }),
    await made({ iat: now - 600 }),
    await made({ nonce: 'x' }),
    await made({ events: {} }),
    await made({ sub: undefined }),
    await made({ jti: undefined }),
    await made({ iss: 'https://elsewhere.example' }),
    await made({}, { kid: 'other' }),
    new UnsecuredJWT({ ...claims, jti: 'x' }).encode(),
    'nothing',
  ])
    expect((await backChannel(token)).status).toBe(400);
  expect((await browser.open(at('/who'))).status).toBe(200);
  const right = await made({});
  expect((await backChannel(right)).status).toBe(200);
  expect((await backChannel(right)).status).toBe(400);
});

test('signing out at the issuer ends the sessions here that it names', async () => {
  const [one, other] = [await signedIn(), await signedIn()];
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: peer.url, aud: 'fyr', iat: now, exp: now + 60, events: logoutEvent };
  await backChannel(await peer.sign({ ...claims, sub: 'doctor-at-helseid', sid: 'another-session', jti: `a${now}` }));
  expect((await one.open(at('/who'))).status).toBe(200);
  await backChannel(await peer.sign({ ...claims, sub: 'doctor-at-helseid', jti: `b${now}` }));
  for (const browser of [one, other]) expect((await browser.open(at('/who'))).status).toBe(401);
});

test('who is not signed in is told so, and by what one can', async () => {
  const answer = await testBrowser().open(at('/api/session'));
  expect(JSON.parse(answer.text)).toEqual({
    signedIn: false,
    issuers: [{ name: 'helseid', kind: 'helseid' }],
    isTrial: false,
    isTrialBearer: false,
  });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(JSON.parse((await testBrowser().open(at('/who'))).text)).toEqual({});
});

test('where the node is reached by https, cookies are Secure and bound to the host', () => {
  const cookies = createCookies('https://fyr.example.no');
  expect(cookies.setSession('s')).toBe('__Host-fyr=s; Path=/; HttpOnly; SameSite=Lax; Secure');
  expect(cookies.clearSession()).toContain('__Host-fyr=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0');
  const secret = 'B'.repeat(43);
  expect(cookies.session(`other=1; __Host-fyr=${secret}`)).toBe(secret);
  expect(cookies.session(`fyr=${secret}`)).toBeUndefined();
  // Two nodes of a trial on one machine: cookies know no ports.
  expect(createCookies('http://localhost:8081').setSession('s')).toBe('fyr-8081=s; Path=/; HttpOnly; SameSite=Lax');
  expect(cookies.session(`__Host-fyr=${secret}x`)).toBeUndefined();
});
