/** The flat element list of a StructureDefinition as the tree that it means: elements, their children, and their slices. */
import { Fault } from '#kernel/fault.ts';
import type { Resource } from '../types.ts';

export type ElementType = { code: string; profile?: string[]; targetProfile?: string[] };
export type Discriminator = { type: string; path: string };
export type Slicing = { discriminator?: Discriminator[]; ordered?: boolean; rules?: string };
export type ElementConstraint = {
  key: string;
  severity: 'error' | 'warning';
  human: string;
  expression?: string;
  source?: string;
  extension?: { url: string; valueBoolean?: boolean }[];
};

/** https://hl7.org/fhir/R4/elementdefinition.html, what validation reads of it. */
export type ElementDefinition = {
  id?: string;
  path: string;
  sliceName?: string;
  slicing?: Slicing;
  min?: number;
  max?: string;
  base?: { path: string; min: number; max: string };
  contentReference?: string;
  type?: ElementType[];
  constraint?: ElementConstraint[];
  binding?: { strength: 'required' | 'extensible' | 'preferred' | 'example'; valueSet?: string };
  maxLength?: number;
  [field: string]: unknown;
};

export type StructureDefinition = Resource & {
  url: string;
  type: string;
  kind?: string;
  name?: string;
  derivation?: string;
  baseDefinition?: string;
  context?: { type: string; expression: string }[];
  snapshot?: { element: ElementDefinition[] };
  differential?: { element: ElementDefinition[] };
};

export type ElementNode = {
  element: ElementDefinition;
  /** Last step of the path, without `[x]`. */
  name: string;
  isChoice: boolean;
  children: ElementNode[];
  /** Named slices of this element, and slices of a slice (`a/b`). */
  slices: ElementNode[];
};

const elementsMax = 20_000;

export const nodeOf = (element: ElementDefinition): ElementNode => {
  const last = element.path.slice(element.path.lastIndexOf('.') + 1);
  const isChoice = last.endsWith('[x]');
  return { element, name: isChoice ? last.slice(0, -3) : last, isChoice, children: [], slices: [] };
};

const invalid = (message: string): never => {
  throw new Fault('invalid', message);
};

/** The element that a slice cuts: the latest sibling of the same name; a slice of a slice hangs below that one. */
const sliced = (parent: ElementNode, node: ElementNode): ElementNode | undefined => {
  const base = parent.children.findLast((child) => child.name === node.name);
  const name = node.element.sliceName ?? '';
  const outer = base?.slices.find((slice) => name.startsWith(`${slice.element.sliceName}/`));
  return outer ?? base;
};

const attach = (parent: ElementNode, node: ElementNode): void => {
  if (node.element.sliceName === undefined) {
    parent.children.push(node);
    return;
  }
  let base = sliced(parent, node);
  if (base === undefined) {
    // A differential may name a slice of an element that it doesn't otherwise mention.
    base = nodeOf({ path: node.element.path });
    parent.children.push(base);
  }
  base.slices.push(node);
};

/** The tree of a snapshot or a differential. Faults: `invalid` when the list is no element list. */
export function treeOf(elements: unknown, type: string): ElementNode {
  if (!Array.isArray(elements)) return invalid('A StructureDefinition needs a list of elements');
  if (elements.length > elementsMax) return invalid(`A StructureDefinition may have at most ${elementsMax} elements`);
  const root = nodeOf({ path: type });
  const open: ElementNode[] = [root];
  for (const given of elements as (Partial<ElementDefinition> | null)[]) {
    if (typeof given?.path !== 'string') return invalid('An element of a StructureDefinition has no path');
    const element = given as ElementDefinition;
    const depth = element.path.split('.').length - 1;
    if (depth === 0) {
      root.element = element;
      continue;
    }
    open.length = Math.min(open.length, depth);
    const parent = parentOf(element, open, root);
    const node = nodeOf(element);
    attach(parent, node);
    open[depth] = node;
  }
  return root;
}

/**
 * The open branch holds the parent, as a rule. A differential may also leave out what lies between (`Patient.contact.name.family`
 * alone) or come back to an earlier branch; then the missing steps are found or made.
 */
const parentOf = (element: ElementDefinition, open: ElementNode[], root: ElementNode): ElementNode => {
  const steps = element.path.split('.');
  let parent = root;
  for (let at = 1; at < steps.length - 1; at += 1) {
    const path = steps.slice(0, at + 1).join('.');
    let node = open[at];
    if (node?.element.path !== path) {
      node = parent.children.find((child) => child.element.path === path);
      if (node === undefined) {
        node = nodeOf({ path });
        parent.children.push(node);
      }
      open[at] = node;
    }
    parent = node;
  }
  return parent;
};

/** The tree as a list again, with ids as the standard builds them (https://hl7.org/fhir/R4/elementdefinition.html#id). */
export function listOf(node: ElementNode, id: string, path: string): ElementDefinition[] {
  const below = node.children.flatMap((child) => {
    const step = child.name + (child.isChoice ? '[x]' : '');
    return withSlices(child, `${id}.${step}`, `${path}.${step}`);
  });
  return [{ ...node.element, id, path }, ...below];
}

const withSlices = (node: ElementNode, id: string, path: string): ElementDefinition[] => [
  ...listOf(node, id, path),
  ...node.slices.flatMap((slice) =>
    withSlices(slice, `${id.replace(/:[^.:]*$/, '')}:${slice.element.sliceName}`, path),
  ),
];

/** A copy whose nodes can be changed; the elements' values are shared. */
export function copyOf(node: ElementNode): ElementNode {
  return {
    ...node,
    element: { ...node.element },
    children: node.children.map(copyOf),
    slices: node.slices.map(copyOf),
  };
}

/** The value of `fixed[x]`, `pattern[x]`, `minValue[x]` … with its JSON name. */
export function valueOf(element: ElementDefinition, kind: string): { name: string; value: unknown } | undefined {
  for (const name in element) {
    if (name.startsWith(kind) && /^[A-Z]/.test(name.slice(kind.length)) && element[name] !== undefined) {
      return { name, value: element[name] };
    }
  }
  return undefined;
}
