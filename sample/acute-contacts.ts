/** Why people see their doctor between the chronic things: ICPC-2, how often a year by age, and what is done. Rates are rough assumptions. */
import type { PanelName } from './analyses.ts';
import type { Sex } from '#shared/identifiers.ts';
import type { ImagingName, Words } from './courses/course.ts';
import { fractures } from './injuries.ts';

/** Contacts a year at ages 0–4, 5–17, 18–44, 45–66 and 67 or more. */
export type YearlyRate = readonly [number, number, number, number, number];

export type AcuteContact = {
  icpc: string;
  rate: YearlyRate;
  sex?: Sex;
  /** Nobody younger has it. */
  fromAge?: number;
  toAge?: number;
  /** How often men have it, of how often women do. */
  menFactor?: number;
  season?: 'winter' | 'spring';
  /** A share gets one of these for so many days. */
  medicine?: { oneOf: readonly string[]; share: number; days: number };
  panel?: { name: PanelName; share: number };
  /** CRP as a multiple of the healthy value, and degrees above 37 °C. */
  infection?: { crp: number; fever: number };
  /** Of a share an image is taken, which shows a fracture or none. */
  imaging?: {
    what: ImagingName;
    share: number;
    brokenShare: number;
    broken: readonly [finding: Words, conclusion: Words];
    unbroken: readonly [finding: Words, conclusion: Words];
  };
  /** The share that goes to the out-of-hours clinic instead. */
  urgent?: number;
};

