/** Entries in plain words, in the three languages: what was opened, by whom by profession, and why. */
import type { AccessAction, AccessEntry } from './entry.ts';

export type Language = 'nb' | 'nn' | 'en';
type Words = readonly [nb: string, nn: string, en: string];

const column = { nb: 0, nn: 1, en: 2 } as const;
const say = (words: Words, language: Language): string => words[column[language]];

/** Of Volven 9060, category of health personnel. */
const professions: { readonly [code: string]: Words } = {
  AA: ['ambulansearbeider', 'ambulansearbeidar', 'ambulance worker'],
  AT: ['apotektekniker', 'apotekteknikar', 'pharmacy technician'],
  AU: ['audiograf', 'audiograf', 'audiologist'],
  BI: ['bioingeniør', 'bioingeniør', 'biomedical scientist'],
  ET: ['ergoterapeut', 'ergoterapeut', 'occupational therapist'],
  FA1: ['farmasøyt', 'farmasøyt', 'pharmacist'],
  FA2: ['reseptarfarmasøyt', 'reseptarfarmasøyt', 'prescriptionist'],
  FO: ['fotterapeut', 'fotterapeut', 'podiatrist'],
  FT: ['fysioterapeut', 'fysioterapeut', 'physiotherapist'],
  HE: ['helsesekretær', 'helsesekretær', 'medical secretary'],
  HF: ['helsefagarbeider', 'helsefagarbeidar', 'health care worker'],
  HP: ['hjelpepleier', 'hjelpepleiar', 'auxiliary nurse'],
  JO: ['jordmor', 'jordmor', 'midwife'],
  KE: ['klinisk ernæringsfysiolog', 'klinisk ernæringsfysiolog', 'clinical nutritionist'],
  KI: ['kiropraktor', 'kiropraktor', 'chiropractor'],
  LE: ['lege', 'lege', 'doctor'],
  OP: ['optiker', 'optikar', 'optician'],
  PS: ['psykolog', 'psykolog', 'psychologist'],
  RA: ['radiograf', 'radiograf', 'radiographer'],
  SP: ['sykepleier', 'sjukepleiar', 'nurse'],
  TH: ['tannhelsesekretær', 'tannhelsesekretær', 'dental assistant'],
  TL: ['tannlege', 'tannlege', 'dentist'],
  TP: ['tannpleier', 'tannpleiar', 'dental hygienist'],
  VP: ['vernepleier', 'vernepleiar', 'social educator'],
};

const kinds: { readonly [kind in AccessEntry['who']['kind']]: Words } = {
  personnel: ['ansatt', 'tilsett', 'employee'],
  citizen: ['innbygger', 'innbyggjar', 'citizen'],
  system: ['datasystem', 'datasystem', 'computer system'],
  background: ['automatisk arbeid', 'automatisk arbeid', 'automatic work'],
  nobody: ['ikke innlogget', 'ikkje innlogga', 'not signed in'],
};

/** What somebody is to a patient who reads the log. */
export function professionWords(
  { kind, authorisation }: Pick<AccessEntry['who'], 'kind' | 'authorisation'>,
  language: Language,
): string {
  return say(professions[authorisation ?? ''] ?? kinds[kind], language);
}

