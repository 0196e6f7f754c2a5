/** On which days clinics are open: not on weekends, public holidays (lov om helligdager), Christmas Eve and New Year's Eve. */
import { civilDate, dayOf, weekday, type Day } from '#shared/days.ts';

const fixedHolidays: ReadonlySet<string> = new Set(['1-1', '5-1', '5-17', '12-24', '12-25', '12-26', '12-31']);
/** Days from Easter Sunday: Maundy Thursday, Good Friday, Easter Monday, Ascension Day, Whit Monday. */
const movableHolidays: ReadonlySet<number> = new Set([-3, -2, 1, 39, 50]);

/** True when clinics and GPs are open. */
export function isWorkday(day: Day): boolean {
  const inWeek = weekday(day);
  if (inWeek === 0 || inWeek === 6) return false;
  const { year, month, day: date } = civilDate(day);
  return !fixedHolidays.has(`${month}-${date}`) && !movableHolidays.has(day - easterSunday(year));
}

/** The last workday that is not after the day. */
export function workdayUntil(day: Day): Day {
  let at = day;
  while (!isWorkday(at)) at--;
  return at;
}

/** The first workday that is not before the day. */
export function workdayFrom(day: Day): Day {
  let at = day;
  while (!isWorkday(at)) at++;
  return at;
}

/** The day so many workdays later. */
export function workdaysAfter(day: Day, count: number): Day {
  let at = day;
  for (let left = count; left > 0; left--) at = workdayFrom(at + 1);
  return at;
}

/** The Gregorian computus of Meeus, Jones and Butcher. */
export function easterSunday(year: number): Day {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = Math.floor((a + 11 * d + 22 * e) / 451);
  const sum = d + e - 7 * f + 114;
  return dayOf(year, Math.floor(sum / 31), (sum % 31) + 1);
}
