/** Why people are admitted to hospital, acutely or as planned, and how it goes. Rates a year by age are rough assumptions. */
import type { Sex } from '#shared/identifiers.ts';
import type { YearlyRate } from './acute-contacts.ts';
import type { PanelName } from './analyses.ts';
import type { Words } from './courses/course.ts';
import type { ProcedureKey } from './procedures.ts';

export type Admission = {
  icd: string;
  department: string;
  rate: YearlyRate;
  sex?: Sex;
  /** Nobody younger comes with it. */
  fromAge?: number;
  /** Only while medicines against cancer are given, or when it has spread. */
  requires?: 'chemotherapy' | 'spread';
  /** Mean days in bed. */
  days: number;
  acute: boolean;
  /** Values on arrival as multiples of the usual ones; they return as the days go. */
  values?: Readonly<Record<string, number>>;
  /** What is taken on arrival; the usual for admissions if not given. */
  panels?: readonly PanelName[];
  fever?: number;
  /** How short of breath on arrival: 1 is plain, 2 severe. */
  breathless?: number;
  /** Breaths a minute above the usual, without lack of oxygen: an acidosis is breathed off. */
  deepBreaths?: number;
  /** Beats a minute above the usual on arrival. */
  pulse?: number;
  medicines?: readonly string[];
  procedure?: ProcedureKey;
  /** A midwife has it in hand. */
  isByMidwife?: boolean;
  /** A healthy newborn: measured and weighed, no more. */
  isNewborn?: boolean;
  complaint: string;
  course: string;
  /** What the letter says comes after; a control with the GP if not given. */
  followUp?: Words;
  /** What becomes of what was given by mouth in the stay: ended if not given. */
  atDischarge?: Words;
  /** The same two in nynorsk; those of this table are in `texts/nynorsk.ts`. */
  nynorsk?: readonly [complaint: string, course: string];
};

