/** What one evaluation knows: the environment that the caller handed in, loop variables, and a budget that hostile input cannot exceed. */
import { Fault } from '#kernel/fault.ts';
import type { Resource } from '../types.ts';
import type { Model } from '../definitions/model.ts';
import { Node, empty, type Nodes } from './node.ts';
import type { Ucum } from './ucum.ts';

export type Environment = {
  /** `%resource`: the resource that holds the input; default the input itself. */
  resource?: Resource | Node;
  /** `%rootResource`: the container where `resource` is contained; default `resource`. */
  rootResource?: Resource | Node;
  /** `%context`: default the input. */
  context?: Resource | Node;
  /** Reads a reference; without it (or when it answers undefined) `resolve()` gives a stub with the type that the text names. */
  resolve?(reference: string): Resource | { resourceType: string } | undefined;
  /** `code` is a code, Coding or CodeableConcept; undefined when unknown. */
  memberOf?(code: unknown, valueSetUrl: string): boolean | undefined;
  /** Undefined when the profile is unknown. */
  conformsTo?(resource: unknown, url: string): boolean | undefined;
  /** Whether `a` subsumes `b` (codings); undefined when unknown. */
  subsumes?(a: unknown, b: unknown): boolean | undefined;
  /** `%name`: a node, nodes, a resource, or a plain JavaScript value. */
  variables?: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970 for `now()`, `today()` and `timeOfDay()`, which fail without it. */
  now?: number;
  /** Receives what `trace()` names. */
  trace?(name: string, nodes: Nodes): void;
};

const stepsMax = 2_000_000;
/** One step of work stands for about this many characters copied. */
const charactersPerStep = 8;
export const textMax = 1_000_000;

export class Scope {
  readonly environment: Environment;
  readonly root: Node | undefined;
  readonly model: Model;
  readonly ucum: Ucum;
  readonly strict: boolean;
  /** `$index`: undefined outside of loops. */
  index: number | undefined = undefined;
  total: Nodes = empty;
  /** Milliseconds that regular expressions outside the safe subset may still take in this evaluation. */
  regexBudgetMs = 300;
  defined: Map<string, Nodes> | undefined = undefined;
  private steps = 0;

  constructor(environment: Environment, root: Node | undefined, model: Model, ucum: Ucum, strict: boolean) {
    this.environment = environment;
    this.root = root;
    this.model = model;
    this.ucum = ucum;
    this.strict = strict;
  }

  /** `%resource`: what the caller says, else the nearest resource above the input. */
  get resource(): Resource | Node | undefined {
    if (this.environment.resource) return this.environment.resource;
    for (let node = this.root; node; node = node.parent) if (this.model.isA(node.type, 'Resource')) return node;
    return this.root;
  }

  /** `%rootResource`: what the caller says, else the outermost node above `%resource`. */
  get rootResource(): Resource | Node | undefined {
    const { resource } = this;
    if (this.environment.rootResource || !(resource instanceof Node)) return this.environment.rootResource ?? resource;
    let node: Node = resource;
    while (node.parent) node = node.parent;
    return node;
  }

  /** Counts work, so that nested loops over a large resource end; throws Fault('tooCostly'). */
  spend(steps: number): void {
    this.steps += steps;
    if (this.steps > stepsMax) throw new Fault('tooCostly', 'FHIRPath: the expression takes too much work');
  }

  /** Counts the work of a text that the expression builds; throws Fault('tooCostly') when it grows beyond a million characters. */
  spendText(text: string): string {
    if (text.length > textMax) throw new Fault('tooCostly', 'FHIRPath: a text grows too long');
    this.spend(text.length / charactersPerStep);
    return text;
  }
}
