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

/** A job of the queue. Times are milliseconds since 1970. */
export type JobShown = {
  id: string;
  name: string;
  /** `tried`: it failed and is tried again; `given-up`: it failed as often as it may. */
  state: 'running' | 'waiting' | 'tried' | 'given-up';
  attempts: number;
  attemptsMax: number;
  added: number;
  /** When it is next tried, at the earliest. */
  next: number;
  /** What the last try said, without secrets and numbers of people. */
  problem?: string;
};

/** `GET /api/operations/jobs`: those that ask for somebody first; `all` is how many there are. */
export type JobsAnswer = { jobs: readonly JobShown[]; all: number };

export type BackupShown = {
  id: string;
  /** The instant that it holds, when it was done, and when it was proven by restoring; milliseconds since 1970. */
  at: number;
  finished: number;
  verified?: number;
  folder: string;
  rows: number;
  /** What was written for it: a later backup writes what has changed. */
  bytesWritten: number;
  blobs: number;
  blobsDamaged: number;
};

/** `GET /api/operations/backups`: the newest first. */
export type BackupsAnswer = { backups: readonly BackupShown[] };
