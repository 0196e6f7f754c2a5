/** FHIRPath Patch (https://hl7.org/fhir/R4/fhirpatch.html) on a resource: all operations or none. */
import { Fault } from '#kernel/fault.ts';
import { jsonProperties } from '../definitions/index.ts';
import type { Element, Model } from '../definitions/model.ts';
import { isNumeric } from '../json/decimal.ts';
import type { Resource } from '../types.ts';
import { parseOperations, type NamedPart, type Operation, type PatchValue } from './fhirpath-operation.ts';
import { copyObject, copyValue, depthMax, isJsonObject, measure, type JsonObject } from './json-value.ts';
import { patchedResource, prune } from './patched.ts';
import { Slot, type Item } from './slot.ts';

/** What a patch asks of a FHIRPath node: its value and the way to it from the resource. */
export type PathNode = {
  readonly value: unknown;
  readonly type: string;
  readonly extra?: object | undefined;
  readonly parent?: PathNode | undefined;
  /** JSON property in the parent, and the place in its array. */
  readonly key?: string | undefined;
  readonly index?: number | undefined;
};

export type PatchOptions = {
  model: Model;
  /** `compile` of the FHIRPath engine. */
  compile(expression: string, options: { model: Model; type?: string }): { evaluate(input: Resource): PathNode[] };
};

/**
 * The resource after the operations in `parameters`; the inputs are untouched.
 * @throws Fault 'invalid' when the Parameters are no FHIRPath Patch or a path is no FHIRPath; 'unprocessable' when a path finds
 * nothing (but for a delete, which then does nothing) or several where one is asked, when a value has the wrong type for its place,
 * or when resourceType, id, meta.versionId or meta.lastUpdated would change.
 */
export function applyFhirPathPatch(resource: Resource, parameters: Resource, options: PatchOptions): Resource {
  const operations = parseOperations(parameters, options.model);
  const patch = new FhirPathPatch(copyObject(resource) as Resource, options);
  for (const operation of operations) patch.apply(operation);
  return patchedResource(resource, patch.result());
}

class FhirPathPatch {
  private readonly document: Resource;
  private readonly options: PatchOptions;
  private readonly emptied = new Set<object>();

  constructor(document: Resource, options: PatchOptions) {
    this.document = document;
    this.options = options;
  }

  result(): Resource {
    prune(this.document, this.emptied);
    return this.document;
  }

  apply(operation: Operation): void {
    if (operation.type === 'add') this.add(operation);
    else if (operation.type === 'insert') this.insert(operation);
    else if (operation.type === 'delete') this.delete(operation);
    else if (operation.type === 'replace') this.replace(operation);
    else this.move(operation);
  }

  private add(operation: Operation & { type: 'add' }): void {
    const parent = this.one(operation);
    const place = this.place(parent.type, operation.name, operation.value, operation);
    const holder = this.holderOf(parent, operation);
    const slot = new Slot(holder, place.key, place.element.isArray);
    const isThere = jsonProperties(place.element).some(({ name }) => new Slot(holder, name, false).items().length > 0);
    if (isThere && !slot.isArray) throw failed(operation, `'${operation.name}' is there already; replace it`);
    slot.set([...slot.items(), this.item(operation.value, place.type, depthOf(parent), operation)]);
  }

  private insert(operation: Operation & { type: 'insert' }): void {
    const { slot, type, depth } = this.list(operation);
    const items = slot.items();
    if (operation.index > items.length) throw failed(operation, `the list has only ${items.length} elements`);
    slot.set(items.toSpliced(operation.index, 0, this.item(operation.value, type, depth, operation)));
  }

  private delete(operation: Operation): void {
    const nodes = this.evaluate(operation);
    if (nodes.length === 0) return;
    const node = this.one(operation, nodes);
    const slot = this.slotOf(node, operation);
    slot.set(slot.isArray ? slot.items().toSpliced(node.index ?? 0, 1) : []);
    this.emptied.add(slot.holder);
  }

  private replace(operation: Operation & { type: 'replace' }): void {
    const node = this.one(operation);
    const slot = this.slotOf(node, operation);
    const depth = depthOf(node.parent);
    const element = this.elementOf(node, operation);
    if (element.choice) {
      const place = this.place(node.parent?.type ?? '', element.name, operation.value, operation);
      const item = this.item(operation.value, place.type, depth, operation);
      slot.set([]);
      new Slot(slot.holder, place.key, false).set([item]);
      return;
    }
    const item = this.item(operation.value, element.types[0]?.type ?? node.type, depth, operation);
    slot.set(slot.isArray ? slot.items().with(node.index ?? 0, item) : [item]);
  }

  private move(operation: Operation & { type: 'move' }): void {
    const { slot } = this.list(operation);
    const items = slot.items();
    const moved = items[operation.source];
    if (moved === undefined || operation.destination >= items.length) {
      throw failed(operation, `the list has only ${items.length} elements`);
    }
    slot.set(items.toSpliced(operation.source, 1).toSpliced(operation.destination, 0, moved));
  }

  private evaluate(operation: Operation): PathNode[] {
    const { model, compile } = this.options;
    const nodes = compile(operation.path, { model, type: this.document.resourceType }).evaluate(this.document);
    for (const node of nodes) {
      let root = node;
      while (root.parent !== undefined) root = root.parent;
      if (root.value !== this.document)
        throw failed(operation, 'its path does not lead to an element of this resource');
    }
    return nodes;
  }

