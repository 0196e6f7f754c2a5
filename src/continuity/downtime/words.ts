/** What a downtime means, for those who work in it, in Bokmål, Nynorsk and English. */
import type { CheckName, DowntimeKind, DowntimeState } from './rules.ts';

export const languages = ['nb', 'nn', 'en'] as const;
export type Language = (typeof languages)[number];
export type Words = Readonly<Record<Language, string>>;

export const kindWords: Readonly<Record<DowntimeKind, Words>> = {
  upstream: {
    nb: 'Ingen forbindelse med regionen',
    nn: 'Inga tilknyting til regionen',
    en: 'No connection with the region',
  },
  slow: {
    nb: 'Forbindelsen er for treg til å arbeide med',
    nn: 'Tilknytinga er for treg til å arbeide med',
    en: 'The connection is too slow to work with',
  },
  network: { nb: 'Nettverket er nede', nn: 'Nettverket er nede', en: 'The network is down' },
  storage: { nb: 'Lagringen er nede', nn: 'Lagringa er nede', en: 'Storage is down' },
  'sign-in': { nb: 'Innloggingen er nede', nn: 'Innlogginga er nede', en: 'Sign-in is down' },
  planned: { nb: 'Planlagt nedetid', nn: 'Planlagd nedetid', en: 'Planned downtime' },
  other: { nb: 'Nedetid', nn: 'Nedetid', en: 'Downtime' },
};

export const stateWords: Readonly<Record<DowntimeState, Words>> = {
  proposed: {
    nb: 'Foreslått, ikke erklært. Noen må bekrefte eller avvise.',
    nn: 'Foreslått, ikkje erklært. Nokon må stadfeste eller avvise.',
    en: 'Proposed, not declared. Somebody has to confirm or dismiss it.',
  },
  declared: { nb: 'Nedetid er erklært.', nn: 'Nedetid er erklært.', en: 'Downtime is declared.' },
  reconciling: {
    nb: 'Driften er tilbake. Det som ble skrevet i nedetiden, blir kontrollert.',
    nn: 'Drifta er tilbake. Det som vart skrive i nedetida, blir kontrollert.',
    en: 'Normal operation is back. What was written during the downtime is being checked.',
  },
  ended: { nb: 'Nedetiden er avsluttet.', nn: 'Nedetida er avslutta.', en: 'The downtime has ended.' },
  dismissed: { nb: 'Forslaget ble avvist.', nn: 'Forslaget vart avvist.', en: 'The proposal was dismissed.' },
};

/** What it means for whoever treats patients here, while it lasts. */
export const careWords: Readonly<Record<DowntimeKind, Words>> = {
  upstream: {
    nb: 'Du kan lese og skrive som vanlig for pasientene som er her. Det som er skrevet andre steder etter at forbindelsen ble brutt, ser du ikke. Nye pasienter: se sammendraget, og spør pasienten om allergier og medisiner.',
    nn: 'Du kan lese og skrive som vanleg for pasientane som er her. Det som er skrive andre stader etter at tilknytinga vart broten, ser du ikkje. Nye pasientar: sjå samandraget, og spør pasienten om allergiar og medisinar.',
    en: 'You read and write as usual for the patients who are here. What was written elsewhere since the connection broke, you do not see. New patients: look at the summary, and ask the patient about allergies and medicines.',
  },
  slow: {
    nb: 'Arbeid lokalt. Vent ikke på svar fra andre steder: ring ved hastesaker.',
    nn: 'Arbeid lokalt. Vent ikkje på svar frå andre stader: ring ved hastesaker.',
    en: 'Work locally. Do not wait for answers from elsewhere: telephone what is urgent.',
  },
  network: {
    nb: 'Bruk avdelingens egen boks, eller nødpakken på papir. Skriv på de merkede skjemaene: de føres inn etterpå.',
    nn: 'Bruk den eigne boksen til avdelinga, eller naudpakken på papir. Skriv på dei merkte skjemaa: dei blir førte inn etterpå.',
    en: "Use the ward's own box, or the downtime pack on paper. Write on the coded forms: they are entered afterwards.",
  },
  storage: {
    nb: 'Eldre bilder og dokumenter kan mangle. Nye tas vare på her. Send ikke undersøkelser som om de er arkivert.',
    nn: 'Eldre bilete og dokument kan mangle. Nye blir tekne vare på her. Send ikkje undersøkingar som om dei er arkiverte.',
    en: 'Older images and documents may be missing. New ones are kept here. Do not count examinations as archived.',
  },
  'sign-in': {
    nb: 'Den som er innlogget, arbeider videre. Nye innlogginger skjer med nøkkel på denne noden. Nødåpning blir logget og gjennomgått.',
    nn: 'Den som er innlogga, arbeider vidare. Nye innloggingar skjer med nøkkel på denne noden. Naudopning blir logga og gjennomgått.',
    en: 'Who is signed in works on. New sign-ins are by key at this node. Emergency access is logged and reviewed.',
  },
  planned: {
    nb: 'Følg planen for nedetiden. Skriv ut nødpakken før den begynner.',
    nn: 'Følg planen for nedetida. Skriv ut naudpakken før ho byrjar.',
    en: 'Follow the plan of the downtime. Print the downtime pack before it begins.',
  },
  other: {
    nb: 'Følg driftsmeldingene. Bruk nødpakken hvis noe ikke svarer.',
    nn: 'Følg driftsmeldingane. Bruk naudpakken om noko ikkje svarar.',
    en: 'Follow the messages of operations. Use the downtime pack where something does not answer.',
  },
};

export const checkWords: Readonly<Record<CheckName, Words>> = {
  waiting: {
    nb: 'Skrevet her og ikke mottatt oppstrøms ennå',
    nn: 'Skrive her og ikkje motteke oppstraums enno',
    en: 'Written here and not taken upstream yet',
  },
  conflicts: {
    nb: 'Konflikter som en person må avgjøre',
    nn: 'Konfliktar som ein person må avgjere',
    en: 'Conflicts that a person has to decide',
  },
  quarantine: {
    nb: 'Satt til side fordi det ikke kunne mottas',
    nn: 'Sett til side fordi det ikkje kunne takast imot',
    en: 'Set aside since it could not be taken',
  },
  paper: {
    nb: 'Papirskjemaer som ikke er ført inn, ubrukt eller meldt tapt',
    nn: 'Papirskjema som ikkje er førte inn, ubrukte eller melde tapte',
    en: 'Paper forms neither entered, unused nor reported lost',
  },
  doubles: {
    nb: 'Mulige dobbeltgivninger og dobbeltutleveringer',
    nn: 'Moglege dobbeltgivingar og dobbeltutleveringar',
    en: 'Possible double administrations and dispenses',
  },
  digests: {
    nb: 'Pasienter der nodene ikke har likt innhold',
    nn: 'Pasientar der nodane ikkje har likt innhald',
    en: 'Patients of whom the nodes have different content',
  },
};
