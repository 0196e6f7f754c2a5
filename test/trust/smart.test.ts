/** A SMART application on a whole node: opened by itself, it gets a token of one patient, bound to its key, and reads that patient only. */
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { personaEntries } from '#sample/persona-entries.ts';
import {
  beginLaunch,
  passPages,
  publicClient,
  redeem,
  type SigningIn,
} from '../../src/trust/provider/client-for-test.ts';
import { createBrowsing } from '../../src/trust/provider/provider-for-test.ts';
import { clientAdd } from '../../src/cli/client.ts';
import { testNode, type TestNode } from '../support/node.ts';

const redirect = 'http://localhost:9/app';
const patientOf = (key: string): string => personaEntries().find((one) => one.key === key)?.patient ?? '';
const inHospital = patientOf('oldManWithEverything');
const wife = patientOf('hisWife');
const choose = (patient: string) => ['patient', { patient }] as const;
const agree = ['consent', {}] as const;

let at: TestNode;
let client: string;

beforeAll(async () => {
  at = await testNode('smart', { FYR_TRIAL_BEARER: '0' });
  const command = at.command();
  const scopes = 'openid fhirUser launch/patient patient/*.rs user/*.rs';
  const code = await clientAdd.run(['Vekst', '--public', '--redirect', redirect, '--scopes', scopes], command);
  expect(code).toBe(0);
  client = /client id {2}(\S+)/.exec(command.written())?.[1] ?? '';
}, 120_000);
afterAll(async () => at?.stop());

async function launch(scope: string): Promise<SigningIn> {
  const config = await publicClient(`${at.url}/oidc`, client);
  return beginLaunch(config, redirect, { scope, aud: `${at.url}/fhir` });
}

type Tokens = Awaited<ReturnType<typeof redeem>>;

async function get({ config, dpop }: SigningIn, tokens: Tokens, path: string): Promise<{ status: number; body: any }> {
  const url = new URL(`${at.url}/fhir/${path}`);
  const answer = await oidc.fetchProtectedResource(config, tokens.access_token, url, 'GET', undefined, undefined, {
    DPoP: dpop,
  });
  return { status: answer.status, body: await answer.json() };
}

test('whom the doctor may not read can not be chosen, by name or by id', async () => {
  const signing = await launch('openid launch/patient patient/*.rs');
  const browsing = createBrowsing();
  const first = await browsing.follow(signing.url, redirect);
  const asked = await browsing.submit(first, 'sign-in', { persona: 'hospitalDoctor' }, redirect);
  const byName = async (name: string): Promise<string> =>
    (await browsing.follow(`${asked.url.split('?')[0]}?name=${name}`, redirect)).html;
  expect(await byName('Nordskog')).toContain('Torleif Nordskog');
  expect(await byName('Nordskog')).not.toContain('Solveig');
  expect(await byName('Lyvik')).not.toContain('Silje');
  const again = await browsing.submit(asked, 'patient', { patient: wife }, redirect);
  expect(again.html).toContain('type="search"');
});

test('opened by itself, an application of a doctor reads the patient who was chosen, and no other', async () => {
  const signing = await launch('openid fhirUser launch/patient patient/*.rs');
  const tokens = await redeem(signing, await passPages(signing, 'hospitalDoctor', [choose(inHospital), agree]));
  expect(tokens).toMatchObject({ token_type: 'dpop', patient: inHospital });
  const found = await get(signing, tokens, 'Observation?_total=accurate&_count=1');
  expect(found.status).toBe(200);
  expect(found.body.total).toBeGreaterThan(500);
  const all = await get(signing, tokens, 'Encounter?_count=200&_include=Encounter:patient');
  const subjects = new Set(
    all.body.entry.map((one: any) => one.resource.subject?.reference ?? `Patient/${one.resource.id}`),
  );
  expect([...subjects]).toEqual([`Patient/${inHospital}`]);
  const others = await get(signing, tokens, `Patient?_total=accurate`);
  expect(others.body.total).toBe(1);
  expect((await get(signing, tokens, `Patient/${patientOf('youngMother')}`)).status).toBe(404);
  expect((await get(signing, tokens, `Observation?patient=${wife}`)).body.total ?? 0).toBe(0);
});

test('a citizen opens an application on herself or the child she represents; it reads the one who was chosen', async () => {
  const mother = patientOf('youngMother');
  const signing = await launch('openid launch/patient patient/*.rs');
  const browsing = createBrowsing();
  const first = await browsing.follow(signing.url, redirect);
  const asked = await browsing.submit(first, 'sign-in', { persona: 'youngMother' }, redirect);
  expect(asked.html).toContain('Birk Lyvik');
  expect(asked.html).toContain('Silje Lyvik');
  expect(asked.html).not.toContain('Nordskog');
  const toddler = /value="([^"]+)"[^>]*>\s*(?:<strong>)?Birk Lyvik/.exec(asked.html)?.[1] ?? '';
  const consent = await browsing.submit(asked, 'patient', { patient: toddler }, redirect);
  const back = await browsing.submit(consent, 'consent', {}, redirect);
  const tokens = await redeem(signing, new URL(back.url));
  expect(tokens).toMatchObject({ patient: toddler });
  const found = await get(signing, tokens, 'Patient');
  expect(found.body.entry.map((one: any) => one.resource.id)).toEqual([toddler]);
  expect((await get(signing, tokens, `Patient/${mother}`)).status).toBe(404);
});
