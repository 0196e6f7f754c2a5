import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseLanguage, languages, writeDate, writeNumber, writeQuantity } from './languages.ts';
import { lineOf } from './lines.ts';
import { escapeXml } from './narrative.ts';

describe('The language', () => {
  const cases: readonly (readonly [(string | undefined)[], string])[] = [
    [[undefined, undefined], 'nb'],
    [['', '*'], 'nb'],
    [['nn'], 'nn'],
    [['en', 'nn'], 'en'],
    [[undefined, 'de, nn-NO;q=0.7, en;q=0.9'], 'en'],
    [[undefined, 'no, en;q=0.8'], 'nb'],
    [[undefined, 'en;q=0, nn;q=0.1'], 'nn'],
    [['sv'], 'nb'],
    [['sv', 'en-GB'], 'en'],
  ];
  test.each(cases)('that %j asks for is %s', (wanted, expected) => {
    expect(chooseLanguage(...wanted)).toBe(expected);
  });
});

describe('Dates and numbers are written as the language writes them', () => {
  test.each([
    ['2026-05-03', '3. mai 2026', '3. mai 2026', '3 May 2026'],
    ['2026-12', 'desember 2026', 'desember 2026', 'December 2026'],
    ['2026', '2026', '2026', '2026'],
    ['2026-11-01T00:30:00+01:00', '1. november 2026', '1. november 2026', '1 November 2026'],
    ['2026-13-01', '2026', '2026', '2026'],
    ['i fjor', 'i fjor', 'i fjor', 'i fjor'],
  ])('%s', (text, ...expected) => {
    expect(languages.map((language) => writeDate(language, text))).toEqual(expected);
  });
  test.each([
    [7.5, '7,5', '7.5'],
    ['7.50', '7,50', '7.50'],
    [9999, '9999', '9999'],
    [12345, '12\u00a0345', '12,345'],
    [1234567.25, '1\u00a0234\u00a0567,25', '1,234,567.25'],
    [-0.3, '\u22120,3', '\u22120.3'],
    [1e-7, '1e-7', '1e-7'],
  ])('%s', (value, norwegian, english) => {
    expect(writeNumber('nb', value)).toBe(norwegian);
    expect(writeNumber('en', value)).toBe(english);
  });
  test('a quantity has its comparator and unit', () => {
    expect(writeQuantity('nb', { value: 5, comparator: '<', unit: 'mg/L' })).toBe('<5\u00a0mg/L');
    expect(writeQuantity('nb', { value: 5, code: '1' })).toBe('5');
    expect(writeQuantity('nb', {})).toBeUndefined();
  });
});

test('a line of anything is text, in every language, and safe in a page', () => {
  const types = [
    'AllergyIntolerance',
    'Condition',
    'MedicationRequest',
    'Observation',
    'Consent',
    'CarePlan',
    'Encounter',
    'X',
  ];
  const elements = fc.dictionary(
    fc.constantFrom(
      'code',
      'status',
      'reaction',
      'dosageInstruction',
      'component',
      'referenceRange',
      'period',
      'provision',
      'activity',
      'valueQuantity',
      'valueRatio',
      'interpretation',
      'medicationReference',
    ),
    fc.anything(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...types), elements, fc.constantFrom(...languages), (resourceType, rest, language) => {
      const { what, details, when } = lineOf({ ...rest, resourceType, id: 'x' }, language);
      for (const text of [what, details, when]) {
        expect(typeof text).toBe('string');
        expect(escapeXml(text)).not.toMatch(/[<>]/);
      }
    }),
    { numRuns: 500 },
  );
});
