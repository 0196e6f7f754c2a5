/** Numbers in searches carry a precision: `5.4` stands for [5.35, 5.45), `100` for [99.5, 100.5), `1e2` for [95, 105) (R4 search.html#number). */
import type { Interval } from './calendar.ts';

export type SearchNumber = { value: number; implied: Interval };

const pattern = /^([+-]?)(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * The number and the range that its digits imply, or undefined when the text is no FHIR decimal. Bounds are rounded once, from exact decimals.
 * With an exponent the standard's example takes one digit more than is written (`1e2` is ±5, not ±50), and so do we.
 */
export function parseSearchNumber(text: string): SearchNumber | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', decimals = '', exponent] = match;
  const finer = exponent === undefined ? '0' : '00';
  const scale = Number(exponent ?? 0) - decimals.length - finer.length;
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${decimals}${finer}`);
  const value = Number(text);
  // With more digits than a double holds, both bounds can round to the number itself, which must stay below the upper one.
  const above = value + Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE);
  return {
    value,
    implied: { low: Number(`${digits - 5n}e${scale}`), high: Math.max(Number(`${digits + 5n}e${scale}`), above) },
  };
}

/** Twelve significant digits: what is left alike when units are converted there and back. */
export function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