const typeWords: { readonly [type: string]: Words } = {
  AllergyIntolerance: ['allergier', 'allergiar', 'allergies'],
  Appointment: ['timeavtaler', 'timeavtalar', 'appointments'],
  AuditEvent: ['logg over innsyn', 'logg over innsyn', 'access log'],
  Basic: ['opplysninger om tilgang', 'opplysningar om tilgang', 'access information'],
  Binary: ['filer', 'filer', 'files'],
  CarePlan: ['behandlingsplaner', 'behandlingsplanar', 'care plans'],
  CareTeam: ['behandlere', 'behandlarar', 'care team'],
  Claim: ['oppgjør', 'oppgjer', 'claims'],
  Communication: ['meldinger', 'meldingar', 'messages'],
  Composition: ['journalnotater', 'journalnotat', 'record notes'],
  Condition: ['diagnoser', 'diagnosar', 'diagnoses'],
  Consent: ['samtykker og sperringer', 'samtykke og sperringar', 'consents and blocks'],
  Coverage: ['frikort og rettigheter', 'frikort og rettar', 'coverage'],
  DiagnosticReport: ['svar på undersøkelser', 'svar på undersøkingar', 'examination reports'],
  DocumentReference: ['dokumenter', 'dokument', 'documents'],
  Encounter: ['besøk og innleggelser', 'besøk og innleggingar', 'visits and stays'],
  EpisodeOfCare: ['behandlingsforløp', 'behandlingsforløp', 'episodes of care'],
  FamilyMemberHistory: ['sykdom i familien', 'sjukdom i familien', 'family history'],
  Flag: ['kritisk informasjon', 'kritisk informasjon', 'critical information'],
  ImagingStudy: ['bildeundersøkelser', 'biletundersøkingar', 'imaging'],
  Immunization: ['vaksiner', 'vaksinar', 'vaccinations'],
  Media: ['bilder', 'bilete', 'pictures'],
  MedicationAdministration: ['medisiner som er gitt', 'medisinar som er gjevne', 'medicines given'],
  MedicationDispense: ['utleverte medisiner', 'utleverte medisinar', 'medicines dispensed'],
  MedicationRequest: ['resepter', 'reseptar', 'prescriptions'],
  MedicationStatement: ['medisiner i bruk', 'medisinar i bruk', 'medicines in use'],
  Observation: ['prøvesvar og målinger', 'prøvesvar og målingar', 'test results and measurements'],
  Patient: ['personopplysninger', 'personopplysningar', 'personal details'],
  Procedure: ['behandlinger og inngrep', 'behandlingar og inngrep', 'procedures'],
  QuestionnaireResponse: ['svar på skjema', 'svar på skjema', 'forms'],
  RelatedPerson: ['pårørende', 'pårørande', 'relatives'],
  ServiceRequest: ['henvisninger og bestillinger', 'tilvisingar og bestillingar', 'referrals and orders'],
  Specimen: ['prøver', 'prøver', 'specimens'],
  Task: ['oppgaver', 'oppgåver', 'tasks'],
};

/** What was opened, the most of it first: `diagnoses`, `test results and measurements`. */
export function whatWords(types: { readonly [type: string]: number }, language: Language): string[] {
  const known = Object.entries(types).sort(([, a], [, b]) => b - a);
  const words = known.map(([type]) =>
    say(typeWords[type] ?? ['andre opplysninger', 'andre opplysningar', 'other information'], language),
  );
  return [...new Set(words)];
}

const actionWords: { readonly [action in AccessAction]: Words } = {
  read: ['åpnet', 'opna', 'opened'],
  search: ['åpnet', 'opna', 'opened'],
  history: ['åpnet tidligere utgaver av', 'opna tidlegare utgåver av', 'opened earlier versions of'],
  operation: ['åpnet', 'opna', 'opened'],
  create: ['skrev', 'skreiv', 'wrote'],
  update: ['endret', 'endra', 'changed'],
  delete: ['slettet', 'sletta', 'deleted'],
  export: ['hentet ut', 'henta ut', 'exported'],
  attest: ['oppga grunn for tilgang', 'oppgav grunn for tilgang', 'gave a reason for access'],
  'break-glass': ['brukte nødtilgang', 'brukte naudtilgang', 'used emergency access'],
  block: ['sperret', 'sperra', 'blocked'],
  unblock: ['opphevet sperring', 'oppheva sperring', 'lifted a block'],
  'sign-in': ['logget inn', 'logga inn', 'signed in'],
  'sign-out': ['logget ut', 'logga ut', 'signed out'],
  'log-read': ['leste loggen over innsyn', 'las loggen over innsyn', 'read the access log'],
  administration: ['administrerte', 'administrerte', 'administered'],
  status: ['så etter kjernejournal', 'såg etter kjernejournal', 'looked for a summary record'],
};

export function actionText(action: AccessAction, language: Language): string {
  return say(actionWords[action], language);
}

