/** The four kinds of cancer: what is first noticed, seen, found and done. */
import { cancerCourse } from './cancer.ts';

export const breastCancer = cancerCourse({
  pathway: { code: 'A01', name: 'Brystkreft' },
  symptomCode: 'X19',
  question: 'Palpabel kul i venstre bryst. Malignitet?',
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
  pathway: { code: 'A12', name: 'Tykk- og endetarmskreft' },
  symptomCode: 'D18',
  question: 'Endret avføring og fallende Hb. Tumor?',
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
  pathway: { code: 'A16', name: 'Prostatakreft' },
  symptomCode: 'A91',
  question: 'Stigende PSA. Signifikant lesjon?',
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
  pathway: { code: 'A26', name: 'Lungekreft' },
  symptomCode: 'R24',
  question: 'Røyker, hoste og blodig oppspytt. Tumor?',
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
  inoperableWith: ['copd', 'heart-failure'],
  relapse: 6,
  marker: { crp: 3, ld: 1.2 },
});
