/**
 * Decides a condition on one resource in memory, from the values themselves and not from what the index keeps. It settles what the index
 * leaves open, serves subscriptions, and is the oracle that the index is tested against.
 */
import { Fault } from '#kernel/fault.ts';
import type { Resource } from '../types.ts';
import type { Component, UnitUse } from './catalog.ts';
import type { CodeTest, Condition } from './condition.ts';
import { labelsOf, patientIds, patientsOf, type ExtractorParts } from './extract.ts';
import { collapse, plainFold } from './fold.ts';
import { compareText } from './index-test.ts';
import { intervalMatches } from './interval-rules.ts';
import { variantsOf, variantsSought } from './measure.ts';
import { impliesSystem } from './narrow.ts';
import type { TypedValue } from './path.ts';
import type { Coded, Pointer } from './values.ts';
import * as values from './values.ts';

/** Code systems and value sets, as far as search needs them. undefined: not known here. */
export type SearchTerminology = {
  /** Every code of a value set (`:in`, `:not-in`). */
  expandCodes(valueSetUrl: string): Promise<{ system: string; code: string }[] | undefined>;
  validateCodeSync(valueSetUrl: string, system: string | undefined, code: string): boolean | undefined;
  /** The codes below (`:below`), without the code itself. */
  descendants(system: string, code: string): string[] | undefined;
  /** The codes above (`:above`), without the code itself. */
  ancestors(system: string, code: string): string[] | undefined;
};

export type MatchParts = ExtractorParts & { terminology: SearchTerminology | undefined };

const toldAs = { chain: 'a chain', has: '_has', list: '_list' } as const;

/** Where values are read from: the resource, or one context element of a composite parameter. */
type Source = { resource: Resource; read(use: UnitUse): TypedValue[] };

/** True when the resource satisfies the condition. Throws `notSupported` for chains and the like that were not resolved first. */
export function matchesCondition(parts: MatchParts, condition: Condition, resource: Resource): boolean {
  const source: Source = {
    resource,
    read: ({ unit }) => (unit.type === resource.resourceType ? unit.path.read(resource) : []),
  };
  return decide(parts, condition, source);
}

function decide(parts: MatchParts, condition: Condition, source: Source): boolean {
  const { resource } = source;
  switch (condition.kind) {
    case 'all':
      return condition.of.every((one) => decide(parts, one, source));
    case 'any':
      return condition.of.some((one) => decide(parts, one, source));
    case 'not':
      return !decide(parts, condition.of, source);
    case 'everything':
      return true;
    case 'nothing':
      return false;
    case 'types':
      return condition.types.includes(resource.resourceType);
    case 'id':
      return condition.ids.includes(resource.id ?? '');
    case 'updated': {
      const updated = Date.parse(resource.meta?.lastUpdated ?? '');
      return Number.isFinite(updated) && intervalMatches({ low: updated, high: updated + 1 }, condition.search);
    }
    case 'compartment':
      return isInCompartment(parts, condition, resource);
    case 'record':
      return liesIn(condition.of, patientsOf(parts, resource)[0]);
    case 'shared':
      return patientsOf(parts, resource).length > 1;
    case 'labelled':
      return labelsOf(resource).some((label) => condition.labels.includes(label));
    case 'words':
      return hasWords(parts, condition, resource);
    case 'composite':
      return matchesComposite(parts, condition, resource);
    case 'chain':
    case 'has':
    case 'list':
      throw new Fault(
        'notSupported',
        `A search with ${toldAs[condition.kind]} cannot be decided on one resource alone`,
      );
    default:
      return condition.uses.some((use) => decideUse(parts, condition, use, source));
  }
}

type UseCondition = Condition & { uses: readonly UnitUse[] };