export const admissions: readonly Admission[] = [
  {
    icd: 'J189',
    followUp: [
      'Fullfører antibiotikakur hjemme. Kontroll røntgen thorax om seks uker ved røyking eller alder over 40 år.',
      'Fullfører antibiotikakur heime. Kontroll røntgen thorax om seks veker ved røyking eller alder over 40 år.',
    ],
    department: 'lung',
    rate: [0.006, 0.001, 0.001, 0.004, 0.022],
    days: 5,
    acute: true,
    values: { crp: 90, leukocytes: 2, neutrophils: 2.6 },
    fever: 1.8,
    medicines: ['benzylpenicillin', 'paracetamol'],
    complaint: 'Hoste, feber og tung pust gjennom noen dager.',
    course: 'Røntgen thorax viste fortetning. God effekt av intravenøst antibiotikum, overgang til tabletter.',
  },
  {
    icd: 'A419',
    followUp: ['Kontroll med blodprøver hos fastlege om én uke.', 'Kontroll med blodprøver hos fastlege om éi veke.'],
    fromAge: 1,
    department: 'internal',
    rate: [0.001, 0.0003, 0.0005, 0.002, 0.01],
    days: 7,
    acute: true,
    values: { crp: 130, leukocytes: 2.4, neutrophils: 3, platelets: 0.7, creatinine: 1.5 },
    fever: 2.3,
    medicines: ['benzylpenicillin', 'gentamicin'],
    complaint: 'Frostanfall, høy feber og slapphet.',
    course: 'Behandlet etter retningslinje for sepsis. Stabil sirkulasjon, fallende infeksjonsprøver.',
  },
  {
    icd: 'N10',
    followUp: ['Kontroll hos fastlege etter avsluttet kur.', 'Kontroll hos fastlege etter avslutta kur.'],
    department: 'internal',
    rate: [0.004, 0.001, 0.002, 0.002, 0.008],
    days: 4,
    acute: true,
    values: { crp: 80, leukocytes: 2 },
    fever: 2,
    medicines: ['cefotaxime', 'paracetamol'],
    complaint: 'Flankesmerter, feber og svie ved vannlating.',
    course: 'Oppvekst av E. coli i urin. Rask bedring på behandling.',
  },
  {
    icd: 'I214',
    followUp: [
      'Kontroll ved hjertepoliklinikken om tre måneder. Henvist hjerterehabilitering. Fastlege følger lipider, LDL-mål under 1,4 mmol/L.',
      'Kontroll ved hjartepoliklinikken om tre månader. Vist til hjarterehabilitering. Fastlege følgjer lipid, LDL-mål under 1,4 mmol/L.',
    ],
    department: 'cardiology',
    rate: [0, 0, 0.0005, 0.004, 0.011],
    days: 4,
    acute: true,
    values: { 'troponin-t': 90, ck: 3 },
    medicines: ['acetylsalicylic-acid', 'ticagrelor', 'atorvastatin', 'metoprolol'],
    procedure: 'coronary-stent',
    complaint: 'Trykkende brystsmerter med utstråling til venstre arm.',
    course: 'Angiografi viste stenose, behandlet med utblokking og stent. Ukomplisert videre forløp.',
  },
  {
    icd: 'I639',
    followUp: [
      'Kontroll ved slagpoliklinikken om tre måneder. Fastlege følger blodtrykk og lipider. Ikke bilkjøring før kontroll.',
      'Kontroll ved slagpoliklinikken om tre månader. Fastlege følgjer blodtrykk og lipid. Ikkje bilkøyring før kontroll.',
    ],
    department: 'neurology',
    rate: [0, 0, 0.0003, 0.002, 0.012],
    days: 7,
    acute: true,
    medicines: ['clopidogrel', 'atorvastatin'],
    complaint: 'Akutt innsettende skjevhet i ansiktet og kraftsvikt i en arm.',
    course: 'CT uten blødning. Behandlet i slagenhet, tidlig mobilisering. Gradvis bedring av kraft.',
  },
  {
    icd: 'S720',
    atDischarge: ['ved smerter de neste ukene', 'ved smerter dei neste vekene'],
    followUp: [
      'Kontroll med røntgen ved ortopedisk poliklinikk om tre måneder. Fallforebygging og beinhelse vurderes hos fastlege.',
      'Kontroll med røntgen ved ortopedisk poliklinikk om tre månader. Fallførebygging og beinhelse vert vurdert hos fastlege.',
    ],
    department: 'orthopaedics',
    rate: [0, 0, 0.0001, 0.001, 0.011],
    days: 6,
    acute: true,
    values: { haemoglobin: 0.82, crp: 30 },
    medicines: ['paracetamol', 'oxycodone', 'enoxaparin'],
    procedure: 'hip-hemiprosthesis',
    complaint: 'Falt hjemme, sterke smerter i hoften, kan ikke stå.',
    course: 'Operert dagen etter innkomst. Mobilisert med rullator, videre opptrening i kommunen.',
  },
  {
    icd: 'K358',
    followUp: [
      'Sårkontroll hos fastlege ved behov. Sykmeldt én uke.',
      'Sårkontroll hos fastlege ved behov. Sjukmeld éi veke.',
    ],
    department: 'surgery',
    rate: [0.0005, 0.003, 0.002, 0.001, 0.0007],
    days: 2,
    acute: true,
    values: { crp: 30, leukocytes: 2.1, neutrophils: 2.5 },
    fever: 0.8,
    medicines: ['paracetamol'],
    procedure: 'lap-appendectomy',
    complaint: 'Smerter som begynte rundt navlen og vandret mot høyre fossa.',
    course: 'Laparoskopisk appendektomi samme døgn, ukomplisert.',
  },
  {
    icd: 'K802',
    fromAge: 18,
    followUp: ['Fjerning av suturer hos fastlege om ti dager.', 'Fjerning av suturar hos fastlege om ti dagar.'],
    department: 'surgery',
    rate: [0, 0.0001, 0.002, 0.003, 0.003],
    days: 2,
    acute: false,
    medicines: ['paracetamol', 'ondansetron'],
    procedure: 'lap-cholecystectomy',
    complaint: 'Gjentatte gallesteinsanfall.',
    course: 'Planlagt laparoskopisk fjerning av galleblæren. Ukomplisert.',
  },
  {
    icd: 'K573',
    followUp: [
      'Koloskopi om seks uker. Kontakt ved feber eller økende smerter.',
      'Koloskopi om seks veker. Kontakt ved feber eller aukande smerter.',
    ],
    fromAge: 35,
    department: 'surgery',
    rate: [0, 0, 0.0003, 0.002, 0.005],
    days: 4,
    acute: true,
    values: { crp: 60, leukocytes: 1.8 },
    fever: 1,
    medicines: ['cefotaxime'],
    complaint: 'Smerter nederst til venstre i magen og feber.',
    course: 'CT viste divertikulitt uten perforasjon. Konservativ behandling med god effekt.',
  },
  {
    icd: 'R074',
    followUp: [
      'Ingen avtalt kontroll. Tar kontakt ved nye smerter.',
      'Ingen avtalt kontroll. Tek kontakt ved nye smerter.',
    ],
    fromAge: 18,
    department: 'internal',
    values: { 'troponin-t': 1 },
    rate: [0, 0.0003, 0.004, 0.01, 0.014],
    days: 1,
    acute: true,
    complaint: 'Brystsmerter i hvile.',
    course: 'Normalt EKG og normale serieprøver. Ikke holdepunkt for hjerteinfarkt.',
  },
  {
    icd: 'R55',
    followUp: [
      'Blodtrykk i liggende og stående hos fastlege om to uker.',
      'Blodtrykk liggjande og ståande hos fastlege om to veker.',
    ],
    fromAge: 14,
    department: 'internal',
    rate: [0, 0.0005, 0.001, 0.002, 0.009],
    days: 2,
    acute: true,
    complaint: 'Besvimte hjemme.',
    course: 'Overvåket på telemetri uten rytmeforstyrrelse. Blodtrykksfall ved reising.',
  },
  {
    icd: 'K529',
    followUp: ['Ingen avtalt kontroll. Drikke rikelig.', 'Ingen avtalt kontroll. Drikke rikeleg.'],
    department: 'gastroenterology',
    rate: [0.004, 0.001, 0.001, 0.001, 0.004],
    days: 3,
    acute: true,
    values: { crp: 25, potassium: 0.88, creatinine: 1.2 },
    fever: 0.7,
    complaint: 'Oppkast og diaré i flere dager.',
    course: 'Væskebehandling med god effekt. Negative avføringsprøver.',
  },
  {
    icd: 'K922',
    fromAge: 25,
    atDischarge: ['fortsetter i åtte uker', 'held fram i åtte veker'],
    followUp: [
      'Kontroll Hb hos fastlege om to uker. Pantoprazol i åtte uker, svar på H. pylori ettersendes.',
      'Kontroll Hb hos fastlege om to veker. Pantoprazol i åtte veker, svar på H. pylori vert ettersendt.',
    ],
    department: 'gastroenterology',
    rate: [0, 0.0001, 0.0004, 0.001, 0.006],
    days: 4,
    acute: true,
    values: { haemoglobin: 0.66, urea: 2 },
    medicines: ['pantoprazole'],
    procedure: 'gastroscopy',
    complaint: 'Svart avføring og svimmelhet.',
    course: 'Gastroskopi viste magesår uten pågående blødning. Fikk to enheter SAG.',
  },
  {
    icd: 'I269',
    fromAge: 18,
    atDischarge: ['fortsetter', 'held fram'],
    followUp: [
      'Antikoagulasjon i minst tre måneder, deretter vurdering ved lungepoliklinikken.',
      'Antikoagulasjon i minst tre månader, deretter vurdering ved lungepoliklinikken.',
    ],
    department: 'lung',
    rate: [0, 0.0001, 0.0007, 0.0015, 0.003],
    days: 3,
    acute: true,
    values: { 'd-dimer': 12, crp: 12 },
    medicines: ['apixaban'],
    complaint: 'Akutt tung pust og stikkende brystsmerter.',
    course: 'CT viste lungeemboli. Hemodynamisk stabil, startet med blodfortynnende.',
  },
  {
    icd: 'E871',
    fromAge: 50,
    followUp: ['Kontroll natrium hos fastlege om én uke.', 'Kontroll natrium hos fastlege om éi veke.'],
    department: 'internal',
    rate: [0, 0, 0.0001, 0.001, 0.006],
    days: 5,
    acute: true,
    values: { sodium: 0.86 },
    complaint: 'Økende forvirring og kvalme.',
    course: 'Lavt natrium utløst av diuretikum. Langsom korreksjon, medisin seponert.',
  },
  {
    icd: 'M161',
    atDischarge: ['ved smerter de neste ukene', 'ved smerter dei neste vekene'],
    followUp: [
      'Fjerning av suturer hos fastlege etter to uker. Fysioterapi. Kontroll ved ortopedisk poliklinikk om tre måneder.',
      'Fjerning av suturar hos fastlege etter to veker. Fysioterapi. Kontroll ved ortopedisk poliklinikk om tre månader.',
    ],
    department: 'orthopaedics',
    rate: [0, 0, 0.0004, 0.003, 0.009],
    days: 3,
    acute: false,
    values: { haemoglobin: 0.85, crp: 20 },
    medicines: ['paracetamol', 'oxycodone', 'enoxaparin'],
    procedure: 'hip-prosthesis',
    complaint: 'Planlagt innleggelse for hofteprotese.',
    course: 'Innsatt totalprotese. Gikk trapp med krykker ved utreise.',
  },
  {
    icd: 'M171',
    atDischarge: ['ved smerter de neste ukene', 'ved smerter dei neste vekene'],
    followUp: [
      'Fjerning av suturer hos fastlege etter to uker. Fysioterapi. Kontroll ved ortopedisk poliklinikk om tre måneder.',
      'Fjerning av suturar hos fastlege etter to veker. Fysioterapi. Kontroll ved ortopedisk poliklinikk om tre månader.',
    ],
    department: 'orthopaedics',
    rate: [0, 0, 0.0002, 0.003, 0.007],
    days: 3,
    acute: false,
    values: { haemoglobin: 0.86, crp: 22 },
    medicines: ['paracetamol', 'oxycodone', 'enoxaparin'],
    procedure: 'knee-prosthesis',
    complaint: 'Planlagt innleggelse for kneprotese.',
    course: 'Innsatt totalprotese. Bøyer til 90 grader ved utreise.',
  },
  {
    icd: 'K409',
    followUp: [
      'Sykmeldt to uker. Kontakt ved tegn til infeksjon.',
      'Sjukmeld to veker. Kontakt ved teikn til infeksjon.',
    ],
    department: 'surgery',
    rate: [0.001, 0.0005, 0.001, 0.003, 0.005],
    sex: 'male',
    days: 1,
    acute: false,
    medicines: ['paracetamol'],
    procedure: 'hernia',
    complaint: 'Planlagt operasjon for lyskebrokk.',
    course: 'Operert med nett. Hjem samme dag eller dagen etter.',
  },
  {
    icd: 'N40',
    followUp: [
      'Kontroll ved urologisk poliklinikk om tre måneder.',
      'Kontroll ved urologisk poliklinikk om tre månader.',
    ],
    department: 'urology',
    rate: [0, 0, 0, 0.002, 0.009],
    sex: 'male',
    days: 2,
    acute: false,
    procedure: 'prostate-resection',
    complaint: 'Planlagt operasjon for vannlatingsplager.',
    course: 'TURP uten komplikasjoner. Lot vannet etter fjerning av kateter.',
  },
  {
    icd: 'J219',
    followUp: [
      'Kontakt ved dårligere pust eller matinntak. Åpen retur i ett døgn.',
      'Kontakt ved dårlegare pust eller matinntak. Open retur i eitt døgn.',
    ],
    department: 'paediatrics',
    rate: [0.02, 0, 0, 0, 0],
    days: 2,
    acute: true,
    values: { crp: 4 },
    fever: 0.8,
    complaint: 'Slitsom pust og dårlig matinntak hos spedbarn.',
    course: 'RS-virus påvist. Oksygen på nesekateter, gradvis bedring.',
  },
  {
    icd: 'S060',
    followUp: [
      'Hodeskadeinformasjon medgitt. Kontakt lege ved forverring.',
      'Informasjon om hovudskade følgjer. Kontakt lege ved forverring.',
    ],
    department: 'surgery',
    rate: [0.003, 0.003, 0.001, 0.001, 0.002],
    days: 1,
    acute: true,
    complaint: 'Slo hodet, kortvarig bevissthetstap.',
    course: 'Observert over natten uten nevrologiske utfall.',
  },
  {
    icd: 'F321',
    fromAge: 18,
    followUp: ['Time ved DPS innen én uke. Kriseplan medgitt.', 'Time ved DPS innan éi veke. Kriseplan følgjer.'],
    department: 'psychiatry',
    rate: [0, 0.0005, 0.002, 0.0015, 0.001],
    days: 14,
    acute: true,
    medicines: ['escitalopram'],
    complaint: 'Økende nedstemthet og søvnløshet.',
    course: 'Kriseinnleggelse, ro og samtaler. Avtalt oppfølging ved DPS.',
  },
];
