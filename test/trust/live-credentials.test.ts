/** Credentials that live: cookies under attack by other sites and other sign-ins, signing out while tokens are about, and applications that are taken away. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import WebSocket from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testBrowser } from '#trust/sign-in/region-test.ts';
import { clientAdd, clientRemove } from '../../src/cli/client.ts';
import { issueToken } from '#trust/provider/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import { personaEntries } from '#sample/persona-entries.ts';
import { testNode, type TestNode } from '../support/node.ts';
import { patientOf, truthOf } from './asking.ts';
import { choose, signIn } from './signed-in.ts';

let at: TestNode;
const oldMan = patientOf('oldManWithEverything');

beforeAll(async () => {
  at = await testNode('live_credentials', { FYR_SUBSCRIPTION_LOOPBACK: 'accept' });
}, 120_000);
afterAll(async () => at?.stop());

/** A token of now: those of `at.tokenOf` are made once. */
const newToken = (as: string): Promise<string> =>
  issueToken(
    {
      db: at.db,
      clock: systemClock,
      ids: systemIds(systemClock),
      baseUrl: at.config.baseUrl,
      personas: personaEntries(),
      read: async (type, id) => (await truthOf(at, [`${type}/${id}`]))[0]?.body,
    },
    { as, forSeconds: 600 },
  );

test('no other site changes anything with a live cookie, by any method, form or trick with the method', async () => {
  const { browser, session } = await signIn(at, 'withBlocks');
  const { csrf: others } = (await signIn(at, 'hisWife')).session;
  const cookie = browser.cookieHeader();
  const body = JSON.stringify({});
  const json = { 'content-type': 'application/json' };
  const changes: [string, string][] = [
    ['POST', '/api/control/blocks'],
    ['PUT', '/api/control/reservation'],
    ['POST', '/api/session/role'],
    ['POST', '/fhir/Observation'],
    ['POST', '/fhir'],
    ['PUT', `/fhir/Patient/${patientOf('withBlocks')}`],
    ['PATCH', `/fhir/Patient/${patientOf('withBlocks')}`],
    ['DELETE', `/fhir/Patient/${patientOf('withBlocks')}`],
    ['POST', '/fhir/Patient/_search'],
    ['POST', '/sign-out'],
  ];
  const tricks: { [name: string]: string }[] = [
    { ...json, origin: 'https://evil.example', 'x-fyr-csrf': session.csrf },
    { ...json, origin: at.url, 'sec-fetch-site': 'cross-site', 'x-fyr-csrf': session.csrf },
    { ...json, origin: at.url, 'sec-fetch-site': 'same-site', 'x-fyr-csrf': session.csrf },
    { ...json, origin: 'null', 'x-fyr-csrf': session.csrf },
    { ...json, 'x-fyr-csrf': session.csrf },
    { ...json, origin: at.url },
    { ...json, origin: at.url, 'x-fyr-csrf': others },
    { ...json, origin: at.url, 'x-fyr-csrf': '' },
    { 'content-type': 'text/plain', origin: 'https://evil.example' },
    { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' },
  ];
  for (const [method, path] of changes) {
    for (const headers of tricks) {
      const answer = await fetch(`${at.url}${path}`, {
        method,
        headers: { ...headers, cookie },
        body,
        redirect: 'manual',
      });
      // Refused before anything is looked at, or not understood at all.
      expect([method, path, headers, [400, 403, 415].includes(answer.status)]).toEqual([method, path, headers, true]);
    }
  }
  for (const trick of [{ 'x-http-method-override': 'DELETE' }, { 'x-method-override': 'POST' }] as {
    [name: string]: string;
  }[]) {
    const path = `/fhir/Patient/${patientOf('withBlocks')}?_method=DELETE`;
    const answer = await fetch(`${at.url}${path}`, { headers: { ...trick, cookie } });
    expect([200, 400]).toContain(answer.status);
  }
  expect((await browser.open(`${at.url}/fhir/Patient/${patientOf('withBlocks')}`)).status).toBe(200);
});

test('a cookie that somebody planted before the sign-in is worth nothing after it', async () => {
  const attacker = await signIn(at, 'hisWife');
  const planted = [...attacker.browser.cookies].filter(([name]) => /^fyr-\d+$/.test(name));
  expect(planted).toHaveLength(1);
  const victim = testBrowser();
  await victim.open(`${at.url}/api/session`);
  for (const [name, value] of planted) victim.cookies.set(name, value);
  const page = await choose(at, victim, 'youngMother');
  expect(JSON.parse(page.text)).toMatchObject({ name: 'Silje Lyvik' });
  for (const [name, value] of planted) {
    expect(victim.cookies.get(name)).not.toBe(value);
    const answer = await fetch(`${at.url}/api/session`, { headers: { cookie: `${name}=${value}` } });
    // The session that the browser had is over, not handed on.
    expect(await answer.json()).toMatchObject({ signedIn: false });
  }
  // An invented one is no session either.
  const invented = await fetch(`${at.url}/fhir/Patient/${oldMan}`, {
    headers: { cookie: `fyr-${new URL(at.url).port}=${'a'.repeat(43)}` },
  });
  expect(invented.status).toBe(401);
});

test('a browser that did not begin a sign-in does not end one that another began', async () => {
  const attacker = await signIn(at, 'hisWife');
  // Signed in at the provider, she comes to where a code is handed over, and sends that address to somebody else.
  const back = await attacker.browser.openUntil(`${at.url}/sign-in/start?issuer=trial`, '/sign-in/callback');
  expect(back).toMatch(/callback\?.*code=/);
  const victim = testBrowser();
  const { status, text } = await victim.open(`${back}&lang=en`);
  expect([status, text]).toEqual([400, expect.stringContaining('not begun in this browser')]);
  expect(JSON.parse((await victim.open(`${at.url}/api/session`)).text)).toMatchObject({ signedIn: false });
});

test('who signs out in the trial is out, at the provider too, without being asked again', async () => {
  const [one, other] = [await signIn(at, 'youngMother'), await signIn(at, 'youngMother')];
  const form = { _csrf: one.session.csrf };
  const done = await one.browser.open(`${at.url}/sign-out`, { method: 'POST', form, headers: { origin: at.url } });
  expect(new URL(done.url).pathname).toBe('/');
  expect(done.visited.some((url) => url.includes('/oidc/'))).toBe(false);
  const again = await one.browser.open(`${at.url}/sign-in/start?issuer=trial`);
  expect(again.text).toContain('name="persona"');
  expect((await other.ask('GET', `/fhir/Patient/${patientOf('youngMother')}`)).status).toBe(200);
});

test('signing out everywhere ends the sessions and the tokens of the person, and nobody else’s', async () => {
  const [one, other, stranger] = [
    await signIn(at, 'nurse'),
    await signIn(at, 'nurse'),
    await signIn(at, 'hospitalDoctor'),
  ];
  const [token, strangers] = [await newToken('nurse'), await newToken('hospitalDoctor')];
  const read = async (bearer: string): Promise<number> =>
    (await at.ask('GET', `/fhir/Patient/${oldMan}`, { headers: { authorization: `Bearer ${bearer}` } })).status;
  expect([await read(token), await read(strangers)]).toEqual([200, 200]);
  const form = { _csrf: one.session.csrf, everywhere: '1' };
  await one.browser.open(`${at.url}/sign-out`, { method: 'POST', form, headers: { origin: at.url } });
  expect([await read(token), await read(strangers)]).toEqual([401, 200]);
  expect((await other.ask('GET', `/fhir/Patient/${oldMan}`)).status).toBe(401);
  expect((await stranger.ask('GET', `/fhir/Patient/${oldMan}`)).status).toBe(200);
  // Whoever signs in anew gets a token that is good: those of the same second are taken for old ones.
  await expect.poll(async () => read(await newToken('nurse')), { timeout: 5000 }).toBe(200);
});

/** A receiver of rest-hooks, and how often it was told. */
async function receiver(): Promise<{ url: string; heard(): number; server: Server }> {
  let heard = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      heard++;
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, heard: () => heard, server };
}

