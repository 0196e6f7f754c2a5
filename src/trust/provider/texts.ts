/** The words of the provider's pages. */
import type { Language } from './page.ts';

export type Texts = {
  signIn: string;
  trial: string;
  personnel: string;
  citizens: string;
  notLoaded: string;
  cancel: string;
  choosePatient: string;
  choosePatientLead: (application: string) => string;
  searchName: string;
  search: string;
  noPatients: string;
  bornOn: (date: string) => string;
  allow: string;
  allowLead: (application: string) => string;
  asPerson: (name: string) => string;
  aboutPatient: (name: string) => string;
  scopes: { read: string; write: string; all: string; own: string; yours: string; limited: string };
  plain: { readonly [scope: string]: string };
  yes: string;
  no: string;
  expired: string;
  expiredLead: string;
  wrong: string;
  wrongLead: string;
  signOut: string;
  signOutLead: string;
  doSignOut: string;
  staySignedIn: string;
  signedOut: string;
  signedOutLead: string;
};

export const texts: Readonly<Record<Language, Texts>> = {
  nb: {
    signIn: 'Hvem vil du logge inn som?',
    trial:
      'Dette er en prøve. Ingen av personene finnes, og alle opplysninger om dem er oppdiktet. I drift logger helsepersonell inn med HelseID og innbyggere med ID-porten.',
    personnel: 'Ansatte',
    citizens: 'Innbyggere',
    notLoaded: 'Personene er ikke lastet inn ennå. Prøv igjen om litt.',
    cancel: 'Avbryt',
    choosePatient: 'Hvilken pasient gjelder det?',
    choosePatientLead: (application) => `${application} åpnes på én pasient.`,
    searchName: 'Pasientens navn',
    search: 'Søk',
    noPatients: 'Ingen pasienter som du har tilgang til, passer med søket.',
    bornOn: (date) => `født ${date}`,
    allow: 'Gi tilgang?',
    allowLead: (application) => `${application} ber om tilgang på dine vegne:`,
    asPerson: (name) => `Du er logget inn som ${name}.`,
    aboutPatient: (name) => `Pasient: ${name}.`,
    scopes: {
      read: 'lese',
      write: 'endre',
      all: 'alt i journalen',
      own: 'for pasienten som er valgt',
      yours: 'for alle pasienter som du selv har tilgang til',
      limited: 'noe av dette',
    },
    plain: {
      openid: 'vite hvem du er',
      fhirUser: 'vite hvem du er i journalen',
      profile: 'vite hva du heter',
      offline_access: 'beholde tilgangen når du har gått',
      online_access: 'beholde tilgangen så lenge du er logget inn',
    },
    yes: 'Gi tilgang',
    no: 'Ikke gi tilgang',
    expired: 'Innloggingen er for gammel',
    expiredLead: 'Gå tilbake til der du kom fra, og begynn på nytt.',
    wrong: 'Innloggingen kan ikke gå videre',
    wrongLead: 'Programmet som sendte deg hit, ba om noe som ikke kan gis. Dette sier det til den som lager det:',
    signOut: 'Vil du logge ut?',
    signOutLead: 'Du logges ut overalt der du er innlogget gjennom denne siden.',
    doSignOut: 'Logg ut',
    staySignedIn: 'Fortsett innlogget',
    signedOut: 'Du er logget ut',
    signedOutLead: 'Du kan lukke siden.',
  },
  nn: {
    signIn: 'Kven vil du logge inn som?',
    trial:
      'Dette er ei prøve. Ingen av personane finst, og alle opplysningar om dei er dikta opp. I drift loggar helsepersonell inn med HelseID og innbyggjarar med ID-porten.',
    personnel: 'Tilsette',
    citizens: 'Innbyggjarar',
    notLoaded: 'Personane er ikkje lasta inn enno. Prøv igjen om litt.',
    cancel: 'Avbryt',
    choosePatient: 'Kva pasient gjeld det?',
    choosePatientLead: (application) => `${application} blir opna på éin pasient.`,
    searchName: 'Namnet til pasienten',
    search: 'Søk',
    noPatients: 'Ingen pasientar som du har tilgang til, passar med søket.',
    bornOn: (date) => `fødd ${date}`,
    allow: 'Gi tilgang?',
    allowLead: (application) => `${application} ber om tilgang på dine vegner:`,
    asPerson: (name) => `Du er logga inn som ${name}.`,
    aboutPatient: (name) => `Pasient: ${name}.`,
    scopes: {
      read: 'lese',
      write: 'endre',
      all: 'alt i journalen',
      own: 'for pasienten som er vald',
      yours: 'for alle pasientar som du sjølv har tilgang til',
      limited: 'noko av dette',
    },
    plain: {
      openid: 'vite kven du er',
      fhirUser: 'vite kven du er i journalen',
      profile: 'vite kva du heiter',
      offline_access: 'halde på tilgangen når du har gått',
      online_access: 'halde på tilgangen så lenge du er logga inn',
    },
    yes: 'Gi tilgang',
    no: 'Ikkje gi tilgang',
    expired: 'Innlogginga er for gammal',
    expiredLead: 'Gå tilbake dit du kom frå, og byrj på nytt.',
    wrong: 'Innlogginga kan ikkje gå vidare',
    wrongLead:
      'Programmet som sende deg hit, bad om noko som ikkje kan bli gitt. Dette seier det til den som lagar det:',
    signOut: 'Vil du logge ut?',
    signOutLead: 'Du blir logga ut overalt der du er innlogga gjennom denne sida.',
    doSignOut: 'Logg ut',
    staySignedIn: 'Hald fram innlogga',
    signedOut: 'Du er logga ut',
    signedOutLead: 'Du kan lukke sida.',
  },
  en: {
    signIn: 'Who do you want to sign in as?',
    trial:
      'This is a trial. None of these people exist, and everything about them is invented. In use, health personnel sign in with HelseID and citizens with ID-porten.',
    personnel: 'Personnel',
    citizens: 'Citizens',
    notLoaded: 'The people are not loaded yet. Try again in a moment.',
    cancel: 'Cancel',
    choosePatient: 'Which patient is it about?',
    choosePatientLead: (application) => `${application} opens on one patient.`,
    searchName: "The patient's name",
    search: 'Search',
    noPatients: 'No patient that you have access to fits the search.',
    bornOn: (date) => `born ${date}`,
    allow: 'Give access?',
    allowLead: (application) => `${application} asks for access on your behalf:`,
    asPerson: (name) => `You are signed in as ${name}.`,
    aboutPatient: (name) => `Patient: ${name}.`,
    scopes: {
      read: 'read',
      write: 'change',
      all: 'everything in the record',
      own: 'for the patient chosen',
      yours: 'for all patients that you have access to yourself',
      limited: 'a part of this',
    },
    plain: {
      openid: 'know who you are',
      fhirUser: 'know who you are in the record',
      profile: 'know your name',
      offline_access: 'keep access when you have left',
      online_access: 'keep access as long as you are signed in',
    },
    yes: 'Give access',
    no: 'Do not give access',
    expired: 'This sign-in is too old',
    expiredLead: 'Go back to where you came from, and begin again.',
    wrong: 'The sign-in can not go on',
    wrongLead: 'The program that sent you here asked for something that can not be given. This tells its makers:',
    signOut: 'Do you want to sign out?',
    signOutLead: 'You will be signed out everywhere that you are signed in by this page.',
    doSignOut: 'Sign out',
    staySignedIn: 'Stay signed in',
    signedOut: 'You are signed out',
    signedOutLead: 'You may close this page.',
  },
};
