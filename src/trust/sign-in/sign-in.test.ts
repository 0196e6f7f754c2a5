/** Signing in at issuers that demand what HelseID and ID-porten demand, by a browser that has nothing but cookies. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { countSessionsWith } from './sign-in-test-store.ts';
import { startPeer, type OpenIdPeer } from './openid-peer-test.ts';
import { freePort, startTestNode, testBrowser, testRegion, type Region, type TestNode } from './region-test.ts';

const db = testDatabase({ connectionsMax: 8 });
let region: Region;
let helseId: OpenIdPeer;
let idPorten: OpenIdPeer;
let node: TestNode;

beforeAll(async () => {
  region = await testRegion();
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  helseId = await startPeer(baseUrl, 'helseid');
  idPorten = await startPeer(baseUrl, 'idporten');
  const audience = `${baseUrl}/fhir`;
  const organisation = { parent: region.numbers.trust, child: region.numbers.hospital };
  const fyr = { audience, clientId: 'fyr' };
  node = await startTestNode({
    db,
    region,
    port,
    issuers: [
      { ...fyr, name: 'helseid', kind: 'helseid', url: helseId.url, key: helseId.clientKey, organisation },
      { ...fyr, name: 'idporten', kind: 'idporten', url: idPorten.url, key: idPorten.clientKey },
    ],
  });
});
afterAll(async () => {
  await node.stop();
  await helseId.stop();
  await idPorten.stop();
  await region.api.close();
  await db.end();
});

function comesDoctor(more: object = {}): void {
  helseId.person = { sub: 'doctor-at-helseid', claims: { ...region.doctorClaims, ...more } };
}

function comesCitizen(more: object = {}): void {
  const claims = { pid: region.numbers.citizen, acr: 'idporten-loa-high', ...more };
  idPorten.person = { sub: 'citizen-at-idporten', claims };
}

const start = (issuer: string, to = '/who'): string =>
  `${node.baseUrl}/sign-in/start?${new URLSearchParams({ issuer, to, lang: 'en' })}`;

test('refuses a sign-in at level 3, says why, and logs it', async () => {
  comesDoctor({ 'helseid://claims/identity/security_level': '3' });
  const page = await testBrowser().open(start('helseid'));
  expect(page.status).toBe(401);
  expect(page.text).toContain('security level 4');
  expect(node.logged.at(-1)).toMatchObject({ action: 'sign-in', outcome: 'refused', who: { kind: 'nobody' } });
  comesCitizen({ acr: 'idporten-loa-substantial' });
  expect((await testBrowser().open(start('idporten'))).text).toContain('security level 4');
});

test('refuses one who is not in the register of personnel, has no role there, or no record', async () => {
  comesDoctor({ 'helseid://claims/hpr/hpr_number': '7' });
  expect((await testBrowser().open(start('helseid'))).text).toContain('not in the register of personnel');
  comesDoctor({ 'helseid://claims/client/claims/orgnr_parent': '999999999' });
  expect((await testBrowser().open(start('helseid'))).text).toContain('no role at the organisation');
  comesCitizen({ pid: '16858399649' });
  const page = await testBrowser().open(start('idporten'));
  expect([page.status, page.text.includes('no record here')]).toEqual([403, true]);
});

test('refuses to finish in another browser what one has begun: nobody is signed in as somebody else', async () => {
  comesDoctor();
  const attacker = testBrowser();
  const callback = await attacker.openUntil(start('helseid'), '/sign-in/callback');
  const victim = testBrowser();
  const page = await victim.open(callback);
  expect([page.status, page.text.includes('not begun in this browser')]).toEqual([400, true]);
  expect(victim.cookies.has(node.cookie)).toBe(false);
});

test('refuses a callback the second time, one with another state, and one whose code is invented', async () => {
  comesDoctor();
  const browser = testBrowser();
  const callback = await browser.openUntil(start('helseid'), '/sign-in/callback');
  expect((await browser.open(callback)).url).toBe(`${node.baseUrl}/who`);
  expect((await browser.open(callback)).status).toBe(400);
  for (const name of ['state', 'code', 'iss']) {
    const other = testBrowser();
    const url = new URL(await other.openUntil(start('helseid'), '/sign-in/callback'));
    url.searchParams.set(name, 'invented');
    expect([name, (await other.open(url.href)).status]).toEqual([name, 401]);
    expect(other.cookies.has(node.cookie)).toBe(false);
  }
});

test('a session that somebody else has put into the browser is never taken over', async () => {
  comesDoctor();
  const browser = testBrowser();
  const planted = 'A'.repeat(43);
  await browser.open(`${node.baseUrl}/sign-in`);
  browser.cookies.set(node.cookie, planted);
  await browser.open(start('helseid'));
  expect(browser.cookies.get(node.cookie)).toMatch(/^[\w-]{43}$/);
  expect(browser.cookies.get(node.cookie)).not.toBe(planted);
  const thief = testBrowser();
  await thief.open(`${node.baseUrl}/sign-in`);
  thief.cookies.set(node.cookie, planted);
  expect((await thief.open(`${node.baseUrl}/who`)).status).toBe(401);
});

test('who signs in anew loses the session before, and gets another', async () => {
  comesDoctor();
  const browser = testBrowser();
  await browser.open(start('helseid'));
  const before = browser.cookies.get(node.cookie) as string;
  await browser.open(start('helseid'));
  expect(browser.cookies.get(node.cookie)).not.toBe(before);
  const old = testBrowser();
  await old.open(`${node.baseUrl}/sign-in`);
  old.cookies.set(node.cookie, before);
  expect((await old.open(`${node.baseUrl}/who`)).status).toBe(401);
});

test.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/\tevil', 'evil', 'javascript:alert(1)'])(
  'a sign-in never ends at %j',
  async (to) => {
    comesDoctor();
    const page = await testBrowser().open(start('helseid', to));
    expect(page.url).toBe(`${node.baseUrl}/`);
  },
);

test('an unknown issuer is not there', async () => {
  expect((await testBrowser().open(start('elsewhere'))).status).toBe(404);
});

test('a doctor signs in by HelseID: PAR, PKCE, private_key_jwt, DPoP with nonce, and the organisation', async () => {
  comesDoctor();
  const page = await testBrowser().open(start('helseid'));
  expect(page.url, [page.text, ...helseId.seen.errors].join()).toBe(`${node.baseUrl}/who`);
  expect(JSON.parse(page.text)).toMatchObject({
    subject: {
      kind: 'personnel',
      practitioner: region.ids.doctor,
      name: 'Ingrid Bergvik',
      personNumber: region.numbers.doctor,
      hprNumber: region.numbers.hpr,
      authorisation: 'LE',
      duty: 'care',
      client: 'fyr',
      securityLevel: 4,
      isOffline: false,
      role: {
        legalEntity: region.ids.trust,
        pointOfCare: region.ids.hospital,
        department: region.ids.department,
        legalEntityNumber: region.numbers.trust,
        pointOfCareNumber: region.numbers.hospital,
        practitionerRole: region.ids.roles[0],
      },
    },
  });
  // PAR: nothing of the request goes through the browser.
  const sent = new URL(page.visited.find((url) => url.startsWith(`${helseId.url}/auth`)) as string);
  expect([...sent.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
  const request = helseId.seen.requests.at(-1) as { authorization_details: string };
  expect(request).toMatchObject({ code_challenge_method: 'S256' });
  expect(request.authorization_details).toContain(`NO:ORGNR:${region.numbers.trust}:${region.numbers.hospital}`);
  for (const { header, claims } of helseId.seen.assertions) {
    expect(header).toMatchObject({ typ: 'client-authentication+jwt' });
    expect(claims).toMatchObject({ iss: 'fyr', sub: 'fyr', aud: helseId.url });
    expect(Number(claims['exp']) - Number(claims['iat'])).toBeLessThanOrEqual(60);
  }
  const jtis = helseId.seen.assertions.map(({ claims }) => claims['jti']);
  expect(new Set(jtis).size).toBe(jtis.length);
  // The first proof had no nonce, and was sent anew with the one that the issuer asks for.
  expect(helseId.seen.errors.some((error) => error.includes('nonce'))).toBe(true);
});

test('a citizen signs in by ID-porten', async () => {
  comesCitizen();
  const page = await testBrowser().open(start('idporten'));
  expect(JSON.parse(page.text)).toMatchObject({
    subject: { kind: 'citizen', patient: region.ids.citizen, name: 'Torleif Nordskog', securityLevel: 4 },
  });
  expect(idPorten.seen.requests.at(-1)).toMatchObject({ acr_values: 'idporten-loa-high' });
  expect(node.logged.at(-1)).toMatchObject({
    action: 'sign-in',
    outcome: 'allowed',
    who: { kind: 'citizen', reference: `Patient/${region.ids.citizen}` },
  });
  expect(JSON.stringify(node.logged)).not.toContain(region.numbers.citizen);
});

test('the cookie is HttpOnly and SameSite=Lax, and what the database has can not be sent as one', async () => {
  comesDoctor();
  const browser = testBrowser();
  const callback = await browser.openUntil(start('helseid'), '/sign-in/callback');
  const answer = await fetch(callback, { redirect: 'manual', headers: { cookie: browser.cookieHeader() } });
  const cookie = answer.headers.getSetCookie().find((each) => each.startsWith(`${node.cookie}=`)) as string;
  expect(cookie).toMatch(/^fyr-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  const secret = /=([\w-]{43});/.exec(cookie)?.[1] as string;
  expect(await countSessionsWith(db, secret)).toBe(0);
});

test('a role that ends in the record ends at once', async () => {
  comesDoctor();
  const browser = testBrowser();
  await browser.open(start('helseid'));
  const { api, ids } = region;
  const role = await api.ask('GET', `PractitionerRole/${ids.roles[0]}`);
  const change = (active: boolean) => api.ask('PUT', `PractitionerRole/${ids.roles[0]}`, { ...role.body, active });
  await change(false);
  const refused = await browser.open(`${node.baseUrl}/who`);
  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('no role')]);
  await change(true);
  expect((await browser.open(`${node.baseUrl}/who`)).status).toBe(200);
});

test('the sign-in page is in three languages, without script, and lists the issuers', async () => {
  for (const [lang, word] of [
    ['nb', 'Logg inn med HelseID'],
    ['nn', 'Vel korleis du vil logge inn'],
    ['en', 'Sign in with ID-porten'],
  ]) {
    const page = await testBrowser().open(`${node.baseUrl}/sign-in?lang=${lang}&to=%2F%22%3E%3Cb%3E`);
    expect(page.text).toContain(word);
    expect(page.text).toContain(`<html lang="${lang}">`);
    expect(page.text).not.toContain('<script');
    expect(page.text).not.toContain('"><b>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  }
});
