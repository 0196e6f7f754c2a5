/** `Model` over a list of types: every question is answered by a map. */
import type { Element, Model, TypeDefinition } from './model.ts';

/** As written in `definitions/r4-types.json`: what is default is left out, `*` is null. */
type StoredElement = Omit<Element, 'choice' | 'min' | 'max' | 'isArray'> & {
  choice?: boolean;
  min?: number;
  max?: number | null;
  isArray?: boolean;
};
export type StoredType = Omit<TypeDefinition, 'abstract' | 'elements'> & {
  abstract?: boolean;
  elements: StoredElement[];
};

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const element = (stored: StoredElement): Element => ({
  ...stored,
  choice: stored.choice ?? false,
  min: stored.min ?? 0,
  max: stored.max === null ? Infinity : (stored.max ?? 1),
  isArray: stored.isArray ?? false,
});

const definition = (stored: StoredType): TypeDefinition => ({
  ...stored,
  abstract: stored.abstract ?? false,
  elements: stored.elements.map(element),
});

/** The JSON properties of an element with the type that each has: `valueQuantity`, `valueString` … of `value[x]`. */
export function jsonProperties(of: Element): { name: string; type: string }[] {
  if (of.choice) return of.types.map(({ type }) => ({ name: of.name + capitalised(type), type }));
  return [{ name: of.name, type: of.types[0]?.type ?? 'Element' }];
}

type Property = { element: Element; type: string };
type Lookup = { elements: Map<string, Element>; properties: Map<string, Property>; ancestors: Set<string> };

const lookupOf = (type: TypeDefinition, types: Map<string, TypeDefinition>): Lookup => {
  const lookup: Lookup = { elements: new Map(), properties: new Map(), ancestors: new Set() };
  for (const one of type.elements) {
    lookup.elements.set(one.name, one);
    for (const property of jsonProperties(one)) {
      lookup.properties.set(property.name, { element: one, type: property.type });
    }
  }
  for (let at: TypeDefinition | undefined = type; at !== undefined; at = types.get(at.base ?? '')) {
    lookup.ancestors.add(at.name);
  }
  return lookup;
};

/** A model of the types; lookups of a type are made when it is first asked for. */
export function createModel(stored: StoredType[]): Model {
  const types = new Map(stored.map((one) => [one.name, definition(one)]));
  const lookups = new Map<string, Lookup>();
  const lookup = (name: string): Lookup | undefined => {
    const known = lookups.get(name);
    if (known !== undefined) return known;
    const type = types.get(name);
    if (type === undefined) return undefined;
    const made = lookupOf(type, types);
    lookups.set(name, made);
    return made;
  };
  const resourceTypes = [...types.values()].filter((type) => type.kind === 'resource' && !type.abstract);
  const names: readonly string[] = Object.freeze(resourceTypes.map((type) => type.name).sort());
  return {
    type: (name) => types.get(name),
    element: (type, name) => lookup(type)?.elements.get(name),
    property: (type, jsonName) => lookup(type)?.properties.get(jsonName),
    isA: (type, ancestor) => type === ancestor || (lookup(type)?.ancestors.has(ancestor) ?? false),
    resourceTypes: () => names,
  };
}
