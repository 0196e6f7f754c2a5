/** Cancer as care pathways: suspicion, work-up, decision, treatment, follow-up; for some a relapse, and palliative care. */
import type { Admission } from '../admission-reasons.ts';
import type { Course, ImagingName, Pathway, State, Words } from './course.ts';

const never = [0, 0, 0, 0, 0] as const;

type Kind = {
  pathway: Pathway;
  department: string;
  symptom: string;
  /** How the GP codes what is noticed. */
  symptomCode: string;
  /** What the images are asked for. */
  question: string;
  referral: Words;
  imaging: { what: ImagingName; finding: Words; conclusion: Words };
  biopsy: 'breast-biopsy' | 'prostate-biopsy' | 'colonoscopy' | 'bronchoscopy';
  pathology: Words;
  operation?: Omit<Admission, 'rate' | 'acute'>;
  chemotherapy?: readonly string[];
  endocrine?: readonly string[];
  /** How many of ten are never operated on. */
  inoperable: number;
  /** Who has one of these diseases, by their keys, is not operated on. */
  inoperableWith?: readonly string[];
  /** How many of ten have a relapse within the years. */
  relapse: number;
  marker?: Readonly<Record<string, number>>;
};

/** The course of one kind of cancer; waiting times as the national pathways set them, some of them broken. */
export function cancerCourse(kind: Kind): Course {
  const { department, marker = {} } = kind;
  return {
    pathway: kind.pathway,
    diagnosedAfterDays: 16,
    first: 'suspicion',
    states: {
      suspicion: suspicion(kind),
      workUp: workUp(kind),
      ...treatment(kind),
      followUp: followUp(kind),
      remission: remission(kind),
      relapse: relapse(kind),
      palliative: palliative(),
    },
    ...(kind.inoperableWith ? { unfit: { state: 'operation', with: kind.inoperableWith, instead: 'oncology' } } : {}),
    dying: { state: 'palliative', days: [50, 160], after: 'relapse', instead: 'remission' },
  };
  function suspicion({ symptom, symptomCode, referral }: Kind): State {
    return {
      lasts: [5, 12],
      next: [['workUp', 1]],
      effects: marker,
      steps: [
        { at: 0, do: 'gp', reason: symptom, panels: ['cancer'], icpc: symptomCode },
        { at: 0, do: 'referral', department, priority: 'PK', reason: referral, deadlineDays: 10, icpc: symptomCode },
        { at: 1, do: 'milestone', milestone: 'A' },
      ],
    };
  }
}

function workUp({ department, imaging, question, biopsy, pathology, inoperable, marker = {}, operation }: Kind): State {
  return {
    lasts: [12, 24],
    next: operation
      ? [
          ['operation', 10 - inoperable],
          ['oncology', inoperable],
        ]
      : [['oncology', 1]],
    effects: marker,
    steps: [
      {
        at: 0,
        do: 'outpatient',
        department,
        reason: 'Utredning i pakkeforløp',
        icd: 'Z031',
        procedure: biopsy,
        note: [
          'Utredning i pakkeforløp for kreft. Prøver tatt til histologi. Pasienten er informert om mistanken og videre plan.',
          'Utgreiing i pakkeforløp for kreft. Prøver tekne til histologi. Pasienten er informert om mistanken og vidare plan.',
        ],
      },
      { at: 0, do: 'milestone', milestone: 'S' },
      { at: 3, do: 'imaging', ...imaging, question },
      { at: 7, do: 'pathology', department, finding: pathology },
      {
        at: 10,
        do: 'outpatient',
        department,
        reason: 'Klinisk beslutning etter MDT-møte',
        note: [
          'Svar på utredning: kreft er bekreftet. Drøftet i MDT-møte. Behandling anbefalt og pasienten samtykker.',
          'Svar på utgreiing: kreft er stadfesta. Drøfta i MDT-møte. Behandling tilrådd og pasienten samtykkjer.',
        ],
      },
      { at: 10, do: 'milestone', milestone: 'CK' },
    ],
  };
}

/** Medicines or radiation, after an operation or without one. */
function oncologyOf({ chemotherapy, endocrine }: Kind): State {
  return {
    lasts: chemotherapy ? [110, 150] : [30, 60],
    next: [['followUp', 1]],
    effects: chemotherapy ? { neutrophils: 0.55, leukocytes: 0.65, haemoglobin: 0.86, platelets: 0.85 } : {},
    steps: [
      ...(endocrine ? [{ at: 5, do: 'start', oneOf: endocrine } as const] : []),
      ...(chemotherapy
        ? ([
            { at: 7, do: 'start', oneOf: chemotherapy },
            { at: 7, do: 'milestone', milestone: 'FM' },
            {
              at: 7,
              every: 21,
              do: 'outpatient',
              department: 'oncology',
              reason: 'Cellegiftkur',
              procedure: 'chemotherapy',
              panels: ['cancer'],
              note: [
                'Blodprøver akseptable, kur gitt som planlagt. Kvalme siste kur, kvalmestillende justert.',
                'Blodprøver akseptable, kur gjeven som planlagd. Kvalme siste kuren, kvalmestillande justert.',
              ],
            },
          ] as const)
        : ([
            { at: 10, do: 'milestone', milestone: 'FS' },
            {
              at: 10,
              every: 9,
              do: 'outpatient',
              department: 'oncology',
              reason: 'Strålebehandling',
              procedure: 'radiotherapy',
              note: [
                'Strålebehandling gitt etter plan. Tåler behandlingen godt.',
                'Strålebehandling gjeven etter plan. Toler behandlinga godt.',
              ],
            },
          ] as const)),
    ],
  };
}

