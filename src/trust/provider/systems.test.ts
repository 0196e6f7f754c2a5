/** Systems get tokens by themselves (SMART Backend Services, HelseID client credentials); tokens are introspected and revoked. */
import { createServer, type Server } from 'node:http';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { helseIdClaims } from './claims.ts';
import { assertion, assertionType, confidential, possession, post, publicClient } from './client-for-test.ts';
import { publicPart } from './key-store.ts';
import { hospital, legalEntity, testProvider, type TestClient, type TestProvider } from './provider-for-test.ts';

let at: TestProvider;
let trial: TestProvider;
let system: TestClient;
let multi: TestClient;
beforeAll(async () => {
  at = await testProvider();
  trial = await testProvider(true);
  system = await at.addClient({ scopes: ['system/Patient.rs', 'system/Observation.rs'], organisation: legalEntity });
  multi = await at.addClient({ scopes: ['system/*.rs'] });
});
afterAll(async () => {
  await trial.close();
  await at.close();
});

const dpopOf = async (config: oidc.Configuration) => ({
  DPoP: oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256')),
});

/** A token request by hand, with a proof that has the server's nonce. */
async function ask(client: TestClient, clientAssertion: string, form: Record<string, string> = {}) {
  const key = await possession();
  const url = `${at.issuer}/token`;
  const send = async (nonce: string | undefined, signed: string) =>
    post(
      url,
      {
        grant_type: 'client_credentials',
        scope: 'system/Patient.rs',
        client_assertion_type: assertionType,
        client_assertion: signed,
        ...form,
      },
      { dpop: await key.proof(url, nonce === undefined ? {} : { nonce }) },
    );
  const first = await send(undefined, await assertion(client.id, at.issuer, client.key));
  return send(first.headers.get('dpop-nonce') ?? undefined, clientAssertion);
}

test.for<[string, { [name: string]: unknown }, { [name: string]: unknown }]>([
  ['that has expired', { iat: 1_700_000_000, nbf: 1_700_000_000, exp: 1_700_000_030 }, {}],
  ['that lives longer than a minute', { exp: Math.floor(Date.now() / 1000) + 90 }, {}],
  ['that lives longer than a minute by an old time of issue', { iat: Math.floor(Date.now() / 1000) - 100 }, {}],
  ['without an end', { exp: undefined }, {}],
  ['without a time of issue', { iat: undefined, nbf: undefined }, {}],
  ['from the future', { iat: Math.floor(Date.now() / 1000) + 40, exp: Math.floor(Date.now() / 1000) + 60 }, {}],
  ['without an id', { jti: undefined }, {}],
  ['for another issuer', { aud: 'https://other.example' }, {}],
  ['for the token endpoint, where HelseID wants the issuer', { aud: 'http://localhost/oidc/token' }, {}],
  ['whose issuer is not its subject', { iss: 'somebody-else' }, {}],
  ['of another type', {}, { typ: 'at+jwt' }],
])('refuses an assertion %s', async ([, claims, header]) => {
  const answer = await ask(system, await assertion(system.id, at.issuer, system.key, claims, header));
  expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
});

test('refuses an assertion signed by a key that is not registered', async () => {
  const answer = await ask(system, await assertion(system.id, at.issuer, { ...multi.key, kid: system.key.kid ?? '' }));
  expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
});

