/** R4's prefixes against their wording: intervals of a small number line are compared point by point (search.html#prefix). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Interval } from './calendar.ts';
import { intervalMatches, prefixes, type IntervalSearch, type Prefix } from './interval-rules.ts';
import { parseSearchNumber } from './number-precision.ts';

const lineEnd = 14;
const points = Array.from({ length: lineEnd }, (_none, i) => i);
const interval: fc.Arbitrary<Interval> = fc
  .tuple(fc.nat(lineEnd - 2), fc.integer({ min: 1, max: 5 }))
  .map(([low, length]) => ({ low, high: Math.min(lineEnd, low + length) }));

/** The points of [low, high). */
const within = ({ low, high }: Interval): number[] => points.filter((point) => point >= low && point < high);

/** The standard's words on sets of points. */
function byPoints(prefix: Prefix, stored: Interval, searched: Interval, around: Interval): boolean {
  const has = within(stored);
  const sought = within(searched);
  const contained = has.every((point) => sought.includes(point));
  const above = has.some((point) => point >= searched.high);
  const below = has.some((point) => point < searched.low);
  switch (prefix) {
    case 'eq':
      return contained;
    case 'ne':
      return !contained;
    case 'gt':
      return above;
    case 'lt':
      return below;
    case 'ge':
      return above || contained;
    case 'le':
      return below || contained;
    case 'sa':
      return has.every((point) => point >= searched.high);
    case 'eb':
      return has.every((point) => point < searched.low);
    case 'ap':
      return has.some((point) => within(around).includes(point));
  }
}

test.each(prefixes)('%s on dates is what the standard says, point by point', (prefix) => {
  fc.assert(
    fc.property(interval, interval, fc.nat(3), (stored, searched, reach) => {
      const around = { low: searched.low - reach, high: searched.high + reach };
      return intervalMatches(stored, { prefix, searched, around }) === byPoints(prefix, stored, searched, around);
    }),
  );
});

test.each([
  ['5.4', 5.35, 5.45],
  ['5.40', 5.395, 5.405],
  ['100', 99.5, 100.5],
  ['100.00', 99.995, 100.005],
  ['1e2', 95, 105],
  ['-5.4', -5.45, -5.35],
  ['0', -0.5, 0.5],
  ['5.40e-3', 0.0053995, 0.0054005],
])('%s stands for %d to %d', (text, low, high) => {
  expect(parseSearchNumber(text)?.implied).toEqual({ low, high });
});

test.each(['', 'a', '1.', '.5', '1e', '0x10', '--1', '1,5', 'NaN', 'Infinity', '1'.repeat(50)])(
  '“%s” is no number',
  (text) => {
    expect(parseSearchNumber(text)).toBeUndefined();
  },
);

const numberSearch = (prefix: Prefix, text: string): IntervalSearch => {
  const number = parseSearchNumber(text);
  if (number === undefined) throw new Error(text);
  return {
    prefix,
    searched: number.implied,
    exact: number.value,
    around: { low: number.value * 0.9, high: number.value * 1.1 },
  };
};

test.each<[Prefix, string, number[], number[]]>([
  ['eq', '100', [99.5, 100, 100.4], [99.4, 100.5, 101]],
  ['ne', '100', [99.4, 100.5], [99.5, 100]],
  ['gt', '100', [100.1], [100, 99]],
  ['ge', '100', [100, 100.1], [99.9]],
  ['lt', '100', [99.9], [100]],
  ['le', '100', [100, 99.9], [100.1]],
  ['sa', '100', [100.1], [100]],
  ['eb', '100', [99.9], [100]],
  ['ap', '100', [90, 110], [89, 111]],
])('%s%s on numbers', (prefix, text, found, missed) => {
  const matches = (value: number) => intervalMatches({ low: value, high: value }, numberSearch(prefix, text));
  expect(found.filter((value) => !matches(value))).toEqual([]);
  expect(missed.filter(matches)).toEqual([]);
});

test.each(['66.89999999999999', '0.1234567890123456789', '-9007199254740993.5', '0'])(
  'a number with more digits than a double holds lies within its own range: %s',
  (text) => {
    const { value, implied } = parseSearchNumber(text) as { value: number; implied: { low: number; high: number } };
    expect(value >= implied.low && value < implied.high).toBe(true);
  },
);
