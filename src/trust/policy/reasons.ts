/** Why something is refused: a code for the log, a sentence for people, and whether the caller may know that there is something. */

export type Language = 'nb' | 'nn' | 'en';

type Reason = {
  /** True: told as 403. False: answered as what is not there, 404. */
  isKnown: boolean;
  nb: string;
  nn: string;
  en: string;
};

export const reasons = {
  'security-level': {
    isKnown: true,
    nb: 'Du må logge inn med høyeste sikkerhetsnivå for å se helseopplysninger.',
    nn: 'Du må logge inn med høgaste tryggleiksnivå for å sjå helseopplysningar.',
    en: 'You must sign in with the highest security level to see health data.',
  },
  'no-authorisation': {
    isKnown: true,
    nb: 'Du har ikke autorisasjon eller lisens som gjelder i dag.',
    nn: 'Du har ikkje autorisasjon eller lisens som gjeld i dag.',
    en: 'You have no authorisation or licence that holds today.',
  },
  'no-role': {
    isKnown: true,
    nb: 'Du har ingen rolle ved virksomheten som gjelder nå.',
    nn: 'Du har inga rolle ved verksemda som gjeld no.',
    en: 'You have no role at the organisation that holds now.',
  },
  duty: {
    isKnown: true,
    nb: 'Arbeidsoppgaven du er logget inn med gir ikke tilgang til pasienters journal.',
    nn: 'Arbeidsoppgåva du er logga inn med gjev ikkje tilgang til journalen til pasientar.',
    en: 'The duty that you signed in with gives no access to patients’ records.',
  },
  'no-relationship': {
    isKnown: true,
    nb: 'Det er ikke registrert at du yter helsehjelp til pasienten. Oppgi formål og grunn hvis du har tjenstlig behov.',
    nn: 'Det er ikkje registrert at du yter helsehjelp til pasienten. Oppgje føremål og grunn om du har tenestleg behov.',
    en: 'Nothing tells that you treat this patient. State a purpose and a reason if you need the record in your service.',
  },
  blocked: {
    isKnown: true,
    nb: 'Pasienten har sperret journalen for deg eller enheten din. Sperringen kan ikke overstyres.',
    nn: 'Pasienten har sperra journalen for deg eller eininga di. Sperringa kan ikkje overstyrast.',
    en: 'The patient has blocked you or your unit from the record. The block can not be overridden.',
  },
  restricted: {
    isKnown: true,
    nb: 'Pasienten har sperret dette. Det kan bare åpnes når det er nødvendig for øyeblikkelig hjelp.',
    nn: 'Pasienten har sperra dette. Det kan berre opnast når det er naudsynt for augneblikkeleg hjelp.',
    en: 'The patient has closed this. It opens only when emergency care makes it necessary.',
  },
  'blocked-part': {
    isKnown: false,
    nb: 'Dette finnes ikke.',
    nn: 'Dette finst ikkje.',
    en: 'This is not here.',
  },
  reserved: {
    isKnown: false,
    nb: 'Pasienten har ingen kjernejournal.',
    nn: 'Pasienten har ingen kjernejournal.',
    en: 'The patient has no summary record.',
  },
  'no-grounds': {
    isKnown: true,
    nb: 'Kjernejournalen krever et grunnlag: samtykke, akutt situasjon eller unntak.',
    nn: 'Kjernejournalen krev eit grunnlag: samtykke, akutt situasjon eller unntak.',
    en: 'The summary record needs a ground: consent, emergency or exemption.',
  },
  withheld: {
    isKnown: false,
    nb: 'Dette finnes ikke.',
    nn: 'Dette finst ikkje.',
    en: 'This is not here.',
  },
  'not-for-duty': {
    isKnown: true,
    nb: 'Dette er ikke blant opplysningene som arbeidsoppgaven din gir tilgang til.',
    nn: 'Dette er ikkje blant opplysningane som arbeidsoppgåva di gjev tilgang til.',
    en: 'This is not among what your duty gives access to.',
  },
  'no-prescription': {
    isKnown: true,
    nb: 'Pasienten har ingen resept som gjelder. Oppgi formål og grunn hvis du har tjenstlig behov.',
    nn: 'Pasienten har ingen resept som gjeld. Oppgje føremål og grunn om du har tenestleg behov.',
    en: 'The patient has no valid prescription. State a purpose and a reason if you need this in your service.',
  },
  confidential: {
    isKnown: false,
    nb: 'Dette finnes ikke.',
    nn: 'Dette finst ikkje.',
    en: 'This is not here.',
  },
  scope: {
    isKnown: true,
    nb: 'Programmet har ikke fått lov til dette.',
    nn: 'Programmet har ikkje fått lov til dette.',
    en: 'The application was not granted this.',
  },
  'other-patient': {
    isKnown: false,
    nb: 'Dette finnes ikke.',
    nn: 'Dette finst ikkje.',
    en: 'This is not here.',
  },
  'too-young': {
    isKnown: true,
    nb: 'Du får egen tilgang når du er 12 år. Til da ser de som har foreldreansvar journalen din.',
    nn: 'Du får eigen tilgang når du er 12 år. Til då ser dei som har foreldreansvar journalen din.',
    en: 'You get access of your own at 12. Until then those with parental responsibility see your record.',
  },
  'young-person': {
    isKnown: true,
    nb: 'Denne delen av journalen får du se selv når du er 16 år.',
    nn: 'Denne delen av journalen får du sjå sjølv når du er 16 år.',
    en: 'You can see this part of your record yourself when you are 16.',
  },
  'child-twelve': {
    isKnown: true,
    nb: 'Barnet er mellom 12 og 15 år og har ikke gitt deg tilgang.',
    nn: 'Barnet er mellom 12 og 15 år og har ikkje gjeve deg tilgang.',
    en: 'The child is between 12 and 15 and has not given you access.',
  },
  'child-sixteen': {
    isKnown: true,
    nb: 'Barnet er fylt 16 år og bestemmer selv over journalen sin.',
    nn: 'Barnet har fylt 16 år og avgjer sjølv over journalen sin.',
    en: 'The child is 16 or older and decides over the record.',
  },
  'no-responsibility': {
    isKnown: false,
    nb: 'Dette finnes ikke.',
    nn: 'Dette finst ikkje.',
    en: 'This is not here.',
  },
  'representation-scope': {
    isKnown: true,
    nb: 'Fullmakten eller vergemålet ditt omfatter ikke dette.',
    nn: 'Fullmakta eller verjemålet ditt omfattar ikkje dette.',
    en: 'Your power of attorney or guardianship does not include this.',
  },
  'names-others': {
    isKnown: false,
    nb: 'Dette finnes ikke.',
    nn: 'Dette finst ikkje.',
    en: 'This is not here.',
  },
  deceased: {
    isKnown: false,
    nb: 'Dette finnes ikke.',
    nn: 'Dette finst ikkje.',
    en: 'This is not here.',
  },
  'not-own': {
    isKnown: true,
    nb: 'Du kan bare skrive egne registreringer, egne svar og egne samtykker og sperringer.',
    nn: 'Du kan berre skrive eigne registreringar, eigne svar og eigne samtykke og sperringar.',
    en: 'You can only write registrations, answers, consents and blocks of your own.',
  },
  'read-only': {
    isKnown: true,
    nb: 'Du kan lese, men ikke skrive, i denne journalen.',
    nn: 'Du kan lese, men ikkje skrive, i denne journalen.',
    en: 'You can read this record, but not write in it.',
  },
  'register-only': {
    isKnown: true,
    nb: 'Registre og definisjoner endres bare av driftsansvarlige og systemer som har fått lov.',
    nn: 'Register og definisjonar blir berre endra av driftsansvarlege og system som har fått lov.',
    en: 'Registers and definitions are changed only by operators and by systems that were granted it.',
  },
  'own-register-entry': {
    isKnown: true,
    nb: 'Det registeret sier om deg selv, må en annen operatør endre.',
    nn: 'Det registeret seier om deg sjølv, må ein annan operatør endre.',
    en: 'What the register says of yourself must be changed by another operator.',
  },
  'own-way-in': {
    isKnown: true,
    nb: 'Tilgangsgrunnlag, nødrett og saker skrives ikke direkte, men gjennom egne tjenester.',
    nn: 'Tilgangsgrunnlag, naudrett og saker blir ikkje skrivne direkte, men gjennom eigne tenester.',
    en: 'Attestations, break-glass and cases are not written directly, but through services of their own.',
  },
  'patients-choice': {
    isKnown: true,
    nb: 'Bare pasienten, eller den som handler for pasienten, kan oppheve en sperring eller gi fullmakt.',
    nn: 'Berre pasienten, eller den som handlar for pasienten, kan oppheve ei sperring eller gje fullmakt.',
    en: 'Only the patient, or whoever acts for the patient, can lift a block or grant a power of attorney.',
  },
  'log-only': {
    isKnown: true,
    nb: 'Tilgangsloggen skrives bare av systemet selv.',
    nn: 'Tilgangsloggen blir berre skriven av systemet sjølv.',
    en: 'The access log is written only by the system itself.',
  },
  'gives-itself-access': {
    isKnown: true,
    nb: 'Du kan ikke endre hvem som er fastlege, foreldre eller verge for pasienten.',
    nn: 'Du kan ikkje endre kven som er fastlege, foreldre eller verje for pasienten.',
    en: 'You can not change who the patient’s general practitioner, parents or guardians are.',
  },
  'nobodys-record': {
    isKnown: false,
    nb: 'Dette finnes ikke.',
    nn: 'Dette finst ikkje.',
    en: 'This is not here.',
  },
  'other-organisation': {
    isKnown: true,
    nb: 'Systemets virksomhet har ikke pasienten til behandling.',
    nn: 'Verksemda til systemet har ikkje pasienten til behandling.',
    en: 'The system’s organisation does not treat this patient.',
  },
  operation: {
    isKnown: true,
    nb: 'Denne tjenesten er ikke for deg.',
    nn: 'Denne tenesta er ikkje for deg.',
    en: 'This operation is not for you.',
  },
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof reasons;
