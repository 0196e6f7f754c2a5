/** What the tables say in bokmål of admissions, in nynorsk: complaint and course, by ICD-10 code. */
export const nynorskOfAdmissions: Readonly<Record<string, readonly [complaint: string, course: string]>> = {
  J189: [
    'Hoste, feber og tung pust gjennom nokre dagar.',
    'Røntgen thorax viste fortetting. God effekt av intravenøst antibiotikum, overgang til tablettar.',
  ],
  A419: [
    'Frostanfall, høg feber og slappheit.',
    'Behandla etter retningslinje for sepsis. Stabil sirkulasjon, fallande infeksjonsprøver.',
  ],
  N10: ['Flankesmerter, feber og svie ved vasslating.', 'Oppvekst av E. coli i urin. Rask betring på behandling.'],
  I214: [
    'Trykkjande brystsmerter med utstråling til venstre arm.',
    'Angiografi viste stenose, behandla med utblokking og stent. Ukomplisert vidare forløp.',
  ],
  I639: [
    'Akutt innsetjande skeivheit i ansiktet og kraftsvikt i ein arm.',
    'CT utan bløding. Behandla i slageining, tidleg mobilisering. Gradvis betring av kraft.',
  ],
  S720: [
    'Fall heime, sterke smerter i hofta, kan ikkje stå.',
    'Operert dagen etter innkomst. Mobilisert med rullator, vidare opptrening i kommunen.',
  ],
  K358: [
    'Smerter som byrja rundt navlen og vandra mot høgre fossa.',
    'Laparoskopisk appendektomi same døgn, ukomplisert.',
  ],
  K802: ['Gjentekne gallesteinsanfall.', 'Planlagd laparoskopisk fjerning av galleblæra. Ukomplisert.'],
  K573: [
    'Smerter nedst til venstre i magen og feber.',
    'CT viste divertikulitt utan perforasjon. Konservativ behandling med god effekt.',
  ],
  R074: ['Brystsmerter i kvile.', 'Normalt EKG og normale serieprøver. Ikkje haldepunkt for hjarteinfarkt.'],
  R55: ['Svima av heime.', 'Overvaka på telemetri utan rytmeforstyrring. Blodtrykksfall når pasienten reiser seg.'],
  K529: ['Oppkast og diaré i fleire dagar.', 'Væskebehandling med god effekt. Negative avføringsprøver.'],
  K922: ['Svart avføring og svimmelheit.', 'Gastroskopi viste magesår utan pågåande bløding. Fekk to einingar SAG.'],
  I269: [
    'Akutt tung pust og stikkande brystsmerter.',
    'CT viste lungeemboli. Hemodynamisk stabil, starta med blodfortynnande.',
  ],
  E871: [
    'Aukande forvirring og kvalme.',
    'Lågt natrium utløyst av diuretikum. Langsam korreksjon, medisinen seponert.',
  ],
  M161: ['Planlagd innlegging for hofteprotese.', 'Sett inn totalprotese. Gjekk trapp med krykkjer ved utreise.'],
  M171: ['Planlagd innlegging for kneprotese.', 'Sett inn totalprotese. Bøyer til 90 grader ved utreise.'],
  K409: ['Planlagd operasjon for lyskebrokk.', 'Operert med nett. Heim same dag eller dagen etter.'],
  N40: ['Planlagd operasjon for vasslatingsplager.', 'TURP utan komplikasjonar. Let vatnet etter fjerning av kateter.'],
  J219: ['Slitsam pust og dårleg matinntak hos spedbarn.', 'RS-virus påvist. Oksygen på nasekateter, gradvis betring.'],
  S060: ['Slo hovudet, kortvarig medvitstap.', 'Observert over natta utan nevrologiske utfall.'],
  F321: ['Aukande nedstemtheit og søvnløyse.', 'Kriseinnlegging, ro og samtalar. Avtalt oppfølging ved DPS.'],
  Z370: ['Innlagd i fødsel.', 'Ukomplisert fødsel, levande barn. Amming i gang.'],
};
