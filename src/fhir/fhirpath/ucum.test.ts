import { expect, test } from 'vitest';
import { canonicalQuantity, createUcum } from './index.ts';

const ucum = createUcum();

const conversions: readonly [value: number, from: string, to: string, expected: number][] = [
  [100, 'mg/dL', 'g/L', 1],
  [5.5, 'mmol/L', 'umol/L', 5500],
  [98.6, '[degF]', 'Cel', 37],
  [37, 'Cel', '[degF]', 98.6],
  [37, 'Cel', 'K', 310.15],
  [4.5, '10*9/L', '/L', 4.5e9],
  [4.5, '10*9/L', '10*3/uL', 4.5],
  [185, '[lb_av]', 'kg', 83.91458845],
  [72, '[in_i]', 'cm', 182.88],
  [50, '%', '1', 0.5],
  [120, 'mm[Hg]', 'kPa', 15.99864],
  [88, 'umol/L', 'mmol/L', 0.088],
  [1, 'h', 'min', 60],
  [2, 'wk', 'd', 14],
  [7, '{cells}/uL', '/uL', 7],
  [60, '{beats}/min', '/s', 1],
  [1, 'm[IU]/L', '[IU]/L', 0.001],
  [90, 'mL/min/{1.73_m2}', 'mL/min', 90],
];

test.each(conversions)('converts %d %s to %s', (value, from, to, expected) => {
  expect(ucum.convert(value, from, to)).toBeCloseTo(expected, 10);
});

test('equal amounts in different units have the same canonical quantity', () => {
  expect(ucum.canonicalQuantity(100, 'mg/dL')).toEqual(ucum.canonicalQuantity(1, 'g/L'));
  expect(canonicalQuantity(1, 'g/L')).toEqual({ value: 1000, unit: 'g.m-3' });
});

test('an arbitrary unit is comparable with itself only', () => {
  expect(ucum.convert(5, '[IU]/L', '/L')).toBeUndefined();
  expect(ucum.canonicalQuantity(5, '[iU]/L')).toEqual(ucum.canonicalQuantity(5, '[IU]/L'));
  expect(ucum.convert(5, '[CFU]', '[PFU]')).toBeUndefined();
});

test.each(['lbs', 'foo', '', '[s]', 'constructor', 'hasOwnProperty', '__proto__', '[pH]', 'm'.repeat(1000), '((('])(
  'answers undefined for %j, which is not a linear UCUM unit',
  (unit) => {
    expect(ucum.canonicalQuantity(1, unit)).toBeUndefined();
    expect(ucum.convert(1, unit, 'g')).toBeUndefined();
  },
);

test('a unit that is only an annotation counts things', () => {
  expect(ucum.canonicalQuantity(3, '{score}')).toEqual({ value: 3, unit: '1' });
});
