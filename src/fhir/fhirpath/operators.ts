/** Comparison and arithmetic on single values (http://hl7.org/fhirpath/N1/#comparison, #math). */
import { Fault } from '#kernel/fault.ts';
import {
  add,
  compareNumeric,
  divide,
  divideWhole,
  multiply,
  negate,
  remainder,
  subtract,
  type Numeric,
} from './decimal-math.ts';
import { Node, empty, kindOf, stringNodes, type Kind, type Nodes } from './node.ts';
import { addQuantity, compareQuantity, durationOf, quantityNodes, quantityOf, scaleQuantity } from './quantity.ts';
import type { Scope } from './scope.ts';
import { addDuration, compareTemporal, formatTemporal, parseTemporal, type TemporalKind } from './temporal.ts';

export function typeFault(message: string): Fault {
  return new Fault('unprocessable', `FHIRPath: ${message}`);
}

/** The only node, undefined when there is none; Fault('unprocessable') when there are more. */
export function singleton(nodes: Nodes, what: string): Node | undefined {
  if (nodes.length > 1) throw typeFault(`${what} takes a single value, not ${nodes.length}`);
  return nodes[0];
}

/** http://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections: a single value that is no boolean counts as true. */
export function truthOf(nodes: Nodes): boolean | undefined {
  const node = singleton(nodes, 'a condition');
  if (node === undefined || node.value === undefined) return undefined;
  return typeof node.value === 'boolean' ? node.value : true;
}

const isNumber = (kind: Kind): boolean => kind === 'integer' || kind === 'decimal';
const isTemporal = (kind: Kind): kind is TemporalKind => kind === 'date' || kind === 'dateTime' || kind === 'time';

/** Negative, zero, positive; undefined when open or when a side is empty. Fault when the two have no order. */
export function compare(left: Nodes, right: Nodes, operator: string, scope: Scope): number | undefined {
  const a = singleton(left, operator);
  const b = singleton(right, operator);
  if (a?.value === undefined || b?.value === undefined) return undefined;
  return compareNodes(a, b, operator, scope);
}

export function compareNodes(a: Node, b: Node, operator: string, scope: Scope): number | undefined {
  const first = kindOf(a);
  const second = kindOf(b);
  if (isNumber(first) && isNumber(second)) return compareNumeric(a.value as Numeric, b.value as Numeric);
  if (first === 'string' && second === 'string')
    return a.value === b.value ? 0 : (a.value as string) < (b.value as string) ? -1 : 1;
  if (isTemporal(first) && isTemporal(second)) return compareDates(a, first, b, second, operator);
  const left = quantityOf(a);
  const right = quantityOf(b);
  if (left && right) return compareQuantity(left, right, scope.ucum);
  throw typeFault(`${a.type} ${operator} ${b.type} has no meaning`);
}

const wholeForm = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/** Whole dates, and moments of one precision in one zone, are in the order of their texts. */
function isTextOrder(left: string, right: string): boolean {
  if (left.length !== right.length || left.length < 10) return false;
  return (
    (left.length === 10 || left.slice(-6) === right.slice(-6) || (left.endsWith('Z') && right.endsWith('Z'))) &&
    wholeForm.test(left) &&
    wholeForm.test(right)
  );
}

function compareDates(
  a: Node,
  first: TemporalKind,
  b: Node,
  second: TemporalKind,
  operator: string,
): number | undefined {
  const left = a.value as string;
  const right = b.value as string;
  if (isTextOrder(left, right)) return left === right ? 0 : left < right ? -1 : 1;
  const from = parseTemporal(left, first);
  const to = parseTemporal(right, second);
  if (!from || !to) return undefined;
  const order = compareTemporal(from, to);
  if (Number.isNaN(order)) throw typeFault(`${a.type} ${operator} ${b.type} has no meaning`);
  return order;
}

const integerMax = 2_147_483_647;

/** A number as a node; empty when an integer overflows (http://hl7.org/fhirpath/N1/#math). */
export function numberNodes(value: Numeric | undefined, isInteger: boolean): Nodes {
  if (value === undefined) return empty;
  if (!isInteger) return [new Node(value, 'System.Decimal')];
  return Math.abs(Number(value)) > integerMax ? empty : [new Node(Number(value), 'System.Integer')];
}

