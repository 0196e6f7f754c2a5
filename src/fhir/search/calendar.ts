/**
 * FHIR's partial dates as intervals (R4 search.html#date): milliseconds since 1970, closed below, open above.
 * A date without an offset is a day in the node's own zone. `Calendar` also names the cells (days, months) that dates are indexed by.
 */

export type Interval = { low: number; high: number };

export type DatePrecision = 'year' | 'month' | 'day' | 'time';

/** `written`: the days that the text itself names, where the zone of the text puts it on another day than the node's zone does. */
export type DateInterval = Interval & { precision: DatePrecision; written?: Interval };

const dayMs = 86_400_000;
const pattern = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

export class Calendar {
  readonly #format: Intl.DateTimeFormat;
  readonly #dayStarts = new Map<number, number>();

  /** `zone` is an IANA name, such as `Europe/Oslo`. */
  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
  }

  /** The interval that a FHIR date, dateTime or instant stands for, or undefined where the text is none. Minutes without seconds are taken too. */
  parse(text: string): DateInterval | undefined {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [, year, month, day, hour, minute, second, fraction, offset] = match;
    const y = Number(year);
    if (month === undefined) return this.#months(y * 12, 12, 'year');
    const m = Number(month) - 1;
    if (m < 0 || m > 11) return undefined;
    if (day === undefined) return this.#months(y * 12 + m, 1, 'month');
    const dayNumber = utc(y, m, Number(day)) / dayMs;
    if (Number(day) < 1 || monthOf(dayNumber) !== y * 12 + m) return undefined;
    if (hour === undefined) return this.#days(dayNumber, dayNumber + 1, 'day');
    const withinDay = timeOfDay(Number(hour), Number(minute), second, fraction);
    if (withinDay === undefined) return undefined;
    return this.#instant(dayNumber, withinDay, offset);
  }

  #instant(dayNumber: number, time: Interval, offset: string | undefined): DateInterval | undefined {
    if (offset === undefined) {
      const low = this.#localTime(dayNumber, time.low);
      return { low, high: low + time.high - time.low, precision: 'time' };
    }
    const offsetMs = offset === 'Z' ? 0 : offsetMilliseconds(offset);
    if (offsetMs === undefined) return undefined;
    const low = dayNumber * dayMs + time.low - offsetMs;
    const interval: DateInterval = { low, high: low + time.high - time.low, precision: 'time' };
    if (this.dayOf(low) !== dayNumber) {
      interval.written = { low: this.dayStart(dayNumber), high: this.dayStart(dayNumber + 1) };
    }
    return interval;
  }

  #months(first: number, count: number, precision: DatePrecision): DateInterval {
    return { low: this.dayStart(firstDay(first)), high: this.dayStart(firstDay(first + count)), precision };
  }

  #days(first: number, after: number, precision: DatePrecision): DateInterval {
    return { low: this.dayStart(first), high: this.dayStart(after), precision };
  }

  /** When a day (counted from 1970-01-01) begins in the zone. */
  dayStart(day: number): number {
    const known = this.#dayStarts.get(day);
    if (known !== undefined) return known;
    const start = this.#localTime(day, 0);
    if (this.#dayStarts.size >= 100_000) this.#dayStarts.clear();
    this.#dayStarts.set(day, start);
    return start;
  }

  /** The day that an instant falls on in the zone. */
  dayOf(ms: number): number {
    let day = Math.floor(ms / dayMs);
    while (ms < this.dayStart(day)) day--;
    while (ms >= this.dayStart(day + 1)) day++;
    return day;
  }

  /** The instant of a wall-clock time; one that the change to summer time skips is the instant after the gap. */
  #localTime(day: number, timeMs: number): number {
    const wall = day * dayMs + timeMs;
    const first = wall - this.#offsetAt(wall);
    const second = wall - this.#offsetAt(first);
    return first === second ? first : wall - Math.min(this.#offsetAt(first), this.#offsetAt(second));
  }

  #offsetAt(ms: number): number {
    const part: Record<string, string> = {};
    for (const { type, value } of this.#format.formatToParts(ms)) part[type] = value;
    const era = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year']);
    const wall =
      utc(era, Number(part['month']) - 1, Number(part['day'])) +
      ((Number(part['hour']) * 60 + Number(part['minute'])) * 60 + Number(part['second'])) * 1000;
    return wall - Math.floor(ms / 1000) * 1000;
  }
}

function timeOfDay(hour: number, minute: number, second: string | undefined, fraction: string | undefined) {
  if (hour > 23 || minute > 59 || Number(second ?? 0) > 59) return undefined;
  const base = (hour * 60 + minute) * 60_000;
  if (second === undefined) return { low: base, high: base + 60_000 };
  const seconds = base + Number(second) * 1000;
  if (fraction === undefined) return { low: seconds, high: seconds + 1000 };
  const digits = Math.min(fraction.length, 3);
  const step = 10 ** (3 - digits);
  const low = seconds + Number(fraction.slice(0, 3)) * step;
  return { low, high: low + step };
}

function offsetMilliseconds(offset: string): number | undefined {
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(4, 6));
  if (hours > 14 || minutes > 59) return undefined;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** `Date.UTC` without its special meaning for years below 100. */
function utc(year: number, month: number, day: number): number {
  return year >= 100 ? Date.UTC(year, month, day) : new Date(0).setUTCFullYear(year, month, day);
}

/** Months since the year 0 (`year * 12 + month`, January is 0) of a day counted from 1970. */
export function monthOf(day: number): number {
  const date = new Date(day * dayMs);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** The first day (counted from 1970) of a month. */
export function firstDay(month: number): number {
  return utc(Math.floor(month / 12), month - Math.floor(month / 12) * 12, 1) / dayMs;
}
