/** Quantities in FHIRPath: FHIR's own, literals with a UCUM code, and calendar durations (http://hl7.org/fhirpath/N1/#quantity). */
import { isNumeric } from '../json/decimal.ts';
import {
  add,
  compareNumeric,
  divide,
  multiply,
  negate,
  numericOf,
  round,
  significantPlaces,
  type Numeric,
} from './decimal-math.ts';
import { Node, kindOf, type Nodes } from './node.ts';
import type { CalendarUnit } from './temporal.ts';
import type { Ucum } from './ucum.ts';

export const ucumSystem = 'http://unitsofmeasure.org';

/** `unit` is a UCUM code when `kind` is ucum, a calendar word when calendar, else a code of another system. */
export type Quantity = { value: Numeric; unit: string; kind: 'ucum' | 'calendar' | 'other' };

const calendarWord = /^(year|month|week|day|hour|minute|second|millisecond)s?$/;
/** Calendar durations shorter than a month have one length; years and months do not equal `a` and `mo`. */
const definite: Readonly<Record<string, string>> = {
  week: 'wk',
  day: 'd',
  hour: 'h',
  minute: 'min',
  second: 's',
  millisecond: 'ms',
};
const calendarOfUcum: ReadonlyMap<string, CalendarUnit> = new Map<string, CalendarUnit>(
  Object.entries(definite).map(([word, code]): [string, CalendarUnit] => [code, word as CalendarUnit]),
);

/** A literal or computed quantity as a node, shaped as FHIR's Quantity so that it can be written into a resource. */
export function quantityNodes({ value, unit, kind }: Quantity): Nodes {
  const shape = kind === 'ucum' ? { value, unit, system: ucumSystem, code: unit } : { value, unit };
  return [new Node(shape, 'System.Quantity')];
}

/** Reads a node as a quantity (a number has unit 1); undefined when it is none. */
export function quantityOf(node: Node): Quantity | undefined {
  const kind = kindOf(node);
  if (kind === 'integer' || kind === 'decimal') return { value: node.value as Numeric, unit: '1', kind: 'ucum' };
  if (kind !== 'quantity') return undefined;
  const { value, unit, system, code } = node.value as Record<string, unknown>;
  if (!isNumeric(value)) return undefined;
  if (system === ucumSystem && typeof code === 'string') return { value, unit: code, kind: 'ucum' };
  const text = typeof code === 'string' ? code : unit;
  if (typeof text !== 'string') return { value, unit: '1', kind: 'ucum' };
  const word = node.type === 'System.Quantity' && calendarWord.test(text);
  return { value, unit: text, kind: word ? 'calendar' : 'other' };
}

/** Reads `1 'mg'`, `4 days`, `1.0`; undefined when the text is no quantity. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = /^([+-]?\d+(?:\.\d+)?)\s*(?:'([^']+)'|([a-z]+))?$/.exec(text);
  if (!match) return undefined;
  const value = numericOf(match[1]!.replace('+', ''))!;
  if (match[2] !== undefined) return { value, unit: match[2], kind: 'ucum' };
  if (match[3] === undefined) return { value, unit: '1', kind: 'ucum' };
  const word = calendarWord.exec(match[3])?.[1];
  return word === undefined ? undefined : { value, unit: word, kind: 'calendar' };
}

/** `1 'mg'`, `4 day`. */
export function quantityText({ value, unit, kind }: Quantity): string {
  return kind === 'calendar' ? `${value} ${unit}` : `${value} '${unit}'`;
}

function months({ value, unit, kind }: Quantity): Numeric | undefined {
  if (kind !== 'calendar') return undefined;
  return unit === 'year' ? multiply(value, 12) : unit === 'month' ? value : undefined;
}

function ucumUnit({ unit, kind }: Quantity): string | undefined {
  return kind === 'ucum' ? unit : kind === 'calendar' ? definite[unit] : undefined;
}

/** Negative, zero or positive; undefined when the two cannot be compared. */
export function compareQuantity(a: Quantity, b: Quantity, ucum: Ucum): number | undefined {
  if (a.unit === b.unit && a.kind === b.kind) return compareNumeric(a.value, b.value);
  const monthsA = months(a);
  const monthsB = months(b);
  if (monthsA !== undefined && monthsB !== undefined) return compareNumeric(monthsA, monthsB);
  const left = inBaseUnits(a, ucum);
  const right = inBaseUnits(b, ucum);
  if (!left || !right || left.unit !== right.unit) return undefined;
  return compareNumeric(left.value, right.value);
}

