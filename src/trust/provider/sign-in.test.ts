/** A person signs in by a certified client library, as our own pages and a HelseID client do: PAR, PKCE, private_key_jwt, DPoP with nonce. */
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fyrClaims, helseIdClaims } from './claims.ts';
import {
  assertion,
  assertionType,
  beginSignIn,
  confidential,
  passPages,
  personScopes,
  possession,
  post,
  redeem,
} from './client-for-test.ts';
import {
  createBrowsing,
  hospital,
  legalEntity,
  motherNumber,
  testProvider,
  type TestClient,
  type TestProvider,
} from './provider-for-test.ts';

let at: TestProvider;
let redirect: string;
let third: TestClient;
const thirdRedirect = 'http://localhost:9/callback';
beforeAll(async () => {
  at = await testProvider();
  redirect = `${at.baseUrl}/sign-in/callback`;
  third = await at.addClient({ scopes: ['user/*.rs'], redirectUris: [thirdRedirect], organisation: legalEntity });
});
afterAll(() => at.close());

const pages = () => confidential(at.issuer, at.provider.pages.clientId, at.provider.pages.key);

/** A pushed request by hand. */
async function push(form: Record<string, string>, key = at.provider.pages.key, client = 'fyr-pages') {
  return post(`${at.issuer}/par`, {
    client_id: client,
    response_type: 'code',
    redirect_uri: redirect,
    scope: personScopes,
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    client_assertion_type: assertionType,
    client_assertion: await assertion(client, at.issuer, key),
    ...form,
  });
}

test('refuses a request without PKCE, and one with the plain method', async () => {
  expect(await push({ code_challenge: '', code_challenge_method: '' })).toMatchObject({
    status: 400,
    body: { error: 'invalid_request', error_description: expect.stringContaining('PKCE') },
  });
  expect(await push({ code_challenge_method: 'plain' })).toMatchObject({ status: 400 });
});

test('refuses a redirect address that is not registered, and shows the person instead of redirecting', async () => {
  expect(await push({ redirect_uri: 'http://evil.example/callback' })).toMatchObject({ status: 400 });
  const query = new URLSearchParams({
    client_id: 'fyr-pages',
    response_type: 'code',
    redirect_uri: 'http://evil.example/',
  });
  const answer = await fetch(`${at.issuer}/authorize?${query}`, {
    redirect: 'manual',
    headers: { accept: 'text/html' },
  });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await answer.text()).not.toContain('evil.example');
});

