import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Hit, Mark } from '#services/clinical-search/contract.ts';
import { markedPieces, placeOf } from './marked.ts';

const mark = (from: number, to: number): Mark => ({ from, to, way: 'word', isDenied: false });

test('a passage is cut at its marks, and whole again when put together', () => {
  expect(markedPieces('Innlagt med AMI.', [mark(12, 15)]).map(({ text }) => text)).toEqual([
    'Innlagt med ',
    'AMI',
    '.',
  ]);
  const marks = fc.array(fc.tuple(fc.nat(60), fc.nat(60)).map(([from, to]) => mark(from, to)));
  fc.assert(
    fc.property(fc.string({ maxLength: 50 }), marks, (passage, all) => {
      expect(
        markedPieces(passage, all)
          .map(({ text }) => text)
          .join(''),
      ).toBe(passage);
    }),
  );
});

test('a document is opened in the reader with the words that were found', () => {
  const hit: Hit = {
    type: 'DocumentReference',
    id: 'd1',
    patient: 'p1',
    kind: 'document',
    title: 'Notat',
    passage: 'Innlagt med AMI.',
    passageFrom: 0,
    marks: [mark(12, 15)],
    why: [],
    isDenied: false,
  };
  expect(placeOf(hit)).toBe('/patients/p1/documents/d1?words=ami');
  expect(placeOf({ ...hit, type: 'Observation', kind: 'result' })).toBe('/patients/p1/results');
});
