/** The cases follow those of HL7's FHIRPath Patch suite (fhir-test-cases, r4/patch), written anew, with hostile ones added. */
import { beforeAll, expect, test } from 'vitest';
import { Fault, type FaultKind } from '#kernel/fault.ts';
import { loadDefinitions } from '../definitions/index.ts';
import type { Model } from '../definitions/model.ts';
import { compile } from '../fhirpath/index.ts';
import { Decimal, parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import { applyFhirPathPatch } from './index.ts';

let model: Model;
beforeAll(() => {
  model = loadDefinitions().model;
});

type Part = Record<string, unknown>;
type Patch = Part[];

const operation = (type: string, path: string, ...rest: Part[]): Part => ({
  name: 'operation',
  part: [{ name: 'type', valueCode: type }, { name: 'path', valueString: path }, ...rest],
});
const value = (typed: Part): Part => ({ name: 'value', ...typed });
const add = (path: string, name: string, typed: Part): Part =>
  operation('add', path, { name: 'name', valueString: name }, value(typed));
const insert = (path: string, index: number, typed: Part): Part =>
  operation('insert', path, { name: 'index', valueInteger: index }, value(typed));
const remove = (path: string): Part => operation('delete', path);
const replace = (path: string, typed: Part): Part => operation('replace', path, value(typed));
const move = (path: string, source: number, destination: number): Part =>
  operation('move', path, { name: 'source', valueInteger: source }, { name: 'destination', valueInteger: destination });

const apply = (resource: Resource, patch: Patch): Resource =>
  applyFhirPathPatch(resource, { resourceType: 'Parameters', parameter: patch }, { model, compile });

const contact = { contact: [{ name: { text: 'a name' }, gender: 'male' }] };
// Parameters have no valueExtension.
const extension = (url: string): Part => ({
  part: [
    { name: 'url', valueUri: url },
    { name: 'value', valueCode: 'y' },
  ],
});
const list = (...values: string[]): Part => ({ identifier: values.map((one) => ({ system: 'http://x', value: one })) });
const four = list('1', '2', '3', '4');
const third = { valueIdentifier: { system: 'http://x', value: '3' } };

const changes: [what: string, before: Part, patch: Patch, after: Part][] = [
  ['nothing', { birthDate: '1920-01-01' }, [], { birthDate: '1920-01-01' }],
  [
    'replaces a primitive',
    { birthDate: '1920-01-01' },
    [replace('Patient.birthDate', { valueDate: '1930-01-01' })],
    { birthDate: '1930-01-01' },
  ],
  ['deletes a primitive', { birthDate: '1920-01-01' }, [remove('Patient.birthDate')], {}],
  ['deletes nothing where nothing is', {}, [remove('Patient.birthDate')], {}],
  ['adds a primitive', {}, [add('Patient', 'birthDate', { valueDate: '1930-01-01' })], { birthDate: '1930-01-01' }],
  [
    'replaces a nested primitive',
    contact,
    [replace('Patient.contact[0].gender', { valueCode: 'female' })],
    { contact: [{ name: { text: 'a name' }, gender: 'female' }] },
  ],
  [
    'deletes a nested primitive',
    contact,
    [remove('Patient.contact[0].gender')],
    { contact: [{ name: { text: 'a name' } }] },
  ],
  ['leaves no element empty', contact, [remove('Patient.contact[0].name.text')], { contact: [{ gender: 'male' }] }],
  [
    'adds a nested primitive',
    { contact: [{ name: { text: 'a' } }] },
    [add('Patient.contact[0]', 'gender', { valueCode: 'male' })],
    { contact: [{ name: { text: 'a' }, gender: 'male' }] },
  ],
  [
    'adds an element of a data type',
    {},
    [add('Patient', 'maritalStatus', { valueCodeableConcept: { text: 'married' } })],
    { maritalStatus: { text: 'married' } },
  ],
  [
    'replaces an element of a data type',
    { maritalStatus: { id: '1', text: 'married' } },
    [replace('Patient.maritalStatus', { valueCodeableConcept: { id: '2', text: 'not' } })],
    { maritalStatus: { id: '2', text: 'not' } },
  ],
  ['deletes an element of a data type', { maritalStatus: { text: 'married' } }, [remove('Patient.maritalStatus')], {}],
  [
    'adds an element without a data type of its own',
    {},
    [
      add('Patient', 'contact', {
        part: [
          { name: 'name', valueHumanName: { text: 'a name' } },
          { name: 'telecom', valueContactPoint: { value: '1' } },
          { name: 'telecom', valueContactPoint: { value: '2' } },
        ],
      }),
    ],
    { contact: [{ name: { text: 'a name' }, telecom: [{ value: '1' }, { value: '2' }] }] },
  ],
  ['deletes an element without a data type of its own', contact, [remove('Patient.contact[0]')], {}],
  [
    'changes the contents of a list',
    list('1', '2'),
    [
      replace('Patient.identifier[0].value', { valueString: '2' }),
      replace('Patient.identifier[1].value', { valueString: '1' }),
    ],
    list('2', '1'),
  ],
  ['adds to a list', list('1', '2'), [add('Patient', 'identifier', third)], list('1', '2', '3')],
  ['adds the first of a list', {}, [add('Patient', 'identifier', third)], list('3')],
  ['inserts at the end of a list', list('1', '2'), [insert('Patient.identifier', 2, third)], list('1', '2', '3')],
  ['inserts in the middle of a list', list('1', '2'), [insert('Patient.identifier', 1, third)], list('1', '3', '2')],
  ['inserts at the start of a list', list('1', '2'), [insert('Patient.identifier', 0, third)], list('3', '1', '2')],
  ['deletes the first of a list', list('1', '2', '3'), [remove('Patient.identifier[0]')], list('2', '3')],
  ['deletes the last of a list', list('1', '2', '3'), [remove('Patient.identifier[2]')], list('1', '2')],
  ['deletes by a condition', list('1', '2', '3'), [remove("Patient.identifier.where(value = '2')")], list('1', '3')],
  ['moves up', four, [move('Patient.identifier', 3, 1)], list('1', '4', '2', '3')],
  ['moves to the start', four, [move('Patient.identifier', 3, 0)], list('4', '1', '2', '3')],
  ['moves to the end', four, [move('Patient.identifier', 0, 3)], list('2', '3', '4', '1')],
  [
    'moves several times',
    four,
    [move('Patient.identifier', 3, 0), move('Patient.identifier', 3, 1), move('Patient.identifier', 3, 2)],
    list('4', '3', '2', '1'),
  ],
  [
    'sees what came before',
    contact,
    [
      add('Patient', 'contact', { part: [{ name: 'gender', valueCode: 'other' }] }),
      add('Patient.contact[1]', 'name', { valueHumanName: { text: 'b' } }),
    ],
    { contact: [...contact.contact, { gender: 'other', name: { text: 'b' } }] },
  ],
  [
    'takes a narrative as a string',
    { text: { status: 'generated', div: '<div/>' } },
    [replace('Patient.text.`div`', { valueString: '<div>x</div>' })],
    { text: { status: 'generated', div: '<div>x</div>' } },
  ],
  ['adds a choice by its name', {}, [add('Patient', 'deceased', { valueBoolean: true })], { deceasedBoolean: true }],
  [
    'adds a choice by its property',
    {},
    [add('Patient', 'deceasedBoolean', { valueBoolean: true })],
    { deceasedBoolean: true },
  ],
  [
    'replaces a choice by another type',
    { deceasedBoolean: true },
    [replace('Patient.deceased', { valueDateTime: '2020' })],
    { deceasedDateTime: '2020' },
  ],
  [
    'inserts into a list of primitives with siblings',
    { name: [{ given: ['A', 'B'], _given: [null, { id: 'b' }] }] },
    [insert('Patient.name.given', 0, { valueString: 'C' })],
    { name: [{ given: ['C', 'A', 'B'], _given: [null, null, { id: 'b' }] }] },
  ],
  [
    'moves primitives with their siblings',
    { name: [{ given: ['A', 'B'], _given: [null, { id: 'b' }] }] },
    [move('Patient.name.given', 1, 0)],
    { name: [{ given: ['B', 'A'], _given: [{ id: 'b' }, null] }] },
  ],
  [
    'deletes the one with a sibling',
    { name: [{ given: ['A', 'B'], _given: [null, { id: 'b' }] }] },
    [remove('Patient.name.given[1]')],
    { name: [{ given: ['A'] }] },
  ],
  [
    'gives a primitive its first extension',
    { birthDate: '1920-01-01' },
    [add('Patient.birthDate', 'extension', extension('http://x'))],
    { birthDate: '1920-01-01', _birthDate: { extension: [{ url: 'http://x', valueCode: 'y' }] } },
  ],
  [
    'takes a primitive its last extension',
    { birthDate: '1920', _birthDate: { extension: [{ url: 'http://x', valueCode: 'y' }] } },
    [remove('Patient.birthDate.extension')],
    { birthDate: '1920' },
  ],
  [
    'writes a value with its extension',
    { birthDate: '1920' },
    [replace('Patient.birthDate', { _valueDate: { extension: [{ url: 'http://x', valueCode: 'unknown' }] } })],
    { _birthDate: { extension: [{ url: 'http://x', valueCode: 'unknown' }] } },
  ],
  [
    'adds a contained resource',
    {},
    [
      operation(
        'add',
        'Patient',
        { name: 'name', valueString: 'contained' },
        { name: 'value', resource: { resourceType: 'Organization', id: 'o' } },
      ),
    ],
    { contained: [{ resourceType: 'Organization', id: 'o' }] },
  ],
];

test.each(changes)('%s', (_what, before, patch, after) => {
  const resource = { resourceType: 'Patient', id: 'p', ...before };
  const text = JSON.stringify(resource);
  expect(apply(resource, patch)).toEqual({ resourceType: 'Patient', id: 'p', ...after });
  expect(JSON.stringify(resource)).toBe(text);
});

const refusals: [what: string, before: Part, patch: Patch, kind: FaultKind, message: RegExp][] = [
  [
    'adding below what is not there',
    list('1'),
    [add('Patient.identifier.period', 'end', { valueDateTime: '2021' })],
    'unprocessable',
    /finds nothing/,
  ],
  [
    'adding below the contact that is not there',
    contact,
    [add('Patient.contact[1]', 'gender', { valueCode: 'male' })],
    'unprocessable',
    /finds nothing/,
  ],
  [
    'adding below several',
    list('1', '2'),
    [add('Patient.identifier', 'use', { valueCode: 'usual' })],
    'unprocessable',
    /finds 2 elements/,
  ],
  [
    'adding what is there already',
    { birthDate: '1920' },
    [add('Patient', 'birthDate', { valueDate: '1930' })],
    'unprocessable',
    /there already/,
  ],
  [
    'adding a choice beside another type',
    { deceasedBoolean: true },
    [add('Patient', 'deceased', { valueDateTime: '2020' })],
    'unprocessable',
    /there already/,
  ],
  [
    'adding an unknown element',
    {},
    [add('Patient', 'shoeSize', { valueInteger: 42 })],
    'unprocessable',
    /no such element/,
  ],
  [
    'adding an element named __proto__',
    {},
    [add('Patient', '__proto__', { valueInteger: 42 })],
    'unprocessable',
    /no such element/,
  ],
  ['deleting several', list('1', '2'), [remove('Patient.identifier')], 'unprocessable', /finds 2 elements/],
  ['deleting the whole resource', {}, [remove('Patient')], 'unprocessable', /resource itself/],
  [
    'replacing what is not there',
    {},
    [replace('Patient.birthDate', { valueDate: '1930' })],
    'unprocessable',
    /finds nothing/,
  ],
  ['replacing several', list('1', '2'), [replace('Patient.identifier', third)], 'unprocessable', /finds 2 elements/],
  [
    'a primitive for a data type',
    { maritalStatus: { text: 'x' } },
    [replace('Patient.maritalStatus', { valueString: 'y' })],
    'unprocessable',
    /no CodeableConcept/,
  ],
  [
    'one data type for another',
    { maritalStatus: { text: 'x' } },
    [replace('Patient.maritalStatus', { valuePeriod: { start: '2020' } })],
    'unprocessable',
    /no CodeableConcept/,
  ],
  [
    'a string for a boolean',
    { active: true },
    [replace('Patient.active', { valueString: 'true' })],
    'unprocessable',
    /no boolean/,
  ],
  [
    'parts for a primitive',
    {},
    [add('Patient', 'birthDate', { part: [{ name: 'x', valueString: 'y' }] })],
    'unprocessable',
    /no date/,
  ],
  [
    'inserting beyond the end',
    list('1', '2'),
    [insert('Patient.identifier', 3, third)],
    'unprocessable',
    /only 2 elements/,
  ],
  [
    'inserting into what is no list',
    { birthDate: '1920' },
    [insert('Patient.birthDate', 0, { valueDate: '1930' })],
    'unprocessable',
    /single list/,
  ],
  [
    'inserting into a part of a list',
    list('1', '2'),
    [insert("Patient.identifier.where(value = '1')", 0, third)],
    'unprocessable',
    /part of the list/,
  ],
  [
    'inserting into two lists at once',
    { name: [{ given: ['A'] }, { given: ['B'] }] },
    [insert('Patient.name.given', 0, { valueString: 'C' })],
    'unprocessable',
    /single list/,
  ],
  ['moving beyond the end', four, [move('Patient.identifier', 0, 4)], 'unprocessable', /only 4 elements/],
  ['moving from beyond the end', four, [move('Patient.identifier', 4, 0)], 'unprocessable', /only 4 elements/],
  ['another id', {}, [replace('Patient.id', { valueId: 'other' })], 'unprocessable', /change the id/],
  ['no id', {}, [remove('Patient.id')], 'unprocessable', /change the id/],
  [
    'another version',
    { meta: { versionId: '1' } },
    [replace('Patient.meta.versionId', { valueId: '9' })],
    'unprocessable',
    /meta.versionId/,
  ],
  ['what the path computes', {}, [replace("'text'", { valueString: 'x' })], 'unprocessable', /does not lead/],
  [
    'what the path finds elsewhere',
    { managingOrganization: { reference: 'Organization/1' } },
    [remove('Patient.managingOrganization.resolve()')],
    'unprocessable',
    /does not lead/,
  ],
  ['a path that is no FHIRPath', {}, [remove('Patient.name[')], 'invalid', /./],
  ['a path ten thousand deep', {}, [remove(`Patient${'('.repeat(10_000)}`)], 'invalid', /./],
  ['a parameter that is no operation', {}, [{ name: 'op' }], 'invalid', /not named 'operation'/],
  ['an operation without parts', {}, [{ name: 'operation' }], 'invalid', /no parts/],
  ['an unknown type', {}, [operation('upsert', 'Patient')], 'invalid', /no type/],
  [
    'an unknown part',
    {},
    [operation('delete', 'Patient', { name: 'force', valueBoolean: true })],
    'invalid',
    /no operation has/,
  ],
  ['a part twice', {}, [operation('delete', 'Patient', { name: 'path', valueString: 'x' })], 'invalid', /twice/],
  ['an add without a name', {}, [operation('add', 'Patient', value({ valueString: 'x' }))], 'invalid', /'name'/],
  [
    'an add without a value',
    {},
    [operation('add', 'Patient', { name: 'name', valueString: 'active' })],
    'invalid',
    /'value'/,
  ],
  ['a negative index', list('1'), [insert('Patient.identifier', -1, third)], 'invalid', /whole number/],
  ['an index that is no integer', list('1'), [insert('Patient.identifier', 0.5, third)], 'invalid', /whole number/],
  ['a value of an unknown type', {}, [add('Patient', 'active', { valueShoe: 1 })], 'invalid', /unknown type/],
  [
    'an object where the type is primitive',
    {},
    [add('Patient', 'birthDate', { valueDate: { a: 1 } })],
    'invalid',
    /no date/,
  ],
  ['too many operations', {}, Array.from({ length: 1001 }, () => remove('Patient.birthDate')), 'tooCostly', /at most/],
  [
    'digging too deep',
    { extension: [{ url: 'x' }] },
    Array.from({ length: 40 }, (_, at) => add(`Patient${'.extension'.repeat(at + 1)}`, 'extension', extension('x'))),
    'unprocessable',
    /deeper than 64/,
  ],
];

test.each(refusals)('refuses %s and leaves the resource as it was', (_what, before, patch, kind, message) => {
  const resource = { resourceType: 'Patient', id: 'p', ...before };
  const text = JSON.stringify(resource);
  let problem: unknown;
  try {
    apply(resource, patch);
  } catch (error) {
    problem = error;
  }
  expect(problem).toBeInstanceOf(Fault);
  expect((problem as Fault).message).toMatch(message);
  expect((problem as Fault).kind).toBe(kind);
  expect(JSON.stringify(resource)).toBe(text);
});

test('keeps the texts of decimals, and shares nothing with the patch', () => {
  const observation: Resource = { resourceType: 'Observation', id: 'o', valueQuantity: { value: new Decimal('1.00') } };
  const quantity = parseJson('{"value":2.50,"unit":"g"}') as Part;
  const patched = apply(observation, [replace('Observation.value', { valueQuantity: quantity })]);
  expect(patched['valueQuantity']).toEqual({ value: new Decimal('2.50'), unit: 'g' });
  expect(patched['valueQuantity']).not.toBe(quantity);
});

test('is for Parameters only', () => {
  expect(() =>
    applyFhirPathPatch({ resourceType: 'Patient' }, { resourceType: 'Patient' }, { model, compile }),
  ).toThrow(Fault);
});
