/** What patches do to JSON values: copy, compare, measure. A `Decimal` is a number here, never an object. */
import { Decimal, isNumeric } from '../json/decimal.ts';

export type JsonObject = Record<string, unknown>;

/** As deep as JSON may be that comes in (`parseJson`), so that what a patch makes can be read back. */
export const depthMax = 64;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal);
}

/** A copy that shares nothing that can change. */
export function copyValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyValue);
  return isJsonObject(value) ? copyObject(value) : value;
}

export function copyObject(value: JsonObject): JsonObject {
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) copy[key] = copyValue(value[key]);
  return copy;
}

/** Levels of objects and arrays, and the number of values in all. */
export function measure(value: unknown): { depth: number; size: number } {
  const children = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : undefined;
  if (children === undefined) return { depth: 0, size: 1 };
  let depth = 0;
  let size = 1;
  for (const child of children) {
    const inner = measure(child);
    if (inner.depth > depth) depth = inner.depth;
    size += inner.size;
  }
  return { depth: depth + 1, size };
}

/** Equal as RFC 6902 section 4.6 has it: numbers by value to the last digit, objects without regard to order. */
export function areEqual(one: unknown, other: unknown): boolean {
  if (isNumeric(one) && isNumeric(other)) return sameNumber(String(one), String(other));
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => areEqual(item, other[index]));
  }
  if (isJsonObject(one) && isJsonObject(other)) {
    const keys = Object.keys(one);
    if (keys.length !== Object.keys(other).length) return false;
    return keys.every((key) => Object.hasOwn(other, key) && areEqual(one[key], other[key]));
  }
  return one === other;
}

function sameNumber(one: string, other: string): boolean {
  return one === other || canonicalNumber(one) === canonicalNumber(other);
}

/** Sign, digits without outer zeros, and the power of ten of the last digit: the same for `1.50`, `15e-1` and `1.5`. */
function canonicalNumber(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
