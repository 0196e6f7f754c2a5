import { expect, test } from 'vitest';
import { Fault } from '#kernel/fault.ts';
import { loadDefinitions } from '../definitions/index.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import { compile, Node, pathOf, type CompileOptions, type Environment } from './index.ts';

const { model } = loadDefinitions();

const patient = parseJson(`{
  "resourceType": "Patient", "id": "kari", "active": true, "birthDate": "1974-12-25",
  "_birthDate": { "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/patient-birthTime", "valueDateTime": "1974-12-25T14:35:45+01:00" }] },
  "name": [{ "family": "Nordmann", "given": ["Kari", null], "_given": [null, { "extension": [{ "url": "urn:x", "valueCode": "masked" }] }] }],
  "managingOrganization": { "reference": "#org" },
  "generalPractitioner": [{ "reference": "Practitioner/1" }, { "reference": "http://example.org/fhir/Organization/2/_history/3" }, { "reference": "urn:uuid:6", "type": "PractitionerRole" }],
  "contained": [{ "resourceType": "Organization", "id": "org", "name": "Fyr" }]
}`) as Resource;

const observation = parseJson(`{
  "resourceType": "Observation", "status": "final",
  "code": { "coding": [{ "system": "http://loinc.org", "code": "85354-9" }] },
  "component": [
    { "code": { "text": "a" }, "valueQuantity": { "value": 1.50, "unit": "g", "system": "http://unitsofmeasure.org", "code": "g" } },
    { "code": { "text": "b" }, "valueQuantity": { "value": 2, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg" } },
    { "code": { "text": "c" }, "valueString": "none" }
  ]
}`) as Resource;

function values(
  text: string,
  input: Resource | null = patient,
  options: Partial<CompileOptions> = {},
  environment: Environment = {},
): unknown[] {
  return compile(text, { model, ...options })
    .evaluate(input, environment)
    .map(({ value }) => value);
}

function fault(run: () => unknown): Fault {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('no fault');
}

test('a node knows its path, its parent and the JSON property that it came from', () => {
  const [given] = compile('Patient.name.given', { model }).evaluate(patient);
  expect(pathOf(given!)).toBe('Patient.name[0].given[0]');
  const [quantity] = compile('Observation.component.value', { model }).evaluate(observation);
  expect(pathOf(quantity!)).toBe('Observation.component[0].value');
  expect([quantity!.key, quantity!.index, quantity!.parent?.index, quantity!.type]).toEqual([
    'valueQuantity',
    undefined,
    0,
    'Quantity',
  ]);
});

test('choice types are found by their element name, and only by it', () => {
  expect(values('component.value.ofType(string)', observation)).toEqual(['none']);
  expect(values('component.valueString', observation)).toEqual([]);
  expect(values("component.where(value is Quantity and value > 1 'g').code.text", observation)).toEqual(['a']);
});

test('a primitive that only has extensions is there without a value', () => {
  expect(values('name.given.count()')).toEqual([2]);
  expect(values('name.given.select(hasValue())')).toEqual([true, false]);
  expect(values("name.given.extension('urn:x').value")).toEqual(['masked']);
  expect(values('birthDate.extension.value is dateTime')).toEqual([true]);
});

test('decimals keep the digits that they were written with', () => {
  expect(String(values('component.value.first().value', observation)[0])).toBe('1.50');
  expect(values('component.value.first().value.toString()', observation)).toEqual(['1.50']);
  expect(String(values('1.10 + 2.2')[0])).toBe('3.30');
  expect(values('0.1 + 0.2 = 0.3')).toEqual([true]);
});

test('resolve() gives a stub of the type that the reference names', () => {
  expect(values('generalPractitioner.where(resolve() is Practitioner).reference')).toEqual(['Practitioner/1']);
  expect(values('generalPractitioner.resolve()')).toEqual([
    { resourceType: 'Practitioner', id: '1' },
    { resourceType: 'Organization', id: '2' },
    { resourceType: 'PractitionerRole' },
  ]);
});

