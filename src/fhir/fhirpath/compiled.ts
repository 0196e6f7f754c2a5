/** What the compiler makes of a part of an expression: closures, and what is known of their result beforehand. */
import { booleanNodes, type Node, type Nodes } from './node.ts';
import { truthOf } from './operators.ts';
import type { Scope } from './scope.ts';

/** `self` is `$this`: the item of the innermost loop, or the input. */
export type Evaluate = (self: Node | undefined, scope: Scope) => Nodes;
export type Test = (self: Node | undefined, scope: Scope) => boolean | undefined;

export type Compiled = {
  evaluate: Evaluate;
  /** The result as a condition: undefined when empty; Fault('unprocessable') when there is more than one value. */
  test: Test;
  /** Types that the result can have; undefined when not known; none when the result is always empty. */
  types: readonly string[] | undefined;
  /** False after `children()` and `descendants()`, whose order means nothing. */
  isOrdered: boolean;
};

export function compiledNodes(evaluate: Evaluate, types: readonly string[] | undefined, isOrdered = true): Compiled {
  return { evaluate, test: (self, scope) => truthOf(evaluate(self, scope)), types, isOrdered };
}

export function compiledTest(test: Test): Compiled {
  return {
    evaluate: (self, scope) => booleanNodes(test(self, scope)),
    test,
    types: ['System.Boolean'],
    isOrdered: true,
  };
}
