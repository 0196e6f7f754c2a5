/** What a pack says, before it is drawn: of one ward at one moment. Pure. */
import type { Due } from '#shared/due-doses.ts';
import type { News2 } from '#shared/news2.ts';
import type { PackLanguage } from './phrases.ts';

/** Milliseconds since 1970. */
export type Instant = number;

/** The `heardAt` of a node that has heard nothing yet. */
export const never: Instant = 0;

/** What is held of a patient here: `isWhole` false where something may be missing; `heardAt` when the node last had word from where the record comes from. */
export type Held = { isWhole: boolean; heardAt: Instant };

/**
 * Four things that look alike and are not: `recorded` things; somebody said that there are none; nobody said anything; the node does not hold the record
 * whole, so that nobody can know. The last also beside `items`: these, and perhaps more.
 */
export type Known<T> = { items: readonly T[]; state: 'recorded' | 'noneKnown' | 'notRecorded' | 'notLoaded' };

export type Allergy = { what: string; reaction: string; isHigh: boolean; isConfirmed: boolean; isDisputed: boolean };
export type Remark = { text: string; since?: Instant; by?: string };

export type Medicine = {
  /** `MedicationRequest/id` without the type. */
  request: string;
  name: string;
  dose: string;
  route: string;
  /** The order's own words. */
  words: string;
  last: { at: Instant; dose: string; isGiven: boolean } | undefined;
  due: Due;
  /** A dose whose time has passed since the last one was given or noted. */
  missed: Instant | undefined;
};

export type VitalRow = {
  at: Instant;
  values: Readonly<Record<string, string>>;
};

export type Score = News2 & {
  at: Instant;
  /** Why there is none: made for grown-ups. */
  notFor?: 'child' | 'pregnant';
};

export type ResultRow = {
  name: string;
  value: string;
  unit: string;
  range: string;
  flag: 'high' | 'low' | 'critical' | 'abnormal' | '';
  at: Instant;
  before?: { value: string; at: Instant };
};
export type Pending = { what: string; since: Instant };
export type OpenOrder = { what: string; since?: Instant; by: string };
export type Kin = { name: string; relation: string; phone: string };

export type Bed = { bed: string; isReserved: boolean };

/** Who it is, and where: on every page about the patient. */
export type Identity = {
  /** `Patient/id` without the type. */
  patient: string;
  name: string;
  /** National number or another that was given. */
  number: string;
  born: string;
  age: string;
  sex: string;
  bed: string;
};

export type PatientSheet = Identity & {
  /** By the patient's own decision nothing of the record is on paper. */
  isBlocked: boolean;
  /** Others than the ward are shut out: to be thought of before the sheet is handed on. */
  hasBlocks: boolean;
  held: Held;
  /** The newest of what the sheet tells. */
  newestAt: Instant | undefined;
  admitted: Instant | undefined;
  reason: string;
  responsible: string;
  nurse: string;
  allergies: Known<Allergy>;
  critical: Known<Remark>;
  limits: Known<Remark>;
  isolation: Known<Remark>;
  problems: readonly string[];
  medicines: readonly Medicine[];
  infusions: readonly Medicine[];
  vitals: readonly VitalRow[];
  score: Score | undefined;
  results: readonly ResultRow[];
  pending: readonly Pending[];
  orders: readonly OpenOrder[];
  plan: readonly string[];
  kin: readonly Kin[];
  /** Every resource that the sheet was made from: `Type/id`. */
  sources: readonly string[];
};

export type Expected = Identity & { at: Instant; reason: string; allergies: Known<Allergy>; critical: Known<Remark> };

export type BlankForm = {
  code: string;
  scan: string;
  kind: 'vitals' | 'doses' | 'note' | 'order' | 'newPatient';
  patient?: string;
};

export type WardPack = {
  /** `Location/id` without the type. */
  ward: string;
  name: string;
  language: PackLanguage;
  node: string;
  madeAt: Instant;
  /** The oldest word from where the records come from, among the patients. */
  heardAt: Instant;
  patients: readonly PatientSheet[];
  expected: readonly Expected[];
  forms: readonly BlankForm[];
};

/** As `/api/packs` lists them. */
export type PackShown = {
  ward: string;
  name: string;
  language: PackLanguage;
  /** ISO 8601. */
  madeAt: string;
  ageSeconds: number;
  patients: number;
  pages: number;
  bytes: number;
};
