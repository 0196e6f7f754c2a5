import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

const limitOf = (perSecond: number, burst: number, keysMax?: number) => {
  const time = { ms: 1_000_000 };
  const clock = { now: () => time.ms };
  return { time, limit: createRateLimit({ perSecond, burst, clock, ...(keysMax === undefined ? {} : { keysMax }) }) };
};

test('who has emptied the bucket is told how long to wait, and waits no longer', () => {
  const { time, limit } = limitOf(10, 3);
  expect([1, 2, 3].map(() => limit.take('a'))).toEqual([0, 0, 0]);
  expect(limit.take('a')).toBe(100);
  time.ms += 99;
  expect(limit.take('a')).toBe(1);
  time.ms += 1;
  expect(limit.take('a')).toBe(0);
  expect(limit.take('b')).toBe(0);
});

test('nobody gets more than the bucket and what has come back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 }),
      (perSecond, burst, pauses) => {
        const { time, limit } = limitOf(perSecond, burst);
        const begun = time.ms;
        let taken = 0;
        for (const pause of pauses) {
          time.ms += pause;
          if (limit.take('a') === 0) taken++;
          expect(taken).toBeLessThanOrEqual(burst + ((time.ms - begun) * perSecond) / 1000 + 1e-6);
        }
      },
    ),
  );
});

test('a flood of new keys does not fill the memory, and one that rests starts anew', () => {
  const { time, limit } = limitOf(1, 1, 100);
  for (let key = 0; key < 10_000; key++) limit.take(String(key));
  expect(limit.take('9999')).toBeGreaterThan(0);
  time.ms += 1000;
  expect(limit.take('9999')).toBe(0);
});
