/**
 * What age does to results: children's reference ranges, to an age, and how the usual value differs from an adult's. Rough figures of general
 * knowledge, rounded from what paediatric laboratories commonly print; analyses that are not here have the adult range at all ages.
 */
import type { Sex } from '#shared/identifiers.ts';
import type { Range } from './analyses.ts';

type Band = readonly [toAge: number, range: Range, usual: number];

/** By analysis: up to an age in years, the range, and the usual value as a share of an adult's. */
const children: Readonly<Record<string, readonly Band[]>> = {
  haemoglobin: [
    [0.08, [13.5, 20], 1.18],
    [0.25, [10, 16], 0.9],
    [2, [10.2, 13.5], 0.86],
    [6, [10.8, 14], 0.89],
    [12, [11.3, 14.8], 0.93],
    [15, [11.7, 15.6], 0.97],
  ],
  leukocytes: [
    [1, [6, 17.5], 1.6],
    [4, [5.5, 15.5], 1.4],
    [8, [4.8, 14], 1.25],
    [14, [4.4, 12], 1.1],
  ],
  neutrophils: [
    [1, [1, 8.5], 0.85],
    [6, [1.5, 8.5], 1],
    [14, [1.6, 8], 1],
  ],
  lymphocytes: [
    [1, [3.5, 11], 2.9],
    [4, [2.2, 9], 2.2],
    [8, [1.6, 6], 1.6],
    [14, [1.4, 4.5], 1.25],
  ],
  platelets: [
    [2, [210, 600], 1.4],
    [10, [190, 490], 1.25],
    [16, [170, 440], 1.1],
  ],
  mcv: [
    [0.25, [88, 115], 1.1],
    [2, [71, 86], 0.87],
    [6, [74, 88], 0.9],
    [12, [76, 91], 0.93],
    [16, [78, 94], 0.96],
  ],
  mch: [
    [2, [23, 30], 0.89],
    [12, [24, 31], 0.92],
    [16, [25, 32], 0.96],
  ],
  sedimentation: [[16, [undefined, 20], 0.7]],
  potassium: [
    [1, [3.6, 5.8], 1.12],
    [6, [3.5, 5.1], 1.04],
  ],
  calcium: [
    [1, [2.2, 2.75], 1.05],
    [16, [2.2, 2.65], 1.03],
  ],
  phosphate: [
    [1, [1.5, 2.3], 1.65],
    [12, [1.2, 1.9], 1.35],
    [16, [0.95, 1.85], 1.2],
  ],
  magnesium: [[16, [0.67, 0.95], 0.98]],
  creatinine: [
    [0.1, [20, 75], 0.55],
    [2, [12, 32], 0.3],
    [5, [18, 40], 0.4],
    [8, [24, 50], 0.5],
    [12, [30, 60], 0.62],
    [16, [38, 78], 0.78],
  ],
  urea: [
    [1, [1, 5.5], 0.6],
    [16, [2, 6.5], 0.8],
  ],
  albumin: [
    [1, [32, 47], 0.94],
    [16, [36, 49], 1],
  ],
  asat: [
    [1, [undefined, 80], 1.9],
    [7, [undefined, 55], 1.5],
    [14, [undefined, 45], 1.2],
  ],
  alat: [
    [1, [undefined, 60], 1.2],
    [14, [undefined, 40], 0.8],
  ],
  alp: [
    [1, [120, 450], 4],
    [10, [120, 380], 3.6],
    [14, [100, 430], 3.8],
    [17, [55, 330], 2],
  ],
  gt: [[14, [undefined, 25], 0.6]],
  ld: [
    [1, [180, 430], 1.75],
    [10, [150, 330], 1.4],
    [16, [120, 280], 1.15],
  ],
  ck: [[16, [undefined, 300], 1.1]],
  glucose: [[16, [3.5, 5.9], 0.94]],
  cholesterol: [[18, [2.8, 5.5], 0.82]],
  ldl: [[18, [1.2, 3.6], 0.75]],
  tsh: [
    [1, [0.8, 6.5], 1.5],
    [12, [0.7, 4.9], 1.25],
  ],
  ft4: [[12, [11, 21], 1.05]],
  ferritin: [
    [1, [12, 250], 0.9],
    [12, [10, 75], 0.45],
    [16, [12, 110], 0.5],
  ],
  iron: [[14, [5, 26], 0.8]],
  cobalamin: [[12, [200, 1000], 1.5]],
  'nt-probnp': [
    [2, [undefined, 320], 1.5],
    [16, [undefined, 160], 0.8],
  ],
};
/** Boys have the haemoglobin of men from an age on. */
const boysUntil = 15;

function bandOf(key: string, age: number): Band | undefined {
  return children[key]?.find(([toAge]) => age < toAge);
}

/** The range of a child for that analysis; undefined when it is the adults'. */
export function childRangeOf(key: string, age: number, sex: Sex): Range | undefined {
  if (key === 'haemoglobin' && sex === 'male' && age >= boysUntil && age < 17) return [12.5, 16.5];
  return bandOf(key, age)?.[1];
}

/** The usual value at an age, as a multiple of an adult's; some rise in old age. */
export function ageFactor(key: string, age: number): number {
  if (age < 18) return bandOf(key, age)?.[2] ?? 1;
  if (age <= 60) return 1;
  if (key === 'nt-probnp') return 1 + (age - 60) * 0.09;
  if (key === 'troponin-t') return 1 + (age - 60) * 0.03;
  if (key === 'creatinine') return 1 + (age - 60) * 0.004;
  if (key === 'sedimentation') return 1 + (age - 60) * 0.02;
  return 1;
}
