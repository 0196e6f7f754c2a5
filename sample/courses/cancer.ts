/** Cancer as care pathways: suspicion, work-up, decision, treatment, follow-up; for some a relapse, and palliative care. */
import type { Admission } from '../admission-reasons.ts';
import type { Course, ImagingName, State, Words } from './course.ts';

const never = [0, 0, 0, 0, 0] as const;

type Kind = {
  department: string;
  symptom: string;
  referral: Words;
  imaging: { what: ImagingName; finding: Words; conclusion: Words };
  biopsy: 'breast-biopsy' | 'prostate-biopsy' | 'colonoscopy' | 'bronchoscopy';
  pathology: Words;
  operation?: Omit<Admission, 'rate' | 'acute'>;
  chemotherapy?: readonly string[];
  endocrine?: readonly string[];
  /** How many of ten are never operated on. */
  inoperable: number;
  /** How many of ten have a relapse within the years. */
  relapse: number;
  marker?: Readonly<Record<string, number>>;
};

/** The course of one kind of cancer; waiting times as the national pathways set them, some of them broken. */
export function cancerCourse(kind: Kind): Course {
  const { department, marker = {} } = kind;
  return {
    first: 'suspicion',
    states: {
      suspicion: suspicion(kind),
      workUp: workUp(kind),
      ...treatment(kind),
      followUp: followUp(kind),
      remission: remission(),
      relapse: relapse(kind),
      palliative: palliative(),
    },
    dying: { state: 'palliative', days: [50, 160] },
  };
  function suspicion({ symptom, referral }: Kind): State {
    return {
      lasts: [5, 12],
      next: [['workUp', 1]],
      effects: marker,
      steps: [
        { at: 0, do: 'gp', reason: symptom, panels: ['cancer'] },
        { at: 0, do: 'referral', department, priority: 'PK', reason: referral, deadlineDays: 10 },
      ],
    };
  }
}

function workUp({ department, imaging, biopsy, pathology, inoperable, marker = {}, operation }: Kind): State {
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
        procedure: biopsy,
        note: [
          'Utredning i pakkeforløp for kreft. Prøver tatt til histologi. Pasienten er informert om mistanken og videre plan.',
          'Utgreiing i pakkeforløp for kreft. Prøver tekne til histologi. Pasienten er informert om mistanken og vidare plan.',
        ],
      },
      { at: 3, do: 'imaging', ...imaging },
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
    ],
  };
}

