/** Numbers for persons and organisations that do not exist: valid in form, of the series that no register issues. */
import { organisationControlDigit, personControlDigits } from './control-digits.ts';
import type { Sex } from './national-number.ts';

export type SyntheticPerson = {
  /** ISO date, 1900-01-01 to 2039-12-31. */
  birthDate: string;
  sex: Sex;
  /** 0 for the first of that date and sex, then 1, 2 …; about 190 fit a date. */
  sequence: number;
  /** A D-number instead of a fødselsnummer. */
  dNumber?: boolean;
};

/**
 * A valid number of the Tenor series (month + 80) for an invented person. The same input gives the same number;
 * different sequences give different ones.
 * Throws RangeError when the date is outside 1900–2039 or has no number left.
 */
export function syntheticNationalNumber({ birthDate, sex, sequence, dNumber = false }: SyntheticPerson): string {
  const year = Number(birthDate.slice(0, 4));
  const month = Number(birthDate.slice(5, 7)) + 80;
  const day = Number(birthDate.slice(8, 10)) + (dNumber ? 40 : 0);
  const start = `${twoDigits(day)}${month}${birthDate.slice(2, 4)}`;
  const [highest, lowest] = individualNumbers(year);
  let found = -1;
  for (let individual = highest - (sex === 'male' ? 0 : 1); individual >= lowest; individual -= 2) {
    const nine = start + String(individual).padStart(3, '0');
    const control = personControlDigits(nine);
    if (control !== undefined && ++found === sequence) return nine + control;
  }
  throw new RangeError(`no synthetic number left for ${birthDate}, ${sex}, sequence ${sequence}`);
}

/** An organisation number that begins with 3, as the synthetic entities of the Brønnøysund registers do; real ones begin with 8 or 9. */
export function syntheticOrganisationNumber(sequence: number): string {
  for (let eight = 31000000 + sequence * 2; eight < 40000000; eight++) {
    const control = organisationControlDigit(String(eight));
    if (control !== undefined) return String(eight) + control;
  }
  throw new RangeError(`no synthetic organisation number for sequence ${sequence}`);
}

function individualNumbers(year: number): [highest: number, lowest: number] {
  if (year >= 1900 && year <= 1999) return [499, 0];
  if (year >= 2000 && year <= 2039) return [999, 500];
  throw new RangeError(`no individual numbers for the year ${year}`);
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
