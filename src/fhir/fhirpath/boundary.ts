/** `lowBoundary`, `highBoundary`, `precision` (http://hl7.org/fhirpath/#boundary-functions): the range that a value's digits leave open. */
import { add, decimalPlaces, decimalText, halfUnit, roundTowards, subtract, type Numeric } from './decimal-math.ts';
import { Node, empty, integerNodes, kindOf, type Nodes } from './node.ts';
import { typeFault } from './operators.ts';
import { quantityNodes, quantityOf } from './quantity.ts';
import { formatTemporal, latestParts, parseTemporal, type Temporal, type TemporalKind } from './temporal.ts';

export type Bound = 'low' | 'high';

const decimalPlacesMax = 31;
/** Digits that each precision has: year 4 … millisecond 17; times from hour 2 to millisecond 9. */
const dateDigits: ReadonlyMap<number, number> = new Map([
  [4, 1],
  [6, 2],
  [8, 3],
  [10, 4],
  [12, 5],
  [14, 6],
  [17, 7],
]);
const timeDigits: ReadonlyMap<number, number> = new Map([
  [2, 4],
  [4, 5],
  [6, 6],
  [9, 7],
]);

/** The least or greatest value that the node may stand for; empty when the precision cannot be had. */
export function boundary(node: Node, bound: Bound, precision: number | undefined): Nodes {
  const kind = kindOf(node);
  switch (kind) {
    case 'integer':
    case 'decimal': {
      const value = numericBoundary(node.value as Numeric, bound, precision);
      return value === undefined ? empty : [new Node(value, 'System.Decimal')];
    }
    case 'quantity': {
      const quantity = quantityOf(node);
      const value = quantity && numericBoundary(quantity.value, bound, precision);
      return value === undefined ? empty : quantityNodes({ ...quantity!, value });
    }
    case 'date':
    case 'dateTime':
    case 'time':
      return temporalBoundary(node.value as string, kind, bound, precision);
    default:
      throw typeFault(`${bound}Boundary() takes a number, a quantity or a date, not ${node.type}`);
  }
}

function numericBoundary(value: Numeric, bound: Bound, precision = 8): Numeric | undefined {
  if (precision < 0 || precision > decimalPlacesMax) return undefined;
  const half = halfUnit(value);
  const edge = bound === 'low' ? subtract(value, half) : add(value, half);
  return roundTowards(edge, precision, bound === 'low' ? 'floor' : 'ceiling');
}

function temporalBoundary(text: string, kind: TemporalKind, bound: Bound, precision: number | undefined): Nodes {
  const temporal = parseTemporal(text, kind);
  const digits = kind === 'time' ? timeDigits : dateDigits;
  const wanted = digits.get(precision ?? { date: 8, dateTime: 17, time: 9 }[kind]);
  if (!temporal || wanted === undefined) return empty;
  const filled = bound === 'low' ? temporal : { ...temporal, parts: latestParts(wholeHour(temporal)) };
  const isDate = wanted <= 3;
  const made: Temporal = {
    ...filled,
    kind: isDate ? 'date' : kind === 'date' ? 'dateTime' : kind,
    precision: Math.min(wanted, 6),
    fractionDigits: wanted === 7 ? 3 : 0,
    offset: isDate || kind === 'time' ? undefined : (temporal.offset ?? (bound === 'low' ? 14 * 60 : -12 * 60)),
  };
  const type = { date: 'System.Date', dateTime: 'System.DateTime', time: 'System.Time' }[made.kind];
  return [new Node(formatTemporal(made), type)];
}

/** An hour alone means its minute 00: FHIR has no dateTime without minutes. */
function wholeHour(temporal: Temporal): Temporal {
  return temporal.precision === 4 ? { ...temporal, precision: 5 } : temporal;
}

/** Digits after the point of a number; digits of a date or time. */
export function precisionOf(node: Node): Nodes {
  const kind = kindOf(node);
  if (kind === 'integer' || kind === 'decimal') return integerNodes(decimalPlaces(node.value as Numeric));
  if (kind === 'quantity') {
    const quantity = quantityOf(node);
    return quantity ? integerNodes(decimalText(quantity.value).split('.')[1]?.length ?? 0) : empty;
  }
  if (kind !== 'date' && kind !== 'dateTime' && kind !== 'time')
    throw typeFault(`precision() takes a number or a date, not ${node.type}`);
  const temporal = parseTemporal(node.value as string, kind);
  if (!temporal) return empty;
  const level = temporal.fractionDigits > 0 ? 7 : temporal.precision;
  for (const [digits, of] of kind === 'time' ? timeDigits : dateDigits) if (of === level) return integerNodes(digits);
  return empty;
}
