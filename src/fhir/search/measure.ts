/**
 * Quantities by unit. A UCUM quantity is kept in its canonical unit, so that 5 mg finds 0.005 g; any other by its system, code and unit as they
 * are written; and each once more as the bare number, for searches without a unit (R4 search.html#quantity).
 */
import type { Interval } from './calendar.ts';
import type { Unit } from './catalog.ts';
import { keyOf } from './hash.ts';
import type { IntervalSearch } from './interval-rules.ts';
import { rounded } from './number-precision.ts';
import type { Measured } from './values.ts';

/** UCUM: a value in base units; undefined where the unit is unknown or a logarithm. */
export type CanonicalQuantity = (value: number, unit: string) => { value: number; unit: string } | undefined;

/** A unit that was asked for: `|system|code`, or `||text`, which is a code or a unit as written. */
export type SearchUnit = { system?: string; code: string };

export const ucum = 'http://unitsofmeasure.org';

export type KeyedInterval = Interval & { variant: string };

/** The intervals of a stored quantity, each under its variant: `''` whatever the unit. */
export function variantsOf(measured: Measured, canonical: CanonicalQuantity): KeyedInterval[] {
  const { low, high, system, code, unit } = measured;
  const found: KeyedInterval[] = [{ variant: '', low, high }];
  const base = system === ucum && code !== undefined ? inBaseUnit(measured, code, canonical) : undefined;
  if (base !== undefined) found.push(base);
  else if (system !== undefined && code !== undefined) found.push({ variant: `c${system}|${code}`, low, high });
  const asWritten = new Set([
    base === undefined ? code : undefined,
    unit === code && base !== undefined ? undefined : unit,
  ]);
  for (const text of asWritten) if (text !== undefined) found.push({ variant: `t${text}`, low, high });
  return found;
}

function inBaseUnit(interval: Interval, code: string, canonical: CanonicalQuantity): KeyedInterval | undefined {
  const unit = canonical(1, code)?.unit;
  return unit === undefined ? undefined : { variant: `u${unit}`, ...converted(interval, code, canonical) };
}

/** Not every unit is a multiple of its base unit (degrees Celsius), so each bound is converted by itself. */
function converted({ low, high }: Interval, code: string, canonical: CanonicalQuantity): Interval {
  return { low: convertedNumber(low, code, canonical), high: convertedNumber(high, code, canonical) };
}

function convertedNumber(value: number, code: string, canonical: CanonicalQuantity): number {
  return Number.isFinite(value) ? rounded(canonical(value, code)?.value ?? value) : value;
}

/** The variants to look in for a searched unit, each with the search in that variant's measure. */
export function variantsSought(
  search: IntervalSearch,
  unit: SearchUnit | undefined,
  canonical: CanonicalQuantity,
): { variant: string; search: IntervalSearch }[] {
  if (unit === undefined) return [{ variant: '', search }];
  const { system, code } = unit;
  const base = system === undefined || system === ucum ? canonical(1, code)?.unit : undefined;
  const found: { variant: string; search: IntervalSearch }[] = [];
  if (base !== undefined) found.push({ variant: `u${base}`, search: convertedSearch(search, code, canonical) });
  else if (system !== undefined) found.push({ variant: `c${system}|${code}`, search });
  if (system === undefined) found.push({ variant: `t${code}`, search });
  return found;
}

function convertedSearch(search: IntervalSearch, code: string, canonical: CanonicalQuantity): IntervalSearch {
  const made: IntervalSearch = {
    prefix: search.prefix,
    searched: widened(converted(search.searched, code, canonical)),
    around: converted(search.around, code, canonical),
  };
  if (search.exact !== undefined) made.exact = convertedNumber(search.exact, code, canonical);
  return made;
}

/** A number of more digits than are kept would else stand for nothing at all. */
function widened({ low, high }: Interval): Interval {
  return low < high ? { low, high } : { low, high: low + Math.max(Math.abs(low) * 1e-11, Number.MIN_VALUE) };
}

/** The 32-bit key of a variant in a unit. */
export function variantKey(unit: Unit, variant: string): number {
  return variant === '' ? unit.rangeKey : keyOf(unit.seed, variant);
}