export const acuteContacts: readonly AcuteContact[] = [
  ...fractures,
  {
    icpc: 'R74',
    rate: [0.7, 0.2, 0.12, 0.08, 0.06],
    season: 'winter',
    panel: { name: 'infection', share: 0.3 },
    infection: { crp: 6, fever: 1.1 },
    urgent: 0.3,
  },
  {
    icpc: 'R05',
    rate: [0.2, 0.06, 0.05, 0.06, 0.09],
    season: 'winter',
    panel: { name: 'infection', share: 0.35 },
    infection: { crp: 4, fever: 0.3 },
    urgent: 0.15,
  },
  {
    icpc: 'R78',
    rate: [0.12, 0.03, 0.03, 0.05, 0.07],
    season: 'winter',
    medicine: { oneOf: ['doxycycline', 'salbutamol'], share: 0.35, days: 7 },
    panel: { name: 'infection', share: 0.6 },
    infection: { crp: 14, fever: 0.7 },
    urgent: 0.25,
  },
  {
    icpc: 'R81',
    rate: [0.03, 0.01, 0.008, 0.015, 0.04],
    season: 'winter',
    medicine: { oneOf: ['penicillin', 'amoxicillin'], share: 0.92, days: 7 },
    panel: { name: 'infection', share: 0.9 },
    infection: { crp: 60, fever: 1.6 },
    urgent: 0.35,
  },
  {
    icpc: 'R75',
    rate: [0.005, 0.02, 0.06, 0.05, 0.03],
    season: 'winter',
    medicine: { oneOf: ['penicillin', 'amoxicillin', 'xylometazoline'], share: 0.6, days: 7 },
    panel: { name: 'infection', share: 0.4 },
    infection: { crp: 7, fever: 0.4 },
  },
  {
    icpc: 'R76',
    rate: [0.06, 0.07, 0.05, 0.015, 0.008],
    medicine: { oneOf: ['penicillin'], share: 0.65, days: 5 },
    panel: { name: 'infection', share: 0.5 },
    infection: { crp: 25, fever: 1.4 },
    urgent: 0.4,
  },
  {
    icpc: 'R80',
    rate: [0.08, 0.05, 0.04, 0.03, 0.03],
    season: 'winter',
    infection: { crp: 9, fever: 1.9 },
    urgent: 0.3,
  },
  {
    icpc: 'H71',
    rate: [0.35, 0.06, 0.012, 0.008, 0.006],
    season: 'winter',
    medicine: { oneOf: ['penicillin', 'amoxicillin'], share: 0.4, days: 5 },
    infection: { crp: 8, fever: 0.9 },
    urgent: 0.35,
  },
  { icpc: 'H81', rate: [0.01, 0.01, 0.02, 0.05, 0.11] },
  {
    icpc: 'U71',
    menFactor: 0.2,
    rate: [0.02, 0.02, 0.07, 0.07, 0.13],
    medicine: { oneOf: ['pivmecillinam', 'nitrofurantoin', 'trimethoprim'], share: 0.93, days: 4 },
    panel: { name: 'infection', share: 0.25 },
    infection: { crp: 5, fever: 0.1 },
    urgent: 0.25,
  },
  {
    icpc: 'U70',
    menFactor: 0.35,
    rate: [0.004, 0.003, 0.008, 0.007, 0.014],
    medicine: { oneOf: ['ciprofloxacin', 'pivmecillinam'], share: 0.95, days: 10 },
    panel: { name: 'infection', share: 1 },
    infection: { crp: 70, fever: 1.9 },
    urgent: 0.5,
  },
  {
    icpc: 'D73',
    rate: [0.2, 0.06, 0.05, 0.03, 0.03],
    season: 'winter',
    panel: { name: 'infection', share: 0.15 },
    infection: { crp: 7, fever: 0.6 },
    urgent: 0.35,
  },
  {
    icpc: 'D01',
    rate: [0.06, 0.09, 0.06, 0.05, 0.05],
    panel: { name: 'abdomen', share: 0.5 },
    urgent: 0.3,
    medicine: { oneOf: ['omeprazole', 'macrogol'], share: 0.25, days: 28 },
  },
  {
    icpc: 'D12',
    rate: [0.06, 0.03, 0.02, 0.02, 0.05],
    medicine: { oneOf: ['macrogol', 'lactulose'], share: 0.6, days: 60 },
  },
  {
    icpc: 'D07',
    fromAge: 12,
    rate: [0, 0.02, 0.05, 0.06, 0.06],
    medicine: { oneOf: ['omeprazole', 'pantoprazole'], share: 0.5, days: 28 },
    panel: { name: 'abdomen', share: 0.35 },
  },
  { icpc: 'D96', rate: [0.03, 0.03, 0.005, 0.002, 0.001] },
  { icpc: 'F70', rate: [0.14, 0.03, 0.02, 0.015, 0.02], medicine: { oneOf: ['chloramphenicol'], share: 0.5, days: 5 } },
  {
    icpc: 'L02',
    rate: [0, 0.01, 0.06, 0.08, 0.08],
    medicine: { oneOf: ['ibuprofen', 'paracetamol'], share: 0.6, days: 14 },
  },
  {
    icpc: 'L84',
    fromAge: 14,
    rate: [0, 0.005, 0.11, 0.13, 0.07],
    medicine: { oneOf: ['naproxen', 'diclofenac', 'paracetamol'], share: 0.4, days: 14 },
  },
  {
    icpc: 'L86',
    fromAge: 18,
    rate: [0, 0.001, 0.03, 0.05, 0.04],
    medicine: { oneOf: ['codeine-paracetamol', 'naproxen', 'tramadol'], share: 0.55, days: 14 },
  },
  { icpc: 'L83', rate: [0, 0.01, 0.06, 0.07, 0.04], medicine: { oneOf: ['ibuprofen'], share: 0.3, days: 14 } },
  {
    icpc: 'L92',
    rate: [0, 0.003, 0.03, 0.08, 0.06],
    medicine: { oneOf: ['naproxen', 'ibuprofen'], share: 0.35, days: 21 },
  },
  {
    icpc: 'L15',
    rate: [0, 0.04, 0.04, 0.06, 0.07],
    medicine: { oneOf: ['paracetamol', 'ibuprofen'], share: 0.45, days: 21 },
  },
  {
    icpc: 'L17',
    rate: [0.01, 0.03, 0.03, 0.05, 0.05],
    medicine: { oneOf: ['paracetamol', 'naproxen'], share: 0.4, days: 21 },
  },
  { icpc: 'L77', rate: [0.002, 0.035, 0.025, 0.012, 0.008], urgent: 0.6 },
  { icpc: 'L18', fromAge: 18, rate: [0, 0.003, 0.04, 0.06, 0.03], panel: { name: 'rheumatic', share: 0.3 } },
  { icpc: 'S06', rate: [0.14, 0.04, 0.04, 0.04, 0.05], medicine: { oneOf: ['betamethasone'], share: 0.5, days: 14 } },
  { icpc: 'S18', rate: [0.05, 0.05, 0.025, 0.02, 0.03], urgent: 0.7 },
  { icpc: 'S12', rate: [0.02, 0.015, 0.012, 0.012, 0.012], urgent: 0.4 },
  { icpc: 'S84', rate: [0.07, 0.04, 0.005, 0.003, 0.003], medicine: { oneOf: ['dicloxacillin'], share: 0.4, days: 7 } },
  {
    icpc: 'S76',
    rate: [0.01, 0.012, 0.02, 0.03, 0.05],
    medicine: { oneOf: ['dicloxacillin', 'penicillin'], share: 0.85, days: 8 },
    panel: { name: 'infection', share: 0.5 },
    infection: { crp: 25, fever: 0.6 },
    urgent: 0.3,
  },
  {
    icpc: 'S96',
    fromAge: 11,
    toAge: 40,
    rate: [0, 0.08, 0.03, 0.003, 0],
    medicine: { oneOf: ['benzoyl-peroxide'], share: 0.6, days: 90 },
  },
  {
    icpc: 'S70',
    rate: [0.001, 0.002, 0.004, 0.009, 0.014],
    medicine: { oneOf: ['valaciclovir'], share: 0.7, days: 7 },
  },
  { icpc: 'S79', rate: [0.005, 0.01, 0.03, 0.05, 0.09] },
  {
    icpc: 'S98',
    rate: [0.03, 0.015, 0.015, 0.012, 0.01],
    medicine: { oneOf: ['desloratadine', 'cetirizine'], share: 0.7, days: 14 },
    urgent: 0.35,
  },
  { icpc: 'A04', fromAge: 12, rate: [0.005, 0.05, 0.11, 0.11, 0.11], panel: { name: 'tired', share: 0.85 } },
  {
    icpc: 'A03',
    rate: [0.3, 0.04, 0.015, 0.008, 0.008],
    panel: { name: 'infection', share: 0.3 },
    infection: { crp: 8, fever: 1.6 },
    urgent: 0.5,
  },
  { icpc: 'A77', rate: [0.09, 0.04, 0.02, 0.012, 0.008], infection: { crp: 5, fever: 0.9 }, urgent: 0.25 },
  { icpc: 'A97', rate: [0.05, 0.1, 0.12, 0.12, 0.13] },
  { icpc: 'A98', rate: [0.1, 0.05, 0.06, 0.11, 0.16], panel: { name: 'general', share: 0.45 } },
  {
    icpc: 'A11',
    fromAge: 14,
    rate: [0, 0.01, 0.02, 0.03, 0.04],
    panel: { name: 'coronary', share: 0.4 },
    urgent: 0.45,
  },
  {
    icpc: 'K04',
    fromAge: 14,
    rate: [0, 0.008, 0.025, 0.03, 0.04],
    panel: { name: 'general', share: 0.6 },
    urgent: 0.15,
  },
  { icpc: 'K85', fromAge: 18, rate: [0, 0.002, 0.015, 0.05, 0.06], panel: { name: 'pressure', share: 0.5 } },
  {
    icpc: 'N01',
    rate: [0.005, 0.06, 0.06, 0.04, 0.025],
    panel: { name: 'general', share: 0.25 },
    medicine: { oneOf: ['paracetamol'], share: 0.35, days: 14 },
  },
  {
    icpc: 'N17',
    rate: [0, 0.02, 0.04, 0.05, 0.09],
    panel: { name: 'general', share: 0.4 },
    urgent: 0.2,
    medicine: { oneOf: ['metoclopramide'], share: 0.15, days: 7 },
  },
  { icpc: 'P02', fromAge: 10, rate: [0, 0.03, 0.1, 0.08, 0.03] },
  { icpc: 'P01', fromAge: 8, rate: [0, 0.03, 0.07, 0.04, 0.03] },
  { icpc: 'Z05', fromAge: 19, rate: [0, 0, 0.03, 0.03, 0] },
  { icpc: 'T83', rate: [0.002, 0.015, 0.03, 0.04, 0.03], panel: { name: 'lipids', share: 0.5 } },
  {
    icpc: 'T91',
    fromAge: 10,
    rate: [0.01, 0.015, 0.025, 0.03, 0.04],
    medicine: { oneOf: ['calcium-vitamin-d', 'hydroxocobalamin'], share: 0.4, days: 180 },
    panel: { name: 'tired', share: 0.8 },
  },
  {
    icpc: 'W11',
    fromAge: 15,
    toAge: 50,
    rate: [0, 0.06, 0.16, 0.01, 0],
    sex: 'female',
    medicine: { oneOf: ['combined-pill', 'desogestrel'], share: 0.95, days: 365 },
  },
  {
    icpc: 'X11',
    fromAge: 45,
    toAge: 60,
    rate: [0, 0, 0.01, 0.11, 0.01],
    sex: 'female',
    medicine: { oneOf: ['estradiol'], share: 0.4, days: 365 },
  },
  { icpc: 'X72', fromAge: 14, rate: [0, 0.01, 0.04, 0.015, 0.01], sex: 'female' },
  { icpc: 'A981', fromAge: 25, toAge: 69, rate: [0, 0, 0.13, 0.13, 0.02], sex: 'female' },
  { icpc: 'Y06', fromAge: 40, rate: [0, 0, 0.008, 0.04, 0.07], sex: 'male', panel: { name: 'prostate', share: 0.6 } },
];
