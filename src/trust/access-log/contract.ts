/** The shapes of `/api/log` that pages see. Times are ISO 8601 in UTC; words are in the language that was asked for. */
import { z } from 'zod';

const instant = z.iso.datetime({ offset: true }).or(z.iso.date());
const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
const count = z.coerce.number().int().min(1).max(100).default(30);
const cursor = z.string().max(20_000).optional();
const language = z.enum(['nb', 'nn', 'en']).optional();

/** What a patient may narrow the page to. `read` is all looking up. */
export const lineKinds = ['read', 'write', 'share', 'control', 'sign-in', 'log'] as const;
export type LineKind = (typeof lineKinds)[number];

/** `GET /api/log/mine` */
export const mineQuery = z.strictObject({
  /** For whom one represents; left out: oneself. */
  patient: id.optional(),
  /** From this on; before this (a day counts whole). */
  from: instant.optional(),
  until: instant.optional(),
  /** `who.key` and `organisation.id` of lines. */
  who: z
    .string()
    .regex(/^-?\d{1,20}$/)
    .optional(),
  organisation: id.optional(),
  kind: z.enum(lineKinds).optional(),
  /** `others`: without what one did oneself. */
  by: z.enum(['everybody', 'others']).default('everybody'),
  count,
  cursor,
  language,
});

export type LogLine = {
  /** The newest entry that the line stands for: node and number. */
  id: string;
  /** The newest and the oldest time, and how many entries. */
  last: string;
  first: string;
  count: number;
  who: { key: string; name: string; kind: string; profession: string; isSelf: boolean };
  organisation?: { id: string; name?: string };
  department?: { id: string; name?: string };
  kind: LineKind;
  action: { code: string; words: string };
  what: { types: { [type: string]: number }; words: string[] };
  why: { purpose: string; words: string };
  outcome: 'allowed' | 'refused' | 'failed';
  isEmergency: boolean;
  isOffline: boolean;
  /** The node that kept the entry. */
  node: string;
};

export type MineAnswer = { patient: string; lines: LogLine[]; next?: string };

/** `POST /api/log/mine/wrong`: opens a case for the privacy officer. */
export const wrongReport = z.strictObject({
  patient: id.optional(),
  /** `id` of the line. */
  entry: z.string().max(120),
  message: z.string().trim().min(1).max(4000),
});

export type WrongAnswer = { case: string };

/** `GET /api/log/search`, for the privacy officer. */
export const searchQuery = z.strictObject({
  patient: id.optional(),
  /** A reference: `Practitioner/…`, `Patient/…`, or the name of a system. */
  who: z.string().min(1).max(200).optional(),
  organisation: id.optional(),
  from: instant.optional(),
  until: instant.optional(),
  /** How the ground begins: `attested:`, `break-glass`. */
  ground: z.string().min(1).max(200).optional(),
  outcome: z.enum(['allowed', 'refused', 'failed']).optional(),
  action: z.string().max(40).optional(),
  count,
  cursor,
  language,
});

/** `GET /api/log/sample`: entries drawn at random from a period, each as likely as any other. */
export const sampleQuery = z.strictObject({ from: instant, until: instant, count, language });

/** An entry as the privacy officer sees it. */
export type OfficerEntry = Omit<LogLine, 'last' | 'first' | 'count' | 'who'> & {
  at: string;
  patient?: string;
  request: string;
  who: LogLine['who'] & { reference: string; client?: string };
  resources: readonly string[];
  query?: string;
  ground: string;
  attestation?: string;
  reason?: string;
  from: { address: string };
};

export type SearchAnswer = { entries: OfficerEntry[]; next?: string };

/** `GET /api/log/unusual` */
export const unusualQuery = z.strictObject({
  from: instant.optional(),
  until: instant.optional(),
  rule: z.string().max(40).optional(),
  patient: id.optional(),
  who: z.string().min(1).max(200).optional(),
  count,
  cursor,
  language,
});

/** One person's accesses to one patient on one day that look unusual. */
export type UnusualFinding = {
  /** `2026-11-23` */
  day: string;
  who: string;
  name: string;
  patient?: string;
  score: number;
  reasons: { rule: string; weight: number; words: string }[];
  /** How many entries, and the id and the time of the newest. */
  entries: number;
  newest: string;
  at: string;
};

export type UnusualAnswer = { findings: UnusualFinding[]; next?: string };

/** `POST /api/log/people`, for the privacy officer: who these patients are, or who has this number. In the body, since numbers of people have no place in an address. */
export const peopleRequest = z.union([
  z.strictObject({ patients: z.array(id).min(1).max(100) }),
  z.strictObject({ number: z.string().regex(/^\d{11}$/, 'has eleven digits') }),
]);

export type PersonAnswer = { patient: string; name: string; birthDate?: string; number?: string };
export type PeopleAnswer = { people: PersonAnswer[] };

/** `GET /api/log/report`, and `/api/log/report.csv`, for the privacy officer: the last weeks, this one among them. */
export const reportQuery = z.strictObject({ weeks: z.coerce.number().int().min(1).max(53).default(12), language });

/** How often people of a role did something of a kind in a week, with this outcome. */
export type AccessCount = {
  /** The Monday, `2026-11-23`, in Norway. */
  week: string;
  /** The authorisation (Volven 9060), or what else acts: `citizen`, `system` … */
  role: string;
  roleWords: string;
  kind: LineKind;
  outcome: LogLine['outcome'];
  count: number;
};

export type CaseWeek = {
  week: string;
  kind: 'break-glass' | 'wrong-access';
  opened: number;
  closed: number;
  /** Of those opened in the week, not followed up by their deadline. */
  late: number;
};

export type WeeklyReport = {
  /** Mondays, oldest first. */
  weeks: readonly string[];
  accesses: readonly AccessCount[];
  brokenGlass: readonly { week: string; count: number }[];
  /** Findings: one for a person, a patient and a day. */
  unusual: readonly { week: string; count: number }[];
  cases: readonly CaseWeek[];
  openNow: number;
  lateNow: number;
};

/** `POST /api/log/unusual/run`: looks at a period again, now. */
export const unusualRun = z.strictObject({ from: instant, until: instant });
