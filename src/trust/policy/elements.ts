/** Reads the few elements of resources that the policy rests on; whatever has another shape counts as absent. Pure. */
import { isSummerTime, parseDay } from '#shared/days.ts';
import { wordSystem } from '#fhir/grant.ts';
import type { Resource } from '#fhir/types.ts';

export type Element = { readonly [name: string]: unknown };

export const isElement = (value: unknown): value is Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const elementOf = (value: unknown): Element => (isElement(value) ? value : {});

export const elementsOf = (value: unknown): Element[] => (Array.isArray(value) ? value.filter(isElement) : []);

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** `Type/id` of a Reference to this record; a version is left out. */
export function referenceOf(value: unknown): string | undefined {
  const text = textOf(elementOf(value)['reference']);
  const found = /(?:^|\/)([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/.exec(text ?? '');
  return found?.[1];
}

export const idIn = (reference: string | undefined): string | undefined => reference?.slice(reference.indexOf('/') + 1);

/** True when a CodeableConcept, or one of several, has a coding of the system, and of the code where one is given. */
export function isCoded(concepts: unknown, system: string, code?: string): boolean {
  return codesOf(concepts, system).some((each) => code === undefined || each === code);
}

/** The codes of a system in a CodeableConcept, in several, or in a Coding. */
export function codesOf(concepts: unknown, system: string): string[] {
  const list = Array.isArray(concepts) ? elementsOf(concepts) : [elementOf(concepts)];
  return list.flatMap((concept) =>
    (concept['coding'] === undefined ? [concept] : elementsOf(concept['coding'])).flatMap((coding) =>
      coding['system'] === system && typeof coding['code'] === 'string' ? [coding['code']] : [],
    ),
  );
}

/** Milliseconds since 1970, from the first (inclusive) to the last (exclusive); infinite where open. */
export type Span = { readonly from: number; readonly until: number };

export const always: Span = { from: -Infinity, until: Infinity };

export const holdsAt = ({ from, until }: Span, at: number): boolean => from <= at && at < until;

/** A Period. What can't be read begins and ends never: it does not hold. */
export function spanOf(period: unknown): Span {
  if (period === undefined) return always;
  const { start, end } = elementOf(period);
  return {
    from: start === undefined ? -Infinity : firstInstant(start),
    until: end === undefined ? Infinity : afterInstant(end),
  };
}

/** The first instant of a date or dateTime; Infinity where it is none. */
export function firstInstant(value: unknown): number {
  return bounds(value)?.low ?? Infinity;
}

/** The first instant after a date or dateTime; -Infinity where it is none. */
export function afterInstant(value: unknown): number {
  return bounds(value)?.high ?? -Infinity;
}

function bounds(value: unknown): { low: number; high: number } | undefined {
  const [text, year = '', month, day, time] = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(T.+)?)?)?$/.exec(String(value ?? '')) ?? [];
  if (text === undefined) return undefined;
  if (time !== undefined) {
    const at = Date.parse(text);
    return Number.isNaN(at) ? undefined : { low: at, high: at + 1 };
  }
  const low = midnight(`${year}-${month ?? '01'}-${day ?? '01'}`);
  const next = day ? 1 : month ? 31 : 366;
  return low === undefined ? undefined : { low, high: low + next * dayMs };
}

export const dayMs = 86_400_000;

/** Midnight in Norway at the beginning of a day. */
function midnight(date: string): number | undefined {
  try {
    const day = parseDay(date);
    return day * dayMs - (isSummerTime(day) ? 2 : 1) * 3_600_000;
  } catch {
    return undefined;
  }
}

/** On whose word alone a resource stands: the tags that the record set. */
export function wordsOf(resource: Resource): string[] {
  return elementsOf(resource.meta?.tag).flatMap(({ system, code }) =>
    system === wordSystem && typeof code === 'string' ? [code] : [],
  );
}

/** The codes of `meta.security`, as `system|code`. */
export function labelsOf(resource: Resource): string[] {
  return elementsOf(resource.meta?.security).flatMap(({ system, code }) =>
    typeof code === 'string' ? [`${textOf(system) ?? ''}|${code}`] : [],
  );
}
