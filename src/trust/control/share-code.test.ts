import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeLetters, hashOfCode, readShareCode, shareCodeOf } from './share-code.ts';

test('what is no code is told from one', () => {
  for (const typed of [
    '',
    'abc',
    '0000-0000-0000-000',
    '0000-0000-0000-00000',
    'UUUU-UUUU-UUUU-UUUU',
    '....-....-....-....',
  ])
    expect(readShareCode(typed)).toBeUndefined();
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (typed) => {
      const read = readShareCode(typed);
      return read === undefined || readShareCode(read) === read;
    }),
  );
});

test('a code is read as people type it, and its hash does not tell it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: codeLetters, maxLength: codeLetters }), (bytes) => {
      const code = shareCodeOf(bytes);
      expect(readShareCode(code)).toBe(code);
      expect(
        readShareCode(` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `),
      ).toBe(code);
      expect(hashOfCode(code)).not.toContain(code);
    }),
  );
});
