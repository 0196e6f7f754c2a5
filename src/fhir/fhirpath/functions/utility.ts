/** Tree navigation, `trace`, `type`, `defineVariable` (http://hl7.org/fhirpath/N1/#tree-navigation, #utility-functions, #reflection). */
import { TreeWalk } from '../access.ts';
import { Node, type Nodes } from '../node.ts';
import { typeFault } from '../operators.ts';
import { eachItem, sameTypes, textIn, type FunctionDefinition, type FunctionTable } from './definition.ts';

function tree(collect: (walk: TreeWalk, node: Node, into: Nodes) => void): FunctionDefinition {
  return {
    arity: [0, 0],
    returns: 'nodes',
    unordered: true,
    build: (_args, { model }) => {
      const walk = new TreeWalk(model);
      return (input, _self, scope) => {
        const found: Nodes = [];
        for (const node of input) collect(walk, node, found);
        scope.spend(found.length);
        return found;
      };
    },
  };
}

/** TypeInfo of the reflection chapter: namespace and name. */
function typeInfo(node: Node): Node {
  const { type } = node;
  const isSystem = type.startsWith('System.');
  const value = { namespace: isSystem ? 'System' : 'FHIR', name: isSystem ? type.slice('System.'.length) : type };
  return new Node(value, 'System.TypeInfo');
}

export const utilityFunctions: FunctionTable = {
  children: tree((walk, node, into) => walk.collectChildren(node, into)),
  descendants: tree((walk, node, into) => walk.collectDescendants(node, into)),
  type: { arity: [0, 0], returns: 'nodes', build: () => (input) => input.map(typeInfo) },
  trace: {
    arity: [1, 2],
    loops: true,
    returns: 'nodes',
    types: sameTypes,
    build:
      ([name, projection]) =>
      (input, self, scope) => {
        const { trace } = scope.environment;
        if (!trace) return input;
        const shown: Nodes = [];
        eachItem(input, scope, (node) => {
          for (const one of projection?.evaluate(node, scope) ?? [node]) shown.push(one);
        });
        trace(textIn(name!.evaluate(self, scope), 'trace') ?? '', shown);
        return input;
      },
  },
  /** FHIRPath 3.0: `%name` from here on. */
  defineVariable: {
    arity: [1, 2],
    returns: 'nodes',
    types: sameTypes,
    build:
      ([name, value]) =>
      (input, self, scope) => {
        const key = textIn(name!.evaluate(self, scope), 'defineVariable');
        if (key === undefined) throw typeFault('defineVariable() takes a name');
        scope.defined ??= new Map();
        scope.defined.set(key, value ? value.evaluate(input[0] ?? self, scope) : input);
        return input;
      },
  },
};
