/** Who asks. Made from a checked token or session (`tokens/`, `sign-in/`); read by the policy and the access log. */

/** What holds for everyone who signed in. */
type Signed = {
  /** Issuer and subject of the sign-in: the key of the person or system at that issuer. */
  issuer: string;
  subject: string;
  /** The application that asks: an OAuth client id. */
  client: string;
  /** SMART scopes (v2) that bound what the application may do, such as `patient/Observation.rs`; undefined: our own pages, bounded by the person's rights alone. */
  scopes: readonly string[] | undefined;
  /** `Patient/id` (without the type) that a SMART launch is about: the only one that scopes such as `patient/Observation.rs` reach. */
  launchPatient?: string;
  /** When the person signed in, milliseconds since 1970. */
  signedInAt: number;
  /** The issuer could not be reached: known rights go on, marked in the log and reviewed. */
  isOffline: boolean;
};

/** A role at an organisation, by the ids of the resources in the record. */
export type OrganisationRole = {
  /** `Organization/id` of the legal entity, the place of care and the department, without `Organization/`. */
  legalEntity: string;
  pointOfCare: string;
  department?: string;
  /** Organisation numbers of the first two (ENH). */
  legalEntityNumber: string;
  pointOfCareNumber: string;
  /** `PractitionerRole/id`, without the type. */
  practitionerRole?: string;
};

/** The kind of duty decides which rules apply: only `care` reads patients' records by service need. */
export type Duty = 'care' | 'pharmacy' | 'privacyOfficer' | 'operator' | 'researcher';

export type Personnel = Signed & {
  kind: 'personnel';
  /** `Practitioner/id`, without the type. */
  practitioner: string;
  name: string;
  /** National number or D-number, as the issuer assured it. Never shown to patients. */
  personNumber: string;
  hprNumber?: string;
  /** Code of Volven 9060: LE doctor, SP nurse, JO midwife, FA pharmacist … */
  authorisation?: string;
  duty: Duty;
  role: OrganisationRole;
  securityLevel: number;
};

export type Citizen = Signed & {
  kind: 'citizen';
  /** `Patient/id` of the person who signed in. */
  patient: string;
  name: string;
  personNumber: string;
  securityLevel: number;
};

/** A program: an EPR, an import, a national service. `role` undefined: the region's own, for all its organisations. */
export type System = Signed & {
  kind: 'system';
  name: string;
  scopes: readonly string[];
  role?: OrganisationRole;
};

/** Work of the node itself, by a name that is in the log. */
export type Background = { kind: 'background'; name: string };

export type Subject = Personnel | Citizen | System | Background;
