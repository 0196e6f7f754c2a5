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

/** UCUM: a value in base units; undefined where the unit is unknown or not linear. */
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
  const asWritten = new Set([base === undefined ? code : undefined, unit === code && base !== undefined ? undefined : unit]);
  for (const text of asWritten) if (text !== undefined) found.push({ variant: `t${text}`, low, high });
  return found;
}

function inBaseUnit({ low, high }: Interval, code: string, canonical: CanonicalQuantity): KeyedInterval | undefined {
  const scale = scaleOf(code, canonical);
  return scale === undefined
    ? undefined
    : { variant: `u${scale.unit}`, low: rounded(low * scale.factor), high: rounded(high * scale.factor) };
}

function scaleOf(code: string, canonical: CanonicalQuantity): { unit: string; factor: number } | undefined {
  const one = canonical(1, code);
  return one === undefined || one.value === 0 ? undefined : { unit: one.unit, factor: one.value };
}

/** The variants to look in for a searched unit, each with the search in that variant's measure. */
export function variantsSought(
  search: IntervalSearch,
  unit: SearchUnit | undefined,
  canonical: CanonicalQuantity,
): { variant: string; search: IntervalSearch }[] {
  if (unit === undefined) return [{ variant: '', search }];
  const { system, code } = unit;
  const scale = system === undefined || system === ucum ? scaleOf(code, canonical) : undefined;
  const found: { variant: string; search: IntervalSearch }[] = [];
  if (scale !== undefined) found.push({ variant: `u${scale.unit}`, search: scaled(search, scale.factor) });
  else if (system !== undefined) found.push({ variant: `c${system}|${code}`, search });
  if (system === undefined) found.push({ variant: `t${code}`, search });
  return found;
}

function scaled(search: IntervalSearch, factor: number): IntervalSearch {
  const interval = ({ low, high }: Interval): Interval => ({ low: rounded(low * factor), high: rounded(high * factor) });
  const made: IntervalSearch = {
    prefix: search.prefix,
    searched: interval(search.searched),
    around: interval(search.around),
  };
  if (search.exact !== undefined) made.exact = rounded(search.exact * factor);
  return made;
}

/** The 32-bit key of a variant in a unit. */
export function variantKey(unit: Unit, variant: string): number {
  return variant === '' ? unit.rangeKey : keyOf(unit.seed, variant);
}
