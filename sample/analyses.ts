/**
 * Common analyses: NLK code and name (Norsk laboratoriekodeverk, 7280), unit, a typical value, how values spread, reference range.
 * Ranges are those that Norwegian laboratories commonly print for adults; typical values and spreads are rough assumptions.
 */
import type { Sex } from '#shared/identifiers.ts';

export type Range = readonly [low: number | undefined, high: number | undefined];

export type Analysis = {
  key: string;
  code: string;
  name: string;
  unit: string;
  /** UCUM. */
  ucum: string;
  decimals: number;
  /** The typical value of a healthy adult, or one for each sex. */
  typical: number | Record<Sex, number>;
  /** Relative spread between people. */
  between: number;
  /** Relative spread within one person. */
  within: number;
  range: Range | Record<Sex, Range>;
};

type Row = readonly [
  key: string,
  code: string,
  name: string,
  unit: string,
  ucum: string,
  decimals: number,
  typical: Analysis['typical'],
  between: number,
  within: number,
  range: Analysis['range'],
];

const both = <T>(female: T, male: T): Record<Sex, T> => ({ female, male });

const rows: readonly Row[] = [
  [
    'haemoglobin',
    'NOR05172',
    'B-Hemoglobin',
    'g/dL',
    'g/dL',
    1,
    both(13.5, 14.9),
    0.06,
    0.025,
    both([11.7, 15.3], [13.4, 17.0]),
  ],
  ['leukocytes', 'NPU02593', 'B-Leukocytter', '10*9/L', '10*9/L', 1, 6.6, 0.2, 0.12, [4.1, 9.8]],
  ['neutrophils', 'NPU02902', 'B-Nøytrofile granulocytter', '10*9/L', '10*9/L', 1, 3.7, 0.25, 0.16, [1.8, 6.9]],
  ['lymphocytes', 'NPU02636', 'B-Lymfocytter', '10*9/L', '10*9/L', 1, 2.0, 0.22, 0.1, [1.2, 3.1]],
  ['platelets', 'NPU03568', 'B-Trombocytter', '10*9/L', '10*9/L', 0, 255, 0.18, 0.07, both([165, 387], [145, 348])],
  ['mcv', 'NPU01944', 'Ery-MCV', 'fL', 'fL', 0, 90, 0.04, 0.01, [82, 98]],
  ['mch', 'NPU26880', 'Ery-MCH', 'pg', 'pg', 0, 30, 0.04, 0.01, [27, 33]],
  ['sedimentation', 'NPU03404', 'B-SR', 'mm', 'mm', 0, both(10, 7), 0.45, 0.2, [undefined, 28]],
  ['crp', 'NPU19748', 'P-CRP', 'mg/L', 'mg/L', 0, 1.6, 0.5, 0.5, [undefined, 5]],
  ['sodium', 'NPU03429', 'P-Natrium', 'mmol/L', 'mmol/L', 0, 140.5, 0.011, 0.007, [137, 145]],
  ['potassium', 'NPU03230', 'P-Kalium', 'mmol/L', 'mmol/L', 1, 4.15, 0.05, 0.045, [3.5, 4.6]],
  ['chloride', 'NPU01536', 'P-Klorid', 'mmol/L', 'mmol/L', 0, 104, 0.015, 0.01, [98, 107]],
  ['calcium', 'NPU01443', 'P-Kalsium', 'mmol/L', 'mmol/L', 2, 2.34, 0.025, 0.015, [2.15, 2.51]],
  ['magnesium', 'NPU02647', 'P-Magnesium', 'mmol/L', 'mmol/L', 2, 0.84, 0.06, 0.03, [0.71, 0.94]],
  ['phosphate', 'NPU03096', 'P-Fosfat (uorg)', 'mmol/L', 'mmol/L', 2, 1.12, 0.12, 0.08, [0.85, 1.5]],
  ['creatinine', 'NPU18016', 'P-Kreatinin', 'µmol/L', 'umol/L', 0, both(64, 80), 0.13, 0.05, both([45, 90], [60, 105])],
  ['urea', 'NPU01459', 'P-Karbamid', 'mmol/L', 'mmol/L', 1, 5.4, 0.2, 0.12, both([3.1, 7.9], [3.5, 8.1])],
  ['ketones', 'NPU02424', 'P-3-Hydroksybutyrat', 'mmol/L', 'mmol/L', 1, 0.1, 0.3, 0.2, [undefined, 0.3]],
  ['base-excess', 'NPU12518', 'P(aB)-Base excess', 'mmol/L', 'mmol/L', 0, -1, 0.1, 0.1, [-3, 3]],
  ['urate', 'NPU09356', 'P-Urat', 'µmol/L', 'umol/L', 0, both(265, 340), 0.16, 0.08, both([155, 350], [230, 480])],
  ['albumin', 'NPU19673', 'P-Albumin', 'g/L', 'g/L', 0, 42, 0.05, 0.03, [36, 48]],
  ['bilirubin', 'NPU01370', 'P-Bilirubin (total)', 'µmol/L', 'umol/L', 0, 9, 0.32, 0.2, [undefined, 25]],
  ['asat', 'NPU19654', 'P-ASAT', 'U/L', 'U/L', 0, both(22, 25), 0.22, 0.12, both([undefined, 35], [undefined, 45])],
  ['alat', 'NPU19651', 'P-ALAT', 'U/L', 'U/L', 0, both(19, 28), 0.32, 0.18, both([undefined, 45], [undefined, 70])],
  ['alp', 'NPU27783', 'P-ALP', 'U/L', 'U/L', 0, 66, 0.2, 0.07, [35, 105]],
  ['gt', 'NPU19657', 'P-GT', 'U/L', 'U/L', 0, both(18, 28), 0.4, 0.15, both([undefined, 75], [undefined, 115])],
  ['ld', 'NPU19658', 'P-LD', 'U/L', 'U/L', 0, 165, 0.12, 0.08, [105, 205]],
  ['ck', 'NPU19656', 'P-CK', 'U/L', 'U/L', 0, both(85, 130), 0.35, 0.25, both([35, 210], [50, 400])],
  ['amylase', 'NPU19653', 'P-Amylase, pankreas', 'U/L', 'U/L', 0, 27, 0.25, 0.1, [undefined, 65]],
  ['glucose', 'NPU02192', 'P-Glukose', 'mmol/L', 'mmol/L', 1, 5.2, 0.07, 0.06, [4.0, 6.0]],
  ['hba1c', 'NPU27300', 'B-HbA1c', 'mmol/mol', 'mmol/mol', 0, 35, 0.07, 0.025, [undefined, 42]],
  ['cholesterol', 'NPU01566', 'P-Kolesterol', 'mmol/L', 'mmol/L', 1, 5.1, 0.16, 0.05, [undefined, 6.9]],
  [
    'hdl',
    'NPU01567',
    'P-HDL-kolesterol',
    'mmol/L',
    'mmol/L',
    1,
    both(1.6, 1.3),
    0.2,
    0.06,
    both([1.0, 2.7], [0.8, 2.1]),
  ],
  ['ldl', 'NPU01568', 'P-LDL-kolesterol', 'mmol/L', 'mmol/L', 1, 3.2, 0.22, 0.07, [undefined, 4.7]],
  ['triglycerides', 'NPU04094', 'P-Triglyserid', 'mmol/L', 'mmol/L', 1, 1.25, 0.38, 0.2, [undefined, 2.6]],
  ['tsh', 'NPU27547', 'P-TSH', 'mIU/L', 'm[IU]/L', 1, 1.8, 0.38, 0.15, [0.5, 3.6]],
  ['ft4', 'NPU03579', 'P-T4, fritt', 'pmol/L', 'pmol/L', 0, 15, 0.1, 0.05, [9, 19]],
  ['ferritin', 'NPU19763', 'P-Ferritin', 'µg/L', 'ug/L', 0, both(55, 130), 0.55, 0.12, both([10, 170], [25, 400])],
  ['iron', 'NPU02508', 'P-Jern', 'µmol/L', 'umol/L', 0, 18, 0.25, 0.22, [9, 34]],
  ['cobalamin', 'NPU01700', 'P-Vit B12, total (Kobalamin)', 'pmol/L', 'pmol/L', 0, 340, 0.3, 0.1, [150, 650]],
  ['folate', 'NPU02070', 'P-Folat', 'nmol/L', 'nmol/L', 0, 20, 0.35, 0.15, [7, 45]],
  ['vitamin-d', 'NPU10267', 'P-Vitamin D (25-OH) (D2+D3)', 'nmol/L', 'nmol/L', 0, 66, 0.28, 0.15, [50, 150]],
  ['inr', 'NPU01685', 'P-INR', '', '1', 1, 1.0, 0.05, 0.04, [undefined, 1.2]],
  ['nt-probnp', 'NPU21571', 'P-NT-proBNP', 'ng/L', 'ng/L', 0, 65, 0.5, 0.2, [undefined, 300]],
  ['troponin-t', 'NPU27501', 'P-Troponin T (hs-cTnT)', 'ng/L', 'ng/L', 0, 6, 0.35, 0.15, [undefined, 14]],
  ['d-dimer', 'NPU19767', 'P-D-dimer', 'mg/L', 'mg/L', 1, 0.3, 0.4, 0.2, [undefined, 0.5]],
  ['psa', 'NPU08669', 'P-PSA', 'µg/L', 'ug/L', 1, 1.2, 0.6, 0.1, [undefined, 4.0]],
  ['rheumatoid-factor', 'NPU26875', 'P-Revmatoid faktor', 'kIU/L', 'k[IU]/L', 0, 7, 0.4, 0.1, [undefined, 20]],
  ['lithium', 'NPU02613', 'P-Litium', 'mmol/L', 'mmol/L', 1, 0.65, 0.1, 0.1, [0.5, 0.8]],
  [
    'egfr',
    'NOR25909',
    'Nyre-estimert GFR CKD-EPI Kreatinin (overfl.=1,73m2)',
    'mL/min/1.73m2',
    'mL/min/{1.73_m2}',
    0,
    90,
    0,
    0,
    [60, undefined],
  ],
  [
    'urine-albumin-creatinine',
    'NOR15260',
    'U-Albumin/Kreatinin',
    'mg/mmol',
    'mg/mmol',
    1,
    0.8,
    0.5,
    0.3,
    [undefined, 3.0],
  ],
];

