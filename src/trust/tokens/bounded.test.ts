/** A map with a limit: what is used stays, what nobody used for long goes, and there are never more than the limit. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bounded } from './bounded.ts';

test('never holds more than its limit, nor a value that was replaced or deleted', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('get', 'set', 'delete'), fc.integer({ min: 0, max: 30 })), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const map = bounded<number>(10);
      const told = new Map<string, number>();
      all.forEach(([what, which], time) => {
        const key = String(which);
        if (what === 'get') expect([undefined, told.get(key)]).toContain(map.get(key));
        if (what === 'delete') {
          map.delete(key);
          told.delete(key);
        }
        if (what === 'set') {
          map.set(key, time);
          told.set(key, time);
          expect(map.get(key)).toBe(time);
        }
      });
      const held = [...told.keys()].filter((key) => map.get(key) !== undefined);
      expect(held.length).toBeLessThanOrEqual(10);
    }),
  );
});

test('what was among the last half of the limit that was used is still there', () => {
  const map = bounded<number>(10);
  for (let i = 0; i < 100; i++) {
    map.set(`once ${i}`, i);
    if (i === 0) map.set('again and again', 1);
    expect(map.get('again and again')).toBe(1);
  }
  for (let i = 96; i < 100; i++) expect(map.get(`once ${i}`)).toBe(i);
  expect(map.get('once 50')).toBeUndefined();
  map.clear();
  expect(map.get('again and again')).toBeUndefined();
});
