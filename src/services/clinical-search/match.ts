/** Which rows answer a question, by which of its words, and in what order. Pure. */
import type { Loaded } from './loaded.ts';
import type { Question, Wanted } from './query.ts';
import { rank } from './ranking.ts';
import { filterMask, filterOf, negatedBit } from './term-index.ts';

export type Matched = {
  readonly row: number;
  readonly score: number;
  /** The passage that tells most. */
  readonly passage: number;
  /** By part of the question: by what it was found; undefined: not at all. */
  readonly found: readonly (Wanted | undefined)[];
  readonly isDenied: boolean;
};

type Found = { wanted: Wanted; isDenied: boolean };

/** Best first; rows whose every answer is denied come after the others. */
export function matchRows(loaded: Loaded, { parts, terms }: Question): Matched[] {
  const { index, rowOf } = loaded;
  const scores = rank(index, terms, undefined);
  const asked = askedOf(parts);
  const best = new Map<number, { passage: number; score: number; found: (Found | undefined)[] }>();
  for (let passage = 0; passage < index.size; passage++) {
    if (scores[passage] === 0) continue;
    const found = foundIn(loaded, passage, asked);
    if (found === undefined) continue;
    const row = rowOf[passage]!;
    const there = best.get(row);
    const score = scores[passage]! * (0.2 + covered(found));
    if (there === undefined) best.set(row, { passage, score, found });
    else {
      if (score > there.score) [there.passage, there.score] = [passage, score];
      there.found = there.found.map((one, part) => better(one, found[part]));
    }
  }
  return [...best]
    .map(([row, { passage, score, found }]) => ({
      row,
      passage,
      score: score * covered(found) ** 2,
      found: found.map((one) => one?.wanted),
      isDenied: found.every((one) => one === undefined || one.isDenied),
    }))
    .sort((a, b) => Number(a.isDenied) - Number(b.isDenied) || b.score - a.score || a.row - b.row);
}

const covered = (found: readonly unknown[]): number =>
  found.filter((one) => one !== undefined).length / Math.max(1, found.length);

type Asked = {
  readonly wantedBy: ReadonlyMap<number, readonly { part: number; wanted: Wanted }[]>;
  /** Most terms of a passage are not asked for: a look here is cheaper than a map. */
  readonly maybe: Uint8Array;
  /** By part of the question: the first of its pieces, and the terms of all of them. */
  readonly pieces: readonly { wanted: Wanted | undefined; needed: readonly number[] }[];
};

function askedOf(parts: Question['parts']): Asked {
  const wantedBy = new Map<number, { part: number; wanted: Wanted }[]>();
  parts.forEach(({ wanted }, part) => {
    for (const one of wanted) wantedBy.set(one.term, [...(wantedBy.get(one.term) ?? []), { part, wanted: one }]);
  });
  const pieces = parts.map(({ wanted }) => {
    const own = wanted.filter(({ way }) => way === 'part');
    return { wanted: own[0], needed: [...new Set(own.map(({ term }) => term))] };
  });
  return { wantedBy, maybe: filterOf(wantedBy.keys()), pieces };
}

/** The pieces of a compound or a phrase answer for it only where they stand together. Undefined: nothing that was asked for is there. */
function foundIn(
  { index: { starts, terms, counts } }: Loaded,
  passage: number,
  { wantedBy, maybe, pieces }: Asked,
): (Found | undefined)[] | undefined {
  let found: (Found | undefined)[] | undefined;
  let there: Map<number, boolean> | undefined;
  for (let at = starts[passage]!, end = starts[passage + 1]!; at < end; at++) {
    const term = terms[at]!;
    if (maybe[term & filterMask] === 0) continue;
    const answers = wantedBy.get(term);
    if (answers === undefined) continue;
    const isDenied = (counts[at]! & negatedBit) !== 0;
    for (const { part, wanted } of answers) {
      if (wanted.way === 'part') (there ??= new Map()).set(term, isDenied);
      else {
        found ??= pieces.map(() => undefined);
        found[part] = better(found[part], { wanted, isDenied });
      }
    }
  }
  if (there === undefined) return found;
  const together = pieces.map(({ wanted, needed }, part) => {
    const one = found?.[part];
    if (one !== undefined || wanted === undefined || !needed.every((term) => there.has(term))) return one;
    return { wanted, isDenied: needed.some((term) => there.get(term) === true) };
  });
  return together.some((one) => one !== undefined) ? together : undefined;
}

const order: readonly string[] = ['word', 'slip', 'concept', 'code', 'part'];

function better(one: Found | undefined, other: Found | undefined): Found | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.isDenied !== other.isDenied) return one.isDenied ? other : one;
  return order.indexOf(other.wanted.way) < order.indexOf(one.wanted.way) ? other : one;
}
