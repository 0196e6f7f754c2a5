/** Literals and `%constants`. */
import { Fault } from '#kernel/fault.ts';
import { collectPlain, plainType } from './access.ts';
import type { Ast } from './ast.ts';
import { compiledNodes, type Compiled } from './compiled.ts';
import { numericOf } from './decimal-math.ts';
import { Node, booleanNodes, empty, isObject, type Nodes } from './node.ts';
import { quantityNodes, ucumSystem } from './quantity.ts';
import type { Scope } from './scope.ts';

export function compileLiteral({ type, text }: Extract<Ast, { kind: 'literal' }>): Compiled {
  const nodes = literalNodes(type, text);
  return compiledNodes(() => nodes, [`System.${type}`]);
}

function literalNodes(type: Extract<Ast, { kind: 'literal' }>['type'], text: string): Nodes {
  switch (type) {
    case 'Boolean':
      return booleanNodes(text === 'true');
    case 'Integer':
    case 'Decimal':
      return [new Node(numericOf(text), integerFits(type, text) ? 'System.Integer' : 'System.Decimal')];
    default:
      return [new Node(text, `System.${type}`)];
  }
}

/** Leading zeros (`007`) and numbers that no integer holds are decimals. */
function integerFits(type: 'Integer' | 'Decimal', text: string): boolean {
  return type === 'Integer' && Number.isSafeInteger(Number(text));
}

export function compileQuantity({ value, unit, word }: Extract<Ast, { kind: 'quantity' }>): Compiled {
  const number = numericOf(value)!;
  const nodes = quantityNodes(
    word === undefined ? { value: number, unit: unit!, kind: 'ucum' } : { value: number, unit: word, kind: 'calendar' },
  );
  return compiledNodes(() => nodes, ['System.Quantity']);
}

const codeSystems: ReadonlyMap<string, string> = new Map([
  ['sct', 'http://snomed.info/sct'],
  ['loinc', 'http://loinc.org'],
  ['ucum', ucumSystem],
]);

/** http://hl7.org/fhir/R4/fhirpath.html#variables */
export function compileConstant(name: string): Compiled {
  const text = constantText(name);
  if (text !== undefined) {
    const nodes = [new Node(text, 'System.String')];
    return compiledNodes(() => nodes, ['System.String']);
  }
  return compiledNodes((_self, scope) => constantNodes(name, scope), undefined);
}

function constantText(name: string): string | undefined {
  if (name.startsWith('vs-')) return `http://hl7.org/fhir/ValueSet/${name.slice(3)}`;
  if (name.startsWith('ext-')) return `http://hl7.org/fhir/StructureDefinition/${name.slice(4)}`;
  return codeSystems.get(name);
}

function constantNodes(name: string, scope: Scope): Nodes {
  switch (name) {
    case 'context':
      return oneNode(scope.environment.context ?? scope.root);
    case 'resource':
      return oneNode(scope.resource);
    case 'rootResource':
      return oneNode(scope.rootResource);
    default:
      return variableNodes(name, scope);
  }
}

function variableNodes(name: string, scope: Scope): Nodes {
  const defined = scope.defined?.get(name);
  if (defined) return defined;
  const { variables } = scope.environment;
  if (!variables || !Object.hasOwn(variables, name)) throw new Fault('unprocessable', `FHIRPath: there is no %${name}`);
  const value = variables[name];
  if (value instanceof Node) return [value];
  if (Array.isArray(value) && value.every((one) => one instanceof Node)) return value;
  const nodes: Nodes = [];
  collectPlain(value, name, undefined, nodes);
  return nodes;
}

function oneNode(value: unknown): Nodes {
  if (value instanceof Node) return [value];
  return isObject(value) ? [new Node(value, plainType(value))] : empty;
}
