/** Primitive elements: the value, its `_x` sibling with id and extensions, and how the two line up where they repeat. */
import type { Element } from '../definitions/index.ts';
import { isNarrativeHtml } from '../fhirpath/index.ts';
import { isNumeric } from '../json/decimal.ts';
import type { BindingCheck } from './bindings.ts';
import type { Fields, Property } from './checks.ts';
import type { InvariantCheck } from './invariants.ts';
import { primitiveCheck } from './primitives.ts';
import { shown, type Walk } from './walk.ts';

export type PrimitiveElement = {
  element: Element;
  jsonName: string;
  path: string;
  type: string;
  binding: BindingCheck | undefined;
  invariants: InvariantCheck[];
  /** Checks the `_x` sibling. */
  extra(value: unknown, walk: Walk): void;
};

const jsonTypes: Record<string, string> = {
  boolean: 'boolean',
  decimal: 'number',
  integer: 'number',
  positiveInt: 'number',
  unsignedInt: 'number',
};

/** One value that is wrong: `structure` when the JSON is of the wrong kind, `value` when its content is. */
const refuse = (of: PrimitiveElement, expected: string, value: unknown, walk: Walk): void => {
  const { jsonName, type } = of;
  if (Array.isArray(value)) {
    walk.error('structure', `${jsonName} does not repeat: give one value, not an array`);
  } else if (value === '') {
    walk.error('structure', `${jsonName} must not be empty: leave it out instead`);
  } else if ((isNumeric(value) ? 'number' : typeof value) === (jsonTypes[type] ?? 'string')) {
    walk.error('value', `${shown(value)} is not a valid ${type}: expected ${expected}`);
  } else {
    walk.error('structure', `${jsonName} must be a JSON ${jsonTypes[type] ?? 'string'}, not ${shown(value)}`);
  }
};

type One = (value: unknown, index: number, walk: Walk, extra: unknown) => void;

const oneValue = (of: PrimitiveElement): One => {
  const { accepts, expected } = primitiveCheck(of.type);
  const { name } = of.element;
  const after: InvariantCheck[] = [...of.invariants];
  if (of.binding !== undefined) after.push(of.binding);
  if (of.type === 'xhtml') after.push(narrative);
  const isPlain = after.length === 0;
  return (value, index, walk, extra) => {
    const isAccepted = accepts(value);
    if (isAccepted && isPlain) return;
    walk.enter(name, index, of.path);
    if (!isAccepted) refuse(of, expected, value, walk);
    else for (const check of after) check(value, walk, extra as object | undefined);
    walk.leave();
  };
};

/** Narrative is shown to people as it is: nothing that runs, and something to read. */
const narrative = (value: unknown, walk: Walk): void => {
  if (typeof value !== 'string' || isNarrativeHtml(value)) return;
  const rule =
    'well-formed XHTML in one <div> with text or an image, only basic formatting, no scripts (rules txt-1 and txt-2)';
  walk.error('invariant', `The narrative can't be shown as it is: it must be ${rule}`);
};

const extraItem = (of: PrimitiveElement, value: unknown, index: number, walk: Walk): void => {
  walk.enter(of.element.name, index, of.path);
  of.extra(value, walk);
  walk.leave();
};

const single = (of: PrimitiveElement): { value: Property['check']; extra: Property['check'] } => {
  const one = oneValue(of);
  const sibling = `_${of.jsonName}`;
  return {
    value: (value, owner, walk) => one(value, -1, walk, owner[sibling]),
    extra: (value, _owner, walk) => extraItem(of, value, -1, walk),
  };
};

const isList = (value: unknown, of: PrimitiveElement, jsonName: string, walk: Walk): value is unknown[] => {
  if (!Array.isArray(value)) {
    walk.error('structure', `${jsonName} may repeat: it must be an array, not ${shown(value)}`, of.element.name);
    return false;
  }
  if (value.length > 0) return true;
  walk.error('structure', `${jsonName} must not be an empty array`, of.element.name);
  return false;
};

const repeated = (of: PrimitiveElement): { value: Property['check']; extra: Property['check'] } => {
  const one = oneValue(of);
  const { jsonName } = of;
  const sibling = `_${jsonName}`;
  const value = (values: unknown, owner: Fields, walk: Walk): void => {
    if (!isList(values, of, jsonName, walk)) return;
    const extras = owner[sibling];
    for (let index = 0; index < values.length; index += 1) {
      const extra: unknown = Array.isArray(extras) ? extras[index] : undefined;
      // null only keeps the place of an entry that has extensions.
      if (values[index] !== null || extra === undefined || extra === null) one(values[index], index, walk, extra);
    }
  };
  const extra = (extras: unknown, owner: Fields, walk: Walk): void => {
    if (!isList(extras, of, sibling, walk)) return;
    const values = owner[jsonName];
    if (Array.isArray(values) && values.length !== extras.length) {
      walk.error(
        'structure',
        `${jsonName} and ${sibling} must be of the same length, with null in the empty places`,
        of.element.name,
      );
    }
    for (let index = 0; index < extras.length; index += 1) {
      if (extras[index] !== null) extraItem(of, extras[index], index, walk);
      else if (!Array.isArray(values))
        walk.error('structure', `${sibling} has null where ${jsonName} has no value`, of.element.name);
    }
  };
  return { value, extra };
};

/** The checks of a primitive's JSON property and of its `_x` sibling. */
export function compilePrimitive(of: PrimitiveElement): { value: Property['check']; extra: Property['check'] } {
  return of.element.isArray ? repeated(of) : single(of);
}
