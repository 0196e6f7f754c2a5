/** SMART App Launch 2.2: standalone and EHR launch, the choice of a patient, public clients, refresh. */
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginLaunch, confidential, passPages, post, publicClient, redeem } from './client-for-test.ts';
import { smartConfiguration } from './index.ts';
import { createBrowsing, testProvider, type TestClient, type TestProvider } from './provider-for-test.ts';

const redirect = 'http://localhost:9/app';
let trial: TestProvider;
let bound: TestProvider;
let app: TestClient;
let boundApp: TestClient;
const scopes = ['openid', 'patient/*.rs', 'user/*.cruds', 'launch', 'launch/patient', 'offline_access', 'fhirUser'];
beforeAll(async () => {
  trial = await testProvider(true);
  bound = await testProvider(false);
  app = await trial.addClient({ scopes, profile: 'smart', redirectUris: [redirect] }, true);
  boundApp = await bound.addClient({ scopes, profile: 'smart', redirectUris: [redirect] }, true);
});
afterAll(async () => {
  await bound.close();
  await trial.close();
});

const launch = async (more: Record<string, string>, at = trial, client = app) =>
  beginLaunch(await publicClient(at.issuer, client.id), redirect, {
    aud: `${at.baseUrl}/fhir`,
    scope: 'openid fhirUser launch/patient patient/Observation.rs',
    ...more,
  });

const choose = (patient: string) => ['patient', { patient }] as const;
const agree = ['consent', {}] as const;

test('refuses a launch for another FHIR server, or for none', async () => {
  for (const aud of ['http://evil.example/fhir', '']) {
    const back = await passPages(await launch({ aud }), 'doctor');
    expect(back.searchParams.get('error')).toBe('invalid_request');
    expect(back.searchParams.get('error_description')).toContain('aud');
  }
});

test('refuses a launch without PKCE, and with a secret instead of a verifier', async () => {
  const back = await passPages(await launch({ code_challenge: '', code_challenge_method: '' }), 'doctor');
  expect(back.searchParams.get('error')).toBe('invalid_request');
  const trying = await launch({});
  const done = await passPages(trying, 'mother', [choose('patient-1'), agree]);
  await expect(redeem({ ...trying, verifier: oidc.randomPKCECodeVerifier() }, done, false)).rejects.toMatchObject({
    error: 'invalid_grant',
  });
});

test('refuses bearer tokens where the trial does not allow them, also to a client that asks for nothing else', async () => {
  const trying = await launch({}, bound, boundApp);
  const back = await passPages(trying, 'doctor', [choose('patient-2'), agree]);
  await expect(redeem(trying, back, false)).rejects.toMatchObject({ error: 'invalid_grant' });
  expect((await redeem(trying, back)).token_type).toBe('dpop');
});

test('refuses a patient whose record the person may not read, whatever the form says', async () => {
  const trying = await launch({});
  const browsing = createBrowsing();
  const first = await browsing.follow(trying.url, redirect);
  const asked = await browsing.submit(first, 'sign-in', { persona: 'doctor' }, redirect);
  const again = await browsing.submit(asked, 'patient', { patient: 'somebody-else' }, redirect);
  expect(again.html).toContain('type="search"');
  const skipped = await browsing.submit(again, 'consent', {}, redirect);
  expect(skipped.html).toContain('type="search"');
});

test('refuses an EHR launch by a handle that is made up, of another person, or of another application', async () => {
  const ehr = { scope: 'launch openid patient/*.rs' };
  const forOther = await trial.provider.createLaunch({ account: 'mother', client: app.id, patient: 'patient-1' });
  const elsewhere = await trial.provider.createLaunch({ account: 'doctor', client: 'other', patient: 'patient-1' });
  for (const handle of ['made-up', forOther, elsewhere]) {
    const back = await passPages(await launch({ ...ehr, launch: handle }), 'doctor');
    expect(back.searchParams.get('error')).toBe('access_denied');
  }
});

test('refuses an EHR launch on a patient whose record the person may not read', async () => {
  const handle = await trial.provider.createLaunch({ account: 'doctor', client: app.id, patient: 'somebody-else' });
  const back = await passPages(await launch({ scope: 'launch patient/*.rs', launch: handle }), 'doctor');
  expect(back.searchParams.get('error')).toBe('access_denied');
});

test('standalone: a doctor searches for the patient, agrees, and the application is told whom it is about', async () => {
  const trying = await launch({ scope: 'openid fhirUser launch/patient patient/Observation.rs?category=laboratory' });
  const browsing = createBrowsing();
  const first = await browsing.follow(trying.url, redirect);
  const asked = await browsing.submit(first, 'sign-in', { persona: 'doctor' }, redirect);
  const found = await browsing.follow(`${asked.url.split('?')[0]}?name=sofie`, redirect);
  expect(found.html).toContain('Sofie Tindeland');
  expect(found.html).not.toContain('Hege');
  const consent = await browsing.submit(found, 'patient', { patient: 'patient-2' }, redirect);
  expect(consent.html).toContain('category = laboratory');
  const back = await browsing.submit(consent, 'consent', {}, redirect);
  const tokens = await redeem(trying, new URL(back.url), false);
  expect(tokens).toMatchObject({
    token_type: 'bearer',
    patient: 'patient-2',
    fhirUser: `${trial.baseUrl}/fhir/Practitioner/doctor-1`,
    scope: 'fhirUser launch/patient openid patient/Observation.rs?category=laboratory',
  });
  expect(tokens.claims()).toMatchObject({ fhirUser: `${trial.baseUrl}/fhir/Practitioner/doctor-1` });
  expect(decodeJwt(tokens.access_token)).toMatchObject({ patient: 'patient-2', aud: `${trial.baseUrl}/fhir` });
});

