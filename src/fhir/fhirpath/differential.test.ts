/** The npm package `fhirpath` as an oracle: both engines must agree on random expressions and on R4's search parameters. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { expect, test } from 'vitest';
import { Fault } from '#kernel/fault.ts';
import { loadDefinitions } from '../definitions/index.ts';
import type { Resource } from '../types.ts';
import { compile } from './index.ts';

const { model, searchParameters } = loadDefinitions();
const examples = join(import.meta.dirname, '../../../../shared/data/fhirpath-r4/examples');

const patient: Resource = {
  resourceType: 'Patient',
  id: 'test',
  active: true,
  name: [
    { use: 'official', family: 'Nordmann', given: ['Kari', 'Marie'] },
    { use: 'usual', given: ['Kari'] },
    { use: 'old', family: 'Åsnes', given: ['Marie', 'Kari'], period: { start: '1999-01', end: '2010-06-15' } },
  ],
  telecom: [
    { system: 'phone', value: '+47 99 99 99 99', rank: 1 },
    { system: 'email', value: 'kari@example.org', rank: 2 },
  ],
  birthDate: '1974-12-25',
  address: [{ line: ['Storgata 1', 'Bakgården'], city: 'Tromsø' }],
  contact: [{ name: { family: 'Nordmann' }, gender: 'male' }],
};

/** Numbers as plain numbers, so that `1.0` and `1` do not differ between the engines' ways of holding them. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

function ours(expression: string, resource: Resource): unknown {
  try {
    const type = resource.resourceType;
    return plain(
      compile(expression, { model, type })
        .evaluate(resource)
        .map(({ value }) => value),
    );
  } catch (error) {
    if (error instanceof Fault) return 'error';
    throw error;
  }
}

function theirs(expression: string, resource: Resource): unknown {
  try {
    return plain(fhirpath.evaluate(resource, expression, {}, r4, { async: false }));
  } catch {
    return 'error';
  }
}

// Comparisons stand in brackets: `a < b.not()` compares with a truth, an error that `or` meets in one engine and passes by in the other, as the standard lets it.
// `~` is asked of single texts only: of several the oracle asks for the order too, and it rounds halves of numbers its own way.
// Duplicates are taken out before subsetOf(): the oracle compares lengths first, the standard only asks for members.
const { truth, number, text, nodes } = fc.letrec<Record<'truth' | 'number' | 'text' | 'nodes' | 'texts', string>>(
  (tie) => ({
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.integer({ min: 0, max: 20 }).map(String),
      fc.constantFrom('0.5', '1.25', '2.0', '10.75'),
      fc
        .tuple(tie('number'), fc.constantFrom('+', '-', '*'), tie('number'))
        .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
      fc
        .tuple(tie('number'), fc.constantFrom('div', 'mod'), fc.integer({ min: 1, max: 9 }))
        .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
      fc
        .tuple(tie('number'), fc.constantFrom('abs', 'floor', 'ceiling', 'truncate'))
        .map(([a, name]) => `(${a}).${name}()`),
      tie('nodes').map((a) => `${a}.count()`),
      tie('text').map((a) => `${a}.length()`),
    ),
    text: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(
        "'Kari'",
        "'a'",
        "''",
        "'Blåbær 1'",
        'Patient.id',
        'Patient.address.city',
        'Patient.birthDate.toString()',
      ),
      fc.tuple(tie('text'), fc.constantFrom('&', '+'), tie('text')).map(([a, sign, b]) => `(${a} ${sign} ${b})`),
      fc.tuple(tie('text'), fc.constantFrom('upper', 'lower', 'trim')).map(([a, name]) => `${a}.${name}()`),
      fc
        .tuple(tie('text'), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
        .map(([a, from, length]) => `${a}.substring(${from}, ${length})`),
      fc.tuple(tie('text'), tie('text')).map(([a, b]) => `${a}.replace('a', ${b})`),
      tie('texts').map((a) => `${a}.join('-')`),
    ),
    texts: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(
        'Patient.name.given',
        'name.family',
        'telecom.value',
        'Patient.name[0].given',
        'contact.name.family',
      ),
      fc.tuple(tie('texts'), tie('texts')).map(([a, b]) => `(${a} | ${b})`),
      fc.tuple(tie('texts'), fc.constantFrom('first', 'last', 'tail', 'distinct')).map(([a, name]) => `${a}.${name}()`),
      fc
        .tuple(tie('texts'), fc.constantFrom('skip', 'take'), fc.integer({ min: 0, max: 3 }))
        .map(([a, name, count]) => `${a}.${name}(${count})`),
      fc
        .tuple(tie('texts'), fc.constantFrom('intersect', 'exclude', 'combine'), tie('texts'))
        .map(([a, name, b]) => `${a}.${name}(${b})`),
      fc
        .tuple(tie('texts'), fc.constantFrom("$this = 'Kari'", "startsWith('K')", 'length() > 4', '$index = 1'))
        .map(([a, criterion]) => `${a}.where(${criterion})`),
      fc
        .tuple(tie('texts'), fc.constantFrom('upper()', "$this & '!'", 'substring(1)'))
        .map(([a, projection]) => `${a}.select(${projection})`),
    ),
    nodes: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('texts'),
      fc.constantFrom(
        'Patient.name',
        'telecom',
        'address',
        'Patient.link',
        "name.where(use = 'usual')",
        'telecom.rank',
        'name.period',
      ),
      fc
        .tuple(fc.constantFrom('Patient.name', 'Patient.contact.name'), tie('truth'))
        .map(([a, criterion]) => `${a}.where(${criterion})`),
    ),
    truth: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('true', 'false', '{}', 'Patient.active'),
      fc
        .tuple(tie('number'), fc.constantFrom('<', '>', '<=', '>=', '=', '!='), tie('number'))
        .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
      fc
        .tuple(tie('text'), fc.constantFrom('=', '!=', '~', '!~', '<', '>'), tie('text'))
        .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
      fc.tuple(tie('texts'), fc.constantFrom('=', '!='), tie('texts')).map(([a, sign, b]) => `(${a} ${sign} ${b})`),
      fc
        .tuple(tie('truth'), fc.constantFrom('and', 'or', 'xor', 'implies'), tie('truth'))
        .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
      fc.tuple(tie('nodes'), fc.constantFrom('exists', 'empty', 'isDistinct')).map(([a, name]) => `${a}.${name}()`),
      fc
        .tuple(tie('texts'), tie('texts'), fc.constantFrom('subsetOf', 'supersetOf'))
        .map(([a, b, name]) => `${a}.distinct().${name}(${b}.distinct())`),
      fc
        .tuple(tie('text'), fc.constantFrom('startsWith', 'endsWith', 'contains'), tie('text'))
        .map(([a, name, b]) => `${a}.${name}(${b})`),
      tie('truth').map((a) => `${a}.not()`),
      fc.tuple(tie('truth'), tie('truth'), tie('truth')).map(([a, b, c]) => `iif(${a}, ${b}, ${c})`),
      fc.constantFrom(
        '(Patient.birthDate < @1980)',
        '(birthDate = @1974-12-25)',
        '(birthDate > @1974-12)',
        '(name[2].period.start < @1999-02-01)',
        '(birthDate + 3 days > @1974-12-26)',
      ),
    ),
  }),
);

test('agrees with the oracle on random expressions', () => {
  fc.assert(
    fc.property(fc.oneof(truth, number, text, nodes), (expression) => {
      expect({ expression, result: ours(expression, patient) }).toEqual({
        expression,
        result: theirs(expression, patient),
      });
    }),
    { numRuns: 400 },
  );
});

/** The oracle takes 1e-22 and 1e-245 as equal when it removes duplicates. */
const oracleErrs: ReadonlySet<string> = new Set(['observation-decimal.json']);

test.skipIf(!existsSync(examples))("agrees with the oracle on R4's search parameters over the suite's examples", () => {
  let compared = 0;
  for (const file of readdirSync(examples).filter((name) => name.endsWith('.json') && !oracleErrs.has(name))) {
    const resource = JSON.parse(readFileSync(join(examples, file), 'utf8')) as Resource;
    if (!model.type(resource.resourceType)) continue;
    for (const { base, code, expression } of searchParameters) {
      // The oracle reads references from a server when it meets resolve().
      if (!expression || expression.includes('resolve()') || !base.includes(resource.resourceType)) continue;
      compared++;
      expect({ file, code, result: ours(expression, resource) }).toEqual({
        file,
        code,
        result: theirs(expression, resource),
      });
    }
  }
  expect(compared).toBeGreaterThan(500);
});
