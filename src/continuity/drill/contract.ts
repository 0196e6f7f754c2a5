/** What the drill routes take and give, for whoever calls them. */
import { z } from 'zod';
import type { Words } from '../downtime/words.ts';
import type { DrillReport } from './report.ts';
import { minutesMost, type Drill } from './rules.ts';
import { scenarioNames, type ScenarioName } from './scenarios.ts';

export type { Drill, DrillState, DrillStep } from './rules.ts';
export type { DrillTask } from './report.ts';
export type { ScenarioName } from './scenarios.ts';

const words = z.string().trim().min(3, 'has to say it in some words').max(2000);

/** `POST /api/drill`: operators. */
export const beginRequest = z.strictObject({
  scenario: z.enum(scenarioNames),
  minutes: z.number().int().min(1).max(minutesMost).default(15),
  words: words.optional(),
});

/** `POST /api/drill/:id/note`: what somebody did or saw, for the report. */
export const noteRequest = z.strictObject({ words });
/** `POST /api/drill/:id/end`: whoever is on duty. */
export const endRequest = z.strictObject({});

export const reportQuery = z.strictObject({
  format: z.enum(['json', 'html']).default('json'),
  language: z.enum(['nb', 'nn', 'en']).default('nb'),
});

/** `GET /api/drill`: everybody who signed in. */
export type DrillStateAnswer = {
  node: string;
  /** Milliseconds since 1970, for a clock that counts. */
  at: number;
  drill?: {
    id: string;
    scenario: ScenarioName;
    state: Drill['state'];
    began: number;
    until: number;
    title: Words;
    happens: Words;
  };
  /** What can be practised here; `elsewhere` says where one can that can not. */
  scenarios: { scenario: ScenarioName; title: Words; happens: Words; elsewhere?: string }[];
};

/** `GET /api/drill/list`: those on duty. */
export type DrillListAnswer = { drills: readonly Drill[] };

/** `GET /api/drill/:id`, and what beginning, noting and ending answer: all that is known so far. */
export type DrillAnswer = DrillReport;
