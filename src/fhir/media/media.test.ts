import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { Fault, type FaultKind } from '#kernel/fault.ts';
import { loadDefinitions } from '../definitions/index.ts';
import type { Model } from '../definitions/model.ts';
import type { Resource } from '../types.ts';
import { chooseFormat, isPretty, project, projectionOf, requestFormat } from './index.ts';

let model: Model;
beforeAll(() => {
  model = loadDefinitions().model;
});

function kindOf(act: () => unknown): FaultKind | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.kind;
    throw error;
  }
}

describe('the format of an answer', () => {
  test.each<[accept: string | undefined, format: 'json' | 'xml' | undefined]>([
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['application/*', 'json'],
    ['application/fhir+json', 'json'],
    ['Application/FHIR+XML', 'xml'],
    ['application/xml', 'xml'],
    ['text/xml;charset=utf-8', 'xml'],
    ['text/json', 'json'],
    ['application/fhir+xml, application/fhir+json', 'xml'],
    ['application/fhir+xml;q=0.5, application/fhir+json;q=0.9', 'json'],
    ['application/fhir+xml, */*;q=0.1', 'xml'],
    ['*/*, application/fhir+json;q=0', 'xml'],
    ['*/*;q=0.1, application/json;q=0, application/xml;q=0', undefined],
    ['application/fhir+json;q=0', undefined],
    ['application/fhir+json; fhirVersion=4.0', 'json'],
    ['application/fhir+json; fhirVersion="5.0"', undefined],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'json'],
    ['text/turtle', undefined],
    ['application/pdf, image/*', undefined],
    ['application/fhir+json;q=banana', 'json'],
    [',,;,=', undefined],
  ])('for Accept: %s is %s', (accept, format) => {
    if (format === undefined) expect(kindOf(() => chooseFormat({ accept }))).toBe('notAcceptable');
    else expect(chooseFormat({ accept })).toBe(format);
  });

  test.each<[format: string, expected: 'json' | 'xml' | undefined]>([
    ['json', 'json'],
    ['xml', 'xml'],
    ['application/fhir+xml', 'xml'],
    ['application/fhir xml', 'xml'],
    ['text/xml', 'xml'],
    ['application/json;fhirVersion=4.0', 'json'],
    ['application/json;fhirVersion=3.0', undefined],
    ['ttl', undefined],
    ['constructor', undefined],
    ['x'.repeat(1_000_000), undefined],
  ])('for _format=%.40s is %s, whatever Accept says', (format, expected) => {
    for (const accept of ['application/fhir+json', 'application/fhir+xml', 'image/png']) {
      if (expected === undefined) expect(kindOf(() => chooseFormat({ accept, format }))).toBe('notAcceptable');
      else expect(chooseFormat({ accept, format })).toBe(expected);
    }
  });

  test('is chosen or refused for any header, in linear time', () => {
    fc.assert(
      fc.property(fc.string(), (accept) => {
        expect([undefined, 'notAcceptable']).toContain(kindOf(() => chooseFormat({ accept })));
      }),
    );
    for (const accept of [';'.repeat(100_000), ','.repeat(100_000), 'a/b;q="'.repeat(20_000)]) {
      expect([undefined, 'notAcceptable']).toContain(kindOf(() => chooseFormat({ accept })));
    }
  });
});

test.each<[type: string | undefined, format: 'json' | 'xml' | undefined]>([
  [undefined, 'json'],
  ['application/fhir+json', 'json'],
  ['application/fhir+json; charset=UTF-8', 'json'],
  ['application/fhir+json;charset="utf-8";fhirVersion=4.0', 'json'],
  ['application/json', 'json'],
  ['application/json-patch+json', 'json'],
  ['text/xml', 'xml'],
  ['application/fhir+xml', 'xml'],
  ['application/fhir+xml;charset=iso-8859-1', undefined],
  ['application/fhir+json;fhirVersion=5.0', undefined],
  ['text/plain', undefined],
  ['multipart/form-data; boundary=x', undefined],
  ['application/xml-patch+xml', undefined],
  ['application', undefined],
])('a body of Content-Type: %s is %s', (type, format) => {
  if (format === undefined) expect(kindOf(() => requestFormat(type))).toBe('unsupportedMediaType');
  else expect(requestFormat(type)).toBe(format);
});

