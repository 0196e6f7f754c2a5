/** Joins two changes of one version, element by element, where the table allows it (`merge-table.ts`). Pure, over parsed JSON. */
import { mergeTable, type MergeRow } from './merge-table.ts';

export type Elements = { readonly [element: string]: unknown };

/** What names the version and says nothing of the patient: it differs always, and decides nothing. */
const naming = new Set(['meta', 'id', 'resourceType']);

/**
 * The joined resource, or undefined when a person must decide: one of the changed elements is not on the table, or both changed it differently.
 * `base` is what both saw; undefined when it is not known any more: then only what is equal in both can be joined.
 */
export function mergedElements(
  type: string,
  base: Elements | undefined,
  one: Elements,
  other: Elements,
): Elements | undefined {
  const elements = [...new Set([one, other, base ?? {}].flatMap((side) => Object.keys(side)))].filter(
    (e) => !naming.has(e),
  );
  const merged: Record<string, unknown> = { ...one };
  for (const element of elements) {
    const sides = { base: base?.[element], one: one[element], other: other[element] };
    if (isEqual(sides.one, sides.other)) continue;
    const row = mergeTable.find((r) => r.type === type && r.element === element);
    const joined = row && base ? joinedElement(row, sides) : undefined;
    if (!joined) return undefined;
    if (joined.value === undefined) delete merged[element];
    else merged[element] = joined.value;
  }
  return merged;
}

type Sides = { base: unknown; one: unknown; other: unknown };

function joinedElement({ how }: MergeRow, { base, one, other }: Sides): { value: unknown } | undefined {
  if (how === 'union') return { value: union(listOf(base), listOf(one), listOf(other)) };
  if (isEqual(base, one)) return { value: other };
  return isEqual(base, other) ? { value: one } : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** What was there and neither removed, then what either added, in an order that does not depend on which side is named first. */
function union(base: readonly unknown[], one: readonly unknown[], other: readonly unknown[]): unknown {
  const kept = base.filter((item) => includes(one, item) && includes(other, item));
  const added: unknown[] = [];
  for (const item of [...one, ...other]) if (!includes(base, item) && !includes(added, item)) added.push(item);
  const all = [...kept, ...added.sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1))];
  return all.length === 0 ? undefined : all;
}

function includes(items: readonly unknown[], item: unknown): boolean {
  return items.some((other) => isEqual(other, item));
}

function isEqual(one: unknown, other: unknown): boolean {
  return one === other || canonical(one) === canonical(other);
}

/** JSON with its keys in order, so that equal things have equal texts. */
function canonical(value: unknown): string {
  if (value === undefined) return '';
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
