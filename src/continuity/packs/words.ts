/** The words of a pack, as they are said on a Norwegian ward. */
import type { Instant, Known } from './contract.ts';
import type { Parameter } from '#shared/news2.ts';

export const nothingKnown: Readonly<Record<Exclude<Known<unknown>['state'], 'recorded'>, string>> = {
  noneKnown: 'Ingen kjente (spurt og svart)',
  notRecorded: 'Ikke registrert: ingen har skrevet noe. Spør pasienten.',
  notLoaded: 'IKKE LASTET: journalen er ikke hel her. Spør pasienten.',
};

export const andPerhapsMore = 'IKKE HELT LASTET: det kan finnes flere.';

export const parameterNames: Readonly<Record<Parameter, string>> = {
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
} as const;

/** What stands beside a result. */
export const flagWords = { high: 'H', low: 'L', critical: 'KRITISK', abnormal: 'avvik', '': '' } as const;

export const sexes: Readonly<Record<string, string>> = { male: 'mann', female: 'kvinne', other: 'annet' };

/** `84 år`; of small children months or days. */
export function ageOf(born: string, now: Instant): string {
  const [year = 0, month = 1, day = 1] = born.split('-').map(Number);
  const today = new Date(now);
  const months =
    (today.getUTCFullYear() - year) * 12 + today.getUTCMonth() + 1 - month - (today.getUTCDate() < day ? 1 : 0);
  if (months >= 24) return `${Math.floor(months / 12)} år`;
  if (months >= 1) return `${months} md`;
  return `${Math.max(0, Math.floor((now - Date.UTC(year, month - 1, day)) / 86_400_000))} d`;
}

/** `12,5`. */
export const numberWords = (value: number): string => String(value).replace('.', ',');

/** National numbers are read in two parts. */
export const numberInParts = (number: string): string =>
  /^\d{11}$/.test(number) ? `${number.slice(0, 6)} ${number.slice(6)}` : number;

export const bornWords = (born: string): string => born.split('-').toReversed().join('.');
