/**
 * For tests: an OpenID provider that demands what HelseID and ID-porten demand: PAR, PKCE S256, private_key_jwt of the right typ and at most 60 s, DPoP
 * with the server's nonce. Whoever comes is signed in as the person that the test has put forward.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import { errors, interactionPolicy, Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';

export type OpenIdPeer = {
  url: string;
  /** The private key of the client `fyr`. */
  clientKey: JWK;
  /** Who comes next: subject and claims. */
  person: { sub: string; claims: { [name: string]: unknown } };
  /** The client assertions that it saw, as header and claims, and the authorization requests. */
  seen: {
    assertions: { header: object; claims: { [name: string]: unknown } }[];
    requests: { [name: string]: unknown }[];
    errors: string[];
  };
  /** A JWT of its own, signed as its ID tokens are. */
  sign(claims: object, header?: object): Promise<string>;
  stop(): Promise<void>;
  start(): Promise<void>;
};

export async function startPeer(baseUrl: string, kind: 'helseid' | 'idporten'): Promise<OpenIdPeer> {
  const client = await keyPair('client');
  const own = await keyPair('issuer');
  const seen: OpenIdPeer['seen'] = { assertions: [], requests: [], errors: [] };
  let server: Server | undefined;
  let port = 0;
  const serving: { handler?: ReturnType<Provider['callback']> } = {};
  const start = async (): Promise<void> => {
    server = createServer((request, response) => {
      const isInteraction = request.url?.startsWith('/interaction/') === true;
      if (isInteraction) void finishInteraction(provider, request, response, peer.person);
      else void serving.handler?.(request, response);
    });
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  };
  await start();
  const url = `http://127.0.0.1:${port}`;
  const signing = (await importJWK(own.privateKey, 'ES256')) as CryptoKey;
  const peer: OpenIdPeer = {
    url,
    clientKey: client.privateKey,
    person: { sub: 'nobody', claims: {} },
    seen,
    sign: (claims, header = {}) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'issuer', ...header }).sign(signing),
    stop,
    start,
  };
  const provider = new Provider(
    url,
    configurationOf(baseUrl, kind, { peer, client: client.publicKey, own: own.privateKey }),
  );
  for (const event of ['pushed_authorization_request.error', 'grant.error', 'server_error', 'authorization.error'])
    provider.on(
      event as 'grant.error',
      (_ctx, error) => void seen.errors.push(String((error as { error_detail?: string }).error_detail ?? error)),
    );
  serving.handler = provider.callback();
  return peer;
}

async function keyPair(kid: string): Promise<{ privateKey: JWK; publicKey: JWK }> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const more = { kid, alg: 'ES256', use: 'sig' };
  return {
    privateKey: { ...(await exportJWK(pair.privateKey)), ...more },
    publicKey: { ...(await exportJWK(pair.publicKey)), ...more },
  };
}

async function finishInteraction(
  provider: Provider,
  request: Parameters<Provider['interactionFinished']>[0],
  response: Parameters<Provider['interactionFinished']>[1],
  { sub: accountId, claims }: OpenIdPeer['person'],
): Promise<void> {
  const acr = claims['acr'] as string | undefined;
  await provider.interactionFinished(request, response, {
    login: { accountId, ...(acr === undefined ? {} : { acr }) },
    consent: {},
  });
}

type Parts = { peer: OpenIdPeer; client: JWK; own: JWK };

function configurationOf(baseUrl: string, kind: 'helseid' | 'idporten', { peer, client, own }: Parts): Configuration {
  return {
    clients: [
      {
        client_id: 'fyr',
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [client] } as never,
        redirect_uris: [`${baseUrl}/sign-in/callback`],
        post_logout_redirect_uris: [`${baseUrl}/`],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        dpop_bound_access_tokens: kind === 'helseid',
        id_token_signed_response_alg: 'ES256',
        authorization_details_types: ['helseid_authorization'],
      },
    ],
    jwks: { keys: [own] } as never,
    clientAuthMethods: ['private_key_jwt'],
    responseTypes: ['code'],
    scopes: [
      'openid',
      'profile',
      'helseid://scopes/identity/pid',
      'helseid://scopes/identity/security_level',
      'helseid://scopes/hpr/hpr_number',
    ],
    claims: { openid: ['sub', 'sid', 'acr', 'name', 'pid', ...helseIdNames] } as never,
    acrValues: ['idporten-loa-high', 'idporten-loa-substantial'],
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ['test'] },
    interactions: { policy: signInOnly(), url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
      dPoP: {
        enabled: true,
        nonceSecret: Buffer.alloc(32, 7),
        requireNonce: (ctx: KoaContextWithOIDC) => ctx.oidc.route === 'token',
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => `${baseUrl}/fhir`,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'openid',
          audience: `${baseUrl}/fhir`,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
      richAuthorizationRequests: {
        enabled: true,
        types: { helseid_authorization: { validate: () => undefined } },
        authorizationDetailsForGrantSource: () => undefined,
        authorizationDetailsForAccessToken: () => undefined,
        authorizationDetailsForIntrospection: () => undefined,
      },
    } as never,
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['ES256'] },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...peer.person.claims }) as never }),
    loadExistingGrant: async (ctx) => {
      const { provider, client: asks, account, params } = ctx.oidc;
      peer.seen.requests.push({ ...params });
      const grant = new provider.Grant({ clientId: asks?.clientId as string, accountId: account?.accountId as string });
      grant.addOIDCScope(String(params?.['scope']));
      await grant.save();
      return grant;
    },
    assertJwtClientAuthClaimsAndHeader(_ctx, claims, header) {
      peer.seen.assertions.push({ header, claims });
      if ((header as { typ?: string }).typ !== 'client-authentication+jwt') throw new errors.InvalidClientAuth('typ');
      if (Number(claims['exp']) - Number(claims['iat']) > 60) throw new errors.InvalidClientAuth('it lives too long');
    },
  };
}

/** Nobody is asked whether Fyr may. */
function signInOnly(): ReturnType<typeof interactionPolicy.base> {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  return policy;
}

const helseIdNames = [
  'helseid://claims/identity/pid',
  'helseid://claims/identity/security_level',
  'helseid://claims/hpr/hpr_number',
  'helseid://claims/client/claims/orgnr_parent',
  'helseid://claims/client/claims/orgnr_child',
];
