/** What holds for every patch, whatever its format (https://hl7.org/fhir/R4/http.html#patch). */
import { Fault } from '#kernel/fault.ts';
import type { Resource } from '../types.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';

/** More than any client has use for; each operation may cost as much as the resource is large. */
export const operationsMax = 1000;

/**
 * The patched document as a resource. What a resource is called is not a patch's to change: `resourceType`, `id`, and the version
 * that the server gave (which may be left out, since the server is about to give another).
 */
export function patchedResource(original: Resource, patched: unknown): Resource {
  if (!isJsonObject(patched)) throw refused('would leave no resource');
  if (patched['resourceType'] !== original.resourceType) throw refused('would change the resourceType', 'resourceType');
  if (patched['id'] !== original.id) throw refused('would change the id', 'id');
  const meta = patched['meta'];
  if (isJsonObject(meta)) {
    for (const name of ['versionId', 'lastUpdated'] as const) {
      if (meta[name] !== undefined && meta[name] !== original.meta?.[name]) {
        throw refused(`would change meta.${name}, which the server sets`, `meta.${name}`);
      }
    }
  }
  return patched as Resource;
}

function refused(problem: string, element?: string): Fault {
  return new Fault('unprocessable', `The patch ${problem}`, element === undefined ? {} : { expression: element });
}

/** Takes away the objects and arrays that a removal left empty, and what is empty because of that: FHIR has no empty elements. */
export function prune(root: JsonObject, emptied: ReadonlySet<object>): void {
  if (emptied.size > 0) pruneObject(root, emptied);
}

function pruneObject(holder: JsonObject, emptied: ReadonlySet<object>): void {
  for (const key of Object.keys(holder)) {
    const value = holder[key];
    const isGone =
      key.startsWith('_') && Array.isArray(value) ? isBareSibling(value, emptied) : isEmptied(value, emptied);
    if (isGone) delete holder[key];
  }
}

/** The `_x` array of a repeating primitive: its places are those of the values beside it, so what goes leaves null. */
function isBareSibling(extras: unknown[], emptied: ReadonlySet<object>): boolean {
  for (const [index, extra] of extras.entries()) if (isEmptied(extra, emptied)) extras[index] = null;
  return extras.every((extra) => extra === null);
}

/** True when the value is to go: it was emptied, or all that it held is gone with it. */
function isEmptied(value: unknown, emptied: ReadonlySet<object>): boolean {
  if (Array.isArray(value)) {
    const before = value.length;
    for (let index = before - 1; index >= 0; index -= 1) if (isEmptied(value[index], emptied)) value.splice(index, 1);
    return value.length === 0 && (before > 0 || emptied.has(value));
  }
  if (!isJsonObject(value)) return false;
  const before = Object.keys(value).length;
  pruneObject(value, emptied);
  return Object.keys(value).length === 0 && (before > 0 || emptied.has(value));
}