test('refuses an assertion the second time, also of two at once', async () => {
  const once = await assertion(system.id, at.issuer, system.key);
  const answers = await Promise.all([ask(system, once), ask(system, once), ask(system, once)]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect((await ask(system, once)).status).toBe(401);
});

test('refuses a system without a proof of possession, also in a trial with bearer tokens', async () => {
  for (const one of [at, trial]) {
    const client = await one.addClient({ scopes: ['system/*.rs'] });
    const answer = await post(`${one.issuer}/token`, {
      grant_type: 'client_credentials',
      scope: 'system/*.rs',
      client_assertion_type: assertionType,
      client_assertion: await assertion(client.id, one.issuer, client.key),
    });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  }
});

test('refuses scopes that are not registered, scopes of persons, and a client that is gone', async () => {
  const config = await confidential(at.issuer, system.id, system.key);
  for (const scope of ['system/Condition.rs', 'system/Patient.cud', 'user/Patient.rs']) {
    const asking = oidc.clientCredentialsGrant(config, { scope }, await dpopOf(config));
    await expect(asking).rejects.toMatchObject({ error: 'invalid_scope' });
  }
  const stranger = await confidential(at.issuer, 'nobody', system.key);
  await expect(oidc.clientCredentialsGrant(stranger, {}, await dpopOf(stranger))).rejects.toMatchObject({
    error: 'invalid_client',
  });
});

test('gives a single-tenant system a bound token for its organisation', async () => {
  const config = await confidential(at.issuer, system.id, system.key);
  const how = await dpopOf(config);
  const tokens = await oidc.clientCredentialsGrant(
    config,
    { scope: 'system/Patient.rs system/Observation.cruds' },
    how,
  );
  expect(tokens.token_type).toBe('dpop');
  expect(decodeJwt(tokens.access_token)).toMatchObject({
    iss: at.issuer,
    sub: system.id,
    client_id: system.id,
    aud: `${at.baseUrl}/fhir`,
    scope: 'system/Observation.rs system/Patient.rs',
    cnf: { jkt: await how.DPoP.calculateThumbprint() },
    [helseIdClaims.clientName]: system.name,
    [helseIdClaims.clientAmr]: 'private_key_jwt',
    [helseIdClaims.clientTenancy]: 'single-tenant',
    [helseIdClaims.parentOrganisation]: legalEntity,
  });
});

const named = (system: string, value: string) => ({
  type: 'helseid_authorization',
  practitioner_role: { organization: { identifier: { system, type: 'ENH', value } } },
});

test('a multi-tenant system names its organisation in the assertion or in the request', async () => {
  const detail = named('urn:oid:1.0.6523', `NO:ORGNR:${legalEntity}:${hospital}`);
  const expected = {
    [helseIdClaims.clientTenancy]: 'multi-tenant',
    [helseIdClaims.parentOrganisation]: legalEntity,
    [helseIdClaims.childOrganisation]: hospital,
  };
  const byAssertion = await confidential(at.issuer, multi.id, multi.key, { assertion_details: [detail] });
  const first = await oidc.clientCredentialsGrant(byAssertion, { scope: 'system/*.rs' }, await dpopOf(byAssertion));
  expect(decodeJwt(first.access_token)).toMatchObject(expected);
  const byRequest = await confidential(at.issuer, multi.id, multi.key);
  const second = await oidc.clientCredentialsGrant(
    byRequest,
    { scope: 'system/*.rs', authorization_details: JSON.stringify([detail]) },
    await dpopOf(byRequest),
  );
  expect(decodeJwt(second.access_token)).toMatchObject(expected);
});

test('refuses an organisation in another form, with a wrong number, and another than the one registered', async () => {
  const child = 'urn:oid:2.16.578.1.12.4.1.4.101';
  const tries: [TestClient, object][] = [
    [multi, named(child, hospital)],
    [multi, named('urn:oid:1.0.6523', legalEntity)],
    [multi, named('urn:oid:1.0.6523', 'NO:ORGNR:123456789:123456789')],
    [multi, { type: 'helseid_authorization' }],
    [system, named('urn:oid:1.0.6523', `NO:ORGNR:${hospital}:`)],
  ];
  for (const [client, detail] of tries) {
    const config = await confidential(at.issuer, client.id, client.key, { assertion_details: [detail] });
    const asking = oidc.clientCredentialsGrant(config, { scope: 'system/Patient.rs' }, await dpopOf(config));
    await expect(asking).rejects.toMatchObject({ error: 'invalid_authorization_details' });
  }
  const config = await confidential(at.issuer, system.id, system.key, { assertion_details: [named(child, hospital)] });
  const right = await oidc.clientCredentialsGrant(config, { scope: 'system/Patient.rs' }, await dpopOf(config));
  expect(decodeJwt(right.access_token)).toMatchObject({ [helseIdClaims.childOrganisation]: hospital });
});

test('SMART Backend Services: an assertion of five minutes for the token endpoint, keys fetched from the client', async () => {
  let keys: object[] = [];
  const keyServer = await serve(() => ({ keys }));
  const { port } = keyServer.address() as { port: number };
  const client = await trial.addClient({
    scopes: ['system/*.rs'],
    profile: 'smart',
    jwksUri: `http://127.0.0.1:${port}/jwks.json`,
  });
  keys = [publicPart(client.key)];
  const url = `${trial.issuer}/token`;
  const now = Math.floor(Date.now() / 1000);
  const send = async (exp: number) =>
    post(url, {
      grant_type: 'client_credentials',
      scope: 'system/*.rs',
      client_assertion_type: assertionType,
      client_assertion: await assertion(
        client.id,
        url,
        client.key,
        { exp, iat: undefined, nbf: undefined },
        { typ: 'JWT' },
      ),
    });
  expect(await send(now + 400)).toMatchObject({ status: 401 });
  expect(await send(now + 290)).toMatchObject({ status: 200, body: { token_type: 'Bearer', scope: 'system/*.rs' } });
  keyServer.close();
});

test('a token is introspected while it lives; strangers learn nothing, and revoking ends it', async () => {
  const config = await confidential(at.issuer, system.id, system.key);
  const other = await confidential(at.issuer, multi.id, multi.key);
  const open = await at.addClient(
    { scopes: ['openid'], profile: 'smart', redirectUris: ['http://localhost:9/'] },
    true,
  );
  const anybody = await publicClient(at.issuer, open.id);
  const tokens = await oidc.clientCredentialsGrant(config, { scope: 'system/Patient.rs' }, await dpopOf(config));
  const told = await oidc.tokenIntrospection(other, tokens.access_token);
  expect(told).toMatchObject({
    active: true,
    client_id: system.id,
    scope: 'system/Patient.rs',
    token_type: 'DPoP',
    [helseIdClaims.parentOrganisation]: legalEntity,
  });
  expect(await oidc.tokenIntrospection(anybody, tokens.access_token)).toEqual({ active: false });
  expect(await oidc.tokenIntrospection(other, 'made-up')).toEqual({ active: false });
  expect(await oidc.tokenIntrospection(other, 'a.b.c')).toEqual({ active: false });
  expect((await post(`${at.issuer}/introspect`, { token: tokens.access_token })).status).toBe(400);
  // Neither its id nor a forgery with its id passes for the token.
  const [head, body] = tokens.access_token.split('.');
  const { jti } = decodeJwt(tokens.access_token);
  for (const forged of [String(jti), `${head}.${body}.${'A'.repeat(342)}`, `${head}.${body}.`])
    expect(await oidc.tokenIntrospection(other, forged)).toEqual({ active: false });
  await oidc.tokenRevocation(other, tokens.access_token);
  expect(await oidc.tokenIntrospection(other, tokens.access_token)).toMatchObject({ active: true });
  await oidc.tokenRevocation(config, tokens.access_token);
  expect(await oidc.tokenIntrospection(other, tokens.access_token)).toEqual({ active: false });
});

test('what is no endpoint is not found, and what is no form or too long is refused', async () => {
  expect((await fetch(`${at.issuer}/nothing-here`)).status).toBe(404);
  expect((await fetch(`${at.issuer}/token`)).status).toBe(404);
  const wrongType = await fetch(`${at.issuer}/token`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  expect(wrongType.status).toBe(400);
  const large = await post(`${at.issuer}/token`, { grant_type: 'x'.repeat(100_000) });
  expect(large.status).toBe(413);
});

function serve(content: () => object): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(content()));
    }).listen(0, '127.0.0.1', () => resolve(server));
  });
}
