/** The values that an element has on an object, each with its concrete type: what profiles and slices look at. */
import { jsonProperties, type Element, type Model } from '../definitions/index.ts';
import { isFields, type Fields } from './checks.ts';

export type Item = {
  value: unknown;
  /** The `_x` sibling of a primitive. */
  extra: unknown;
  /** Concrete type; of a resource its `resourceType`. */
  type: string;
  /** -1 where the element doesn't repeat. */
  index: number;
};

const typed = (value: unknown, type: string): string => {
  if (type !== 'Resource' || !isFields(value)) return type;
  const { resourceType } = value;
  return typeof resourceType === 'string' ? resourceType : type;
};

const add = (items: Item[], value: unknown, extra: unknown, type: string): void => {
  if (!Array.isArray(value) && !Array.isArray(extra)) {
    items.push({ value, extra, type: typed(value, type), index: -1 });
    return;
  }
  const values: unknown[] = Array.isArray(value) ? value : [];
  const extras: unknown[] = Array.isArray(extra) ? extra : [];
  for (let index = 0; index < Math.max(values.length, extras.length); index += 1) {
    items.push({ value: values[index], extra: extras[index], type: typed(values[index], type), index });
  }
};

type Named = { name: string; sibling: string; type: string };

/** `value[x]` of an extension has fifty names: the object's few keys are looked up instead. */
const ofChoice = (properties: Named[]): ((owner: Fields) => Item[]) => {
  const byName = new Map(
    properties.flatMap((property) => [property.name, property.sibling].map((name) => [name, property])),
  );
  return (owner) => {
    const items: Item[] = [];
    for (const key in owner) {
      const property = byName.get(key);
      if (property === undefined) continue;
      const { name, sibling, type } = property;
      // A value with a sibling is one item, counted with the value.
      if (key === name || owner[name] === undefined) add(items, owner[name], owner[sibling], type);
    }
    return items;
  };
};

/** A function that gathers the values of one element from the object that has it. */
export function gatherer(element: Element): (owner: Fields) => Item[] {
  const properties = jsonProperties(element).map(({ name, type }) => ({ name, sibling: `_${name}`, type }));
  const [first] = properties;
  if (first === undefined || properties.length > 1) return ofChoice(properties);
  const { name, sibling, type } = first;
  return (owner) => {
    const items: Item[] = [];
    const value = owner[name];
    const extra = owner[sibling];
    if (value !== undefined || extra !== undefined) add(items, value, extra, type);
    return items;
  };
}

/** Where an item's own elements are: the object itself, or a primitive's sibling. */
export const fieldsOf = (item: Item): Fields => {
  if (isFields(item.value)) return item.value;
  return isFields(item.extra) ? item.extra : {};
};

const none: Item[] = [];

/** The items behind one more step of a path. Its gatherers are made once, by whoever steps. */
export function stepper(name: string, model: Model): (item: Item) => Item[] {
  const byType = new Map<string, (owner: Fields) => Item[]>();
  return (item) => {
    let gather = byType.get(item.type);
    if (gather === undefined) {
      const element = model.element(item.type, name);
      gather = element === undefined ? () => none : gatherer(element);
      byType.set(item.type, gather);
    }
    return gather(fieldsOf(item));
  };
}
