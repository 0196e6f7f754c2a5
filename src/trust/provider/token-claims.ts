/** What the node puts into an access token: for a person by an application, or for a system. */
import { errors, type AccessToken, type ClientCredentials, type KoaContextWithOIDC } from 'oidc-provider';
import { Fault } from '#kernel/fault.ts';
import { accessClaims, clientClaims, fhirUserOf, type Claims } from './claims.ts';
import type { AssertionDetails } from './client-assertion.ts';
import { knownClient } from './clients.ts';
import type { LaunchContexts } from './launch-context.ts';
import { organisationIn, type OrganisationNumbers } from './organisation-details.ts';
import type { Person } from './person.ts';

export type TokenClaimsDeps = {
  fhirBase: string;
  findPerson(account: string): Promise<Person | undefined>;
  launches: Pick<LaunchContexts, 'of'>;
  assertions: AssertionDetails;
};

type Asking = ReturnType<typeof knownClient>;

export async function tokenClaims(
  deps: TokenClaimsDeps,
  ctx: KoaContextWithOIDC,
  token: AccessToken | ClientCredentials,
): Promise<Claims> {
  const client = knownClient(token.client ?? { clientId: token.clientId ?? '' });
  const named = namedOrganisation(token.rar ?? deps.assertions.of(ctx), client);
  if (!('accountId' in token)) return systemClaims(client, named);
  const person = await deps.findPerson(token.accountId);
  if (!person) throw new errors.InvalidGrant('this person is not in the record');
  const launch = token.grantId === undefined ? {} : await deps.launches.of(token.grantId);
  const { AuthorizationCode, RefreshToken } = ctx.oidc.entities;
  const signedIn = (RefreshToken ?? AuthorizationCode)?.authTime;
  return {
    ...personalClaims(person, client, named, deps.fhirBase),
    ...launch,
    ...(signedIn === undefined ? {} : { auth_time: signedIn }),
  };
}

/** A system acts for the organisation that it names or is registered for. */
export function systemClaims(client: Asking, named: OrganisationNumbers | undefined): Claims {
  return withoutGaps(clientClaims(client, client.isPublic, named));
}

/** A person acts for her own organisation; naming another is refused. */
export function personalClaims(
  person: Person,
  client: Asking,
  named: OrganisationNumbers | undefined,
  fhirBase: string,
): Claims {
  const { workplace } = person;
  if (named && person.persona.kind === 'personnel' && named.parent !== workplace?.legalEntityNumber)
    throw new errors.InvalidAuthorizationDetails('this person has no role at that organisation');
  const own = workplace && { parent: workplace.legalEntityNumber, child: workplace.pointOfCareNumber };
  return {
    ...accessClaims(person, clientClaims(client, client.isPublic, named ?? own), fhirBase),
    fhirUser: fhirUserOf(person, fhirBase),
  };
}

/** Refusals of ours in OAuth's words. */
export function namedOrganisation(details: unknown, client: Asking): OrganisationNumbers | undefined {
  try {
    return organisationIn(details, client.organisation);
  } catch (error) {
    if (error instanceof Fault) throw new errors.InvalidAuthorizationDetails(error.message);
    throw error;
  }
}

function withoutGaps(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
