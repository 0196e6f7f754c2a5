/** Literal references: collected for the store, and held against the resource types that the element allows. */
import type { Model } from '../definitions/index.ts';
import { shown, type Walk } from './walk.ts';

const segments = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** The resource type that a literal reference names; of `#x` the contained resource's; undefined when it names none. */
export function referencedType(reference: string, model: Model, walk: Walk): string | undefined {
  if (reference.startsWith('#')) {
    const type: unknown =
      reference === '#' ? walk.root.resourceType : walk.contained(reference.slice(1))?.['resourceType'];
    return typeof type === 'string' ? type : undefined;
  }
  const type = segments.exec(reference)?.[1];
  return type !== undefined && model.type(type)?.kind === 'resource' ? type : undefined;
}

/** Notes a Reference's literal reference and checks the type it points to. */
export function checkReference(
  value: Record<string, unknown>,
  targets: readonly string[] | undefined,
  model: Model,
  walk: Walk,
): void {
  const { reference, type: stated } = value;
  if (typeof reference !== 'string') return;
  walk.references.push({
    reference,
    expression: walk.expression('reference'),
    ...(targets === undefined ? {} : { targets: [...targets] }),
  });
  const type = referencedType(reference, model, walk);
  if (type === undefined) return;
  if (targets !== undefined && !targets.includes(type)) {
    walk.error('value', `${shown(reference)} points to a ${type}; here it may be ${targets.join(', ')}`, 'reference');
  }
  if (typeof stated === 'string' && stated !== type && model.type(stated)?.kind === 'resource') {
    walk.error('value', `The reference says that its type is ${stated}, but ${shown(reference)} is a ${type}`, 'type');
  }
}
