/** Reads elements of resources that may be anything: what is not of the form asked for is as if it was not there. */
import type { Coding, Resource } from '#fhir/types.ts';

export type Element = { [name: string]: unknown };

export const elementOf = (value: unknown): Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Element) : {};

/** The items of a list; one that stands alone is a list of one. */
export const elementsOf = (value: unknown): Element[] => [...itemsOf(value)];

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

/** Of a CodeableConcept, or a list of them. */
export function codingsOf(concept: unknown): Coding[] {
  const found: Coding[] = [];
  for (const { coding } of itemsOf(concept)) found.push(...(itemsOf(coding) as readonly Coding[]));
  return found;
}

/** Asked of every resource for every section: it makes no lists. */
export function hasCode(concept: unknown, system: string, codes: readonly string[]): boolean {
  for (const { coding: codings } of itemsOf(concept)) {
    for (const coding of itemsOf(codings)) {
      if (coding['system'] === system && codes.includes(String(coding['code']))) return true;
    }
  }
  return false;
}

function itemsOf(value: unknown): readonly Element[] {
  if (value === undefined || value === null) return none;
  if (!Array.isArray(value)) return [elementOf(value)];
  return value.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one))
    ? (value as Element[])
    : value.map(elementOf);
}

const none: readonly Element[] = [];

/** What people read: the text, else the display of a coding, else its code. */
export function conceptText(concept: unknown): string | undefined {
  const [one] = elementsOf(concept);
  if (one === undefined) return undefined;
  const codings = codingsOf(one);
  const shown = codings.find(({ display }) => textOf(display) !== undefined)?.display;
  return textOf(one['text']) ?? textOf(shown) ?? textOf(codings[0]?.code);
}

/** `system|code` of the first coding that has both, else the text folded: what tells two entries of the same thing. */
export function conceptKey(concept: unknown): string | undefined {
  const coded = codingsOf(concept).find(
    ({ system, code }) => textOf(system) !== undefined && textOf(code) !== undefined,
  );
  if (coded !== undefined) return `${coded.system}|${coded.code}`;
  return conceptText(concept)?.trim().toLocaleLowerCase('nb');
}

/** All codings of a concept that count as the same thing, and its text: two concepts that share one are duplicates. */
export function conceptKeys(concept: unknown): string[] {
  const coded = codingsOf(concept).flatMap(({ system, code }) =>
    textOf(system) !== undefined && textOf(code) !== undefined ? [`${system}|${code}`] : [],
  );
  const text = conceptText(concept)?.trim().toLocaleLowerCase('nb');
  return text === undefined ? coded : [...coded, text];
}

export const referenceOf = (value: unknown): string | undefined => textOf(elementOf(value)['reference']);

/** The code of a status that is a CodeableConcept (`clinicalStatus`, `verificationStatus`). */
export const statusCode = (concept: unknown): string | undefined => textOf(codingsOf(concept)[0]?.code);

export const nameOf = ({ resourceType, id }: Resource): string => `${resourceType}/${id ?? ''}`;

/** The day or instant that says when a thing was, its begin first; undefined where nothing says it. */
export function whenOf(resource: Resource): string | undefined {
  const period = (name: string): string | undefined => textOf(elementOf(resource[name])['start']);
  return (
    textOf(resource['effectiveDateTime']) ??
    period('effectivePeriod') ??
    textOf(resource['effectiveInstant']) ??
    textOf(resource['performedDateTime']) ??
    period('performedPeriod') ??
    textOf(resource['occurrenceDateTime']) ??
    textOf(resource['onsetDateTime']) ??
    period('onsetPeriod') ??
    period('period') ??
    textOf(resource['timingDateTime']) ??
    period('timingPeriod') ??
    textOf(resource['recordedDate']) ??
    textOf(resource['recordedOn']) ??
    textOf(resource['authoredOn']) ??
    textOf(resource['dateAsserted']) ??
    textOf(resource['dateTime']) ??
    textOf(resource['created']) ??
    textOf(resource['issued']) ??
    textOf(resource['date'])
  );
}

/** Milliseconds since 1970 for ordering; what has no time is the oldest. */
export function orderOf(resource: Resource): number {
  const ms = Date.parse(whenOf(resource) ?? '');
  return Number.isNaN(ms) ? -Infinity : ms;
}

/** Newest first; of two at the same time the one with the smaller id first, so that the order never depends on how they came. */
export function newestFirst(resources: readonly Resource[]): Resource[] {
  // What each is put in order by is found once, not at every comparison.
  const placed = resources.map((resource) => ({ resource, at: orderOf(resource), name: nameOf(resource) }));
  return placed
    .toSorted((a, b) => {
      if (a.at !== b.at) return a.at > b.at ? -1 : 1;
      return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
    })
    .map(({ resource }) => resource);
}
