/**
 * Steps from an element to its children. What a step means (`value` → `valueQuantity`, `valueString` …) is found once for each
 * parent type and remembered by the step, so that a walk is property reads only.
 */
import type { Model } from '../definitions/model.ts';
import { Node, isObject, type Nodes } from './node.ts';

type Part = { key: string; extraKey: string; type: string; isPrimitive: boolean };

/** How one element name is read from one parent type. */
type Access = {
  /** The only property, or undefined for a choice of types and for parents that the model does not know. */
  part: Part | undefined;
  /** Choice: JSON property → part, `_x` spelling included. */
  choice: ReadonlyMap<string, Part> | undefined;
};

const none: Access = { part: undefined, choice: undefined };

/** One member step, `.name`, with its memory. */
export class MemberStep {
  readonly name: string;
  private readonly model: Model;
  private readonly known = new Map<string, Access>();
  private lastType = '';
  private last: Access = none;

  constructor(model: Model, name: string) {
    this.model = model;
    this.name = name;
  }

  /** Adds the node's children of this name to `into`. */
  collect(node: Node, into: Nodes): void {
    const { value } = node;
    const holder = isObject(value) ? value : (node.extra as Record<string, unknown> | undefined);
    if (holder === undefined) return;
    const { part, choice } = node.type === this.lastType ? this.last : this.lookup(node.type);
    if (part) this.collectPart(holder, part, node, into);
    else if (choice) {
      for (const key in holder) {
        const found = choice.get(key);
        if (found) return this.collectPart(holder, found, node, into);
      }
    } else if (!this.model.type(node.type)) this.collectUntyped(holder, node, into);
  }

  private lookup(type: string): Access {
    const access = this.known.get(type) ?? accessOf(this.model, type, this.name);
    // Types that the model does not know come from the data: remembering them would let input fill the memory.
    if (this.model.type(type)) this.known.set(type, access);
    this.lastType = type;
    this.last = access;
    return access;
  }

  private collectPart(holder: Record<string, unknown>, part: Part, parent: Node, into: Nodes): void {
    const value = holder[part.key];
    const extra = part.isPrimitive ? holder[part.extraKey] : undefined;
    if (value === undefined && extra === undefined) return;
    const isList = Array.isArray(value) || Array.isArray(extra);
    if (!isList) {
      if (value === null && extra === undefined) return;
      into.push(childNode(value, extra, part, parent, undefined, this.name));
      return;
    }
    const values = Array.isArray(value) ? value : [];
    const extras: unknown[] = Array.isArray(extra) ? extra : [];
    const length = Math.max(values.length, extras.length);
    for (let index = 0; index < length; index++) {
      const one: unknown = values[index];
      const beside = extras[index];
      if ((one === null || one === undefined) && (beside === null || beside === undefined)) continue;
      into.push(childNode(one, beside, part, parent, index, this.name));
    }
  }

  private collectUntyped(holder: Record<string, unknown>, parent: Node, into: Nodes): void {
    if (!Object.hasOwn(holder, this.name)) return;
    collectPlain(holder[this.name], this.name, parent, into);
  }
}

function childNode(
  value: unknown,
  extra: unknown,
  part: Part,
  parent: Node,
  index: number | undefined,
  name: string,
): Node {
  const type = part.type === 'Resource' ? resourceTypeOf(value) : part.type;
  return new Node(value ?? undefined, type, isObject(extra) ? extra : undefined, parent, part.key, index, name);
}

function resourceTypeOf(value: unknown): string {
  if (!isObject(value)) return 'Resource';
  const type = value['resourceType'];
  return typeof type === 'string' ? type : 'Resource';
}

function accessOf(model: Model, type: string, name: string): Access {
  const element = model.element(type, name);
  if (!element) return none;
  const parts = element.types.map((reference) => partOf(model, name, reference.type, element.choice));
  const [first] = parts;
  if (!element.choice || !first) return { part: first, choice: undefined };
  const byKey = parts.flatMap((part): [string, Part][] => [
    [part.key, part],
    [part.extraKey, part],
  ]);
  return { part: undefined, choice: new Map(byKey) };
}

function partOf(model: Model, name: string, type: string, choice: boolean): Part {
  const key = choice ? name + type.charAt(0).toUpperCase() + type.slice(1) : name;
  return { key, extraKey: `_${key}`, type, isPrimitive: model.type(type)?.kind === 'primitive' };
}

/** A plain JSON value as nodes, typed by its JavaScript type: for data outside the model (type information, unknown types). */
export function collectPlain(value: unknown, key: string, parent: Node | undefined, into: Nodes): void {
  if (Array.isArray(value)) {
    value.forEach((one: unknown, index) => {
      if (one !== null && one !== undefined) into.push(new Node(one, plainType(one), undefined, parent, key, index));
    });
  } else if (value !== null && value !== undefined)
    into.push(new Node(value, plainType(value), undefined, parent, key));
}

/** The type that a JavaScript value has in FHIRPath when no definition says. */
export function plainType(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return 'System.Boolean';
    case 'string':
      return 'System.String';
    case 'number':
      return Number.isInteger(value) ? 'System.Integer' : 'System.Decimal';
    default:
      return isObject(value) ? untypedResource(value) : 'System.Decimal';
  }
}

function untypedResource(value: Record<string, unknown>): string {
  const type = value['resourceType'];
  return typeof type === 'string' ? type : 'System.Any';
}

/** Walks to all children, whatever their names: `children()` and `descendants()`. Remembers the steps that it meets. */
export class TreeWalk {
  private readonly model: Model;
  private readonly steps = new Map<string, MemberStep>();

  constructor(model: Model) {
    this.model = model;
  }

  /** Adds all children, in the order of the JSON. */
  collectChildren(node: Node, into: Nodes): void {
    const holder = isObject(node.value) ? node.value : (node.extra as Record<string, unknown> | undefined);
    if (holder === undefined) return;
    for (const key in holder) {
      const jsonName = key.startsWith('_') ? key.slice(1) : key;
      if (key === 'resourceType' || (jsonName !== key && holder[jsonName] !== undefined)) continue;
      const property = this.model.property(node.type, jsonName);
      if (property) this.step(property.element.name).collect(node, into);
      else if (!this.model.type(node.type)) collectPlain(holder[key], key, node, into);
    }
  }

  /** Adds everything below the node, the node itself not included. */
  collectDescendants(node: Node, into: Nodes): void {
    const first = into.length;
    this.collectChildren(node, into);
    const last = into.length;
    for (let at = first; at < last; at++) this.collectDescendants(into[at]!, into);
  }

  private step(name: string): MemberStep {
    let step = this.steps.get(name);
    if (!step) this.steps.set(name, (step = new MemberStep(this.model, name)));
    return step;
  }
}
