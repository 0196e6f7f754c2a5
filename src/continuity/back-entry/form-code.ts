/**
 * The number on a downtime form: `MEDK-261123-0147-38`: a mark of the ward, the day, a running number, and two check digits (ISO 7064, MOD 97-10, as
 * in an IBAN), so that a slip of the pen or of the keyboard finds no other form. Pure.
 */

/** No letter that is mistaken for a digit or for another letter. */
export const markLetters = 'ABCDEFHJKLMNPRTUVWXY';
const form = /^([A-Z]{4})-?(\d{6})-?(\d{4})-?(\d{2})$/;
export const numbersMax = 9999;

export type FormNumber = {
  /** Four letters of `markLetters`. */
  mark: string;
  /** `YYMMDD`. */
  day: string;
  /** From 1 to 9999, by ward and day. */
  number: number;
};

export function formCode({ mark, day, number }: FormNumber): string {
  const digits = String(number).padStart(4, '0');
  return `${mark}-${day}-${digits}-${checkDigits(`${mark}${day}${digits}`)}`;
}

/** What was typed or scanned as the code is written on the form; undefined where it is none, or a digit is wrong. */
export function readFormCode(typed: string): string | undefined {
  const scanned = /^FYR1:[a-z0-9-]+:(.+)$/.exec(typed.trim())?.[1] ?? typed;
  const match = form.exec(scanned.toUpperCase().replace(/\s/g, ''));
  if (match === null) return undefined;
  const [, mark = '', day = '', number = '', check = ''] = match;
  return checkDigits(mark + day + number) === check ? `${mark}-${day}-${number}-${check}` : undefined;
}

/** What the QR code holds: which node issued the form, and its code. */
export const scanText = (node: string, code: string): string => `FYR1:${node}:${code}`;

/** The node that a scanned text names; undefined where the code was typed. */
export const nodeOf = (typed: string): string | undefined => /^FYR1:([a-z0-9-]+):/.exec(typed.trim())?.[1];

/** Letters count as 10 to 35; 98 less what is left of a division by 97. */
function checkDigits(text: string): string {
  let rest = 0;
  for (const character of `${text}00`) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return String(98 - rest).padStart(2, '0');
}
