/** What an element of a profile says of each of its values: type, profile of the type, fixed value or pattern, limits. */
import type { Element, Model } from '../definitions/index.ts';
import { isNumeric } from '../json/decimal.ts';
import { isFields, type ValueCheck } from './checks.ts';
import { valueOf, type ElementNode, type ElementType } from './element-tree.ts';
import { hasPattern, isEqual } from './matching.ts';
import { referencedType } from './references.ts';
import type { ItemCheck } from './slicing.ts';
import { shown, type Walk } from './walk.ts';

export type ElementContext = {
  isA(type: string, ancestor: string): boolean;
  isType(name: string): boolean;
  model(): Model;
  /** The type that a profile constrains, or that a core url names. */
  typeOf(url: string): string | undefined;
  conforms(value: unknown, url: string, walk: Walk): boolean | undefined;
  check(url: string): ValueCheck | undefined;
};

const json = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
};

const types = (node: ElementNode): ElementType[] => (Array.isArray(node.element.type) ? node.element.type : []);

/** Fewer types than R4 allows for the element. */
const allowedTypes = (node: ElementNode, element: Element, context: ElementContext): ItemCheck | undefined => {
  const codes = types(node)
    .map((type) => type.code)
    .filter((code) => context.isType(code));
  const isNarrower =
    codes.length > 0 && element.types.some(({ type }) => !codes.some((code) => context.isA(type, code)));
  // Backbone elements are types of their own here; `BackboneElement` says nothing more.
  if (!isNarrower || codes.includes('BackboneElement') || codes.includes('Element')) return undefined;
  return (item, walk) => {
    if (codes.some((code) => context.isA(item.type, code))) return;
    walk.error('structure', `A ${item.type} is not allowed here by the profile, only ${codes.join(', ')}`);
  };
};

const fixedValue = (node: ElementNode): ItemCheck | undefined => {
  const fixed = valueOf(node.element, 'fixed');
  if (fixed === undefined) return undefined;
  return ({ value }, walk) => {
    if (!isEqual(value, fixed.value))
      walk.error('value', `The profile demands exactly ${json(fixed.value)}, not ${json(value)}`);
  };
};

const patternValue = (node: ElementNode): ItemCheck | undefined => {
  const pattern = valueOf(node.element, 'pattern');
  if (pattern === undefined) return undefined;
  return ({ value }, walk) => {
    if (!hasPattern(value, pattern.value)) {
      walk.error('value', `The profile demands at least ${json(pattern.value)}, which ${json(value)} has not`);
    }
  };
};

const isBelow = (value: unknown, limit: unknown): boolean => {
  if (isNumeric(value) && isNumeric(limit)) return Number(value) < Number(limit);
  if (isFields(value) && isFields(limit)) return isBelow(value['value'], limit['value']);
  return typeof value === 'string' && typeof limit === 'string' && value < limit;
};

const limits = (node: ElementNode): ItemCheck | undefined => {
  const least = valueOf(node.element, 'minValue');
  const most = valueOf(node.element, 'maxValue');
  const { maxLength } = node.element;
  if (least === undefined && most === undefined && maxLength === undefined) return undefined;
  return ({ value }, walk) => {
    if (least !== undefined && isBelow(value, least.value))
      walk.error('value', `${shown(value)} is less than ${json(least.value)}`);
    if (most !== undefined && isBelow(most.value, value))
      walk.error('value', `${shown(value)} is more than ${json(most.value)}`);
    if (maxLength !== undefined && typeof value === 'string' && value.length > maxLength) {
      walk.error('value', `This text is longer than ${maxLength} characters`);
    }
  };
};

const sameTargets = (targets: string[], element: Element): boolean => {
  const own = element.types.find(({ type }) => type === 'Reference' || type === 'canonical')?.targets;
  return own !== undefined && own.length === targets.length && own.every((one) => targets.includes(one));
};

/** Narrower reference targets, by the type that the literal reference names. */
const targetTypes = (node: ElementNode, element: Element, context: ElementContext): ItemCheck | undefined => {
  const urls = types(node).flatMap((type) => (type.code === 'Reference' ? (type.targetProfile ?? []) : []));
  const targets = urls.map((url) => context.typeOf(url));
  const known = targets.filter((target) => target !== undefined);
  // One target that is not known here could be anything.
  if (known.length === 0 || known.length < targets.length || known.includes('Resource')) return undefined;
  if (sameTargets(known, element)) return undefined;
  return ({ value, type }, walk) => {
    if (type !== 'Reference' || !isFields(value) || typeof value['reference'] !== 'string') return;
    const found = referencedType(value['reference'], context.model(), walk);
    if (found === undefined || known.some((target) => context.isA(found, target))) return;
    walk.error(
      'value',
      `${shown(value['reference'])} points to a ${found}; by the profile it may be ${known.join(', ')}`,
      'reference',
    );
  };
};

/** Profiles of the value's type; of several, one must be met. Extensions are checked by their url, wherever they stand. */
const typeProfiles = (node: ElementNode, element: Element, context: ElementContext): ItemCheck | undefined => {
  const own = new Set(element.types.flatMap((type) => type.profiles ?? []));
  const wanted = types(node)
    .filter((type) => type.code !== 'Extension')
    .map(({ code, profile = [] }) => ({ code, urls: profile.filter((url) => !own.has(url)) }))
    .filter(({ urls }) => urls.length > 0);
  if (wanted.length === 0) return undefined;
  return (item, walk) => {
    const urls = wanted.find(({ code }) => context.isA(item.type, code))?.urls ?? [];
    const [first, second] = urls;
    if (first === undefined) return;
    if (second === undefined) context.check(first)?.(item.value, walk);
    else if (!urls.some((url) => context.conforms(item.value, url, walk) !== false)) {
      walk.error('structure', `This meets none of the profiles ${urls.join(', ')}`);
    }
  };
};

/** The checks that do not depend on the value's type. */
export function elementChecks(node: ElementNode, element: Element, context: ElementContext): ItemCheck[] {
  return [
    allowedTypes(node, element, context),
    fixedValue(node),
    patternValue(node),
    limits(node),
    targetTypes(node, element, context),
    typeProfiles(node, element, context),
  ].filter((check) => check !== undefined);
}
