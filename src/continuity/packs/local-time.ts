/** Times as they are read on a ward: on a Norwegian clock, with the day where it isn't today, and how old they are. Pure. */
import { dayOf, norwegianInstant } from '#shared/days.ts';

const formatter = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Oslo',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

export type LocalParts = { year: number; month: number; day: number; hour: number; minute: number };

/** @param at milliseconds since 1970 */
export function localParts(at: number): LocalParts {
  const parts = Object.fromEntries(formatter.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts as Partial<LocalParts>;
  return { year, month, day, hour, minute };
}

/** The instant of a time of day, `hh:mm:ss` on Norwegian clocks; in the hour of change, of the clock that held before. */
export function instantOf({
  year,
  month,
  day,
  time,
}: {
  year: number;
  month: number;
  day: number;
  time: string;
}): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return Date.parse(norwegianInstant(dayOf(year, month, day), hour * 60 + minute));
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `14.05`. */
export function clockTime(at: number): string {
  const { hour, minute } = localParts(at);
  return `${two(hour)}.${two(minute)}`;
}

/** `23.11. 14.05`, and with the year where it is another than that of `now`. */
export function dayTime(at: number, now: number): string {
  const { year, month, day } = localParts(at);
  return `${two(day)}.${two(month)}.${year === localParts(now).year ? '' : year} ${clockTime(at)}`;
}

/** `14.05` today, `i går 14.05`, `i morgen 08.00`, else with the date. */
export function shortTime(at: number, now: number): string {
  const [then, today] = [localParts(at), localParts(now)];
  const days = dayOf(then.year, then.month, then.day) - dayOf(today.year, today.month, today.day);
  if (days === 0) return clockTime(at);
  if (days === -1) return `i går ${clockTime(at)}`;
  if (days === 1) return `i morgen ${clockTime(at)}`;
  return dayTime(at, now);
}

/** `23.11.2026`. */
export function fullDate(at: number): string {
  const { year, month, day } = localParts(at);
  return `${two(day)}.${two(month)}.${year}`;
}

/** How long ago: `nå`, `7 min`, `3 t 10 min`, `2 døgn`. */
export function ageWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'under 1 min';
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} t${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
  return `${Math.floor(minutes / 1440)} døgn`;
}
