/** Programs of others on a whole node that takes no Bearer: what `fyr client add` makes signs in by its key, and is held to scopes, organisation and key. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identifierSystems } from '#shared/identifiers.ts';
import { confidential } from '../../src/trust/provider/client-for-test.ts';
import { clientAdd } from '../../src/cli/client.ts';
import { token as tokenCommand } from '../../src/cli/token.ts';
import { freePort, testNode, type NodeAnswer, type TestNode } from '../support/node.ts';
import { ownerOf, patientOf, resourcesIn, truthOf } from './asking.ts';

let at: TestNode;
let trial: TestNode;
const oldMan = patientOf('oldManWithEverything');

beforeAll(async () => {
  at = await testNode('clients', { FYR_TRIAL_BEARER: '0' });
  trial = await testNode('clients_trial', { FYR_HOST: '0.0.0.0', FYR_PLAIN_HTTP_BEHIND_PROXY: '1' });
}, 120_000);
afterAll(async () => {
  await trial?.stop();
  await at?.stop();
});

/** An export goes through all buckets, on a busy machine for a while. */
const patiently = { timeout: 60_000, interval: 250 };
const exporting = 100_000;

type Program = { id: string; config: oidc.Configuration };

async function program(name: string, scopes: string, ...more: string[]): Promise<Program> {
  const command = at.command();
  expect(await clientAdd.run([name, '--scopes', scopes, ...more], command)).toBe(0);
  const [, id = ''] = /client id +(\S+)/.exec(command.written()) ?? [];
  const [, file = ''] = /key +(\S.*)/.exec(command.written()) ?? [];
  return { id, config: await confidential(`${at.url}/oidc`, id, JSON.parse(readFileSync(file, 'utf8'))) };
}

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
type Held = { token: string; key: PrivateKey; jwk: object };

/** A token, and the key that it is bound to. */
async function tokenOf({ config }: Program, scope: string): Promise<Held> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const dpop = oidc.getDPoPHandle(config, pair);
  const { access_token: token } = await oidc.clientCredentialsGrant(config, { scope }, { DPoP: dpop });
  return { token, key: pair.privateKey, jwk: await exportJWK(pair.publicKey) };
}

/** A proof by hand: right unless said otherwise. */
function proofOf({ token, key, jwk }: Held, method: string, url: string, claims: object = {}): Promise<string> {
  const ath = hash('sha256', token, 'base64url');
  const payload = {
    jti: crypto.randomUUID(),
    htm: method,
    htu: url,
    ath,
    iat: Math.floor(Date.now() / 1000),
    ...claims,
  };
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk }).sign(key);
}

async function ask(
  held: Held,
  method: string,
  path: string,
  body?: object,
  more: { [name: string]: string } = {},
): Promise<NodeAnswer> {
  const url = `${at.url}/fhir/${path}`;
  const headers = {
    ...more,
    authorization: `DPoP ${held.token}`,
    dpop: await proofOf(held, method, url.replace(/\?.*/, '')),
  };
  return at.ask(method, `/fhir/${path}`, { headers, ...(body === undefined ? {} : { body }) });
}

const reading = {
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'weight' },
  subject: { reference: `Patient/${oldMan}` },
};

test('a region’s system reads, searches and writes what its scopes say, and is refused the rest', async () => {
  const lab = await program('Lab', 'system/Observation.crs system/Patient.r');
  const held = await tokenOf(lab, 'system/Observation.crs system/Patient.r');
  expect((await ask(held, 'GET', `Patient/${oldMan}`)).status).toBe(200);
  const [all] = await truthOf(at, ['Observation?_summary=count']);
  expect((await ask(held, 'GET', 'Observation?_summary=count')).body.total).toBe(all?.body.total);
  const made = await ask(held, 'POST', 'Observation', reading);
  expect(made.status).toBe(201);
  const { id } = made.body;
  expect((await ask(held, 'PUT', `Observation/${id}`, { ...reading, id })).status).toBe(403);
  expect((await ask(held, 'DELETE', `Observation/${id}`)).status).toBe(403);
  expect((await ask(held, 'GET', 'Patient?_summary=count')).body.total).toBe(0);
  expect((await ask(held, 'GET', 'Condition?_summary=count')).body.total).toBe(0);
  expect(
    (
      await ask(
        held,
        'GET',
        `Observation?patient=${oldMan}&_revinclude=Condition:subject&_include=Observation:encounter`,
      )
    ).text,
  ).not.toMatch(/"resourceType":"(Condition|Encounter)"/);
  expect((await ask(held, 'GET', 'Observation?encounter.class=IMP&_summary=count')).body.total).toBe(0);
  const everything = await ask(held, 'GET', `Patient/${oldMan}/$everything?_count=50`);
  expect(resourcesIn(everything.body).filter(({ resourceType }) => resourceType === 'Condition')).toEqual([]);
});

