/** JSON Patch (RFC 6902) on a resource: all operations or none, hostile ones included. */
import { Fault } from '#kernel/fault.ts';
import type { Resource } from '../types.ts';
import { areEqual, copyObject, copyValue, depthMax, isJsonObject, measure } from './json-value.ts';
import { operationsMax, patchedResource, prune } from './patched.ts';
import { arrayIndex, member, parsePointer } from './pointer.ts';

type Operation = { op: string; path: string[]; from: string[]; value: unknown; title: string };

/** Values that all `copy` operations of a patch may make together: doubling an array thirty times is a known attack. */
const copiedValuesMax = 1_000_000;
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);
const operationNames = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

/**
 * The resource after the operations; the input is untouched.
 * @throws Fault 'invalid' when the operations are not a JSON Patch; 'unprocessable' when one cannot be done (a missing place, a
 * `test` that fails) or would change resourceType, id, meta.versionId or meta.lastUpdated.
 */
export function applyJsonPatch(resource: Resource, operations: unknown): Resource {
  if (!Array.isArray(operations)) throw new Fault('invalid', 'A JSON Patch is an array of operations');
  if (operations.length > operationsMax)
    throw new Fault('tooCostly', `A patch has at most ${operationsMax} operations`);
  const parsed = operations.map(parseOperation);
  const patch = new JsonPatch(copyObject(resource));
  for (const operation of parsed) patch.apply(operation);
  return patchedResource(resource, patch.result());
}

function parseOperation(operation: unknown, index: number): Operation {
  const place = `Operation ${index + 1} of the JSON Patch`;
  if (!isJsonObject(operation)) throw new Fault('invalid', `${place} is not an object`);
  const { op, path, from } = operation;
  if (typeof op !== 'string' || !operationNames.has(op)) throw new Fault('invalid', `${place} has no known 'op'`);
  const hasFrom = op === 'move' || op === 'copy';
  if (['add', 'replace', 'test'].includes(op) && !Object.hasOwn(operation, 'value')) {
    throw new Fault('invalid', `${place} (${op}) has no 'value'`);
  }
  const shown = typeof path === 'string' && /^[\w/~.-]{0,80}$/.test(path) ? ` ${path}` : '';
  return {
    op,
    path: pointerOf(path, `${place} (${op}) has no proper 'path'`),
    from: hasFrom ? pointerOf(from, `${place} (${op}) has no proper 'from'`) : [],
    value: operation['value'],
    title: `${place} (${op}${shown})`,
  };
}

function pointerOf(text: unknown, problem: string): string[] {
  const steps = typeof text === 'string' ? parsePointer(text) : undefined;
  if (steps === undefined) throw new Fault('invalid', `${problem}; it must be a JSON Pointer`);
  if (steps.some((step) => forbiddenKeys.has(step)))
    throw new Fault('invalid', `${problem}: it has a name that is not allowed`);
  return steps;
}

/** The document between the first operation and the last. */
class JsonPatch {
  private document: unknown;
  private copiedValues = 0;
  private readonly emptied = new Set<object>();

  constructor(document: unknown) {
    this.document = document;
  }

  result(): unknown {
    if (isJsonObject(this.document)) prune(this.document, this.emptied);
    return this.document;
  }

  apply(operation: Operation): void {
    const { op, path, from, value, title } = operation;
    if (op === 'add') this.add(path, copyValue(value), title);
    else if (op === 'remove') this.remove(path, title);
    else if (op === 'replace') this.replace(path, copyValue(value), title);
    else if (op === 'test') this.test(path, value, title);
    else if (op === 'copy') this.add(path, this.copied(from, title), title);
    else this.move(from, path, title);
  }

  private add(path: string[], value: unknown, title: string): void {
    checkDepth(path, value, title);
    const last = path.at(-1);
    if (last === undefined) {
      this.document = value;
      return;
    }
    const container = this.find(path.slice(0, -1), title);
    if (Array.isArray(container)) {
      const index = arrayIndex(container, last, true);
      if (index === undefined) throw failed(title, 'the array has no such place');
      container.splice(index, 0, value);
    } else if (isJsonObject(container)) container[last] = value;
    else throw failed(title, 'what should hold the value is neither an object nor an array');
  }

  private remove(path: string[], title: string): unknown {
    const last = path.at(-1);
    if (last === undefined) throw failed(title, 'the whole resource cannot be removed');
    const container = this.find(path.slice(0, -1), title);
    const value = child(container, last, title);
    if (Array.isArray(container)) container.splice(Number(last), 1);
    else if (isJsonObject(container)) delete container[last];
    if (typeof container === 'object' && container !== null) this.emptied.add(container);
    return value;
  }

  private replace(path: string[], value: unknown, title: string): void {
    checkDepth(path, value, title);
    const last = path.at(-1);
    if (last === undefined) {
      this.document = value;
      return;
    }
    const container = this.find(path.slice(0, -1), title);
    child(container, last, title);
    if (Array.isArray(container)) container[Number(last)] = value;
    else if (isJsonObject(container)) container[last] = value;
  }

  private test(path: string[], value: unknown, title: string): void {
    if (!areEqual(this.find(path, title), value)) throw failed(title, 'the resource has another value there');
  }

  private copied(from: string[], title: string): unknown {
    const value = this.find(from, title);
    this.copiedValues += measure(value).size;
    if (this.copiedValues > copiedValuesMax) throw new Fault('tooCostly', `${title} copies too much`);
    return copyValue(value);
  }

  private move(from: string[], path: string[], title: string): void {
    const isInside = path.length > from.length && from.every((step, index) => step === path[index]);
    if (isInside) throw failed(title, 'a value cannot move into itself');
    this.add(path, this.remove(from, title), title);
  }

  private find(path: string[], title: string): unknown {
    let value = this.document;
    for (const step of path) value = child(value, step, title);
    return value;
  }
}

function child(container: unknown, step: string, title: string): unknown {
  const found = member(container, step);
  if (found === undefined) throw failed(title, 'the resource has nothing there');
  return found.value;
}

function checkDepth(path: string[], value: unknown, title: string): void {
  if (path.length + measure(value).depth > depthMax)
    throw failed(title, `the result is nested deeper than ${depthMax} levels`);
}

function failed(title: string, reason: string): Fault {
  return new Fault('unprocessable', `${title} failed: ${reason}`);
}
