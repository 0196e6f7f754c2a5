import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Decimal } from '../json/decimal.ts';
import {
  add,
  compareNumeric,
  decimalText,
  divide,
  multiply,
  numericOf,
  remainder,
  divideWhole,
  round,
  subtract,
  type Numeric,
} from './decimal-math.ts';

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 8 }))
  .map(([unscaled, scale]): Numeric => {
    const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
    const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
    return numericOf((unscaled < 0n ? '-' : '') + text)!;
  });

test('what is added can be taken away again, to the digit', () => {
  fc.assert(fc.property(decimal, decimal, (a, b) => compareNumeric(subtract(add(a, b), b), a) === 0));
});

test('multiplication distributes over addition', () => {
  fc.assert(
    fc.property(decimal, decimal, decimal, (a, b, c) => {
      expect(compareNumeric(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c)))).toBe(0);
    }),
  );
});

test('whole division and remainder make up the dividend', () => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      const quotient = divideWhole(a, b);
      if (quotient === undefined) return compareNumeric(b, 0) === 0;
      return compareNumeric(add(multiply(quotient, b), remainder(a, b)!), a) === 0;
    }),
  );
});

test('keeps the digits that were written', () => {
  expect(decimalText(add(new Decimal('1.00'), 2))).toBe('3.00');
  expect(decimalText(multiply(new Decimal('1.10'), new Decimal('2.0')))).toBe('2.200');
  expect(decimalText(divide(1, 3)!)).toBe('0.3333333333333333333333333333');
  expect(decimalText(divide(new Decimal('4.0'), 2)!)).toBe('2');
  expect(decimalText(round(new Decimal('3.14159265358979323846'), 10))).toBe('3.1415926536');
  expect(decimalText(1e-7)).toBe('0.0000001');
  expect(divide(1, 0)).toBeUndefined();
});

test('refuses numbers that no record needs', () => {
  expect(() => add(new Decimal('1e999999'), 1)).toThrow('out of range');
});
