/** http://hl7.org/fhirpath/N1/#math. Roots, powers and logarithms are binary floats to fifteen digits; all else is exact. */
import { boundary, precisionOf, type Bound } from '../boundary.ts';
import { compareNumeric, negate, numericOf, round, roundTowards, truncate, type Numeric } from '../decimal-math.ts';
import { empty, kindOf, type Node, type Nodes } from '../node.ts';
import { numberNodes, singleton, typeFault } from '../operators.ts';
import { compareQuantity, quantityNodes, quantityOf, type Quantity } from '../quantity.ts';
import { integerIn, type FunctionDefinition, type FunctionTable } from './definition.ts';

function numberIn(nodes: Nodes, name: string): Numeric | undefined {
  const node = singleton(nodes, `${name}()`);
  if (node?.value === undefined) return undefined;
  const kind = kindOf(node);
  if (kind !== 'integer' && kind !== 'decimal') throw typeFault(`${name}() takes a number, not ${node.type}`);
  return node.value as Numeric;
}

function fromFloat(value: number): Nodes {
  if (!Number.isFinite(value)) return empty;
  const near = Number(value.toPrecision(15));
  return numberNodes(numericOf(String(near)) ?? near, false);
}

function ofNumber(name: string, apply: (value: Numeric) => Nodes): FunctionDefinition {
  return {
    arity: [0, 0],
    returns: 'nodes',
    build: () => (input) => {
      const value = numberIn(input, name);
      return value === undefined ? empty : apply(value);
    },
  };
}

function ofTwoNumbers(name: string, apply: (value: Numeric, argument: Numeric) => Nodes): FunctionDefinition {
  return {
    arity: [1, 1],
    returns: 'nodes',
    build:
      ([argument]) =>
      (input, self, scope) => {
        const value = numberIn(input, name);
        const other = numberIn(argument!.evaluate(self, scope), name);
        return value === undefined || other === undefined ? empty : apply(value, other);
      },
  };
}

function bound(which: Bound): FunctionDefinition {
  return {
    arity: [0, 1],
    returns: 'nodes',
    build:
      ([precision]) =>
      (input, self, scope) => {
        const node = singleton(input, `${which}Boundary()`);
        if (node?.value === undefined) return empty;
        return boundary(node, which, precision && integerIn(precision.evaluate(self, scope), `${which}Boundary`));
      },
  };
}

function power(base: Numeric, exponent: Numeric): Nodes {
  const result = Number(base) ** Number(exponent);
  const isInteger = Number.isInteger(base) && Number.isInteger(exponent) && Number(exponent) >= 0;
  if (isInteger && Number.isSafeInteger(result)) return numberNodes(result, true);
  return fromFloat(result);
}

const isNegative = (value: Numeric): boolean => compareNumeric(value, 0) < 0;

function absolute(node: Node): Nodes {
  const quantity: Quantity | undefined = kindOf(node) === 'quantity' ? quantityOf(node) : undefined;
  if (quantity)
    return quantityNodes({ ...quantity, value: isNegative(quantity.value) ? negate(quantity.value) : quantity.value });
  const value = numberIn([node], 'abs')!;
  return numberNodes(isNegative(value) ? negate(value) : value, kindOf(node) === 'integer');
}

export const mathFunctions: FunctionTable = {
  abs: {
    arity: [0, 0],
    returns: 'nodes',
    build: () => (input) => {
      const node = singleton(input, 'abs()');
      return node?.value === undefined ? empty : absolute(node);
    },
  },
  ceiling: ofNumber('ceiling', (value) => numberNodes(roundTowards(value, 0, 'ceiling'), true)),
  floor: ofNumber('floor', (value) => numberNodes(roundTowards(value, 0, 'floor'), true)),
  truncate: ofNumber('truncate', (value) => numberNodes(truncate(value), true)),
  exp: ofNumber('exp', (value) => fromFloat(Math.exp(Number(value)))),
  ln: ofNumber('ln', (value) => fromFloat(Math.log(Number(value)))),
  sqrt: ofNumber('sqrt', (value) => fromFloat(Math.sqrt(Number(value)))),
  log: ofTwoNumbers('log', (value, base) => fromFloat(Math.log(Number(value)) / Math.log(Number(base)))),
  power: ofTwoNumbers('power', power),
  round: {
    arity: [0, 1],
    returns: 'nodes',
    build:
      ([places]) =>
      (input, self, scope) => {
        const value = numberIn(input, 'round');
        const digits = places ? integerIn(places.evaluate(self, scope), 'round') : 0;
        if (value === undefined || digits === undefined) return empty;
        if (digits < 0) throw typeFault('round() takes a precision of zero or more');
        return numberNodes(round(value, Math.min(digits, 100)), false);
      },
  },
  precision: {
    arity: [0, 0],
    returns: 'nodes',
    build: () => (input) => {
      const node = singleton(input, 'precision()');
      return node?.value === undefined ? empty : precisionOf(node);
    },
  },
  lowBoundary: bound('low'),
  highBoundary: bound('high'),
  comparable: {
    arity: [1, 1],
    returns: 'condition',
    build:
      ([other]) =>
      (input, self, scope) => {
        const left = singleton(input, 'comparable()');
        const right = singleton(other!.evaluate(self, scope), 'comparable()');
        if (!left || !right) return undefined;
        const first = quantityOf(left);
        const second = quantityOf(right);
        return first !== undefined && second !== undefined && compareQuantity(first, second, scope.ucum) !== undefined;
      },
  },
};
