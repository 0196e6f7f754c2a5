/** From a resource to what it is found by, in one pass over the units of its type. */
import type { SearchValues } from './search-values.ts';
import type { Resource } from '../types.ts';
import type { Calendar } from './calendar.ts';
import type { Catalog, Unit, UnitUse } from './catalog.ts';
import type { Cells } from './date-cells.ts';
import { tokenOf, type Seed } from './hash.ts';
import { variantKey, variantsOf, type CanonicalQuantity } from './measure.ts';
import type { TypedValue } from './path.ts';
import * as spell from './tokens.ts';
import {
  codedValues,
  dateIntervals,
  identifierTypes,
  measures,
  numberOf,
  numbers,
  pointers,
  textOf,
  type Pointer,
} from './values.ts';
import { wordsMax, type Words } from './words.ts';

export type ExtractorParts = {
  catalog: Catalog;
  calendar: Calendar;
  cells: Cells;
  words: Words;
  canonical: CanonicalQuantity;
  ownAddress: string | undefined;
};

type Collected = {
  tokens: Set<string>;
  strings: Set<string>;
  keys: number[];
  lows: number[];
  highs: number[];
  seen?: Set<string>;
};

/** True where the index keeps a token for "has a value" of this unit. */
export function keepsPresence(unit: Unit): boolean {
  const isSought = unit.kind === 'token' || unit.kind === 'reference' || unit.kind === 'uri';
  return isSought && !unit.path.required && !unit.path.name.startsWith('meta.');
}

/** What a resource is found by. Never throws for a resource of a known type, however odd its values. */
export function extract(parts: ExtractorParts, resource: Resource): SearchValues {
  const { catalog } = parts;
  const collected: Collected = { tokens: new Set(), strings: new Set(), keys: [], lows: [], highs: [] };
  for (const unit of catalog.units(resource.resourceType)) {
    const values = unit.path.read(resource);
    if (values.length === 0) continue;
    if (keepsPresence(unit)) collected.tokens.add(tokenOf(unit.seed, spell.presence));
    for (const value of values) addValue(parts, unit, value, collected);
  }
  const patient = addPatients(parts, resource, collected);
  for (const label of labelsOf(resource)) collected.tokens.add(spell.labelToken(label));
  addWords(parts.words, resource, collected.tokens);
  return {
    tokens: [...collected.tokens],
    strings: [...collected.strings],
    rangeKeys: collected.keys,
    rangeLows: collected.lows,
    rangeHighs: collected.highs,
    patient,
  };
}

function addValue(parts: ExtractorParts, unit: Unit, value: TypedValue, collected: Collected): void {
  switch (unit.kind) {
    case 'token':
      for (const coded of codedValues(value)) addTexts(unit, spell.codeTexts(coded), collected.tokens);
      addTexts(unit, identifierTypes(value).map(spell.identifierType), collected.tokens);
      return;
    case 'reference':
      for (const pointer of pointers(value, parts.ownAddress))
        addTexts(unit, spell.pointerTexts(pointer), collected.tokens);
      return;
    case 'uri': {
      const uri = textOf(value);
      if (uri !== undefined) addTexts(unit, spell.uriTexts(uri), collected.tokens);
      return;
    }
    case 'string':
      addString(unit, value, collected);
      return;
    case 'date':
      addDates(parts, unit, value, collected);
      return;
    case 'number':
      for (const { low, high } of numbers(value)) addRange(collected, unit.rangeKey, low, high);
      return;
    case 'quantity':
      for (const measured of measures(value)) {
        for (const { variant, low, high } of variantsOf(measured, parts.canonical)) {
          addRange(collected, variantKey(unit, variant), low, high);
        }
      }
      return;
    case 'special':
      addPosition(unit, value, collected);
  }
}

function addTexts(unit: Unit, texts: readonly string[], tokens: Set<string>): void {
  for (const text of texts) tokens.add(tokenOf(unit.seed, text));
}

const comparedOneByOne = 64;

/** Each range once. There are few as a rule; a resource that is made to have many must not cost their square. */
function addRange(collected: Collected, key: number, low: number, high: number): void {
  const { keys, lows, highs } = collected;
  if (keys.length < comparedOneByOne) {
    for (let i = 0; i < keys.length; i++) if (keys[i] === key && lows[i] === low && highs[i] === high) return;
  } else {
    collected.seen ??= new Set(keys.map((one, i) => `${one}/${lows[i]}/${highs[i]}`));
    const text = `${key}/${low}/${high}`;
    if (collected.seen.has(text)) return;
    collected.seen.add(text);
  }
  keys.push(key);
  lows.push(low);
  highs.push(high);
}

