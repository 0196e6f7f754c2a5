/**
 * The whole of a profile out of its differential and what it is based on
 * (https://hl7.org/fhir/R4/profiling.html#snapshot): paths into data types, slices and slices of choices included.
 */
import { typeUrl, type Element, type Model, type TypeReference } from '../definitions/index.ts';
import {
  copyOf,
  listOf,
  nodeOf,
  treeOf,
  type ElementDefinition,
  type ElementNode,
  type ElementType,
  type Slicing,
  type StructureDefinition,
} from './element-tree.ts';

export type SnapshotContext = {
  model: Model;
  /** The tree of a profile that is known; undefined for R4's own types. */
  tree(url: string): ElementNode | undefined;
};

const byUrl: Slicing = { discriminator: [{ type: 'value', path: 'url' }], ordered: false, rules: 'open' };

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const upTo = (max: number): string => (max === Infinity ? '*' : String(max));

const elementType = (reference: TypeReference, model: Model): ElementType => {
  const type = model.type(reference.type);
  return {
    // A backbone element is a type of its own in the model, and a path in a snapshot.
    code: reference.type.includes('.') ? (type?.base ?? 'BackboneElement') : reference.type,
    ...(reference.profiles === undefined ? {} : { profile: reference.profiles }),
    ...(reference.targets === undefined ? {} : { targetProfile: reference.targets.map(typeUrl) }),
  };
};

/** The element of a base type that first declares a name: `Resource.id`, `DomainResource.text`. */
const declaredBy = (type: string, name: string, model: Model): string => {
  const base = model.type(type)?.base;
  return base !== undefined && model.element(base, name) !== undefined ? declaredBy(base, name, model) : type;
};

const definitionOf = (element: Element, owner: string, path: string, model: Model): ElementDefinition => {
  const [first] = element.types;
  const isReference = first?.type.includes('.') === true && first.type !== `${owner}.${element.name}`;
  const max = upTo(element.max);
  return {
    path,
    min: element.min,
    max,
    base: {
      path: `${declaredBy(owner, element.name, model)}.${element.name}${element.choice ? '[x]' : ''}`,
      min: element.min,
      max,
    },
    ...(isReference
      ? { contentReference: `#${first.type}` }
      : { type: element.types.map((type) => elementType(type, model)) }),
    ...(element.binding === undefined ? {} : { binding: element.binding }),
    ...(element.constraints === undefined ? {} : { constraint: element.constraints }),
  };
};

/** The elements of a type below a path; backbone elements with theirs. */
const childrenOf = (type: string, path: string, model: Model): ElementNode[] => {
  const isDataType = !type.includes('.') && model.type(type)?.kind !== 'resource';
  return (model.type(type)?.elements ?? []).map((element) => {
    const below = `${path}.${element.name}${element.choice ? '[x]' : ''}`;
    const node = nodeOf(definitionOf(element, type, below, model));
    const [first] = element.types;
    if (first?.type === `${type}.${element.name}`) {
      node.element.constraint = [...(model.type(first.type)?.constraints ?? [])];
      node.children = childrenOf(first.type, below, model);
    }
    if (element.name === 'extension' && isDataType) node.element.slicing = { ...byUrl };
    return node;
  });
};

const typeTree = (type: string, model: Model): ElementNode => {
  const root = nodeOf({ path: type, min: 0, max: '*', constraint: [...(model.type(type)?.constraints ?? [])] });
  root.children = childrenOf(type, type, model);
  return root;
};

/** Paths of a copied tree, moved to where it now hangs. */
const moved = (node: ElementNode, path: string): void => {
  node.element.path = path;
  for (const child of node.children) moved(child, `${path}.${child.name}${child.isChoice ? '[x]' : ''}`);
  for (const slice of node.slices) moved(slice, path);
};

/** The elements of a leaf's type, when a differential goes into it. */
const expand = (node: ElementNode, context: SnapshotContext): void => {
  if (node.children.length > 0) return;
  const [type] = node.element.type ?? [];
  const content = node.element.contentReference?.slice(1);
  const profile = type?.profile?.length === 1 ? context.tree(type.profile[0] ?? '') : undefined;
  if (profile !== undefined) {
    const copy = copyOf(profile);
    moved(copy, node.element.path);
    node.children = copy.children;
    return;
  }
  const name = content ?? type?.code ?? '';
  node.children = childrenOf(
    context.model.type(name) === undefined ? 'Element' : name,
    node.element.path,
    context.model,
  );
};

