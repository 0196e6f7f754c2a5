/**
 * AST to closures. Types are followed along the way where they are known, to refuse elements that cannot be (when strict), to leave out
 * union branches for other resource types, and to answer type questions early.
 */
import { Fault } from '#kernel/fault.ts';
import type { Model } from '../definitions/model.ts';
import { MemberStep } from './access.ts';
import type { Ast, TypeName } from './ast.ts';
import { compiledNodes, compiledTest, type Compiled, type Evaluate, type Test } from './compiled.ts';
import { compileConstant, compileLiteral, compileQuantity } from './constants.ts';
import { distinct } from './equality.ts';
import type { FunctionDefinition, Types } from './functions/definition.ts';
import { functions } from './functions/index.ts';
import { integerIn } from './functions/definition.ts';
import { empty, integerNodes, type Nodes } from './node.ts';
import { calculate, concatenate, polarity, singleton, typeFault, type Arithmetic } from './operators.ts';
import { logic, relation } from './relations.ts';
import { referencedType } from './reference.ts';
import { memberTypes } from './static-types.ts';
import { syntaxFault } from './syntax-fault.ts';
import { isKnownType, typeTest } from './type-names.ts';

export class Compiler {
  private readonly expression: string;
  private readonly model: Model;
  private readonly strict: boolean;

  constructor(expression: string, model: Model, strict: boolean) {
    this.expression = expression;
    this.model = model;
    this.strict = strict;
  }

  /** `self` is what is known of `$this`. */
  compile(ast: Ast, self: Types): Compiled {
    switch (ast.kind) {
      case 'empty':
        return compiledNodes(() => empty, []);
      case 'literal':
        return compileLiteral(ast);
      case 'quantity':
        return compileQuantity(ast);
      case 'constant':
        return compileConstant(ast.name);
      case 'variable':
        return this.variable(ast.name, self);
      case 'member':
        return this.member(ast, self);
      case 'call':
        return this.call(ast, self);
      case 'item':
        return this.item(ast, self);
      case 'polarity':
        return this.polarity(ast, self);
      case 'type':
        return this.typeOperator(ast, self);
      case 'binary':
        return this.binary(ast, self);
    }
  }

  private fault(ast: Ast, message: string): Fault {
    return syntaxFault(this.expression, ast.at, message);
  }

  private variable(name: 'this' | 'index' | 'total', self: Types): Compiled {
    if (name === 'this') return compiledNodes((node) => (node ? [node] : empty), self);
    if (name === 'total') return compiledNodes((_node, scope) => scope.total, undefined);
    return compiledNodes(
      (_node, scope) => (scope.index === undefined ? empty : integerNodes(scope.index)),
      ['System.Integer'],
    );
  }

  private member(ast: Extract<Ast, { kind: 'member' }>, self: Types): Compiled {
    if (!ast.on && /^[A-Z]/.test(ast.name) && this.model.type(ast.name)) return this.rootType(ast, self);
    const left = ast.on ? this.compile(ast.on, self) : undefined;
    const types = memberTypes(this.model, left ? left.types : self, ast.name);
    if (types?.length === 0 && (left ? left.types : self)?.length !== 0 && this.strict)
      throw this.fault(ast, `${(left ? left.types : self)!.join(' or ')} has no element ${ast.name}`);
    return compiledNodes(this.step(ast.name, left), types, left?.isOrdered);
  }

  private step(name: string, left: Compiled | undefined): Evaluate {
    const step = new MemberStep(this.model, name);
    if (!left)
      return (self) => {
        if (self === undefined) return empty;
        const found: Nodes = [];
        step.collect(self, found);
        return found;
      };
    const before = left.evaluate;
    return (self, scope) => {
      const nodes = before(self, scope);
      if (nodes.length === 0) return empty;
      const found: Nodes = [];
      for (let at = 0; at < nodes.length; at++) step.collect(nodes[at]!, found);
      return found;
    };
  }

  /** `Patient` at the start of a path: the input when it is a Patient. */
  private rootType(ast: Extract<Ast, { kind: 'member' }>, self: Types): Compiled {
    const { name } = ast;
    const isType = typeTest({ namespace: 'FHIR', name }, this.model, 'is');
    const evaluate: Evaluate = (node) => (node !== undefined && isType(node.type) ? [node] : empty);
    if (self === undefined) return compiledNodes(evaluate, [name]);
    const possible = self.filter((type) => isType(type) || this.model.isA(name, type));
    if (possible.length === 0 && self.length > 0 && this.strict)
      throw this.fault(ast, `${self.join(' or ')} is not ${name}`);
    return compiledNodes(
      evaluate,
      possible.map((type) => (isType(type) ? type : name)),
    );
  }