function treatment(kind: Kind): Record<string, State> {
  const { operation, chemotherapy, endocrine, department } = kind;
  const oncology: State = {
    lasts: chemotherapy ? [110, 150] : [30, 60],
    next: [['followUp', 1]],
    effects: chemotherapy ? { neutrophils: 0.55, leukocytes: 0.65, haemoglobin: 0.86, platelets: 0.85 } : {},
    steps: [
      ...(endocrine ? [{ at: 5, do: 'start', oneOf: endocrine } as const] : []),
      ...(chemotherapy
        ? ([
            { at: 7, do: 'start', oneOf: chemotherapy },
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

function remission(): State {
  return {
    lasts: [5000, 9000],
    steps: [{ at: 300, every: 365, do: 'gp', reason: 'Årskontroll etter kreftsykdom', panels: ['cancer'] }],
  };
}

function relapse({ department, marker = {} }: Kind): State {
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
      {
        at: 14,
        every: 42,
        do: 'outpatient',
        department: 'oncology',
        reason: 'Livsforlengende behandling',
        panels: ['cancer'],
        note: [
          'Tilbakefall med spredning. Behandling med livsforlengende siktemål, evalueres med CT.',
          'Tilbakefall med spreiing. Behandling med livsforlengjande siktemål, vert evaluert med CT.',
        ],
      },
    ],
  };
}

function palliative(): State {
  return {
    lasts: [60, 200],
    effects: { alp: 2, crp: 12, haemoglobin: 0.8, albumin: 0.78 },
    steps: [
      { at: 0, do: 'critical', system: '7522', code: '2', display: 'Avtale om åpen retur' },
      { at: 2, do: 'start', oneOf: ['morphine'] },
      { at: 2, do: 'start', oneOf: ['macrogol'] },
      { at: 5, do: 'homeCare' },
      { at: 7, every: 14, do: 'gp', reason: 'Palliativ oppfølging, hjemmebesøk' },
      { at: 30, do: 'start', oneOf: ['morphine-needed'] },
    ],
  };
}

export const breastCancer = cancerCourse({
  department: 'surgery',
  symptom: 'Kul i brystet',
  referral: [
    'Nyoppdaget fast kul i venstre bryst, 2 cm. Henvises i pakkeforløp.',
    'Nyoppdaga fast kul i venstre bryst, 2 cm. Vert tilvist i pakkeforløp.',
  ],
  imaging: {
    what: 'mammography',
    finding: [
      'Spikulert fortetning 18 mm øvre laterale kvadrant venstre mamma. Aksille upåfallende.',
      'Spikulert fortetting 18 mm øvre laterale kvadrant venstre mamma. Aksille utan funn.',
    ],
    conclusion: ['BI-RADS 5. Biopsi anbefales.', 'BI-RADS 5. Biopsi vert tilrådd.'],
  },
  biopsy: 'breast-biopsy',
  pathology: [
    'Infiltrerende karsinom av ingen spesiell type (NST), grad 2. ER 95 %, PR 80 %, HER2 negativ, Ki-67 18 %.',
    'Infiltrerande karsinom av ingen spesiell type (NST), grad 2. ER 95 %, PR 80 %, HER2 negativ, Ki-67 18 %.',
  ],
  operation: {
    icd: 'C509',
    department: 'surgery',
    days: 1,
    medicines: ['paracetamol'],
    procedure: 'mastectomy',
    complaint: 'Planlagt operasjon for brystkreft.',
    course: 'Brystbevarende kirurgi med vaktpostlymfeknute. Ukomplisert.',
    nynorsk: ['Planlagd operasjon for brystkreft.', 'Brystbevarande kirurgi med vaktpostlymfeknute. Ukomplisert.'],
  },
  chemotherapy: ['paclitaxel', 'docetaxel'],
  endocrine: ['anastrozole', 'tamoxifen'],
  inoperable: 0.5,
  relapse: 1.5,
});

export const colonCancer = cancerCourse({
  department: 'gastroenterology',
  symptom: 'Endret avføringsmønster og jernmangel',
  referral: [
    'Endret avføring gjennom tre måneder, blod i avføring, Hb fallende. Henvises i pakkeforløp.',
    'Endra avføring gjennom tre månader, blod i avføring, Hb fallande. Vert tilvist i pakkeforløp.',
  ],
  imaging: {
    what: 'abdomenCt',
    finding: [
      'Stenoserende tumor i colon sigmoideum over 5 cm. Ingen sikre metastaser i lever.',
      'Stenoserande tumor i colon sigmoideum over 5 cm. Ingen sikre metastasar i lever.',
    ],
    conclusion: ['Tumor i sigmoideum, cT3 N1 M0.', 'Tumor i sigmoideum, cT3 N1 M0.'],
  },
  biopsy: 'colonoscopy',
  pathology: ['Adenokarsinom, lavgradig. MMR-proteiner bevart.', 'Adenokarsinom, låggradig. MMR-protein bevart.'],
  operation: {
    icd: 'C187',
    department: 'surgery',
    days: 6,
    values: { crp: 60, haemoglobin: 0.85 },
    medicines: ['paracetamol', 'oxycodone', 'enoxaparin'],
    procedure: 'colon-resection',
    complaint: 'Planlagt operasjon for tykktarmskreft.',
    course: 'Laparoskopisk sigmoidreseksjon. Avgang av luft andre dag, fullkost fjerde dag.',
    nynorsk: [
      'Planlagd operasjon for tjukktarmskreft.',
      'Laparoskopisk sigmoidreseksjon. Avgang av luft andre dagen, fullkost fjerde dagen.',
    ],
  },
  chemotherapy: ['capecitabine', 'fluorouracil'],
  inoperable: 2,
  relapse: 3,
  marker: { haemoglobin: 0.78, ferritin: 0.2, mcv: 0.9 },
});

export const prostateCancer = cancerCourse({
  department: 'urology',
  symptom: 'Forhøyet PSA ved kontroll',
  referral: [
    'PSA stigende ved to kontroller, knute i prostata ved palpasjon. Henvises i pakkeforløp.',
    'PSA stigande ved to kontrollar, knute i prostata ved palpasjon. Vert tilvist i pakkeforløp.',
  ],
  imaging: {
    what: 'prostateMri',
    finding: [
      '15 mm lesjon i høyre perifere sone, PI-RADS 5. Ingen kapselgjennomvekst.',
      '15 mm lesjon i høgre perifere sone, PI-RADS 5. Ingen kapselgjennomvekst.',
    ],
    conclusion: ['PI-RADS 5. Målrettet biopsi anbefales.', 'PI-RADS 5. Målretta biopsi vert tilrådd.'],
  },
  biopsy: 'prostate-biopsy',
  pathology: [
    'Acinært adenokarsinom, Gleason 3+4=7 (ISUP 2) i 5 av 12 biopsier.',
    'Acinært adenokarsinom, Gleason 3+4=7 (ISUP 2) i 5 av 12 biopsiar.',
  ],
  operation: {
    icd: 'C61',
    department: 'urology',
    days: 2,
    values: { haemoglobin: 0.88, crp: 20 },
    medicines: ['paracetamol', 'enoxaparin'],
    procedure: 'prostatectomy',
    complaint: 'Planlagt radikal prostatektomi.',
    course: 'Robotassistert inngrep uten komplikasjoner. Kateter til poliklinisk kontroll.',
    nynorsk: [
      'Planlagd radikal prostatektomi.',
      'Robotassistert inngrep utan komplikasjonar. Kateter til poliklinisk kontroll.',
    ],
  },
  endocrine: ['goserelin'],
  inoperable: 5,
  relapse: 2,
  marker: { psa: 9 },
});

export const lungCancer = cancerCourse({
  department: 'lung',
  symptom: 'Langvarig hoste, blod i oppspytt',
  referral: [
    'Røyker. Hoste i to måneder, blodtilblandet oppspytt og vekttap. Henvises i pakkeforløp.',
    'Røykjar. Hoste i to månader, blodtilblanda oppspytt og vekttap. Vert tilvist i pakkeforløp.',
  ],
  imaging: {
    what: 'chestCt',
    finding: [
      '34 mm tumor i høyre overlapp og forstørrede lymfeknuter i mediastinum.',
      '34 mm tumor i høgre overlapp og forstørra lymfeknutar i mediastinum.',
    ],
    conclusion: ['Malignitetssuspekt tumor i høyre lunge.', 'Malignitetssuspekt tumor i høgre lunge.'],
  },
  biopsy: 'bronchoscopy',
  pathology: ['Adenokarsinom. PD-L1 60 %, EGFR og ALK negativ.', 'Adenokarsinom. PD-L1 60 %, EGFR og ALK negativ.'],
  operation: {
    icd: 'C341',
    department: 'lung',
    days: 6,
    values: { crp: 40, haemoglobin: 0.88 },
    medicines: ['paracetamol', 'oxycodone', 'enoxaparin'],
    procedure: 'lung-lobectomy',
    complaint: 'Planlagt lungeoperasjon.',
    course: 'Torakoskopisk overlappreseksjon. Dren fjernet tredje dag.',
    nynorsk: ['Planlagd lungeoperasjon.', 'Torakoskopisk overlappreseksjon. Dren fjerna tredje dagen.'],
  },
  chemotherapy: ['carboplatin', 'pembrolizumab'],
  inoperable: 7,
  relapse: 6,
  marker: { crp: 3, ld: 1.2 },
});
