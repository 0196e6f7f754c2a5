import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beatLine, beatReader, newsLine, type Beat } from './beat.ts';

const ms = fc.option(fc.integer({ min: 0, max: 10 ** 12 }), { nil: undefined });

test('what is said is heard, however it is cut into pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant(undefined), fc.record({ silentMs: ms, ageMs: ms }))),
      fc.array(fc.nat(20)),
      (told, cuts) => {
        const text = told.map(beatLine).join('') + newsLine;
        const read = beatReader();
        const heard: Beat[] = [];
        let at = 0;
        for (const cut of cuts) heard.push(...read(text.slice(at, (at += cut))));
        heard.push(...read(text.slice(at)));
        expect(heard).toEqual([
          ...told.map((beyond) => ({ isNews: false, ...(beyond && { beyond }) })),
          { isNews: true },
        ]);
      },
    ),
  );
});

test('what nobody understands is a sign of life, and what never ends is not remembered', () => {
  const read = beatReader();
  expect(read('b 1\nb -1 x\n\0\nb 1 2 3\n')).toEqual(Array.from({ length: 4 }, () => ({ isNews: false })));
  for (let i = 0; i < 1000; i++) expect(read('x'.repeat(1000))).toEqual([]);
  expect(read('\nw\n').at(-1)).toEqual({ isNews: true });
});
