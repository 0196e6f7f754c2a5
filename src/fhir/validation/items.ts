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

/** A function that gathers the values of one element from the object that has it. */
export function gatherer(element: Element): (owner: Fields) => Item[] {
  const properties = jsonProperties(element);
  return (owner) => {
    const items: Item[] = [];
    for (const { name, type } of properties) {
      const value = owner[name];
      const extra = owner[`_${name}`];
      if (value === undefined && extra === undefined) continue;
      if (!Array.isArray(value) && !Array.isArray(extra)) {
        items.push({ value, extra, type: typed(value, type), index: -1 });
        continue;
      }
      const values: unknown[] = Array.isArray(value) ? value : [];
      const extras: unknown[] = Array.isArray(extra) ? extra : [];
      for (let index = 0; index < Math.max(values.length, extras.length); index += 1) {
        items.push({ value: values[index], extra: extras[index], type: typed(values[index], type), index });
      }
    }
    return items;
  };
}

/** Where an item's own elements are: the object itself, or a primitive's sibling. */
export const fieldsOf = (item: Item): Fields => {
  if (isFields(item.value)) return item.value;
  return isFields(item.extra) ? item.extra : {};
};

/** The items behind one more step of a path. */
export function stepInto(item: Item, name: string, model: Model): Item[] {
  const element = model.element(item.type, name);
  return element === undefined ? [] : gatherer(element)(fieldsOf(item));
}
