import { expect, test } from 'vitest';
import { icd10, icpc2, terminology, out, faultOf } from './terminology-for-test.ts';

test.each([
  [icd10, 'E110', 'Diabetes mellitus type 2 med koma'],
  [icd10, 'E11.0', 'Diabetes mellitus type 2 med koma'],
  [icd10, 'I10', 'Essensiell (primær) hypertensjon'],
  ['http://hl7.org/fhir/sid/icd-10', 'E11.0', 'Diabetes mellitus type 2 med koma'],
  [icpc2, 'A03', 'Feber'],
  ['http://hl7.org/fhir/sid/icpc-2', 'R991', 'Covid-19 (mistenkt/sannsynlig)'],
])('%s has %s: %s', async (system, code, display) => {
  expect(out(await terminology.lookup({ system, code }), 'display')).toBe(display);
  expect(out(await terminology.validateCode('CodeSystem', { url: system, code, display }), 'result')).toBe(true);
});

test('the hierarchy of ICD-10 goes from chapter to category to code', () => {
  expect(terminology.ancestors(icd10, 'E110')).toEqual(expect.arrayContaining(['E11', 'IV']));
  expect(terminology.descendants(icd10, 'E11')).toEqual(expect.arrayContaining(['E110', 'E11.0', 'E119']));
  expect(terminology.descendants(icd10, 'E11')).not.toContain('E100');
  expect(terminology.ancestors(icd10, 'M0001')).toEqual(expect.arrayContaining(['M000', 'M00.0', 'M00', 'XIII']));
  expect(terminology.ancestors(icpc2, 'A981')).toEqual(expect.arrayContaining(['A98', 'A']));
  expect(terminology.descendants('http://snomed.info/sct', '22298006')).toBeUndefined();
});

test.each([
  ['E11', 'E110', 'subsumes'],
  ['E11.9', 'E11', 'subsumed-by'],
  ['E110', 'E11.0', 'equivalent'],
  ['E11', 'I10', 'not-subsumed'],
  ['IX', 'I219', 'subsumes'],
])('$subsumes: %s and %s are %s', async (codeA, codeB, outcome) => {
  expect(out(await terminology.subsumes({ system: icd10, codeA, codeB }), 'outcome')).toBe(outcome);
});

test('$subsumes refuses an unknown code, an unknown system and two systems', async () => {
  expect(await faultOf(terminology.subsumes({ system: icd10, codeA: 'E11', codeB: '??' }))).toBe('notFound');
  expect(await faultOf(terminology.subsumes({ system: 'urn:none', codeA: 'a', codeB: 'b' }))).toBe('notFound');
  const codings = ['A', 'B'].map((each) => ({ name: `coding${each}`, valueCoding: { system: each, code: each } }));
  expect(await faultOf(terminology.subsumes({ resourceType: 'Parameters', parameter: codings }))).toBe('invalid');
});

test('$lookup tells properties, parents and children, and only those asked for', async () => {
  const all = await terminology.lookup({ system: icd10, code: 'E11' });
  const properties = (all.parameter ?? [])
    .filter((each) => each.name === 'property')
    .map((each) => each.part?.[1]?.['valueCode']);
  expect(properties).toEqual(expect.arrayContaining(['IV', 'E110', 'E119']));
  const parents = await terminology.lookup({ system: icd10, code: 'E11', property: 'parent' });
  expect((parents.parameter ?? []).filter((each) => each.name === 'property')).toHaveLength(1);
  expect(await faultOf(terminology.lookup({ system: icd10, code: 'QQQ' }))).toBe('notFound');
  expect(await faultOf(terminology.lookup({ system: icd10 }))).toBe('invalid');
});