test('refuses a request that was not pushed', async () => {
  const query = new URLSearchParams({
    client_id: 'fyr-pages',
    response_type: 'code',
    redirect_uri: redirect,
    scope: 'openid',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
  const answer = await fetch(`${at.issuer}/authorize?${query}`, { redirect: 'manual' });
  expect(answer.headers.get('location')).toContain('error=invalid_request');
});

test('refuses a pushed request of a client that does not prove who it is, or with the key of another', async () => {
  expect(await push({ client_assertion: '', client_assertion_type: '' })).toMatchObject({ status: 401 });
  expect(await push({}, third.key)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  expect(await push({}, third.key, 'nobody')).toMatchObject({ status: 401 });
});

test('refuses a code twice, for another verifier, and without or with another proof of possession than demanded', async () => {
  const config = await pages();
  const first = await beginSignIn(config, redirect);
  const back = await passPages(first, 'doctor');
  await expect(redeem({ ...first, verifier: oidc.randomPKCECodeVerifier() }, back)).rejects.toMatchObject({
    error: 'invalid_grant',
  });
  await expect(redeem(first, back, false)).rejects.toMatchObject({ error: 'invalid_grant' });
  const tokens = await redeem(first, back);
  expect(await at.provider.isActive(String(jtiOf(tokens.access_token)))).toBe(true);
  await expect(redeem(first, back)).rejects.toMatchObject({ error: 'invalid_grant' });
  // RFC 6749 §4.1.2: what was given for the code is taken back.
  expect(await at.provider.isActive(String(jtiOf(tokens.access_token)))).toBe(false);
});

test('refuses a proof without the nonce of the server, with an old one, for another address, and the same one twice', async () => {
  const config = await pages();
  const trying = await beginSignIn(config, redirect);
  const code = (await passPages(trying, 'doctor')).searchParams.get('code') ?? '';
  const key = await possession();
  const ask = async (proof: string) =>
    post(
      `${at.issuer}/token`,
      {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirect,
        code_verifier: trying.verifier,
        client_assertion_type: assertionType,
        client_assertion: await assertion('fyr-pages', at.issuer, at.provider.pages.key),
      },
      { dpop: proof },
    );
  const without = await ask(await key.proof(`${at.issuer}/token`));
  expect(without).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
  const nonce = without.headers.get('dpop-nonce') ?? '';
  expect(nonce).not.toBe('');
  expect(await ask(await key.proof(`${at.issuer}/token`, { nonce: 'made-up' }))).toMatchObject({
    body: { error: 'use_dpop_nonce' },
  });
  for (const wrong of [{ htu: `${at.issuer}/other` }, { htm: 'GET' }, { iat: undefined }, { jti: undefined }]) {
    const answer = await ask(await key.proof(`${at.issuer}/token`, { nonce, ...wrong }));
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });
  }
  const proof = await key.proof(`${at.issuer}/token`, { nonce });
  const good = await ask(proof);
  expect(good).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
  expect(good.headers.get('cache-control')).toContain('no-store');
  expect(await ask(proof)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

test('a citizen who is not in the record yet can not be chosen', async () => {
  const trying = await beginSignIn(await pages(), redirect);
  const page = await createBrowsing().follow(trying.url, redirect);
  expect(page.html).toContain('Hege Tindeland');
  expect(page.html).not.toContain('Ingen Her');
  await expect(passPages(trying, 'notLoaded')).rejects.toThrow('not back at the application');
});

test('the forms of a sign-in are refused from another site and from another browser', async () => {
  const trying = await beginSignIn(await pages(), redirect);
  const page = await createBrowsing().follow(trying.url, redirect);
  const address = `${page.url.split('?')[0]}/sign-in`;
  const foreign = await post(address, { persona: 'doctor' }, { origin: 'http://evil.example' });
  expect(foreign.status).toBe(403);
  const other = await post(address, { persona: 'doctor' });
  expect(other.status).toBe(400);
});

test('our pages sign a doctor in with PAR, PKCE, private_key_jwt and DPoP, and get HelseID claims in a bound token', async () => {
  const trying = await beginSignIn(await pages(), redirect);
  const tokens = await redeem(trying, await passPages(trying, 'doctor'));
  expect(tokens.token_type).toBe('dpop');
  const jwks = createRemoteJWKSet(new URL(`${at.issuer}/jwks`));
  const { payload, protectedHeader } = await jwtVerify(tokens.access_token, jwks, {
    issuer: at.issuer,
    audience: `${at.baseUrl}/fhir`,
    typ: 'at+jwt',
  });
  expect(protectedHeader.alg).toBe('RS256');
  expect(payload).toMatchObject({
    sub: 'doctor',
    client_id: 'fyr-pages',
    auth_time: expect.any(Number),
    [helseIdClaims.securityLevel]: '4',
    [helseIdClaims.assuranceLevel]: 'high',
    [helseIdClaims.hprNumber]: '990000001',
    [helseIdClaims.parentOrganisation]: legalEntity,
    [helseIdClaims.childOrganisation]: hospital,
    [fyrClaims.practitionerRole]: 'role-1',
    [fyrClaims.duty]: 'care',
    cnf: { jkt: await trying.dpop.calculateThumbprint() },
  });
  expect(payload['exp']! - payload['iat']!).toBe(600);
  expect(tokens.claims()).toMatchObject({
    sub: 'doctor',
    name: 'Ingrid Bergvik',
    auth_time: expect.any(Number),
    [helseIdClaims.hprNumber]: '990000001',
    [fyrClaims.practitionerRole]: 'role-1',
  });
});

test('a citizen signs in, and is told apart by the national number and the Patient', async () => {
  const trying = await beginSignIn(await pages(), redirect);
  const tokens = await redeem(trying, await passPages(trying, 'mother'));
  expect(tokens.claims()).toMatchObject({ [helseIdClaims.pid]: motherNumber, [fyrClaims.patient]: 'patient-1' });
  expect(tokens.claims()).not.toHaveProperty([helseIdClaims.hprNumber]);
});

test('an application of others is asked about, and can be refused', async () => {
  const config = await confidential(at.issuer, third.id, third.key);
  const more = { scope: 'openid fhirUser user/Observation.rs' };
  const refused = await beginSignIn(config, thirdRedirect, more);
  const back = await passPages(refused, 'doctor', [['abort', {}]]);
  expect(back.searchParams.get('error')).toBe('access_denied');
  const trying = await beginSignIn(config, thirdRedirect, more);
  const browsing = createBrowsing();
  const page = await browsing.follow(trying.url, thirdRedirect);
  const asked = await browsing.submit(page, 'sign-in', { persona: 'doctor' }, thirdRedirect);
  expect(asked.html).toContain(third.name);
  expect(asked.html).toContain('Observation');
  const done = await browsing.submit(asked, 'consent', {}, thirdRedirect);
  const tokens = await redeem(trying, new URL(done.url));
  expect(tokens.scope?.split(' ').sort()).toEqual(['fhirUser', 'openid', 'user/Observation.rs']);
  expect(tokens['fhirUser']).toBe(`${at.baseUrl}/fhir/Practitioner/doctor-1`);
});

test('an application gets no more than it is registered for, and an error when nothing is left', async () => {
  const config = await confidential(at.issuer, third.id, third.key);
  const trying = await beginSignIn(config, thirdRedirect, { scope: 'openid user/*.cruds system/*.rs' });
  const tokens = await redeem(trying, await passPages(trying, 'doctor', [['consent', {}]]));
  expect(tokens.scope).toBe('openid user/*.rs');
  await expect(beginSignIn(config, thirdRedirect, { scope: 'openid system/*.rs' })).rejects.toMatchObject({
    error: 'invalid_scope',
  });
});

test('authorization_details name the organisation, are refused for another, and carry the attestation into the token', async () => {
  const config = await confidential(at.issuer, third.id, third.key);
  const organisation = (value: string) => ({
    type: 'helseid_authorization',
    practitioner_role: { organization: { identifier: { system: 'urn:oid:1.0.6523', type: 'ENH', value } } },
  });
  const other = JSON.stringify([organisation(`NO:ORGNR:${hospital}:${hospital}`)]);
  await expect(
    beginSignIn(config, thirdRedirect, { scope: 'openid', authorization_details: other }),
  ).rejects.toMatchObject({ error: 'invalid_authorization_details' });
  const attestation = {
    type: 'nhn:tillitsrammeverk:parameters',
    care_relationship: { purpose_of_use: { code: 'TREAT' } },
  };
  const right = JSON.stringify([organisation(`NO:ORGNR:${legalEntity}:${hospital}`), attestation]);
  const trying = await beginSignIn(config, thirdRedirect, { scope: 'openid user/*.rs', authorization_details: right });
  const tokens = await redeem(trying, await passPages(trying, 'doctor', [['consent', {}]]));
  const payload = payloadOf(tokens.access_token);
  expect(payload).toMatchObject({
    [helseIdClaims.parentOrganisation]: legalEntity,
    [helseIdClaims.childOrganisation]: hospital,
    [helseIdClaims.clientTenancy]: 'single-tenant',
  });
  expect(payload['authorization_details']).toContainEqual(attestation);
});

test('refresh tokens rotate, and one used twice ends everything that came of it', async () => {
  const config = await confidential(at.issuer, third.id, third.key);
  const trying = await beginSignIn(config, thirdRedirect, { scope: 'openid offline_access user/*.rs' });
  const first = await redeem(trying, await passPages(trying, 'doctor', [['consent', {}]]));
  expect(first.refresh_token).toBeDefined();
  const bound = { DPoP: trying.dpop };
  const otherKey = { DPoP: oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256')) };
  const refresh = (token: string | undefined, how = bound) =>
    oidc.refreshTokenGrant(config, token ?? '', undefined, how);
  const second = await refresh(first.refresh_token);
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect(payloadOf(second.access_token)).toMatchObject({ sub: 'doctor', scope: first.scope });
  // For confidential clients the refresh token is bound to the client's own key, not to the proof's (RFC 9449 §5).
  await expect(refresh(second.refresh_token, otherKey)).resolves.toBeDefined();
  await expect(refresh(first.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
  await expect(refresh(second.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(await at.provider.isActive(String(jtiOf(second.access_token)))).toBe(false);
});

test('signing out asks first, ends the session and what was given in it', async () => {
  const config = await pages();
  const trying = await beginSignIn(config, redirect);
  const browsing = createBrowsing();
  const tokens = await redeem(trying, await passPages(trying, 'doctor', [], browsing));
  const address = oidc.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: at.baseUrl,
  });
  const page = await browsing.follow(address.href, 'nowhere');
  expect(page.html).toContain('name="logout"');
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
  const form = new URLSearchParams({ xsrf, logout: 'yes' });
  const out = await browsing.follow(`${at.issuer}/sign-out/confirm`, `${at.baseUrl}/`, form);
  expect(out.url).toBe(`${at.baseUrl}/`);
  expect(await at.provider.isActive(String(jtiOf(tokens.access_token)))).toBe(false);
  const again = await beginSignIn(config, redirect);
  expect((await browsing.follow(again.url, redirect)).html).toContain('name="persona"');
});

function payloadOf(token: string): { [name: string]: unknown } {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

function jtiOf(token: string): unknown {
  return payloadOf(token)['jti'];
}
