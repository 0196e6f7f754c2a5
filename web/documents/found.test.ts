import type { DocumentReference } from 'fhir/r4';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { found, pieces, placeOfPassage } from './found.ts';

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
  expect(pieces('1+1 (a)', { typed: '(a', hits: [] })).toEqual([
    { text: '1+1 ', isHit: false },
    { text: '(a', isHit: true },
    { text: ')', isHit: false },
  ]);
});

test('the pieces together are the text, whatever was typed', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (text, typed, hit) => {
      expect(
        pieces(text, { typed, hits: [hit] })
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
    }),
  );
});

test('what a search found is marked as a whole word, also where a line ends in it', () => {
  const text = 'Familie. AMI i 2014, infarkt i\nbakvegg.';
  const marked = pieces(text, { typed: '', hits: ['ami', 'infarkt i bakvegg'] }).filter(({ isHit }) => isHit);
  expect(marked.map((piece) => piece.text)).toEqual(['AMI', 'infarkt i\nbakvegg']);
});

test('a passage is found in a text with other breaks of lines, and behind a title that only search has', () => {
  expect(placeOfPassage('Først.\nInnlagt med AMI\ni natt.', 'Innlagt med AMI i natt.')).toBe(7);
  expect(placeOfPassage('Innlagt med AMI i natt.', 'Epikrise\nInnlagt med AMI i natt.')).toBe(0);
  expect(placeOfPassage('Noe annet.', 'Innlagt med AMI i natt.')).toBe(-1);
});
