/** Why people are referred to an outpatient clinic. Rates a year by age are rough assumptions. */
import type { Sex } from '#shared/identifiers.ts';
import type { YearlyRate } from './acute-contacts.ts';
import type { Words } from './courses/course.ts';
import type { ProcedureKey } from './procedures.ts';

export type Outpatient = {
  icd: string;
  /** How the GP codes it. */
  icpc: string;
  department: string;
  rate: YearlyRate;
  sex?: Sex;
  procedure?: ProcedureKey;
  procedureShare?: number;
  /** Nobody younger is sent for it. */
  fromAge?: number;
  /** Nobody of this age or older is. */
  toAge?: number;
  /** Seen within so many days, at once. */
  withinDays?: number;
  /** Who has one of these, by the keys of chronic diseases, is followed for it anyway. */
  notWith?: readonly string[];
  referral: Words;
};

export const outpatients: readonly Outpatient[] = [
  {
    icd: 'M545',
    fromAge: 16,
    icpc: 'L03',
    department: 'orthopaedics',
    rate: [0, 0.01, 0.04, 0.06, 0.05],
    referral: ['Langvarige ryggsmerter. Ber om vurdering.', 'Langvarige ryggsmerter. Ber om vurdering.'],
  },
  {
    icd: 'M754',
    fromAge: 25,
    icpc: 'L92',
    department: 'orthopaedics',
    rate: [0, 0.003, 0.02, 0.06, 0.05],
    referral: [
      'Skuldersmerter uten effekt av fysioterapi. Ber om vurdering.',
      'Skuldersmerter utan effekt av fysioterapi. Ber om vurdering.',
    ],
  },
  {
    icd: 'S525',
    withinDays: 10,
    icpc: 'L72',
    department: 'orthopaedics',
    rate: [0.006, 0.016, 0.006, 0.01, 0.02],
    referral: ['Brudd i håndledd etter fall. Kontroll.', 'Brot i handledd etter fall. Kontroll.'],
  },
  {
    icd: 'S826',
    withinDays: 10,
    icpc: 'L73',
    department: 'orthopaedics',
    rate: [0.001, 0.006, 0.008, 0.008, 0.008],
    referral: ['Ankelbrudd. Kontroll.', 'Ankelbrot. Kontroll.'],
  },
  {
    icd: 'H259',
    icpc: 'F92',
    department: 'eye',
    rate: [0, 0, 0.001, 0.02, 0.12],
    procedure: 'cataract',
    procedureShare: 0.45,
    referral: [
      'Grå stær med synsfall. Ber om vurdering for operasjon.',
      'Grå stær med synsfall. Ber om vurdering for operasjon.',
    ],
  },
  {
    icd: 'H905',
    icpc: 'H86',
    department: 'ear',
    rate: [0.02, 0.01, 0.01, 0.04, 0.12],
    referral: ['Nedsatt hørsel. Ber om utredning.', 'Nedsett høyrsel. Ber om utgreiing.'],
  },
  {
    icd: 'J353',
    icpc: 'R90',
    toAge: 14,
    department: 'ear',
    rate: [0.03, 0.015, 0, 0, 0],
    procedure: 'tonsillectomy',
    procedureShare: 0.5,
    referral: ['Store mandler og urolig søvn. Ber om vurdering.', 'Store mandlar og uroleg søvn. Ber om vurdering.'],
  },
  {
    icd: 'R104',
    notWith: ['colon-cancer', 'bowel'],
    icpc: 'D01',
    department: 'gastroenterology',
    rate: [0.004, 0.01, 0.02, 0.03, 0.03],
    procedure: 'gastroscopy',
    procedureShare: 0.4,
    referral: ['Magesmerter over tid. Ber om gastroskopi.', 'Magesmerter over tid. Ber om gastroskopi.'],
  },
  {
    icd: 'K635',
    fromAge: 18,
    notWith: ['colon-cancer', 'bowel'],
    icpc: 'D18',
    department: 'gastroenterology',
    rate: [0, 0.001, 0.01, 0.045, 0.07],
    procedure: 'colonoscopy',
    procedureShare: 0.9,
    referral: ['Endret avføring. Ber om koloskopi.', 'Endra avføring. Ber om koloskopi.'],
  },
  {
    icd: 'D229',
    fromAge: 5,
    icpc: 'S82',
    department: 'skin',
    rate: [0.005, 0.01, 0.03, 0.04, 0.05],
    referral: ['Føflekk i endring. Ber om vurdering.', 'Føflekk i endring. Ber om vurdering.'],
  },
  {
    icd: 'R002',
    notWith: ['fibrillation', 'heart-failure', 'coronary'],
    icpc: 'K04',
    department: 'cardiology',
    rate: [0.001, 0.005, 0.015, 0.03, 0.05],
    referral: ['Hjertebank. Ber om Holter-registrering.', 'Hjartebank. Ber om Holter-registrering.'],
  },
  {
    icd: 'G473',
    fromAge: 25,
    notWith: ['dementia'],
    icpc: 'P06',
    department: 'ear',
    rate: [0, 0.001, 0.01, 0.03, 0.02],
    referral: [
      'Snorking og tretthet på dagtid. Ber om søvnutredning.',
      'Snorking og trøyttleik på dagtid. Ber om søvnutgreiing.',
    ],
  },
  {
    icd: 'N920',
    fromAge: 15,
    icpc: 'X06',
    department: 'obstetrics',
    rate: [0, 0.01, 0.03, 0.03, 0],
    sex: 'female',
    referral: [
      'Kraftige menstruasjonsblødninger. Ber om vurdering.',
      'Kraftige menstruasjonsblødingar. Ber om vurdering.',
    ],
  },
  {
    icd: 'F432',
    fromAge: 18,
    notWith: ['depression', 'bipolar'],
    icpc: 'P02',
    department: 'psychiatry',
    rate: [0, 0.004, 0.06, 0.04, 0.008],
    referral: [
      'Tilpasningsforstyrrelse. Ber om vurdering ved DPS.',
      'Tilpassingsforstyrring. Ber om vurdering ved DPS.',
    ],
  },
  {
    icd: 'F419',
    icpc: 'P01',
    department: 'child-psychiatry',
    rate: [0.001, 0.07, 0, 0, 0],
    referral: [
      'Engstelig, skolefravær. Ber om vurdering ved BUP.',
      'Engsteleg, skulefråvær. Ber om vurdering ved BUP.',
    ],
  },
  {
    icd: 'R620',
    icpc: 'P24',
    department: 'paediatrics',
    rate: [0.05, 0.01, 0, 0, 0],
    referral: ['Forsinket utvikling. Ber om vurdering.', 'Forseinka utvikling. Ber om vurdering.'],
  },
  {
    icd: 'R51',
    notWith: ['migraine'],
    icpc: 'N01',
    department: 'neurology',
    rate: [0.001, 0.015, 0.02, 0.02, 0.015],
    referral: ['Hodepine med endret mønster. Ber om vurdering.', 'Hovudpine med endra mønster. Ber om vurdering.'],
  },
  {
    icd: 'G560',
    fromAge: 25,
    icpc: 'N93',
    department: 'neurology',
    rate: [0, 0, 0.01, 0.02, 0.015],
    referral: ['Nattlig nummenhet i fingre. Ber om nevrografi.', 'Nattleg nomenskap i fingrar. Ber om nevrografi.'],
  },
];
