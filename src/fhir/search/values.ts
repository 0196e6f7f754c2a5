/**
 * What a search compares: FHIR values brought to the few forms that R4 search knows (search.html#ptypes). Extraction hashes these,
 * the matcher compares them: both see the same.
 */
import type { Calendar, DateInterval, Interval } from './calendar.ts';
import type { TypedValue } from './path.ts';

/** A code with where it is from. `system: null`: a Coding or Identifier without one; undefined: a bare code, whose system is implied. */
export type Coded = { system?: string | null; code?: string; text?: string };

/** A reference: `Type/id` or a URL, version left out; `type` where it is known. */
export type Pointer = { literal?: string; type?: string; version?: string; identifier?: Coded; text?: string };

/** Values and bounds as they stand in the resource; `Infinity` where open. */
export type Measured = Interval & { system?: string; code?: string; unit?: string };

type Item = Record<string, unknown>;

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const items = (value: unknown): Item[] => (Array.isArray(value) ? (value as Item[]).filter(Boolean) : []);
const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null;

/** The codes of a value of any type that a token parameter may point at. */
export function codedValues({ value, type }: TypedValue): Coded[] {
  if (!isItem(value)) return [{ code: String(value) }];
  switch (type) {
    case 'CodeableConcept':
      return conceptCodes(value);
    case 'Identifier':
      return [coded(value['system'], value['value'], isItem(value['type']) ? value['type']['text'] : undefined)];
    case 'ContactPoint':
      return [coded(undefined, plainContact(text(value['value'])), undefined)].map(({ code }) =>
        code ? { code } : {},
      );
    case 'Coding':
      return [coded(value['system'], value['code'], value['display'])];
    default:
      return 'code' in value ? [coded(value['system'], value['code'], value['display'])] : [{ code: String(value) }];
  }
}

function conceptCodes(concept: Item): Coded[] {
  const codes = items(concept['coding']).map((one) => coded(one['system'], one['code'], one['display']));
  const own = text(concept['text']);
  if (own !== undefined) codes.push({ text: own });
  return codes;
}

function coded(system: unknown, code: unknown, display: unknown): Coded {
  const made: Coded = { system: text(system) ?? null };
  const theCode = text(code);
  const theText = text(display);
  if (theCode !== undefined) made.code = theCode;
  if (theText !== undefined) made.text = theText;
  return made;
}

/** Telephone numbers and addresses without what people put between the digits; upper and lower case are alike. */
export function plainContact(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const lower = value.toLowerCase().trim();
  return /^\+?[\d\s().-]+$/.test(lower) ? lower.replace(/[\s().-]/g, '') : lower;
}

/** `system|code|value` of an identifier's types (modifier `:of-type`). */
export function identifierTypes({ value, type }: TypedValue): string[] {
  if (type !== 'Identifier' || !isItem(value) || !isItem(value['type'])) return [];
  const number = text(value['value']);
  if (number === undefined) return [];
  return items(value['type']['coding']).map(
    (one) => `${text(one['system']) ?? ''}|${text(one['code']) ?? ''}|${number}`,
  );
}

const relativeReference = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** A literal reference without its version and, where it is this server's own, without its address. */
export function pointerOf(reference: string, ownAddress: string | undefined): Pointer {
  const relative =
    ownAddress !== undefined && reference.startsWith(ownAddress) ? reference.slice(ownAddress.length) : reference;
  const match = relativeReference.exec(relative);
  if (match !== null) return { literal: `${match[1]}/${match[2]}`, type: match[1] as string };
  const absolute = /\/([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}$/.exec(reference.replace(/\/_history\/[^/]*$/, ''));
  const literal = absolute === null ? reference : reference.replace(/\/_history\/[^/]*$/, '');
  return absolute === null ? { literal } : { literal, type: absolute[1] as string };
}

/** What a Reference, canonical or uri points at; nothing for `#contained` and for a whole resource (Bundle.entry.resource is pointed at by its id). */
export function pointers({ value, type }: TypedValue, ownAddress: string | undefined): Pointer[] {
  if (typeof value === 'string') return value.startsWith('#') ? [] : [canonicalPointer(value)];
  if (!isItem(value)) return [];
  if (typeof value['resourceType'] === 'string') {
    const id = text(value['id']);
    const held = value['resourceType'];
    return id === undefined ? [] : [{ literal: `${held}/${id}`, type: held }];
  }
  if (type !== 'Reference' && !('reference' in value)) return [];
  const reference = text(value['reference']);
  const made: Pointer = reference === undefined || reference.startsWith('#') ? {} : pointerOf(reference, ownAddress);
  const typeName = text(value['type']);
  if (made.type === undefined && typeName !== undefined) made.type = typeName;
  if (isItem(value['identifier']))
    made.identifier = coded(value['identifier']['system'], value['identifier']['value'], undefined);
  const display = text(value['display']);
  if (display !== undefined) made.text = display;
  return [made];
}

function canonicalPointer(canonical: string): Pointer {
  const [url = '', version] = canonical.split('|');
  return version === undefined ? { literal: url } : { literal: url, version };
}

/** The intervals of date, dateTime, instant, Period and Timing (its outer limits). */
export function dateIntervals({ value, type }: TypedValue, calendar: Calendar): DateInterval[] {
  if (typeof value === 'string') return list(calendar.parse(value));
  if (!isItem(value)) return [];
  if (type !== 'Timing') return list(period(value, calendar));
  const events = (Array.isArray(value['event']) ? value['event'] : []).flatMap((event: unknown) =>
    typeof event === 'string' ? list(calendar.parse(event)) : [],
  );
  const bounds = isItem(value['repeat']) ? value['repeat']['boundsPeriod'] : undefined;
  if (isItem(bounds)) events.push(...list(period(bounds, calendar)));
  if (events.length === 0) return [];
  const outer = events.reduce((all, one) => ({ low: Math.min(all.low, one.low), high: Math.max(all.high, one.high) }), {
    low: Infinity,
    high: -Infinity,
  });
  return [{ ...outer, precision: 'time' }];
}

const list = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);

