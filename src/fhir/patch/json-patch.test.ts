import fc from 'fast-check';
import { createPatch } from 'rfc6902';
import { expect, test } from 'vitest';
import { Fault, type FaultKind } from '#kernel/fault.ts';
import { Decimal, parseJson, writeJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import { applyJsonPatch } from './index.ts';

const patient = (): Resource => ({
  resourceType: 'Patient',
  id: 'p1',
  meta: { versionId: '3-a', lastUpdated: '2026-01-01T00:00:00Z', tag: [{ code: 'x' }] },
  active: true,
  name: [{ family: 'Nordmann', given: ['Kari', 'Åse', 'Liv'] }],
  _birthDate: { extension: [{ url: 'http://x', valueDecimal: new Decimal('1.00') }] },
});

type Change = (resource: Resource) => unknown;
const name = (resource: Resource): { family?: string; given?: string[] } => (resource['name'] as object[])[0] as never;

const changes: [what: string, operations: unknown[], see: Change, expected: unknown][] = [
  ['adds a member', [{ op: 'add', path: '/gender', value: 'female' }], (r) => r['gender'], 'female'],
  ['adds over a member that is there', [{ op: 'add', path: '/active', value: false }], (r) => r['active'], false],
  [
    'inserts into an array',
    [{ op: 'add', path: '/name/0/given/1', value: 'x' }],
    (r) => name(r).given,
    ['Kari', 'x', 'Åse', 'Liv'],
  ],
  [
    'appends with -',
    [{ op: 'add', path: '/name/0/given/-', value: 'x' }],
    (r) => name(r).given,
    ['Kari', 'Åse', 'Liv', 'x'],
  ],
  ['appends at the length', [{ op: 'add', path: '/name/0/given/3', value: 'x' }], (r) => name(r).given?.length, 4],
  ['removes a member', [{ op: 'remove', path: '/active' }], (r) => Object.hasOwn(r, 'active'), false],
  ['removes an item', [{ op: 'remove', path: '/name/0/given/0' }], (r) => name(r).given, ['Åse', 'Liv']],
  ['replaces', [{ op: 'replace', path: '/name/0/family', value: 'Berg' }], (r) => name(r).family, 'Berg'],
  ['copies', [{ op: 'copy', from: '/name/0', path: '/name/-' }], (r) => (r['name'] as unknown[]).length, 2],
  [
    'moves',
    [{ op: 'move', from: '/name/0/given/0', path: '/name/0/given/2' }],
    (r) => name(r).given,
    ['Åse', 'Liv', 'Kari'],
  ],
  [
    'tests and goes on',
    [
      { op: 'test', path: '/active', value: true },
      { op: 'remove', path: '/active' },
    ],
    (r) => r['active'],
    undefined,
  ],
  ['unescapes pointers', [{ op: 'add', path: '/a~1b~0', value: 1 }], (r) => r['a/b~'], 1],
  [
    'tests numbers by value',
    [{ op: 'test', path: '/_birthDate/extension/0/valueDecimal', value: 1 }],
    (r) => r.id,
    'p1',
  ],
  ['replaces meta.tag', [{ op: 'replace', path: '/meta/tag/0/code', value: 'y' }], (r) => r.meta?.tag, [{ code: 'y' }]],
  ['lets meta go whole', [{ op: 'remove', path: '/meta' }], (r) => r.meta, undefined],
  [
    'replaces the whole',
    [{ op: 'replace', path: '', value: { resourceType: 'Patient', id: 'p1' } }],
    (r) => r,
    { resourceType: 'Patient', id: 'p1' },
  ],
  ['leaves no array empty', [{ op: 'remove', path: '/name/0' }], (r) => Object.hasOwn(r, 'name'), false],
  [
    'leaves no sibling empty',
    [{ op: 'remove', path: '/_birthDate/extension/0' }],
    (r) => Object.hasOwn(r, '_birthDate'),
    false,
  ],
  [
    'fills what it emptied',
    [
      { op: 'remove', path: '/name/0' },
      { op: 'add', path: '/name/-', value: { text: 'K' } },
    ],
    (r) => r['name'],
    [{ text: 'K' }],
  ],
];

test.each(changes)('%s', (_what, operations, see, expected) => {
  expect(see(applyJsonPatch(patient(), operations))).toEqual(expected);
});

const refusals: [what: string, operations: unknown, kind: FaultKind, message: RegExp][] = [
  ['what is no array', { op: 'add' }, 'invalid', /array of operations/],
  ['an operation that is no object', [null], 'invalid', /not an object/],
  ['an unknown operation', [{ op: 'increment', path: '/a' }], 'invalid', /known 'op'/],
  ['an operation named as a property of objects', [{ op: 'constructor', path: '/a' }], 'invalid', /known 'op'/],
  ['no value', [{ op: 'add', path: '/a' }], 'invalid', /no 'value'/],
  ['no path', [{ op: 'remove' }], 'invalid', /proper 'path'/],
  ['a path without a slash', [{ op: 'remove', path: 'active' }], 'invalid', /JSON Pointer/],
  ['a path with a bad escape', [{ op: 'remove', path: '/a~2' }], 'invalid', /JSON Pointer/],
  ['a copy without from', [{ op: 'copy', path: '/a' }], 'invalid', /proper 'from'/],
  ['a way to a prototype', [{ op: 'add', path: '/__proto__/x', value: 1 }], 'invalid', /not allowed/],
  ['a way to a constructor', [{ op: 'add', path: '/constructor/prototype/x', value: 1 }], 'invalid', /not allowed/],
  ['an inherited member', [{ op: 'test', path: '/toString', value: 1 }], 'unprocessable', /nothing there/],
  ['a missing place', [{ op: 'remove', path: '/photo' }], 'unprocessable', /\/photo.*nothing there/],
  ['a missing parent', [{ op: 'add', path: '/photo/0/url', value: 'x' }], 'unprocessable', /nothing there/],
  ['a place beyond the end', [{ op: 'add', path: '/name/0/given/4', value: 'x' }], 'unprocessable', /no such place/],
  ['a negative place', [{ op: 'add', path: '/name/0/given/-1', value: 'x' }], 'unprocessable', /no such place/],
  ['a place with a leading zero', [{ op: 'remove', path: '/name/00' }], 'unprocessable', /nothing there/],
  ['- where something must be', [{ op: 'remove', path: '/name/-' }], 'unprocessable', /nothing there/],
  [
    'a way through a text',
    [{ op: 'add', path: '/id/0', value: 'x' }],
    'unprocessable',
    /neither an object nor an array/,
  ],
  [
    'a test that fails',
    [{ op: 'test', path: '/active', value: false }],
    'unprocessable',
    /\(test \/active\) failed: the resource has another value/,
  ],
  ['a move into itself', [{ op: 'move', from: '/name', path: '/name/0/x' }], 'unprocessable', /into itself/],
  ['another id', [{ op: 'replace', path: '/id', value: 'p2' }], 'unprocessable', /change the id/],
  ['no id', [{ op: 'remove', path: '/id' }], 'unprocessable', /change the id/],
  [
    'another resourceType',
    [{ op: 'replace', path: '/resourceType', value: 'Person' }],
    'unprocessable',
    /change the resourceType/,
  ],
  ['another version', [{ op: 'replace', path: '/meta/versionId', value: '9' }], 'unprocessable', /meta.versionId/],
  ['another time', [{ op: 'add', path: '/meta/lastUpdated', value: '1999' }], 'unprocessable', /meta.lastUpdated/],
  ['no resource', [{ op: 'remove', path: '' }], 'unprocessable', /cannot be removed/],
  ['an array for a resource', [{ op: 'replace', path: '', value: [] }], 'unprocessable', /no resource/],
  [
    'too many operations',
    Array.from({ length: 1001 }, () => ({ op: 'test', path: '/id', value: 'p1' })),
    'tooCostly',
    /at most/,
  ],
  ['a path ten thousand deep', [{ op: 'add', path: '/a'.repeat(10_000), value: 1 }], 'unprocessable', /deeper/],
  ['a value that nests too deep', [{ op: 'add', path: '/a', value: nested(64) }], 'unprocessable', /deeper/],
  ['doubling thirty times', doubling(30), 'tooCostly', /copies too much/],
  ['digging deeper by each copy', digging(70), 'unprocessable', /deeper/],
];

test.each(refusals)('refuses %s and leaves the resource as it was', (_what, operations, kind, message) => {
  const resource = patient();
  let problem: unknown;
  try {
    applyJsonPatch(resource, operations);
  } catch (error) {
    problem = error;
  }
  expect(problem).toBeInstanceOf(Fault);
  expect((problem as Fault).message).toMatch(message);
  expect((problem as Fault).kind).toBe(kind);
  expect((problem as Fault).message.length).toBeLessThan(250);
  expect(resource).toEqual(patient());
});

function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)];
}

