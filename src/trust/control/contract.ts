/** The shapes of `/api/control`: what pages send and see. Times are ISO 8601 in UTC. */
import { z } from 'zod';

const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
/** A reason is read by the patient and the privacy officer: a word is not enough. */
const reason = z.string().trim().min(5).max(1000);

/** `POST /api/control/attestations`: personnel state why they need the record. `BTG` is a call of its own. */
export const attestRequest = z.strictObject({
  patient: id,
  purpose: z.enum(['TREAT', 'ETREAT', 'COC']),
  reason,
  /** What the decision rests on here: a referral, a call, a shift list. */
  decisionReference: z.string().trim().min(1).max(200).optional(),
});

/** `POST /api/control/break-glass`: opens at once; the privacy officer follows it up. */
export const breakGlassRequest = z.strictObject({ patient: id, reason });

export type AttestationAnswer = {
  id: string;
  patient: string;
  purpose: 'TREAT' | 'ETREAT' | 'COC' | 'BTG';
  reason: string;
  decisionReference?: string;
  from: string;
  until: string;
  holds: boolean;
};

/** `POST /api/control/blocks`: what is to be closed, and for whom. Without `for`: for everybody, but emergencies open it. */
export const blockRequest = z.strictObject({
  /** For whom one acts; left out: oneself. */
  patient: id.optional(),
  /** Left out: the whole record. */
  document: id.optional(),
  for: z.union([z.strictObject({ practitioner: id }), z.strictObject({ organization: id })]).optional(),
  /** Who may still read a record that is closed for everybody. */
  besides: z.array(id).max(20).optional(),
});

export type BlockAnswer = {
  id: string;
  document?: string;
  for?: { practitioner: string } | { organization: string };
  besides: string[];
  since: string;
};

/** `PUT /api/control/reservation`: against having a summary record at all. */
export const reservationRequest = z.strictObject({ patient: id.optional(), isReserved: z.boolean() });

/** `POST /api/control/parental-access`: a child of 12 to 15 lets a parent see. Left out: all who have parental responsibility. */
export const parentalAccessRequest = z.strictObject({ relatedPerson: id.optional() });

/** `POST /api/control/shares`: a summary for whoever has the code, for so many days. */
export const shareRequest = z.strictObject({
  patient: id.optional(),
  days: z.number().int().min(1).max(90),
  /** For whom it is meant, in the citizen's words. */
  note: z.string().trim().min(1).max(200).optional(),
});

export type ShareAnswer = {
  id: string;
  since: string;
  until: string;
  /** Whether the code opens the summary now. */
  holds: boolean;
  isWithdrawn: boolean;
  note?: string;
};

/** The code is told once, when it is made. */
export type NewShareAnswer = ShareAnswer & { code: string };

export const whose = z.strictObject({ patient: id.optional() });

/** Who acts for whom. */
export type RepresentationAnswer = {
  /** Patients whose record is open to the caller, besides the own. */
  represents: { patient: string; as: string; mayWrite: boolean }[];
  /** Powers of attorney and parental access that the caller has given. */
  given: {
    id: string;
    kind: 'power-of-attorney' | 'youth-grant';
    to?: string;
    /** As it was when it was given. */
    name?: string;
    since?: string;
    until?: string;
    /** Parts of the record; left out: all of it. */
    scopes?: PowerScope[];
    mayWrite: boolean;
  }[];
};

export const powerScopes = ['medicines', 'results', 'appointments', 'documents', 'vaccinations'] as const;
export type PowerScope = (typeof powerScopes)[number];

/** `POST /api/control/representation`: who is 16 or older lets somebody act for her. */
export const powerRequest = z.strictObject({
  /** Of the one it is given to, eleven digits: in the body, since numbers of people have no place in an address. */
  personNumber: z.string().regex(/^\d{11}$/, 'has eleven digits'),
  familyName: z.string().trim().min(1).max(100),
  /** None: all of the record. */
  scopes: z.array(z.enum(powerScopes)).max(powerScopes.length),
  mayWrite: z.boolean(),
  /** The last day, `2027-01-31`; left out: until it is taken back. */
  until: z.iso.date().optional(),
});
export type PowerRequest = z.output<typeof powerRequest>;

export type NewPowerAnswer = { id: string; to: string; name: string };

export const caseQuery = z.strictObject({
  status: z.enum(['open', 'closed']).default('open'),
  cursor: z.string().max(4000).optional(),
});

/** `POST /api/control/cases/:id/follow-up` */
export const followUpRequest = z.strictObject({
  conclusion: z.enum(['justified', 'not-justified', 'not-clear']),
  text: z.string().trim().min(5).max(4000),
});

export type CaseAnswer = {
  id: string;
  kind: 'break-glass' | 'wrong-access';
  status: 'open' | 'closed';
  patient: string;
  /** Who read, by name and reference. */
  who?: { reference: string; name: string };
  /** The break-glass, or the entry of the log. */
  about: string;
  message: string;
  opened: string;
  deadline: string;
  isLate: boolean;
  followedUp?: { conclusion: string; text: string; by: string; at: string };
};
