/** What types a step can lead to, from the definitions alone. */
import type { Model } from '../definitions/model.ts';
import type { Types } from './functions/definition.ts';

/** Types of `.name` on any of these types; undefined when not known; none when no type has such an element. */
export function memberTypes(model: Model, types: Types, name: string): Types {
  if (types === undefined) return undefined;
  const found = new Set<string>();
  for (const type of types) {
    const definition = model.type(type);
    const element = model.element(type, name);
    if (element) for (const reference of element.types) found.add(reference.type);
    // An abstract type (Resource, Element) stands for its descendants, which may have the element.
    else if (!definition || definition.abstract || isOpen(type)) return undefined;
  }
  return [...found];
}

function isOpen(type: string): boolean {
  return type === 'Resource' || type === 'DomainResource' || type === 'Element' || type === 'BackboneElement';
}
