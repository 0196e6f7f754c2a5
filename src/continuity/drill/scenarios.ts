/** What is practised: what a drill takes away at a node, and what those on duty are to do. */
import type { Words } from '../downtime/words.ts';

export const scenarioNames = ['archive-lost', 'hospital-network-lost', 'region-lost', 'sign-in-lost'] as const;
export type ScenarioName = (typeof scenarioNames)[number];
export type Role = 'region' | 'site' | 'ward';

/** What is away while a drill runs. */
export type Absence = {
  readonly above: boolean;
  readonly below: boolean;
  readonly archive: boolean;
  readonly signIn: boolean;
};

export const nothingAway: Absence = { above: false, below: false, archive: false, signIn: false };

/** What this takes away at a node of this role; undefined: it is practised elsewhere (`elsewhere` says where). */
export function absenceOf(scenario: ScenarioName, role: Role): Absence | undefined {
  switch (scenario) {
    case 'archive-lost':
      return { ...nothingAway, archive: true };
    case 'sign-in-lost':
      return { ...nothingAway, signIn: true };
    case 'region-lost':
      if (role === 'ward') return undefined;
      return { ...nothingAway, above: role === 'site', below: role === 'region' };
    case 'hospital-network-lost':
      return role === 'region' ? undefined : { ...nothingAway, above: true, below: role === 'site' };
  }
}

/** Where a scenario is practised that can not be practised at a node of this role. */
export const elsewhere: Readonly<Record<Role, string>> = {
  region: 'The region has no hospital network: run it at a site or a ward.',
  site: '',
  ward: 'A ward does not speak with the region: run it at its hospital, and the ward is told of it.',
};

/** What can be seen to have been done. `undefined`: only those who did it know, and note it. */
export type TaskMeasure = 'noticed' | 'declared' | 'printed' | 'written' | 'entered' | 'signedIn';

export type Task = { code: string; measure: TaskMeasure | undefined; words: Words };

const tasks = {
  notice: {
    measure: 'noticed',
    words: {
      nb: 'Se banneret, og si høyt hva som er borte, siden når, og hvor dere skriver nå.',
      nn: 'Sjå banneret, og sei høgt kva som er borte, sidan når, og kvar de skriv no.',
      en: 'See the banner, and say aloud what is lost, since when, and where you write now.',
    },
  },
  declare: {
    measure: 'declared',
    words: {
      nb: 'Erklær nedetid i to trinn.',
      nn: 'Erklær nedetid i to trinn.',
      en: 'Declare downtime in two steps.',
    },
  },
  pack: {
    measure: 'printed',
    words: {
      nb: 'Skriv ut nødpakken, og tell pasientene mot listen.',
      nn: 'Skriv ut naudpakken, og tel pasientane mot lista.',
      en: 'Print the downtime pack, and count the patients against its list.',
    },
  },
  write: {
    measure: 'written',
    words: {
      nb: 'Skriv noe om en pasient på denne noden, og se at det er der.',
      nn: 'Skriv noko om ein pasient på denne noden, og sjå at det er der.',
      en: 'Write something about a patient at this node, and see that it is there.',
    },
  },
  paper: {
    measure: 'entered',
    words: {
      nb: 'Fyll ut ett skjema på papir, og før det inn.',
      nn: 'Fyll ut eitt skjema på papir, og før det inn.',
      en: 'Fill in one form on paper, and enter it.',
    },
  },
  phone: {
    measure: undefined,
    words: {
      nb: 'Ring laboratoriet, røntgen og apoteket. Bruk ikke noe som går over nettverket.',
      nn: 'Ring laboratoriet, røntgen og apoteket. Bruk ikkje noko som går over nettverket.',
      en: 'Telephone the laboratory, radiology and the pharmacy: not by anything that rides on the network.',
    },
  },
  image: {
    measure: undefined,
    words: {
      nb: 'Be om et eldre bilde, og gjør det dere gjør når det ikke kommer. Slett ingenting på apparatene.',
      nn: 'Be om eit eldre bilete, og gjer det de gjer når det ikkje kjem. Slett ingenting på apparata.',
      en: 'Ask for an older image, and do what you do when it does not come. Delete nothing on the devices.',
    },
  },
  key: {
    measure: 'signedIn',
    words: {
      nb: 'Logg inn med nøkkel på denne noden, med en bruker som ikke var innlogget.',
      nn: 'Logg inn med nøkkel på denne noden, med ein brukar som ikkje var innlogga.',
      en: 'Sign in by key at this node, as somebody who was not signed in.',
    },
  },
} satisfies Readonly<Record<string, Omit<Task, 'code'>>>;

type TaskCode = keyof typeof tasks;

const tasksOfScenario: Readonly<Record<ScenarioName, readonly TaskCode[]>> = {
  'archive-lost': ['notice', 'declare', 'image', 'phone'],
  'hospital-network-lost': ['notice', 'declare', 'pack', 'write', 'paper', 'phone'],
  'region-lost': ['notice', 'declare', 'write', 'phone'],
  'sign-in-lost': ['notice', 'declare', 'key', 'write'],
};

export function tasksOf(scenario: ScenarioName): Task[] {
  return tasksOfScenario[scenario].map((code) => ({ code, ...tasks[code] }));
}

export const scenarioWords: Readonly<Record<ScenarioName, { title: Words; happens: Words }>> = {
  'archive-lost': {
    title: { nb: 'Arkivet er borte', nn: 'Arkivet er borte', en: 'The archive is lost' },
    happens: {
      nb: 'Bilder og dokumenter fra før øvelsen kan ikke åpnes. Nye tas vare på her.',
      nn: 'Bilete og dokument frå før øvinga kan ikkje opnast. Nye blir tekne vare på her.',
      en: 'Images and documents of before the drill can not be opened. New ones are kept here.',
    },
  },
  'hospital-network-lost': {
    title: {
      nb: 'Sykehusets nettverk er borte',
      nn: 'Nettverket til sjukehuset er borte',
      en: 'The hospital network is lost',
    },
    happens: {
      nb: 'Noden når ingen andre, og ingen andre noder når den. Den leser og skriver selv.',
      nn: 'Noden når ingen andre, og ingen andre nodar når han. Han les og skriv sjølv.',
      en: 'The node reaches no other, and no other reaches it. It reads and writes by itself.',
    },
  },
  'region-lost': {
    title: { nb: 'Regionen er borte', nn: 'Regionen er borte', en: 'The region is lost' },
    happens: {
      nb: 'Ingen forbindelse med regionen. Sykehuset og avdelingene arbeider videre sammen.',
      nn: 'Inga tilknyting til regionen. Sjukehuset og avdelingane arbeider vidare saman.',
      en: 'No connection with the region. The hospital and its wards work on together.',
    },
  },
  'sign-in-lost': {
    title: { nb: 'Innloggingen er borte', nn: 'Innlogginga er borte', en: 'Sign-in is lost' },
    happens: {
      nb: 'Innloggingstjenesten svarer ikke. Den som er innlogget, arbeider videre; nye logger inn med nøkkel.',
      nn: 'Innloggingstenesta svarar ikkje. Den som er innlogga, arbeider vidare; nye loggar inn med nøkkel.',
      en: 'The sign-in service does not answer. Who is signed in works on; others sign in by key.',
    },
  },
};
