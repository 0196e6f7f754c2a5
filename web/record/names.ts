/** Names, numbers and ages of people as they are written. */
import type { HumanName, Identifier, Patient } from 'fhir/r4';
import { identifierSystems } from '#shared/identifiers.ts';

function chosen(names: readonly HumanName[] | undefined): HumanName | undefined {
  return names?.find(({ use }) => use === 'official') ?? names?.find(({ use }) => use !== 'old') ?? names?.[0];
}

/** `Åse Nordmo` */
export function nameOf(names: readonly HumanName[] | undefined): string {
  const name = chosen(names);
  return name === undefined ? '–' : (name.text ?? [...(name.given ?? []), name.family].filter(Boolean).join(' '));
}

/** `NORDMO, Åse`: in lists and headers of personnel, where the family name is what one looks for. */
export function listedNameOf(names: readonly HumanName[] | undefined): string {
  const name = chosen(names);
  if (name?.family === undefined) return nameOf(names);
  return [name.family.toLocaleUpperCase('nb'), (name.given ?? []).join(' ')].filter(Boolean).join(', ');
}

/** National number, D-number or another, with the space that people read it by: `058947 97468`. */
export function personNumberOf(identifiers: readonly Identifier[] | undefined): string | undefined {
  const known = [identifierSystems.nationalNumber, identifierSystems.dNumber];
  const found = identifiers?.find(({ system }) => known.includes(system as (typeof known)[number])) ?? identifiers?.[0];
  return found?.value?.replace(/^(\d{6})(\d{5})$/, '$1 $2');
}

export type Age = { years: number; months: number; days: number };

/** How old on a day; undefined where the birth date is not known to the day. */
export function ageAt(birthDate: string | undefined, day: Date): Age | undefined {
  const [year, month, date] = (birthDate ?? '').split('-').map(Number);
  if (year === undefined || month === undefined || date === undefined) return undefined;
  const born = new Date(year, month - 1, date);
  let months = (day.getFullYear() - year) * 12 + day.getMonth() - (month - 1);
  if (day.getDate() < date) months -= 1;
  return { years: Math.floor(months / 12), months, days: Math.floor((day.getTime() - born.getTime()) / 86_400_000) };
}

/** The day that age is counted to: that of death, else today. */
export function lastDayOf({ deceasedDateTime }: Patient, today: Date): Date {
  return deceasedDateTime === undefined ? today : new Date(deceasedDateTime);
}
