import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOf, typedOf } from './typed-time.ts';

test('what is no time is none', () => {
  for (const typed of ['', 'nå', '2026-13-40T10:00', '2026-11-23']) expect(instantOf(typed)).toBe(undefined);
});

test('a typed time is on a Norwegian clock, in summer and in winter', () => {
  expect(instantOf('2026-11-23T04:10')).toBe(Date.parse('2026-11-23T03:10:00Z'));
  expect(instantOf('2026-07-01T04:10')).toBe(Date.parse('2026-07-01T02:10:00Z'));
});

test('what is written is read again, but for the hour that comes twice', () => {
  const minutes = fc
    .integer({ min: Date.parse('2020-01-01'), max: Date.parse('2030-01-01') })
    .map((ms) => ms - (ms % 60_000));
  fc.assert(
    fc.property(minutes, (at) => {
      const read = instantOf(typedOf(at)) as number;
      expect([0, 3_600_000]).toContain(at - read);
      expect(typedOf(read)).toBe(typedOf(at));
    }),
  );
});
