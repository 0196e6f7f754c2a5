/** What the policy knows when it decides: of a patient's record, and of who asks. Read from the record's resources; time is not applied yet. */
import type { CivilDate } from '#shared/days.ts';
import type { AttestedEntry } from '../access-log/entry.ts';
import type { Authorisation } from './authorisation.ts';
import type { Span } from './elements.ts';
import type { Scope } from './scope.ts';

/** Why somebody has to do with a patient. */
export type RelationKind =
  | 'encounter'
  | 'episode'
  | 'appointment'
  | 'referral'
  | 'order'
  | 'care-team'
  | 'general-practitioner';

/**
 * On whose word alone it stands: it opens nothing to these (`Practitioner/…`, `Organization/…`), who had nothing to do with the patient but what they
 * attested, or nothing at all, when they wrote it.
 */
export type OnWord = { onWordOf?: readonly string[] };

/** While it lasts; the policy's windows come on top. */
export type Relation = Span & OnWord & { kind: RelationKind; source: string };

export type AttestedPurpose = 'TREAT' | 'ETREAT' | 'COC' | 'BTG';

/** A relationship that somebody attested, or a broken glass (`BTG`). */
export type AttestedRelation = Span & {
  /** `Basic/id`, or the id of an attestation that came with the request. */
  source: string;
  practitioner: string;
  purpose: AttestedPurpose;
  /** What came with the request says more, for the log. */
  told?: AttestedEntry;
};

/** What the patient has closed. Without actors it is a restriction, which emergencies open; with actors it binds these always. */
export type Block = Span & {
  source: string;
  actors: readonly string[];
  /** Who is excepted. */
  besides: readonly string[];
  /** `Type/id`, or types; neither: the whole record. */
  resources: readonly string[];
  types: readonly string[];
};

export type RepresentativeKind = 'parent' | 'guardian' | 'power-of-attorney' | 'kin';

/** Who may act for the patient, where the rules allow it. */
export type Representative = Span & {
  kind: RepresentativeKind;
  source: string;
  /** Of a parent: has parental responsibility. Of a guardian: has charge of personal affairs. */
  isResponsible: boolean;
  /** Types that a power of attorney is for; undefined: all. */
  types: readonly string[] | undefined;
  mayWrite: boolean;
  /** Of kin after death: 0 is the nearest that there is. */
  rank: number;
};

/** Consent of a child of 12 to 15 that one with parental responsibility may see; `to` undefined: all of them. */
export type ParentalGrant = Span & { source: string; to: string | undefined };

/** What came with the request, and for whom. */
export type AttestedForPatients = AttestedRelation & { patients: readonly string[] };

export type PatientFacts = {
  patient: string;
  /** There is such a Patient here. */
  isThere: boolean;
  /** Undefined where the birth date is not known to the day. */
  born: CivilDate | undefined;
  /** Milliseconds since 1970; -Infinity where only that is known. */
  diedAt: number | undefined;
  /** By `Practitioner/id`, `PractitionerRole/id`, `Organization/id`. */
  relations: ReadonlyMap<string, readonly Relation[]>;
  /** By the organisations above the units that have the patient. */
  relationsBelow: ReadonlyMap<string, readonly Relation[]>;
  attested: readonly AttestedRelation[];
  blocks: readonly Block[];
  reservations: readonly Span[];
  summaryConsents: readonly (Span & { actors: readonly string[] })[];
  /** By `Patient/id`, or `number:` and the national number. */
  representatives: ReadonlyMap<string, readonly Representative[]>;
  parentalGrants: readonly ParentalGrant[];
  prescriptions: readonly (Span & OnWord)[];
  /** Ids of the Flags that are critical information. */
  criticalFlags: readonly string[];
  /** `Type/id` of what is between the patient and the privacy officer: blocks, powers of attorney, cases. */
  confidential: readonly string[];
  /** `Type/id` of cases only. */
  cases: readonly string[];
  /** `Type/id` of what names other patients too, with whom. */
  shared: ReadonlyMap<string, readonly string[]>;
  /** Files (`Binary/id`) of documents: what holds for the document holds for its file. */
  filesOf: ReadonlyMap<string, readonly string[]>;
  /** `Type/id` of what carries a label of 9603, with the labels. */
  labelled: ReadonlyMap<string, readonly string[]>;
};

/** What is known of who asks: of personnel, and of a system's organisation, what the record says. */
export type Standing = {
  /** What the application may do at most; undefined: bounded by the rights of who asks alone. */
  scopes: readonly Scope[] | undefined;
  /** The practitioner and the roles, as a relation names them. */
  parties: readonly string[];
  /** The unit and those above it, below the place of care: where "the department has the patient" is looked for. */
  units: readonly string[];
  pointOfCare: string | undefined;
  legalEntity: string | undefined;
  /** All that a block may name to mean this person: practitioner, roles, every organisation from the unit to the top. */
  blockable: readonly string[];
  authorisations: readonly Authorisation[];
  /** When the role holds; undefined: the role is not in the register. */
  role: Span | undefined;
};
