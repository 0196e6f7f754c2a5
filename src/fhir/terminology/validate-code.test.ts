import { expect, test } from 'vitest';
import type { Parameters, Query } from './index.ts';
import { icd10, gender, genderSystem, terminology, out, issueCodes, faultOf } from './terminology-for-test.ts';

test.each<[string, Query, boolean, string[]]>([
  ['a code of the value set', { url: gender, system: genderSystem, code: 'female' }, true, []],
  ['a code that is not', { url: gender, system: genderSystem, code: 'kvinne' }, false, ['code-invalid']],
  [
    'a right code with a wrong display',
    { url: gender, system: genderSystem, code: 'female', display: 'Male' },
    false,
    ['invalid'],
  ],
  [
    'a wrong display, when told to be lenient',
    { url: gender, system: genderSystem, code: 'female', display: 'Male', 'lenient-display-validation': 'true' },
    true,
    ['invalid'],
  ],
  ['a code of another system', { url: gender, system: 'urn:other', code: 'female' }, false, ['code-invalid']],
  ['a code without its system', { url: gender, code: 'female' }, false, ['invalid']],
  ['a code whose system is to be inferred', { url: gender, code: 'female', inferSystem: 'true' }, true, []],
  [
    'a SNOMED CT code, without SNOMED CT',
    { url: 'http://hl7.org/fhir/ValueSet/clinical-findings', system: 'http://snomed.info/sct', code: '22298006' },
    false,
    ['not-found'],
  ],
  [
    'a mime type',
    { url: 'http://hl7.org/fhir/ValueSet/mimetypes', system: 'urn:ietf:bcp:13', code: 'image/png' },
    true,
    [],
  ],
  [
    'what is no mime type',
    { url: 'http://hl7.org/fhir/ValueSet/mimetypes', system: 'urn:ietf:bcp:13', code: 'png' },
    false,
    ['code-invalid'],
  ],
  [
    'a language',
    { url: 'http://hl7.org/fhir/ValueSet/all-languages', system: 'urn:ietf:bcp:47', code: 'nb-NO' },
    true,
    [],
  ],
  [
    'a unit',
    { url: 'http://hl7.org/fhir/ValueSet/ucum-units', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
    true,
    [],
  ],
  [
    'what is no unit',
    { url: 'http://hl7.org/fhir/ValueSet/ucum-units', system: 'http://unitsofmeasure.org', code: 'stykk' },
    false,
    ['code-invalid'],
  ],
])('ValueSet/$validate-code: %s', async (_what, query, result, issues) => {
  const answer = await terminology.validateCode('ValueSet', query);
  expect([out(answer, 'result'), issueCodes(answer)]).toEqual([result, issues]);
});

test.each<[string, Query, boolean, string[]]>([
  ['a code system that is not here', { url: 'http://snomed.info/sct', code: '22298006' }, false, ['not-found']],
  ['a code outside a fragment', { url: icd10, code: 'Q999999' }, false, ['not-found']],
  ['a code outside a complete list', { url: genderSystem, code: 'x' }, false, ['code-invalid']],
  ['a category', { url: icd10, code: 'E11' }, true, []],
  [
    'a category, where abstract codes are not wanted',
    { url: icd10, code: 'E11', abstract: 'false' },
    false,
    ['business-rule'],
  ],
  ['another spelling', { url: icd10, code: 'E11.9' }, true, ['informational']],
])('CodeSystem/$validate-code: %s', async (_what, query, result, issues) => {
  const answer = await terminology.validateCode('CodeSystem', query);
  expect([out(answer, 'result'), issueCodes(answer)]).toEqual([result, issues]);
});

test('of a CodeableConcept one valid coding is enough', async () => {
  const input = (...codes: string[]): Parameters => ({
    resourceType: 'Parameters',
    parameter: [
      { name: 'url', valueUri: gender },
      {
        name: 'codeableConcept',
        valueCodeableConcept: { coding: codes.map((code) => ({ system: genderSystem, code })) },
      },
    ],
  });
  expect(out(await terminology.validateCode('ValueSet', input('x', 'male')), 'result')).toBe(true);
  expect(out(await terminology.validateCode('ValueSet', input('x', 'y')), 'result')).toBe(false);
  expect(await faultOf(terminology.validateCode('ValueSet', input()))).toBe('invalid');
  expect(await faultOf(terminology.validateCode('ValueSet', { url: gender }))).toBe('invalid');
});

test.each([
  [gender, genderSystem, 'male', true],
  [gender, genderSystem, 'x', false],
  [gender, undefined, 'male', true],
  [gender, undefined, 'x', false],
  [`${gender}|4.0.1`, genderSystem, 'male', true],
  [`${gender}|9.9`, genderSystem, 'male', undefined],
  ['http://hl7.org/fhir/ValueSet/clinical-findings', 'http://snomed.info/sct', '1', undefined],
  ['http://hl7.org/fhir/ValueSet/condition-code', icd10, 'E110', false],
  ['urn:none', genderSystem, 'male', undefined],
  [`${icd10}?fhir_vs=isa/E11`, icd10, 'E11.9', true],
  [`${icd10}?fhir_vs=isa/E11`, icd10, 'I10', false],
  [`${icd10}?fhir_vs=isa/E11`, icd10, 'E1199', undefined],
] as const)('asked at once whether %s holds %s %s: %s', (url, system, code, expected) => {
  expect(terminology.validateCodeSync(url, system, code)).toBe(expected);
});
