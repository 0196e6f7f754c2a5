/** Filtering, projection, subsetting, combining and aggregates (http://hl7.org/fhirpath/N1/#filtering-and-projection and after). */
import type { Compiled } from '../compiled.ts';
import { distinct, includes, NodeSet, union } from '../equality.ts';
import { empty, type Node, type Nodes } from '../node.ts';
import { calculate, compareNodes, numberNodes, singleton } from '../operators.ts';
import type { Scope } from '../scope.ts';
import {
  eachItem,
  integerIn,
  sameTypes,
  type FunctionDefinition,
  type FunctionTable,
  type Operation,
  type Types,
} from './definition.ts';

const subset = (
  arity: readonly [number, number],
  build: (args: readonly Compiled[]) => Operation,
): FunctionDefinition => ({
  arity,
  returns: 'nodes',
  needsOrder: true,
  types: sameTypes,
  build,
});

const bothTypes = (input: Types, [other]: readonly Compiled[]): Types =>
  input && other?.types ? [...new Set([...input, ...other.types])] : undefined;

const repeatSteps = 20;

/** `repeat` keeps an item only once, so it ends; `repeatAll` ends by the budget of the scope. */
function repeat(projection: Compiled, input: Nodes, scope: Scope, isNew: (node: Node) => boolean): Nodes {
  const found: Nodes = [];
  let layer = input;
  while (layer.length > 0) {
    const next: Nodes = [];
    // A projection that always finds something new (`repeat($this + 1)`) must end soon.
    scope.spend(layer.length * repeatSteps);
    eachItem(layer, scope, (node) => {
      for (const child of projection.evaluate(node, scope)) if (isNew(child)) next.push(child);
    });
    for (const node of next) found.push(node);
    layer = next;
  }
  return found;
}

type Ranked = { node: Node; keys: (Node | undefined)[] };

function sort(input: Nodes, keys: readonly Compiled[], descending: readonly boolean[], scope: Scope): Nodes {
  scope.spend(input.length * Math.ceil(Math.log2(input.length + 1)));
  const ranked: Ranked[] = input.map((node) => ({
    node,
    keys: keys.length === 0 ? [node] : keys.map((key) => singleton(key.evaluate(node, scope), 'sort()')),
  }));
  const order = (a: Ranked, b: Ranked): number => {
    for (const [at, left] of a.keys.entries()) {
      const difference = compareKeys(left, b.keys[at], scope);
      if (difference !== 0) return descending[at] ? -difference : difference;
    }
    return 0;
  };
  return ranked.sort(order).map(({ node }) => node);
}

/** An absent key comes after every other (first when descending). */
function compareKeys(a: Node | undefined, b: Node | undefined, scope: Scope): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return compareNodes(a, b, 'sort()', scope) ?? 0;
}

function sum(input: Nodes, scope: Scope): Nodes {
  const [first, ...rest] = input;
  if (!first) return empty;
  return rest.reduce((total, node) => calculate(total, [node], '+', scope), [first]);
}

function extreme(sign: 1 | -1): FunctionDefinition {
  const better = (best: Node, node: Node, scope: Scope): Node =>
    (compareNodes(node, best, sign === 1 ? 'max()' : 'min()', scope) ?? 0) * sign > 0 ? node : best;
  return {
    arity: [0, 0],
    returns: 'nodes',
    types: sameTypes,
    build: () => (input, _self, scope) => {
      const [first, ...rest] = input;
      return first ? [rest.reduce((best, node) => better(best, node, scope), first)] : empty;
    },
  };
}

