import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '#fhir/json/index.ts';
import { readable, sideBySide } from './compare.ts';

const one = {
  resourceType: 'AllergyIntolerance',
  id: 'a',
  meta: { versionId: '2-a' },
  criticality: 'low',
  note: [{ text: 'x' }],
};
const other = { ...one, meta: { versionId: '2-b' }, criticality: 'high' };

test('what differs stands first, with what it was before; what names the version is no difference', () => {
  const rows = sideBySide([one, other], { ...one, criticality: 'low' });
  expect(rows.map(({ element, isDifferent }) => [element, isDifferent])).toEqual([
    ['criticality', true],
    ['note', false],
  ]);
  expect(rows[0]).toMatchObject({ values: ['low', 'high'], texts: ['low', 'high'], before: { value: 'low' } });
});

test('of a deletion every element is missing', () => {
  const rows = sideBySide([one, undefined], undefined);
  expect(rows.every(({ isDifferent, values }) => isDifferent && values[1] === undefined)).toBe(true);
});

test('the order of keys is no difference, the order of items is', () => {
  const isDifferent = (left: object, right: object): boolean | undefined =>
    sideBySide([left as never, right as never], undefined)[0]?.isDifferent;
  expect(isDifferent({ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } })).toBe(false);
  expect(isDifferent({ a: [1, 2] }, { a: [2, 1] })).toBe(true);
});

test('data types are told in words, decimals to the letter', () => {
  const told = (text: string): string => readable(parseJson(text));
  expect(told('{"coding":[{"system":"s","code":"c","display":"Penicillin"}]}')).toBe('Penicillin');
  expect(told('{"coding":[{"system":"s","code":"c"}],"text":"Penicillin"}')).toBe('Penicillin');
  expect(told('{"value":1.00,"unit":"mg"}')).toBe('1.00 mg');
  expect(told('{"reference":"Practitioner/1","display":"Kari"}')).toBe('Kari');
  expect(told('{"start":"2026-01-01"}')).toBe('2026-01-01 –');
  expect(told('[{"text":"two a day","asNeededBoolean":false}]')).toContain('two a day');
});

test('any JSON is read without an end, and any two versions give each element once', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(json, json, (left, right) => {
      expect(typeof readable(left)).toBe('string');
      const elements = sideBySide([left as never, right as never], undefined).map(({ element }) => element);
      expect(new Set(elements).size).toBe(elements.length);
    }),
    { numRuns: 200 },
  );
});