test('a scope with a search reaches what meets it, and nothing else', async () => {
  const scope = 'system/Observation.rs?category=laboratory';
  const held = await tokenOf(await program('Narrow', scope), scope);
  const [some, all] = await truthOf(at, [
    'Observation?category=laboratory&_summary=count',
    'Observation?_summary=count',
  ]);
  expect(some?.body.total).toBeLessThan(all?.body.total);
  expect((await ask(held, 'GET', 'Observation?_summary=count')).body.total).toBe(some?.body.total);
});

test('an application that may read results only neither matches persons nor asks their register', async () => {
  const held = await tokenOf(await program('Results', 'system/Observation.rs'), 'system/Observation.rs');
  const [found] = await truthOf(at, [`Patient/${oldMan}`]);
  const number = found?.body.identifier[0].value;
  const resource = { resourceType: 'Patient', identifier: found?.body.identifier };
  const parameters = { resourceType: 'Parameters', parameter: [{ name: 'resource', resource }] };
  expect((await ask(held, 'POST', 'Patient/$match', parameters)).status).toBe(403);
  const url = `${at.url}/registers/persons/by-number`;
  const headers = { authorization: `DPoP ${held.token}`, dpop: await proofOf(held, 'POST', url) };
  const answer = await at.ask('POST', '/registers/persons/by-number', { headers, body: { number } });
  expect(answer.status).toBe(403);
});

/** Organisation numbers of the hospital where somebody lies now: of the unit, and of all above it. */
async function hospitalNumbers(): Promise<string[]> {
  const [stay] = await truthOf(at, [
    `Encounter?patient=${oldMan}&status=in-progress&_include=Encounter:service-provider&_include:iterate=Organization:partof`,
  ]);
  return resourcesIn(stay?.body)
    .filter(({ resourceType }) => resourceType === 'Organization')
    .flatMap(({ identifier }) => identifier ?? [])
    .filter(({ system }) => system === identifierSystems.organisationNumber)
    .map(({ value }) => value);
}

test(
  'a hospital’s system sees the patients of its hospital in searches and exports, and no others',
  async () => {
    const number = (await hospitalNumbers()).at(-1) ?? '';
    const held = await tokenOf(await program('Hospital', 'system/*.rs', '--organization', number), 'system/*.rs');
    const [everybody] = await truthOf(at, ['Patient?_count=200&_elements=id']);
    const counts = new Map<string, number>();
    for (const { id } of resourcesIn(everybody?.body)) {
      const { status, body } = await ask(held, 'GET', `Encounter?patient=${id}&_summary=count`);
      if (status === 200) counts.set(id, body.total);
      else expect(status).toBe(403);
    }
    expect(counts.get(oldMan)).toBeGreaterThan(50);
    expect(counts.size).toBeLessThan(20);
    const total = [...counts.values()].reduce((sum, one) => sum + one, 0);
    expect((await ask(held, 'GET', 'Encounter?_summary=count')).body.total).toBe(total);
    expect((await ask(held, 'GET', 'Patient?_summary=count')).body.total).toBe(counts.size);
    const exported = await exportOf(held, 'Encounter');
    expect(exported).toHaveLength(total);
    expect(exported.every((one) => counts.has(ownerOf(one) ?? ''))).toBe(true);
    const [told] = await at.db<{ entries: number }[]>`
    select count(distinct e.content::json ->> 'p')::int as entries from access_entry e join access_actor a on a.key = e.actor
    where e.content like '%export%' and a.content like '%Hospital%' and e.content::json ->> 'p' is not null`;
    expect(told?.entries).toBe(counts.size);
  },
  exporting,
);

/** Everything of a type that `$export` gives. */
async function exportOf(held: Held, type: string): Promise<any[]> {
  const started = await ask(held, 'GET', `$export?_type=${type}`, undefined, { prefer: 'respond-async' });
  expect(started.status).toBe(202);
  const status = pathIn(started.headers.get('content-location') ?? '');
  await expect.poll(async () => (await ask(held, 'GET', status)).status, patiently).toBe(200);
  const { body } = await ask(held, 'GET', status);
  const files = await Promise.all(body.output.map(({ url }: { url: string }) => ask(held, 'GET', pathIn(url))));
  return files.flatMap(({ text }: NodeAnswer) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  );
}

const pathIn = (url: string): string => url.replace(`${at.url}/fhir/`, '');