const mergeElement = (base: ElementDefinition, own: ElementDefinition): ElementDefinition => {
  const keys = new Set((own.constraint ?? []).map((one) => one.key));
  const inherited = (base.constraint ?? []).filter((one) => !keys.has(one.key));
  const constraint = [...inherited, ...(own.constraint ?? [])];
  const merged: ElementDefinition = { ...base, ...own, path: base.path };
  if (constraint.length > 0) merged.constraint = constraint;
  if (base.slicing !== undefined && own.slicing !== undefined) merged.slicing = { ...base.slicing, ...own.slicing };
  // A profile may raise the minimum, never lower it.
  merged.min = Math.max(base.min ?? 0, own.min ?? 0);
  return merged;
};

const mergeSlice = (base: ElementNode, own: ElementNode, context: SnapshotContext): void => {
  const name = own.element.sliceName ?? '';
  let slice = base.slices.find((one) => one.element.sliceName === name);
  if (slice === undefined) {
    slice = copyOf({ ...base, slices: [] });
    delete slice.element.slicing;
    // A slice starts from none to as many as the whole element has (its minimum is of the whole).
    slice.element.min = 0;
    slice.element.sliceName = name;
    base.slices.push(slice);
  }
  merge(slice, own, context);
  slice.element.sliceName = name;
};

/** The type that `valueQuantity` means of `value[x]`. */
const typeNamed = (base: ElementNode, name: string): ElementType | undefined =>
  (base.element.type ?? []).find(({ code }) => base.name + capitalised(code) === name);

/**
 * `valueQuantity` in a differential is short for: `value[x]` has that type (and those that other short forms beside it name),
 * with a slice for it, which carries the rest.
 */
const mergeChoice = (parent: ElementNode, own: ElementNode, beside: ElementNode[], context: SnapshotContext): void => {
  const base = parent.children.find((child) => child.isChoice && typeNamed(child, own.name) !== undefined);
  // What the type does not have can't be constrained; the check finds nothing there.
  if (base === undefined) return;
  const type = typeNamed(base, own.name);
  const named = beside.map((one) => typeNamed(base, one.name)).filter((one) => one !== undefined);
  base.element.type = named;
  base.element.slicing ??= { discriminator: [{ type: 'type', path: '$this' }], ordered: false, rules: 'closed' };
  const sliceType = own.element.type ?? (type === undefined ? [] : [type]);
  const element = { ...own.element, sliceName: own.element.sliceName ?? own.name, type: sliceType };
  mergeSlice(base, { ...own, name: base.name, isChoice: true, element }, context);
};

const mergeChild = (parent: ElementNode, own: ElementNode, beside: ElementNode[], context: SnapshotContext): void => {
  const base = parent.children.find((child) => child.name === own.name);
  if (base === undefined) mergeChoice(parent, own, beside, context);
  else merge(base, own, context);
};

const merge = (base: ElementNode, own: ElementNode, context: SnapshotContext): void => {
  base.element = mergeElement(base.element, own.element);
  if (own.children.length > 0) {
    expand(base, context);
    for (const child of own.children) mergeChild(base, child, own.children, context);
  }
  if (own.slices.length > 0) {
    if (base.name === 'extension' || base.name === 'modifierExtension') base.element.slicing ??= { ...byUrl };
    for (const slice of own.slices) mergeSlice(base, slice, context);
  }
};

/** The tree of a profile: from its snapshot, or made from its differential where it has none. */
export function snapshotTree(profile: StructureDefinition, context: SnapshotContext): ElementNode {
  if (profile.snapshot !== undefined) return treeOf(profile.snapshot.element, profile.type);
  const base = context.tree(profile.baseDefinition ?? '');
  const tree = base === undefined ? typeTree(profile.type, context.model) : copyOf(base);
  merge(tree, treeOf(profile.differential?.element ?? [], profile.type), context);
  return tree;
}

/** The snapshot of a profile as its flat list (StructureDefinition.snapshot.element). */
export function snapshotOf(profile: StructureDefinition, context: SnapshotContext): ElementDefinition[] {
  return listOf(snapshotTree(profile, context), profile.type, profile.type);
}
