/** Times as they are read on a ward: on a Norwegian clock, with the day where it isn't today, and how old they are. Pure. */
import { dayOf } from '#shared/days.ts';
import { localParts } from '#shared/norwegian-clock.ts';
import { sayInBokmal } from './phrases.ts';

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
export function shortTime(at: number, now: number, say = sayInBokmal): string {
  const [then, today] = [localParts(at), localParts(now)];
  const days = dayOf(then.year, then.month, then.day) - dayOf(today.year, today.month, today.day);
  if (days === 0) return clockTime(at);
  if (days === -1) return say('i går {time}', { time: clockTime(at) });
  if (days === 1) return say('i morgen {time}', { time: clockTime(at) });
  return dayTime(at, now);
}

/** `23.11.2026`. */
export function fullDate(at: number): string {
  const { year, month, day } = localParts(at);
  return `${two(day)}.${two(month)}.${year}`;
}

/** How long ago: `under 1 min`, `7 min`, `3 t 10 min`, `2 døgn`. */
export function ageWords(ms: number, say = sayInBokmal): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return say('under 1 min');
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60)
    return `${say('{count} t', { count: Math.floor(minutes / 60) })}${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
  return say('{count} døgn', { count: Math.floor(minutes / 1440) });
}
