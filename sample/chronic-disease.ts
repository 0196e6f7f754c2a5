/**
 * Chronic diseases: who has them, how they are coded at the GP (ICPC-2) and in hospital (ICD-10), treated, measured and followed.
 * Shares by age are rough figures in the order of Norwegian health surveys and registers; README says which.
 */
import type { Sex } from '#shared/identifiers.ts';
import type { PanelName } from './analyses.ts';
import type { Course } from './courses/course.ts';

/** Shares of those aged 0–17, 18–34, 35–49, 50–64, 65–79 and 80 or more. */
export type ByAge = readonly [number, number, number, number, number, number];

export type Treatment = {
  /** One of these medicines, by its key in `medicines.ts`. */
  oneOf: readonly string[];
  /** The share of patients who get it. */
  share: number;
  /** Years from the diagnosis until it starts; 0 if not given. */
  afterYears?: number;
};

/** The value is the healthy one times `untreated` at first, `treated` after half a year, and drifts by this share a year. */
export type Effect = { untreated: number; treated: number; drift?: number };

export type ChronicDisease = {
  key: string;
  icpc: string;
  icd: string;
  shares: ByAge;
  sex?: Sex;
  /** How much more common among men than the share; women correspondingly less. */
  menFactor?: number;
  /** Diseases listed earlier that make this one this many times as likely. */
  raisedBy?: Readonly<Record<string, number>>;
  treatments: readonly Treatment[];
  effects?: Readonly<Record<string, Effect>>;
  /** Controls at the GP: what is measured, and how often a year. */
  control?: { panels: readonly PanelName[]; yearly: number };
  /** Follow-up in hospital: department, outpatient visits and admissions a year. */
  hospital?: { department: string; visits: number; admissions: number; admissionCode?: string };
  /** How it goes, state by state; then `treatments`, `effects` and hospital visits are the course's. */
  course?: Course;
  /** A chronic disease that ends: years until it is over. */
  endsAfterYears?: number;
  /** Nobody lives with it for longer, in years; 25 if not given. */
  survivedYears?: number;
};
