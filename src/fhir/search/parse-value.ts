/** One value of a search parameter as a condition, by the parameter's type (R4 search.html#ptypes). */
import { Fault } from '#kernel/fault.ts';
import type { Interval } from './calendar.ts';
import type { Parameter, UnitUse } from './catalog.ts';
import { all, type CodeTest, type Condition } from './condition.ts';
import type { ExtractorParts } from './extract.ts';
import { prefixes, type IntervalSearch, type Prefix } from './interval-rules.ts';
import type { SearchUnit } from './measure.ts';
import { parseSearchNumber } from './number-precision.ts';
import { splitUnescaped, unescaped } from './search-text.ts';
import { plainContact, pointerOf } from './values.ts';

export type ValueParts = Pick<ExtractorParts, 'catalog' | 'calendar' | 'ownAddress'> & { now(): number };

/** What a value is for: messages name `code`. `targets`: the types that a bare id may be of. */
export type Subject = { code: string; uses: readonly UnitUse[]; targets?: readonly string[] | undefined };

const refuse = (code: string, why: string): Fault => new Fault('invalid', `The search parameter ${code}: ${why}`);

/** `system|code`, `|code`, `system|` or `code`. */
export function codeTest(text: string): CodeTest {
  const [first = '', ...others] = splitUnescaped(text, '|');
  if (others.length === 0) return { code: unescaped(first) };
  const code = unescaped(others.join('|'));
  const system = first === '' ? null : unescaped(first);
  return code === '' ? { system } : { system, code };
}

export function tokenValue({ code, uses }: Subject, texts: readonly string[]): Condition {
  const isContact = uses.some(({ unit }) => unit.path.types.includes('ContactPoint'));
  const codes = texts.map((text) => {
    const test = codeTest(text);
    if (test.code === undefined && (test.system === null || test.system === undefined))
      throw refuse(code, 'an empty code');
    return isContact && test.code !== undefined ? { code: plainContact(test.code) ?? '' } : test;
  });
  return { kind: 'token', uses, codes };
}

function prefixed(text: string): [Prefix, string] {
  const start = text.slice(0, 2);
  const prefix = prefixes.find((one) => one === start);
  return prefix === undefined ? ['eq', text] : [prefix, text.slice(2)];
}

/** The interval of a date with its prefix. `byDay`: it names a day or more, not a time. */
export function dateSearch(parts: ValueParts, code: string, text: string): { search: IntervalSearch; byDay: boolean } {
  const [prefix, written] = prefixed(unescaped(text));
  // A `+` in an address that was not escaped arrives as a space.
  const date = parts.calendar.parse(written.replace(/ (\d\d:\d\d)$/, '+$1'));
  if (date === undefined) throw refuse(code, `“${text.slice(0, 60)}” is not a date`);
  const { low, high } = date;
  const reach = prefix === 'ap' ? Math.abs(parts.now() - (low + high) / 2) / 10 : 0;
  const search: IntervalSearch = { prefix, searched: { low, high }, around: { low: low - reach, high: high + reach } };
  return { search, byDay: date.precision !== 'time' };
}

function numberSearch(code: string, text: string): IntervalSearch {
  const [prefix, written] = prefixed(text.trim());
  const number = parseSearchNumber(written);
  if (number === undefined || !Number.isFinite(number.value))
    throw refuse(code, `“${text.slice(0, 60)}” is not a number`);
  const { value, implied } = number;
  const tenth = Math.abs(value) / 10;
  const around: Interval = { low: Math.min(value - tenth, implied.low), high: Math.max(value + tenth, implied.high) };
  return { prefix, searched: implied, exact: value, around };
}

export function numberValue({ code, uses }: Subject, text: string): Condition {
  return { kind: 'number', uses, search: numberSearch(code, unescaped(text)) };
}

