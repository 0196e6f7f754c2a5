/**
 * What an eleven-digit Norwegian number says: its kind, whether it is synthetic, the birth date and (until 2032) the sex.
 * Rules: HIS 1001:2010, and https://skatteetaten.github.io/folkeregisteret-api-dokumentasjon/nytt-fodselsnummer-fra-2032/.
 */
import { idnr } from '@navikt/fnrvalidator';
import { personControlDigits } from './control-digits.ts';

export type Sex = 'male' | 'female';

/** `aid` is the common aid number (FH), which holds no date; the others differ in their first and third digit. */
export type PersonNumberKind = 'national' | 'd' | 'aid';

/** What the month tells: real numbers add nothing, Tenor (Skatteetaten) 80, Norsk helsenett 65, NAV's Dolly and local H-numbers 40. */
export type PersonNumberSeries = 'real' | 'tenor' | 'health-network' | 'dolly';

export type PersonNumber = {
  kind: PersonNumberKind;
  series: PersonNumberSeries;
  /** ISO date; absent in an aid number. */
  birthDate?: string;
  /** The sex that the ninth digit encodes; absent in an aid number and in numbers of the 2032 form, which encode none. */
  sex?: Sex;
};

const elevenDigits = /^\d{11}$/;

/**
 * Reads an eleven-digit number of any of the series. Answers a plain English sentence where it is not one.
 * Control digits of both the older rule and that of 2032 are accepted, the library decides; the series that the library does
 * not know (month + 65, aid numbers) are held to the older rule.
 */
export function readPersonNumber(value: string): PersonNumber | { problem: string } {
  if (!elevenDigits.test(value)) return { problem: 'must be eleven digits, without spaces' };
  const first = Number(value[0]);
  if (first >= 8) return readAidNumber(value);
  const isD = first >= 4;
  const series = seriesOf(Number(value.slice(2, 4)));
  const problem = checkControlDigits(value, series);
  if (problem) return { problem };
  const birthDate = birthDateOf(value, isD, series);
  if (!birthDate) return { problem: 'the first six digits are not a date' };
  const sex = encodesSex(value) ? { sex: Number(value[8]) % 2 === 0 ? ('female' as const) : ('male' as const) } : {};
  return { kind: isD ? 'd' : 'national', series, birthDate, ...sex };
}

/** True for a person number of one of the test series; false for one that could belong to a person, and for what is no number. */
export function isSyntheticPersonNumber(value: string): boolean {
  const number = readPersonNumber(value);
  return !('problem' in number) && number.series !== 'real';
}

function readAidNumber(value: string): PersonNumber | { problem: string } {
  if (personControlDigits(value.slice(0, 9)) !== value.slice(9)) return { problem: 'the control digits do not match' };
  return { kind: 'aid', series: 'real' };
}

function seriesOf(month: number): PersonNumberSeries {
  if (month > 80) return 'tenor';
  if (month > 65) return 'health-network';
  return month > 40 ? 'dolly' : 'real';
}

const monthOffset = { real: 0, dolly: 40, 'health-network': 65, tenor: 80 } as const;

function checkControlDigits(value: string, series: PersonNumberSeries): string | undefined {
  if (series === 'health-network') {
    return personControlDigits(value.slice(0, 9)) === value.slice(9) ? undefined : 'the control digits do not match';
  }
  const result = idnr(value);
  if (result.status === 'valid') return undefined;
  return result.reasons.includes('invalid date')
    ? 'the first six digits are not a date'
    : 'the control digits do not match';
}

/** Numbers of the 2032 form are told by a control digit that the older rule does not give. */
function encodesSex(value: string): boolean {
  return personControlDigits(value.slice(0, 9)) === value.slice(9);
}

function birthDateOf(value: string, isD: boolean, series: PersonNumberSeries): string | undefined {
  const day = Number(value.slice(0, 2)) - (isD ? 40 : 0);
  const month = Number(value.slice(2, 4)) - monthOffset[series];
  const year = centuryOf(Number(value.slice(6, 9)), Number(value.slice(4, 6))) + Number(value.slice(4, 6));
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.toISOString().slice(0, 10);
}

/** The century by individual number and year of the century; what the table leaves open belongs to the 2000s or, low, the 1900s. */
function centuryOf(individual: number, yearOfCentury: number): number {
  if (individual < 500) return 1900;
  if (individual < 750 && yearOfCentury >= 54) return 1800;
  if (individual >= 900 && yearOfCentury >= 40) return 1900;
  return 2000;
}
