import { expect, test } from 'vitest';
import type { Resource } from '../types.ts';
import type { Parameters, Query } from './index.ts';
import {
  icd10,
  gender,
  terminology,
  withSource,
  record,
  valueSet,
  codesOf,
  out,
  faultOf,
  letters,
  filter,
} from './terminology-for-test.ts';

test.each([
  ['concept', 'is-a', 'vowel', 'vowel a e é o'],
  ['concept', 'is-a', 'e', 'e é'],
  ['concept', 'descendent-of', 'vowel', 'a e é o'],
  ['concept', 'is-not-a', 'e', 'vowel a o b'],
  ['concept', 'generalizes', 'é', 'vowel e é'],
  ['concept', 'in', 'a, b', 'a b'],
  ['concept', 'not-in', 'a,b,vowel', 'e é o'],
  ['code', 'regex', '[ab]', 'a b'],
  ['display', 'regex', 'E.*', 'e é'],
  ['kind', '=', 'stop', 'b'],
  ['kind', 'exists', 'true', 'a b'],
  ['kind', 'exists', 'false', 'vowel e é o'],
  ['parent', '=', 'vowel', 'a e o'],
  ['inactive', '=', 'true', 'o'],
])('the filter %s %s %s gives %s', async (property, op, value, expected) => {
  const from = withSource(record(letters));
  expect((await codesOf(filter(property, op, value), from)).join(' ')).toBe(expected);
});

test.each([
  ['an operator that is not of R4', filter('concept', 'child-of', 'vowel'), 'notSupported'],
  ['a property that the system does not have', filter('colour', '=', 'red'), 'notSupported'],
  ['a code that the system does not have', filter('concept', 'is-a', 'zz'), 'unprocessable'],
  ['a pattern that is not a regular expression', filter('code', 'regex', '('), 'invalid'],
  ['a code system that is not here', valueSet({ include: [{ system: 'http://snomed.info/sct' }] }), 'notFound'],
  ['a value set that is not here', { url: 'urn:none' }, 'notFound'],
  ['no value set at all', {}, 'invalid'],
  ['a count that is no number', { url: gender, count: '-1' }, 'invalid'],
  ['an include without system and value set', valueSet({ include: [{}] }), 'unprocessable'],
  ['an include of the wrong shape', valueSet({ include: { system: 'urn:letters' } }), 'unprocessable'],
])('$expand refuses %s', async (_what, input, kind) => {
  expect(await faultOf(withSource(record(letters)).expand(input as Parameters))).toBe(kind);
});

test('a regular expression that never ends costs a moment and is refused', async () => {
  const long: Resource = { ...letters, concept: [{ code: `${'a'.repeat(60)}!` }] };
  expect(await faultOf(withSource(record(long)).expand(filter('code', 'regex', '((a+)+)+b')))).toBe('tooCostly');
});

test('$expand joins includes, leaves out what is excluded, and lists nothing twice', async () => {
  const nested: Resource = {
    resourceType: 'ValueSet',
    url: 'urn:vs:nested',
    compose: { include: [{ system: 'urn:letters', concept: [{ code: 'a' }, { code: 'b', display: 'Bee' }] }] },
  };
  const from = withSource(record(letters, nested));
  const include = [{ valueSet: ['urn:vs:nested'] }, { system: 'urn:letters' }];
  expect(
    await codesOf(valueSet({ include, exclude: [{ system: 'urn:letters', concept: [{ code: 'o' }] }] }), from),
  ).toEqual(['a', 'b', 'vowel', 'e', 'é']);
  expect(await codesOf(valueSet({ include: [{ system: 'urn:letters', valueSet: ['urn:vs:nested'] }] }), from)).toEqual([
    'a',
    'b',
  ]);
});

test('value sets that include each other are refused', async () => {
  const ring = (url: string, next: string): Resource => ({
    resourceType: 'ValueSet',
    url,
    compose: { include: [{ valueSet: [next] }] },
  });
  const from = withSource(record(ring('urn:one', 'urn:two'), ring('urn:two', 'urn:one')));
  expect(await faultOf(from.expand({ url: 'urn:one' }))).toBe('unprocessable');
});

test('$expand leaves out inactive codes when asked, marks abstract ones, and nests when nesting is wanted', async () => {
  const from = withSource(record(letters));
  expect(await codesOf({ url: 'urn:letters?fhir_vs', activeOnly: 'true' }, from)).not.toContain('o');
  const { expansion } = await from.expand({ url: 'urn:letters?fhir_vs', excludeNested: 'false' });
  expect(expansion?.contains?.map((each) => each.code)).toEqual(['vowel', 'b']);
  expect(expansion?.contains?.[0]).toMatchObject({
    abstract: true,
    contains: [{ code: 'a' }, { code: 'e', contains: [{ code: 'é' }] }, { code: 'o', inactive: true }],
  });
});

test('$expand gives displays in the asked language, and designations on request', async () => {
  const from = withSource(record(letters));
  const first = async (query: Query) =>
    (await from.expand({ url: 'urn:letters?fhir_vs=isa/a', ...query })).expansion?.contains?.[0];
  expect((await first({}))?.display).toBe('A');
  expect((await first({ displayLanguage: 'nb-NO' }))?.display).toBe('Bokstaven A');
  expect((await first({ includeDesignations: 'true' }))?.designation).toEqual([
    { language: 'nb', value: 'Bokstaven A' },
  ]);
});

test('a supplement of the record adds designations to the code system', async () => {
  const supplement: Resource = {
    resourceType: 'CodeSystem',
    url: 'urn:letters-nn',
    content: 'supplement',
    supplements: 'urn:letters',
    concept: [{ code: 'b', designation: [{ language: 'nn', value: 'Bokstaven B' }] }],
  };
  const found = await withSource(record(letters, supplement)).lookup({
    system: 'urn:letters',
    code: 'b',
    displayLanguage: 'nn',
  });
  expect(out(found, 'display')).toBe('Bokstaven B');
});

test.each([
  ['tromso', 'Tromsø'],
  ['TROMSØ', 'Tromsø'],
  ['aase', 'Åse'],
  ['ase', 'Åse'],
  ['Åse', 'Åse'],
  ['verk naev', 'Nævne verket'],
])('the text filter %s finds %s', async (text, display) => {
  const concept = ['Tromsø', 'Åse', 'Nævne verket'].map((each, at) => ({ code: String(at), display: each }));
  const input = valueSet({ include: [{ system: 'urn:x', concept }] });
  input.parameter?.push({ name: 'filter', valueString: text });
  const found = (await terminology.expand(input)).expansion?.contains ?? [];
  expect(found.map((each) => each.display)).toEqual([display]);
});

test('a page of an expansion tells its offset and the total', async () => {
  const { expansion } = await terminology.expand({ url: `${icd10}?fhir_vs`, offset: '10', count: '5' });
  expect(expansion).toMatchObject({ offset: 10 });
  expect(expansion?.total).toBeGreaterThan(21_000);
  expect(expansion?.contains).toHaveLength(5);
});

test('the whole of ICD-10 at once is too costly, and its expansion says that the list is a fragment', async () => {
  expect(await faultOf(terminology.expand({ url: `${icd10}?fhir_vs` }))).toBe('tooCostly');
  const { expansion } = await terminology.expand({ url: `${icd10}?fhir_vs`, count: '1' });
  expect(expansion?.parameter).toContainEqual({ name: 'warning-fragment', valueUri: `${icd10}|2026` });
});
