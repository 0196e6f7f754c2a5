/** Which rows answer a question, by which of its words, and in what order. Pure. */
import type { Loaded } from './loaded.ts';
import type { Question, Wanted } from './query.ts';
import { rank } from './ranking.ts';
import { negatedBit } from './term-index.ts';

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
  const wantedBy = new Map<number, { part: number; wanted: Wanted }[]>();
  parts.forEach(({ wanted }, part) => {
    for (const one of wanted) wantedBy.set(one.term, [...(wantedBy.get(one.term) ?? []), { part, wanted: one }]);
  });
  const best = new Map<number, { passage: number; score: number; found: (Found | undefined)[] }>();
  for (let passage = 0; passage < index.size; passage++) {
    if (scores[passage] === 0) continue;
    const found = foundIn(loaded, passage, { parts, wantedBy });
    if (!found.some((one) => one !== undefined)) continue;
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

type Asked = Pick<Question, 'parts'> & { wantedBy: ReadonlyMap<number, readonly { part: number; wanted: Wanted }[]> };

/** The pieces of a compound or a phrase answer for it only where they stand together. */
function foundIn({ index }: Loaded, passage: number, { parts, wantedBy }: Asked): (Found | undefined)[] {
  const found: (Found | undefined)[] = parts.map(() => undefined);
  const pieces: Map<number, boolean>[] = parts.map(() => new Map<number, boolean>());
  for (let at = index.starts[passage]!; at < index.starts[passage + 1]!; at++) {
    const answers = wantedBy.get(index.terms[at]!);
    if (answers === undefined) continue;
    const isDenied = (index.counts[at]! & negatedBit) !== 0;
    for (const { part, wanted } of answers) {
      if (wanted.way === 'part') pieces[part]!.set(wanted.term, isDenied);
      else found[part] = better(found[part], { wanted, isDenied });
    }
  }
  return found.map((one, part) => {
    if (one !== undefined) return one;
    const needed = [...new Set(parts[part]!.wanted.filter(({ way }) => way === 'part').map(({ term }) => term))];
    const wanted = parts[part]!.wanted.find(({ way }) => way === 'part');
    if (wanted === undefined || !needed.every((term) => pieces[part]!.has(term))) return undefined;
    return { wanted, isDenied: needed.some((term) => pieces[part]!.get(term)) };
  });
}

const order: readonly string[] = ['word', 'slip', 'concept', 'code', 'part'];

function better(one: Found | undefined, other: Found | undefined): Found | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.isDenied !== other.isDenied) return one.isDenied ? other : one;
  return order.indexOf(other.wanted.way) < order.indexOf(one.wanted.way) ? other : one;
}
