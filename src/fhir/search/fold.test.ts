/** Spellings that must meet, and the properties that prefix and substring search stand on. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold, plainFold, stem, stems } from './fold.ts';

describe('all ways to write a name meet', () => {
  test.each([
    ['Tromsø', 'tromso', 'TROMSOE', 'Tromso\u0308'],
    ['Åse', 'aase', 'ase', 'A\u030ase', 'Ase'],
    ['Bærum', 'baerum', 'BÆRUM'],
    ['Müller', 'muller', 'MULLER'],
    ['Groß', 'gross'],
    ['Čohkka', 'cohkka'],
    ['Ŋuorra', 'nuorra'],
    ['  Per   Olav ', 'per olav'],
  ])('%s', (...spellings) => {
    expect(new Set(spellings.map(fold)).size).toBe(1);
  });
});

const name = fc.string({ unit: fc.constantFrom(...'aaåoøeæAEOØÅnsl é'), maxLength: 12 });

test('a prefix of a name folds to a prefix of the folded name', () => {
  fc.assert(
    fc.property(name, fc.nat(12), (text, length) => {
      const start = text.trimStart().slice(0, length);
      return fold(text).startsWith(fold(start));
    }),
  );
});

test('a part of a name stands in its plain or its full fold, plain or full', () => {
  fc.assert(
    fc.property(name, fc.nat(12), fc.nat(12), (text, from, length) => {
      const part = text.slice(from, from + length);
      const parts = [plainFold(part), fold(part)];
      return [plainFold(text), fold(text)].some((whole) => parts.some((one) => whole.includes(one)));
    }),
  );
});

test('folding what is folded plain changes nothing', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => plainFold(plainFold(text)) === plainFold(text)));
});

test.each([
  ['hjerte', 'hjertet'],
  ['hjerte', 'hjertets'],
  ['medisin', 'medisinen'],
  ['medisin', 'medisiner'],
  ['sykehus', 'sykehuset'],
])('%s and %s have one stem', (one, other) => {
  expect(stem(fold(one))).toBe(stem(fold(other)));
});

test('words are distinct, and without punctuation', () => {
  expect(stems('Blood pressure, (blood) – 120/80!')).toEqual(
    ['blood', 'pressur', '120', '80'].map((word) => stem(word)),
  );
});
