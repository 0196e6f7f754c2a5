/**
 * The cells that dates are found by. A value within one day has that day's and that month's cell; a wider one has the month's and
 * `wide month`, the year's, or `span` when it crosses years. So a search for a day or month is one token, and every value that
 * overlaps a window has at least one of the window's cells: nothing is missed (`date-cells.test.ts` proves both).
 */
import { firstDay, monthOf, type Calendar, type Interval } from './calendar.ts';

export type Cells = {
  /** The cells that a stored value has. */
  ofValue(interval: Interval): string[];
  /** One of these: the value overlaps or borders the window. More may have one; undefined when the window is too wide to list. */
  overlapping(window: Interval): string[] | undefined;
  /** The one cell that exactly the values within this day or month have; undefined for any other window. */
  exactly(window: Interval): string | undefined;
};

const day = (number: number) => `d${number}`;
const month = (number: number) => `m${number}`;
const wideMonth = (number: number) => `w${number}`;
const wholeYear = (month: number) => `y${Math.floor(month / 12)}`;
const span = 's';

const monthsMax = 12 * 20;

/** The cells of one calendar. */
export function dateCells(calendar: Calendar): Cells {
  return {
    ofValue: (interval) => cellsOfValue(calendar, interval),
    overlapping: (window) => cellsOverlapping(calendar, window),
    exactly: (window) => cellExactly(calendar, window),
  };
}

const isBounded = ({ low, high }: Interval): boolean => Number.isFinite(low) && Number.isFinite(high);

function cellsOfValue(calendar: Calendar, interval: Interval): string[] {
  if (!isBounded(interval)) return [span];
  const first = calendar.dayOf(interval.low);
  const last = lastDay(calendar, interval);
  const firstMonth = monthOf(first);
  if (first === last) return [day(first), month(firstMonth)];
  const lastMonth = monthOf(last);
  if (firstMonth === lastMonth) return [month(firstMonth), wideMonth(firstMonth)];
  return wholeYear(firstMonth) === wholeYear(lastMonth) ? [wholeYear(firstMonth)] : [span];
}

/** The last day that an interval touches; an empty one touches the day it stands on. */
function lastDay(calendar: Calendar, { low, high }: Interval): number {
  return calendar.dayOf(Math.max(low, high - 1));
}

function cellsOverlapping(calendar: Calendar, window: Interval): string[] | undefined {
  if (!isBounded(window) || window.high < window.low) return undefined;
  const first = calendar.dayOf(window.low);
  const last = lastDay(calendar, window);
  const firstMonth = monthOf(first);
  const lastMonth = monthOf(last);
  if (lastMonth - firstMonth >= monthsMax) return undefined;
  const cells = [span];
  for (let at = firstMonth; at <= lastMonth; at++) {
    const start = firstDay(at);
    const end = firstDay(at + 1) - 1;
    if (first <= start && last >= end) cells.push(month(at));
    else {
      cells.push(wideMonth(at));
      for (let one = Math.max(first, start); one <= Math.min(last, end); one++) cells.push(day(one));
    }
    if (at === firstMonth || at % 12 === 0) cells.push(wholeYear(at));
  }
  return cells;
}

function cellExactly(calendar: Calendar, window: Interval): string | undefined {
  if (!isBounded(window) || window.high <= window.low) return undefined;
  const first = calendar.dayOf(window.low);
  const last = lastDay(calendar, window);
  if (calendar.dayStart(first) !== window.low || calendar.dayStart(last + 1) !== window.high) return undefined;
  if (first === last) return day(first);
  const firstMonth = monthOf(first);
  return first === firstDay(firstMonth) && last === firstDay(firstMonth + 1) - 1 ? month(firstMonth) : undefined;
}