function doubling(times: number): unknown[] {
  const start = { op: 'add', path: '/a', value: [1, 2] };
  return [start, ...Array.from({ length: times }, () => ({ op: 'copy', from: '/a', path: '/a/-' }))];
}

function digging(times: number): unknown[] {
  return Array.from({ length: times }, (_unused, level) => ({ op: 'copy', from: '/name', path: `/a${level}` })).flatMap(
    (copy, level) =>
      level === 0
        ? [copy]
        : [
            { op: 'move', from: '/a0', path: '/b' },
            { op: 'add', path: '/a0', value: {} },
            { op: 'move', from: '/b', path: '/a0/c' },
          ],
  );
}

test('undoes what came before the operation that fails', () => {
  const resource = patient();
  expect(() =>
    applyJsonPatch(resource, [
      { op: 'remove', path: '/name' },
      { op: 'remove', path: '/photo' },
    ]),
  ).toThrow(Fault);
  expect(resource).toEqual(patient());
});

test('keeps the texts of numbers, in the resource and in the patch', () => {
  const operations = parseJson('[{"op":"add","path":"/multipleBirthInteger","value":2.0}]');
  const text = writeJson(applyJsonPatch(patient(), operations));
  expect(text).toContain('"valueDecimal":1.00');
  expect(text).toContain('"multipleBirthInteger":2.0');
});