  private item(ast: Extract<Ast, { kind: 'item' }>, self: Types): Compiled {
    const on = this.compile(ast.on, self);
    this.refuseUnordered(ast, on, 'an index');
    const { evaluate } = this.compile(ast.index, self);
    return compiledNodes((node, scope) => {
      const index = integerIn(evaluate(node, scope), '[]');
      const found = index === undefined ? undefined : on.evaluate(node, scope)[index];
      return found ? [found] : empty;
    }, on.types);
  }

  private refuseUnordered(ast: Ast, on: Compiled, what: string): void {
    if (this.strict && !on.isOrdered) throw this.fault(ast, `${what} on a collection without an order`);
  }

  private polarity({ sign, of }: Extract<Ast, { kind: 'polarity' }>, self: Types): Compiled {
    const inner = this.compile(of, self);
    return compiledNodes((node, scope) => polarity(inner.evaluate(node, scope), sign), inner.types);
  }

  private typeOperator(ast: Extract<Ast, { kind: 'type' }>, self: Types): Compiled {
    const left = this.compile(ast.left, self);
    if (ast.operator === 'as') return this.filterType(ast, left, ast.type, 'as');
    return this.isType(ast, left, ast.left, ast.type);
  }

  private isType(ast: Ast, left: Compiled, leftAst: Ast | undefined, type: TypeName): Compiled {
    this.expectType(ast, type);
    const isType = typeTest(type, this.model, 'is');
    const general: Test = (self, scope) => {
      const node = singleton(left.evaluate(self, scope), 'is');
      return node && isType(node.type);
    };
    if (!isBareResolve(leftAst)) return compiledTest(general);
    // `where(resolve() is Patient)`: the reference's text tells, unless the caller reads references.
    return compiledTest((self, scope) => {
      if (self === undefined || scope.environment.resolve) return general(self, scope);
      const target = referencedType(self, scope);
      return target === undefined ? general(self, scope) : isType(target);
    });
  }

  private expectType(ast: Ast, type: TypeName): void {
    if (!isKnownType(type, this.model)) throw this.fault(ast, `${type.name} is not a type`);
  }

  /** `as` and `ofType()`. `as` takes a single value by the standard, but R4's own search parameters use it on lists. */
  private filterType(ast: Ast, left: Compiled, type: TypeName, operation: 'as' | 'ofType'): Compiled {
    this.expectType(ast, type);
    const isType = typeTest(type, this.model, 'as');
    const types = left.types && this.narrowed(left.types, type);
    const mustBeSingle = operation === 'as' && this.strict;
    return compiledNodes(
      (self, scope) => {
        const nodes = left.evaluate(self, scope);
        if (nodes.length === 1) return isType(nodes[0]!.type) ? nodes : empty;
        if (mustBeSingle) singleton(nodes, 'as');
        return nodes.filter((node) => isType(node.type));
      },
      types,
      left.isOrdered,
    );
  }

  private narrowed(types: readonly string[], type: TypeName): readonly string[] {
    const isType = typeTest(type, this.model, 'as');
    const kept = types.filter((one) => isType(one));
    if (kept.length > 0) return kept;
    return type.namespace !== 'System' && types.some((one) => this.model.isA(type.name, one)) ? [type.name] : [];
  }

  private binary(ast: Extract<Ast, { kind: 'binary' }>, self: Types): Compiled {
    if (ast.operator === '|') return this.union(ast, self);
    const left = this.compile(ast.left, self);
    const right = this.compile(ast.right, self);
    const test = logic(ast.operator, left.test, right.test) ?? relation(ast.operator, left.evaluate, right.evaluate);
    if (test) return compiledTest(test);
    if (ast.operator === '&')
      return compiledNodes(
        (node, scope) => concatenate(left.evaluate(node, scope), right.evaluate(node, scope), scope),
        ['System.String'],
      );
    const operator = ast.operator as Arithmetic;
    return compiledNodes(
      (node, scope) => calculate(left.evaluate(node, scope), right.evaluate(node, scope), operator, scope),
      undefined,
    );
  }

  /** A chain of `|` as one list; branches that cannot give anything (another resource type) are left out. */
  private union(ast: Ast, self: Types): Compiled {
    const branches = unionBranches(ast).map((branch) => this.compile(branch, self));
    const live = branches.filter(({ types }) => types?.length !== 0);
    const types = typesOfAny(live);
    const evaluates = live.map(({ evaluate }) => evaluate);
    return compiledNodes((node, scope) => {
      let found = empty;
      for (const evaluate of evaluates) {
        const nodes = evaluate(node, scope);
        if (nodes.length > 0) found = found.length === 0 ? nodes : [...found, ...nodes];
      }
      return distinct(found, scope);
    }, types);
  }

