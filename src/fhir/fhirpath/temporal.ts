/**
 * Dates, dateTimes and times of any precision (http://hl7.org/fhirpath/N1/#datetime-comparison): parsing, order and arithmetic.
 * Comparison answers undefined where the precision, or a missing time zone, leaves the order open.
 */
export type TemporalKind = 'date' | 'dateTime' | 'time';

export type Temporal = {
  kind: TemporalKind;
  /** How many of the parts were written: 1 year, 2 month, 3 day, 4 hour, 5 minute, 6 second. */
  precision: number;
  /** year, month, day, hour, minute, second (with its fraction); what was not written is at its least. */
  parts: Parts;
  /** Digits of the second's fraction. */
  fractionDigits: number;
  /** Minutes east of UTC. */
  offset: number | undefined;
};

export type Parts = [year: number, month: number, day: number, hour: number, minute: number, second: number];

const dateTimeForm =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(?:(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?)?(Z|[+-]\d\d:\d\d)?)?)?)?)?$/;
const timeForm = /^(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?)?$/;
const dayMs = 86_400_000;
/** Places without a time zone may be anywhere on earth: UTC+14 to UTC-12. */
const eastMost = 14 * 60;
const westMost = -12 * 60;

/** Undefined when the text is not of the kind or not in the calendar. */
export function parseTemporal(text: string, kind: TemporalKind): Temporal | undefined {
  if (kind === 'time') return parseTime(text);
  const match = dateTimeForm.exec(text);
  if (!match) return undefined;
  const written = match.slice(1, 7).filter((part) => part !== undefined).length;
  if (kind === 'date' && (written > 3 || text.includes('T'))) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = match.slice(1, 6).map((part) => part && Number(part));
  const parts: Parts = [year as number, month || 1, day || 1, hour || 0, minute || 0, secondOf(match[6], match[7])];
  const zero = match[2] === '00' || match[3] === '00';
  if (zero || !isInCalendar(parts)) return undefined;
  return { kind, precision: written, parts, fractionDigits: match[7]?.length ?? 0, offset: offsetOf(match[8]) };
}

function parseTime(text: string): Temporal | undefined {
  const match = timeForm.exec(text);
  if (!match) return undefined;
  const written = match.slice(1, 4).filter((part) => part !== undefined).length;
  const parts: Parts = [1970, 1, 1, Number(match[1]), Number(match[2] ?? 0), secondOf(match[3], match[4])];
  if (!isInCalendar(parts)) return undefined;
  return { kind: 'time', precision: written + 3, parts, fractionDigits: match[4]?.length ?? 0, offset: undefined };
}

function secondOf(second: string | undefined, fraction: string | undefined): number {
  return second === undefined ? 0 : Number(fraction === undefined ? second : `${second}.${fraction}`);
}

function offsetOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6));
  return text.startsWith('-') ? -minutes : minutes;
}

function isInCalendar([year, month, day, hour, minute, second]: Parts): boolean {
  return month <= 12 && day <= daysInMonth(year, month) && hour < 24 && minute < 60 && second < 61;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Milliseconds since 1970 of the parts read as UTC; fractions of a millisecond kept. */
function millisecondsOf([year, month, day, hour, minute, second]: Parts): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() + hour * 3_600_000 + minute * 60_000 + Math.round(second * 1e6) / 1e3;
}

function partsOf(milliseconds: number): Parts {
  const date = new Date(Math.floor(milliseconds / 1000) * 1000);
  const second = date.getUTCSeconds() + Math.round(milliseconds - date.getTime()) / 1000;
  return [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    second,
  ];
}

/** Negative, zero or positive; undefined when open; NaN when a time meets a date. */
export function compareTemporal(a: Temporal, b: Temporal): number | undefined {
  if ((a.kind === 'time') !== (b.kind === 'time')) return Number.NaN;
  if ((a.offset === undefined) !== (b.offset === undefined)) return compareRanges(a, b);
  if (a.offset === b.offset) return compareParts(a, a.parts, b, b.parts);
  return compareParts(a, inUtc(a), b, inUtc(b));
}

function inUtc(temporal: Temporal): Parts {
  return partsOf(millisecondsOf(temporal.parts) - (temporal.offset ?? 0) * 60_000);
}

function compareParts(a: Temporal, left: Parts, b: Temporal, right: Parts): number | undefined {
  const shared = Math.min(a.precision, b.precision);
  for (let part = 0; part < shared; part++) {
    const difference = left[part]! - right[part]!;
    if (difference !== 0) return difference;
  }
  return a.precision === b.precision ? 0 : undefined;
}

function compareRanges(a: Temporal, b: Temporal): number | undefined {
  const [earliestA, latestA] = rangeOf(a);
  const [earliestB, latestB] = rangeOf(b);
  return latestA < earliestB ? -1 : earliestA > latestB ? 1 : undefined;
}

