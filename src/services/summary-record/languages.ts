/** How a language writes dates, numbers and quantities. Deterministic: no locale data of the machine is used. */
import { elementOf, textOf } from './elements.ts';

export type Language = 'nb' | 'nn' | 'en';
export type Words = { readonly [language in Language]: string };

export const languages: readonly Language[] = ['nb', 'nn', 'en'];
/** BCP 47, as it stands in `language` and `lang`. */
export const languageTags: { readonly [language in Language]: string } = { nb: 'nb-NO', nn: 'nn-NO', en: 'en' };

/** The first of the languages that is wanted and known; Bokmål where none is. `wanted`: `_language`, then Accept-Language. */
export function chooseLanguage(...wanted: readonly (string | undefined)[]): Language {
  for (const header of wanted) {
    const ranked = (header ?? '')
      .split(',')
      .map((part, i) => ({ ...parseRange(part), i }))
      .filter(({ quality }) => quality > 0)
      .toSorted((a, b) => b.quality - a.quality || a.i - b.i);
    for (const { tag } of ranked) {
      const [primary = ''] = tag.split('-');
      if (primary === 'no') return 'nb';
      const known = languages.find((language) => language === primary);
      if (known !== undefined) return known;
    }
  }
  return 'nb';
}

function parseRange(part: string): { tag: string; quality: number } {
  const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
  const quality = parameters.map((one) => /^\s*q=([0-9.]{1,5})\s*$/.exec(one)?.[1]).find((one) => one !== undefined);
  return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) || 0 };
}

const months: { readonly [language in Language]: readonly string[] } = {
  nb: [
    'januar',
    'februar',
    'mars',
    'april',
    'mai',
    'juni',
    'juli',
    'august',
    'september',
    'oktober',
    'november',
    'desember',
  ],
  nn: [
    'januar',
    'februar',
    'mars',
    'april',
    'mai',
    'juni',
    'juli',
    'august',
    'september',
    'oktober',
    'november',
    'desember',
  ],
  en: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
};

/**
 * A FHIR date or instant as a day: `3. mai 2026`, `3 May 2026`, `mai 2026`, `2026`. The day is the one that the text itself says (instants carry
 * the offset of where they were written). What is no date is given as it is.
 */
export function writeDate(language: Language, text: string): string {
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?/.exec(text);
  if (match === null) return text;
  const [, year = '', month, day] = match;
  const name = months[language][Number(month) - 1];
  if (month === undefined || name === undefined) return year;
  if (day === undefined) return `${name} ${year}`;
  return language === 'en' ? `${Number(day)} ${name} ${year}` : `${Number(day)}. ${name} ${year}`;
}

/** A number with the language's decimal mark and, from five digits, groups of three. Digits after the mark stay as they were given. */
export function writeNumber(language: Language, value: unknown): string {
  const [whole = '', fraction] = String(value).replace('−', '-').split('.');
  if (!/^-?\d+$/.test(whole) || (fraction !== undefined && !/^\d+$/.test(fraction))) return String(value);
  const digits = whole.replace('-', '');
  const grouped = digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, language === 'en' ? ',' : '\u00a0');
  const sign = whole.startsWith('-') ? '\u2212' : '';
  return `${sign}${grouped}${fraction === undefined ? '' : `${language === 'en' ? '.' : ','}${fraction}`}`;
}

const comparators: Readonly<Record<string, string>> = { '<': '<', '<=': '≤', '>': '>', '>=': '≥' };

export function writeQuantity(language: Language, quantity: unknown): string | undefined {
  const { value, unit, code, comparator } = elementOf(quantity);
  if (value === undefined || value === null) return undefined;
  const mark = comparators[textOf(comparator) ?? ''] ?? '';
  const shownUnit = textOf(unit) ?? textOf(code);
  const number = `${mark}${writeNumber(language, value)}`;
  if (shownUnit === undefined || shownUnit === '1') return number;
  return `${number}\u00a0${shownUnit}`;
}
