/** `=` and `~` (http://hl7.org/fhirpath/N1/#equality), and the set operations that rest on `=`. */
import { isNumeric } from '../json/decimal.ts';
import { compareNumeric, significantText, type Numeric } from './decimal-math.ts';
import { isObject, kindOf, type Kind, type Node, type Nodes } from './node.ts';
import { compareQuantity, isEquivalentNumeric, isEquivalentQuantity, quantityOf } from './quantity.ts';
import type { Scope } from './scope.ts';
import { compareTemporal, parseTemporal, type TemporalKind } from './temporal.ts';

/** Undefined when the answer is open (dates of different precision, units that do not convert). */
function isEqual(a: Node, b: Node, scope: Scope): boolean | undefined {
  if (typeof a.value === 'string' && a.value === b.value) return true;
  const left = kindOf(a);
  const right = kindOf(b);
  if (isNumberKind(left) && isNumberKind(right)) return compareNumeric(a.value as Numeric, b.value as Numeric) === 0;
  if (isTemporalKind(left) && isTemporalKind(right)) return isEqualTemporal(a, left, b, right);
  if (left === 'quantity' || right === 'quantity') return isEqualQuantity(a, b, scope);
  if (left === 'complex' && right === 'complex') {
    scope.spend(1);
    return mayBeEqual(a.type, b.type) && isDeepEqual(a.value, b.value);
  }
  if (left === 'none' && right === 'none') return isDeepEqual(a.extra, b.extra);
  // A text beside a date compares as text: `birthDate = '1974-12-25'`.
  return a.value === b.value;
}

/** Elements of different FHIR types are never equal; plain JSON has no type of its own. */
function mayBeEqual(left: string, right: string): boolean {
  return left === right || left === 'System.Any' || right === 'System.Any';
}

function isNumberKind(kind: Kind): boolean {
  return kind === 'integer' || kind === 'decimal';
}

function isTemporalKind(kind: Kind): kind is TemporalKind {
  return kind === 'date' || kind === 'dateTime' || kind === 'time';
}

function isEqualTemporal(a: Node, left: TemporalKind, b: Node, right: TemporalKind): boolean | undefined {
  const first = parseTemporal(a.value as string, left);
  const second = parseTemporal(b.value as string, right);
  if (!first || !second) return a.value === b.value;
  const order = compareTemporal(first, second);
  return order === undefined ? undefined : order === 0;
}

function isEqualQuantity(a: Node, b: Node, scope: Scope): boolean | undefined {
  const left = quantityOf(a);
  const right = quantityOf(b);
  if (!left || !right) return isDeepEqual(a.value, b.value);
  const order = compareQuantity(left, right, scope.ucum);
  return order === undefined ? undefined : order === 0;
}

/** Same JSON, key order aside; decimals by value. */
function isDeepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return isNumeric(a) && isNumeric(b) && compareNumeric(a, b) === 0;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((one, index) => isDeepEqual(one, b[index]));
  if (isNumeric(a) || isNumeric(b)) return isNumeric(a) && isNumeric(b) && compareNumeric(a, b) === 0;
  return !Array.isArray(b) && hasSameElements(a as Record<string, unknown>, b as Record<string, unknown>);
}

/** Walks by `for in`: both come from JSON, so all keys are their own, and no list of keys has to be made. */
function hasSameElements(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  let count = 0;
  for (const key in a) {
    if (!isDeepEqual(a[key], b[key])) return false;
    count++;
  }
  for (const _key in b) count--;
  return count === 0;
}

/** `=` between collections: order counts; empty on either side gives undefined. */
export function areEqual(left: Nodes, right: Nodes, scope: Scope): boolean | undefined {
  if (left.length === 0 || right.length === 0) return undefined;
  if (left.length !== right.length) return false;
  let open = false;
  for (let at = 0; at < left.length; at++) {
    const same = isEqual(left[at]!, right[at]!, scope);
    if (same === false) return false;
    open ||= same === undefined;
  }
  return open ? undefined : true;
}

