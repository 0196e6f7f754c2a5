/** When the doses of an order are due within the next hours, as far as the order says. Pure. */
import type { Dosage, Period } from 'fhir/r4.js';
import { dayOf } from './days.ts';
import { instantOf, localParts } from './norwegian-clock.ts';

export type Due =
  /** Milliseconds since 1970, in order. */
  | { kind: 'times'; times: number[] }
  | { kind: 'asNeeded' }
  /** Given by rate, not by times. */
  | { kind: 'continuous' }
  /** The order says how often and not when, or says it in words alone: a person decides. `words` is the order's text. */
  | { kind: 'unsaid'; words: string };

/** @param now also where what is due begins: what was due before is told by what was given last */
export function dueDoses(dosages: readonly Dosage[], now: number, hours = 24): Due {
  const all = dosages.map((dosage) => dueOf(dosage, now, now + hours * 3_600_000));
  const times = all.flatMap((one) => (one.kind === 'times' ? one.times : []));
  const other = all.find(({ kind }) => kind !== 'times');
  if (times.length === 0 && other !== undefined) return other;
  if (all.length === 0) return { kind: 'unsaid', words: '' };
  if (other?.kind === 'unsaid') return other;
  return { kind: 'times', times: [...new Set(times)].toSorted((a, b) => a - b) };
}

function dueOf(dosage: Dosage, from: number, until: number): Due {
  if (dosage.asNeededBoolean === true || dosage.asNeededCodeableConcept !== undefined) return { kind: 'asNeeded' };
  const rates = dosage.doseAndRate ?? [];
  if (rates.some((one) => one.rateQuantity !== undefined || one.rateRatio !== undefined || one.rateRange !== undefined))
    return { kind: 'continuous' };
  const { event = [], repeat } = dosage.timing ?? {};
  const within = (at: number): boolean => at >= from && at < until && isWithinBounds(repeat?.boundsPeriod, at);
  if (event.length > 0) return { kind: 'times', times: event.map((at) => Date.parse(at)).filter(within) };
  const clock = repeat?.timeOfDay ?? [];
  const isDaily = repeat?.period === undefined || (repeat.period === 1 && repeat.periodUnit === 'd');
  if (clock.length === 0 || !isDaily) return { kind: 'unsaid', words: dosage.text ?? '' };
  const days = repeat?.dayOfWeek;
  const times = daysFrom(from, until).flatMap(({ year, month, day, weekday }) =>
    days === undefined || days.includes(weekday) ? clock.map((time) => instantOf({ year, month, day, time })) : [],
  );
  return { kind: 'times', times: times.filter(within) };
}

function isWithinBounds(bounds: Period | undefined, at: number): boolean {
  const { start, end } = bounds ?? {};
  // A day alone is meant whole.
  const last = end === undefined ? Infinity : Date.parse(end) + (end.length === 10 ? 86_400_000 : 0);
  return (start === undefined || at >= Date.parse(start)) && at <= last;
}

type LocalDay = { year: number; month: number; day: number; weekday: (typeof weekdays)[number] };
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** The days on Norwegian calendars that the time touches. */
function daysFrom(from: number, until: number): LocalDay[] {
  const first = localParts(from);
  const start = dayOf(first.year, first.month, first.day);
  const count = Math.ceil((until - from) / 86_400_000) + 2;
  return Array.from({ length: count }, (_, index) => {
    const date = new Date((start + index) * 86_400_000);
    const weekday = weekdays[date.getUTCDay()] as LocalDay['weekday'];
    return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday };
  });
}