function decideUse(parts: MatchParts, condition: UseCondition, use: UnitUse, source: Source): boolean {
  const { unit } = use;
  const read = (): TypedValue[] => source.read(use);
  switch (condition.kind) {
    case 'present':
      return isPresent(parts, use, read());
    case 'token':
      return read().some((value) =>
        values.codedValues(value).some((coded) => condition.codes.some((test) => codeMatches(use, coded, test))),
      );
    case 'identifierType':
      return read().some((value) => values.identifierTypes(value).includes(condition.value));
    case 'display':
      return read().some((value) => displays(parts, value).some((text) => startsAtWord(text, condition.text)));
    case 'valueSet':
      return read().some((value) =>
        values.codedValues(value).some((coded) => isOfValueSet(parts, condition.url, coded)),
      );
    case 'reference':
      return pointersOf(parts, use, read()).some((pointer) =>
        condition.literals.some((literal) => literalMatches(pointer, literal)),
      );
    case 'referenceIdentifier':
      return pointersOf(parts, use, read(), 'identifiers').some(
        ({ identifier }) =>
          identifier !== undefined && condition.codes.some((test) => codeMatches(use, identifier, test)),
      );
    case 'uri':
      return read().some((value) => uriMatches(values.textOf(value), condition.mode, condition.uri));
    case 'string':
      return read().some((value) => stringMatches(values.textOf(value), condition));
    case 'date':
      return read().some((value) => dateMatches(parts, value, condition));
    case 'number':
      return read().some((value) => values.numbers(value).some((one) => intervalMatches(one, condition.search)));
    case 'quantity':
      return read().some((value) => quantityMatches(parts, value, condition));
    case 'near':
      return read().some((value) => kilometresTo(value, condition) <= condition.kilometres);
    default:
      throw new Error(`${condition.kind} cannot be matched on ${unit.path.name}`);
  }
}

function isPresent(parts: MatchParts, use: UnitUse, read: TypedValue[]): boolean {
  const { kind } = use.unit;
  if (use.target !== undefined) return pointersOf(parts, use, read).length > 0;
  if (kind === 'date') return read.some((value) => values.dateIntervals(value, parts.calendar).length > 0);
  if (kind === 'number') return read.some((value) => values.numbers(value).length > 0);
  if (kind === 'quantity') return read.some((value) => values.measures(value).length > 0);
  if (kind === 'string') return read.some((value) => values.textOf(value) !== undefined);
  return read.length > 0;
}

function codeMatches({ unit }: UnitUse, coded: Coded, { system, code }: CodeTest): boolean {
  if (coded.code === undefined || (code !== undefined && coded.code !== code)) return false;
  if (system === undefined) return true;
  if (coded.system !== undefined) return coded.system === system;
  return impliesSystem(unit, system, coded.code);
}

function pointersOf(
  { ownAddress }: MatchParts,
  { target }: UnitUse,
  read: TypedValue[],
  of?: 'identifiers',
): Pointer[] {
  const found = read.flatMap((value) => values.pointers(value, ownAddress));
  if (target === undefined) return found;
  return found.filter(
    ({ literal, type }) => type === target || (of !== undefined && literal === undefined && type === undefined),
  );
}

function literalMatches({ literal, version }: Pointer, sought: string): boolean {
  if (literal === undefined) return false;
  return literal === sought || (version !== undefined && `${literal}|${version}` === sought);
}

function displays({ ownAddress }: MatchParts, value: TypedValue): string[] {
  const item = value.value as Record<string, unknown>;
  if (value.type === 'Identifier') {
    const type = item['type'];
    return typeof type === 'object' && type !== null
      ? values.codedValues({ value: type, type: 'CodeableConcept' }).flatMap(({ text }) => text ?? [])
      : [];
  }
  const texts = value.type === 'Reference' ? values.pointers(value, ownAddress) : values.codedValues(value);
  return texts.flatMap(({ text }) => text ?? []);
}

/** `:text`: the searched text stands in the display, beginning at a word. */
export function startsAtWord(text: string, sought: string): boolean {
  const plain = ` ${collapse(plainFold(text)).replace(/[^\p{L}\p{N}]+/gu, ' ')}`;
  return plain.includes(
    ` ${collapse(plainFold(sought))
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()}`,
  );
}

function isOfValueSet({ terminology }: MatchParts, url: string, { system, code }: Coded): boolean {
  return code !== undefined && terminology?.validateCodeSync(url, system ?? undefined, code) === true;
}

/** Whether a URI equals the searched one, stands below it (`http://a/b` below `http://a`), or above. */
export function uriMatches(uri: string | undefined, mode: 'equals' | 'above' | 'below', sought: string): boolean {
  if (uri === undefined) return false;
  const plain = uri.split('|', 1)[0] as string;
  if (uri === sought || plain === sought) return true;
  if (mode === 'equals') return false;
  const [below, above] = mode === 'below' ? [plain, sought] : [sought, plain];
  return below.startsWith(above.endsWith('/') ? above : `${above}/`);
}

