/** The words of the sign-in pages: bokmål, nynorsk, English. */
import type { Language } from '../provider/page.ts';

export type Texts = {
  signIn: string;
  lead: string;
  trialLead: string;
  with: (issuer: string) => string;
  trial: string;
  bearer: string;
  signedInAs: (name: string) => string;
  goOn: string;
  signOut: string;
  signOutHere: string;
  signOutEverywhere: string;
  signOutAsk: string;
  signedOut: string;
  chooseRole: string;
  chooseLead: string;
  choose: string;
  notSignedIn: string;
  tryAgain: string;
  away: string;
  awayLead: string;
  keys: string;
  keysLead: string;
  keysNone: string;
  keyName: string;
  keyAdd: string;
  keyRemove: (name: string) => string;
  keySignIn: string;
  keySignInLead: string;
  keyUse: string;
  keyDone: string;
  keyFailed: string;
  needsScript: string;
  enrolled: string;
  used: string;
  never: string;
  duties: { readonly [duty: string]: string };
};

export const texts: { readonly [language in Language]: Texts } = {
  nb: {
    signIn: 'Logg inn',
    lead: 'Velg hvordan du vil logge inn.',
    trialLead: 'Dette er en prøve. Alle personer her er oppdiktet, og du velger selv hvem du vil være.',
    with: (issuer) => `Logg inn med ${issuer}`,
    trial: 'prøveinnlogging',
    bearer: 'Noden tar imot prøvetokener uten nøkkel fra denne maskinen (FYR_TRIAL_BEARER).',
    signedInAs: (name) => `Du er logget inn som ${name}.`,
    goOn: 'Gå videre',
    signOut: 'Logg ut',
    signOutHere: 'Logg ut her',
    signOutEverywhere: 'Logg ut overalt',
    signOutAsk: 'Overalt betyr alle nettlesere og maskiner der du er logget inn i Fyr.',
    signedOut: 'Du er logget ut.',
    chooseRole: 'Velg rolle',
    chooseLead: 'Du har flere roller. Velg den du arbeider i nå; du kan bytte senere.',
    choose: 'Velg',
    notSignedIn: 'Du ble ikke logget inn',
    tryAgain: 'Prøv igjen',
    away: 'Innloggingen svarer ikke',
    awayLead: 'Tjenesten du logger inn med, kan ikke nås nå. Har du en nøkkel fra før, kan du bruke den.',
    keys: 'Nøkler for nettbrudd',
    keysLead:
      'Med en nøkkel (fingeravtrykk, PIN eller sikkerhetsnøkkel) kan du logge inn her når innloggingstjenesten ikke kan nås. Det du gjør da, blir merket og gjennomgått.',
    keysNone: 'Du har ingen nøkler ennå.',
    keyName: 'Navn på nøkkelen',
    keyAdd: 'Legg til nøkkel',
    keyRemove: (name) => `Fjern ${name}`,
    keySignIn: 'Logg inn med nøkkel',
    keySignInLead:
      'Dette virker bare mens innloggingstjenesten ikke kan nås, og bare med en nøkkel du la til mens den kunne det.',
    keyUse: 'Bruk nøkkelen',
    keyDone: 'Nøkkelen er lagt til.',
    keyFailed: 'Det gikk ikke.',
    needsScript: 'Nøkler trenger JavaScript i nettleseren.',
    enrolled: 'Lagt til',
    used: 'Sist brukt',
    never: 'aldri',
    duties: {
      care: 'helsehjelp',
      pharmacy: 'apotek',
      privacyOfficer: 'personvernombud',
      operator: 'drift',
      researcher: 'forskning',
    },
  },
  nn: {
    signIn: 'Logg inn',
    lead: 'Vel korleis du vil logge inn.',
    trialLead: 'Dette er ei prøve. Alle personar her er oppdikta, og du vel sjølv kven du vil vere.',
    with: (issuer) => `Logg inn med ${issuer}`,
    trial: 'prøveinnlogging',
    bearer: 'Noden tek imot prøvetoken utan nøkkel frå denne maskina (FYR_TRIAL_BEARER).',
    signedInAs: (name) => `Du er logga inn som ${name}.`,
    goOn: 'Gå vidare',
    signOut: 'Logg ut',
    signOutHere: 'Logg ut her',
    signOutEverywhere: 'Logg ut overalt',
    signOutAsk: 'Overalt tyder alle nettlesarar og maskiner der du er logga inn i Fyr.',
    signedOut: 'Du er logga ut.',
    chooseRole: 'Vel rolle',
    chooseLead: 'Du har fleire roller. Vel den du arbeider i no; du kan byte seinare.',
    choose: 'Vel',
    notSignedIn: 'Du vart ikkje logga inn',
    tryAgain: 'Prøv igjen',
    away: 'Innlogginga svarer ikkje',
    awayLead: 'Tenesta du loggar inn med, kan ikkje nåast no. Har du ein nøkkel frå før, kan du bruke han.',
    keys: 'Nøklar for nettbrot',
    keysLead:
      'Med ein nøkkel (fingeravtrykk, PIN eller tryggleiksnøkkel) kan du logge inn her når innloggingstenesta ikkje kan nåast. Det du gjer då, blir merkt og gjennomgått.',
    keysNone: 'Du har ingen nøklar enno.',
    keyName: 'Namn på nøkkelen',
    keyAdd: 'Legg til nøkkel',
    keyRemove: (name) => `Fjern ${name}`,
    keySignIn: 'Logg inn med nøkkel',
    keySignInLead:
      'Dette verkar berre medan innloggingstenesta ikkje kan nåast, og berre med ein nøkkel du la til medan ho kunne det.',
    keyUse: 'Bruk nøkkelen',
    keyDone: 'Nøkkelen er lagd til.',
    keyFailed: 'Det gjekk ikkje.',
    needsScript: 'Nøklar treng JavaScript i nettlesaren.',
    enrolled: 'Lagd til',
    used: 'Sist brukt',
    never: 'aldri',
    duties: {
      care: 'helsehjelp',
      pharmacy: 'apotek',
      privacyOfficer: 'personvernombod',
      operator: 'drift',
      researcher: 'forsking',
    },
  },
  en: {
    signIn: 'Sign in',
    lead: 'Choose how to sign in.',
    trialLead: 'This is a trial. Everybody here is invented, and you choose who to be.',
    with: (issuer) => `Sign in with ${issuer}`,
    trial: 'the trial’s people',
    bearer: 'The node takes trial tokens without a key from this machine (FYR_TRIAL_BEARER).',
    signedInAs: (name) => `You are signed in as ${name}.`,
    goOn: 'Continue',
    signOut: 'Sign out',
    signOutHere: 'Sign out here',
    signOutEverywhere: 'Sign out everywhere',
    signOutAsk: 'Everywhere means all browsers and machines where you are signed in to Fyr.',
    signedOut: 'You are signed out.',
    chooseRole: 'Choose a role',
    chooseLead: 'You have several roles. Choose the one you work in now; you can change later.',
    choose: 'Choose',
    notSignedIn: 'You were not signed in',
    tryAgain: 'Try again',
    away: 'The sign-in does not answer',
    awayLead: 'The service that you sign in with can not be reached now. If you have a key, you can use it.',
    keys: 'Keys for outages',
    keysLead:
      'With a key (fingerprint, PIN or security key) you can sign in here when the sign-in service can not be reached. What you do then is marked and reviewed.',
    keysNone: 'You have no keys yet.',
    keyName: 'Name of the key',
    keyAdd: 'Add a key',
    keyRemove: (name) => `Remove ${name}`,
    keySignIn: 'Sign in with a key',
    keySignInLead:
      'This works only while the sign-in service can not be reached, and only with a key that you added while it could.',
    keyUse: 'Use the key',
    keyDone: 'The key was added.',
    keyFailed: 'That did not work.',
    needsScript: 'Keys need JavaScript in the browser.',
    enrolled: 'Added',
    used: 'Last used',
    never: 'never',
    duties: {
      care: 'care',
      pharmacy: 'pharmacy',
      privacyOfficer: 'privacy officer',
      operator: 'operations',
      researcher: 'research',
    },
  },
};
