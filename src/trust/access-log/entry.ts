/** One entry of the access log: who did what to whose record, why, from where, with which result. */
import type { OrganisationRole } from '../subject.ts';

export type AccessAction =
  | 'read'
  | 'search'
  | 'history'
  | 'create'
  | 'update'
  | 'delete'
  | 'operation'
  | 'export'
  | 'attest'
  | 'break-glass'
  | 'block'
  | 'unblock'
  | 'sign-in'
  | 'sign-out'
  | 'log-read'
  | 'administration'
  /** Whether there is a summary record, and whether it is critical, without its contents: the patient's page does not tell it as an opening. */
  | 'status';

/** TREAT, ETREAT, COC and BTG are those of the trust framework; the others say why somebody who does not treat was allowed. */
export type Purpose = 'TREAT' | 'ETREAT' | 'COC' | 'BTG' | 'SELF' | 'REPRESENT' | 'SYSTEM' | 'PRIVACY' | 'OPERATE';

/** What the trust framework's attestation said that came with the request: what who holds the record must keep of it. No number of a person is among it (ATT-8). */
export type AttestedEntry = {
  purposeDetails?: string;
  healthcareService?: string;
  legalEntity: string;
  pointOfCare: string;
  department?: string;
  decision?: { id?: string; description?: string; isUserSelected: boolean };
  /** Milliseconds since 1970. */
  attestedAt: number;
};

export type AccessEntry = {
  /** Milliseconds since 1970, of the node's clock. */
  at: number;
  action: AccessAction;
  /** Whose record; undefined where no patient is concerned. One access to the records of several patients is one entry each, with one `request`. */
  patient: string | undefined;
  /** Ties the entries of one request together: a UUIDv7. */
  request: string;
  who: {
    kind: 'personnel' | 'citizen' | 'system' | 'background' | 'nobody';
    /** `Practitioner/id`, `Patient/id`, the client's or the work's name. */
    reference: string;
    /** A name that the patient may read. */
    name: string;
    authorisation?: string;
    /** The application. */
    client?: string;
  };
  role?: OrganisationRole;
  /** What was touched: types with their numbers, and up to some ids; the search or operation as it was asked, without the values of identifiers. */
  what: { types: { [type: string]: number }; resources: readonly string[]; query?: string };
  purpose: Purpose;
  /** The ground in the policy's words: `care-relationship:Encounter/…`, `attested:…`, `own-record`, `parent` … */
  ground: string;
  /** Id of the attestation or break-glass, when there is one. */
  attestation?: string;
  attested?: AttestedEntry;
  outcome: 'allowed' | 'refused' | 'failed';
  /** Why it was refused: the policy's reason code. */
  reason?: string;
  from: { address: string; session?: string };
  isOffline?: boolean;
};

/** What an entry is given when it becomes durable: its place in this node's log. */
export type LoggedEntry = AccessEntry & { node: string; number: number };

export type AccessLog = {
  /** Durable when it resolves; entries that come while others commit go together in the next commit. Rejects when they can't be kept: then nothing may be answered. */
  append(entries: readonly AccessEntry[]): Promise<void>;
};
