/** Who signed in, in the issuer's own words made one form: HelseID's claims, ID-porten's, those of the embedded provider. Pure. */
import { refused, type Claims, type TrustedIssuer } from '../tokens/index.ts';
import type { Duty } from '../subject.ts';

/** What an issuer assured. It is kept with a session as JSON, so it holds nothing but what it must. */
export type Identity = {
  kind: 'personnel' | 'citizen' | 'system';
  /** Issuer and subject: the key of the person or system at that issuer. */
  issuer: string;
  subject: string;
  client: string;
  name?: string;
  personNumber?: string;
  hprNumber?: string;
  securityLevel: number;
  /** Organisation numbers that the sign-in is for: legal entity and place of care. */
  parent?: string;
  child?: string;
  /** Of the embedded provider only: ids in the record, and the duty of a persona. */
  practitionerRole?: string;
  patient?: string;
  duty?: Duty;
  /** The patient that a SMART application was opened on: `Patient/id`, without the type. */
  launchPatient?: string;
  scopes?: readonly string[];
  /** The roles that were found in the record when the issuer last spoke. */
  rolesThen?: readonly string[];
  /** Milliseconds since 1970. */
  signedInAt: number;
};

export const claimNames = {
  personNumber: 'helseid://claims/identity/pid',
  securityLevel: 'helseid://claims/identity/security_level',
  hprNumber: 'helseid://claims/hpr/hpr_number',
  clientName: 'helseid://claims/client/client_name',
  parent: 'helseid://claims/client/claims/orgnr_parent',
  child: 'helseid://claims/client/claims/orgnr_child',
  practitionerRole: 'https://fyr.no/claims/practitioner_role',
  patient: 'https://fyr.no/claims/patient',
  duty: 'https://fyr.no/claims/duty',
} as const;

const duties: readonly string[] = ['care', 'pharmacy', 'privacyOfficer', 'operator', 'researcher'] satisfies Duty[];

/** ID-porten's words for how sure it is (`acr`), as the levels that Norwegian health care speaks of. */
const idPortenLevels: { readonly [acr: string]: number } = {
  'idporten-loa-high': 4,
  'idporten-loa-substantial': 3,
  Level4: 4,
  Level3: 3,
};

/**
 * What the claims of a checked token say. `client`: who asks, where the token is not an access token.
 * Throws a Fault `unauthenticated` where they don't say who it is, or where a person was not assured at level 4 (demanded for health data).
 */
export function identityOf(issuer: TrustedIssuer, claims: Claims, client?: string): Identity {
  const text = (name: string): string | undefined => textOf(claims[name]);
  const isTrial = issuer.kind === 'embedded';
  const asks = client ?? text('client_id') ?? text('azp') ?? '';
  const personNumber = text(claimNames.personNumber) ?? text('pid');
  const hprNumber = text(claimNames.hprNumber);
  const kind = kindOf(issuer.kind, claims, asks);
  const securityLevel = kind === 'system' ? 0 : levelOf(issuer.kind, claims);
  if (kind !== 'system') demandLevel(securityLevel);
  else demandOrganisation(issuer, claims, asks);
  const duty = text(claimNames.duty);
  return {
    kind,
    issuer: issuer.url,
    subject: text('sub') ?? asks,
    client: asks,
    securityLevel,
    signedInAt: 1000 * Number(claims['auth_time'] ?? claims.iat ?? 0),
    ...given('name', kind === 'system' ? (text(claimNames.clientName) ?? asks) : text('name')),
    ...given('personNumber', personNumber),
    ...given('hprNumber', hprNumber),
    ...given('parent', text(claimNames.parent)),
    ...given('child', text(claimNames.child)),
    ...given('scopes', client === undefined ? scopesOf(issuer, claims['scope']) : undefined),
    // Another issuer has no say in what the record's ids are.
    ...(isTrial ? given('practitionerRole', text(claimNames.practitionerRole)) : {}),
    ...(isTrial ? given('patient', text(claimNames.patient)) : {}),
    ...(isTrial && client === undefined ? given('launchPatient', text('patient')) : {}),
    ...(isTrial && duty !== undefined && duties.includes(duty) ? { duty: duty as Duty } : {}),
  };
}

