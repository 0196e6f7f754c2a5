/** Constraints of definitions and profiles as checks: by hand where they are common, else compiled FHIRPath. */
import { Fault } from '#kernel/fault.ts';
import type { Constraint, Model } from '../definitions/index.ts';
import { compile, Node, type Environment, type Expression, type createUcum } from '../fhirpath/index.ts';
import { coveredElsewhere, nativeInvariants } from './native-invariants.ts';
import type { Walk } from './walk.ts';

/** `extra` is the `_x` sibling of a primitive. */
export type InvariantCheck = (value: unknown, walk: Walk, extra?: object) => void;

export type InvariantContext = {
  model: Model;
  /** Shared by all expressions: its cache of unit conversions. */
  ucum: ReturnType<typeof createUcum>;
  environment(walk: Walk): Environment;
};

const broken = (constraint: Constraint, walk: Walk): void => {
  const { key, human, severity } = constraint;
  walk.issue(severity, 'invariant', `${human} (rule ${key})`);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const native = (constraint: Constraint): InvariantCheck | undefined => {
  const holds = nativeInvariants.get(constraint.key);
  if (holds === undefined) return undefined;
  return (value, walk) => {
    if (isObject(value) && !holds(value, walk)) broken(constraint, walk);
  };
};

/** Undefined when the expression can't be compiled: said once per evaluation as a warning, since the resource is not to blame. */
const compiled = (constraint: Constraint, type: string, { model, ucum }: InvariantContext): Expression | undefined => {
  try {
    return compile(constraint.expression, { model, type, ucum });
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
};

const byExpression = (constraint: Constraint, type: string, context: InvariantContext): InvariantCheck => {
  let expression: Expression | undefined;
  let isCompiled = false;
  return (value, walk, extra) => {
    if (!isCompiled) {
      expression = compiled(constraint, type, context);
      isCompiled = true;
    }
    try {
      if (expression === undefined) throw new Fault('notSupported', 'the expression is not understood');
      // R4's own rules give nothing where what they speak of is absent (bdl-8, ras-2); HL7's examples count that as kept.
      if (expression.test(new Node(value, type, extra), context.environment(walk)) === false) broken(constraint, walk);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      walk.warning('processing', `Rule ${constraint.key} could not be checked: ${error.message}`);
    }
  };
};

/** The checks of the constraints that a value of `type` must meet. Best practice is advice, never a reason to refuse, and left out. */
export function compileInvariants(
  constraints: readonly Constraint[],
  type: string,
  context: InvariantContext,
): InvariantCheck[] {
  return constraints
    .filter((constraint) => constraint.bestPractice !== true && !coveredElsewhere.has(constraint.key))
    .map((constraint) => native(constraint) ?? byExpression(constraint, type, context));
}