function stringMatches(text: string | undefined, { mode, text: sought }: Condition & { kind: 'string' }): boolean {
  if (text === undefined) return false;
  if (mode === 'exact') return text === sought;
  const plain = plainFold(text);
  const soughtPlain = plainFold(sought);
  if (mode === 'starts' || mode === 'equals') return compareText(mode, collapse(plain), collapse(soughtPlain));
  return [plain, collapse(plain)].some((one) =>
    [soughtPlain, collapse(soughtPlain)].some((other) => compareText(mode, one, other)),
  );
}

function dateMatches(
  { calendar }: MatchParts,
  value: TypedValue,
  { search, byDay }: Condition & { kind: 'date' },
): boolean {
  return values
    .dateIntervals(value, calendar)
    .some(
      (one) =>
        intervalMatches(one, search) || (byDay && one.written !== undefined && intervalMatches(one.written, search)),
    );
}

function quantityMatches(
  { canonical }: MatchParts,
  value: TypedValue,
  { search, unit }: Condition & { kind: 'quantity' },
): boolean {
  const sought = variantsSought(search, unit, canonical);
  return values
    .measures(value)
    .some((measured) =>
      variantsOf(measured, canonical).some((stored) =>
        sought.some((one) => one.variant === stored.variant && intervalMatches(stored, one.search)),
      ),
    );
}

/** Great-circle distance to a Location.position; Infinity where there is none. */
function kilometresTo({ value }: TypedValue, { latitude, longitude }: Condition & { kind: 'near' }): number {
  const position = value as Record<string, unknown>;
  const toLatitude = values.numberOf(position['latitude']);
  const toLongitude = values.numberOf(position['longitude']);
  if (toLatitude === undefined || toLongitude === undefined) return Infinity;
  const radians = Math.PI / 180;
  const across =
    Math.sin(((toLatitude - latitude) * radians) / 2) ** 2 +
    Math.cos(latitude * radians) *
      Math.cos(toLatitude * radians) *
      Math.sin(((toLongitude - longitude) * radians) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(across)));
}

function isInCompartment(
  parts: MatchParts,
  { code, id }: Condition & { kind: 'compartment' },
  resource: Resource,
): boolean {
  const compartment = parts.catalog.compartment(code, resource.resourceType);
  if (compartment === undefined) return false;
  if (compartment.isItself && resource.id === id) return true;
  if (code === 'Patient') return patientIds(compartment.uses, resource, parts.ownAddress).includes(id);
  return compartment.uses.some((use) =>
    pointersOf(parts, use, use.unit.path.read(resource)).some(({ literal }) => literal === `${code}/${id}`),
  );
}

/** Whether what lies in this patient's record (undefined: in nobody's) is in one of the records meant. */
export function liesIn(of: readonly string[] | 'none' | 'some', patient: string | undefined): boolean {
  if (of === 'none') return patient === undefined;
  return patient !== undefined && (of === 'some' || of.includes(patient));
}

function hasWords({ words }: MatchParts, { scope, stems }: Condition & { kind: 'words' }, resource: Resource): boolean {
  const narrative = words.ofNarrative(resource);
  const content = scope === 'content' ? words.ofContent(resource) : new Set<string>();
  return stems.every((stem) => narrative.has(stem) || content.has(stem));
}

function matchesComposite(
  parts: MatchParts,
  { parameter, tests }: Condition & { kind: 'composite' },
  resource: Resource,
): boolean {
  const composite = parameter.composite;
  if (composite === undefined || parameter.type !== resource.resourceType) return false;
  return composite.contexts.some((context) =>
    context.read(resource).some((element) =>
      composite.components.every((component, i) => {
        const test = tests[i] as UseCondition;
        const read = componentValues(component, element, resource);
        const use = component.uses[0];
        return use !== undefined && decideUse(parts, test, use, { resource, read: () => read });
      }),
    ),
  );
}

function componentValues({ reads, fromRoot }: Component, element: TypedValue, resource: Resource): TypedValue[] {
  const owner = fromRoot ? resource.resourceType : element.type;
  const value = (fromRoot ? resource : element.value) as Resource;
  return reads.filter((one) => one.owner === owner).flatMap(({ path }) => path.read(value));
}
