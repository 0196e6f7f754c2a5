/** What the JSON of each primitive type must be (https://hl7.org/fhir/R4/datatypes.html#primitive). */
import { Decimal } from '../json/decimal.ts';

export type PrimitiveCheck = {
  accepts(value: unknown): boolean;
  /** Ends the sentence "expected …". */
  expected: string;
};

const stringLengthMax = 1_048_576;
// R4's pattern `[ \r\n\t\S]+` as XML means it: only \t, \r and \n of the control characters. NUL would not even be stored.
// oxlint-disable-next-line no-control-regex
const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;
const simpleCode = /^[A-Za-z0-9_.:/-]+$/;
// White space as XML means it: HL7's own codes have no-break spaces.
const code = /^[^ \t\n\r\f\v]+(?:[ \t\n\r\f\v][^ \t\n\r\f\v]+)*$/;
const space = /[ \t\n\r\f\v]/;
const id = /^[A-Za-z0-9\-.]{1,64}$/;
const oid = /^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/;
const uuid = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const integerText = /^-?(?:0|[1-9][0-9]*)$/;
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;
const white = /\s/g;

const dateText = '(\\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\\d|3[01])';
const timeText = '(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d+)?';
const zoneText = '(?:Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00))';
const date = new RegExp(`^${dateText})?)?$`);
const dateTime = new RegExp(`^${dateText}(?:T${timeText}${zoneText})?)?)?$`);
const instant = new RegExp(`^(\\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T${timeText}${zoneText}$`);
const time = new RegExp(`^${timeText}$`);

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** The calendar's own rule, which a pattern can't say: 2023-02-30 does not exist; nor does a year 0. */
const isCalendarDate = (match: RegExpExecArray): boolean => {
  const year = Number(match[1]);
  if (year === 0) return false;
  const day = Number(match[3] ?? 0);
  if (day < 29) return true;
  const month = Number(match[2]);
  return day <= (month === 2 && isLeapYear(year) ? 29 : (daysOfMonth[month - 1] ?? 0));
};

const dated = (pattern: RegExp, expected: string): PrimitiveCheck => ({
  accepts: (value) => {
    if (typeof value !== 'string') return false;
    const match = pattern.exec(value);
    return match !== null && isCalendarDate(match);
  },
  expected,
});

const text = (accepts: (value: string) => boolean, expected: string): PrimitiveCheck => ({
  accepts: (value) => typeof value === 'string' && value.length > 0 && accepts(value),
  expected,
});

const whole = (min: number, max: number, expected: string): PrimitiveCheck => ({
  accepts: (value) => {
    if (value instanceof Decimal)
      return integerText.test(value.text) && Number(value.text) >= min && Number(value.text) <= max;
    return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  },
  expected,
});

const isText = (value: string): boolean => value.length <= stringLengthMax && !controlCharacter.test(value);
const isUri = (value: string): boolean => !space.test(value) && !controlCharacter.test(value);
const isBase64 = (value: string): boolean => {
  // White space first: in one pattern with the rest it would backtrack over a megabyte of spaces.
  const bare = value.replace(white, '');
  return bare.length % 4 === 0 && bare.length > 0 && base64.test(bare);
};

const integerMax = 2_147_483_647;
const string = text(isText, 'text that is not empty, without control characters, of at most 1 MB');
const uri = text(isUri, 'a URI without spaces');

const checks: Record<string, PrimitiveCheck> = {
  boolean: { accepts: (value) => typeof value === 'boolean', expected: 'true or false' },
  integer: whole(-2_147_483_648, integerMax, 'a whole number of 32 bits'),
  unsignedInt: whole(0, integerMax, 'a whole number from 0'),
  positiveInt: whole(1, integerMax, 'a whole number from 1'),
  decimal: {
    accepts: (value) => (typeof value === 'number' && Number.isFinite(value)) || value instanceof Decimal,
    expected: 'a number',
  },
  string,
  markdown: string,
  xhtml: text((value) => !controlCharacter.test(value), 'XHTML'),
  code: text(
    (value) => simpleCode.test(value) || (code.test(value) && !controlCharacter.test(value)),
    'a code, without leading, trailing or double spaces',
  ),
  id: text((value) => id.test(value), 'an id of 1 to 64 letters A-Z, digits, hyphens and full stops'),
  uri,
  url: uri,
  canonical: uri,
  oid: text((value) => oid.test(value), 'an OID such as urn:oid:1.2.3'),
  uuid: text((value) => uuid.test(value), 'a UUID such as urn:uuid:c757873d-ec9a-4326-a141-556f43239520'),
  base64Binary: text(isBase64, 'base64'),
  date: dated(date, 'a date that exists, such as 2023, 2023-02 or 2023-02-28'),
  dateTime: dated(
    dateTime,
    'a date and time that exists, such as 2023-02-28 or 2023-02-28T13:30:00+01:00 (with a time zone)',
  ),
  instant: dated(instant, 'a moment to the second with a time zone, such as 2023-02-28T13:30:00+01:00'),
  time: text((value) => time.test(value), 'a time such as 13:30:00'),
};

/** The check of one of R4's primitive types; throws for a name that is none. */
export function primitiveCheck(type: string): PrimitiveCheck {
  const check = Object.hasOwn(checks, type) ? checks[type] : undefined;
  if (check === undefined) throw new Error(`${type} is no primitive type of R4`);
  return check;
}
