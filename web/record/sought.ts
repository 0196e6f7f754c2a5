/** What somebody typed to find a patient, as the search parameters that it means. Pure. */

const numberOf11 = /^\d{6}\s?\d{5}$/;
const dotted = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/;
const iso = /^\d{4}-\d\d-\d\d$/;
const digits = /^(\d\d)(\d\d)(\d{4})$/;

/**
 * A number of eleven digits is an identifier; a date is a birth date; words are parts of the name. `nordmo åse 12.04.1948` is both of the last.
 * Undefined for what is too little to search by: a single letter, or nothing.
 */
export function soughtIn(typed: string): URLSearchParams | undefined {
  const text = typed.trim().replace(/\s+/g, ' ');
  if (numberOf11.test(text)) return new URLSearchParams({ identifier: text.replace(' ', '') });
  const asked = new URLSearchParams();
  for (const word of text.split(/[ ,]+/).filter(Boolean)) {
    const birthDate = birthDateIn(word);
    if (birthDate !== undefined) asked.set('birthdate', birthDate);
    else asked.append('name', word);
  }
  const names = asked.getAll('name');
  const isEnough = asked.has('birthdate') || names.some((name) => name.length >= 2);
  return isEnough ? asked : undefined;
}

/** `12.4.1948`, `12041948` or `1948-04-12` as FHIR writes it. */
function birthDateIn(word: string): string | undefined {
  if (iso.test(word)) return word;
  const [, day, month, year] = dotted.exec(word) ?? digits.exec(word) ?? [];
  if (day === undefined || month === undefined || year === undefined) return undefined;
  if (Number(day) > 31 || Number(month) > 12) return undefined;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
