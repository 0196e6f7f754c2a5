/** What a pack says, in bokmål, nynorsk and English. Each phrase is called by its bokmål, so that none can be said that stands in one language only. */

export const packLanguages = ['nb', 'nn', 'en'] as const;
export type PackLanguage = (typeof packLanguages)[number];

/** By the phrase in bokmål: in nynorsk, in English. What stands between braces is put in. */
export const phrases = {
  'Nødpakke: {name}': ['Naudpakke: {name}', 'Downtime pack: {name}'],
  'Nødpakke {name}': ['Naudpakke {name}', 'Downtime pack {name}'],
  'side {page} av {count}': ['side {page} av {count}', 'page {page} of {count}'],
  '{count} pasient': ['{count} pasient', '{count} patient'],
  '{count} pasienter': ['{count} pasientar', '{count} patients'],
  '{count} ventes': ['{count} blir venta', '{count} expected'],
  'laget {when}': ['laga {when}', 'made {when}'],
  'Laget {when} av det som da var kjent på noden, {heard}.': [
    'Laga {when} av det som då var kjent på noden, {heard}.',
    'Made {when} of what was then known at the node, {heard}.',
  ],
  'laget {date} kl. {time}': ['laga {date} kl. {time}', 'made {date} at {time}'],
  'Det som er skrevet senere, står ikke her.': [
    'Det som er skrive seinare, står ikkje her.',
    'What was written later is not here.',
  ],
  '{patients}: journalen er ikke hel her. Det står på arket hva som mangler.': [
    '{patients}: journalen er ikkje heil her. Det står på arket kva som manglar.',
    '{patients}: the record is not whole here. The sheet says what is missing.',
  ],
  'Pasienter etter seng': ['Pasientar etter seng', 'Patients by bed'],
  Seng: ['Seng', 'Bed'],
  Pasient: ['Pasient', 'Patient'],
  Isolasjon: ['Isolasjon', 'Isolation'],
  Behandlingsbegrensning: ['Behandlingsavgrensing', 'Limits of treatment'],
  'Neste dose': ['Neste dose', 'Next dose'],
  'Ventes de neste tre døgn': ['Blir venta dei neste tre døgna', 'Expected within three days'],
  'Ingen ventede innleggelser er kjent her.': [
    'Ingen venta innleggingar er kjende her.',
    'No expected admissions are known here.',
  ],
  Når: ['Når', 'When'],
  'Hvorfor, og hva som er farlig': ['Kvifor, og kva som er farleg', 'Why, and what is dangerous'],
  'Slik brukes pakken': ['Slik blir pakken brukt', 'How to use the pack'],
  '1. Gå ut fra at det er skjedd noe etter at pakken ble laget: sammenhold med pasienten og med den som hadde vakten.':
    [
      '1. Gå ut frå at det har skjedd noko etter at pakken vart laga: hald saman med pasienten og med den som hadde vakta.',
      '1. Take it that something has happened since the pack was made: compare with the patient and with whoever was on duty.',
    ],
  '2. Skriv målinger, gitte legemidler, notater og ordinasjoner på skjemaene bakerst. Navn og nummer på hvert ark. Skriv klokkeslettet da det skjedde, og signer.':
    [
      '2. Skriv målingar, gitte legemiddel, notat og ordinasjonar på skjemaa bakarst. Namn og nummer på kvart ark. Skriv klokkeslettet då det skjedde, og signer.',
      '2. Write measurements, given medicines, notes and orders on the forms at the back. Name and number on every sheet. Write the time at which it happened, and sign.',
    ],
  '3. Når systemet er tilbake: hvert skjema føres inn med nummeret eller QR-koden sin. Ark som ikke ble brukt eller er borte, meldes som det.':
    [
      '3. Når systemet er tilbake: kvart skjema blir ført inn med nummeret eller QR-koden sin. Ark som ikkje vart brukte eller er borte, blir melde som det.',
      '3. When the system is back: each form is entered by its number or QR code. Sheets that were not used or are lost are reported as such.',
    ],
  'Sperret av pasienten': ['Sperra av pasienten', 'Blocked by the patient'],
  sperret: ['sperra', 'blocked'],
  'ikke registrert': ['ikkje registrert', 'not recorded'],
  'ikke lastet': ['ikkje lasta', 'NOT LOADED'],
  utestående: ['uteståande', 'overdue'],
  'Innlagt {when}.': ['Innlagd {when}.', 'Admitted {when}.'],
  'Ansvarlig: {name}': ['Ansvarleg: {name}', 'Responsible: {name}'],
  'Sykepleier: {name}': ['Sjukepleiar: {name}', 'Nurse: {name}'],
  'Pasienten har sperret journalen for denne avdelingen. Trengs den i en nødssituasjon, åpnes den med begrunnelse (nødrett) på en node som svarer.':
    [
      'Pasienten har sperra journalen for denne avdelinga. Trengst han i ein naudsituasjon, blir han opna med grunngiving (naudrett) på ein node som svarar.',
      'The patient has closed the record to this ward. If it is needed in an emergency, it is opened with a reason (break glass) on a node that answers.',
    ],
  'Pasienten har sperret opplysninger for noen: avklar før arket gis videre ut av avdelingen.': [
    'Pasienten har sperra opplysningar for nokon: avklar før arket går vidare ut av avdelinga.',
    'The patient has closed information to somebody: find out before the sheet leaves the ward.',
  ],
  'Allergier og overfølsomhet': ['Allergiar og overfølsemd', 'Allergies and intolerances'],
  'Kritisk informasjon': ['Kritisk informasjon', 'Critical information'],
  Behandlingsbegrensninger: ['Behandlingsavgrensingar', 'Limits of treatment'],
  'Isolasjon og smitte': ['Isolasjon og smitte', 'Isolation and infection'],
  'Problemer: {problems}': ['Problem: {problems}', 'Problems: {problems}'],
  'Legemidler på avdelingen': ['Legemiddel på avdelinga', 'Medicines on the ward'],
  'Legemidler og infusjoner på avdelingen': [
    'Legemiddel og infusjonar på avdelinga',
    'Medicines and infusions on the ward',
  ],
  'neste = neste 24 timer, etter ordinasjonen som den er kjent her': [
    'neste = neste 24 timar, etter ordinasjonen slik han er kjend her',
    'next = the next 24 hours, by the order as it is known here',
  ],
  'Ingen ordinasjoner er registrert for oppholdet.': [
    'Ingen ordinasjonar er registrerte for opphaldet.',
    'No orders are recorded for the stay.',
  ],
  Legemiddel: ['Legemiddel', 'Medicine'],
  'Dose, måte': ['Dose, måte', 'Dose, route'],
  'Sist gitt': ['Sist gitt', 'Last given'],
  Neste: ['Neste', 'Next'],
  'Neste 24 timer': ['Neste 24 timar', 'Next 24 hours'],
  Infusjoner: ['Infusjonar', 'Infusions'],
  'Ingen er registrert.': ['Ingen er registrerte.', 'None are recorded.'],
  'startet/endret {when}': ['starta/endra {when}', 'started/changed {when}'],
  Målinger: ['Målingar', 'Measurements'],
  'Prøvesvar siste 48 timer': ['Prøvesvar siste 48 timar', 'Results of the last 48 hours'],
  'Ingen svar siste 48 timer.': ['Ingen svar siste 48 timar.', 'No results in the last 48 hours.'],
  Analyse: ['Analyse', 'Analysis'],
  Svar: ['Svar', 'Result'],
  Enhet: ['Eining', 'Unit'],
  Referanse: ['Referanse', 'Reference'],
  Tatt: ['Teke', 'Taken'],
  Forrige: ['Førre', 'Before'],
  'Ubesvarte prøver': ['Prøver utan svar', 'Samples without an answer'],
  'ingen kjente.': ['ingen kjende.', 'none known.'],
  'Ingen kjente.': ['Ingen kjende.', 'None known.'],
  '{what}, tatt {when}': ['{what}, teke {when}', '{what}, taken {when}'],
  'Åpne rekvisisjoner': ['Opne rekvisisjonar', 'Open orders'],
  Plan: ['Plan', 'Plan'],
  'Ingen plan er registrert.': ['Ingen plan er registrert.', 'No plan is recorded.'],
  Pårørende: ['Pårørande', 'Next of kin'],
  'Ikke registrert.': ['Ikkje registrert.', 'Not recorded.'],
  'relasjon ikke registrert': ['relasjon ikkje registrert', 'relation not recorded'],
  'telefon ikke registrert': ['telefon ikkje registrert', 'telephone not recorded'],
  'tlf. {phone}': ['tlf. {phone}', 'tel. {phone}'],
  'Ingen kjente (spurt og svart)': ['Ingen kjende (spurt og svart)', 'None known (asked and answered)'],
  'Ikke registrert: ingen har skrevet noe. Spør pasienten.': [
    'Ikkje registrert: ingen har skrive noko. Spør pasienten.',
    'Not recorded: nobody has written anything. Ask the patient.',
  ],
  'IKKE LASTET: journalen er ikke hel her. Spør pasienten.': [
    'IKKJE LASTA: journalen er ikkje heil her. Spør pasienten.',
    'NOT LOADED: the record is not whole here. Ask the patient.',
  ],
  'IKKE HELT LASTET: det kan finnes flere.': [
    'IKKJE HEILT LASTA: det kan finnast fleire.',
    'NOT WHOLLY LOADED: there may be more.',
  ],
  bekreftet: ['stadfesta', 'confirmed'],
  'ikke bekreftet': ['ikkje stadfesta', 'not confirmed'],
  'HØY RISIKO': ['HØG RISIKO', 'HIGH RISK'],
  'siden {date}': ['sidan {date}', 'since {date}'],
  'SPERRET av pasienten: ingen opplysninger skrives ut. Allergier og kritisk informasjon er IKKE kjent her.': [
    'SPERRA av pasienten: ingen opplysningar blir skrivne ut. Allergiar og kritisk informasjon er IKKJE kjende her.',
    'BLOCKED by the patient: nothing is printed. Allergies and critical information are NOT known here.',
  ],
  'JOURNALEN ER IKKE HEL HER: allergier, legemidler og annet kan mangle': [
    'JOURNALEN ER IKKJE HEIL HER: allergiar, legemiddel og anna kan mangle',
    'THE RECORD IS NOT WHOLE HERE: allergies, medicines and more may be missing',
  ],
  'Allergi: {what}': ['Allergi: {what}', 'Allergy: {what}'],
  'TO VERSJONER, ikke avklart': ['TO VERSJONAR, ikkje avklart', 'TWO VERSIONS, not decided'],
  'ikke målt': ['ikkje målt', 'not measured'],
  'barn: PEVS': ['barn: PEVS', 'child: PEWS'],
  'gravid: MEWS': ['gravid: MEWS', 'pregnant: MEWS'],
  'minst {sum}': ['minst {sum}', 'at least {sum}'],
  'Ingen målinger på denne avdelingen siste 14 døgn.': [
    'Ingen målingar på denne avdelinga siste 14 døgn.',
    'No measurements on this ward in the last 14 days.',
  ],
  'målt {when}, for {age} siden': ['målt {when}, for {age} sidan', 'measured {when}, {age} ago'],
  'NEWS2 gjelder ikke barn under 16 år ({when}).': [
    'NEWS2 gjeld ikkje barn under 16 år ({when}).',
    'NEWS2 is not for children under 16 ({when}).',
  ],
  'NEWS2 gjelder ikke gravide ({when}).': [
    'NEWS2 gjeld ikkje gravide ({when}).',
    'NEWS2 is not for pregnant women ({when}).',
  ],
  'Mangler: {what}.': ['Manglar: {what}.', 'Missing: {what}.'],
  'En enkelt verdi gir 3 poeng.': ['Ein einskild verdi gir 3 poeng.', 'A single value gives 3 points.'],
  'resp.frekvens': ['resp.frekvens', 'respiration rate'],
  SpO2: ['SpO2', 'SpO2'],
  'O2-tilskudd': ['O2-tilskot', 'supplemental O2'],
  blodtrykk: ['blodtrykk', 'blood pressure'],
  puls: ['puls', 'pulse'],
  bevissthet: ['medvit', 'consciousness'],
  temperatur: ['temperatur', 'temperature'],
  'ikke gitt her': ['ikkje gitt her', 'not given here'],
  'IKKE gitt {when}': ['IKKJE gitt {when}', 'NOT given {when}'],
  'Skulle vært gitt {when}.': ['Skulle vore gitt {when}.', 'Should have been given {when}.'],
  'ved behov': ['ved behov', 'as needed'],
  kontinuerlig: ['kontinuerleg', 'continuous'],
  'tidspunkt ikke angitt': ['tidspunkt ikkje oppgitt', 'time not stated'],
  'ingen neste døgn': ['ingen neste døgn', 'none within 24 hours'],
  'aldri hørt fra overordnet node': ['aldri høyrt frå overordna node', 'never heard from the node above'],
  'data fra samme tid': ['data frå same tid', 'data of the same time'],
  'sist hørt fra overordnet node {when} ({age} før)': [
    'sist høyrt frå overordna node {when} ({age} før)',
    'last heard from the node above {when} ({age} before)',
  ],
  'Hele journalen er her': ['Heile journalen er her', 'The whole record is here'],
  'JOURNALEN ER IKKE HEL HER': ['JOURNALEN ER IKKJE HEIL HER', 'THE RECORD IS NOT WHOLE HERE'],
  'f. {born}': ['f. {born}', 'b. {born}'],
  'i går {time}': ['i går {time}', 'yesterday {time}'],
  'i morgen {time}': ['i morgon {time}', 'tomorrow {time}'],
  'under 1 min': ['under 1 min', 'under 1 min'],
  '{count} t': ['{count} t', '{count} h'],
  '{count} døgn': ['{count} døgn', '{count} days'],
  KRITISK: ['KRITISK', 'CRITICAL'],
  avvik: ['avvik', 'abnormal'],
  mann: ['mann', 'male'],
  kvinne: ['kvinne', 'female'],
  annet: ['anna', 'other'],
  '{count} år': ['{count} år', '{count} y'],
  '{count} md': ['{count} md', '{count} mo'],
  'Ukjent navn ({id})': ['Ukjent namn ({id})', 'Name unknown ({id})'],
  'uten nummer': ['utan nummer', 'no number'],
  ukjent: ['ukjend', 'unknown'],
  'uten seng': ['utan seng', 'no bed'],
  'uten navn': ['utan namn', 'no name'],
  'uten tekst': ['utan tekst', 'no text'],
  undersøkelse: ['undersøking', 'examination'],
  '{what} (delvis svar)': ['{what} (delvis svar)', '{what} (answered in part)'],
  rekvisisjon: ['rekvisisjon', 'order'],
  '{from} til {to}': ['{from} til {to}', '{from} to {to}'],
  RF: ['RF', 'RR'],
  BT: ['BT', 'BP'],
  O2: ['O2', 'O2'],
  Puls: ['Puls', 'Pulse'],
  ACVPU: ['ACVPU', 'ACVPU'],
  Temp: ['Temp', 'Temp'],
  'Målinger (NEWS2)': ['Målingar (NEWS2)', 'Vital signs (NEWS2)'],
  'Gitte legemidler': ['Gitte legemiddel', 'Medicines given'],
  Notat: ['Notat', 'Note'],
  'Rekvisisjon / ordinasjon': ['Rekvisisjon / ordinasjon', 'Order'],
  'Ny pasient': ['Ny pasient', 'New patient'],
  'Ny pasient: ukjent for systemet': ['Ny pasient: ukjend for systemet', 'New patient: unknown to the system'],
  'Navn: {line}': ['Namn: {line}', 'Name: {line}'],
  'Fødselsnr.: {line}   Seng: {bed}': ['Fødselsnr.: {line}   Seng: {bed}', 'National no.: {line}   Bed: {bed}'],
  'Skjema {code}': ['Skjema {code}', 'Form {code}'],
  'utstedt av node {node}': ['skrive ut av node {node}', 'issued by node {node}'],
  'Skriv tiden da det skjedde. Signer hver linje.': [
    'Skriv tida då det skjedde. Signer kvar linje.',
    'Write the time at which it happened. Sign each line.',
  ],
  'Ett skjema, én pasient. Føres inn når systemet er tilbake.': [
    'Eitt skjema, éin pasient. Blir ført inn når systemet er tilbake.',
    'One form, one patient. To be entered when the system is back.',
  ],
  'Dato kl.': ['Dato kl.', 'Date, time'],
  'O2 l/min': ['O2 l/min', 'O2 l/min'],
  'Sign.': ['Sign.', 'Sign.'],
  'ACVPU: A våken · C nyoppstått forvirring · V reagerer på tiltale · P på smerte · U reagerer ikke': [
    'ACVPU: A vaken · C nyoppstått forvirring · V reagerer på tiltale · P på smerte · U reagerer ikkje',
    'ACVPU: A alert · C new confusion · V responds to voice · P to pain · U unresponsive',
  ],
  'se ordinasjon': ['sjå ordinasjon', 'see the order'],
  'Skal gis': ['Skal givast', 'Due'],
  'Legemiddel, dose, måte': ['Legemiddel, dose, måte', 'Medicine, dose, route'],
  'Gitt dato kl.': ['Gitt dato kl.', 'Given date, time'],
  'Dose / ikke gitt fordi': ['Dose / ikkje gitt fordi', 'Dose / not given because'],
  'Tittel: {line}   Dato kl.: {time}   Skrevet av: {by}': [
    'Tittel: {line}   Dato kl.: {time}   Skrive av: {by}',
    'Title: {line}   Date, time: {time}   Written by: {by}',
  ],
  'Legemiddel eller undersøkelse': ['Legemiddel eller undersøking', 'Medicine or examination'],
  'Dosering / klinisk spørsmål': ['Dosering / klinisk spørsmål', 'Dosage / clinical question'],
  'Haster (ja/nei)': ['Hastar (ja/nei)', 'Urgent (yes/no)'],
  'Ordinert av (navn, sign.)': ['Ordinert av (namn, sign.)', 'Ordered by (name, sign.)'],
  'Oppgitt navn': ['Oppgitt namn', 'Stated name'],
  'Fødselsdato eller fødselsnummer': ['Fødselsdato eller fødselsnummer', 'Date of birth or national number'],
  'Kjønn og anslått alder, kjennetegn': [
    'Kjønn og rekna alder, kjenneteikn',
    'Sex and estimated age, distinguishing marks',
  ],
  'Legitimert ved (pass, førerkort, pårørende, ingen)': [
    'Legitimert ved (pass, førarkort, pårørande, ingen)',
    'Identified by (passport, licence, next of kin, none)',
  ],
  'Kom når, hvorfra, med hva (ambulanse, selv)': [
    'Kom når, kvarifrå, med kva (ambulanse, sjølv)',
    'Came when, from where, how (ambulance, alone)',
  ],
  'Pårørende, telefon': ['Pårørande, telefon', 'Next of kin, telephone'],
  'Allergier: spurt? hva?  (tomt betyr IKKE spurt)': [
    'Allergiar: spurt? kva?  (tomt tyder IKKJE spurt)',
    'Allergies: asked? which?  (empty means NOT asked)',
  ],
  'Faste legemidler': ['Faste legemiddel', 'Regular medicines'],
  'Kritisk informasjon, implantat, smitte': [
    'Kritisk informasjon, implantat, smitte',
    'Critical information, implants, infection',
  ],
  'Ansvarlig lege og sykepleier': ['Ansvarleg lege og sjukepleiar', 'Responsible doctor and nurse'],
  'Bruk nummeret på dette skjemaet som pasientens nummer på alle andre ark, til vedkommende er identifisert.': [
    'Bruk nummeret på dette skjemaet som nummeret til pasienten på alle andre ark, til vedkomande er identifisert.',
    'Use the number of this form as the patient’s number on all other sheets, until they have been identified.',
  ],
  'Problem og tiltak': ['Problem og tiltak', 'Problem and treatment'],
} as const satisfies Record<string, readonly [nn: string, en: string]>;

export type Phrase = keyof typeof phrases;

/** Says a phrase in the language of a pack. */
export type Say = {
  (phrase: Phrase, values?: Readonly<Record<string, string | number>>): string;
  readonly language: PackLanguage;
};

export function sayIn(language: PackLanguage): Say {
  const say = (phrase: Phrase, values: Readonly<Record<string, string | number>> = {}): string => {
    const text = language === 'nb' ? phrase : phrases[phrase][language === 'nn' ? 0 : 1];
    return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  };
  return Object.assign(say, { language });
}

/** Where nobody has chosen. */
export const sayInBokmal = sayIn('nb');