function addString(unit: Unit, value: TypedValue, { tokens, strings }: Collected): void {
  const text = textOf(value);
  if (text === undefined) return;
  const folded = spell.foldedText(text);
  addTexts(unit, spell.stringTexts(text, folded), tokens);
  strings.add(`${unit.stringKey}\u001f${folded.collapsed}`);
  if (folded.plain !== folded.collapsed) strings.add(`${unit.stringKey}~\u001f${folded.plain}`);
}

function addDates({ calendar, cells }: ExtractorParts, unit: Unit, value: TypedValue, collected: Collected): void {
  for (const interval of dateIntervals(value, calendar)) {
    addRange(collected, unit.rangeKey, interval.low, interval.high);
    for (const cell of cells.ofValue(interval)) collected.tokens.add(tokenOf(unit.seed, cell));
    if (interval.written === undefined) continue;
    addRange(collected, unit.writtenKey, interval.written.low, interval.written.high);
    for (const cell of cells.ofValue(interval.written)) collected.tokens.add(tokenOf(unit.seed, cell));
  }
}

/** Latitude and longitude as two points: a box around the searched place narrows, the distance decides. */
function addPosition(unit: Unit, { value }: TypedValue, collected: Collected): void {
  if (typeof value !== 'object' || value === null) return;
  const latitude = numberOf((value as Record<string, unknown>)['latitude']);
  const longitude = numberOf((value as Record<string, unknown>)['longitude']);
  if (latitude === undefined || longitude === undefined) return;
  addRange(collected, unit.rangeKey, latitude, latitude);
  addRange(collected, unit.writtenKey, longitude, longitude);
}

/** The ids of the patients that references of these units point at, in order. */
export function patientIds(uses: readonly UnitUse[], resource: Resource, ownAddress: string | undefined): string[] {
  const ids = new Set<string>();
  for (const { unit, target } of uses) {
    if (target !== undefined && target !== 'Patient') continue;
    for (const value of unit.path.read(resource)) {
      for (const pointer of pointers(value, ownAddress)) {
        const id = patientIdOf(pointer);
        if (id !== undefined) ids.add(id);
      }
    }
  }
  return [...ids];
}

function patientIdOf({ literal, type }: Pointer): string | undefined {
  return type === 'Patient' && literal?.startsWith('Patient/') ? literal.slice('Patient/'.length) : undefined;
}

/** The security labels of a resource, as `system|code`. */
export function labelsOf(resource: Resource): string[] {
  const security: unknown = resource.meta?.security;
  if (!Array.isArray(security)) return [];
  return (security as ({ system?: unknown; code?: unknown } | null)[]).flatMap((label) =>
    typeof label?.code === 'string' ? [`${typeof label.system === 'string' ? label.system : ''}|${label.code}`] : [],
  );
}

/** The patients in whose compartment the resource is, each once; the first is the one in whose record it lies. */
export function patientsOf(
  { catalog, ownAddress }: Pick<ExtractorParts, 'catalog' | 'ownAddress'>,
  resource: Resource,
): string[] {
  const compartment = catalog.compartment('Patient', resource.resourceType);
  if (compartment === undefined) return [];
  const ids = patientIds(compartment.uses, resource, ownAddress);
  if (!compartment.isItself || resource.id === undefined) return ids;
  return [...new Set([resource.id, ...ids])];
}

/** A token for each patient in whose compartment the resource is. Answers the first, whose record it is part of. */
function addPatients(parts: ExtractorParts, resource: Resource, { tokens }: Collected): string | undefined {
  const compartment = parts.catalog.compartment('Patient', resource.resourceType);
  if (compartment === undefined) return undefined;
  const ids = patientsOf(parts, resource);
  for (const id of ids) tokens.add(spell.patientCompartmentToken(id));
  if (ids.length > 1) tokens.add(spell.sharedToken);
  const first = compartment.uses[0];
  if (ids.length > 0 && first !== undefined && patientIds([first], resource, parts.ownAddress).length === 0) {
    tokens.add(spell.strangerToken);
  }
  return ids[0];
}

function addWords(words: Words, resource: Resource, tokens: Set<string>): void {
  const seeds = words.seeds(resource.resourceType);
  addStems(seeds.text, words.ofNarrative(resource), tokens);
  addStems(seeds.content, words.ofContent(resource), tokens);
}

function addStems(seed: Seed, stems: ReadonlySet<string>, tokens: Set<string>): void {
  if (stems.size > wordsMax) tokens.add(tokenOf(seed, spell.manyWords));
  else for (const stem of stems) tokens.add(tokenOf(seed, spell.wordText(stem)));
}