/** By how a ground begins, the longest first. */
const grounds: readonly (readonly [prefix: string, ...Words])[] = [
  ['care-relationship:Encounter', 'besøk eller innleggelse', 'besøk eller innlegging', 'visit or stay'],
  ['care-relationship:EpisodeOfCare', 'pågående behandling', 'pågåande behandling', 'ongoing treatment'],
  ['care-relationship:Appointment', 'timeavtale', 'timeavtale', 'appointment'],
  [
    'care-relationship:ServiceRequest',
    'henvisning eller bestilling',
    'tilvising eller bestilling',
    'referral or order',
  ],
  ['care-relationship:CareTeam', 'er med i behandlingen', 'er med i behandlinga', 'takes part in the treatment'],
  ['care-relationship:Patient', 'er fastlegen', 'er fastlegen', 'is the regular GP'],
  ['care-relationship', 'gir helsehjelp', 'gjev helsehjelp', 'gives care'],
  [
    'attested:ETREAT',
    'akutt hjelp, oppgitt av den som åpnet',
    'akutt hjelp, oppgjeve av den som opna',
    'emergency care, as stated by the one who opened',
  ],
  [
    'attested:COC',
    'samarbeid om behandlingen, oppgitt av den som åpnet',
    'samarbeid om behandlinga, oppgjeve av den som opna',
    'coordination of care, as stated by the one who opened',
  ],
  [
    'attested',
    'gir helsehjelp, oppgitt av den som åpnet',
    'gjev helsehjelp, oppgjeve av den som opna',
    'gives care, as stated by the one who opened',
  ],
  [
    'break-glass',
    'nødtilgang, som blir fulgt opp',
    'naudtilgang, som blir følgd opp',
    'emergency access, which is followed up',
  ],
  ['summary:emergency', 'akutt hjelp', 'akutt hjelp', 'emergency care'],
  ['summary:consent', 'ditt samtykke', 'samtykket ditt', 'your consent'],
  ['summary', 'kjernejournal', 'kjernejournal', 'summary record'],
  [
    'shared-by-code',
    'du delte et sammendrag med en kode',
    'du delte eit samandrag med ein kode',
    'you shared a summary by a code',
  ],
  ['own-record', 'egen journal', 'eigen journal', 'own record'],
  ['parent', 'forelder', 'forelder', 'parent'],
  ['guardian', 'verge', 'verje', 'guardian'],
  ['power-of-attorney', 'fullmakt', 'fullmakt', 'power of attorney'],
  ['next-of-kin', 'nærmeste pårørende', 'næraste pårørande', 'next of kin'],
  ['prescription', 'resept', 'resept', 'prescription'],
  ['person-register', 'oppslag i personregisteret', 'oppslag i personregisteret', 'look-up in the person register'],
  ['privacy-case', 'kontroll av personvern', 'kontroll av personvern', 'privacy check'],
  [
    'system',
    'datasystem som virksomheten bruker',
    'datasystem som verksemda bruker',
    'computer system of the organisation',
  ],
  ['background', 'automatisk arbeid', 'automatisk arbeid', 'automatic work'],
];

const purposeWords: { readonly [purpose in AccessEntry['purpose']]: Words } = {
  TREAT: ['helsehjelp', 'helsehjelp', 'care'],
  ETREAT: ['akutt helsehjelp', 'akutt helsehjelp', 'emergency care'],
  COC: ['samarbeid om behandlingen', 'samarbeid om behandlinga', 'coordination of care'],
  BTG: ['nødtilgang, som blir fulgt opp', 'naudtilgang, som blir følgd opp', 'emergency access, which is followed up'],
  SELF: ['egen journal', 'eigen journal', 'own record'],
  REPRESENT: ['på vegne av deg', 'på vegner av deg', 'on your behalf'],
  SYSTEM: ['datasystem', 'datasystem', 'computer system'],
  PRIVACY: ['kontroll av personvern', 'kontroll av personvern', 'privacy check'],
  OPERATE: ['drift', 'drift', 'operation of the system'],
};

/** Why, in words that need no knowledge of the policy. */
export function whyWords({ ground, purpose }: Pick<AccessEntry, 'ground' | 'purpose'>, language: Language): string {
  const found = grounds.find(([prefix]) => ground.startsWith(prefix));
  if (!found) return say(purposeWords[purpose], language);
  const [, ...words] = found;
  return say(words, language);
}

/** The language that a request asks for, by `language` or Accept-Language; bokmål unless another is known. */
export function languageOf(asked: string | undefined, accepted: string | undefined): Language {
  const wanted = [asked ?? '', ...(accepted ?? '').split(',').slice(0, 20)];
  for (const each of wanted) {
    const code = each.trim().slice(0, 2).toLowerCase();
    if (code === 'no') return 'nb';
    if (code === 'nb' || code === 'nn' || code === 'en') return code;
  }
  return 'nb';
}
