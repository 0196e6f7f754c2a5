/** A disease as states that follow each other: how long each lasts, what it does to results, what happens in it, what comes next. */
import type { Admission } from '../admission-reasons.ts';
import type { PanelName } from '../analyses.ts';
import type { ProcedureKey } from '../procedures.ts';

/** The same in bokmål and nynorsk. */
export type Words = readonly [bokmal: string, nynorsk: string];

/** Of 8306: pathway for cancer, urgent, ordinary. */
export type Priority = 'PK' | '3' | 'N';

export type Happening =
  | { do: 'gp'; reason: string; panels?: readonly PanelName[]; score?: ScoreName }
  | {
      do: 'outpatient';
      department: string;
      reason: string;
      note: Words;
      panels?: readonly PanelName[];
      procedure?: ProcedureKey;
      score?: ScoreName;
    }
  | { do: 'referral'; department: string; priority: Priority; reason: Words; deadlineDays: number }
  | { do: 'imaging'; what: ImagingName; finding: Words; conclusion: Words }
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
  steps: readonly Step[];
};

export type Course = {
  first: string;
  states: Readonly<Record<string, State>>;
  /** The state of the last weeks or months of those who die with it. */
  dying?: { state: string; days: readonly [number, number] };
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
