/**
 * A place for an element in a JSON object: the property and, for primitives, its `_x` sibling, as one. Where the element repeats,
 * the two arrays are kept in step (https://hl7.org/fhir/R4/json.html#primitive).
 */
import type { JsonObject } from './json-value.ts';

/** A value as it is written: `extra` is what goes to the `_x` sibling. */
export type Item = { value: unknown; extra: unknown };

export class Slot {
  readonly holder: JsonObject;
  readonly key: string;
  readonly isArray: boolean;

  constructor(holder: JsonObject, key: string, isArray: boolean) {
    this.holder = holder;
    this.key = key;
    this.isArray = isArray;
  }

  items(): Item[] {
    const value = this.holder[this.key];
    const extra = this.holder[`_${this.key}`];
    if (!this.isArray) return value === undefined && extra === undefined ? [] : [{ value, extra }];
    const values: unknown[] = Array.isArray(value) ? value : [];
    const extras: unknown[] = Array.isArray(extra) ? extra : [];
    const length = Math.max(values.length, extras.length);
    return Array.from({ length }, (_unused, index) => ({
      value: values[index] ?? undefined,
      extra: extras[index] ?? undefined,
    }));
  }

  set(items: Item[]): void {
    this.setHalf(
      this.key,
      items.map(({ value }) => value),
    );
    this.setHalf(
      `_${this.key}`,
      items.map(({ extra }) => extra),
    );
  }

  private setHalf(key: string, half: unknown[]): void {
    if (half.every((one) => one === undefined)) delete this.holder[key];
    else this.holder[key] = this.isArray ? half.map((one) => one ?? null) : half[0];
  }
}