function kindOf(issuerKind: TrustedIssuer['kind'], claims: Claims, client: string): Identity['kind'] {
  const has = (name: string): boolean => textOf(claims[name]) !== undefined;
  const isPerson = has(claimNames.personNumber) || has('pid');
  const isAtWork = has(claimNames.hprNumber) || has(claimNames.parent);
  if (issuerKind === 'embedded' && has(claimNames.practitionerRole)) return 'personnel';
  if (issuerKind === 'embedded' && has(claimNames.patient)) return 'citizen';
  if (issuerKind === 'idporten' && isPerson) return 'citizen';
  if (issuerKind === 'helseid' && (isPerson || has(claimNames.hprNumber))) return 'personnel';
  if (issuerKind === 'openid' && isPerson) return isAtWork ? 'personnel' : 'citizen';
  // Client credentials (RFC 9068 §2.2): the subject, if any, is the client. ID-porten signs in people only.
  const subject = textOf(claims.sub);
  if (issuerKind !== 'idporten' && client !== '' && (subject === undefined || subject === client)) return 'system';
  throw refused('invalid_token', 'The issuer does not say who it is: there is no identity number in what it sent.');
}

function levelOf(issuerKind: TrustedIssuer['kind'], claims: Claims): number {
  const told = Number(claims[claimNames.securityLevel] ?? Number.NaN);
  if (Number.isInteger(told)) return told;
  return issuerKind === 'idporten' ? (idPortenLevels[textOf(claims['acr']) ?? ''] ?? 0) : 0;
}

/** What is left out of a token opens nothing: only those systems that the settings name serve the whole region. */
function demandOrganisation({ kind, regionClients }: TrustedIssuer, claims: Claims, client: string): void {
  const isOfOne = [claimNames.parent, claimNames.child].some((name) => textOf(claims[name]) !== undefined);
  if (isOfOne || kind === 'embedded' || regionClients?.includes(client) === true) return;
  throw refused('invalid_token', 'The token does not say which organisation the system acts for.');
}

/** RFC 9470: the client can ask the person to sign in again, better. */
function demandLevel(level: number): void {
  if (level >= 4) return;
  throw refused(
    'insufficient_user_authentication',
    `Health data needs a sign-in at security level 4; this one was at level ${level || 'unknown'}.`,
    ', acr_values="Level4 idporten-loa-high"',
  );
}

/** Throws as `identityOf` does where two answers about one sign-in (ID token and userinfo) are of different people. */
export function mergeClaims(first: Claims, second: Claims): Claims {
  if (second.sub !== undefined && second.sub !== first.sub)
    throw refused('invalid_token', 'The issuer told of two different people.');
  return { ...second, ...first };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/**
 * What the application may do, as SMART scopes. Undefined (all that the person may): our own pages, and tokens that the embedded provider's command
 * line made without any. A real issuer's token that says nothing allows nothing.
 */
function scopesOf({ kind, scopeMeanings }: TrustedIssuer, scope: unknown): string[] | undefined {
  const told = Array.isArray(scope) ? scope.filter((each) => typeof each === 'string') : textOf(scope)?.split(' ');
  if (told === undefined) return kind === 'embedded' ? undefined : [];
  return told
    .filter((each) => each !== '')
    .flatMap((each) => [each, ...(meaningOf(scopeMeanings, each)?.split(' ') ?? [])]);
}

function meaningOf(meanings: TrustedIssuer['scopeMeanings'], scope: string): string | undefined {
  return meanings !== undefined && Object.hasOwn(meanings, scope) ? meanings[scope] : undefined;
}

function given<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: V };
}
