/** Operators that answer true, false or nothing: logic, equality, membership and order. */
import type { BinaryOperator } from './ast.ts';
import type { Evaluate, Test } from './compiled.ts';
import { areEqual, areEquivalent, includes } from './equality.ts';
import type { Node, Nodes } from './node.ts';
import { compare, singleton } from './operators.ts';
import type { Scope } from './scope.ts';

/** Three-valued logic (http://hl7.org/fhirpath/N1/#boolean-logic). */
export function logic(operator: BinaryOperator, left: Test, right: Test): Test | undefined {
  switch (operator) {
    case 'and':
      return (self, scope) => and(left(self, scope), right, self, scope);
    case 'or':
      return (self, scope) => or(left(self, scope), right, self, scope);
    case 'implies':
      return (self, scope) => {
        const first = left(self, scope);
        return or(first === undefined ? undefined : !first, right, self, scope);
      };
    case 'xor':
      return (self, scope) => {
        const first = left(self, scope);
        const second = right(self, scope);
        return first === undefined || second === undefined ? undefined : first !== second;
      };
    default:
      return undefined;
  }
}

function and(first: boolean | undefined, right: Test, self: Node | undefined, scope: Scope): boolean | undefined {
  if (first === false) return false;
  const second = right(self, scope);
  return second === false ? false : first === undefined || second === undefined ? undefined : true;
}

function or(first: boolean | undefined, right: Test, self: Node | undefined, scope: Scope): boolean | undefined {
  if (first === true) return true;
  const second = right(self, scope);
  return second === true ? true : first === undefined || second === undefined ? undefined : false;
}

const negated = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value);

export function relation(operator: BinaryOperator, left: Evaluate, right: Evaluate): Test | undefined {
  switch (operator) {
    case '=':
      return (self, scope) => areEqual(left(self, scope), right(self, scope), scope);
    case '!=':
      return (self, scope) => negated(areEqual(left(self, scope), right(self, scope), scope));
    case '~':
      return (self, scope) => areEquivalent(left(self, scope), right(self, scope), scope);
    case '!~':
      return (self, scope) => !areEquivalent(left(self, scope), right(self, scope), scope);
    case 'in':
      return (self, scope) => isMember(left(self, scope), right(self, scope), operator, scope);
    case 'contains':
      return (self, scope) => isMember(right(self, scope), left(self, scope), operator, scope);
    case '<':
    case '>':
    case '<=':
    case '>=':
      return inequality(operator, left, right);
    default:
      return undefined;
  }
}

function isMember(item: Nodes, collection: Nodes, operator: string, scope: Scope): boolean | undefined {
  const node = singleton(item, operator);
  return node && includes(collection, node, scope);
}

const holds: Readonly<Record<'<' | '>' | '<=' | '>=', (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
};

function inequality(operator: '<' | '>' | '<=' | '>=', left: Evaluate, right: Evaluate): Test {
  const isSo = holds[operator];
  return (self, scope) => {
    const order = compare(left(self, scope), right(self, scope), operator, scope);
    return order === undefined ? undefined : isSo(order);
  };
}