export type Arithmetic = '+' | '-' | '*' | '/' | 'div' | 'mod';

export function calculate(left: Nodes, right: Nodes, operator: Arithmetic, scope: Scope): Nodes {
  const a = singleton(left, operator);
  const b = singleton(right, operator);
  if (a?.value === undefined || b?.value === undefined) return empty;
  const first = kindOf(a);
  const second = kindOf(b);
  if (isNumber(first) && isNumber(second)) {
    const isInteger = operator !== '/' && (operator === 'div' || (first === 'integer' && second === 'integer'));
    return numberNodes(calculateNumbers(a.value as Numeric, b.value as Numeric, operator), isInteger);
  }
  if (operator === '+' && first === 'string' && second === 'string')
    return stringNodes(scope.spendText((a.value as string) + (b.value as string)));
  if ((operator === '+' || operator === '-') && isTemporal(first) && second === 'quantity')
    return moveDate(a, first, b, operator);
  if (first === 'quantity' || second === 'quantity') return calculateQuantities(a, b, operator, scope);
  throw typeFault(`${a.type} ${operator} ${b.type} has no meaning`);
}

function calculateNumbers(a: Numeric, b: Numeric, operator: Arithmetic): Numeric | undefined {
  switch (operator) {
    case '+':
      return add(a, b);
    case '-':
      return subtract(a, b);
    case '*':
      return multiply(a, b);
    case '/':
      return divide(a, b);
    case 'div':
      return divideWhole(a, b);
    case 'mod':
      return remainder(a, b);
  }
}

function calculateQuantities(a: Node, b: Node, operator: Arithmetic, scope: Scope): Nodes {
  const left = quantityOf(a);
  const right = quantityOf(b);
  if (!left || !right || operator === 'div' || operator === 'mod')
    throw typeFault(`${a.type} ${operator} ${b.type} has no meaning`);
  const result =
    operator === '*' || operator === '/'
      ? scaleQuantity(left, right, operator, scope.ucum)
      : addQuantity(left, right, operator === '+' ? 1 : -1, scope.ucum);
  return result ? quantityNodes(result) : empty;
}

function moveDate(date: Node, kind: TemporalKind, by: Node, operator: '+' | '-'): Nodes {
  const quantity = quantityOf(by);
  const duration = quantity && durationOf(quantity);
  if (!duration) throw typeFault(`${quantity?.unit ?? 'a quantity without value'} cannot be added to a date`);
  const temporal = parseTemporal(date.value as string, kind);
  const amount = operator === '+' ? duration.amount : -duration.amount;
  const moved = temporal && addDuration(temporal, amount, duration.unit);
  if (!moved) return empty;
  const type = { date: 'System.Date', dateTime: 'System.DateTime', time: 'System.Time' }[kind];
  return [new Node(formatTemporal(moved), type)];
}

/** Unary plus and minus: numbers and quantities only. */
export function polarity(nodes: Nodes, sign: '+' | '-'): Nodes {
  const node = singleton(nodes, sign);
  if (node === undefined) return empty;
  const kind = kindOf(node);
  if (isNumber(kind)) {
    const value = node.value as Numeric;
    return [new Node(sign === '-' ? negate(value) : value, kind === 'integer' ? 'System.Integer' : 'System.Decimal')];
  }
  const quantity = kind === 'quantity' ? quantityOf(node) : undefined;
  if (!quantity) throw typeFault(`${sign} takes a number or a quantity, not ${node.type}`);
  return sign === '+' ? nodes : quantityNodes({ ...quantity, value: negate(quantity.value) });
}

/** `&`: an empty side is an empty text. */
export function concatenate(left: Nodes, right: Nodes, scope: Scope): Nodes {
  return stringNodes(scope.spendText(textOf(left) + textOf(right)));
}

function textOf(nodes: Nodes): string {
  const node = singleton(nodes, '&');
  if (node?.value === undefined) return '';
  if (typeof node.value !== 'string') throw typeFault(`& joins texts, not ${node.type}`);
  return node.value;
}