  private one(operation: Operation, nodes = this.evaluate(operation)): PathNode {
    const [node] = nodes;
    if (node === undefined) throw failed(operation, 'its path finds nothing');
    if (nodes.length > 1) throw failed(operation, `its path finds ${nodes.length} elements, where one is asked`);
    return node;
  }

  /** The list that the path names: all that it finds must stand in one. */
  private list(operation: Operation): { slot: Slot; type: string; depth: number } {
    const nodes = this.evaluate(operation);
    const [first] = nodes;
    if (first === undefined)
      throw failed(operation, "its path finds nothing; use 'add' for the first element of a list");
    const slot = this.slotOf(first, operation);
    const isOneList = nodes.every((node) => node.parent === first.parent && node.key === first.key);
    if (!slot.isArray || !isOneList) throw failed(operation, 'its path does not name a single list');
    if (nodes.length !== slot.items().length) throw failed(operation, 'its path names only a part of the list');
    return { slot, type: this.elementOf(first, operation).types[0]?.type ?? first.type, depth: depthOf(first.parent) };
  }

  private slotOf(node: PathNode, operation: Operation): Slot {
    if (node.parent === undefined || node.key === undefined)
      throw failed(operation, 'the resource itself is no element');
    return new Slot(this.holderOf(node.parent, operation), node.key, node.index !== undefined);
  }

  private elementOf(node: PathNode, operation: Operation): Element {
    const element = this.options.model.property(node.parent?.type ?? '', node.key ?? '')?.element;
    if (element === undefined) throw failed(operation, 'the standard does not know the element');
    return element;
  }

  /** The JSON object that has the node's children; of a primitive, the `_x` sibling, made when there is none. */
  private holderOf(node: PathNode, operation: Operation): JsonObject {
    if (isJsonObject(node.value)) return node.value;
    if (isJsonObject(node.extra)) return node.extra;
    const slot = this.slotOf(node, operation);
    const extra: JsonObject = {};
    const items = slot.items();
    slot.set(items.map((item, index) => (index === (node.index ?? 0) ? { ...item, extra } : item)));
    return extra;
  }

  /** Where a new child of an element goes: the name is the element's (`value`) or the property's (`valueString`). */
  private place(parent: string, name: string, value: PatchValue, operation: Operation): Place {
    const { model } = this.options;
    const suffix = value.kind === 'typed' ? value.type.charAt(0).toUpperCase() + value.type.slice(1) : '';
    const direct = model.property(parent, name);
    const found = direct ?? model.property(parent, name + suffix);
    if (found === undefined) throw failed(operation, `${parent} has no such element for this value`);
    return { ...found, key: direct === undefined ? name + suffix : name };
  }

  private item(value: PatchValue, type: string, depth: number, operation: Operation): Item {
    const item = this.fitted(value, type, operation);
    const levels = Math.max(measure(item.value).depth, measure(item.extra).depth);
    if (depth + 2 + levels > depthMax) throw failed(operation, `the result is nested deeper than ${depthMax} levels`);
    return item;
  }

  /** The value as the JSON of the type, or a refusal when it is of another. */
  private fitted(value: PatchValue, type: string, operation: Operation): Item {
    const { model } = this.options;
    const isPrimitive = model.type(type)?.kind === 'primitive';
    if (value.kind === 'resource' && type === 'Resource') return { value: copyValue(value.value), extra: undefined };
    if (value.kind === 'parts' && !isPrimitive && type !== 'Resource') {
      return { value: this.assembled(value.parts, type, operation), extra: undefined };
    }
    const fits =
      value.kind === 'typed' &&
      (isPrimitive
        ? model.type(value.type)?.kind === 'primitive' && formOf(value.value, type, model)
        : model.isA(value.type, type) || model.isA(type, value.type));
    if (!fits) throw failed(operation, `the value is no ${type}`);
    return { value: copyValue(value.value), extra: copyValue(value.extra) };
  }

  /** An element that has no data type of its own, from its named parts. */
  private assembled(parts: NamedPart[], type: string, operation: Operation): JsonObject {
    const made: JsonObject = {};
    for (const part of parts) {
      const place = this.place(type, part.name, part.value, operation);
      const slot = new Slot(made, place.key, place.element.isArray);
      const items = slot.items();
      if (items.length > 0 && !slot.isArray) throw failed(operation, `its value has '${place.key}' twice`);
      slot.set([...items, this.fitted(part.value, place.type, operation)]);
    }
    return made;
  }
}

type Place = { key: string; element: Element; type: string };

/** True when the JSON form is the one that the primitive type has; its pattern is validation's to check. */
function formOf(value: unknown, type: string, model: Model): boolean {
  if (value === undefined) return true;
  if (type === 'boolean') return typeof value === 'boolean';
  const isNumber = type === 'decimal' || model.isA(type, 'integer');
  return isNumber ? isNumeric(value) : typeof value === 'string';
}

/** Levels of JSON from the resource down to the element, both included. */
function depthOf(node: PathNode | undefined): number {
  let depth = 0;
  for (let at = node; at !== undefined; at = at.parent) depth += at.index === undefined ? 1 : 2;
  return depth;
}

function failed(operation: Operation, reason: string): Fault {
  return new Fault('unprocessable', `${operation.title} failed: ${reason}`);
}
