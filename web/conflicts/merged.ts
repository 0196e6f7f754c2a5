/** A new version out of those that differ: each element from the one it was chosen of. Pure. */
import type { ConflictShown } from '#continuity/conflicts/contract.ts';

/** By element, the version (its place among the sides) that it is taken from. */
export type Picked = Readonly<Record<string, number>>;

const differing = ({ elements }: ConflictShown) => elements.filter(({ isDifferent }) => isDifferent);

/** Where a side deleted it there is nothing to put together, and what lies inside elements is no matter of this page. */
export function mayMerge(shown: ConflictShown): boolean {
  const names = new Set(shown.sides.flatMap(({ content }) => Object.keys(content ?? {})));
  return (
    shown.sides.every(({ content }) => content !== undefined) &&
    differing(shown).length > 0 &&
    shown.elements.every(({ element, values }) => names.has(element) || values.every((one) => one === undefined))
  );
}

export function isPickedWhole(shown: ConflictShown, picked: Picked): boolean {
  return differing(shown).every(({ element }) => picked[element] !== undefined);
}

/** The current version, with what differs as it was picked; the id and type are the same in all. */
export function mergedOf(shown: ConflictShown, picked: Picked): object {
  const [current] = shown.sides;
  const merged: Record<string, unknown> = { ...current?.content };
  for (const { element } of differing(shown)) {
    const from = shown.sides[picked[element] ?? 0]?.content as Record<string, unknown> | undefined;
    for (const name of [element, `_${element}`]) {
      if (from?.[name] === undefined) delete merged[name];
      else merged[name] = from[name];
    }
  }
  return merged;
}
