/** How `oidc-provider` is set up: what HelseID demands for clients of its kind, what SMART App Launch needs for others. */
import {
  errors,
  type AuthorizationDetail,
  type Client,
  type Configuration,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import type { JWK } from 'jose';
import type { Clock } from '#kernel/clock.ts';
import { createAdapter, type AdapterDeps } from './adapter.ts';
import { fyrClaims, helseIdClaims, helseIdScopes, personClaims } from './claims.ts';
import { checkAssertion, clockToleranceSeconds } from './client-assertion.ts';
import {
  authorizationDetailTypes,
  clientProperties,
  knownClient,
  pagesClientId,
  plainScopes,
  registeredScopes,
} from './clients.ts';
import type { IssuedToken, IssuedTokens } from './issued-tokens.ts';
import type { ProviderKeys } from './key-store.ts';
import { errorPage, signedOutPage, signOutPage } from './provider-pages.ts';
import type { ItemStore } from './provider-store.ts';
import { allowedScopes, parseScope } from './scopes.ts';
import { namedOrganisation, tokenClaims, type TokenClaimsDeps } from './token-claims.ts';

export type ConfigurationDeps = AdapterDeps &
  TokenClaimsDeps & {
    issuer: string;
    items: ItemStore;
    issued: IssuedTokens;
    keys: ProviderKeys;
    clock: Clock;
  };

/** Seconds that things are good for. */
export const lifetimes = {
  accessToken: 600,
  authorizationCode: 60,
  idToken: 600,
  refreshToken: 14 * 86_400,
  grant: 14 * 86_400,
  session: 12 * 3600,
  interaction: 1800,
} as const;

/** Every table of settings that the library knows and we use. */
export function providerConfiguration(deps: ConfigurationDeps): Configuration {
  return {
    adapter: createAdapter(deps),
    jwks: { keys: deps.keys.signing as (JWK & { kty: string })[] } as NonNullable<Configuration['jwks']>,
    clientAuthMethods: ['private_key_jwt', 'none'],
    responseTypes: ['code'],
    scopes: [...plainScopes, ...registeredScopes],
    claims: claimsByScope,
    subjectTypes: ['public'],
    clockTolerance: clockToleranceSeconds,
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: () => true },
    extraClientMetadata: { properties: clientProperties },
    extraParams: { aud: (ctx, value, client) => checkAudience(deps.fhirBase, ctx, value, client), launch: null },
    enabledJWA: algorithms,
    cookies: cookiesOf(deps.keys),
    ttl: ttlOf,
    routes: {
      authorization: '/authorize',
      pushed_authorization_request: '/par',
      token: '/token',
      introspection: '/introspect',
      revocation: '/revoke',
      jwks: '/jwks',
      end_session: '/sign-out',
    },
    interactions: { url: (_ctx, interaction) => `${pathOf(deps.issuer)}/interaction/${interaction.uid}` },
    features: featuresOf(deps),
    findAccount: (_ctx, sub) => findAccount(deps, sub),
    loadExistingGrant: (ctx) => grantOf(deps, ctx),
    extraTokenClaims: (ctx, token) => tokenClaims(deps, ctx, token),
    formats: { customizers: { jwt: (_ctx, token, { payload }) => rememberToken(deps.issued, token, payload) } },
    issueRefreshToken: (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') &&
      (code.scopes.has('offline_access') || code.scopes.has('online_access')),
    rotateRefreshToken: true,
    // The library would end what was given in a session when the same application is opened again in it, on another patient, say.
    // We end it ourselves when the session does (around-answers.ts).
    expiresWithSession: () => false,
    assertJwtClientAuthClaimsAndHeader(ctx, claims, header, client) {
      checkAssertion(deps.issuer, claims, header, client, Math.floor(deps.clock.now() / 1000));
      deps.assertions.keep(ctx, claims);
    },
    renderError: (ctx, out) => errorPage(ctx, out),
    fetch: fetchKeys,
    clientBasedCORS: (_ctx, origin, client) =>
      client.clientAuthMethod === 'none' && (client.redirectUris ?? []).some((uri) => originOf(uri) === origin),
  };
}

const claimsByScope: NonNullable<Configuration['claims']> = {
  openid: ['sub', 'auth_time', ...Object.values(fyrClaims)],
  profile: ['name', 'given_name', 'family_name'],
  fhirUser: ['fhirUser'],
  [helseIdScopes.pid]: [helseIdClaims.pid],
  [helseIdScopes.pidPseudonym]: [helseIdClaims.pidPseudonym],
  [helseIdScopes.securityLevel]: [helseIdClaims.securityLevel],
  [helseIdScopes.assuranceLevel]: [helseIdClaims.assuranceLevel],
  [helseIdScopes.network]: [helseIdClaims.network],
  [helseIdScopes.hprNumber]: [helseIdClaims.hprNumber],
};

/** What HelseID and SMART Backend Services take: no symmetric keys. */
const algorithms: NonNullable<Configuration['enabledJWA']> = {
  clientAuthSigningAlgValues: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'],
  dPoPSigningAlgValues: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'],
  idTokenSigningAlgValues: ['RS256'],
};

function cookiesOf(keys: ProviderKeys): NonNullable<Configuration['cookies']> {
  return {
    keys: [keys.cookies],
    names: { session: 'fyr-oidc-session', interaction: 'fyr-oidc-interaction', resume: 'fyr-oidc-resume' },
    long: { httpOnly: true, sameSite: 'lax', signed: true },
    short: { httpOnly: true, sameSite: 'lax', signed: true },
  };
}

const ttlOf: NonNullable<Configuration['ttl']> = {
  AccessToken: lifetimes.accessToken,
  ClientCredentials: lifetimes.accessToken,
  AuthorizationCode: lifetimes.authorizationCode,
  IdToken: lifetimes.idToken,
  RefreshToken: (_ctx, token) => (token.scopes.has('offline_access') ? lifetimes.refreshToken : lifetimes.session),
  Grant: lifetimes.grant,
  Session: lifetimes.session,
  Interaction: lifetimes.interaction,
};

function featuresOf(deps: ConfigurationDeps): NonNullable<Configuration['features']> {
  const own = (ctx: KoaContextWithOIDC, client: Client, token: { clientId?: string | undefined }): boolean =>
    client.clientId === token.clientId || client.clientAuthMethod !== 'none';
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: own },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => client.clientId === token.clientId },
    dPoP: { enabled: true, nonceSecret: deps.keys.dpopNonce, requireNonce: (ctx) => ctx.oidc.route === 'token' },
    pushedAuthorizationRequests: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => signOutPage(ctx, form),
      postLogoutSuccessSource: (ctx) => signedOutPage(ctx),
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => deps.fhirBase,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, indicator, client) => resourceServer(deps.fhirBase, ctx, indicator, client),
    },
    richAuthorizationRequests: {
      enabled: true,
      types: detailTypes,
      authorizationDetailsForGrantSource: (ctx) => ctx.oidc.entities.Grant?.rar,
      authorizationDetailsForAccessToken: (ctx, _token, source) => requestedDetails(ctx) ?? source?.rar,
      authorizationDetailsForIntrospection: (_ctx, token) => token.rar,
    },
  } as NonNullable<Configuration['features']>;
}