test(
  'nobody else sees an export that a system asked for, nor begins one as a person',
  async () => {
    const held = await tokenOf(await program('Exporting', 'system/*.rs'), 'system/*.rs');
    const other = await tokenOf(await program('Prying', 'system/*.rs'), 'system/*.rs');
    const started = await ask(held, 'GET', '$export?_type=Flag', undefined, { prefer: 'respond-async' });
    const status = pathIn(started.headers.get('content-location') ?? '');
    await expect.poll(async () => (await ask(held, 'GET', status)).status, patiently).toBe(200);
    expect((await ask(other, 'GET', status)).status).toBe(404);
    const [file] = (await ask(held, 'GET', status)).body.output;
    expect((await ask(other, 'GET', pathIn(file.url))).status).toBe(404);
    for (const as of ['hospitalDoctor', 'operator', 'youngMother', 'researcher']) {
      const answer = await trial.ask('GET', '/fhir/$export', { as, headers: { prefer: 'respond-async' } });
      expect([as, answer.status]).toEqual([as, 403]);
    }
  },
  exporting,
);

test('a bound token is refused as Bearer, without a proof, with another’s key, for another address or method, and the second time', async () => {
  const held = await tokenOf(await program('Bound', 'system/Patient.r'), 'system/Patient.r');
  const path = `Patient/${oldMan}`;
  const url = `${at.url}/fhir/${path}`;
  const other = await generateKeyPair('ES256', { extractable: true });
  const stranger = { token: held.token, key: other.privateKey, jwk: await exportJWK(other.publicKey) };
  const bound = { authorization: `DPoP ${held.token}` };
  const refusals: [string, { [name: string]: string }][] = [
    ['as Bearer', { authorization: `Bearer ${held.token}` }],
    ['as Bearer with a proof', { authorization: `Bearer ${held.token}`, dpop: await proofOf(held, 'GET', url) }],
    ['without a proof', bound],
    ['another key', { ...bound, dpop: await proofOf(stranger, 'GET', url) }],
    ['another method', { ...bound, dpop: await proofOf(held, 'POST', url) }],
    ['another address', { ...bound, dpop: await proofOf(held, 'GET', `${at.url}/fhir/Patient/other`) }],
    ['another token', { ...bound, dpop: await proofOf(held, 'GET', url, { ath: hash('sha256', 'x', 'base64url') }) }],
    ['too old', { ...bound, dpop: await proofOf(held, 'GET', url, { iat: Math.floor(Date.now() / 1000) - 600 }) }],
  ];
  for (const [why, headers] of refusals) {
    const answer = await at.ask('GET', `/fhir/${path}`, { headers });
    expect([why, answer.status]).toEqual([why, 401]);
    expect(answer.headers.get('www-authenticate')).toMatch(/^DPoP .*error=/);
    expect(answer.text).not.toContain('Nordskog');
  }
  const once = { ...bound, dpop: await proofOf(held, 'GET', url) };
  expect((await at.ask('GET', `/fhir/${path}`, { headers: once })).status).toBe(200);
  expect((await at.ask('GET', `/fhir/${path}`, { headers: once })).status).toBe(401);
  expect(await calculateJwkThumbprint(held.jwk)).not.toBe(await calculateJwkThumbprint(stranger.jwk));
});

test('a trial’s token is refused as Bearer where the setting is off', async () => {
  const command = at.command();
  expect(await tokenCommand.run(['--as', 'hospitalDoctor'], command)).toBe(0);
  const headers = { authorization: `Bearer ${command.written().trim()}` };
  expect((await at.ask('GET', `/fhir/Patient/${oldMan}`, { headers })).status).toBe(401);
});

test('where the setting is on, a trial’s token is taken from the machine itself, and from nowhere else', async () => {
  const headers = { authorization: `Bearer ${await trial.tokenOf('hospitalDoctor')}` };
  expect((await trial.ask('GET', `/fhir/Patient/${oldMan}`, { headers })).status).toBe(200);
  const forwarded = await trial.ask('GET', `/fhir/Patient/${oldMan}`, {
    headers: { ...headers, 'x-forwarded-for': '192.0.2.7' },
  });
  expect(forwarded.status).toBe(401);
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
  if (outside === undefined) return;
  const answer = await fetch(`http://${outside}:${trial.config.port}/fhir/Patient/${oldMan}`, { headers });
  expect(answer.status).toBe(401);
});

test('the trial’s Bearer can not be switched on where real issuers are set', async () => {
  const port = await freePort();
  const issuers = JSON.stringify([{ name: 'helseid', kind: 'helseid', url: `http://127.0.0.1:${port}` }]);
  await expect(testNode('clients_real', { FYR_ISSUERS: issuers, FYR_TRIAL_BEARER: '1' })).rejects.toThrow(
    /FYR_TRIAL_BEARER|trial/i,
  );
});
