/**
 * The invariants that nearly every resource meets, written by hand: the same rules as their FHIRPath in the definitions
 * (a test runs both over the official examples), at a tenth of the cost. All others are compiled FHIRPath.
 */
import { isNumeric } from '../json/decimal.ts';
import { textOf } from './checks.ts';
import type { Walk } from './walk.ts';

type Fields = Record<string, unknown>;
/** True when the rule holds. `value` is an object that has the right structure as far as it was looked at. */
export type NativeInvariant = (value: Fields, walk: Walk) => boolean;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);
const has = (value: Fields, name: string): boolean => value[name] !== undefined || value[`_${name}`] !== undefined;

const hasChoice = (value: Fields, name: string): boolean => {
  for (const key in value) {
    if (key.startsWith(name) || (key.charCodeAt(0) === 95 && key.startsWith(name, 1))) {
      const after = key.charCodeAt(key.charCodeAt(0) === 95 ? name.length + 1 : name.length);
      if (after >= 65 && after <= 90) return true;
    }
  }
  return false;
};

/** Moments are compared as moments, dates by the precision that both have; what can't be told is not held against anyone. */
const isOrdered = (start: string, end: string): boolean => {
  if (start.length > 10 && end.length > 10) {
    const difference = Date.parse(end) - Date.parse(start);
    return Number.isNaN(difference) || difference >= 0;
  }
  const precision = Math.min(start.length, end.length, 10);
  return start.slice(0, precision) <= end.slice(0, precision);
};

const period: NativeInvariant = ({ start, end }) =>
  typeof start !== 'string' || typeof end !== 'string' || isOrdered(start, end);

const range: NativeInvariant = ({ low, high }) => {
  if (!isObject(low) || !isObject(high)) return true;
  const [least, most] = [low['value'], high['value']];
  if (!isNumeric(least) || !isNumeric(most) || low['unit'] !== high['unit'] || low['code'] !== high['code'])
    return true;
  return Number(least) <= Number(most);
};

const links = (value: unknown, found: Set<string>): Set<string> => {
  if (typeof value === 'string') {
    if (value.charCodeAt(0) === 35) found.add(value);
  } else if (Array.isArray(value)) {
    for (const one of value) links(one, found);
  } else if (isObject(value)) {
    for (const key in value) links(value[key], found);
  }
  return found;
};

const containedIsReferredTo: NativeInvariant = (value) => {
  const contained = list(value['contained']);
  if (contained.length === 0) return true;
  const found = links(value, new Set());
  return contained.every((one) => found.has(`#${textOf(one['id'])}`) || links(one, new Set()).has('#'));
};

const metaOf = (resource: Fields): Fields => (isObject(resource['meta']) ? resource['meta'] : {});

const referenceIsContained: NativeInvariant = ({ reference }, walk) => {
  if (typeof reference !== 'string' || reference.charCodeAt(0) !== 35) return true;
  if (reference === '#') return walk.resource !== walk.root;
  return walk.contained(reference.slice(1)) !== undefined;
};

const codingsOf = (concept: unknown): Fields[] => (isObject(concept) ? list(concept['coding']) : []);

const componentRepeatsCode: NativeInvariant = (value) => {
  const components = list(value['component']);
  if (components.length === 0 || !hasChoice(value, 'value')) return true;
  const own = new Set(codingsOf(value['code']).map((one) => JSON.stringify(one)));
  return !components.some((one) => codingsOf(one['code']).some((other) => own.has(JSON.stringify(other))));
};

const fullUrlsDiffer: NativeInvariant = (value) => {
  if (value['type'] === 'history') return true;
  const seen = new Set<string>();
  for (const { fullUrl, resource } of list(value['entry'])) {
    if (typeof fullUrl !== 'string') continue;
    const version = isObject(resource) ? metaOf(resource)['versionId'] : undefined;
    const key = fullUrl + (typeof version === 'string' ? version : '');
    if (seen.has(key)) return false;
    seen.add(key);
  }
  return true;
};

/** What the entries of each type of bundle carry; history has both (https://hl7.org/fhir/R4/bundle.html#invs). */
const entriesCarry =
  (part: 'request' | 'response', types: readonly string[]): NativeInvariant =>
  (value) => {
    const expected = types.includes(textOf(value['type']));
    return list(value['entry']).every((entry) => (entry[part] !== undefined) === expected);
  };

const step = /^[^\s.,:;'"/|?!@#$%&*()[\]{}]{1,64}(?:\[x\])?(?::[^\s.]+)?$/;
const plainStep = /^[A-Za-z][A-Za-z0-9]*(?:\[x\])?$/;

/** The paths of an ElementDefinition, step by step: as one pattern they need a guarded evaluation, thousands to a profile. */
const pathSteps =
  (pattern: RegExp): NativeInvariant =>
  ({ path }) =>
    typeof path !== 'string' || path.split('.').every((one) => pattern.test(one));

const table: Record<string, NativeInvariant> = {
  'att-1': (value) => !has(value, 'data') || has(value, 'contentType'),
  'bdl-3': entriesCarry('request', ['batch', 'transaction', 'history']),
  'bdl-4': entriesCarry('response', ['batch-response', 'transaction-response', 'history']),
  'bdl-7': fullUrlsDiffer,
  'cpt-2': (value) => !has(value, 'value') || has(value, 'system'),
  'dom-2': (value) => list(value['contained']).every((one) => one['contained'] === undefined),
  'dom-3': containedIsReferredTo,
  'dom-4': (value) =>
    list(value['contained']).every((one) => {
      const meta = metaOf(one);
      return !has(meta, 'versionId') && !has(meta, 'lastUpdated');
    }),
  'dom-5': (value) => list(value['contained']).every((one) => metaOf(one)['security'] === undefined),
  'eld-19': pathSteps(step),
  'eld-20': pathSteps(plainStep),
  'ext-1': (value) => (value['extension'] !== undefined) !== hasChoice(value, 'value'),
  'obs-3': (value) => value['low'] !== undefined || value['high'] !== undefined || has(value, 'text'),
  'obs-6': (value) => value['dataAbsentReason'] === undefined || !hasChoice(value, 'value'),
  'obs-7': componentRepeatsCode,
  'per-1': period,
  'qty-3': (value) => !has(value, 'code') || has(value, 'system'),
  'rat-1': (value) => {
    const [numerator, denominator] = [value['numerator'] !== undefined, value['denominator'] !== undefined];
    return numerator === denominator && (numerator || value['extension'] !== undefined);
  },
  'ref-1': referenceIsContained,
  'rng-2': range,
};

/** Said in other ways: ele-1 by refusing empty objects, txt-1 and txt-2 with the primitive xhtml. */
export const coveredElsewhere: ReadonlySet<string> = new Set(['ele-1', 'txt-1', 'txt-2']);

export const nativeInvariants: ReadonlyMap<string, NativeInvariant> = new Map(Object.entries(table));
