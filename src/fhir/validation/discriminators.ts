/**
 * Which slice a value belongs to (https://hl7.org/fhir/R4/profiling.html#discriminator): the discriminator's path is followed in the
 * value, and in the slice's definition, which says what must be found there.
 */
import type { Model } from '../definitions/index.ts';
import { isFields } from './checks.ts';
import { valueOf, type Discriminator, type ElementNode } from './element-tree.ts';
import { stepper, type Item } from './items.ts';
import { hasPattern, isEqual } from './matching.ts';
import { referencedType } from './references.ts';
import type { Walk } from './walk.ts';

export type DiscriminatorContext = {
  model: Model;
  /** The root of a known profile's tree. */
  tree(url: string): ElementNode | undefined;
  /** Whether a value conforms to a profile; undefined when the profile is unknown. */
  conforms(value: unknown, url: string, walk: Walk): boolean | undefined;
  /** Whether a coded value is in a value set; undefined when unknown. */
  memberOf(value: unknown, valueSet: string): boolean | undefined;
};

export type Matcher = (item: Item, walk: Walk) => boolean;

type Step = { kind: 'name' | 'extension' | 'resolve' | 'ofType'; text: string; into: (item: Item) => Item[] };

const stepPattern = /^(?:extension\('([^']*)'\)|(resolve)\(\)|ofType\((\w+)\)|(\w+))(?:\.|$)/;

/** `$this`, `code.coding`, `extension('url').value`, `resolve().code`; undefined when it is something else. */
const stepsOf = (path: string, model: Model): Step[] | undefined => {
  const steps: Step[] = [];
  let rest = path.replace(/^\$this(?:\.|$)/, '').replaceAll('[x]', '');
  while (rest.length > 0) {
    const match = stepPattern.exec(rest);
    if (match === null) return undefined;
    const [whole, url, resolve, type, name] = match;
    if (url !== undefined) steps.push({ kind: 'extension', text: url, into: stepper('extension', model) });
    else if (resolve !== undefined) steps.push({ kind: 'resolve', text: '', into: () => [] });
    else if (type !== undefined) steps.push({ kind: 'ofType', text: type, into: () => [] });
    else steps.push({ kind: 'name', text: name ?? '', into: stepper(name ?? '', model) });
    rest = rest.slice(whole.length);
  }
  return steps;
};

const resolved = (item: Item, model: Model, walk: Walk): Item[] => {
  if (!isFields(item.value)) return [];
  const { reference } = item.value;
  if (typeof reference !== 'string') return [];
  const type = referencedType(reference, model, walk);
  const inside = reference.startsWith('#') ? walk.contained(reference.slice(1)) : undefined;
  return type === undefined ? [] : [{ value: inside, extra: undefined, type, index: -1 }];
};

const follow = (item: Item, steps: Step[], model: Model, walk: Walk): Item[] => {
  let items = [item];
  for (const { kind, text, into } of steps) {
    items = items.flatMap((one) => {
      if (kind === 'name') return into(one);
      if (kind === 'resolve') return resolved(one, model, walk);
      if (kind === 'ofType') return one.type === text ? [one] : [];
      return into(one).filter(({ value }) => isFields(value) && value['url'] === text);
    });
  }
  return items;
};

type Place = { node: ElementNode } | { pattern: unknown };

const patternStep = (pattern: unknown, name: string): unknown => {
  if (Array.isArray(pattern)) return pattern.map((one) => patternStep(one, name)).find((one) => one !== undefined);
  return isFields(pattern) ? pattern[name] : undefined;
};

const childOf = (node: ElementNode, step: Step): ElementNode | undefined => {
  if (step.kind === 'resolve' || step.kind === 'ofType') return node;
  if (step.kind === 'name') return node.children.find((child) => child.name === step.text);
  const extensions = node.children.find((child) => child.name === 'extension');
  return extensions?.slices.find((slice) => profilesOf(slice).includes(step.text));
};

const profilesOf = (node: ElementNode): string[] =>
  (node.element.type ?? []).flatMap((type) => type.profile ?? []).map((url) => url.split('|')[0] ?? '');

const inPattern = (pattern: unknown, step: Step): Place | undefined => {
  const inner = step.kind === 'name' ? patternStep(pattern, step.text) : pattern;
  return inner === undefined ? undefined : { pattern: inner };
};

/** One step down from a node: to its child, into its fixed value or pattern, or into the profile of its type. */
const inNode = (node: ElementNode, step: Step, context: DiscriminatorContext): Place | undefined => {
  const child = childOf(node, step);
  if (child !== undefined) return { node: child };
  const stated = valueOf(node.element, 'fixed') ?? valueOf(node.element, 'pattern');
  if (stated !== undefined && step.kind === 'name') return inPattern(stated.value, step);
  const [profile] = profilesOf(node);
  if (profile === undefined) return undefined;
  const tree = context.tree(profile);
  const inProfile = tree && childOf(tree, step);
  if (inProfile !== undefined) return { node: inProfile };
  // An extension is known by its url even where its definition is not.
  return step.text === 'url' ? { pattern: profile } : undefined;
};