  private call(ast: Extract<Ast, { kind: 'call' }>, self: Types): Compiled {
    const { name, args } = ast;
    if (name === 'is' || name === 'as' || name === 'ofType') return this.typeCall(ast, self);
    const definition = functions.get(name);
    if (name === 'iif') return this.iif(ast, self);
    if (!definition) throw this.fault(ast, `there is no function ${name}()`);
    const [least, most] = definition.arity;
    if (args.length < least || args.length > most)
      throw this.fault(
        ast,
        `${name}() takes ${least === most ? least : `${least} to ${most}`} argument${most === 1 ? '' : 's'}`,
      );
    return this.functionCall(ast, definition, self);
  }

  private functionCall(ast: Extract<Ast, { kind: 'call' }>, definition: FunctionDefinition, self: Types): Compiled {
    const on = ast.on ? this.compile(ast.on, self) : this.variable('this', self);
    const isSort = ast.name === 'sort';
    const written = ast.args.map((argument) => (isSort && argument.kind === 'polarity' ? argument.of : argument));
    const args = written.map((argument) => this.compile(argument, definition.loops ? on.types : self));
    const descending = ast.args.map((argument) => argument.kind === 'polarity' && argument.sign === '-');
    const input = on.evaluate;
    if (definition.returns === 'condition') {
      const ask = definition.build(args, { model: this.model, descending });
      return compiledTest((node, scope) => ask(input(node, scope), node, scope));
    }
    if (definition.needsOrder) this.refuseUnordered(ast, on, `${ast.name}()`);
    const run = definition.build(args, { model: this.model, descending });
    return compiledNodes(
      (node, scope) => run(input(node, scope), node, scope),
      definition.types?.(on.types, args),
      !definition.unordered && (on.isOrdered || isSort),
    );
  }

  private typeCall(ast: Extract<Ast, { kind: 'call' }>, self: Types): Compiled {
    const [argument] = ast.args;
    const type = argument && typeNameOf(argument);
    if (!type || ast.args.length !== 1) throw this.fault(ast, `${ast.name}() takes the name of a type`);
    const left = ast.on ? this.compile(ast.on, self) : this.variable('this', self);
    if (ast.name === 'is') return this.isType(ast, left, ast.on, type);
    return this.filterType(ast, left, type, ast.name as 'as' | 'ofType');
  }

  /** Only the branch that is chosen is evaluated. The criterion must be a boolean. */
  private iif(ast: Extract<Ast, { kind: 'call' }>, self: Types): Compiled {
    if (ast.args.length < 2 || ast.args.length > 3) throw this.fault(ast, 'iif() takes 2 to 3 arguments');
    const on = ast.on ? this.compile(ast.on, self) : undefined;
    const inner = on ? on.types : self;
    const [criterion, then, otherwise] = ast.args.map((argument) => this.compile(argument, inner));
    const evaluate: Evaluate = (node, scope) => {
      const item = on ? singleton(on.evaluate(node, scope), 'iif()') : node;
      const chosen = singleton(criterion!.evaluate(item, scope), 'iif()');
      if (chosen?.value !== undefined && typeof chosen.value !== 'boolean')
        throw typeFault(`iif() takes a boolean criterion, not ${chosen.type}`);
      return (chosen?.value === true ? then : otherwise)?.evaluate(item, scope) ?? empty;
    };
    const branches = otherwise ? [then!, otherwise] : [then!];
    return compiledNodes(evaluate, typesOfAny(branches));
  }
}

/** Types that one of these may give; undefined when one is not known. */
function typesOfAny(branches: readonly Compiled[]): Types {
  if (!branches.every((branch) => branch.types)) return undefined;
  return [...new Set(branches.flatMap((branch) => branch.types ?? []))];
}

function unionBranches(ast: Ast): Ast[] {
  const branches: Ast[] = [];
  let at = ast;
  while (at.kind === 'binary' && at.operator === '|') {
    branches.unshift(at.right);
    at = at.left;
  }
  return [at, ...branches];
}

function isBareResolve(ast: Ast | undefined): boolean {
  return ast?.kind === 'call' && ast.name === 'resolve' && (ast.on === undefined || isThis(ast.on));
}

function isThis(ast: Ast): boolean {
  return ast.kind === 'variable' && ast.name === 'this';
}

function typeNameOf(ast: Ast): TypeName | undefined {
  if (ast.kind !== 'member') return undefined;
  if (!ast.on) return { name: ast.name };
  return ast.on.kind === 'member' && !ast.on.on ? { namespace: ast.on.name, name: ast.name } : undefined;
}