type DetailCheck = { validate(ctx: KoaContextWithOIDC, detail: AuthorizationDetail, client: Client): void };

const detailTypes: { readonly [type in (typeof authorizationDetailTypes)[number]]: DetailCheck } = {
  helseid_authorization: { validate: (_ctx, detail, client) => void namedOrganisation([detail], knownClient(client)) },
  'nhn:tillitsrammeverk:parameters': { validate: checkSize },
  'nhn:sfm:journal-id': { validate: checkSize },
};

const detailLengthMax = 16_384;

function checkSize(_ctx: KoaContextWithOIDC, detail: AuthorizationDetail): void {
  if (JSON.stringify(detail).length > detailLengthMax)
    throw new errors.InvalidAuthorizationDetails('these authorization details are too long');
}

function requestedDetails(ctx: KoaContextWithOIDC): AuthorizationDetail[] | undefined {
  const text = ctx.oidc.params?.['authorization_details'];
  return typeof text === 'string' ? (JSON.parse(text) as AuthorizationDetail[]) : undefined;
}

/** SMART wants `aud` to say for whom the token shall be, so that a false FHIR server can't collect tokens for the true one. */
function checkAudience(fhirBase: string, ctx: KoaContextWithOIDC, value: string | undefined, client: Client): void {
  // A pushed request has been checked, and has since become a JWT with an `aud` of its own.
  if (ctx.oidc.entities.PushedAuthorizationRequest) return;
  const isDemanded = knownClient(client).profile === 'smart';
  if (value === undefined ? isDemanded : value.replace(/\/$/, '') !== fhirBase)
    throw new errors.InvalidRequest(`aud must be ${fhirBase}`);
}

