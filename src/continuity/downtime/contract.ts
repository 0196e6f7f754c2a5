/** What the downtime routes take and give, for whoever calls them. */
import { z } from 'zod';
import { checkNames, downtimeKinds, type Check, type Downtime, type Step } from './rules.ts';
import type { Words } from './words.ts';

export type { Check, CheckName, Downtime, DowntimeKind, DowntimeState, Step } from './rules.ts';

const words = z.string().trim().min(3, 'has to say why, in some words').max(2000);

/** `POST /api/downtime`: the first of two steps. */
export const beginRequest = z.strictObject({
  kind: z.enum(downtimeKinds),
  reason: words,
  /** When the trouble began, where that was earlier: milliseconds since 1970. */
  began: z.number().int().positive().optional(),
});

/** `POST /api/downtime/:id/:step` */
export const stepRequests = {
  declare: z.strictObject({ words: words.optional() }),
  note: z.strictObject({ words }),
  withdraw: z.strictObject({}),
  dismiss: z.strictObject({ words }),
  /** `over`: when normal operation began again. */
  reconcile: z.strictObject({ over: z.number().int().positive().optional() }),
  settle: z.strictObject({ name: z.enum(checkNames), words }),
  reopen: z.strictObject({ words }),
  end: z.strictObject({}),
} as const;

export type StepName = keyof typeof stepRequests;

export const reportQuery = z.strictObject({
  format: z.enum(['json', 'html']).default('json'),
  language: z.enum(['nb', 'nn', 'en']).default('nb'),
});

/** `GET /api/downtime`: for the banner on every page. */
export type BannerAnswer = {
  node: string;
  /** A drill is on: what is away is away on purpose, and comes back when it ends. */
  drill?: { id: string; scenario: string; began: number; until: number; title: Words; happens: Words };
  /** Undefined: all is as it should be. */
  downtime?: {
    id: string;
    kind: Downtime['kind'];
    state: Downtime['state'];
    began: number;
    declared?: number;
    reason: string;
    by: string;
    /** It began in a drill. */
    isDrill: boolean;
    /** What is lost, what state that is in, what it means for whoever treats patients. */
    title: Words;
    status: Words;
    care: Words;
  };
};

/** `GET /api/downtime/:id` */
export type DowntimeAnswer = {
  downtime: Downtime;
  /** The checks with what each means, while it is being reconciled. */
  checks: (Check & { title: Words; isOpen: boolean })[];
  history: readonly Step[];
};
