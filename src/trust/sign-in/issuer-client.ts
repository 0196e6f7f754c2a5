/**
 * Fyr as a client of an issuer: authorization code with PKCE S256, pushed (PAR), authenticated by private_key_jwt, with DPoP where the issuer speaks it:
 * what HelseID and ID-porten demand, and any OpenID provider understands.
 */
import { importJWK, jwtVerify, type CryptoKey, type JWK } from 'jose';
import * as openid from 'openid-client';
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import { algorithms, refused, type Claims, type IssuerKeys, type TrustedIssuer } from '../tokens/index.ts';
import { claimNames, mergeClaims } from './identity.ts';

/** An issuer that people sign in to the pages with. */
export type SignInIssuer = TrustedIssuer & {
  /** What Fyr is called there. */
  clientId: string;
  /** The private key of that client, with its `kid` and `alg`. */
  key: JWK;
  /** Organisation numbers that Fyr signs in for. */
  organisation?: { readonly parent?: string; readonly child?: string } | undefined;
  /** What is asked for besides what the kind always asks for, with blanks between. */
  scopes?: string | undefined;
};

export type Checks = { state: string; nonce: string; verifier: string };

export type SignedIn = { claims: Claims; idToken: string | undefined; issuerSession: string | undefined };

export type IssuerClient = {
  issuer: SignInIssuer;
  keys: IssuerKeys;
  /** Where to send the browser. Throws a Fault `unavailable` when the issuer can't be reached. */
  begin(checks: Checks): Promise<URL>;
  /** What the issuer says of the person, once the browser has come back to `currentUrl`. Throws a Fault `unauthenticated` when it is not right. */
  finish(currentUrl: URL, checks: Checks): Promise<SignedIn>;
  /** Where to send the browser to sign out there too; undefined where the issuer has no such place, or can't be reached. */
  endSession(idToken: string | null): Promise<URL | undefined>;
};

export type IssuerClientDeps = { keys: IssuerKeys; clock: Clock; fetch: openid.CustomFetch; baseUrl: string };

const assertionSeconds = 30;
const timeoutSeconds = 10;

/** What each kind must be asked for to say who it is. */
const scopesOfKind: { readonly [kind in TrustedIssuer['kind']]: string } = {
  embedded: `openid profile helseid://scopes/identity/pid helseid://scopes/identity/security_level helseid://scopes/hpr/hpr_number`,
  helseid: `openid profile helseid://scopes/identity/pid helseid://scopes/identity/security_level helseid://scopes/hpr/hpr_number`,
  idporten: 'openid profile',
  openid: 'openid profile',
};

export function createIssuerClient(issuer: SignInIssuer, deps: IssuerClientDeps): IssuerClient {
  const { keys, clock, baseUrl } = deps;
  const configurations = new WeakMap<object, Promise<openid.Configuration>>();
  const redirectUri = `${baseUrl}/sign-in/callback`;

  /** Made anew when the issuer has told of itself anew. */
  const configuration = async (): Promise<openid.Configuration> => {
    const metadata = await keys.metadata();
    const made = configurations.get(metadata) ?? configure(issuer, metadata, deps);
    configurations.set(metadata, made);
    return made;
  };

  return {
    issuer,
    keys,
    async begin({ state, nonce, verifier }) {
      const config = await configuration();
      const parameters = {
        redirect_uri: redirectUri,
        scope: [scopesOfKind[issuer.kind], issuer.scopes ?? ''].join(' ').trim(),
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(issuer.kind === 'idporten' ? { acr_values: 'idporten-loa-high' } : {}),
        ...authorizationDetails(issuer),
      };
      const isPushed = config.serverMetadata().pushed_authorization_request_endpoint !== undefined;
      if (!isPushed) return openid.buildAuthorizationUrl(config, parameters);
      return told(() => openid.buildAuthorizationUrlWithPAR(config, parameters));
    },
    async finish(currentUrl, { state, nonce, verifier }) {
      const config = await configuration();
      const checks = {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      };
      const proof = await proofFor(config, issuer);
      const tokens = await told(() => openid.authorizationCodeGrant(config, currentUrl, checks, undefined, proof));
      const claims = await verifyIdToken(tokens.id_token ?? '', issuer, keys, clock);
      return {
        claims: await withUserInfo(config, claims, tokens.access_token, proof),
        idToken: tokens.id_token,
        issuerSession: typeof claims['sid'] === 'string' ? claims['sid'] : undefined,
      };
    },
    async endSession(idToken) {
      const config = await configuration().catch(() => undefined);
      if (config?.serverMetadata().end_session_endpoint === undefined) return undefined;
      return openid.buildEndSessionUrl(config, {
        post_logout_redirect_uri: `${baseUrl}/`,
        // It says who the person is, so it stands in an address only where the issuer wants it to.
        ...(idToken === null || issuer.kind === 'embedded' ? {} : { id_token_hint: idToken }),
      });
    },
  };
}

