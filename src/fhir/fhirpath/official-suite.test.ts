/** The official FHIRPath suite for R4 (github.com/FHIR/fhir-test-cases, r4/fhirpath/tests-fhir-r4.xml), where a copy is at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { Fault } from '#kernel/fault.ts';
import { loadDefinitions } from '../definitions/index.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import { readXml } from '../xml/index.ts';
import { decimalText } from './decimal-math.ts';
import { compile, type Node, quantityOf } from './index.ts';
import { kindOf } from './node.ts';
import { quantityText } from './quantity.ts';
import { differences, standIns } from './official-suite-differences.ts';

const folder = join(import.meta.dirname, '../../../../shared/data/fhirpath-r4');
const suite = join(folder, 'fhirpath/tests-fhir-r4.xml');
const isThere = existsSync(suite);

type Case = {
  name: string;
  input: string;
  predicate: boolean;
  invalid: string | undefined;
  expression: string;
  outputs: { type: string | undefined; text: string }[];
};

function readCases(): Case[] {
  const cases: Case[] = [];
  let text = '';
  let outputType: string | undefined;
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    text = '';
    const given = attributes as Record<string, string>;
    if (name === 'test')
      cases.push({
        name: given['name'] ?? '',
        input: given['inputfile'] ?? '',
        predicate: given['predicate'] === 'true',
        invalid: undefined,
        expression: '',
        outputs: [],
      });
    if (name === 'expression') cases.at(-1)!.invalid = given['invalid'];
    if (name === 'output') outputType = given['type'];
  });
  parser.on('text', (part) => (text += part));
  parser.on('cdata', (part) => (text += part));
  parser.on('closetag', ({ name }) => {
    if (name === 'expression') cases.at(-1)!.expression = text;
    if (name === 'output') cases.at(-1)!.outputs.push({ type: outputType, text });
  });
  parser.write(readFileSync(suite, 'utf8')).close();
  return cases;
}

const { model } = loadDefinitions();
const inputs = new Map<string, Resource>();

function inputOf(file: string): Resource | null {
  if (file === '') return null;
  let resource = inputs.get(file);
  if (!resource) inputs.set(file, (resource = readInput(file)));
  return resource;
}

function readInput(file: string): Resource {
  const standIn = standIns[file];
  if (standIn) return standIn;
  const path = join(folder, 'examples', file);
  if (file.endsWith('.xml') && existsSync(path)) return readXml(readFileSync(path, 'utf8'), model);
  return parseJson(readFileSync(path.replace(/\.xml$/, '.json'), 'utf8')) as Resource;
}

/** What is wrong with the engine's answer; undefined when it is the expected one. */
function problemOf(one: Case): string | undefined {
  let result: readonly Node[];
  try {
    const input = inputOf(one.input);
    const type = input ? { type: input.resourceType } : {};
    const now = Date.UTC(2026, 0, 15, 10, 30);
    result = compile(one.expression, { model, ...type, strict: true }).evaluate(input, { now });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return one.invalid ? undefined : error.message;
  }
  if (one.invalid) return `no ${one.invalid} error, but ${result.map(shown).join(', ') || 'empty'}`;
  if (one.predicate) return result.length > 0 ? undefined : 'empty';
  const expected = one.outputs.map(({ type, text }) => (type ? `${type.toLowerCase()} ${text}` : text));
  const actual = result.map((node, at) => (one.outputs[at]?.type ? `${typeName(node)} ${shown(node)}` : shown(node)));
  return expected.join(' | ') === actual.join(' | ') ? undefined : actual.join(' | ') || 'empty';
}

function typeName({ type }: Node): string {
  return type.replace('System.', '').toLowerCase();
}

function shown(node: Node): string {
  const kind = kindOf(node);
  if (kind === 'quantity') return quantityText(quantityOf(node)!);
  if (kind === 'decimal' || kind === 'integer') return decimalText(node.value as number);
  if (kind === 'time') return `@T${String(node.value)}`;
  return kind === 'date' || kind === 'dateTime' ? `@${String(node.value)}` : String(node.value);
}

test.skipIf(!isThere)(
  'answers at least 98 % of the official suite as it expects, and differs only where we say so',
  () => {
    const cases = readCases();
    const failed = cases.flatMap((one) => {
      const problem = problemOf(one);
      return problem === undefined ? [] : [{ ...one, problem }];
    });
    const percentage = (100 * (cases.length - failed.length)) / cases.length;
    const standInCount = cases.filter(({ input }) => input in standIns).length;
    console.log(
      `FHIRPath official suite: ${cases.length - failed.length} of ${cases.length} (${percentage.toFixed(2)} %), ` +
        `${standInCount} of them on inputs of our own`,
    );
    for (const { name, expression, outputs, problem } of failed)
      console.log(
        `  ${name}: ${expression} -> ${problem}; expected ${outputs.map(({ text }) => text).join(' | ') || '?'}`,
      );
    expect(cases.length).toBeGreaterThan(900);
    expect(percentage).toBeGreaterThanOrEqual(98);
    expect(failed.map(({ name }) => name)).toEqual(Object.keys(differences));
  },
);
