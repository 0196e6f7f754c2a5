import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadDefinitions } from '../definitions/index.ts';
import { compile, Node } from './index.ts';
import { addDuration, compareTemporal, formatTemporal, parseTemporal, type Temporal } from './temporal.ts';

const two = (max: number, min = 0) => fc.integer({ min, max }).map((value) => String(value).padStart(2, '0'));

/** Texts of dateTimes in every precision, with and without a zone. */
const dateTime = fc
  .tuple(
    fc.integer({ min: 1900, max: 2100 }),
    two(12, 1),
    two(28, 1),
    two(23),
    two(59),
    two(59),
    fc.constantFrom('', '.1', '.120', '.123'),
    fc.constantFrom('', 'Z', '+02:00', '-05:30'),
    fc.integer({ min: 1, max: 6 }),
  )
  .map(([year, month, day, hour, minute, second, fraction, zone, parts]) => {
    const date = [String(year), month, day].slice(0, parts).join('-');
    const time = [hour, minute, second].slice(0, Math.max(0, parts - 3)).join(':');
    return time === '' ? date : `${date}T${time}${parts === 6 ? fraction : ''}${zone}`;
  });

const read = (text: string): Temporal => parseTemporal(text, 'dateTime')!;

test('what is read is written the same', () => {
  fc.assert(fc.property(dateTime, (text) => formatTemporal(read(text)) === text));
});

test('order is the same from both sides', () => {
  fc.assert(
    fc.property(dateTime, dateTime, (a, b) => {
      const there = compareTemporal(read(a), read(b));
      const back = compareTemporal(read(b), read(a));
      expect(there === undefined ? undefined : Math.sign(there)).toBe(
        back === undefined ? undefined : 0 - Math.sign(back),
      );
    }),
  );
});

test('operators order dates as comparison by parts does', () => {
  const { model } = loadDefinitions();
  fc.assert(
    fc.property(dateTime, dateTime, (a, b) => {
      const order = compareTemporal(read(a), read(b));
      const resource = { resourceType: 'Patient', deceasedDateTime: a };
      const result = compile('deceased <= %other', { model }).test(resource, {
        variables: { other: new Node(b, 'dateTime') },
      });
      expect(result).toBe(order === undefined ? undefined : order <= 0);
    }),
  );
});

test('days that are added can be taken away again', () => {
  fc.assert(
    fc.property(dateTime, fc.integer({ min: -10_000, max: 10_000 }), (text, days) => {
      const start = read(text);
      if (start.precision < 3) return;
      const moved = addDuration(start, days, 'day')!;
      expect(formatTemporal(addDuration(moved, -days, 'day')!)).toBe(text);
    }),
  );
});

test.each([
  ['2020-02-30', undefined],
  ['2021-02-29', undefined],
  ['2020-00', undefined],
  ['2020-13', undefined],
  ['2020-01-01T24:00', undefined],
  ['20-01-01', undefined],
  ['2020-01-01T10:00:00+25:99x', undefined],
])('%s is not in the calendar', (text, expected) => {
  expect(parseTemporal(text, 'dateTime')).toBe(expected);
});

test('a date without zone is open against a moment of the same day, and clear against the day after tomorrow', () => {
  expect(compareTemporal(read('2024-05-17'), read('2024-05-17T12:00:00Z'))).toBeUndefined();
  expect(compareTemporal(read('2024-05-17'), read('2024-05-19T12:00:00Z'))).toBeLessThan(0);
});
