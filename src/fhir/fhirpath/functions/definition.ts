/** How a function is described to the compiler. */
import type { Compiled } from '../compiled.ts';
import type { Model } from '../../definitions/model.ts';
import type { Node, Nodes } from '../node.ts';
import { singleton, typeFault } from '../operators.ts';
import type { Scope } from '../scope.ts';

export type Types = readonly string[] | undefined;
export type Operation = (input: Nodes, self: Node | undefined, scope: Scope) => Nodes;
export type Condition = (input: Nodes, self: Node | undefined, scope: Scope) => boolean | undefined;

type CallContext = {
  model: Model;
  /** `sort`: which keys were written with a minus. */
  descending: readonly boolean[];
};

type Shape = {
  /** Fewest and most arguments. */
  arity: readonly [least: number, most: number];
  /** Arguments are evaluated for each item of the input, as `$this`; otherwise for the caller's `$this`. */
  loops?: boolean;
};

export type FunctionDefinition = Shape &
  (
    | { returns: 'condition'; build: (args: readonly Compiled[], call: CallContext) => Condition }
    | {
        returns: 'nodes';
        build: (args: readonly Compiled[], call: CallContext) => Operation;
        /** Static types of the result; unknown when absent. */
        types?: (input: Types, args: readonly Compiled[]) => Types;
        /** The result has no order even when the input has. */
        unordered?: boolean;
        /** The result depends on the input's order (`skip`, `first`): refused on an unordered input when strict. */
        needsOrder?: boolean;
      }
  );

export type FunctionTable = Readonly<Record<string, FunctionDefinition>>;

/** The only text; undefined when empty; Fault('unprocessable') for anything else. */
export function textIn(nodes: Nodes, name: string): string | undefined {
  const node = singleton(nodes, `${name}()`);
  if (node?.value === undefined) return undefined;
  if (typeof node.value !== 'string') throw typeFault(`${name}() takes a text, not ${node.type}`);
  return node.value;
}

/** The only integer; undefined when empty; Fault('unprocessable') for anything else. */
export function integerIn(nodes: Nodes, name: string): number | undefined {
  const node = singleton(nodes, `${name}()`);
  if (node?.value === undefined) return undefined;
  if (typeof node.value !== 'number' || !Number.isInteger(node.value))
    throw typeFault(`${name}() takes an integer, not ${node.type}`);
  return node.value;
}

/** Runs `visit` for each node with `$index` set; stops when it answers true. */
export function eachItem(input: Nodes, scope: Scope, visit: (node: Node) => boolean | void): void {
  const outer = scope.index;
  scope.spend(input.length);
  for (let index = 0; index < input.length; index++) {
    scope.index = index;
    if (visit(input[index]!) === true) break;
  }
  scope.index = outer;
}

export const sameTypes = (input: Types): Types => input;
export const textType = (): Types => ['System.String'];
export const integerType = (): Types => ['System.Integer'];
