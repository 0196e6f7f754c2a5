/** Slices of a repeating or choice element: each value to the first slice that it matches, each slice's own rules, and the order. */
import type { Discriminator, ElementNode } from './element-tree.ts';
import { compileMatcher, type DiscriminatorContext, type Matcher } from './discriminators.ts';
import type { Item } from './items.ts';
import type { Walk } from './walk.ts';

export type ItemCheck = (item: Item, walk: Walk) => void;
/** `elementName` is where missing values are reported, below the object that lacks them. */
export type ItemsCheck = (items: Item[], walk: Walk) => void;

type Slice = {
  name: string;
  min: number;
  max: number;
  matches: Matcher;
  check: ItemCheck | undefined;
  inner: ItemsCheck | undefined;
};

export type SlicingContext = DiscriminatorContext & {
  /** The rules of a slice's own definition for one value. */
  itemCheck(slice: ElementNode): ItemCheck | undefined;
};

const upTo = (max: string | undefined): number => (max === undefined || max === '*' ? Infinity : Number(max));

/** Extensions are sliced by url, choices by type, where the definition leaves that out. */
const impliedDiscriminators = (node: ElementNode): Discriminator[] => {
  if (node.name === 'extension' || node.name === 'modifierExtension') return [{ type: 'value', path: 'url' }];
  return node.isChoice ? [{ type: 'type', path: '$this' }] : [];
};

const compileSlice = (
  slice: ElementNode,
  discriminators: Discriminator[],
  context: SlicingContext,
): Slice | undefined => {
  const isDefault = slice.element.sliceName === '@default';
  const matches = isDefault ? () => true : compileMatcher(slice, discriminators, context);
  if (matches === undefined) return undefined;
  return {
    name: slice.element.sliceName ?? '',
    min: slice.element.min ?? 0,
    max: upTo(slice.element.max),
    matches,
    check: context.itemCheck(slice),
    inner: slice.slices.length > 0 ? compileSlicing(slice, context) : undefined,
  };
};

const countProblem = (slice: Slice, count: number, element: string, walk: Walk): void => {
  if (count < slice.min) {
    const wanted = slice.min === 1 ? '' : ` ${slice.min} times`;
    walk.error('required', `${element} must have the slice ${slice.name}${wanted}`, element);
  } else if (count > slice.max) {
    walk.error(
      'structure',
      `${element} may have the slice ${slice.name} at most ${slice.max} times, not ${count}`,
      element,
    );
  }
};

type Rules = { element: string; path: string; isClosed: boolean; isOpenAtEnd: boolean; isOrdered: boolean };

const assign = (items: Item[], slices: Slice[], rules: Rules, walk: Walk): Item[][] => {
  const members: Item[][] = slices.map(() => []);
  let last = 0;
  let unmatched = false;
  for (const item of items) {
    walk.enter(rules.element, item.index, rules.path);
    const at = slices.findIndex((slice) => slice.matches(item, walk));
    if (at < 0) {
      unmatched = true;
      if (rules.isClosed)
        walk.error('structure', `This ${rules.element} is none of the slices that the profile allows`);
    } else {
      if (rules.isOpenAtEnd && unmatched)
        walk.error('structure', `Slices of ${rules.element} must come before other values`);
      if (rules.isOrdered && at < last)
        walk.error('structure', `Slices of ${rules.element} are not in the profile's order`);
      last = Math.max(last, at);
      members[at]?.push(item);
      slices[at]?.check?.(item, walk);
    }
    walk.leave();
  }
  return members;
};

/** The check of all values of a sliced element. */
export function compileSlicing(node: ElementNode, context: SlicingContext): ItemsCheck | undefined {
  const slicing = node.element.slicing ?? {};
  const stated = slicing.discriminator ?? [];
  const discriminators = stated.length > 0 ? stated : impliedDiscriminators(node);
  const slices = node.slices
    .map((slice) => compileSlice(slice, discriminators, context))
    .filter((slice) => slice !== undefined);
  // Where a slice can't be told, no value can be said to be in none of them.
  const isComplete = slices.length === node.slices.length && slices.length > 0;
  if (slices.length === 0) return undefined;
  slices.sort((one, other) => Number(one.name === '@default') - Number(other.name === '@default'));
  const rules: Rules = {
    element: node.name,
    path: node.element.path,
    isClosed: slicing.rules === 'closed' && isComplete,
    isOpenAtEnd: slicing.rules === 'openAtEnd' && isComplete,
    isOrdered: slicing.ordered === true,
  };
  return (items, walk) => {
    const members = assign(items, slices, rules, walk);
    for (const [at, slice] of slices.entries()) {
      const found = members[at] ?? [];
      countProblem(slice, found.length, node.name, walk);
      if (found.length > 0) slice.inner?.(found, walk);
    }
  };
}
