/** A token without a sign-in, for scripts and `curl` in trials: made by whoever has the node's database, with the claims of a signed-in one. */
import { importJWK, SignJWT } from 'jose';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import { createClientStore, type RegisteredClient } from './client-store.ts';
import type { Claims } from './claims.ts';
import { isPublic, registeredScopes } from './clients.ts';
import { createIssuedTokens } from './issued-tokens.ts';
import { loadKeys } from './key-store.ts';
import type { OrganisationNumbers } from './organisation-details.ts';
import { readPerson, type ResourceReader } from './person.ts';
import type { PersonaEntry } from './persona.ts';
import { createItemStore } from './provider-store.ts';
import { allowedScopes, parseScope } from './scopes.ts';
import { personalClaims, systemClaims } from './token-claims.ts';

export type TokenRequest = {
  /** The key of a persona, or the name or id of a client. */
  as: string;
  /** Of a client: at most what it is registered for; of a persona: none means all that the person may do. */
  scopes?: readonly string[];
  /** How long it is good for. */
  forSeconds: number;
};

export type IssueDeps = {
  db: Db;
  clock: Clock;
  ids: Ids;
  baseUrl: string;
  personas: readonly PersonaEntry[];
  read: ResourceReader;
};

/** What stands as the client in a persona's token. */
const scriptClient = { id: 'fyr-token', name: 'fyr token', profile: 'pages', scopes: [], isPublic: true } as const;

/**
 * Gives the token. It is not bound to a key: nodes take it only with `FYR_TRIAL_BEARER`.
 * Throws a Fault `notFound` when there is no such persona or client, or the record does not have the person (yet); `forbidden` for scopes that a client
 * is not registered for.
 */
export async function issueToken(deps: IssueDeps, request: TokenRequest): Promise<string> {
  const { db, clock, ids, baseUrl } = deps;
  const persona = deps.personas.find(({ key }) => key === request.as);
  const { claims, kind } = persona
    ? await ofPerson(deps, persona, request.scopes)
    : await ofClient(deps, request.as, request.scopes);
  const keys = await loadKeys(db, clock);
  const [key] = keys.signing;
  if (key === undefined) throw new Error('The provider has no signing key.');
  const now = Math.floor(clock.now() / 1000);
  const payload = {
    ...claims,
    iss: `${baseUrl}/oidc`,
    aud: `${baseUrl}/fhir`,
    iat: now,
    exp: now + request.forSeconds,
    jti: ids.uuid(),
  };
  // Remembered, so that it can be introspected and revoked as others can.
  const { jti, iat, exp, aud } = payload;
  const about = { clientId: claims['client_id'], scope: claims['scope'], extra: claims };
  await createIssuedTokens(createItemStore(db, clock), keys).remember({ kind, jti, iat, exp, aud, ...about });
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: key.kid ?? '' })
    .sign(await importJWK(key, 'RS256'));
}

type Content = { claims: Claims; kind: 'AccessToken' | 'ClientCredentials' };

async function ofPerson(
  { read, baseUrl }: IssueDeps,
  persona: PersonaEntry,
  scopes: readonly string[] | undefined,
): Promise<Content> {
  const person = await readPerson(persona, read);
  if (!person)
    throw new Fault('notFound', `${persona.name} is not in the record yet. Start the node with its sample first.`);
  const claims: Claims = {
    ...personalClaims(person, scriptClient, undefined, `${baseUrl}/fhir`),
    sub: persona.key,
    client_id: scriptClient.id,
    ...(scopes === undefined ? {} : { scope: readable(scopes).join(' ') }),
  };
  return { claims, kind: 'AccessToken' };
}

function readable(scopes: readonly string[]): readonly string[] {
  const wrong = scopes.find(
    (scope) => scope.includes('/') && !/^(launch\/|helseid:)/.test(scope) && !parseScope(scope),
  );
  if (wrong !== undefined) throw new Fault('invalid', `${wrong} is not a SMART scope such as patient/Observation.rs.`);
  return scopes;
}

async function ofClient({ db, clock }: IssueDeps, as: string, asked: readonly string[] | undefined): Promise<Content> {
  const clients = createClientStore(db, clock);
  const client = (await clients.findByName(as)) ?? (await clients.find(as));
  if (!client) throw new Fault('notFound', `There is neither a persona nor a client called ${as}.`);
  const scopes = allowedScopes(
    readable(asked ?? client.scopes),
    client.scopes,
    (scope) => registeredScopes.includes(scope) && client.scopes.includes(scope),
  );
  if (!scopes.some((scope) => scope.startsWith('system/')))
    throw new Fault('forbidden', `${client.name} has no system scopes to get a token for by itself.`);
  const claims: Claims = {
    ...systemClaims({ ...client, isPublic: isPublic(client) }, organisationOf(client)),
    sub: client.id,
    client_id: client.id,
    scope: scopes.filter((scope) => scope.startsWith('system/') || registeredScopes.includes(scope)).join(' '),
  };
  return { claims, kind: 'ClientCredentials' };
}

function organisationOf({ organisation }: RegisteredClient): OrganisationNumbers | undefined {
  return organisation === undefined ? undefined : { parent: organisation, child: organisation };
}