/** The FHIR API is the only thing that tokens are for. What is granted is what is asked for and registered. */
function resourceServer(fhirBase: string, ctx: KoaContextWithOIDC, indicator: string, client: Client) {
  if (indicator.replace(/\/$/, '') !== fhirBase) throw new errors.InvalidTarget();
  const { AuthorizationCode, RefreshToken } = ctx.oidc.entities;
  const asked = (RefreshToken?.scope ?? AuthorizationCode?.scope ?? String(ctx.oidc.params?.['scope'] ?? '')).split(
    ' ',
  );
  const granted = grantedScopes(asked.filter(Boolean), knownClient(client).scopes);
  // A request for more than is registered goes on as one for what is: everything later compares scopes by their text.
  if (!AuthorizationCode && !RefreshToken && ctx.oidc.params) ctx.oidc.params['scope'] = granted.join(' ') || undefined;
  return {
    scope: granted.join(' '),
    audience: fhirBase,
    accessTokenFormat: 'jwt' as const,
    accessTokenTTL: lifetimes.accessToken,
    jwt: { sign: { alg: 'RS256' as const } },
  };
}

/** Throws `invalid_scope` when something of the record was asked for, and nothing of it may be had. */
export function grantedScopes(asked: readonly string[], registered: readonly string[]): string[] {
  const granted = allowedScopes(
    asked,
    registered,
    (scope) => plainScopes.includes(scope) || (registeredScopes.includes(scope) && registered.includes(scope)),
  );
  const ofRecord = asked.filter((scope) => parseScope(scope) !== undefined);
  if (ofRecord.length > 0 && !granted.some((scope) => parseScope(scope) !== undefined))
    throw new errors.InvalidScope('none of the requested scopes is registered for this client', ofRecord.join(' '));
  return granted;
}

async function findAccount(deps: ConfigurationDeps, sub: string) {
  const person = await deps.findPerson(sub);
  return (
    person && {
      accountId: sub,
      claims: async () => ({ sub, ...personClaims(person, deps.fhirBase) }),
    }
  );
}

/** Our own pages are never asked about. Other applications are asked about each time: each launch has its own patient. */
async function grantOf(deps: ConfigurationDeps, ctx: KoaContextWithOIDC) {
  const { provider, client, account, result, params, session } = ctx.oidc;
  if (result?.consent?.grantId !== undefined) return provider.Grant.find(result.consent.grantId);
  if (client?.clientId !== pagesClientId || !account) return undefined;
  const earlier = await provider.Grant.find(String(session?.grantIdFor(pagesClientId)));
  const grant =
    earlier?.accountId === account.accountId
      ? earlier
      : new provider.Grant({ clientId: client.clientId, accountId: account.accountId });
  const scope = String(params?.['scope'] ?? '');
  if (scope !== '') {
    grant.addOIDCScope(scope);
    grant.addResourceScope(deps.fhirBase, scope);
  }
  await grant.save();
  return grant;
}

type Payload = { [name: string]: unknown };

/** What the library looks at when a token is introspected or revoked. */
const remembered = ['clientId', 'grantId', 'accountId', 'gty', 'scope', 'sid', 'sessionUid', 'jkt', 'extra', 'rar'];

async function rememberToken(issued: IssuedTokens, token: object, payload: Payload): Promise<void> {
  const { kind, ...known } = token as { kind: IssuedToken['kind'] } & Payload;
  const kept = Object.fromEntries(
    remembered.map((name) => [name, known[name]]).filter(([, value]) => value !== undefined),
  );
  const { jti, iat, exp, aud } = payload as IssuedToken;
  await issued.remember({ ...kept, kind, jti, iat, exp, aud });
}

/**
 * The keys of a client at their address (`jwks_uri`), which operators register and nobody else. The library refuses addresses that are not
 * public, which is right but for one case: a system on this very machine.
 */
async function fetchKeys(address: string | URL | Request, options: RequestInit = {}): Promise<Response> {
  const { hostname } = new URL(address instanceof Request ? address.url : address);
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  const { dispatcher: guarded, ...plain } = options as RequestInit & { dispatcher?: unknown };
  return fetch(address, { ...plain, redirect: 'error', ...(isHere ? {} : { dispatcher: guarded }) } as RequestInit);
}

function originOf(uri: string): string | undefined {
  return /^https?:/.test(uri) ? URL.parse(uri)?.origin : undefined;
}

function pathOf(url: string): string {
  return new URL(url).pathname;
}