test('a subscription tells nothing more once its application is taken away, by hook or by a socket that is open', async () => {
  const command = at.command();
  for (const as of ['nurse', 'oldManWithEverything', 'researcher']) {
    const body = {
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'x',
      criteria: 'Condition?',
      channel: { type: 'websocket' },
    };
    expect([as, [403, 404].includes((await at.ask('POST', '/fhir/Subscription', { as, body })).status)]).toEqual([
      as,
      true,
    ]);
  }
  await clientAdd.run(['Listener', '--scopes', 'system/Condition.rs system/Subscription.cruds'], command);
  const hook = await receiver();
  const subscribe = async (channel: object): Promise<string> => {
    const body = { resourceType: 'Subscription', status: 'requested', reason: 'test', criteria: 'Condition?', channel };
    const made = await at.ask('POST', '/fhir/Subscription', { as: 'Listener', body });
    expect([made.status, made.text]).toEqual([201, expect.any(String)]);
    const path = `Subscription/${made.body.id}`;
    await expect.poll(async () => (await truthOf(at, [path]))[0]?.body.status, { timeout: 20_000 }).toBe('active');
    return made.body.id;
  };
  const [bySocket, byHook] = [
    await subscribe({ type: 'websocket' }),
    await subscribe({ type: 'rest-hook', endpoint: hook.url }),
  ];
  const headers = { authorization: `Bearer ${await at.tokenOf('Listener')}` };
  const socket = new WebSocket(`${at.url.replace('http', 'ws')}/fhir/ws`, { headers });
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(String(data)));
  await once(socket, 'open');
  socket.send(`bind ${bySocket}`);
  await expect.poll(() => heard).toContain(`bound ${bySocket}`);
  const condition = { resourceType: 'Condition', subject: { reference: `Patient/${oldMan}` }, code: { text: 'told' } };
  const write = async (): Promise<void> => {
    expect((await at.ask('POST', '/fhir/Condition', { as: 'hospitalDoctor', body: condition })).status).toBe(201);
  };
  const pings = (): number => heard.filter((one) => one.startsWith('ping')).length;
  try {
    await write();
    await expect.poll(() => [pings() > 0, hook.heard() > 0], { timeout: 20_000 }).toEqual([true, true]);
    expect(await clientRemove.run(['Listener'], at.command())).toBe(0);
    const told = [pings(), hook.heard()];
    await clientAdd.run(['Control', '--scopes', 'system/Condition.rs system/Subscription.cruds'], command);
    const control = await receiver();
    const body = {
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'test',
      criteria: 'Condition?',
      channel: { type: 'rest-hook', endpoint: control.url },
    };
    const made = await at.ask('POST', '/fhir/Subscription', { as: 'Control', body });
    await expect
      .poll(async () => (await truthOf(at, [`Subscription/${made.body.id}`]))[0]?.body.status, { timeout: 20_000 })
      .toBe('active');
    await write();
    // Another's is told, so the change has gone round.
    await expect.poll(control.heard, { timeout: 20_000 }).toBeGreaterThan(0);
    expect([pings(), hook.heard()]).toEqual(told);
    control.server.close();
  } finally {
    socket.terminate();
    hook.server.close();
  }
  expect(byHook).not.toBe(bySocket);
});
