/** What a Norwegian clock and calendar show at an instant, and the other way round. Pure. */
import { dayOf, norwegianInstant } from './days.ts';

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
