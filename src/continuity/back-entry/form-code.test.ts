import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formCode, markLetters, nodeOf, readFormCode, scanText } from './form-code.ts';

const numbers = fc.record({
  mark: fc.string({ unit: fc.constantFrom(...markLetters), minLength: 4, maxLength: 4 }),
  day: fc.integer({ min: 0, max: 999_999 }).map((day) => String(day).padStart(6, '0')),
  number: fc.integer({ min: 1, max: 9999 }),
});

test('what is no number of a form is none', () => {
  for (const typed of ['', 'MEDK', 'MEDK-261123-0147', 'MEDK-261123-0147-00', '../x', 'FYR1:x:y', '1'.repeat(10_000)])
    expect(readFormCode(typed), typed).toBeUndefined();
});

test('one wrong letter or digit, or two neighbours swapped, find no form', () => {
  fc.assert(
    fc.property(numbers, fc.nat(), fc.constantFrom(...markLetters, ...'0123456789'), (number, place, other) => {
      const code = formCode(number);
      const at = place % code.length;
      const swapped = [...code];
      const next = code[at + 1] === '-' ? at + 2 : at + 1;
      if (code[at] === '-' || next >= code.length) return;
      if (other !== code[at]) expect(readFormCode(code.slice(0, at) + other + code.slice(at + 1))).toBeUndefined();
      [swapped[at], swapped[next]] = [code[next] as string, code[at] as string];
      if (code[at] !== code[next]) expect(readFormCode(swapped.join(''))).toBeUndefined();
    }),
  );
});

test('it is read as it was written, in small letters, without hyphens, with blanks, and from its QR code', () => {
  fc.assert(
    fc.property(numbers, (number) => {
      const code = formCode(number);
      for (const typed of [code, code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `])
        expect(readFormCode(typed)).toBe(code);
      expect(readFormCode(scanText('med-2', code))).toBe(code);
      expect(nodeOf(scanText('med-2', code))).toBe('med-2');
    }),
  );
});
