/** The engine's front door: text to a compiled expression, and its evaluation. */
import type { Model } from '../definitions/model.ts';
import type { Resource } from '../types.ts';
import { Compiler } from './compiler.ts';
import type { Compiled } from './compiled.ts';
import { Node, type Nodes } from './node.ts';
import { parse } from './parser.ts';
import { Scope, type Environment } from './scope.ts';
import { createUcum, type Ucum } from './ucum.ts';

export type CompileOptions = {
  model: Model;
  /** Type of the input, when known: unions lose the branches for other types, and `strict` can check. */
  type?: string;
  /**
   * Refuse elements that the types do not have, order-dependent functions on unordered collections, and `as` on several values.
   * Without it such paths give nothing and `as` filters, which R4's own search parameters rely on.
   */
  strict?: boolean;
  /** Unit conversions with their cache; each expression makes its own when absent. */
  ucum?: Ucum;
};

export class Expression {
  readonly text: string;
  /** Types that the result can have; empty when not known. */
  readonly types: readonly string[];
  private readonly compiled: Compiled;
  private readonly options: CompileOptions;
  private readonly ucum: Ucum;

  constructor(text: string, options: CompileOptions) {
    this.text = text;
    this.options = options;
    this.ucum = options.ucum ?? createUcum();
    const compiler = new Compiler(text, options.model, options.strict ?? false);
    this.compiled = compiler.compile(parse(text), options.type === undefined ? undefined : [options.type]);
    this.types = this.compiled.types ?? [];
  }

  /**
   * The result, in order. The array belongs to the engine: copy before changing it.
   * Throws Fault('unprocessable') where the standard says that evaluation ends with an error.
   */
  evaluate(input: Node | Resource | null, environment: Environment = noEnvironment): Nodes {
    const root = rootNode(input);
    return this.compiled.evaluate(root, this.scope(root, environment));
  }

  /**
   * The result as a condition: true or false, undefined when empty (an invariant that is undefined is not fulfilled:
   * compare with `=== true`). A single value that is no boolean is true.
   */
  test(input: Node | Resource | null, environment: Environment = noEnvironment): boolean | undefined {
    const root = rootNode(input);
    return this.compiled.test(root, this.scope(root, environment));
  }

  private scope(root: Node | undefined, environment: Environment): Scope {
    return new Scope(environment, root, this.options.model, this.ucum, this.options.strict ?? false);
  }
}

const noEnvironment: Environment = Object.freeze({});

/** A resource as the node that a walk starts from. */
export function rootNode(input: Node | Resource | null): Node | undefined {
  if (input === null) return undefined;
  if (input instanceof Node) return input;
  return new Node(input, typeof input.resourceType === 'string' ? input.resourceType : 'System.Any');
}

/** Parses and compiles; throws Fault('invalid') with line and column. */
export function compile(text: string, options: CompileOptions): Expression {
  return new Expression(text, options);
}