export const collectionFunctions: FunctionTable = {
  where: {
    arity: [1, 1],
    loops: true,
    returns: 'nodes',
    types: sameTypes,
    build:
      ([criteria]) =>
      (input, _self, scope) => {
        if (input.length === 0) return empty;
        const kept: Nodes = [];
        eachItem(input, scope, (node) => {
          if (criteria!.test(node, scope) === true) kept.push(node);
        });
        return kept;
      },
  },
  select: {
    arity: [1, 1],
    loops: true,
    returns: 'nodes',
    types: (_input, [projection]) => projection?.types,
    build:
      ([projection]) =>
      (input, _self, scope) => {
        const found: Nodes = [];
        eachItem(input, scope, (node) => {
          const nodes = projection!.evaluate(node, scope);
          scope.spend(nodes.length);
          for (const child of nodes) found.push(child);
        });
        return found;
      },
  },
  repeat: {
    arity: [1, 1],
    loops: true,
    returns: 'nodes',
    build:
      ([projection]) =>
      (input, _self, scope) => {
        const seen = new NodeSet(scope);
        return repeat(projection!, input, scope, (node) => seen.add(node));
      },
  },
  repeatAll: {
    arity: [1, 1],
    loops: true,
    returns: 'nodes',
    build:
      ([projection]) =>
      (input, _self, scope) =>
        repeat(projection!, input, scope, () => true),
  },
  sort: {
    arity: [0, 10],
    loops: true,
    returns: 'nodes',
    types: sameTypes,
    build:
      (keys, { descending }) =>
      (input, _self, scope) =>
        sort(input, keys, descending, scope),
  },
  single: subset([0, 0], () => (input) => {
    singleton(input, 'single()');
    return input;
  }),
  first: subset([0, 0], () => (input) => (input.length < 2 ? input : [input[0]!])),
  last: subset([0, 0], () => (input) => (input.length < 2 ? input : [input.at(-1)!])),
  tail: subset([0, 0], () => (input) => input.slice(1)),
  skip: subset([1, 1], ([count]) => (input, self, scope) => {
    const skipped = integerIn(count!.evaluate(self, scope), 'skip') ?? 0;
    return skipped <= 0 ? input : input.slice(skipped);
  }),
  take: subset([1, 1], ([count]) => (input, self, scope) => {
    return input.slice(0, Math.max(0, integerIn(count!.evaluate(self, scope), 'take') ?? 0));
  }),
  intersect: {
    arity: [1, 1],
    returns: 'nodes',
    types: sameTypes,
    build:
      ([other]) =>
      (input, self, scope) => {
        const set = new NodeSet(scope);
        for (const node of other!.evaluate(self, scope)) set.add(node);
        return distinct(
          input.filter((node) => set.has(node)),
          scope,
        );
      },
  },
  exclude: {
    arity: [1, 1],
    returns: 'nodes',
    types: sameTypes,
    build:
      ([other]) =>
      (input, self, scope) => {
        const excluded = other!.evaluate(self, scope);
        return input.filter((node) => !includes(excluded, node, scope));
      },
  },
  union: {
    arity: [1, 1],
    returns: 'nodes',
    types: bothTypes,
    build:
      ([other]) =>
      (input, self, scope) =>
        union(input, other!.evaluate(self, scope), scope),
  },
  combine: {
    arity: [1, 2],
    returns: 'nodes',
    types: bothTypes,
    build:
      ([other]) =>
      (input, self, scope) => {
        const nodes = other!.evaluate(self, scope);
        scope.spend(input.length + nodes.length);
        return [...input, ...nodes];
      },
  },
  aggregate: {
    arity: [1, 2],
    loops: true,
    returns: 'nodes',
    build:
      ([step, start]) =>
      (input, self, scope) => {
        const outer = scope.total;
        scope.total = start ? start.evaluate(self, scope) : empty;
        eachItem(input, scope, (node) => {
          scope.total = step!.evaluate(node, scope);
          scope.spend(scope.total.length);
        });
        const result = scope.total;
        scope.total = outer;
        return result;
      },
  },
  sum: { arity: [0, 0], returns: 'nodes', build: () => (input, _self, scope) => sum(input, scope) },
  min: extreme(-1),
  max: extreme(1),
  avg: {
    arity: [0, 0],
    returns: 'nodes',
    build: () => (input, _self, scope) => calculate(sum(input, scope), numberNodes(input.length, true), '/', scope),
  },
};