/** `~`: order does not count, case and white space of texts neither. */
export function areEquivalent(left: Nodes, right: Nodes, scope: Scope): boolean {
  if (left.length !== right.length) return false;
  const rest = [...right];
  for (const one of left) {
    scope.spend(rest.length);
    const found = rest.findIndex((other) => isEquivalent(one, other, scope));
    if (found < 0) return false;
    rest.splice(found, 1);
  }
  return true;
}

function isEquivalent(a: Node, b: Node, scope: Scope): boolean {
  const left = kindOf(a);
  const right = kindOf(b);
  if (isNumberKind(left) && isNumberKind(right)) return isEquivalentNumeric(a.value as Numeric, b.value as Numeric);
  if (isTemporalKind(left) && isTemporalKind(right)) return isEqualTemporal(a, left, b, right) === true;
  if (left === 'string' && right === 'string') return normalised(a.value) === normalised(b.value);
  const first = quantityOf(a);
  const second = quantityOf(b);
  if (first && second) return isEquivalentQuantity(first, second, scope.ucum);
  return isDeepEquivalent(a.value, b.value);
}

function normalised(text: unknown): string {
  return String(text).trim().replace(/\s+/g, ' ').toLowerCase();
}

function isDeepEquivalent(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === 'string' && typeof b === 'string') return normalised(a) === normalised(b);
  if (isNumeric(a) && isNumeric(b)) return isEquivalentNumeric(a, b);
  if (Array.isArray(a) && Array.isArray(b)) {
    const rest: unknown[] = [...(b as unknown[])];
    return a.length === b.length && a.every((one) => takeFrom(rest, (other) => isDeepEquivalent(one, other)));
  }
  if (!isObject(a) || !isObject(b) || Array.isArray(a) || Array.isArray(b)) return false;
  // Ids do not count: equivalence is about meaning (FHIR R4, fhirpath.html).
  const keys = Object.keys(a).filter((key) => key !== 'id');
  return (
    keys.length === Object.keys(b).filter((key) => key !== 'id').length &&
    keys.every((key) => Object.hasOwn(b, key) && isDeepEquivalent(a[key], b[key]))
  );
}

function takeFrom(rest: unknown[], matches: (other: unknown) => boolean): boolean {
  const found = rest.findIndex(matches);
  if (found >= 0) rest.splice(found, 1);
  return found >= 0;
}

/** A growing set under `=`. Texts, numbers and booleans are found by key, everything else by comparison. */
export class NodeSet {
  private readonly keys = new Set<string>();
  private readonly others: Nodes = [];
  private readonly scope: Scope;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  has(node: Node): boolean {
    const key = keyOf(node);
    if (key !== undefined) return this.keys.has(key);
    this.scope.spend(this.others.length);
    return this.others.some((other) => isEqual(node, other, this.scope) === true);
  }

  /** False when it was there already. */
  add(node: Node): boolean {
    if (this.has(node)) return false;
    const key = keyOf(node);
    if (key !== undefined) this.keys.add(key);
    else this.others.push(node);
    return true;
  }
}

function keyOf(node: Node): string | undefined {
  switch (kindOf(node)) {
    case 'boolean':
      return `b${node.value}`;
    case 'string':
      return `s${node.value}`;
    case 'integer':
      return `n${node.value}`;
    case 'decimal':
      return `n${significantText(node.value as Numeric)}`;
    default:
      return undefined;
  }
}

export function distinct(nodes: Nodes, scope: Scope): Nodes {
  if (nodes.length < 2) return nodes;
  scope.spend(nodes.length);
  const seen = new NodeSet(scope);
  return nodes.filter((node) => seen.add(node));
}

/** `|`: both without what is equal. */
export function union(left: Nodes, right: Nodes, scope: Scope): Nodes {
  if (right.length === 0) return distinct(left, scope);
  if (left.length === 0) return distinct(right, scope);
  return distinct([...left, ...right], scope);
}

export function includes(nodes: Nodes, node: Node, scope: Scope): boolean {
  scope.spend(nodes.length);
  return nodes.some((other) => isEqual(other, node, scope) === true);
}
