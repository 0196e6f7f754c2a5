/** What the operations routes answer, for whoever calls them. */
import type { Alarm } from './alarms.ts';
import type { NumberName, Numbers } from './numbers.ts';

export type { NumberName } from './numbers.ts';

/** `GET /api/operations` */
export type OperationsAnswer = {
  node: string;
  role: string;
  version: string;
  baseUrl: string;
  /** Milliseconds since 1970. */
  at: number;
  state: 'good' | 'warning' | 'critical';
  numbers: Numbers;
  /** What each number is, in English, as `/metrics` has it. */
  words: Readonly<Record<string, string>>;
  /** The gravest first. */
  alarms: readonly Alarm[];
};

/** `GET /api/operations/history`: a sample a minute, oldest first; when (milliseconds since 1970) and the value. */
export type HistoryAnswer = { number: NumberName; samples: readonly (readonly [number, number])[] };