test('_pretty is true or false', () => {
  expect(isPretty([])).toBe(false);
  expect(isPretty([['_pretty', 'true']])).toBe(true);
  expect(isPretty([['_pretty', 'false']])).toBe(false);
  expect(kindOf(() => isPretty([['_pretty', 'yes']]))).toBe('invalid');
});

test('_summary and _elements are read from the parameters, the latter before the former', () => {
  expect(projectionOf([['name', 'x']])).toBeUndefined();
  expect(projectionOf([['_summary', 'false']])).toBeUndefined();
  expect(projectionOf([['_summary', 'text']])).toEqual({ summary: 'text' });
  const both = [
    ['_elements', 'name, Patient.gender'],
    ['_summary', 'true'],
    ['_elements', 'value[x]'],
  ] as const;
  expect(projectionOf(both)).toEqual({ elements: ['name', 'Patient.gender', 'value[x]'] });
  for (const value of ['', ',', 'a b', '__proto__', 'x'.repeat(10) + ',']) {
    expect(kindOf(() => projectionOf([['_elements', value]]))).toBe('invalid');
  }
  expect(kindOf(() => projectionOf([['_summary', 'all']]))).toBe('invalid');
});

const subsetted = expect.objectContaining({ code: 'SUBSETTED' });
const observation: Resource = {
  resourceType: 'Observation',
  id: 'o',
  meta: { versionId: '1', tag: [{ code: 'mine' }] },
  language: 'no',
  text: { status: 'generated', div: '<div/>' },
  contained: [{ resourceType: 'Patient', id: 'p' }],
  modifierExtension: [{ url: 'http://x' }],
  status: 'final',
  _status: { id: 's' },
  code: { coding: [{ code: 'c' }], text: 'C', extension: [{ url: 'http://y' }] },
  valueQuantity: { value: 1, unit: 'g' },
  note: [{ text: 'n' }],
  component: [{ code: { text: 'k' }, valueString: 'v', referenceRange: [{ text: 'r' }] }],
};
const always = { resourceType: 'Observation', id: 'o', meta: { versionId: '1', tag: [{ code: 'mine' }, subsetted] } };
const mandatory = {
  ...always,
  modifierExtension: observation['modifierExtension'],
  status: 'final',
  _status: { id: 's' },
  code: observation['code'],
};

describe('a projection', () => {
  const before = JSON.stringify(observation);
  const shown = (projection: Parameters<typeof project>[1]): Resource => {
    const result = project(observation, projection, model);
    expect(JSON.stringify(observation)).toBe(before);
    return result;
  };

  test('by elements keeps those, with what is mandatory or modifies', () => {
    expect(shown({ elements: ['note'] })).toEqual({ ...mandatory, note: [{ text: 'n' }] });
    expect(shown({ elements: ['nothing'] })).toEqual(mandatory);
  });

  test('by elements takes names of choices and names with a type before them', () => {
    const withValue = { ...mandatory, valueQuantity: { value: 1, unit: 'g' } };
    for (const name of ['value', 'value[x]', 'valueQuantity', 'Observation.value', 'Observation.valueQuantity']) {
      expect(shown({ elements: [name] })).toEqual(withValue);
    }
    expect(shown({ elements: ['Patient.value'] })).toEqual(mandatory);
  });

  test('as text keeps the narrative and what is mandatory', () => {
    expect(shown({ summary: 'text' })).toEqual({ ...mandatory, text: observation['text'] });
  });

  test('as data leaves out the narrative alone', () => {
    const { text: _text, ...rest } = observation;
    expect(shown({ summary: 'data' })).toEqual({ ...rest, ...always });
  });

  test('as summary keeps what the standard marks, all the way down', () => {
    expect(shown({ summary: 'true' })).toEqual({
      ...mandatory,
      code: { coding: [{ code: 'c' }], text: 'C' },
      valueQuantity: { value: 1, unit: 'g' },
      component: [{ code: { text: 'k' }, valueString: 'v' }],
    });
  });

  test('as false is the resource itself', () => {
    expect(shown({ summary: 'false' })).toBe(observation);
  });

  test('is marked once, however often it is made', () => {
    const twice = project(shown({ summary: 'true' }), { summary: 'true' }, model);
    expect(twice).toEqual(shown({ summary: 'true' }));
    expect(project({ resourceType: 'Basic', code: {} }, { summary: 'true' }, model).meta).toEqual({ tag: [subsetted] });
  });
});
