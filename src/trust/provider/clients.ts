/** What `oidc-provider` is told of each client: how it proves who it is, which flows it has, and what is demanded of it. */
import type { AdapterPayload } from 'oidc-provider';
import type { JWK } from 'jose';
import { helseIdScopes } from './claims.ts';
import type { ClientProfile, RegisteredClient } from './client-store.ts';
import { publicPart } from './key-store.ts';
import { admissionsScope, parseScope } from './scopes.ts';

/** The node's own pages: a confidential client like any other, but people are not asked whether it may act for them. */
export const pagesClientId = 'fyr-pages';

/** Scopes that are not over resources and that any application may ask for. */
export const plainScopes: readonly string[] = [
  'openid',
  'profile',
  'offline_access',
  'online_access',
  'fhirUser',
  'launch',
  'launch/patient',
  'launch/encounter',
  ...Object.values(helseIdScopes),
];

/** Those that only a system has for which they were registered. */
export const registeredScopes: readonly string[] = [admissionsScope];

/** What HelseID knows; the attestation of the trust framework goes on in the token, for who receives it. */
export const authorizationDetailTypes = [
  'helseid_authorization',
  'nhn:tillitsrammeverk:parameters',
  'nhn:sfm:journal-id',
] as const;

export type KnownClient = Omit<RegisteredClient, 'profile'> & { profile: ClientProfile | 'pages' };

export function pagesClient(baseUrl: string, key: JWK): KnownClient {
  return {
    id: pagesClientId,
    name: 'Fyr',
    profile: 'pages',
    scopes: [],
    redirectUris: [`${baseUrl}/sign-in/callback`],
    jwks: { keys: [publicPart(key)] },
  };
}

/** No key of its own: anybody may call himself by its id, so only PKCE and its redirect addresses protect it. */
export function isPublic({ jwks, jwksUri }: Pick<RegisteredClient, 'jwks' | 'jwksUri'>): boolean {
  return jwks === undefined && jwksUri === undefined;
}

/**
 * The metadata of RFC 7591 for a client.
 * @param bearerAllowed the trial's setting; without it every token is bound to a key (DPoP), also those of SMART clients
 */
export function clientMetadata(client: KnownClient, bearerAllowed: boolean, baseUrl: string): AdapterPayload {
  const acts = client.redirectUris.length > 0;
  const isSystem = !isPublic(client) && client.scopes.some((scope) => parseScope(scope)?.level === 'system');
  return {
    client_id: client.id,
    client_name: client.name,
    application_type: client.redirectUris.some((uri) => !/^https?:/.test(uri)) ? 'native' : 'web',
    redirect_uris: [...client.redirectUris],
    ...(client.profile === 'pages' ? { post_logout_redirect_uris: [baseUrl, `${baseUrl}/`] } : {}),
    response_types: acts ? ['code'] : [],
    grant_types: [
      ...(acts ? ['authorization_code', 'refresh_token'] : []),
      ...(isSystem ? ['client_credentials'] : []),
    ],
    token_endpoint_auth_method: isPublic(client) ? 'none' : 'private_key_jwt',
    ...(client.jwks ? { jwks: client.jwks } : {}),
    ...(client.jwksUri === undefined ? {} : { jwks_uri: client.jwksUri }),
    authorization_details_types: [...authorizationDetailTypes],
    id_token_signed_response_alg: 'RS256',
    require_pushed_authorization_requests: client.profile !== 'smart' && !isPublic(client),
    dpop_bound_access_tokens: client.profile !== 'smart' || !bearerAllowed,
    fyr_profile: client.profile,
    fyr_scopes: client.scopes.join(' '),
    ...(client.organisation === undefined ? {} : { fyr_organisation: client.organisation }),
  } as AdapterPayload;
}

/** Metadata of ours that clients carry. */
export const clientProperties = ['fyr_profile', 'fyr_scopes', 'fyr_organisation'];

type Registered = { clientId: string; clientName?: string | undefined; clientAuthMethod?: string | undefined };

/** Back from `oidc-provider`'s client. */
export function knownClient(client: Registered): {
  id: string;
  name: string;
  profile: KnownClient['profile'];
  scopes: readonly string[];
  organisation?: string;
  isPublic: boolean;
} {
  const ours = client as Registered & { [name: string]: unknown };
  const scopes = String(ours['fyr_scopes'] ?? '');
  const organisation = ours['fyr_organisation'];
  return {
    id: client.clientId,
    name: client.clientName ?? client.clientId,
    profile: ours['fyr_profile'] as KnownClient['profile'],
    scopes: scopes === '' ? [] : scopes.split(' '),
    ...(typeof organisation === 'string' ? { organisation } : {}),
    isPublic: client.clientAuthMethod === 'none',
  };
}
