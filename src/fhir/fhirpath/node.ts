/**
 * What FHIRPath walks over: a JSON value with its type, its `_x` sibling and the way back to its parent.
 * A node never changes; collections are arrays of nodes that nobody changes after they are handed out.
 */
import { isNumeric } from '../json/decimal.ts';

export class Node {
  /** JSON value: boolean, number, Decimal, string or object; undefined for a primitive that only has extensions. */
  readonly value: unknown;
  /** FHIR type (`HumanName`, `Observation.component`, `code`) or System type (`System.Integer`). */
  readonly type: string;
  /** The `_x` sibling of a primitive: `id` and `extension`. */
  readonly extra: object | undefined;
  readonly parent: Node | undefined;
  /** JSON property in the parent (`valueQuantity`). */
  readonly key: string | undefined;
  /** Place in the parent's array; undefined where the property is not an array. */
  readonly index: number | undefined;
  /** The element's name in FHIRPath (`value` for `valueQuantity`). */
  readonly name: string | undefined;

  constructor(
    value: unknown,
    type: string,
    extra?: object,
    parent?: Node,
    key?: string,
    index?: number,
    name: string | undefined = key,
  ) {
    this.value = value;
    this.type = type;
    this.extra = extra;
    this.parent = parent;
    this.key = key;
    this.index = index;
    this.name = name;
  }
}

export type Nodes = Node[];

export const empty: Nodes = [];
const trueNodes: Nodes = [new Node(true, 'System.Boolean')];
const falseNodes: Nodes = [new Node(false, 'System.Boolean')];

export function booleanNodes(value: boolean | undefined): Nodes {
  return value === undefined ? empty : value ? trueNodes : falseNodes;
}

export function stringNodes(value: string): Nodes {
  return [new Node(value, 'System.String')];
}

export function integerNodes(value: number): Nodes {
  return [new Node(value, 'System.Integer')];
}

/** `Patient.name[0].given[1]`: simple FHIRPath from the resource to the node, as OperationOutcome.issue.expression has it. */
export function pathOf(node: Node): string {
  if (!node.parent) return node.name ?? node.type;
  const step = `${pathOf(node.parent)}.${node.name}`;
  return node.index === undefined ? step : `${step}[${node.index}]`;
}

export type Kind =
  | 'none'
  | 'boolean'
  | 'string'
  | 'integer'
  | 'decimal'
  | 'date'
  | 'dateTime'
  | 'time'
  | 'quantity'
  | 'complex';

const textKinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['date', 'date'],
  ['System.Date', 'date'],
  ['dateTime', 'dateTime'],
  ['instant', 'dateTime'],
  ['System.DateTime', 'dateTime'],
  ['time', 'time'],
  ['System.Time', 'time'],
]);

const quantityTypes: ReadonlySet<string> = new Set([
  'Quantity',
  'System.Quantity',
  'Age',
  'Count',
  'Distance',
  'Duration',
  'SimpleQuantity',
  'MoneyQuantity',
]);

/** Which System type the node converts to by itself (http://hl7.org/fhir/R4/fhirpath.html#types). */
export function kindOf(node: Node): Kind {
  const { value } = node;
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'number':
      return node.type === 'decimal' || node.type === 'System.Decimal' || !Number.isInteger(value)
        ? 'decimal'
        : 'integer';
    case 'string':
      return textKinds.get(node.type) ?? 'string';
    case 'object':
      if (isNumeric(value)) return 'decimal';
      return value !== null && quantityTypes.has(node.type) ? 'quantity' : 'complex';
    default:
      return 'none';
  }
}

/** True for a JSON object with elements, false for primitives and for an exact decimal. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !isNumeric(value);
}
