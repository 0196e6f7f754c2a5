/** The shapes that callers of the registers see, and the rows that are imported and exported. Pure; runs in a browser too. */

/** Grades of address protection, as Folkeregisteret and Persontjenesten have them; client addresses count as protected. */
export type AddressGrade = 'unclassified' | 'client' | 'confidential' | 'strictlyConfidential';

/** What a caller may know. Deny by default: whoever authorises callers says more. */
export type RegisterAccess = { mayKnowProtectedAddress: boolean };

/** A number with the dates between which it was in use (`to` is the date on which it ceased). */
export type NumberInUse = { system: string; value: string; inUse: boolean; from?: string; to?: string };

export type AddressRow = {
  line?: string | undefined;
  postalCode?: string | undefined;
  city?: string | undefined;
  /** The number of the municipality (3402), four digits. */
  municipality?: string | undefined;
  municipalityName?: string | undefined;
  /** The number of the urban district (3403). */
  urbanDistrict?: string | undefined;
  from?: string | undefined;
};

export type NameRow = { given: string; middle?: string | undefined; family: string; to?: string | undefined };

/** Roles of Folkeregisteret's Familierelasjon, and guardian. */
export type RelationRole =
  | 'mor'
  | 'far'
  | 'medmor'
  | 'barn'
  | 'søsken'
  | 'ektefelleEllerPartner'
  | 'dødfødtBarn'
  | 'verge';

/** What kind of guardianship it is: Folkeregisteret's Vergemaaltype, and power of attorney that has come into force. */
export const guardianshipKinds = [
  'ensligMindreaarigAsylsoeker',
  'ensligMindreaarigFlyktning',
  'voksen',
  'midlertidigForVoksen',
  'mindreaarig',
  'midlertidigForMindreaarig',
  'forvaltningUtenforVergemaal',
  'stadfestetFremtidsfullmakt',
] as const;

/** What a guardian decides on: Folkeregisteret's Vergemaalsomfang. */
export const guardianshipScopes = [
  'utlendingssakerPersonligeOgOekonomiskeInteresser',
  'personligeOgOekonomiskeInteresser',
  'oekonomiskeInteresser',
  'personligeInteresser',
] as const;

export type RelationRow = {
  role: RelationRole;
  number?: string | undefined;
  name?: string | undefined;
  /** Who has parental responsibility (no-basis-parental-responsibility), where the other is a parent or a child. */
  responsibility?: 'felles' | 'mor' | 'far' | 'medmor' | 'andre' | 'ukjent' | undefined;
  guardianship?: (typeof guardianshipKinds)[number] | undefined;
  guardianshipScope?: (typeof guardianshipScopes)[number] | undefined;
  /** What a guardian decides on, in words. */
  scope?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

/** Types of events, by Persontjenesten's names where it has one. */
export const eventKinds = [
  'PersonIsCreated',
  'ChangeInBirth',
  'PersonIsDeceased',
  'ChangeInDeath',
  'ChangeInNorwegianIdentificationNumber',
  'ChangeInName',
  'ChangeInGender',
  'ChangeInMaritalStatus',
  'ChangeInResidentialAddress',
  'ChangeInResidentialAddressWithoutRelocation',
  'ChangeInAddressProtection',
  'ChangeInFamilyRelation',
  'ChangeInParentalResponsibility',
  'ChangeInGuardianship',
  'ChangeInCitizenship',
  'ChangeInGeneralPractitioner',
  'PersonIsDiscontinued',
  'PersonIsReactivated',
  'PersonIsDiscontinuedAsDuplicate',
  'PersonIsContinuedAsValidUponMerger',
  'PersonIsRestoredBySplitting',
] as const;

export type EventKind = (typeof eventKinds)[number];

/** `occurred`: a date, or the instant of writing where the change itself has none. `detail`: old and new in short, where that helps. */
export type PersonEvent = { kind: EventKind; person: string; occurred: string; detail?: string };

export type PersonnelEventKind =
  | 'PractitionerIsCreated'
  | 'PractitionerIsRemoved'
  | 'AuthorisationIsGiven'
  | 'AuthorisationIsWithdrawn'
  | 'AuthorisationIsRestored'
  | 'AuthorisationIsRestricted'
  | 'RestrictionIsLifted'
  | 'ChangeInEndOfAuthorisation'
  | 'AuthorisationIsRemoved'
  | 'SpecialityIsGiven'
  | 'SpecialityIsRemoved';

/** `occurred`: the date that the change itself has, or the instant of writing. */
export type PersonnelEvent = { kind: PersonnelEventKind; practitioner: string; occurred: string; detail?: string };

export type OrganisationEventKind =
  | 'OrganisationIsCreated'
  | 'OrganisationIsRemoved'
  | 'OrganisationIsMerged'
  | 'OrganisationIsClosed'
  | 'OrganisationIsReopened'
  | 'ChangeInName'
  | 'ChangeInParent';

export type OrganisationEvent = {
  kind: OrganisationEventKind;
  organisation: string;
  occurred: string;
  detail?: string;
};

/** A page of one of these feeds; `next` goes into `after` of the next question. */
export type DirectoryEventPage<Event> = { events: (Event & { recorded: string })[]; next: string };

/** `next` goes into `after` of the next question. */
export type EventPage = { events: (PersonEvent & { recorded: string })[]; next: string };

/** Was the holder of this HPR number authorised in this category on that day? */
export type AuthorisationAnswer = {
  authorised: boolean;
  /** In plain words, for a log or a screen. */
  reason: string;
  number: string;
  category: string;
  on: string;
  name?: string;
  /** The authorisations and licences of the category that held on the day. */
  held: HeldAuthorisation[];
  /** Specialities (7426) that held on the day. */
  specialities: string[];
};

export type HeldAuthorisation = {
  category: string;
  /** Kind of approval (7704). */
  approval: string;
  from?: string;
  to?: string;
  restriction?: string;
};

/** A communication party that takes what was asked for. */
export type FoundParty = {
  herId: string;
  reference: string;
  name: string;
  organisation?: string;
  endpoint: string;
  address: string;
  message: string;
  /** What is known of its certificates: not withdrawn, says their issuer (`good`); or nobody could say. One that is withdrawn makes nobody a party. */
  revocation: 'good' | 'unknown';
  /** The last day of the endpoint's certificates, the earliest of them. */
  certificatesTo?: string;
};
