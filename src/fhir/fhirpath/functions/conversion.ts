/** http://hl7.org/fhirpath/N1/#conversion: `toX()` and `convertsToX()`; a value that does not convert gives empty. */
import { compareNumeric, decimalText, numericOf, type Numeric } from '../decimal-math.ts';
import { Node, empty, kindOf, stringNodes, type Nodes } from '../node.ts';
import { singleton } from '../operators.ts';
import { parseQuantity, quantityNodes, quantityOf, quantityText, type Quantity } from '../quantity.ts';
import type { Scope } from '../scope.ts';
import { formatTemporal, parseTemporal, type Temporal } from '../temporal.ts';
import type { FunctionDefinition, FunctionTable } from './definition.ts';

type Conversion = (node: Node, scope: Scope) => Nodes;

const yes: ReadonlySet<string> = new Set(['true', 't', 'yes', 'y', '1', '1.0']);
const no: ReadonlySet<string> = new Set(['false', 'f', 'no', 'n', '0', '0.0']);

function toBoolean(node: Node): Nodes {
  const { value } = node;
  const word = typeof value === 'string' ? value.toLowerCase() : undefined;
  const isTrue = value === true || (word !== undefined && yes.has(word)) || isNumber(node, 1);
  const isFalse = value === false || (word !== undefined && no.has(word)) || isNumber(node, 0);
  return isTrue || isFalse ? [new Node(isTrue, 'System.Boolean')] : empty;
}

function isNumber(node: Node, wanted: number): boolean {
  const kind = kindOf(node);
  return (kind === 'integer' || kind === 'decimal') && compareNumeric(node.value as Numeric, wanted) === 0;
}

function toInteger(node: Node): Nodes {
  const { value } = node;
  if (typeof value === 'boolean') return [new Node(value ? 1 : 0, 'System.Integer')];
  if (kindOf(node) === 'integer') return [new Node(value, 'System.Integer')];
  if (kindOf(node) !== 'string' || !/^[+-]?\d{1,10}$/.test(value as string)) return empty;
  return Math.abs(Number(value)) > 2_147_483_647 ? empty : [new Node(Number(value), 'System.Integer')];
}

function toLong(node: Node): Nodes {
  const { value } = node;
  if (kindOf(node) !== 'string') return toInteger(node);
  if (!/^[+-]?\d{1,16}$/.test(value as string) || !Number.isSafeInteger(Number(value))) return empty;
  return [new Node(Number(value), 'System.Integer')];
}

function toDecimal(node: Node): Nodes {
  const { value } = node;
  const kind = kindOf(node);
  if (typeof value === 'boolean') return [new Node(value ? 1 : 0, 'System.Decimal')];
  if (kind === 'integer' || kind === 'decimal') return [new Node(value, 'System.Decimal')];
  if (kind !== 'string' || !/^[+-]?\d{1,100}(?:\.\d{1,100})?$/.test(value as string)) return empty;
  return [new Node(numericOf((value as string).replace('+', '')), 'System.Decimal')];
}

function toText(node: Node): Nodes {
  switch (kindOf(node)) {
    case 'none':
    case 'complex':
      return empty;
    case 'decimal':
    case 'integer':
      return stringNodes(decimalText(node.value as Numeric));
    case 'quantity': {
      const quantity = quantityOf(node);
      return quantity ? stringNodes(quantityText(quantity)) : empty;
    }
    default:
      return stringNodes(String(node.value));
  }
}

function temporalNodes(temporal: Temporal | undefined, type: string): Nodes {
  return temporal ? [new Node(formatTemporal(temporal), type)] : empty;
}

function toDate(node: Node): Nodes {
  if (typeof node.value !== 'string' || kindOf(node) === 'time') return empty;
  const temporal = parseTemporal(node.value, 'dateTime');
  const date = temporal && { ...temporal, kind: 'date' as const, precision: Math.min(3, temporal.precision) };
  return temporalNodes(date, 'System.Date');
}

function toDateTime(node: Node): Nodes {
  if (typeof node.value !== 'string' || kindOf(node) === 'time') return empty;
  return temporalNodes(parseTemporal(node.value, 'dateTime'), 'System.DateTime');
}

function toTime(node: Node): Nodes {
  const kind = kindOf(node);
  if (kind !== 'string' && kind !== 'time') return empty;
  return temporalNodes(parseTemporal(node.value as string, 'time'), 'System.Time');
}

function readQuantity(node: Node): Quantity | undefined {
  const { value } = node;
  if (typeof value === 'boolean') return { value: value ? 1 : 0, unit: '1', kind: 'ucum' };
  return kindOf(node) === 'string' ? parseQuantity(value as string) : quantityOf(node);
}

function inUnit(quantity: Quantity, unit: string, scope: Scope): Quantity | undefined {
  const value = scope.ucum.convert(Number(quantity.value), quantity.unit, unit);
  return value === undefined ? undefined : { value: numericOf(String(value)) ?? value, unit, kind: 'ucum' };
}

function toQuantity(node: Node, unit: string | undefined, scope: Scope): Nodes {
  const quantity = readQuantity(node);
  if (!quantity) return empty;
  if (unit === undefined || unit === quantity.unit) return quantityNodes(quantity);
  const converted = inUnit(quantity, unit, scope);
  return converted ? quantityNodes(converted) : empty;
}

function converter(name: string, type: string, convert: Conversion): FunctionDefinition {
  return {
    arity: [0, 0],
    returns: 'nodes',
    types: () => [type],
    build: () => (input, _self, scope) => {
      const node = singleton(input, `to${name}()`);
      return node ? convert(node, scope) : empty;
    },
  };
}

function check(name: string, convert: Conversion): FunctionDefinition {
  return {
    arity: [0, 0],
    returns: 'condition',
    build: () => (input, _self, scope) => {
      const node = singleton(input, `convertsTo${name}()`);
      return node && convert(node, scope).length > 0;
    },
  };
}

const conversions: Readonly<Record<string, readonly [type: string, convert: Conversion]>> = {
  Boolean: ['System.Boolean', toBoolean],
  Integer: ['System.Integer', toInteger],
  Long: ['System.Integer', toLong],
  Decimal: ['System.Decimal', toDecimal],
  String: ['System.String', toText],
  Date: ['System.Date', toDate],
  DateTime: ['System.DateTime', toDateTime],
  Time: ['System.Time', toTime],
};

export const conversionFunctions: FunctionTable = {
  ...Object.fromEntries(
    Object.entries(conversions).flatMap(([name, [type, convert]]) => [
      [`to${name}`, converter(name, type, convert)],
      [`convertsTo${name}`, check(name, convert)],
    ]),
  ),
  toQuantity: {
    arity: [0, 1],
    returns: 'nodes',
    types: () => ['System.Quantity'],
    build:
      ([unit]) =>
      (input, self, scope) => {
        const node = singleton(input, 'toQuantity()');
        return node ? toQuantity(node, unitIn(unit?.evaluate(self, scope)), scope) : empty;
      },
  },
  convertsToQuantity: {
    arity: [0, 1],
    returns: 'condition',
    build:
      ([unit]) =>
      (input, self, scope) => {
        const node = singleton(input, 'convertsToQuantity()');
        return node && toQuantity(node, unitIn(unit?.evaluate(self, scope)), scope).length > 0;
      },
  },
};

function unitIn(nodes: Nodes | undefined): string | undefined {
  const value = nodes && singleton(nodes, 'toQuantity()')?.value;
  return typeof value === 'string' ? value : undefined;
}
