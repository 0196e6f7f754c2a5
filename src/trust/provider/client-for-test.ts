/** The client side of the tests: openid-client (certified) for what goes well, and requests by hand for what must be refused. */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';
import * as oidc from 'openid-client';
import { helseIdScopes } from './claims.ts';
import { createBrowsing } from './provider-for-test.ts';

export const personScopes = `openid profile ${helseIdScopes.pid} ${helseIdScopes.securityLevel} ${helseIdScopes.hprNumber}`;

/** A confidential client as HelseID wants it. `extra`: more claims in its assertions. */
export async function confidential(
  issuer: string,
  clientId: string,
  key: JWK,
  extra: object = {},
): Promise<oidc.Configuration> {
  const privateKey = (await importJWK(key, key.alg)) as Parameters<typeof oidc.PrivateKeyJwt>[0];
  const auth = oidc.PrivateKeyJwt(privateKey, {
    [oidc.modifyAssertion]: (header, payload) => {
      Object.assign(header, { typ: 'client-authentication+jwt' });
      Object.assign(payload, extra);
    },
  });
  return oidc.discovery(new URL(issuer), clientId, {}, auth, { execute: [oidc.allowInsecureRequests] });
}

export async function publicClient(issuer: string, clientId: string): Promise<oidc.Configuration> {
  return oidc.discovery(new URL(issuer), clientId, {}, oidc.None(), { execute: [oidc.allowInsecureRequests] });
}

export type SigningIn = {
  config: oidc.Configuration;
  verifier: string;
  state: string;
  dpop: oidc.DPoPHandle;
  redirect: string;
  url: string;
};

/** Begins a sign-in by a pushed request. */
export async function beginSignIn(
  config: oidc.Configuration,
  redirect: string,
  more: Record<string, string> = {},
): Promise<SigningIn> {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const dpop = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
  const url = await oidc.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: redirect,
    scope: personScopes,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...more,
  });
  return { config, verifier, state, dpop, redirect, url: url.href };
}

/** Begins a sign-in by the address alone, as SMART applications do. */
export async function beginLaunch(
  config: oidc.Configuration,
  redirect: string,
  more: Record<string, string>,
): Promise<SigningIn> {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const dpop = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirect,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...more,
  });
  return { config, verifier, state, dpop, redirect, url: url.href };
}

type Page = { url: string; html: string; status: number };

/** Signs in, and answers the pages that come after, each by a form: the last address is where the application waits. */
export async function passPages(
  { url, redirect }: Pick<SigningIn, 'url' | 'redirect'>,
  persona: string,
  steps: readonly (readonly [action: string, fields: Record<string, string>])[] = [],
  browsing = createBrowsing(),
): Promise<URL> {
  let page: Page = await browsing.follow(url, redirect);
  if (page.html.includes('name="persona"')) page = await browsing.submit(page, 'sign-in', { persona }, redirect);
  for (const [action, fields] of steps) {
    if (page.status !== 200) throw new Error(`no page for ${action}: ${page.status} ${page.url}`);
    page = await browsing.submit(page, action, fields, redirect);
  }
  if (!page.url.startsWith(redirect)) throw new Error(`not back at the application: ${page.status} ${page.html}`);
  return new URL(page.url);
}

/** Exchanges the code. `bound: false`: without a proof of possession. */
export function redeem({ config, verifier, state, dpop }: SigningIn, back: URL, bound = true) {
  return oidc.authorizationCodeGrant(
    config,
    back,
    { pkceCodeVerifier: verifier, expectedState: state },
    undefined,
    bound ? { DPoP: dpop } : {},
  );
}

/** A client assertion, right unless said otherwise. */
export async function assertion(
  clientId: string,
  issuer: string,
  key: JWK,
  claims: { [name: string]: unknown } = {},
  header: { [name: string]: unknown } = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const all = {
    iss: clientId,
    sub: clientId,
    aud: issuer,
    iat: now,
    nbf: now,
    exp: now + 30,
    jti: crypto.randomUUID(),
    ...claims,
  };
  return new SignJWT(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
    .setProtectedHeader({ alg: 'ES256', kid: key.kid ?? '', typ: 'client-authentication+jwt', ...header })
    .sign(await importJWK(key, 'ES256'));
}

/** A key to prove possession of, with its proofs by hand. */
export async function possession() {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    proof: (url: string, claims: { [name: string]: unknown } = {}) =>
      new SignJWT({
        jti: crypto.randomUUID(),
        htm: 'POST',
        htu: url,
        iat: Math.floor(Date.now() / 1000),
        ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .sign(privateKey),
  };
}

export type Answer = { status: number; body: { [name: string]: any }; headers: Headers };

/** Sends a form, as a client without a library does. */
export async function post(
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : {}, headers: answer.headers };
}

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