/** `5.4`, `5.4|system|code` or `5.4||unit`. */
export function quantityValue({ code, uses }: Subject, text: string): Condition {
  const [number = '', system, unit, ...more] = splitUnescaped(text, '|').map(unescaped);
  const search = numberSearch(code, number);
  if (system === undefined) return { kind: 'quantity', uses, search };
  if (unit === undefined || unit === '' || more.length > 0) {
    throw refuse(code, 'a quantity is written number, number|system|code or number||code');
  }
  const sought: SearchUnit = system === '' ? { code: unit } : { system, code: unit };
  return { kind: 'quantity', uses, search, unit: sought };
}

/** `Type/id`, a URL, or an id whose type the parameter or a modifier tells. */
export function referenceValue(parts: ValueParts, { code, uses, targets }: Subject, text: string): Condition {
  const value = unescaped(text);
  const pointer = pointerOf(value, parts.ownAddress);
  if (pointer.literal !== value || value.includes('/') || value.includes(':')) {
    return { kind: 'reference', uses, literals: [pointer.literal ?? value] };
  }
  if (!/^[A-Za-z0-9\-.]{1,64}$/.test(value)) throw refuse(code, `“${value.slice(0, 60)}” is not a reference`);
  const types = targets === undefined || targets.length === 0 ? parts.catalog.model.resourceTypes() : targets;
  // A canonical need not look like a URL.
  const mayBeCanonical = uses.some(({ unit }) =>
    unit.path.types.some((type) => type === 'canonical' || type === 'uri'),
  );
  return {
    kind: 'reference',
    uses,
    literals: [...types.map((type) => `${type}/${value}`), ...(mayBeCanonical ? [value] : [])],
  };
}

/** `latitude|longitude|distance|unit`; 10 km when no distance is given. */
export function nearValue({ code, uses }: Subject, text: string): Condition {
  const [latitude = '', longitude = '', distance = '', unit = ''] = splitUnescaped(text, '|').map(unescaped);
  const position = { latitude: Number(latitude || Number.NaN), longitude: Number(longitude || Number.NaN) };
  if (!(Math.abs(position.latitude) <= 90 && Math.abs(position.longitude) <= 180)) {
    throw refuse(code, 'a place is written latitude|longitude|distance|unit');
  }
  const reach = distance === '' ? 10 : Number(distance);
  const scale = { '': 1, km: 1, m: 0.001, '[mi_us]': 1.609347, '[mi_i]': 1.609344, mi: 1.609344 }[unit];
  if (!(reach >= 0) || scale === undefined) throw refuse(code, 'a distance is a number of km, m or [mi_i]');
  return { kind: 'near', uses, ...position, kilometres: reach * scale };
}

/** A value of any simple type, without a modifier. */
export function simpleValue(parts: ValueParts, kind: string, subject: Subject, text: string): Condition {
  const { uses, code } = subject;
  switch (kind) {
    case 'token':
      return tokenValue(subject, [text]);
    case 'string':
      return { kind: 'string', uses, mode: 'starts', text: unescaped(text) };
    case 'date':
      return { kind: 'date', uses, ...dateSearch(parts, code, text) };
    case 'number':
      return numberValue(subject, text);
    case 'quantity':
      return quantityValue(subject, text);
    case 'reference':
      return referenceValue(parts, subject, text);
    case 'uri':
      return { kind: 'uri', uses, mode: 'equals', uri: unescaped(text) };
    case 'special':
      return nearValue(subject, text);
    default:
      throw new Fault('notSupported', `The search parameter ${code} cannot be searched by value`);
  }
}

/** Values of the components between `$`. All of them where components have one value each; else within one element. */
export function compositeValue(parts: ValueParts, parameter: Parameter, text: string): Condition {
  const { composite, code } = parameter;
  const pieces = splitUnescaped(text, '$');
  if (composite === undefined || pieces.length !== composite.components.length) {
    throw refuse(code, `takes ${composite?.components.length ?? 0} values with $ between`);
  }
  const tests = composite.components.map((component, i) => {
    const subject: Subject = { code, uses: component.uses, targets: component.definition.targets };
    return simpleValue(parts, component.kind, subject, pieces[i] as string);
  });
  return composite.isSimple ? all(tests) : { kind: 'composite', parameter, tests };
}
