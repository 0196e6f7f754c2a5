/** References in resources that travel together: what is inside stays a reference, what is not is told in words. Pure. */
import type { Resource } from '#fhir/types.ts';
import { textOf } from './elements.ts';

/** Every `reference` in a resource, as it stands there. */
export function referencesIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) for (const one of value) referencesIn(one, found);
  else if (isPlain(value)) {
    const reference = textOf(value['reference']);
    if (reference !== undefined) found.add(reference);
    for (const one of Object.values(value)) referencesIn(one, found);
  }
  return found;
}

/** Numbers of the record may be objects that keep their digits: those are no elements. */
function isPlain(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * The resource with every reference that leads to nothing inside made into its display; where it has none, into the type's name. Those to `inside`
 * and to contained resources stay; `rename` gives another name for some.
 */
export function localised(resource: Resource, inside: ReadonlySet<string>, baseUrl: string): Resource {
  return walk(resource) as Resource;

  function walk(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(walk);
    if (!isPlain(value)) return value;
    const copy = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one)]));
    const reference = textOf(value['reference']);
    if (reference === undefined || reference.startsWith('#')) return copy;
    const own = ownReference(reference, baseUrl);
    if (own !== undefined && inside.has(own)) return { ...copy, reference: own };
    const { reference: _gone, ...rest } = copy;
    const type = /([A-Z][A-Za-z]+)\/[^/]+(?:\/_history\/[^/]+)?$/.exec(reference)?.[1];
    return 'display' in rest || 'identifier' in rest ? rest : { ...rest, display: type ?? '–' };
  }
}

/** `Type/id` of a reference to this record; undefined for others and for single versions. */
export function ownReference(reference: string, baseUrl: string): string | undefined {
  const relative = reference.startsWith(`${baseUrl}/`) ? reference.slice(baseUrl.length + 1) : reference;
  return /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(relative) ? relative : undefined;
}
