/** What stands in two versions, neither of which a person has chosen yet. */
import type { Resource } from '#fhir/types.ts';
import type { Phrase } from './phrases.ts';

const tag = { system: 'https://fyr.no/fhir/CodeSystem/continuity', code: 'disputed' };

/** The words beside it, on paper and on the screen. */
export const disputedWords: Phrase = 'TO VERSJONER, ikke avklart';

export function markedDisputed<T extends Resource>(resource: T): T {
  const tags = Array.isArray(resource.meta?.tag) ? resource.meta.tag : [];
  return { ...resource, meta: { ...resource.meta, tag: [...tags, tag] } };
}

type Tagged = { meta?: { tag?: { system?: string | undefined; code?: string | undefined }[] | undefined } | undefined };

export function isDisputed({ meta }: Tagged): boolean {
  return meta?.tag?.some(({ system, code }) => system === tag.system && code === tag.code) === true;
}