test('standalone: a citizen chooses among herself and those whom she represents', async () => {
  const trying = await launch({});
  const browsing = createBrowsing();
  const first = await browsing.follow(trying.url, redirect);
  const asked = await browsing.submit(first, 'sign-in', { persona: 'mother' }, redirect);
  expect(asked.html).toContain('Sofie Tindeland');
  expect(asked.html).not.toContain('type="search"');
  const consent = await browsing.submit(asked, 'patient', { patient: 'patient-2' }, redirect);
  const back = await browsing.submit(consent, 'consent', {}, redirect);
  expect(await redeem(trying, new URL(back.url), false)).toMatchObject({
    patient: 'patient-2',
    fhirUser: `${trial.baseUrl}/fhir/Patient/patient-1`,
  });
});

test('EHR launch: the application opens on the patient and encounter that the person works with', async () => {
  const handle = await trial.provider.createLaunch({
    account: 'doctor',
    client: app.id,
    patient: 'patient-1',
    encounter: 'stay-1',
  });
  const trying = await launch({ scope: 'launch openid patient/*.rs', launch: handle });
  const tokens = await redeem(trying, await passPages(trying, 'doctor', [agree]), false);
  expect(tokens).toMatchObject({ patient: 'patient-1', encounter: 'stay-1' });
  const again = await passPages(await launch({ scope: 'launch openid patient/*.rs', launch: handle }), 'doctor');
  expect(again.searchParams.get('error')).toBe('access_denied');
});

test('two launches of one session each keep their own patient', async () => {
  const browsing = createBrowsing();
  const first = await launch({});
  const second = await launch({});
  const backOfFirst = await passPages(first, 'doctor', [choose('patient-1'), agree], browsing);
  const backOfSecond = await passPages(second, 'doctor', [choose('patient-2'), agree], browsing);
  expect(await redeem(first, backOfFirst, false)).toMatchObject({ patient: 'patient-1' });
  expect(await redeem(second, backOfSecond, false)).toMatchObject({ patient: 'patient-2' });
});

test('offline access: a refreshed token has the same patient, and a narrower scope when that is asked for', async () => {
  const trying = await launch({
    scope: 'openid launch/patient patient/Observation.rs patient/Patient.rs offline_access',
  });
  const tokens = await redeem(trying, await passPages(trying, 'doctor', [choose('patient-2'), agree]), false);
  const refreshed = await oidc.refreshTokenGrant(trying.config, tokens.refresh_token ?? '', {
    scope: 'patient/Patient.rs',
  });
  expect(refreshed).toMatchObject({ patient: 'patient-2', scope: 'patient/Patient.rs' });
  await expect(
    oidc.refreshTokenGrant(trying.config, refreshed.refresh_token ?? '', { scope: 'patient/Condition.rs' }),
  ).rejects.toMatchObject({ error: 'invalid_scope' });
});

test('a refresh without client_id, as fhirclient sends it, is a public client’s; a client with a key still has to prove who it is', async () => {
  const trying = await launch({ scope: 'launch/patient patient/Patient.rs offline_access' });
  const tokens = await redeem(trying, await passPages(trying, 'doctor', [choose('patient-2'), agree]), false);
  const refresh = (token: string) =>
    post(`${trial.issuer}/token`, { grant_type: 'refresh_token', refresh_token: token });
  expect(await refresh('made-up')).toMatchObject({ status: 400 });
  expect(await refresh(tokens.refresh_token ?? '')).toMatchObject({ status: 200, body: { patient: 'patient-2' } });
  const keeper = await trial.addClient({ scopes, profile: 'smart', redirectUris: [redirect] });
  const config = await confidential(trial.issuer, keeper.id, keeper.key);
  const other = await beginLaunch(config, redirect, {
    aud: `${trial.baseUrl}/fhir`,
    scope: 'launch/patient patient/Patient.rs offline_access',
  });
  const kept = await redeem(other, await passPages(other, 'doctor', [choose('patient-2'), agree]), false);
  expect(await refresh(kept.refresh_token ?? '')).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
});

test('the address of a public client’s browser may read the answers (CORS), another’s may not', async () => {
  const ask = async (origin: string): Promise<Response> =>
    fetch(`${trial.issuer}/token`, {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams({ client_id: app.id, grant_type: 'refresh_token', refresh_token: 'x' }),
    });
  expect((await ask('http://localhost:9')).headers.get('access-control-allow-origin')).toBe('http://localhost:9');
  expect((await ask('http://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
});

test('every endpoint that smart-configuration names is one that discovery names too', async () => {
  const discovery = (await (await fetch(`${trial.issuer}/.well-known/openid-configuration`)).json()) as object;
  const smart = smartConfiguration(trial.issuer, true);
  const endpoints = Object.entries(smart).filter(([name]) => /_endpoint$|^issuer$|^jwks_uri$/.test(name));
  expect(endpoints.length).toBe(7);
  expect(discovery).toMatchObject(Object.fromEntries(endpoints));
});
