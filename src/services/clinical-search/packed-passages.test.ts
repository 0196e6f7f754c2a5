import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packPassages, unpackPassages, type Passage } from './packed-passages.ts';

const number = fc.nat(0xffffffff);
const passage = fc
  .tuple(number, number, number, fc.array(fc.tuple(number, fc.nat(255))))
  .map(([from, to, length, terms]): Passage => ({
    from,
    to,
    length,
    terms: Uint32Array.from(terms, ([term]) => term),
    counts: Uint8Array.from(terms, ([, count]) => count),
  }));

test('passages that are cut off are refused', () => {
  const whole = packPassages([{ from: 0, to: 9, length: 2, terms: Uint32Array.of(1, 2), counts: Uint8Array.of(1, 1) }]);
  expect(() => unpackPassages(whole.subarray(0, 20))).toThrow('cut off');
});

test('passages come back as they were packed', () => {
  fc.assert(
    fc.property(fc.array(passage), (passages) => {
      expect(unpackPassages(packPassages(passages))).toEqual(passages);
    }),
  );
});