function inBaseUnits(quantity: Quantity, ucum: Ucum): { value: number; unit: string } | undefined {
  const unit = ucumUnit(quantity);
  return unit === undefined ? undefined : ucum.canonicalQuantity(Number(quantity.value), unit);
}

/** `~`: equal after rounding to the coarser value's precision, in the coarser unit; a calendar year is about `1 'a'`. */
export function isEquivalentQuantity(a: Quantity, b: Quantity, ucum: Ucum): boolean {
  const left = equivalentUnit(a);
  const right = equivalentUnit(b);
  if (left === right) return isEquivalentNumeric(a.value, b.value);
  const factorA = ucum.factor(left);
  const factorB = ucum.factor(right);
  if (factorA === undefined || factorB === undefined) return false;
  if (factorA < factorB) return isEquivalentQuantity(b, a, ucum);
  const converted = ucum.convert(Number(b.value), right, left);
  return converted !== undefined && isEquivalentNumeric(a.value, numericOf(String(converted)) ?? converted);
}

function equivalentUnit(quantity: Quantity): string {
  if (quantity.kind !== 'calendar') return quantity.unit;
  return { year: 'a', month: 'mo' }[quantity.unit] ?? definite[quantity.unit] ?? quantity.unit;
}

/** Equal when both are rounded to the fewer digits of the two, trailing zeros aside. */
export function isEquivalentNumeric(a: Numeric, b: Numeric): boolean {
  const places = Math.min(significantPlaces(a), significantPlaces(b));
  return compareNumeric(round(a, places), round(b, places)) === 0;
}

/** Sum or difference in the first one's unit; undefined when the units do not convert. */
export function addQuantity(a: Quantity, b: Quantity, sign: 1 | -1, ucum: Ucum): Quantity | undefined {
  const amount = a.unit === b.unit && a.kind === b.kind ? b.value : converted(b, a, ucum);
  if (amount === undefined) return undefined;
  return { ...a, value: add(a.value, sign === 1 ? amount : negate(amount)) };
}

function converted(from: Quantity, to: Quantity, ucum: Ucum): Numeric | undefined {
  const source = ucumUnit(from);
  const target = ucumUnit(to);
  if (source === undefined || target === undefined) return undefined;
  const value = ucum.convert(Number(from.value), source, target);
  return value === undefined ? undefined : (numericOf(String(value)) ?? value);
}

/** Product or quotient; undefined for units outside UCUM and for division by zero. */
export function scaleQuantity(a: Quantity, b: Quantity, operator: '*' | '/', ucum: Ucum): Quantity | undefined {
  const left = ucumUnit(a);
  const right = ucumUnit(b);
  const value = operator === '*' ? multiply(a.value, b.value) : divide(a.value, b.value);
  if (left === undefined || right === undefined || value === undefined) return undefined;
  if (right === '1') return { value, unit: a.unit, kind: a.kind };
  if (left === '1' && operator === '*') return { value, unit: b.unit, kind: b.kind };
  const unit = operator === '*' ? `(${left}).(${right})` : left === right ? '1' : `(${left})/(${right})`;
  const base = ucum.canonicalQuantity(1, unit);
  if (!base) return undefined;
  if (base.unit !== '1') return { value, unit, kind: 'ucum' };
  return { value: multiply(value, numericOf(String(base.value)) ?? base.value), unit: '1', kind: 'ucum' };
}

/** The duration to add to a date, in whole units; undefined when the unit has no definite calendar meaning (`mo`, `a`, `cm`). */
export function durationOf(quantity: Quantity): { amount: number; unit: CalendarUnit } | undefined {
  const word = calendarWord.exec(quantity.unit)?.[1] as CalendarUnit | undefined;
  const unit = word ?? (quantity.kind === 'ucum' ? calendarOfUcum.get(quantity.unit) : undefined);
  return unit === undefined ? undefined : { amount: Math.trunc(Number(quantity.value)), unit };
}