export const analyses: ReadonlyMap<string, Analysis> = new Map(
  rows.map(([key, code, name, unit, ucum, decimals, typical, between, within, range]) => [
    key,
    { key, code, name, unit, ucum, decimals, typical, between, within, range },
  ]),
);

/** What is ordered together. */
export const panels = {
  blood: ['haemoglobin', 'leukocytes', 'platelets', 'mcv', 'mch'],
  infection: ['crp', 'leukocytes', 'neutrophils', 'haemoglobin'],
  general: [
    'haemoglobin',
    'leukocytes',
    'platelets',
    'crp',
    'sodium',
    'potassium',
    'creatinine',
    'alat',
    'glucose',
    'tsh',
    'ferritin',
  ],
  admission:
    'haemoglobin leukocytes neutrophils platelets crp sodium potassium creatinine urea glucose albumin alat bilirubin'.split(
      ' ',
    ),
  daily: ['haemoglobin', 'leukocytes', 'crp', 'sodium', 'potassium', 'creatinine'],
  diabetes: 'hba1c glucose creatinine potassium cholesterol hdl ldl triglycerides urine-albumin-creatinine'.split(' '),
  lipids: ['cholesterol', 'hdl', 'ldl', 'triglycerides', 'alat', 'hba1c'],
  pressure: ['creatinine', 'sodium', 'potassium', 'urine-albumin-creatinine', 'ldl', 'hba1c'],
  heart: ['nt-probnp', 'creatinine', 'sodium', 'potassium', 'haemoglobin', 'urea'],
  coronary: ['troponin-t', 'ck', 'creatinine', 'potassium', 'haemoglobin', 'ldl'],
  anticoagulation: ['inr'],
  thyroid: ['tsh', 'ft4'],
  kidney: [
    'creatinine',
    'urea',
    'potassium',
    'sodium',
    'calcium',
    'phosphate',
    'haemoglobin',
    'urine-albumin-creatinine',
    'albumin',
  ],
  rheumatic: ['crp', 'sedimentation', 'haemoglobin', 'leukocytes', 'platelets', 'alat', 'creatinine'],
  arthritis: ['crp', 'sedimentation', 'haemoglobin', 'leukocytes', 'urate', 'creatinine', 'rheumatoid-factor'],
  iron: ['haemoglobin', 'mcv', 'mch', 'ferritin', 'iron', 'cobalamin', 'folate'],
  liver: ['alat', 'asat', 'gt', 'alp', 'bilirubin', 'albumin', 'inr'],
  prostate: ['psa', 'creatinine', 'haemoglobin'],
  cancer: [
    'haemoglobin',
    'leukocytes',
    'neutrophils',
    'platelets',
    'creatinine',
    'albumin',
    'alat',
    'alp',
    'ld',
    'crp',
    'calcium',
  ],
  gout: ['urate', 'creatinine', 'crp'],
  lithium: ['lithium', 'creatinine', 'sodium', 'tsh', 'calcium'],
  memory: ['haemoglobin', 'tsh', 'cobalamin', 'folate', 'calcium', 'sodium', 'creatinine', 'glucose'],
  bone: ['calcium', 'vitamin-d', 'alp', 'creatinine'],
  abdomen: ['crp', 'leukocytes', 'haemoglobin', 'amylase', 'alat', 'alp', 'bilirubin', 'creatinine'],
  pregnancy: ['haemoglobin', 'ferritin', 'hba1c', 'tsh'],
  tired: [
    'haemoglobin',
    'ferritin',
    'tsh',
    'ft4',
    'cobalamin',
    'folate',
    'vitamin-d',
    'crp',
    'sedimentation',
    'hba1c',
    'creatinine',
  ],
} as const satisfies Record<string, readonly string[]>;

export type PanelName = keyof typeof panels;