test('resolve() finds contained resources and asks the resolver', () => {
  expect(values('managingOrganization.resolve().name')).toEqual(['Fyr']);
  const [organization] = compile('managingOrganization', { model }).evaluate(patient);
  expect(
    compile('resolve().name', { model })
      .evaluate(organization!)
      .map(({ value }) => value),
  ).toEqual(['Fyr']);
  const resolve = (reference: string): Resource | undefined =>
    reference === 'Practitioner/1' ? { resourceType: 'Practitioner', active: true } : undefined;
  expect(values('generalPractitioner.first().resolve().active', patient, {}, { resolve })).toEqual([true]);
  expect(values('generalPractitioner.where(resolve() is Practitioner).count()', patient, {}, { resolve })).toEqual([1]);
});

test('memberOf(), conformsTo() and subsumes() ask the environment, and are empty when it does not know', () => {
  const environment: Environment = {
    memberOf: (code, url) => (url === 'urn:known' ? code === true : undefined),
    conformsTo: (_resource, url) => (url === 'urn:profile' ? false : undefined),
    subsumes: () => true,
  };
  expect(values("active.memberOf('urn:known')", patient, {}, environment)).toEqual([true]);
  expect(values("active.memberOf('urn:unknown')", patient, {}, environment)).toEqual([]);
  expect(values("conformsTo('urn:profile')", patient, {}, environment)).toEqual([false]);
  expect(values('active.subsumes(active)', patient, {}, environment)).toEqual([true]);
  expect(values('active.subsumes(active)')).toEqual([]);
});

test('constants: the resource of a nested input, FHIR code systems and variables of the caller', () => {
  const [name] = compile('name', { model }).evaluate(patient);
  expect(
    compile('%resource.id', { model })
      .evaluate(name!)
      .map(({ value }) => value),
  ).toEqual(['kari']);
  expect(values('%loinc')).toEqual(['http://loinc.org']);
  expect(values('%`ext-patient-birthTime`')).toEqual(['http://hl7.org/fhir/StructureDefinition/patient-birthTime']);
  expect(values('%limit + 1', null, {}, { variables: { limit: 2 } })).toEqual([3]);
  expect(values('%part.given', null, {}, { variables: { part: name } })).toEqual(['Kari', undefined]);
  expect(fault(() => values('%toString')).kind).toBe('unprocessable');
});

test('`as` filters a list, as R4 search parameters need, and is refused on a list when strict', () => {
  expect(values('(Observation.component.value as Quantity).unit', observation)).toEqual(['g', 'mg']);
  expect(fault(() => values('Observation.component.value as Quantity', observation, { strict: true })).kind).toBe(
    'unprocessable',
  );
});

test('strict expressions name elements that the type does not have', () => {
  const error = fault(() => compile('Patient.name.surname', { model, type: 'Patient', strict: true }));
  expect([error.kind, error.message]).toEqual([
    'invalid',
    'FHIRPath, line 1, column 14: HumanName has no element surname',
  ]);
  expect(values('Patient.name.surname', patient, { type: 'Patient' })).toEqual([]);
});

test('branches for other resource types are left out of a union', () => {
  const union = compile('Patient.name | Observation.code | Person.name', { model, type: 'Observation' });
  expect(union.types).toEqual(['CodeableConcept']);
  expect(union.evaluate(observation)).toHaveLength(1);
});

test('a date is no number, and $index is empty outside of a loop', () => {
  expect(values('@2024.toInteger() | @2024.toQuantity() | birthDate.toInteger() | $index')).toEqual([]);
  expect(values('(5 | 6).select($index)')).toEqual([0, 1]);
});

test('a union keeps branches of System types', () => {
  expect(values('(1 as Integer) | (2.5 as System.Decimal) | {} | 3')).toEqual([1, 2.5, 3]);
});

test.each([
  ['1 +', 'line 1, column 4'],
  ['name.\n  where(', 'line 2, column 9'],
  ["'open", 'line 1, column 1'],
  ['name.unknown()', 'line 1, column 6'],
  ['name is Nothing', 'line 1, column 6'],
  ['@2020-02-30', 'line 1, column 1'],
  ['name.substring()', 'line 1, column 6'],
  ['1 2', 'line 1, column 3'],
  ['', 'line 1, column 1'],
])('refuses %j and says where', (text, place) => {
  const error = fault(() => compile(text, { model }));
  expect(error.kind).toBe('invalid');
  expect(error.message).toContain(place);
});

