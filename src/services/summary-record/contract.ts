/** The shapes of `/api/summary` that pages and clients see. Times are ISO 8601 in UTC; words are in the language that was asked for. */
import { z } from 'zod';
import type { CriticalCategory, CriticalItem } from './critical.ts';
import type { Language } from './languages.ts';

const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);

/** `POST /api/summary/indicator`: the patient by id or by national number. */
export const indicatorRequest = z
  .strictObject({ patient: id.optional(), number: z.string().max(20).optional() })
  .refine(({ patient, number }) => (patient === undefined) !== (number === undefined), {
    message: 'either patient or number',
  });

/** As kjernejournal's HelseIndikator tells it: 0 no such number, 1 no summary record, 2 there is one, 3 with the citizen's own registrations, 4 with critical information. */
export type IndicatorCode = 0 | 1 | 2 | 3 | 4;

export type IndicatorAnswer = {
  code: IndicatorCode;
  status: 'invalid-number' | 'none' | 'available' | 'own-registrations' | 'critical';
  hasCriticalInformation: boolean;
  /** Some of it holds now. */
  hasActiveCriticalInformation: boolean;
  /** When critical information last changed; undefined where there is none. */
  lastChanged?: string;
  /** The patient wants no summary record: then nothing else is told. */
  isReserved: boolean;
  /** The patient has shut out who asks: nothing overrides it, and nothing else is told. */
  isBlocked: boolean;
  /** The patient has closed the record: it opens in an emergency, or by consent. */
  isRestricted: boolean;
};

/** `Accept-Language` or `_language`; `basis`, or the header `nhn-access-basis`. */
export const summaryQuery = z.object({
  _language: z.string().max(100).optional(),
  basis: z.string().max(20).optional(),
});

export type LineView = {
  /** `Type/id` in the record. */
  reference: string;
  what: string;
  details: string;
  when: string;
  /** The citizen registered it. */
  isOwn: boolean;
};

export type CriticalView = Pick<
  CriticalItem,
  'text' | 'code' | 'certainty' | 'severity' | 'source' | 'verification' | 'isActive'
> & { reference: string; since: string | undefined; details: string; isOwn: boolean };

export type SummaryView = {
  language: Language;
  madeAt: string;
  title: string;
  patient: { id: string; name: string; birthDate: string | undefined; number: string | undefined; deceased: boolean };
  critical: readonly { category: CriticalCategory; title: string; items: readonly CriticalView[] }[];
  sections: readonly {
    /** Of a summary that of its section (`sections.ts`); of a whole record the type of its resources. */
    key: string;
    title: string;
    state: 'known' | 'none' | 'unknown';
    /** What stands there where there are no lines. */
    text: string | undefined;
    lines: readonly LineView[];
    /** Entries that are left out. */
    more: number;
  }[];
  /** Sources that disagree, by what they are about. */
  conflicts: readonly { about: string; references: readonly string[] }[];
  contacts: readonly { reference: string; name: string; relation: string; phone: string | undefined }[];
  visits: readonly LineView[];
  donorCard: LineView | undefined;
};

/** `POST /api/summary/shared`: for whoever has the code. In the body, since a code has no place in an address. */
export const sharedRequest = z.strictObject({
  code: z.string().max(60),
  /** Who reads, as they say themselves: the patient sees it. */
  name: z.string().trim().min(2).max(100),
  /** That they were given the code to read this patient's summary. */
  isConfirmed: z.literal(true),
  /** `fhir`: an International Patient Summary. */
  as: z.enum(['view', 'pdf', 'fhir']).default('view'),
});

export type SharedAnswer = { until: string; view: SummaryView };

/** `POST /api/summary/import`: somebody else's summary for a patient, as a FHIR document. */
export const importRequest = z.strictObject({
  patient: id,
  /** A Bundle of type document. */
  document: z.record(z.string(), z.unknown()),
});

/** One part of an imported summary that may be taken over. */
export type Proposal = {
  /** Of the part within the import. */
  id: string;
  type: string;
  what: string;
  details: string;
  when: string;
  /** `Type/id` in the record of what says the same. */
  duplicates: readonly string[];
  state: 'open' | 'accepted' | 'rejected';
  /** `Type/id` of what it became. */
  became?: string;
};

export type ImportAnswer = {
  /** Of the DocumentReference that keeps the document. */
  import: string;
  patient: string;
  /** Whether the document's patient has the same number, or name and birth date. Anything else a person has to look at. */
  isSamePerson: boolean;
  proposals: readonly Proposal[];
};

/** Which import a proposal is of. */
export const proposalsQuery = z.object({ import: id, _language: z.string().max(100).optional() });
export const proposalDecision = z.strictObject({ import: id });