async function configure(
  issuer: SignInIssuer,
  metadata: { readonly [name: string]: unknown },
  { fetch }: IssuerClientDeps,
): Promise<openid.Configuration> {
  const alg = issuer.key.alg ?? (issuer.key.kty === 'RSA' ? 'RS256' : 'ES256');
  const key = (await importJWK(issuer.key, alg)) as CryptoKey;
  const authentication = openid.PrivateKeyJwt(
    { key, ...(issuer.key.kid === undefined ? {} : { kid: issuer.key.kid }) },
    {
      // As HelseID's security profile has it: no other JWT can be taken for this one, and it lives as long as a request.
      [openid.modifyAssertion]: (header, payload) => {
        header['typ'] = 'client-authentication+jwt';
        payload['aud'] = issuer.url;
        payload['exp'] = Number(payload['iat']) + assertionSeconds;
      },
    },
  );
  const server = metadata as unknown as openid.ServerMetadata;
  const config = new openid.Configuration(server, issuer.clientId, {}, authentication);
  config.timeout = timeoutSeconds;
  config[openid.customFetch] = fetch;
  // The settings take http for this very machine only.
  if (issuer.url.startsWith('http:')) openid.allowInsecureRequests(config);
  return config;
}

/** A key for this one sign-in: its tokens are thrown away once they have said who it is. */
async function proofFor(config: openid.Configuration, issuer: SignInIssuer): Promise<openid.DPoPOptions> {
  const isSpoken = config.serverMetadata().dpop_signing_alg_values_supported !== undefined;
  if (!isSpoken && issuer.kind !== 'helseid') return {};
  return { DPoP: openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256')) };
}

/** HelseID: which legal entity and place of care the person works at. */
function authorizationDetails({ kind, organisation }: SignInIssuer): { authorization_details?: string } {
  if (organisation === undefined || kind === 'idporten') return {};
  const { parent, child = '' } = organisation;
  // A client of one legal entity (single-tenant) names the place of care only.
  const identifier =
    parent === undefined
      ? { system: identifierSystems.organisationNumber, type: 'ENH', value: child }
      : { system: 'urn:oid:1.0.6523', type: 'ENH', value: `NO:ORGNR:${parent}:${child}` };
  const details = [{ type: 'helseid_authorization', practitioner_role: { organization: { identifier } } }];
  return { authorization_details: JSON.stringify(details) };
}

/** Its signature too, although it came straight from the issuer: OpenID Connect Core §3.1.3.7. */
async function verifyIdToken(token: string, issuer: SignInIssuer, keys: IssuerKeys, clock: Clock): Promise<Claims> {
  try {
    const { payload } = await jwtVerify(token, (header) => keys.key(header), {
      algorithms,
      issuer: issuer.url,
      audience: issuer.clientId,
      requiredClaims: ['sub', 'exp', 'iat'],
      clockTolerance: timeoutSeconds,
      currentDate: new Date(clock.now()),
    });
    return payload;
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw refused('invalid_token', 'The issuer sent an ID token that is not right.', '', error);
  }
}

/** Issuers that keep who it is out of the ID token tell it when asked. */
async function withUserInfo(
  config: openid.Configuration,
  claims: Claims,
  accessToken: string,
  proof: openid.DPoPOptions,
): Promise<Claims> {
  const isTold = [claimNames.personNumber, claimNames.hprNumber, claimNames.patient, 'pid'].some(
    (name) => name in claims,
  );
  if (isTold || config.serverMetadata().userinfo_endpoint === undefined) return claims;
  const more = await told(() => openid.fetchUserInfo(config, accessToken, String(claims.sub), proof));
  return mergeClaims(claims, more as Claims);
}

/** What the library throws, as a refusal: the issuer said no, answered wrongly, or could not be reached. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAnswer(error)) throw refused('invalid_token', 'The issuer did not sign you in.', '', error);
    throw new Fault('unavailable', 'The issuer of the sign-in can not be reached right now.', { cause: error });
  }
}

/** The issuer spoke, and said no or nonsense; not that it did not come to speak, or that something is wrong at its side. */
function isAnswer(error: unknown): boolean {
  if (error instanceof openid.AuthorizationResponseError) return true;
  if (error instanceof openid.ResponseBodyError || error instanceof openid.WWWAuthenticateChallengeError)
    return error.status < 500;
  if (!(error instanceof openid.ClientError) || error.code === 'OAUTH_TIMEOUT') return false;
  return !(error.cause instanceof Response && error.cause.status >= 500) && !(error.cause instanceof TypeError);
}
