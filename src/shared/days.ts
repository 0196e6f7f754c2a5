/** Days as whole numbers since 1970-01-01 in the proleptic Gregorian calendar, and the instants of Norwegian clocks. Pure. */

/** Days since 1970-01-01. */
export type Day = number;

export type CivilDate = { year: number; month: number; day: number };

/** Howard Hinnant's days-to-civil algorithm, https://howardhinnant.github.io/date_algorithms.html#civil_from_days. */
export function civilDate(days: Day): CivilDate {
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** The day of a date; months and days past their end run over into the next. */
export function dayOf(year: number, month: number, day: number): Day {
  return Math.floor(Date.UTC(year, month - 1, day) / 86_400_000);
}

/** Reads `YYYY-MM-DD`. Throws RangeError when it is not a date. */
export function parseDay(text: string): Day {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const day = match ? dayOf(Number(match[1]), Number(match[2]), Number(match[3])) : Number.NaN;
  if (Number.isNaN(day) || dateText(day) !== text) throw new RangeError(`not a date: ${text}`);
  return day;
}

/** `YYYY-MM-DD`. */
export function dateText(days: Day): string {
  const { year, month, day } = civilDate(days);
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** An instant on a Norwegian clock, `YYYY-MM-DDThh:mm:00+01:00` (+02:00 in summer); minutes past midnight run over into the next days. */
export function norwegianInstant(days: Day, minutes: number): string {
  const whole = days + Math.floor(minutes / 1440);
  const minute = ((minutes % 1440) + 1440) % 1440;
  const clock = `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
  return `${dateText(whole)}T${clock}:00${isSummerTime(whole) ? '+02:00' : '+01:00'}`;
}

/** Summer time from the last Sunday of March to the last Sunday of October; the hour of change is not looked at. */
export function isSummerTime(days: Day): boolean {
  const { month, day } = civilDate(days);
  if (month < 3 || month > 10) return false;
  if (month > 3 && month < 10) return true;
  const lastSunday = day - weekday(days) > 31 - 7;
  return month === 3 ? lastSunday : !lastSunday;
}

/** 0 for Sunday to 6 for Saturday. */
export function weekday(days: Day): number {
  return (((days + 4) % 7) + 7) % 7;
}

/** Whole years between two days, as an age is counted. */
export function yearsBetween(from: Day, to: Day): number {
  const start = civilDate(from);
  const end = civilDate(to);
  const isBefore = end.month < start.month || (end.month === start.month && end.day < start.day);
  return end.year - start.year - (isBefore ? 1 : 0);
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
