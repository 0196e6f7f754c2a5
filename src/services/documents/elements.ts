/** Reads elements of resources that may be anything: what is not of the form asked for is as if it was not there. */
import type { Resource } from '#fhir/index.ts';

export type Element = { [name: string]: unknown };

export const elementOf = (value: unknown): Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Element) : {};

export const elementsOf = (value: unknown): Element[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(elementOf);

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The first coding of a system in a CodeableConcept or a list of them. */
export function codingOf(concept: unknown, system: string): { code: string; display: string | undefined } | undefined {
  for (const one of elementsOf(concept).flatMap(({ coding }) => elementsOf(coding))) {
    const code = textOf(one['code']);
    if (one['system'] === system && code !== undefined) return { code, display: textOf(one['display']) };
  }
  return undefined;
}

/** Where a reference leads: the id, where it is of the type. */
export function idOf(reference: unknown, type: string): string | undefined {
  const text = textOf(elementOf(reference)['reference']);
  return text?.startsWith(`${type}/`) === true ? text.slice(type.length + 1).split('/')[0] : undefined;
}

export function extensionOf(holder: unknown, url: string): string | undefined {
  return textOf(elementsOf(elementOf(holder)['extension']).find((one) => one['url'] === url)?.['valueString']);
}

/** The attachment that a document is: its first content. */
export const attachmentOf = (document: Resource): Element =>
  elementOf(elementOf(elementsOf(document['content'])[0])['attachment']);
