import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadDefinitions } from '../definitions/index.ts';
import { compile } from '../fhirpath/index.ts';
import type { Resource } from '../types.ts';
import { checkSearchParameter } from './search-parameter.ts';

const definitions = loadDefinitions();
const none = new Map();

const parameter = (more: object): Resource => ({
  resourceType: 'SearchParameter',
  id: 'own',
  url: 'http://example.no/SearchParameter/own',
  name: 'own',
  status: 'active',
  description: 'ours',
  code: 'own',
  base: ['Patient'],
  type: 'token',
  expression: 'Patient.maritalStatus',
  ...more,
});
const problems = (more: object): string[] =>
  checkSearchParameter({ definitions, compile, stored: none }, parameter(more)).map(
    (issue) => `${issue.expression?.[0]} ${issue.diagnostics}`,
  );

test.each([
  ['a path', {}],
  ['an extension', { expression: "Patient.extension.where(url='http://x').value", type: 'string' }],
  [
    'a path of two types',
    { base: ['Patient', 'Person'], expression: 'Patient.photo.title | Person.photo.title', type: 'string' },
  ],
  ['a draft, whatever is in it', { status: 'draft', expression: '(((' }],
  [
    'a parameter of the standard itself',
    { url: 'http://hl7.org/fhir/SearchParameter/Patient-active', code: 'active', expression: 'Patient.active' },
  ],
  [
    'a composite of known components',
    {
      type: 'composite',
      base: ['Observation'],
      expression: 'Observation',
      component: [
        { definition: 'http://hl7.org/fhir/SearchParameter/clinical-code', expression: 'code' },
        { definition: 'http://hl7.org/fhir/SearchParameter/clinical-date', expression: 'effective' },
      ],
    },
  ],
])('takes %s', (_, more) => {
  expect(problems(more)).toEqual([]);
});

test.each([
  ['a broken expression', { expression: 'Patient.where(' }, 'SearchParameter.expression'],
  ['an element that is not there', { expression: 'Patient.shoeSize' }, 'SearchParameter.expression'],
  ['an expression about another type', { expression: 'Observation.code' }, 'has nothing for Patient'],
  ['no expression', { expression: undefined }, 'needs an expression'],
  ['an unknown base', { base: ['Patients'] }, 'no resource type "Patients"'],
  ['no base', { base: [] }, 'needs a base'],
  ['a type that does not fit', { type: 'quantity' }, "can't search CodeableConcept"],
  ['a date that is none', { type: 'date', expression: 'Patient.name' }, "can't search HumanName"],
  ['the name of another parameter', { code: 'gender' }, '"gender" is the name of'],
  ['a name of the standard', { code: '_mine' }, "standard's own"],
  ['a name that cannot be asked for', { code: 'a:b' }, "can't be a parameter's name"],
  ['a special one', { type: 'special' }, 'special'],
  ['a composite of one', { type: 'composite', component: [] }, 'two components'],
  [
    'a composite of what is not known',
    {
      type: 'composite',
      component: [
        { definition: 'http://x', expression: 'a' },
        { definition: 'http://y', expression: 'b' },
      ],
    },
    'SearchParameter.component',
  ],
])('refuses %s', (_, more, words) => {
  expect(problems(more).join('\n')).toContain(words);
});

test('refuses a second resource with the url of another', () => {
  const stored = new Map([
    [
      'first',
      { url: 'http://example.no/SearchParameter/own', code: 'first', base: ['Patient'], type: 'token' as const },
    ],
  ]);
  const issues = checkSearchParameter({ definitions, compile, stored }, parameter({}));
  expect(issues.map((issue) => issue.code)).toEqual(['duplicate']);
});

test('takes every search parameter of the standard that has an expression, were it active', () => {
  const files = globSync('node_modules/hl7.fhir.r4.examples/SearchParameter-*.json');
  expect(files.length).toBeGreaterThan(500);
  const known = new Set(definitions.searchParameters.map(({ url }) => url));
  const refused = files.flatMap((file) => {
    const resource = JSON.parse(readFileSync(file, 'utf8')) as Resource;
    if (!known.has(resource['url'] as string)) return [];
    const issues = checkSearchParameter({ definitions, compile, stored: none }, { ...resource, status: 'active' });
    return issues.map((issue) => `${resource.id}: ${issue.diagnostics}`);
  });
  expect(refused).toEqual([]);
});