function period(value: Item, calendar: Calendar): DateInterval | undefined {
  const start = typeof value['start'] === 'string' ? calendar.parse(value['start']) : undefined;
  const end = typeof value['end'] === 'string' ? calendar.parse(value['end']) : undefined;
  if (start === undefined && end === undefined) return undefined;
  const interval: DateInterval = { low: start?.low ?? -Infinity, high: end?.high ?? Infinity, precision: 'time' };
  if (start?.written !== undefined || end?.written !== undefined) {
    interval.written = { low: start?.written?.low ?? interval.low, high: end?.written?.high ?? interval.high };
  }
  return interval;
}

/** A number in memory: a JSON number, or a decimal whose text matters. */
export function numberOf(value: unknown): number | undefined {
  const number =
    typeof value === 'number' ? value : isItem(value) && 'text' in value ? Number(value['text']) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** The numbers of a decimal, integer or Range of them. */
export function numbers({ value }: TypedValue): Interval[] {
  const number = numberOf(value);
  if (number !== undefined) return [{ low: number, high: number }];
  return isItem(value) && ('low' in value || 'high' in value) ? [bounds(value)] : [];
}

function bounds(range: Item): Interval {
  const low = isItem(range['low']) ? numberOf(range['low']['value']) : undefined;
  const high = isItem(range['high']) ? numberOf(range['high']['value']) : undefined;
  return { low: low ?? -Infinity, high: high ?? Infinity };
}

/** Quantity and its kin (Age, Money …), Range, SampledData. A comparator (`<`, `>=`) opens the interval. */
export function measures({ value, type }: TypedValue): Measured[] {
  if (!isItem(value)) return [];
  if (type === 'Range') {
    const side = isItem(value['low']) ? value['low'] : value['high'];
    const { low, high } = bounds(value);
    return low === -Infinity && high === Infinity ? [] : [withUnit({ low, high }, isItem(side) ? side : {})];
  }
  if (type === 'SampledData') return sampled(value);
  const number = numberOf(value['value']);
  if (number === undefined) return [];
  const comparator = value['comparator'];
  const opensDown = comparator === '<' || comparator === '<=';
  const opensUp = comparator === '>' || comparator === '>=';
  return [withUnit({ low: opensDown ? -Infinity : number, high: opensUp ? Infinity : number }, value)];
}

function withUnit(interval: Interval, quantity: Item): Measured {
  const made: Measured = interval;
  const currency = text(quantity['currency']);
  const system = text(quantity['system']) ?? (currency === undefined ? undefined : 'urn:iso:std:iso:4217');
  const code = text(quantity['code']) ?? currency;
  const unit = text(quantity['unit']);
  if (system !== undefined) made.system = system;
  if (code !== undefined) made.code = code;
  if (unit !== undefined) made.unit = unit;
  return made;
}

function sampled(value: Item): Measured[] {
  const origin = isItem(value['origin']) ? value['origin'] : {};
  const zero = numberOf(origin['value']) ?? 0;
  const factor = numberOf(value['factor']) ?? 1;
  let low = numberOf(value['lowerLimit']) ?? Infinity;
  let high = numberOf(value['upperLimit']) ?? -Infinity;
  if (low > high && typeof value['data'] === 'string') {
    for (const sample of value['data'].split(' ')) {
      const number = Number(sample);
      if (sample === '' || !Number.isFinite(number)) continue;
      low = Math.min(low, zero + number * factor);
      high = Math.max(high, zero + number * factor);
    }
  }
  return low > high ? [] : [withUnit({ low, high }, origin)];
}

/** The text of a string, markdown, code or uri. */
export function textOf({ value }: TypedValue): string | undefined {
  return text(value);
}
