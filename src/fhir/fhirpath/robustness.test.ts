import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '#kernel/fault.ts';
import { loadDefinitions } from '../definitions/index.ts';
import type { Resource } from '../types.ts';
import { functions } from './functions/index.ts';
import { compile, Node } from './index.ts';

const { model } = loadDefinitions();

const observation: Resource = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '718-7' }], text: 'Hb' },
  subject: { reference: 'Patient/1' },
  effectiveDateTime: '2024-05-17T10:00:00+02:00',
  valueQuantity: { value: 14.2, unit: 'g/dL', system: 'http://unitsofmeasure.org', code: 'g/dL' },
  _status: { extension: [{ url: 'urn:x', valueInteger: 3 }] },
};

const start = fc.constantFrom(
  'Observation',
  'value',
  'code.coding',
  'status',
  'effective',
  '1',
  '-2.50',
  "'a'",
  "'2'",
  'true',
  '{}',
  '(1 | 2)',
  "('b' | 'a')",
  '@2024-05-17',
  '@2024',
  '@T10:30',
  "5 'mg'",
  '3 days',
  'now()',
  '%resource',
  'descendants()',
  '$this',
  "1000000000000 'km'",
  '$index',
);
const argument = fc.constantFrom(
  '1',
  '0',
  '-1',
  '100',
  "'a'",
  "''",
  '{}',
  '$this',
  'true',
  '1.5',
  "2 'g'",
  'code',
  '(1 | 2)',
  '$total',
  '@2020',
  'value',
  "'('",
  "'base64'",
);
const call = fc
  .tuple(fc.constantFrom(...functions.keys(), 'is', 'as', 'ofType', 'iif'), fc.array(argument, { maxLength: 3 }))
  .map(([name, args]) => `.${name}(${args.join(', ')})`);
const operation = fc
  .tuple(
    fc.constantFrom(
      '+',
      '-',
      '*',
      '/',
      'div',
      'mod',
      '&',
      '|',
      '=',
      '~',
      '<',
      '>=',
      'in',
      'contains',
      'and',
      'implies',
    ),
    start,
  )
  .map(([sign, operand]) => ` ${sign} ${operand}`);
const expression = fc
  .tuple(start, fc.array(fc.oneof(call, call, operation), { maxLength: 4 }))
  .map(([first, rest]) => first + rest.join(''));

test('any expression gives nodes or a Fault, never another error', () => {
  fc.assert(
    fc.property(expression, fc.boolean(), (text, strict) => {
      try {
        const nodes = compile(text, { model, type: 'Observation', strict }).evaluate(observation, { now: 0 });
        for (const node of nodes) expect(node).toBeInstanceOf(Node);
      } catch (error) {
        if (!(error instanceof Fault)) throw new Error(`${text} ends with ${String(error)}`, { cause: error });
      }
    }),
    { numRuns: 1_500 },
  );
});
