import { expect, test } from 'vitest';
import { dateText, parseDay } from '#shared/days.ts';
import { easterSunday, isWorkday, workdaysAfter, workdayUntil } from './workdays.ts';

test('is closed on weekends, at Easter, Whitsun and Christmas, and open on other days', () => {
  for (const closed of ['2026-11-22', '2026-12-25', '2026-04-03', '2026-05-25', '2026-05-17', '2027-01-01'])
    expect(isWorkday(parseDay(closed)), closed).toBe(false);
  for (const open of ['2026-11-23', '2026-04-07', '2026-12-23']) expect(isWorkday(parseDay(open)), open).toBe(true);
});

test('knows Easter Sunday', () => {
  expect([2024, 2025, 2026, 2038].map((year) => dateText(easterSunday(year)))).toEqual([
    '2024-03-31',
    '2025-04-20',
    '2026-04-05',
    '2038-04-25',
  ]);
});

test('counts workdays past what is closed', () => {
  expect(dateText(workdaysAfter(parseDay('2026-12-22'), 3))).toBe('2026-12-29');
  expect(dateText(workdayUntil(parseDay('2026-12-27')))).toBe('2026-12-23');
});
