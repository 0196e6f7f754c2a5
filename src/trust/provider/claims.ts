/** The claims that HelseID gives, made of what the record knows of a person or of how a system was registered. Names: HelseID's own. */
import type { RegisteredClient } from './client-store.ts';
import type { OrganisationNumbers } from './organisation-details.ts';
import type { Person } from './person.ts';

export const helseIdScopes = {
  pid: 'helseid://scopes/identity/pid',
  pidPseudonym: 'helseid://scopes/identity/pid_pseudonym',
  securityLevel: 'helseid://scopes/identity/security_level',
  assuranceLevel: 'helseid://scopes/identity/assurance_level',
  network: 'helseid://scopes/identity/network',
  hprNumber: 'helseid://scopes/hpr/hpr_number',
} as const;

export const helseIdClaims = {
  pid: 'helseid://claims/identity/pid',
  pidPseudonym: 'helseid://claims/identity/pid_pseudonym',
  securityLevel: 'helseid://claims/identity/security_level',
  assuranceLevel: 'helseid://claims/identity/assurance_level',
  network: 'helseid://claims/identity/network',
  hprNumber: 'helseid://claims/hpr/hpr_number',
  clientName: 'helseid://claims/client/client_name',
  clientAmr: 'helseid://claims/client/amr',
  clientTenancy: 'helseid://claims/client/claims/client_tenancy',
  parentOrganisation: 'helseid://claims/client/claims/orgnr_parent',
  childOrganisation: 'helseid://claims/client/claims/orgnr_child',
} as const;

/** In tokens of the embedded provider only: where the person is in the record. Real issuers' people are found by their numbers. */
export const fyrClaims = {
  practitionerRole: 'https://fyr.no/claims/practitioner_role',
  patient: 'https://fyr.no/claims/patient',
  duty: 'https://fyr.no/claims/duty',
} as const;

export type Claims = { [name: string]: string | number | readonly string[] | undefined };

/** Who the person is, for ID tokens and access tokens. */
export function personClaims(person: Person, fhirBase: string): Claims {
  const { persona } = person;
  return {
    name: `${person.given} ${person.family}`,
    given_name: person.given,
    family_name: person.family,
    [helseIdClaims.pid]: person.personNumber,
    [helseIdClaims.securityLevel]: '4',
    [helseIdClaims.assuranceLevel]: 'high',
    [helseIdClaims.network]: 'internett',
    [helseIdClaims.hprNumber]: person.hprNumber,
    fhirUser: fhirUserOf(person, fhirBase),
    [fyrClaims.practitionerRole]: persona.practitionerRole,
    [fyrClaims.patient]: persona.kind === 'citizen' ? persona.patient : undefined,
    [fyrClaims.duty]: persona.duty,
  };
}

/** SMART: the resource of the person who signed in. */
export function fhirUserOf({ persona }: Person, fhirBase: string): string {
  return persona.kind === 'citizen'
    ? `${fhirBase}/Patient/${persona.patient ?? ''}`
    : `${fhirBase}/Practitioner/${persona.practitioner ?? ''}`;
}

/** Which application asks, and for which organisation. */
export function clientClaims(
  client: Pick<RegisteredClient, 'name'> & Partial<Pick<RegisteredClient, 'organisation'>>,
  isPublic: boolean,
  organisation: OrganisationNumbers | undefined,
): Claims {
  return {
    [helseIdClaims.clientName]: client.name,
    [helseIdClaims.clientAmr]: isPublic ? undefined : 'private_key_jwt',
    [helseIdClaims.clientTenancy]: tenancyOf(client.organisation, organisation),
    [helseIdClaims.parentOrganisation]: organisation?.parent,
    [helseIdClaims.childOrganisation]: organisation?.child,
  };
}

function tenancyOf(own: string | undefined, organisation: OrganisationNumbers | undefined): string {
  if (own !== undefined) return 'single-tenant';
  return organisation === undefined ? 'none' : 'multi-tenant';
}

/** Everything of an access token that HelseID would put in beside what OAuth has: for a person by an application. */
export function accessClaims(person: Person, client: Claims, fhirBase: string): Claims {
  const claims = {
    ...client,
    ...personClaims(person, fhirBase),
    idp: 'fyr-trial',
    // How the person proved who she is: by choosing from a list, in a trial with invented people.
    amr: ['trial'],
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
