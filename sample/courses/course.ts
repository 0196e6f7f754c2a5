/** A disease as states that follow each other: how long each lasts, what it does to results, what happens in it, what comes next. */
import type { Admission } from '../admission-reasons.ts';
import type { PanelName } from '../analyses.ts';
import type { ProcedureKey } from '../procedures.ts';

/** The same in bokmål and nynorsk. */
export type Words = readonly [bokmal: string, nynorsk: string];

/** Of 8306: pathway for cancer, urgent, ordinary. */
export type Priority = 'PK' | '3' | 'N';

export type Happening =
  | {
      do: 'gp';
      reason: string;
      panels?: readonly PanelName[];
      score?: ScoreName;
      /** How it is coded before the diagnosis is known. */
      icpc?: string;
      atHome?: boolean;
    }
  | {
      do: 'outpatient';
      department: string;
      reason: string;
      /** How it is coded before the diagnosis is known. */
      icd?: string;
      note: Words;
      panels?: readonly PanelName[];
      procedure?: ProcedureKey;
      score?: ScoreName;
    }
  | { do: 'referral'; department: string; priority: Priority; reason: Words; deadlineDays: number; icpc?: string }
  | { do: 'milestone'; milestone: Milestone }
  | { do: 'imaging'; what: ImagingName; finding: Words; conclusion: Words; question?: string }
  | { do: 'pathology'; department: string; finding: Words }
  | { do: 'admission'; admission: Admission }
  | { do: 'start'; oneOf: readonly string[] }
  | { do: 'stop'; oneOf: readonly string[] }
  | { do: 'critical'; system: '7522'; code: string; display: string }
  | { do: 'homeCare' }
  | { do: 'nursingHome' };

export type Step = Happening & {
  /** Days after the state began. */
  at: number;
  /** Then again after so many days, as long as the state lasts. */
  every?: number;
  /** The share of people to whom it happens. */
  share?: number;
};

export type State = {
  /** Shortest and longest, in days. */
  lasts: readonly [number, number];
  /** What comes then, with weights; nothing: this is the last. */
  next?: readonly (readonly [state: string, weight: number])[];
  /** Results as multiples of the usual while it lasts. */
  effects?: Readonly<Record<string, number>>;
  /** What a score shows in this state. */
  scores?: Partial<Record<ScoreName, readonly [number, number]>>;
  /** What it shows at the end of the state, when it moves in it. */
  scoresAtEnd?: Partial<Record<ScoreName, readonly [number, number]>>;
  steps: readonly Step[];
};

/** Of 8480: referral received, work-up begun, cancer found and treatment decided, treatment begun by knife, medicines, radiation. */
export type Milestone = 'A' | 'S' | 'CK' | 'FK' | 'FM' | 'FS';

/** The beginning of the codes, and the name that their texts begin with. */
export type Pathway = { code: string; name: string };

export type Course = {
  pathway?: Pathway;
  /** Days from the beginning until the disease is known, and on the problem list. */
  diagnosedAfterDays?: number;
  first: string;
  states: Readonly<Record<string, State>>;
  /** A state that is not for those who have one of these diseases (by their keys), and what comes instead. */
  unfit?: { state: string; with: readonly string[]; instead: string };
  /** The state of the last weeks or months of those who die with it; what leads there, and what comes instead for those who live on. */
  dying?: { state: string; days: readonly [number, number]; after?: string; instead?: string };
};

export type ScoreName = 'depression' | 'memory' | 'jointActivity' | 'lungFunction' | 'function';
export type ImagingName =
  | 'chestXray'
  | 'chestCt'
  | 'abdomenCt'
  | 'headCt'
  | 'mammography'
  | 'prostateMri'
  | 'handXray'
  | 'wristXray'
  | 'ankleXray'
  | 'hipXray'
  | 'echocardiography'
  | 'pregnancyUltrasound';
