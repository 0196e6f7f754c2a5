import fc from 'fast-check';
import { expect, test } from 'vitest';
import { civilDate, dateText, dayOf, isSummerTime, norwegianInstant, parseDay, weekday, yearsBetween } from './days.ts';

const days = fc.integer({ min: -80_000, max: 80_000 });

test('agrees with the machine calendar on every day', () => {
  fc.assert(
    fc.property(days, (day) => {
      const date = new Date(day * 86_400_000);
      expect(dateText(day)).toBe(date.toISOString().slice(0, 10));
      expect(weekday(day)).toBe(date.getUTCDay());
      const { year, month, day: dayOfMonth } = civilDate(day);
      expect(dayOf(year, month, dayOfMonth)).toBe(day);
      expect(parseDay(dateText(day))).toBe(day);
    }),
  );
});

test.each(['2023-02-29', '2023-13-01', '23-01-01', '2023-1-1', ''])('refuses %j as a date', (text) => {
  expect(() => parseDay(text)).toThrow(RangeError);
});

test.each([
  ['2026-03-28', false],
  ['2026-03-29', true],
  ['2026-10-24', true],
  ['2026-10-25', false],
  ['2025-03-30', true],
  ['2024-10-27', false],
  ['2027-10-31', false],
])('on %s, summer time is %s', (date, summer) => {
  expect(isSummerTime(parseDay(date))).toBe(summer);
});

test('writes the instant with the Norwegian offset, and lets minutes run over midnight', () => {
  expect(norwegianInstant(parseDay('2026-07-01'), 9 * 60 + 5)).toBe('2026-07-01T09:05:00+02:00');
  expect(norwegianInstant(parseDay('2026-12-31'), 1440 + 30)).toBe('2027-01-01T00:30:00+01:00');
});

test('counts age from birthday to birthday', () => {
  expect(yearsBetween(parseDay('2000-02-29'), parseDay('2001-02-28'))).toBe(0);
  expect(yearsBetween(parseDay('2000-02-29'), parseDay('2001-03-01'))).toBe(1);
  expect(yearsBetween(parseDay('1980-06-15'), parseDay('2026-06-15'))).toBe(46);
});
