/** Cells against the plain rule on intervals: nothing that overlaps is missed, and a day's or month's cell is exactly what lies within. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Calendar, type Interval } from './calendar.ts';
import { dateCells } from './date-cells.ts';

const calendar = new Calendar('Europe/Oslo');
const cells = dateCells(calendar);
const hourMs = 3_600_000;
const from = Date.parse('2019-12-20T00:00:00Z');

/** Intervals of an hour to some years, at random and at the edges of days. */
const interval: fc.Arbitrary<Interval> = fc
  .tuple(
    fc.integer({ min: 0, max: 24 * 800 }),
    fc.oneof(
      fc.integer({ min: 1, max: 48 }),
      fc.integer({ min: 1, max: 24 * 90 }),
      fc.integer({ min: 1, max: 24 * 900 }),
    ),
    fc.boolean(),
  )
  .map(([start, length, onDays]) => {
    const low = from + start * hourMs;
    const high = low + length * hourMs;
    return onDays
      ? { low: calendar.dayStart(calendar.dayOf(low)), high: calendar.dayStart(calendar.dayOf(high) + 1) }
      : { low, high };
  });

const whole: fc.Arbitrary<string> = fc
  .tuple(
    fc.integer({ min: 2019, max: 2022 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
    fc.boolean(),
  )
  .map(([year, month, day, byDay]) => {
    const text = `${year}-${String(month).padStart(2, '0')}`;
    return byDay ? `${text}-${String(day).padStart(2, '0')}` : text;
  });

test('what overlaps a window has one of its cells', () => {
  fc.assert(
    fc.property(interval, interval, (stored, window) => {
      const overlaps = stored.low < window.high && stored.high > window.low;
      const has = cells.overlapping(window)?.some((cell) => cells.ofValue(stored).includes(cell)) ?? true;
      return !overlaps || has;
    }),
    { numRuns: 3000 },
  );
});

test('what has no end is in every window', () => {
  const window = { low: from, high: from + 100 * hourMs };
  for (const stored of [
    { low: -Infinity, high: from + 1 },
    { low: from, high: Infinity },
    { low: -Infinity, high: Infinity },
  ]) {
    expect(cells.overlapping(window)?.some((cell) => cells.ofValue(stored).includes(cell))).toBe(true);
  }
});

test('the cell of a day or month is what exactly the values within it have', () => {
  fc.assert(
    fc.property(interval, whole, (stored, text) => {
      const window = calendar.parse(text);
      if (window === undefined) return false;
      const cell = cells.exactly(window);
      const isWithin = stored.low >= window.low && stored.high <= window.high;
      return cell !== undefined && cells.ofValue(stored).includes(cell) === isWithin;
    }),
    { numRuns: 3000 },
  );
});

test('a window that is no whole day or month has no cell of its own, and one of decades has no list', () => {
  expect(cells.exactly({ low: from + 1, high: from + 2 })).toBeUndefined();
  expect(cells.exactly(calendar.parse('2020') as Interval)).toBeUndefined();
  expect(cells.overlapping({ low: 0, high: Date.parse('2020-01-01') })).toBeUndefined();
  expect(cells.overlapping({ low: -Infinity, high: 0 })).toBeUndefined();
});

test('a stored date costs two cells at most', () => {
  fc.assert(fc.property(interval, (stored) => cells.ofValue(stored).length <= 2));
});
