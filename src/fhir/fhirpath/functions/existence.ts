/** http://hl7.org/fhirpath/N1/#existence */
import { distinct, NodeSet } from '../equality.ts';
import { integerNodes, type Nodes } from '../node.ts';
import { truthOf, typeFault } from '../operators.ts';
import {
  eachItem,
  integerType,
  sameTypes,
  type Condition,
  type FunctionDefinition,
  type FunctionTable,
} from './definition.ts';

/** `allTrue()` and its kin take booleans only. */
function booleans(input: Nodes, name: string): boolean[] {
  return input.map(({ value, type }) => {
    if (typeof value !== 'boolean') throw typeFault(`${name}() takes booleans, not ${type}`);
    return value;
  });
}

function booleanFold(name: string, fold: (values: boolean[]) => boolean): FunctionDefinition {
  return { arity: [0, 0], returns: 'condition', build: () => (input) => fold(booleans(input, name)) };
}

function isSubset(part: Nodes, whole: Nodes, scope: Parameters<Condition>[2]): boolean {
  const set = new NodeSet(scope);
  for (const node of whole) set.add(node);
  return part.every((node) => set.has(node));
}

export const existenceFunctions: FunctionTable = {
  empty: { arity: [0, 0], returns: 'condition', build: () => (input) => input.length === 0 },
  exists: {
    arity: [0, 1],
    loops: true,
    returns: 'condition',
    build: ([criteria]) => {
      if (!criteria) return (input) => input.length > 0;
      return (input, _self, scope) => {
        let found = false;
        eachItem(input, scope, (node) => (found = criteria.test(node, scope) === true));
        return found;
      };
    },
  },
  all: {
    arity: [1, 1],
    loops: true,
    returns: 'condition',
    build:
      ([criteria]) =>
      (input, _self, scope) => {
        let failed = false;
        eachItem(input, scope, (node) => (failed = criteria!.test(node, scope) !== true));
        return !failed;
      },
  },
  allTrue: booleanFold('allTrue', (values) => values.every((value) => value)),
  anyTrue: booleanFold('anyTrue', (values) => values.some((value) => value)),
  allFalse: booleanFold('allFalse', (values) => values.every((value) => !value)),
  anyFalse: booleanFold('anyFalse', (values) => values.some((value) => !value)),
  not: {
    arity: [0, 0],
    returns: 'condition',
    build: () => (input) => {
      const truth = truthOf(input);
      return truth === undefined ? undefined : !truth;
    },
  },
  subsetOf: {
    arity: [1, 1],
    returns: 'condition',
    build:
      ([other]) =>
      (input, self, scope) =>
        isSubset(input, other!.evaluate(self, scope), scope),
  },
  supersetOf: {
    arity: [1, 1],
    returns: 'condition',
    build:
      ([other]) =>
      (input, self, scope) =>
        isSubset(other!.evaluate(self, scope), input, scope),
  },
  isDistinct: {
    arity: [0, 0],
    returns: 'condition',
    build: () => (input, _self, scope) => distinct(input, scope).length === input.length,
  },
  count: { arity: [0, 0], returns: 'nodes', types: integerType, build: () => (input) => integerNodes(input.length) },
  distinct: {
    arity: [0, 0],
    returns: 'nodes',
    types: sameTypes,
    build: () => (input, _self, scope) => distinct(input, scope),
  },
  /** FHIRPath 3.0: the first argument that is not empty. */
  coalesce: {
    arity: [1, 20],
    returns: 'nodes',
    build: (args) => (_input, self, scope) => {
      for (const argument of args) {
        const nodes = argument.evaluate(self, scope);
        if (nodes.length > 0) return nodes;
      }
      return [];
    },
  },
};