/** Where in the slice's definition the path leads. */
const placeOf = (slice: ElementNode, steps: Step[], context: DiscriminatorContext): Place | undefined => {
  let place: Place | undefined = { node: slice };
  for (const step of steps) {
    if (place === undefined) return undefined;
    place = 'pattern' in place ? inPattern(place.pattern, step) : inNode(place.node, step, context);
  }
  return place;
};

/** What a definition demands of a value, through its children too; undefined when it says nothing that could tell slices apart. */
const expectation = (node: ElementNode, context: DiscriminatorContext): Matcher | undefined => {
  const fixed = valueOf(node.element, 'fixed');
  if (fixed !== undefined) return (item) => isEqual(item.value, fixed.value);
  const pattern = valueOf(node.element, 'pattern');
  if (pattern !== undefined) return (item) => hasPattern(item.value, pattern.value);
  const parts: Matcher[] = [];
  const { binding } = node.element;
  const url = binding?.strength === 'required' ? binding.valueSet : undefined;
  for (const child of node.children) {
    const inner = expectation(child, context);
    if (inner === undefined) continue;
    const into = stepper(child.name, context.model);
    parts.push((item, walk) => into(item).some((one) => inner(one, walk)));
  }
  if (parts.length > 0) return (item, walk) => parts.every((part) => part(item, walk));
  return url === undefined ? undefined : (item) => context.memberOf(item.value, url) === true;
};

const byValue = (slice: ElementNode, steps: Step[], context: DiscriminatorContext): Matcher | undefined => {
  const place = placeOf(slice, steps, context);
  if (place === undefined) return undefined;
  const accepts: Matcher | undefined =
    'pattern' in place ? (item) => hasPattern(item.value, place.pattern) : expectation(place.node, context);
  return accepts && ((item, walk) => follow(item, steps, context.model, walk).some((one) => accepts(one, walk)));
};

const byType = (slice: ElementNode, steps: Step[], context: DiscriminatorContext): Matcher | undefined => {
  const place = placeOf(slice, steps, context);
  if (place === undefined || 'pattern' in place) return undefined;
  const isResolved = steps.at(-1)?.kind === 'resolve';
  const types = (place.node.element.type ?? []).flatMap((type) =>
    isResolved ? (type.targetProfile ?? []).map((url) => typeOfProfile(url, context)) : [type.code],
  );
  if (types.length === 0) return undefined;
  return (item, walk) =>
    follow(item, steps, context.model, walk).some((one) => types.some((type) => context.model.isA(one.type, type)));
};

const typeOfProfile = (url: string, context: DiscriminatorContext): string => {
  const name = url.slice(url.lastIndexOf('/') + 1);
  return context.model.type(name) === undefined ? (context.tree(url)?.element.path ?? name) : name;
};

const byProfile = (slice: ElementNode, steps: Step[], context: DiscriminatorContext): Matcher | undefined => {
  const place = placeOf(slice, steps, context);
  if (place === undefined || 'pattern' in place) return undefined;
  const isResolved = steps.at(-1)?.kind === 'resolve';
  const urls = (place.node.element.type ?? []).flatMap(
    (type) => (isResolved ? type.targetProfile : type.profile) ?? [],
  );
  if (urls.length === 0) return undefined;
  return (item, walk) =>
    follow(item, steps, context.model, walk).some((one) =>
      // What is not here can only be told by its type.
      one.value === undefined
        ? urls.some((url) => context.model.isA(one.type, typeOfProfile(url, context)))
        : urls.some((url) => context.conforms(one.value, url, walk) === true),
    );
};

const byExistence = (slice: ElementNode, steps: Step[], context: DiscriminatorContext): Matcher | undefined => {
  const place = placeOf(slice, steps, context);
  if (place === undefined || 'pattern' in place) return undefined;
  const { min = 0, max } = place.node.element;
  if (min === 0 && max !== '0') return undefined;
  return (item, walk) => follow(item, steps, context.model, walk).length > 0 === min > 0;
};

/** Whether a value belongs to the slice; undefined when the definition does not say how that could be told. */
export function compileMatcher(
  slice: ElementNode,
  discriminators: readonly Discriminator[],
  context: DiscriminatorContext,
): Matcher | undefined {
  const parts = discriminators.map(({ type, path }) => {
    const steps = stepsOf(path, context.model);
    if (steps === undefined) return undefined;
    if (type === 'type') return byType(slice, steps, context);
    if (type === 'profile') return byProfile(slice, steps, context);
    if (type === 'exists') return byExistence(slice, steps, context);
    return byValue(slice, steps, context);
  });
  // A slice may be told apart by only some of the discriminators.
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? undefined : (item, walk) => known.every((part) => part(item, walk));
}
