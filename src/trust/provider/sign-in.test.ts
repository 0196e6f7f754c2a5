/** A person signs in by a certified client library, as our own pages and a HelseID client do: PAR, PKCE, private_key_jwt, DPoP with nonce. */
import { createRemoteJWKSet, importJWK, jwtVerify, type JWK } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fyrClaims, helseIdClaims, helseIdScopes } from './claims.ts';
import {
  createBrowsing,
  hospital,
  legalEntity,
  motherNumber,
  testProvider,
  type TestProvider,
} from './provider-for-test.ts';

let at: TestProvider;
let redirect: string;
beforeAll(async () => {
  at = await testProvider();
  redirect = `${at.baseUrl}/sign-in/callback`;
});
afterAll(() => at.close());

const scope = `openid profile ${helseIdScopes.pid} ${helseIdScopes.securityLevel} ${helseIdScopes.hprNumber}`;

async function discover(clientId: string, key: JWK, modify = (_header: object, _claims: object): void => {}) {
  const privateKey = (await importJWK(key, key.alg)) as Parameters<typeof oidc.PrivateKeyJwt>[0];
  return oidc.discovery(
    new URL(at.issuer),
    clientId,
    {},
    oidc.PrivateKeyJwt(privateKey, {
      [oidc.modifyAssertion]: (header, payload) => {
        (header as { typ?: string }).typ = 'client-authentication+jwt';
        modify(header, payload);
      },
    }),
    { execute: [oidc.allowInsecureRequests] },
  );
}

type Trying = { config: oidc.Configuration; verifier: string; state: string; dpop: oidc.DPoPHandle };

async function begin(config: oidc.Configuration, more: Record<string, string> = {}): Promise<Trying & { url: string }> {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const dpop = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
  const url = await oidc.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: redirect,
    scope,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...more,
  });
  return { config, verifier, state, dpop, url: url.href };
}

async function signIn(trying: Trying & { url: string }, persona: string): Promise<URL> {
  const browsing = createBrowsing();
  const page = await browsing.follow(trying.url, redirect);
  expect(page.html, JSON.stringify(page)).toContain('name="persona"');
  return new URL((await browsing.submit(page, 'sign-in', { persona }, redirect)).url);
}

function redeem({ config, verifier, state, dpop }: Trying, back: URL) {
  return oidc.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier, expectedState: state }, undefined, {
    DPoP: dpop,
  });
}

test('our pages sign a doctor in with PAR, PKCE, private_key_jwt and DPoP, and get HelseID claims in a bound token', async () => {
  const trying = await begin(await discover(at.provider.pages.clientId, at.provider.pages.key));
  const tokens = await redeem(trying, await signIn(trying, 'doctor'));
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
    [helseIdClaims.securityLevel]: '4',
    [helseIdClaims.hprNumber]: '990000001',
    [helseIdClaims.parentOrganisation]: legalEntity,
    [helseIdClaims.childOrganisation]: hospital,
    [fyrClaims.practitionerRole]: 'role-1',
    [fyrClaims.duty]: 'care',
    cnf: { jkt: await trying.dpop.calculateThumbprint() },
  });
  expect(tokens.claims()).toMatchObject({
    sub: 'doctor',
    name: 'Ingrid Bergvik',
    [helseIdClaims.hprNumber]: '990000001',
    [fyrClaims.practitionerRole]: 'role-1',
  });
});

test('a citizen signs in, and is told apart by the national number and the Patient', async () => {
  const trying = await begin(await discover(at.provider.pages.clientId, at.provider.pages.key));
  const tokens = await redeem(trying, await signIn(trying, 'mother'));
  expect(tokens.claims()).toMatchObject({ [helseIdClaims.pid]: motherNumber, [fyrClaims.patient]: 'patient-1' });
  expect(tokens.claims()).not.toHaveProperty([helseIdClaims.hprNumber]);
});