function rangeOf(temporal: Temporal): [earliest: number, latest: number] {
  return [
    millisecondsOf(temporal.parts) - (temporal.offset ?? eastMost) * 60_000,
    millisecondsOf(latestParts(temporal)) - (temporal.offset ?? westMost) * 60_000,
  ];
}

/** The last moment that the written parts leave open, to the millisecond. */
export function latestParts({ parts, precision, fractionDigits }: Temporal): Parts {
  const month = precision < 2 ? 12 : parts[1];
  const fractionUnit = fractionDigits >= 3 ? 0 : 10 ** -fractionDigits - 0.001;
  return [
    parts[0],
    month,
    precision < 3 ? daysInMonth(parts[0], month) : parts[2],
    precision < 4 ? 23 : parts[3],
    precision < 5 ? 59 : parts[4],
    precision < 6 ? 59.999 : Math.round((parts[5] + fractionUnit) * 1000) / 1000,
  ];
}

export type CalendarUnit = 'year' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond';

const precisionOfUnit: Readonly<Record<CalendarUnit, number>> = {
  year: 1,
  month: 2,
  week: 3,
  day: 3,
  hour: 4,
  minute: 5,
  second: 6,
  millisecond: 6,
};
const unitMs: Readonly<Record<Exclude<CalendarUnit, 'year' | 'month'>, number>> = {
  week: 7 * dayMs,
  day: dayMs,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};

/**
 * Adds a whole number of units (http://hl7.org/fhirpath/N1/#addition-2). Units finer than what is written are first made into
 * the finest written unit, rest dropped. Undefined when the answer leaves the years 1 to 9999.
 */
export function addDuration(temporal: Temporal, amount: number, unit: CalendarUnit): Temporal | undefined {
  if (precisionOfUnit[unit] > temporal.precision) return addCoarse(temporal, amount, unit);
  if (unit === 'year') return addMonths(temporal, amount * 12);
  if (unit === 'month') return addMonths(temporal, amount);
  const moved = partsOf(millisecondsOf(temporal.parts) + amount * unitMs[unit]);
  const parts: Parts = temporal.kind === 'time' ? [1970, 1, 1, moved[3], moved[4], moved[5]] : moved;
  const digits = unit === 'millisecond' ? Math.max(3, temporal.fractionDigits) : temporal.fractionDigits;
  return inYears({ ...temporal, parts, fractionDigits: digits });
}

function addCoarse(temporal: Temporal, amount: number, unit: CalendarUnit): Temporal | undefined {
  const days = unit === 'month' ? amount * 30 : (amount * unitMs[unit as 'day']) / dayMs;
  const units: readonly CalendarUnit[] = ['year', 'month', 'day', 'hour', 'minute', 'second'];
  const finest = units[temporal.precision - 1]!;
  if (finest === 'year') return addMonths(temporal, Math.trunc(unit === 'month' ? amount / 12 : days / 365) * 12);
  if (finest === 'month') return addMonths(temporal, Math.trunc(days / 30));
  return addDuration(temporal, Math.trunc((days * dayMs) / unitMs[finest as 'day']), finest);
}

function addMonths(temporal: Temporal, months: number): Temporal | undefined {
  const [year, month, day, ...rest] = temporal.parts;
  const total = year * 12 + (month - 1) + months;
  const newYear = Math.floor(total / 12);
  const newMonth = total - newYear * 12 + 1;
  const parts: Parts = [newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)), ...rest];
  return inYears({ ...temporal, parts });
}

function inYears(temporal: Temporal): Temporal | undefined {
  const year = temporal.parts[0];
  return year >= 1 && year <= 9999 ? temporal : undefined;
}

/** ISO text with the precision that the value has. */
export function formatTemporal({ kind, precision, parts, fractionDigits, offset }: Temporal): string {
  const [year, month, day, hour, minute, second] = parts;
  const digits = (value: number, length = 2): string => String(value).padStart(length, '0');
  let date = digits(year, 4);
  if (precision >= 2) date += `-${digits(month)}`;
  if (precision >= 3) date += `-${digits(day)}`;
  let time = '';
  if (precision >= 4) time += digits(hour);
  if (precision >= 5) time += `:${digits(minute)}`;
  if (precision >= 6)
    time += `:${second.toFixed(fractionDigits).padStart(fractionDigits ? fractionDigits + 3 : 2, '0')}`;
  if (kind === 'time') return time;
  return time === '' ? date : `${date}T${time}${formatOffset(offset)}`;
}

function formatOffset(offset: number | undefined): string {
  if (offset === undefined) return '';
  if (offset === 0) return 'Z';
  const minutes = Math.abs(offset);
  const text = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  return `${offset < 0 ? '-' : '+'}${text}`;
}
