/**
 * The FHIRPath of search parameters. Their expressions are unions of plain paths; each alternative is a *path* that several parameters
 * may share. Plain paths become direct readers over the model; anything else is left to the FHIRPath engine.
 */
import type { Model } from '../definitions/model.ts';
import { jsonProperties } from '../definitions/index.ts';
import type { Resource } from '../types.ts';

/** A value with its FHIR type, as the FHIRPath engine's nodes have it. */
export type TypedValue = { value: unknown; type: string };

export type Reader = (resource: Resource) => TypedValue[];

/** The FHIRPath engine, as far as search needs it. */
export type Compile = (
  expression: string,
  options: { model: Model; type?: string },
) => { evaluate(input: Resource): TypedValue[]; types: readonly string[] };

export type Path = {
  /** The path within its type, spelled one way: `value.ofType(Quantity)`. */
  name: string;
  read: Reader;
  /** At most one value, by the model. */
  single: boolean;
  /** At least one value, by the model. */
  required: boolean;
  types: string[];
  /** The value set that a code at the end must come from. */
  valueSet?: string;
};

export type Alternative = { expression: string; target?: string };

const resolveFilter = /\.where\(\s*resolve\(\)\s+is\s+(\w+)\s*\)$/;

/** The alternatives of an expression that apply to a type, as paths relative to it, with the target type that `resolve() is` asks for. */
export function alternativesFor(model: Model, type: string, expression: string): Alternative[] {
  const found: Alternative[] = [];
  for (const part of splitUnion(expression)) {
    const plain = spelledOneWay(part);
    const head = /^[A-Za-z]+/.exec(plain)?.[0] ?? '';
    const isType = model.type(head)?.kind === 'resource';
    if (isType && !model.isA(type, head)) continue;
    const relative = isType ? plain.slice(head.length).replace(/^\./, '') : plain;
    const filter = resolveFilter.exec(relative);
    const path = filter === null ? relative : relative.slice(0, filter.index);
    const target = filter?.[1];
    // What is left of `Patient.deceased.exists() and Patient.deceased != false` would not stand alone: such an expression is kept whole.
    const expressionOfPath = /[=!<>&]|\s(and|or|xor|is|as)\s/.test(path.replace(/\([^()]*\)/g, '')) ? plain : path;
    found.push(target === undefined ? { expression: expressionOfPath } : { expression: expressionOfPath, target });
  }
  return found;
}