test('tells numbers apart that a double cannot', () => {
  const resource = parseJson('{"resourceType":"Basic","a":12345678901234567890}') as Resource;
  const operation = (value: string): unknown => parseJson(`[{"op":"test","path":"/a","value":${value}}]`);
  expect(() => applyJsonPatch(resource, operation('12345678901234567891'))).toThrow(/another value/);
  expect(applyJsonPatch(resource, operation('1234567890123456789e1'))).toEqual(resource);
});

test('keeps the siblings of primitives in step when one of them is emptied', () => {
  const resource = parseJson(
    '{"resourceType":"Patient","name":[{"given":["A","B"],"_given":[{"id":"1"},{"id":"2"}]}]}',
  ) as Resource;
  const patched = applyJsonPatch(resource, [{ op: 'remove', path: '/name/0/_given/0/id' }]);
  expect(patched['name']).toEqual([{ given: ['A', 'B'], _given: [null, { id: '2' }] }]);
});

const key = fc.constantFrom('a', 'b', 'c', 'x/y', 'x~z', '');
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.boolean(), fc.integer(), fc.string(), fc.constant(null)),
    fc.array(tie('json'), { minLength: 1, maxLength: 4 }),
    fc.dictionary(key, tie('json'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  ),
}));

test('a patch made from a difference gives the target, and leaves the source alone', () => {
  fc.assert(
    fc.property(json, json, (one, other) => {
      const source = { resourceType: 'Basic', id: 'b', code: one } as Resource;
      const target = { resourceType: 'Basic', id: 'b', code: other } as Resource;
      const before = writeJson(source);
      expect(applyJsonPatch(source, createPatch(source, target))).toEqual(target);
      expect(writeJson(source)).toBe(before);
    }),
  );
});

test('any operations give a resource or a Fault', () => {
  const path = fc.oneof(
    fc
      .array(fc.constantFrom('name', '0', 'given', '-', '1', 'id', 'a', '~0', '_birthDate', 'extension'), {
        maxLength: 5,
      })
      .map((steps) => steps.map((step) => `/${step}`).join('')),
    fc.string(),
  );
  const operation = fc.record(
    { op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'), path, from: path, value: json },
    { requiredKeys: ['op', 'path'] },
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 6 }), (operations) => {
      const resource = patient();
      try {
        expect(applyJsonPatch(resource, operations)).toMatchObject({ resourceType: 'Patient', id: 'p1' });
      } catch (error) {
        expect(error).toBeInstanceOf(Fault);
      }
      expect(resource).toEqual(patient());
    }),
    { numRuns: 500 },
  );
});
