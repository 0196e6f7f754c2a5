import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Hit, Mark } from '#services/clinical-search/contract.ts';
import { glanceOf, markedPieces, placeOf } from './marked.ts';

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

test('at a glance one sees what is around the first mark, and marks stay where their words are', () => {
  const text = `${'fyll '.repeat(60)}AMI i 2014, STEMI ${'rest '.repeat(100)}`;
  const at = text.indexOf('AMI');
  const glance = glanceOf(text, [mark(at, at + 3), mark(text.indexOf('STEMI'), text.indexOf('STEMI') + 5)]);
  expect(glance.text.length).toBeLessThan(330);
  expect(glance.marks.map(({ from, to }) => glance.text.slice(from, to))).toEqual(['AMI', 'STEMI']);
  expect([glance.text.startsWith('… '), glance.text.endsWith(' …')]).toEqual([true, true]);
  expect(glanceOf('Kort.', []).text).toBe('Kort.');
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
  expect(placeOf(hit)).toBe('/patients/p1/documents/d1?hit=ami');
  expect(placeOf({ ...hit, type: 'Observation', kind: 'result' })).toBe('/patients/p1/results?period=all&test=Notat');
  expect(placeOf({ ...hit, type: 'Condition', kind: 'diagnosis', at: '2014-03-03T23:30:00.000Z' })).toBe(
    '/patients/p1/timeline?span=2014-03-04',
  );
});
