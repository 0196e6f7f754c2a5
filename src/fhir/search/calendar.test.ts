/** FHIR's partial dates as intervals. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Calendar, firstDay, monthOf } from './calendar.ts';

const oslo = new Calendar('Europe/Oslo');
const at = (text: string): number => Date.parse(text);

test.each([
  '',
  '24',
  '2024-1',
  '2024-00',
  '2024-13',
  '2024-02-30',
  '2023-02-29',
  '2024-01-01T',
  '2024-01-01T24:00:00Z',
  '2024-01-01T10:60Z',
  '2024-01-01T10:00:60Z',
  '2024-01-01T10',
  '2024-01-01T10:00:00+15:00',
  '2024-01-01T10:00:00+01:60',
  '2024-01-01T10:00:00.Z',
  'x2024',
  '2024 ',
])('refuses “%s”', (text) => {
  expect(oslo.parse(text)).toBeUndefined();
});

test.each([
  ['2024', '2023-12-31T23:00:00Z', '2024-12-31T23:00:00Z'],
  ['2024-07', '2024-06-30T22:00:00Z', '2024-07-31T22:00:00Z'],
  ['2024-02-29', '2024-02-28T23:00:00Z', '2024-02-29T23:00:00Z'],
  ['2024-03-31', '2024-03-30T23:00:00Z', '2024-03-31T22:00:00Z'],
  ['2024-10-27', '2024-10-26T22:00:00Z', '2024-10-27T23:00:00Z'],
  ['2024-05-01T10:30', '2024-05-01T08:30:00Z', '2024-05-01T08:31:00Z'],
  ['2024-05-01T10:30:15Z', '2024-05-01T10:30:15Z', '2024-05-01T10:30:16Z'],
  ['2024-05-01T10:30:15.5Z', '2024-05-01T10:30:15.500Z', '2024-05-01T10:30:15.600Z'],
  ['2024-05-01T10:30:15.123456-05:00', '2024-05-01T15:30:15.123Z', '2024-05-01T15:30:15.124Z'],
])('%s is from %s to %s', (text, low, high) => {
  expect(oslo.parse(text)).toMatchObject({ low: at(low), high: at(high) });
});

test('a time with an offset remembers the day that it names, where that is another here', () => {
  expect(oslo.parse('2024-05-01T23:30:00-05:00')?.written).toEqual({
    low: at('2024-04-30T22:00:00Z'),
    high: at('2024-05-01T22:00:00Z'),
  });
  expect(oslo.parse('2024-05-01T23:30:00+02:00')?.written).toBeUndefined();
});

test('an hour that summer time skips is the instant after', () => {
  expect(oslo.parse('2024-03-31T02:30')?.low).toBe(at('2024-03-31T01:30:00Z'));
});

test('every instant lies in its day, in any zone and in the first century too', () => {
  const zones = ['Europe/Oslo', 'UTC', 'America/New_York', 'Pacific/Apia', 'Asia/Kathmandu'].map(
    (zone) => new Calendar(zone),
  );
  const instant = fc.integer({ min: at('0050-01-01T00:00:00Z'), max: at('2200-01-01T00:00:00Z') });
  fc.assert(
    fc.property(instant, fc.constantFrom(...zones), (ms, calendar) => {
      const day = calendar.dayOf(ms);
      return calendar.dayStart(day) <= ms && ms < calendar.dayStart(day + 1);
    }),
    { numRuns: 300 },
  );
});

test('months and days agree', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -200_000, max: 200_000 }),
      (day) => firstDay(monthOf(day)) <= day && day < firstDay(monthOf(day) + 1),
    ),
  );
});
