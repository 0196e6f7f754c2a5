import type { DocumentReference } from 'fhir/r4';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { found, pieces } from './found.ts';

const document = (description: string, category: string): DocumentReference => ({
  resourceType: 'DocumentReference',
  status: 'current',
  description,
  category: [{ text: category }],
  content: [],
});

test('every word has to be somewhere, and the kind is the chosen one', () => {
  const all = [document('Epikrise, pneumoni', 'Epikriser'), document('RG thorax', 'Bilder')];
  expect(found(all, 'PNEUMONI epikr', '')).toEqual([all[0]]);
  expect(found(all, '', 'Bilder')).toEqual([all[1]]);
  expect(found(all, 'pneumoni', 'Bilder')).toEqual([]);
});

test('what was typed is a text, not a pattern', () => {
  expect(pieces('1+1 (a)', '(a')).toEqual([
    { text: '1+1 ', isHit: false },
    { text: '(a', isHit: true },
    { text: ')', isHit: false },
  ]);
});

test('the pieces together are the text, whatever was typed', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, typed) => {
      expect(
        pieces(text, typed)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
    }),
  );
});
