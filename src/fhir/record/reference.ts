/** Literal references as FHIR writes them (R4 references.html#literal): `Type/id`, `Type/id/_history/v`, absolute URLs, `urn:…`, `#contained`. */
import type { ResourceKey } from './store.ts';

const relative = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** The resource that a relative literal reference names, or undefined for any other form. */
export function keyOfReference(reference: string): ResourceKey | undefined {
  const match = relative.exec(reference);
  return match ? { type: match[1] as string, id: match[2] as string } : undefined;
}

/**
 * Replaces references in place: every string that is a key of `replacements` (a `urn:uuid:` of the same bundle, a conditional reference), wherever it
 * stands as a whole value, and `urn:uuid:` in narrative links (R4 http.html#transaction).
 */
export function replaceReferences(value: unknown, replacements: ReadonlyMap<string, string>): void {
  if (replacements.size === 0 || typeof value !== 'object' || value === null) return;
  const container = value as Record<string, unknown>;
  for (const key of Object.keys(container)) {
    const item = container[key];
    if (typeof item === 'string') {
      const replacement = replacements.get(item);
      if (replacement !== undefined) container[key] = replacement;
      else if (key === 'div' && item.includes('urn:')) container[key] = replaceInNarrative(item, replacements);
    } else replaceReferences(item, replacements);
  }
}

function replaceInNarrative(div: string, replacements: ReadonlyMap<string, string>): string {
  return div.replace(/\b(href|src)="([^"]+)"/g, (whole, name: string, target: string) =>
    replacements.has(target) ? `${name}="${replacements.get(target)}"` : whole,
  );
}

/** Calls `visit` with the text of every `reference` element in the value, contained resources included. */
export function eachReference(value: unknown, visit: (reference: string) => void): void {
  if (typeof value !== 'object' || value === null) return;
  const container = value as Record<string, unknown>;
  for (const key of Object.keys(container)) {
    const item = container[key];
    if (typeof item === 'string') {
      if (key === 'reference') visit(item);
    } else eachReference(item, visit);
  }
}

/** True for a legal resource id (R4 datatypes#id). */
export function isLegalId(id: string): boolean {
  return /^[A-Za-z0-9\-.]{1,64}$/.test(id);
}