test.each([
  "('a' | 'b') + 'c'",
  'name.given > 1',
  "'a' - 'b'",
  '-active',
  "iif('x', 1, 2)",
  "'x'.matches('(')",
  'now()',
  "conformsTo('urn:none')",
])('ends %j with an error, as the standard has it', (text) => {
  expect(fault(() => values(text)).kind).toBe('unprocessable');
});

const thirty = `(${Array.from({ length: 30 }, (_, at) => at).join('|')})`;

test.each([
  ["'" + 'a'.repeat(40) + "!'.matches('^(a+)+$')", 'tooCostly'],
  ["'" + 'a'.repeat(10_000) + "!'.matches('.*.*.*.*x')", 'tooCostly'],
  [`${thirty}.aggregate($total & $total, 'aaaa')`, 'tooCostly'],
  [`${thirty}.aggregate($total.combine($total), 1)`, 'tooCostly'],
  [`${thirty}.aggregate($total * $total, 12345678901.5)`, 'unprocessable'],
  ['1.repeat($this + 1)', 'tooCostly'],
  ['1.repeatAll($this)', 'tooCostly'],
  ["'a'.repeat($this & 'a')", 'tooCostly'],
  ['('.repeat(10_000), 'invalid'],
  ['a' + '.a'.repeat(5_000), 'invalid'],
  ['-'.repeat(10_000) + '1', 'invalid'],
  ['1' + '+1'.repeat(5_000), 'invalid'],
  ['a'.repeat(30_000), 'invalid'],
])('ends hostile expression %# in good time', (text, kind) => {
  const start = performance.now();
  expect(fault(() => values(text)).kind).toBe(kind);
  expect(performance.now() - start).toBeLessThan(4_000);
});

test('names from the prototype are not elements', () => {
  const stranger: Resource = { resourceType: 'Stranger', a: { b: 1 } };
  expect(values('constructor | __proto__ | toString', stranger)).toEqual([]);
  expect(values('a.b', stranger)).toEqual([1]);
  expect(values('constructor | __proto__', patient)).toEqual([]);
});

test('data of the wrong shape gives nothing or a clean refusal, never a crash', () => {
  const misshapen = {
    name: 'Kari',
    birthDate: { a: 1 },
    contained: [5, null, { resourceType: 7 }, [[]]],
    extension: [null, 'x'],
    _active: 'no',
    deceasedDateTime: 'yesterday',
    deceasedBoolean: true,
  } as unknown as Resource;
  const texts = [
    'name.given',
    'descendants().count()',
    'birthDate < @2020',
    'contained.id',
    "extension('x').value",
    'deceased < @2020',
  ];
  for (const text of [
    ...texts,
    'descendants().where($this is Quantity)',
    '(name | contained).distinct()',
    'contained.resolve()',
  ])
    for (const resourceType of ['Patient', undefined, 5]) {
      try {
        compile(text, { model }).evaluate({ ...misshapen, resourceType } as Resource);
      } catch (error) {
        expect([text, error]).toEqual([text, expect.any(Fault)]);
      }
    }
});

test('test() is undefined on an empty result and true on any single value', () => {
  const ask = (text: string): boolean | undefined => compile(text, { model }).test(patient);
  expect([ask('deceased'), ask('active'), ask('birthDate'), ask('name.exists() and deceased.empty()')]).toEqual([
    undefined,
    true,
    true,
    true,
  ]);
});

test('htmlChecks() refuses scripts, handlers, unknown elements and empty narrative', () => {
  const check = (html: string): boolean | undefined => compile('htmlChecks()', { model }).test(new Node(html, 'xhtml'));
  const inDiv = (html: string): string => `<div xmlns="http://www.w3.org/1999/xhtml">${html}</div>`;
  expect(check(inDiv('<p class="a">Hello <b>you</b> <img src="#x" alt="y"/><br/></p>'))).toBe(true);
  expect(check(inDiv('Blåbær &amp; rømme <!-- c -->'))).toBe(true);
  for (const bad of [
    '<script>x</script>',
    '<p onclick="x()">a</p>',
    '<p>a',
    '',
    '  ',
    '<iframe src="x"/>',
    '<a href="javascript:x()">a</a>',
    'a < b',
  ])
    expect([bad, check(inDiv(bad))]).toEqual([bad, false]);
  expect(check('<div>a</div>')).toBe(false);
  expect(check('text')).toBe(false);
});