function treatment(kind: Kind): Record<string, State> {
  const { operation, chemotherapy, endocrine, department } = kind;
  const oncology = oncologyOf(kind);
  if (!operation) return { oncology };
  const admission: Admission = { ...operation, rate: never, acute: false };
  return {
    oncology,
    operation: {
      lasts: [28, 45],
      next: [
        ['oncology', chemotherapy ? 5 : 4],
        ['followUp', 5],
      ],
      steps: [
        { at: 10, do: 'milestone', milestone: 'FK' },
        { at: 10, do: 'admission', admission },
        {
          at: 24,
          do: 'outpatient',
          department,
          reason: 'Kontroll etter operasjon',
          note: [
            'Operasjonssår pent tilhelet. Histologi gjennomgått med pasienten.',
            'Operasjonssår pent grodd. Histologi gjennomgådd med pasienten.',
          ],
        },
        ...(endocrine ? [{ at: 26, do: 'start', oneOf: endocrine, share: 0.8 } as const] : []),
      ],
    },
  };
}

function followUp({ department, chemotherapy, relapse: share }: Kind): State {
  return {
    lasts: [700, 1500],
    next: [
      ['remission', 10 - share],
      ['relapse', share],
    ],
    steps: [
      ...(chemotherapy ? [{ at: 1, do: 'stop', oneOf: chemotherapy } as const] : []),
      {
        at: 90,
        every: 182,
        do: 'outpatient',
        department,
        reason: 'Kontroll etter kreftbehandling',
        panels: ['cancer'],
        note: [
          'Går bra. Ingen tegn til tilbakefall klinisk eller i blodprøver.',
          'Går bra. Ingen teikn til tilbakefall klinisk eller i blodprøver.',
        ],
      },
    ],
  };
}

function remission({ endocrine }: Kind): State {
  return {
    lasts: [5000, 9000],
    steps: [
      ...(endocrine ? [{ at: 30, do: 'stop', oneOf: endocrine } as const] : []),
      { at: 300, every: 365, do: 'gp', reason: 'Årskontroll etter kreftsykdom', panels: ['cancer'] },
    ],
  };
}

function relapse({ department, chemotherapy, endocrine, marker = {} }: Kind): State {
  return {
    lasts: [200, 500],
    next: [['palliative', 1]],
    effects: { ...marker, alp: 1.5, crp: 4, haemoglobin: 0.9 },
    steps: [
      { at: 0, do: 'gp', reason: 'Nye smerter og vekttap', panels: ['cancer'] },
      {
        at: 0,
        do: 'referral',
        department,
        priority: 'PK',
        reason: [
          'Kjent kreftsykdom, mistanke om tilbakefall. Ber om rask vurdering.',
          'Kjend kreftsjukdom, mistanke om tilbakefall. Ber om rask vurdering.',
        ],
        deadlineDays: 10,
      },
      {
        at: 6,
        do: 'imaging',
        what: 'abdomenCt',
        finding: [
          'Flere nyoppståtte lesjoner i lever, opptil 22 mm. Ingen ascites.',
          'Fleire nye lesjonar i lever, opptil 22 mm. Ingen ascites.',
        ],
        conclusion: ['Levermetastaser.', 'Levermetastasar.'],
      },
      { at: 13, do: 'start', oneOf: chemotherapy ?? endocrine ?? [] },
      {
        at: 14,
        every: 42,
        do: 'outpatient',
        department: 'oncology',
        reason: 'Livsforlengende behandling',
        ...(chemotherapy ? { procedure: 'chemotherapy' as const } : {}),
        panels: ['cancer'],
        note: [
          'Tilbakefall med spredning. Behandling med livsforlengende siktemål, evalueres med CT.',
          'Tilbakefall med spreiing. Behandling med livsforlengjande siktemål, vert evaluert med CT.',
        ],
      },
    ],
  };
}

const cancerMedicines = ['paclitaxel', 'docetaxel', 'capecitabine', 'fluorouracil', 'carboplatin', 'pembrolizumab'];

function palliative(): State {
  return {
    lasts: [60, 200],
    effects: { alp: 2, crp: 12, haemoglobin: 0.8, albumin: 0.78 },
    steps: [
      { at: 0, do: 'stop', oneOf: cancerMedicines },
      { at: 0, do: 'gp', reason: 'Vekttap, smerter og tiltagende slapphet', panels: ['cancer'] },
      {
        at: 3,
        do: 'imaging',
        what: 'abdomenCt',
        finding: [
          'Utbredte metastaser i lever og skjelett. Litt ascites.',
          'Utbreidde metastasar i lever og skjelett. Litt ascites.',
        ],
        conclusion: ['Utbredt metastatisk sykdom.', 'Utbreidd metastatisk sjukdom.'],
      },
      {
        at: 5,
        do: 'outpatient',
        department: 'oncology',
        reason: 'Samtale etter CT',
        note: [
          'CT viser utbredt spredning, og allmenntilstanden er svekket. Videre tumorrettet behandling vil ikke være til nytte. Pasient og pårørende er informert. Avtale om åpen retur; fastlege og hjemmetjeneste overtar.',
          'CT viser utbreidd spreiing, og allmenntilstanden er svekt. Vidare tumorretta behandling vil ikkje vere til nytte. Pasient og pårørande er informerte. Avtale om open retur; fastlege og heimeteneste tek over.',
        ],
      },
      { at: 5, do: 'critical', system: '7522', code: '2', display: 'Avtale om åpen retur' },
      { at: 6, do: 'start', oneOf: ['morphine'] },
      { at: 6, do: 'start', oneOf: ['macrogol'] },
      { at: 8, do: 'homeCare' },
      { at: 10, every: 14, do: 'gp', reason: 'Palliativ oppfølging, hjemmebesøk', atHome: true },
      { at: 30, do: 'start', oneOf: ['morphine-needed'] },
    ],
  };
}
