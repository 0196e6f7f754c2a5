/** Each write bears a word that no other does, so that what became of it can be told at every node. */
import type { Json } from './caller.ts';

export const markerSystem = 'urn:fyr:chaos';

export function markerIn(resource: Json | undefined): string | undefined {
  const identifiers = resource?.['identifier'];
  if (!Array.isArray(identifiers)) return undefined;
  const found = (identifiers as Json[]).find(({ system }) => system === markerSystem);
  return found?.['value'] as string | undefined;
}

export function marked(resource: Json, marker: string): Json {
  return { ...resource, identifier: [{ system: markerSystem, value: marker }] };
}
