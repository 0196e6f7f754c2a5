/** How a chronic disease brings people to hospital, by the code of the stay: in bokmål, and the same in nynorsk. */
import type { Admission } from './admission-reasons.ts';

type Row = Pick<Admission, 'department' | 'days' | 'complaint' | 'course'> & Partial<Admission>;

const never = [0, 0, 0, 0, 0] as const;

const rows: Readonly<Record<string, Row>> = {
  I500: {
    followUp: [
      'Kontroll ved hjertesviktpoliklinikken om to uker. Daglig vekt hjemme, kontakt lege ved vektøkning over 2 kg på tre dager.',
      'Kontroll ved hjartesviktpoliklinikken om to veker. Dagleg vekt heime, kontakt lege ved vektauke over 2 kg på tre dagar.',
    ],
    department: 'cardiology',
    days: 5,
    values: { 'nt-probnp': 2.4, creatinine: 1.15 },
    breathless: 1.4,
    medicines: ['furosemide-intravenous'],
    complaint: 'Tiltagende tung pust siste uke, vektøkning og hovne bein. Sover med hodet høyt.',
    course:
      'Røntgen thorax viste stuvning. Furosemid intravenøst med god diurese og vektnedgang. Mobilisert på avdelingen.',
    nynorsk: [
      'Aukande tung pust siste veka, vektauke og hovne bein. Søv med hovudet høgt.',
      'Røntgen thorax viste stuving. Furosemid intravenøst med god diurese og vektnedgang. Mobilisert på avdelinga.',
    ],
  },
  J441: {
    followUp: [
      'Prednisolon og antibiotikum til og med dag sju. Kontroll ved lungepoliklinikken om seks uker.',
      'Prednisolon og antibiotikum til og med dag sju. Kontroll ved lungepoliklinikken om seks veker.',
    ],
    department: 'lung',
    days: 5,
    values: { crp: 22, leukocytes: 1.6 },
    breathless: 2.2,
    fever: 0.5,
    medicines: ['prednisolone-course', 'ipratropium-salbutamol', 'amoxicillin'],
    atDischarge: ['fullføres hjemme, sju dager i alt', 'vert fullført heime, sju dagar i alt'],
    complaint: 'Kjent KOLS. Økende hoste, misfarget oppspytt og tung pust gjennom tre dager.',
    course:
      'Behandlet med forstøver, prednisolon og antibiotikum. Ikke behov for BiPAP. Gradvis tilbake til habituell lungefunksjon.',
    nynorsk: [
      'Kjend KOLS. Aukande hoste, misfarga oppspytt og tung pust gjennom tre dagar.',
      'Behandla med forstøvar, prednisolon og antibiotikum. Ikkje trong for BiPAP. Gradvis attende til habituell lungefunksjon.',
    ],
  },
  J459: {
    department: 'lung',
    days: 2,
    breathless: 1.8,
    medicines: ['prednisolone-course', 'ipratropium-salbutamol'],
    atDischarge: ['fullføres hjemme, sju dager i alt', 'vert fullført heime, sju dagar i alt'],
    complaint: 'Kjent astma. Tung pust og piping i brystet siste døgn, dårlig effekt av egen medisin.',
    course: 'God effekt av forstøver og prednisolon. Inhalasjonsteknikk gjennomgått før utreise.',
    nynorsk: [
      'Kjend astma. Tung pust og piping i brystet siste døgnet, dårleg effekt av eigen medisin.',
      'God effekt av forstøvar og prednisolon. Inhalasjonsteknikk gjennomgådd før utreise.',
    ],
  },
  I209: {
    department: 'cardiology',
    days: 2,
    values: { 'troponin-t': 1.3 },
    complaint: 'Kjent koronarsykdom. Økende brystsmerter ved lett anstrengelse siste uker.',
    course:
      'Ingen troponinstigning. Ekkokardiografi med bevart venstre ventrikkelfunksjon. Antianginøs behandling optimalisert.',
    nynorsk: [
      'Kjend koronarsjukdom. Aukande brystsmerter ved lett anstrenging siste vekene.',
      'Inga troponinstiging. Ekkokardiografi med bevart venstre ventrikkelfunksjon. Antianginøs behandling optimalisert.',
    ],
  },
  I481: {
    department: 'cardiology',
    days: 2,
    pulse: 55,
    procedure: 'cardioversion',
    complaint: 'Hjertebank og nedsatt yteevne. EKG viser atrieflimmer med rask ventrikkelfrekvens.',
    course:
      'Frekvensregulert. Elektrokonvertert til sinusrytme i narkose uten komplikasjoner. Fortsetter antikoagulasjon.',
    nynorsk: [
      'Hjartebank og nedsett yteevne. EKG viser atrieflimmer med rask ventrikkelfrekvens.',
      'Frekvensregulert. Elektrokonvertert til sinusrytme i narkose utan komplikasjonar. Held fram med antikoagulasjon.',
    ],
  },
  E101: {
    department: 'internal',
    days: 3,
    values: {
      glucose: 3.1,
      potassium: 1.2,
      sodium: 0.955,
      creatinine: 1.3,
      crp: 25,
      leukocytes: 1.7,
      ketones: 55,
      'base-excess': 16,
    },
    deepBreaths: 13,
    pulse: 32,
    followUp: [
      'Kontroll ved diabetespoliklinikken om én uke. Ketonmåling hjemme ved sykdom er gjennomgått.',
      'Kontroll ved diabetespoliklinikken om éi veke. Ketonmåling heime ved sjukdom er gjennomgådd.',
    ],
    complaint: 'Kjent diabetes type 1. Kvalme, oppkast, tørste og uttalt slapphet siste døgn.',
    course:
      'Ketoacidose utløst av infeksjon og utelatt insulin. Behandlet med insulininfusjon og væske etter prosedyre.',
    nynorsk: [
      'Kjend diabetes type 1. Kvalme, oppkast, tørste og uttalt slappheit siste døgnet.',
      'Ketoacidose utløyst av infeksjon og utelate insulin. Behandla med insulininfusjon og væske etter prosedyre.',
    ],
  },
  E117: {
    department: 'internal',
    days: 6,
    values: { crp: 25, leukocytes: 1.4, glucose: 1.4 },
    fever: 0.5,
    medicines: ['dicloxacillin'],
    complaint: 'Kjent diabetes type 2. Infisert sår på høyre stortå med rødme oppover foten.',
    course: 'Sårrevisjon og antibiotikum, avlastning av foten. Henvist diabetesfotteam. Blodsukker justert.',
    nynorsk: [
      'Kjend diabetes type 2. Infisert sår på høgre stortå med raudleik oppover foten.',
      'Sårrevisjon og antibiotikum, avlasting av foten. Vist til diabetesfotteam. Blodsukker justert.',
    ],
  },
  N189: {
    followUp: [
      'Kontroll av kalium og kreatinin hos fastlege om én uke.',
      'Kontroll av kalium og kreatinin hos fastlege om éi veke.',
    ],
    department: 'nephrology',
    days: 4,
    values: { potassium: 1.3, creatinine: 1.4, urea: 1.5 },
    complaint: 'Kjent nyresvikt. Slapphet og kvalme, høyt kalium på kontrollprøve.',
    course:
      'Kaliumsenkende behandling med god effekt. ACE-hemmer/ARB pauset. Nyrefunksjonen tilbake til utgangspunktet.',
    nynorsk: [
      'Kjend nyresvikt. Slappheit og kvalme, høgt kalium på kontrollprøve.',
      'Kaliumsenkande behandling med god effekt. ACE-hemmar/ARB pausa. Nyrefunksjonen attende til utgangspunktet.',
    ],
  },
  F319: {
    department: 'psychiatry',
    days: 18,
    medicines: ['olanzapine'],
    complaint: 'Kjent bipolar lidelse. Lite søvn, økt energi og pengebruk siste uker.',
    course: 'Skjerming og medikamentell behandling. Gradvis normalisert søvn og stemningsleie.',
    nynorsk: [
      'Kjend bipolar liding. Lite søvn, auka energi og pengebruk siste vekene.',
      'Skjerming og medikamentell behandling. Gradvis normalisert søvn og stemningsleie.',
    ],
  },
  F051: {
    followUp: [
      'Melding til hjemmetjenesten sendt. Legemiddelliste gjennomgått, kontroll hos fastlege om to uker.',
      'Melding til heimetenesta er send. Legemiddelliste gjennomgådd, kontroll hos fastlege om to veker.',
    ],
    department: 'geriatrics',
    days: 7,
    values: { crp: 15, sodium: 0.97 },
    fever: 0.4,
    complaint: 'Kjent demens. Akutt forvirring, urolig om natten, spiser og drikker lite.',
    course:
      'Delirium utløst av urinveisinfeksjon. Behandlet, legemiddelgjennomgang, ro og faste personer rundt pasienten.',
    nynorsk: [
      'Kjend demens. Akutt forvirring, uroleg om natta, et og drikk lite.',
      'Delirium utløyst av urinvegsinfeksjon. Behandla, legemiddelgjennomgang, ro og faste personar rundt pasienten.',
    ],
  },
  K519: {
    followUp: [
      'Kontroll ved poliklinikken om to uker. Nedtrapping av prednisolon etter plan.',
      'Kontroll ved poliklinikken om to veker. Nedtrapping av prednisolon etter plan.',
    ],
    department: 'gastroenterology',
    days: 6,
    values: { crp: 20, haemoglobin: 0.85, albumin: 0.82 },
    medicines: ['prednisolone-taper'],
    atDischarge: ['nedtrappes etter plan', 'vert trappa ned etter plan'],
    procedure: 'colonoscopy',
    complaint: 'Kjent ulcerøs kolitt. Blodig diaré åtte ganger i døgnet, magesmerter.',
    course: 'Koloskopi med moderat aktivitet. God respons på kortikosteroider, nedtrappingsplan medgitt.',
    nynorsk: [
      'Kjend ulcerøs kolitt. Blodig diaré åtte gonger i døgnet, magesmerter.',
      'Koloskopi med moderat aktivitet. God respons på kortikosteroid, nedtrappingsplan følgjer.',
    ],
  },
  G409: {
    followUp: [
      'Kontroll ved nevrologisk poliklinikk om seks uker. Ikke bilkjøring de neste tolv månedene.',
      'Kontroll ved nevrologisk poliklinikk om seks veker. Ikkje bilkøyring dei neste tolv månadene.',
    ],
    department: 'neurology',
    days: 2,
    complaint: 'Kjent epilepsi. Generalisert krampeanfall hjemme, varighet tre minutter.',
    course: 'Våken ved ankomst. CT caput uten akutt patologi. Antiepileptikum justert.',
    nynorsk: [
      'Kjend epilepsi. Generalisert krampeanfall heime, varte i tre minutt.',
      'Vaken ved framkomst. CT caput utan akutt patologi. Antiepileptikum justert.',
    ],
  },
  G20: {
    department: 'neurology',
    days: 6,
    complaint: 'Kjent Parkinsons sykdom. Økende stivhet og fall siste uker.',
    course: 'Levodopa fordelt på flere doser med god effekt. Fysioterapi og gangtrening.',
    nynorsk: [
      'Kjend Parkinsons sjukdom. Aukande stivleik og fall siste vekene.',
      'Levodopa fordelt på fleire dosar med god effekt. Fysioterapi og gangtrening.',
    ],
  },
  M059: {
    followUp: [
      'Kontroll ved revmatologisk poliklinikk om fire uker, blodprøver hos fastlege hver uke i nedtrappingen.',
      'Kontroll ved revmatologisk poliklinikk om fire veker, blodprøver hos fastlege kvar veke i nedtrappinga.',
    ],
    department: 'rheumatology',
    days: 5,
    values: { crp: 14, sedimentation: 2.5 },
    medicines: ['prednisolone-taper'],
    atDischarge: ['nedtrappes etter plan', 'vert trappa ned etter plan'],
    complaint: 'Kjent leddgikt. Hovne og smertefulle håndledd og knær, morgenstivhet over to timer.',
    course: 'Leddpunksjon og intraartikulære injeksjoner. Behandlingen trappes opp.',
    nynorsk: [
      'Kjend leddgikt. Hovne og smertefulle handledd og kne, morgonstivleik over to timar.',
      'Leddpunksjon og intraartikulære injeksjonar. Behandlinga vert trappa opp.',
    ],
  },
  C799: {
    requires: 'spread',
    department: 'oncology',
    days: 6,
    values: { crp: 12, haemoglobin: 0.84, albumin: 0.82, alp: 1.6 },
    medicines: ['morphine', 'paracetamol'],
    complaint: 'Kjent kreftsykdom med spredning. Økende smerter og redusert allmenntilstand.',
    course: 'Smertebehandling justert med god effekt. Samtale med pasient og pårørende om videre mål for behandlingen.',
    nynorsk: [
      'Kjend kreftsjukdom med spreiing. Aukande smerter og redusert allmenntilstand.',
      'Smertebehandling justert med god effekt. Samtale med pasient og pårørande om vidare mål for behandlinga.',
    ],
  },
  D70: {
    requires: 'chemotherapy',
    followUp: ['Blodprøver før neste kur, som utsettes én uke.', 'Blodprøver før neste kur, som vert utsett éi veke.'],
    department: 'oncology',
    days: 5,
    values: { crp: 60, leukocytes: 0.15, neutrophils: 0.05, platelets: 0.6 },
    fever: 2,
    medicines: ['piperacillin-tazobactam'],
    complaint: 'Feber og frysninger ti dager etter cellegiftkur.',
    course: 'Nøytropen feber. Bredspektret antibiotikum intravenøst til stigende nøytrofile. Negative blodkulturer.',
    nynorsk: [
      'Feber og frysningar ti dagar etter cellegiftkur.',
      'Nøytropen feber. Breispektra antibiotikum intravenøst til stigande nøytrofile. Negative blodkulturar.',
    ],
  },
};

/** Acute stays for chronic disease, by ICD-10 code. */
export const chronicAdmissions: ReadonlyMap<string, Admission> = new Map(
  Object.entries(rows).map(([icd, row]) => [icd, { icd, rate: never, acute: true, ...row }]),
);
