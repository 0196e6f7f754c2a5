/** The words of a pack, as they are said on a Norwegian ward. */
import type { Instant, Known, ResultRow } from './contract.ts';
import { sayInBokmal, type Phrase } from './phrases.ts';
import type { Parameter } from '#shared/news2.ts';

export const nothingKnown: Readonly<Record<Exclude<Known<unknown>['state'], 'recorded'>, Phrase>> = {
  noneKnown: 'Ingen kjente (spurt og svart)',
  notRecorded: 'Ikke registrert: ingen har skrevet noe. Spør pasienten.',
  notLoaded: 'IKKE LASTET: journalen er ikke hel her. Spør pasienten.',
};

export const andPerhapsMore: Phrase = 'IKKE HELT LASTET: det kan finnes flere.';

export const parameterNames: Readonly<Record<Parameter, Phrase>> = {
  breathing: 'resp.frekvens',
  saturation: 'SpO2',
  oxygen: 'O2-tilskudd',
  systolic: 'blodtrykk',
  pulse: 'puls',
  consciousness: 'bevissthet',
  temperature: 'temperatur',
};

export const formTitles = {
  vitals: 'Målinger (NEWS2)',
  doses: 'Gitte legemidler',
  note: 'Notat',
  order: 'Rekvisisjon / ordinasjon',
  newPatient: 'Ny pasient',
} as const satisfies Record<string, Phrase>;

/** What stands beside a result. */
export function flagWords(flag: ResultRow['flag'], say = sayInBokmal): string {
  const signs = { high: 'H', low: 'L', critical: say('KRITISK'), abnormal: say('avvik'), '': '' };
  return signs[flag];
}

export const sexes: Readonly<Record<string, Phrase>> = { male: 'mann', female: 'kvinne', other: 'annet' };

/** `84 år`; of small children months or days. */
export function ageOf(born: string, now: Instant, say = sayInBokmal): string {
  const [year = 0, month = 1, day = 1] = born.split('-').map(Number);
  const today = new Date(now);
  const months =
    (today.getUTCFullYear() - year) * 12 + today.getUTCMonth() + 1 - month - (today.getUTCDate() < day ? 1 : 0);
  if (months >= 24) return say('{count} år', { count: Math.floor(months / 12) });
  if (months >= 1) return say('{count} md', { count: months });
  return `${Math.max(0, Math.floor((now - Date.UTC(year, month - 1, day)) / 86_400_000))} d`;
}

/** `12,5`, in English `12.5`. */
export const numberWords = (value: number, say = sayInBokmal): string =>
  say.language === 'en' ? String(value) : String(value).replace('.', ',');

/** National numbers are read in two parts. */
export const numberInParts = (number: string): string =>
  /^\d{11}$/.test(number) ? `${number.slice(0, 6)} ${number.slice(6)}` : number;

export const bornWords = (born: string): string => born.split('-').toReversed().join('.');
