/** References as FHIRPath meets them (http://hl7.org/fhir/R4/references.html#literal). */
import { plainType } from './access.ts';
import { Node, isObject } from './node.ts';
import type { Scope } from './scope.ts';

const literal =
  /^(?:https?:\/\/[^?#]*\/|\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?(?:#.*)?$/;

/** The text of a Reference, canonical or uri; undefined when it has none. */
function referenceText(node: Node): string | undefined {
  if (typeof node.value === 'string') return node.value;
  const reference = isObject(node.value) ? node.value['reference'] : undefined;
  return typeof reference === 'string' ? reference : undefined;
}

/** Type and id that a literal reference names, relative or absolute. */
function literalTarget(reference: string): { resourceType: string; id: string } | undefined {
  const match = literal.exec(reference);
  return match ? { resourceType: match[1]!, id: match[2]! } : undefined;
}

/** The type that a reference points to, without reading it: from its text, else from `Reference.type`. */
export function referencedType(node: Node, scope: Scope): string | undefined {
  const text = referenceText(node);
  const type = text === undefined ? undefined : literalTarget(text)?.resourceType;
  if (type !== undefined && scope.model.type(type)) return type;
  const declared = isObject(node.value) ? node.value['type'] : undefined;
  return typeof declared === 'string' && scope.model.type(declared) ? declared : undefined;
}

/**
 * What a reference points to: a contained resource, what the environment's resolver finds, else a stub that only has the type
 * (and the id) that the reference itself tells.
 */
export function resolveReference(node: Node, scope: Scope): Node | undefined {
  const text = referenceText(node);
  if (text?.startsWith('#')) return containedResource(text.slice(1), scope);
  const resource = text === undefined ? undefined : scope.environment.resolve?.(text);
  if (resource) return new Node(resource, resource.resourceType);
  const resourceType = referencedType(node, scope);
  if (resourceType === undefined) return undefined;
  const id = text === undefined ? undefined : literalTarget(text)?.id;
  return new Node(id === undefined ? { resourceType } : { resourceType, id }, resourceType);
}

function containedResource(id: string, scope: Scope): Node | undefined {
  for (const holder of [scope.rootResource, scope.resource]) {
    const value: unknown = holder instanceof Node ? holder.value : holder;
    if (!isObject(value)) continue;
    if (id === '') return new Node(value, plainType(value));
    const contained: unknown = value['contained'];
    const found: unknown = Array.isArray(contained) && contained.find((one) => isObject(one) && one['id'] === id);
    if (isObject(found)) return new Node(found, plainType(found));
  }
  return undefined;
}