/** Splits at the `|` that stand outside parentheses and quotes. */
export function splitUnion(expression: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let i = 0; i < expression.length; i++) {
    const letter = expression[i];
    if (letter === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (letter === '(') depth++;
    else if (letter === ')') depth--;
    else if (letter === '|' && depth === 0) {
      parts.push(expression.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(expression.slice(from));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function spelledOneWay(expression: string): string {
  let plain = expression.trim();
  const wrapped = /^\(((?:[^()]|\([^()]*\))*)\)((?:\..*)?)$/.exec(plain);
  if (wrapped !== null) plain = `${asOfType(wrapped[1] as string)}${wrapped[2]}`;
  return asOfType(plain);
}

const asOfType = (expression: string): string =>
  expression
    .trim()
    .replace(/^([\w.]+)\s+as\s+(\w+)$/, '$1.ofType($2)')
    .replace(/\.as\((\w+)\)/g, '.ofType($1)');

type Property = { name: string; type: string };
type Step = { properties: Map<string, Property[]>; where?: { name: string; equals: string }; at?: number };

const stepPattern = /^(?:(\w+)|(?:ofType\((\w+)\))|(?:where\((\w+)\s*=\s*'([^'\\]*)'\)))((?:\[\d+\])?)(?:\.|$)/;

/** A reader of a path within a type. Falls back on the FHIRPath engine where the path is not plain; throws its Fault when it is wrong. */
export function compilePath(model: Model, compile: Compile, type: string, expression: string): Path {
  if (expression === '')
    return { name: '', read: (resource) => [{ value: resource, type }], single: true, required: true, types: [type] };
  return plainPath(model, type, expression) ?? engineValues(model, compile, type, expression);
}

function engineValues(model: Model, compile: Compile, type: string, expression: string): Path {
  const compiled = compile(expression, { model, type });
  const read: Reader = (resource) =>
    compiled.evaluate(resource).map((node) => ({ value: node.value, type: fhirTypeName(node.type) }));
  return { name: expression, read, single: false, required: false, types: compiled.types.map(fhirTypeName) };
}

const fhirTypeName = (name: string): string =>
  name.startsWith('System.') ? name.charAt(7).toLowerCase() + name.slice(8) : name.replace(/^FHIR\./, '');

function plainPath(model: Model, type: string, expression: string): Path | undefined {
  const steps: Step[] = [];
  const path: Path = { name: expression, read: () => [], single: true, required: true, types: [type] };
  let rest = expression;
  while (rest !== '') {
    const match = stepPattern.exec(rest);
    if (match === null) return undefined;
    const [whole, name, ofType, whereName, whereValue, index] = match;
    if (name !== undefined && !addStep(model, steps, path, name)) return undefined;
    const last = steps.at(-1);
    if (last === undefined) return undefined;
    if (ofType !== undefined && !restrict(model, last, path, ofType)) return undefined;
    if (whereName !== undefined) {
      if (last.where !== undefined || last.at !== undefined) return undefined;
      last.where = { name: whereName, equals: whereValue as string };
      path.required = false;
    }
    if (index) {
      last.at = Number(index.slice(1, -1));
      path.required = false;
    }
    rest = rest.slice(whole.length);
  }
  path.read = readerOf(type, steps);
  return path;
}

function addStep(model: Model, steps: Step[], path: Path, name: string): boolean {
  const properties = new Map<string, Property[]>();
  for (const type of path.types) {
    const element = model.element(type, name);
    if (element === undefined) continue;
    properties.set(type, jsonProperties(element));
    if (element.max > 1) path.single = false;
    if (element.min < 1) path.required = false;
    const strength = element.binding?.strength;
    if (strength === 'required') path.valueSet = element.binding?.valueSet ?? '';
    else delete path.valueSet;
  }
  if (properties.size === 0) return false;
  if (properties.size < path.types.length) path.required = false;
  path.types = [...new Set([...properties.values()].flat().map((property) => property.type))];
  steps.push({ properties });
  return true;
}

/** A type and those that are made from it: a canonical is a uri too. R4's expressions are not strict about capitals. */
function restrict(model: Model, step: Step, path: Path, ofType: string): boolean {
  const wanted = ofType.toLowerCase();
  const isWanted = (type: string): boolean => type.toLowerCase() === wanted || model.isA(type, ofType);
  let isChoice = false;
  for (const [owner, properties] of step.properties) {
    if (properties.length > 1) isChoice = true;
    step.properties.set(
      owner,
      properties.filter(({ type }) => isWanted(type)),
    );
  }
  if (isChoice) path.required = false;
  path.types = path.types.filter(isWanted);
  return path.types.length > 0;
}

function readerOf(type: string, steps: readonly Step[]): Reader {
  return (resource) => {
    let nodes: TypedValue[] = [{ value: resource, type }];
    for (const step of steps) {
      const next: TypedValue[] = [];
      for (const node of nodes) readStep(step, node, next);
      if (next.length === 0) return next;
      nodes = next;
    }
    return nodes;
  };
}

function readStep(step: Step, node: TypedValue, next: TypedValue[]): void {
  const properties = step.properties.get(node.type);
  if (properties === undefined || typeof node.value !== 'object' || node.value === null) return;
  for (const { name, type } of properties) {
    const value = (node.value as Record<string, unknown>)[name];
    if (value === undefined || value === null) continue;
    if (!Array.isArray(value)) addValue(step, value, type, next);
    else if (step.at !== undefined) addValue(step, value[step.at], type, next);
    else for (const one of value) addValue(step, one, type, next);
  }
}

function addValue(step: Step, value: unknown, type: string, next: TypedValue[]): void {
  if (value === undefined || value === null) return;
  if (step.where !== undefined && (value as Record<string, unknown>)[step.where.name] !== step.where.equals) return;
  next.push({ value, type });
}
