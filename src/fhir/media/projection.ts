/** `_summary` and `_elements` (https://hl7.org/fhir/R4/search.html#summary): a part of a resource, marked as one. */
import { Fault } from '#kernel/fault.ts';
import type { Element, Model } from '../definitions/model.ts';
import { Decimal } from '../json/decimal.ts';
import type { Coding, Resource } from '../types.ts';

export type Summary = 'true' | 'text' | 'data' | 'count' | 'false';

export type Projection = { summary?: Summary; elements?: string[] };

type Content = Record<string, unknown>;
type Parameters = readonly (readonly [string, string])[];

const summaries: ReadonlySet<string> = new Set(['true', 'text', 'data', 'count', 'false']);
const subsetted: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'Resource encoded in summary mode',
};

/**
 * What the query parameters ask to be shown; undefined for the whole resource.
 * @throws Fault 'invalid' for an unknown `_summary` or an empty `_elements`.
 */
export function projectionOf(parameters: Parameters): Projection | undefined {
  const elements: string[] = [];
  let summary: string | undefined;
  for (const [name, value] of parameters) {
    if (name === '_summary') summary = value;
    if (name === '_elements') elements.push(...namesIn(value));
  }
  if (elements.length > 0) return { elements };
  if (summary === undefined || summary === 'false') return undefined;
  if (!summaries.has(summary)) {
    throw new Fault('invalid', '_summary is true, text, data, count or false', { expression: '_summary' });
  }
  return { summary: summary as Summary };
}

function namesIn(value: string): string[] {
  const names = value.split(',').map((name) => name.trim());
  if (names.some((name) => !/^[A-Za-z][A-Za-z0-9.]*(?:\[x\])?$/.test(name))) {
    throw new Fault('invalid', '_elements is a list of element names with commas between', { expression: '_elements' });
  }
  return names;
}

/**
 * True when `_pretty` asks for indented text.
 * @throws Fault 'invalid' when it is neither true nor false.
 */
export function isPretty(parameters: Parameters): boolean {
  const value = parameters.find(([name]) => name === '_pretty')?.[1];
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw new Fault('invalid', '_pretty is true or false', { expression: '_pretty' });
}

/**
 * A copy with only what was asked for, tagged SUBSETTED; the resource is untouched. `id`, `meta`, mandatory and modifier elements
 * always stay, so that what is left still means what it meant. `elements` go before `summary`; `Observation.code` counts only
 * for its own type. What stands in the entries of a Bundle is not looked into.
 */
export function project(resource: Resource, projection: Projection, model: Model): Resource {
  const { summary = 'false', elements } = projection;
  if (elements === undefined && summary === 'false') return resource;
  const type = resource.resourceType;
  if (elements !== undefined) {
    const wanted = new Set(elements.flatMap((name) => elementName(name, type)));
    return marked(
      pick(resource, type, model, (element, key) => wanted.has(element.name) || wanted.has(key) || mustStay(element)),
    );
  }
  if (summary === 'data') return marked(pick(resource, type, model, (element) => element.name !== 'text'));
  if (summary === 'text') {
    return marked(pick(resource, type, model, (element) => element.name === 'text' || mustStay(element)));
  }
  return marked(summarise(resource, type, model));
}

/** The root element that a name in `_elements` asks for, if it is meant for the type. */
function elementName(name: string, type: string): string[] {
  const steps = name.replace(/\[x\]$/, '').split('.');
  const isPrefixed = /^[A-Z]/.test(name);
  if (isPrefixed && steps[0] !== type) return [];
  const root = isPrefixed ? steps[1] : steps[0];
  return root === undefined ? [] : [root];
}

function mustStay(element: Element): boolean {
  return element.min > 0 || element.isModifier === true || element.name === 'id' || element.name === 'meta';
}

/** The properties of an object that are kept; what the model does not know goes. */
function pick(
  content: Content,
  type: string,
  model: Model,
  keeps: (element: Element, key: string) => boolean,
): Content {
  const kept: Content = {};
  for (const key of Object.keys(content)) {
    const name = key.startsWith('_') ? key.slice(1) : key;
    const element = model.property(type, name)?.element;
    if (key === 'resourceType' || (element !== undefined && keeps(element, name))) kept[key] = content[key];
  }
  return kept;
}

/** The elements that the standard marks as summary (Σ), all the way down. Types that mark none stay whole. */
function summarise(content: Content, type: string, model: Model): Content {
  const marksSome = model.type(type)?.elements.some((element) => element.isSummary === true) ?? false;
  if (!marksSome) return content;
  const kept = pick(content, type, model, (element) => element.isSummary === true || mustStay(element));
  for (const key of Object.keys(kept)) {
    const property = model.property(type, key);
    const isComplex = property !== undefined && model.type(property.type)?.kind === 'complex';
    if (isComplex) kept[key] = each(kept[key], (value) => summarise(value, property.type, model));
  }
  return kept;
}

function each(value: unknown, change: (value: Content) => Content): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => each(one, change));
  const isObject = typeof value === 'object' && value !== null && !(value instanceof Decimal);
  return isObject ? change(value as Content) : value;
}

function marked(content: Content): Resource {
  const { resourceType, id, meta, ...rest } = content as Resource;
  const tags = (meta?.tag ?? []).filter(({ system, code }) => system !== subsetted.system || code !== subsetted.code);
  return { resourceType, ...(id === undefined ? {} : { id }), meta: { ...meta, tag: [...tags, subsetted] }, ...rest };
}
