/**
 * Exact decimals: whole numbers and numbers that JavaScript writes as they came stay plain numbers,
 * everything else is a `Decimal` whose text keeps its precision. Arithmetic runs on scaled BigInts.
 */
import { Fault } from '#kernel/fault.ts';
import { Decimal } from '../json/decimal.ts';

export type Numeric = number | Decimal;

type Scaled = { unscaled: bigint; scale: number };

/** Digits after the point that division and rounding keep. */
const scaleMax = 28;
const digitsMax = 1_000;
const exponentMax = 400;
const form = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** A decimal's text as a value; undefined when it is no decimal. */
export function numericOf(text: string): Numeric | undefined {
  if (!form.test(text)) return undefined;
  const number = Number(text);
  return String(number) === text ? number : new Decimal(text);
}

function scaled(value: Numeric): Scaled {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return { unscaled: BigInt(value), scale: 0 };
  const parts = form.exec(String(value));
  if (!parts || parts[0].length > digitsMax) throw new Fault('unprocessable', `FHIRPath: ${value} is not a decimal`);
  const fraction = parts[3] ?? '';
  const exponent = Number(parts[4] ?? 0);
  if (Math.abs(exponent) > exponentMax) throw new Fault('unprocessable', 'FHIRPath: a decimal is out of range');
  const unscaled = BigInt(parts[1] + parts[2]! + fraction);
  const scale = fraction.length - exponent;
  return scale >= 0 ? { unscaled, scale } : { unscaled: unscaled * 10n ** BigInt(-scale), scale: 0 };
}

function fromScaled({ unscaled, scale }: Scaled): Numeric {
  if (scale > scaleMax) return fromScaled(rescale({ unscaled, scale }, scaleMax));
  const sign = unscaled < 0n ? '-' : '';
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  if (digits.length > digitsMax) throw new Fault('unprocessable', 'FHIRPath: a decimal is out of range');
  const whole = digits.slice(0, digits.length - scale);
  const text = scale === 0 ? whole : `${whole}.${digits.slice(-scale)}`;
  return numericOf(sign + text)!;
}

function align(a: Numeric, b: Numeric): [bigint, bigint, number] {
  const left = scaled(a);
  const right = scaled(b);
  const scale = Math.max(left.scale, right.scale);
  return [raise(left, scale), raise(right, scale), scale];
}

function raise({ unscaled, scale }: Scaled, to: number): bigint {
  return scale === to ? unscaled : unscaled * 10n ** BigInt(to - scale);
}

/** Rounds half away from zero. */
function rescale(value: Scaled, scale: number): Scaled {
  if (value.scale <= scale) return { unscaled: raise(value, scale), scale };
  const divisor = 10n ** BigInt(value.scale - scale);
  const half = divisor / 2n;
  const shifted = value.unscaled < 0n ? value.unscaled - half : value.unscaled + half;
  return { unscaled: shifted / divisor, scale };
}

function trimmed({ unscaled, scale }: Scaled): Scaled {
  let digits = unscaled;
  let left = scale;
  while (left > 0 && digits % 10n === 0n) {
    digits /= 10n;
    left--;
  }
  return { unscaled: digits, scale: left };
}

function bothWhole(a: Numeric, b: Numeric): a is number {
  return typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a) && Number.isSafeInteger(b);
}

export function compareNumeric(a: Numeric, b: Numeric): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  const [left, right] = align(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function add(a: Numeric, b: Numeric): Numeric {
  if (bothWhole(a, b) && Number.isSafeInteger(a + (b as number))) return a + (b as number);
  const [left, right, scale] = align(a, b);
  return fromScaled({ unscaled: left + right, scale });
}

export function negate(a: Numeric): Numeric {
  if (typeof a === 'number') return a === 0 ? 0 : -a;
  return numericOf(a.text.startsWith('-') ? a.text.slice(1) : `-${a.text}`)!;
}

export function subtract(a: Numeric, b: Numeric): Numeric {
  return add(a, negate(b));
}

export function multiply(a: Numeric, b: Numeric): Numeric {
  if (bothWhole(a, b) && Number.isSafeInteger(a * (b as number))) return a * (b as number);
  const left = scaled(a);
  const right = scaled(b);
  return fromScaled({ unscaled: left.unscaled * right.unscaled, scale: left.scale + right.scale });
}

/** Undefined when the divisor is zero. */
export function divide(a: Numeric, b: Numeric): Numeric | undefined {
  const left = scaled(a);
  const right = scaled(b);
  if (right.unscaled === 0n) return undefined;
  const shift = scaleMax + 1 + right.scale;
  const quotient = (left.unscaled * 10n ** BigInt(shift)) / right.unscaled;
  const scale = left.scale + shift - right.scale;
  return fromScaled(trimmed(rescale({ unscaled: quotient, scale }, scaleMax)));
}

/** Whole part of a division, towards zero; undefined when the divisor is zero. */
export function divideWhole(a: Numeric, b: Numeric): Numeric | undefined {
  const [left, right] = align(a, b);
  return right === 0n ? undefined : fromScaled({ unscaled: left / right, scale: 0 });
}

/** What whole division leaves, with the sign of `a`; undefined when the divisor is zero. */
export function remainder(a: Numeric, b: Numeric): Numeric | undefined {
  const [left, right, scale] = align(a, b);
  return right === 0n ? undefined : fromScaled({ unscaled: left % right, scale });
}

/** Digits after the point as written: 2 for `1.00`. */
export function decimalPlaces(value: Numeric): number {
  return typeof value === 'number' && Number.isInteger(value) ? 0 : scaled(value).scale;
}

/** Digits after the point without trailing zeros: 0 for `1.00`. */
export function significantPlaces(value: Numeric): number {
  return trimmed(scaled(value)).scale;
}

export function round(value: Numeric, places: number): Numeric {
  const exact = scaled(value);
  return exact.scale <= places ? value : fromScaled(rescale(exact, places));
}

/** The same value written with this many digits after the point, rounded towards minus or plus infinity. */
export function roundTowards(value: Numeric, places: number, direction: 'floor' | 'ceiling'): Numeric {
  const exact = scaled(value);
  if (exact.scale <= places) return fromScaled({ unscaled: raise(exact, places), scale: places });
  const divisor = 10n ** BigInt(exact.scale - places);
  let unscaled = exact.unscaled / divisor;
  const rest = exact.unscaled % divisor;
  if (direction === 'floor' && rest < 0n) unscaled -= 1n;
  if (direction === 'ceiling' && rest > 0n) unscaled += 1n;
  return fromScaled({ unscaled, scale: places });
}

export function truncate(value: Numeric): Numeric {
  const { unscaled, scale } = scaled(value);
  return fromScaled({ unscaled: unscaled / 10n ** BigInt(scale), scale: 0 });
}

/** Half a unit of the last digit written: 0.005 for `1.00`. */
export function halfUnit(value: Numeric): Numeric {
  return fromScaled({ unscaled: 5n, scale: decimalPlaces(value) + 1 });
}

/** Text without an exponent, digits as written: `1.00`. */
export function decimalText(value: Numeric): string {
  const text = String(value);
  return /[eE]/.test(text) ? plainText(scaled(value)) : text;
}

/** Text without an exponent and without trailing zeros: the same for equal values. */
export function significantText(value: Numeric): string {
  return plainText(trimmed(scaled(value)));
}

function plainText({ unscaled, scale }: Scaled): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
