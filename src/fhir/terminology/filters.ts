/** The filters of ValueSet.compose, https://hl7.org/fhir/R4/valueset-filter-operator.html */
import { createContext, runInContext } from 'node:vm';
import { Fault } from '#kernel/fault.ts';
import { isNumeric } from '../json/decimal.ts';
import type { CodeSystemIndex } from './code-system.ts';
import type { ValueSetFilter } from './model.ts';

const regexTimeoutMs = 250;
const regexLengthMax = 500;

type RowTest = (row: number) => boolean;

/** The rows that pass every filter: one byte a row. Faults: a filter that isn't understood is never ignored. */
export function filteredRows(index: CodeSystemIndex, filters: readonly ValueSetFilter[]): Uint8Array {
  const rows = new Uint8Array(index.size).fill(1);
  for (const filter of filters) {
    const passes = testOf(index, filter);
    for (let row = 0; row < rows.length; row += 1) if (rows[row] === 1 && !passes(row)) rows[row] = 0;
  }
  return rows;
}

function testOf(index: CodeSystemIndex, filter: ValueSetFilter): RowTest {
  switch (filter.op) {
    case 'is-a':
    case 'descendent-of':
    case 'is-not-a':
    case 'generalizes':
      return hierarchyTest(index, filter);
    case '=':
      return valueTest(index, filter.property, (value) => value === filter.value);
    case 'in':
      return memberTest(index, filter, true);
    case 'not-in':
      return memberTest(index, filter, false);
    case 'regex':
      return regexTest(index, filter);
    case 'exists':
      return existsTest(index, filter);
    default:
      throw new Fault('notSupported', `The filter operator "${filter.op}" is not known in FHIR R4`);
  }
}

function hierarchyTest(index: CodeSystemIndex, { op, value, property }: ValueSetFilter): RowTest {
  if (property !== 'concept' && property !== 'code') {
    throw new Fault('notSupported', `The filter "${op}" is for the property "concept", not "${property}"`);
  }
  const start = index.row(value);
  if (start < 0) {
    if (index.isComplete) throw new Fault('unprocessable', `${index.head.url} has no code "${value}" to filter by`);
    throw new Fault('notFound', `The code "${value}" is not in the part of ${index.head.url} that is here`);
  }
  if (op === 'generalizes') {
    const above = index.ancestors(start).add(start);
    return (row) => above.has(row);
  }
  const below = index.descendants(start);
  if (op === 'descendent-of') return (row) => below.has(row);
  below.add(start);
  return op === 'is-a' ? (row) => below.has(row) : (row) => !below.has(row);
}

function memberTest(index: CodeSystemIndex, { property, value }: ValueSetFilter, wanted: boolean): RowTest {
  const members = new Set(value.split(',').map((each) => each.trim()));
  const isIn = valueTest(index, property, (each) => members.has(each));
  return (row) => isIn(row) === wanted;
}

function valueTest(index: CodeSystemIndex, property: string, accepts: (value: string) => boolean): RowTest {
  assertKnown(index, property);
  return (row) => valuesOf(index, row, property).some(accepts);
}

function existsTest(index: CodeSystemIndex, { property, value }: ValueSetFilter): RowTest {
  if (value !== 'true' && value !== 'false') {
    throw new Fault('invalid', `The filter "exists" takes true or false, not "${value}"`);
  }
  assertKnown(index, property);
  return (row) => valuesOf(index, row, property).length > 0 === (value === 'true');
}

/** Patterns come from users: they run against a clock, so that one that backtracks for ever costs a quarter of a second. */
function regexTest(index: CodeSystemIndex, { property, value }: ValueSetFilter): RowTest {
  assertKnown(index, property);
  if (value.length > regexLengthMax) throw new Fault('tooCostly', 'The regular expression is too long');
  const values = Array.from({ length: index.size }, (_, row) => valuesOf(index, row, property));
  const matched = runRegex(value, values);
  return (row) => matched.has(row);
}

function runRegex(pattern: string, values: readonly (readonly string[])[]): Set<number> {
  const sandbox = createContext({ pattern, values });
  const script = `const r = new RegExp('^(?:' + pattern + ')$', 'u');
    values.flatMap((texts, row) => (texts.some((text) => r.test(text)) ? [row] : []));`;
  try {
    return new Set(runInContext(script, sandbox, { timeout: regexTimeoutMs }) as number[]);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw new Fault('tooCostly', 'The regular expression of a filter takes too long');
    }
    throw new Fault('invalid', `"${pattern}" is not a regular expression`, { cause: error });
  }
}

const implicit = new Set(['code', 'concept', 'display', 'definition', 'parent', 'child', 'inactive', 'notSelectable']);

function assertKnown(index: CodeSystemIndex, property: string): void {
  if (implicit.has(property) || index.head.properties.some((each) => each.code === property)) return;
  throw new Fault('notSupported', `${index.head.url} as it is held here has no property "${property}" to filter by`);
}

/** A concept's values of a property, as text. */
function valuesOf(index: CodeSystemIndex, row: number, property: string): string[] {
  switch (property) {
    case 'code':
    case 'concept':
      return [index.code(row)];
    case 'display':
      return present(index.display(row));
    case 'definition':
      return present(index.definition(row));
    case 'parent':
      return index.parents(row).map((each) => index.code(each));
    case 'child':
      return index.children(row).map((each) => index.code(each));
    case 'inactive':
      return [String(index.isInactive(row))];
    case 'notSelectable':
      return [String(index.isAbstract(row))];
    default:
      return index.properties(row).flatMap((each) => (each.code === property ? textOf(each) : []));
  }
}

function present(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}

function textOf(property: Record<string, unknown>): string[] {
  for (const [name, value] of Object.entries(property)) {
    if (!name.startsWith('value')) continue;
    if (typeof value === 'string' || typeof value === 'boolean' || isNumeric(value)) return [String(value)];
    const code = (value as { code?: unknown } | null)?.code;
    if (typeof code === 'string') return [code];
  }
  return [];
}
