import fc from 'fast-check';
import { expect, test } from 'vitest';
import { piecesOf } from './pieces.ts';

test('the pieces are the whole text, whatever is marked', () => {
  const places = fc.array(fc.record({ from: fc.nat(60), to: fc.nat(60) }), { maxLength: 8 });
  fc.assert(
    fc.property(fc.string({ maxLength: 50 }), places, (text, found) => {
      const pieces = piecesOf(text, [{ word: 'x', weight: 1, places: found }]);
      expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    }),
  );
});

test('each place of a word is marked', () => {
  const words = [
    {
      word: 'svar',
      weight: 1,
      places: [
        { from: 0, to: 4 },
        { from: 8, to: 12 },
      ],
    },
  ];
  expect(piecesOf('Svar og svar', words).map(({ isMarked }) => isMarked)).toEqual([true, false, true]);
});
