/**
 * Many reads by one person become one line: reads for the same reason, within an hour of the last of them. What was written, refused or done in an
 * emergency stands for itself, together with what belonged to the same request.
 */
import type { LoggedEntry } from './entry.ts';
import { whoKey } from './canonical.ts';

export type Line = {
  /** The newest and the oldest entry's time. */
  last: number;
  first: number;
  count: number;
  types: { [type: string]: number };
  /** Entries by number, the newest first; no more than some. */
  numbers: number[];
  /** The newest: what all have in common is read from it. */
  entry: LoggedEntry;
};

/** Where the next page goes on: after an entry, without those that were folded into earlier lines. */
export type FoldPlace = {
  after: { at: number; number: number };
  /** Lines of earlier pages that took entries from beyond `after`: the line's key, and the time down to which it took all of its own. */
  taken: readonly (readonly [key: string, downTo: number])[];
};

export type FoldedPage = { lines: Line[]; next: FoldPlace | undefined };

const hourMs = 3_600_000;
const numbersMax = 100;
/** Entries that are looked at beyond the end of a page for what belongs to its lines. */
const lookAheadMax = 3000;

/**
 * Folds entries, newest first, into at most `count` lines. An hour counts from the newest entry of a line. `from`: what an earlier page gave as `next`;
 * `entries` then begin after its `after`.
 */
export async function foldEntries(
  entries: AsyncIterable<LoggedEntry>,
  count: number,
  from?: FoldPlace,
): Promise<FoldedPage> {
  const lines: Line[] = [];
  const open = new Map<string, Line>();
  const taken = new Map(from?.taken);
  const takenNow = new Set<string>();
  let previous = from?.after;
  let cut: FoldPlace['after'] | undefined;
  let lookedAt = 0;
  let lookedTo = -Infinity;
  for await (const entry of entries) {
    const key = lineKey(entry);
    const line = open.get(key);
    if (cut && entry.at < (previous?.at ?? Infinity) && (lookedAt > lookAheadMax || entry.at < reachOf(lines))) {
      lookedTo = entry.at + 1;
      break;
    }
    if (entry.at >= (taken.get(key) ?? Infinity)) {
      // It stands on an earlier page.
    } else if (line && line.last - entry.at <= hourMs) {
      add(line, entry);
      if (cut) takenNow.add(key);
    } else if (!cut && lines.length < count) {
      const begun = begin(entry);
      lines.push(begun);
      open.set(key, begun);
    } else cut ??= previous ?? entry;
    previous = entry;
    if (cut) lookedAt++;
  }
  if (!cut) return { lines, next: undefined };
  const earlier = [...taken].filter(([key, downTo]) => !takenNow.has(key) && downTo <= cut.at);
  const now = [...takenNow].map((key): [string, number] => [
    key,
    Math.max((open.get(key) as Line).last - hourMs, lookedTo),
  ]);
  return { lines, next: { after: cut, taken: [...earlier, ...now] } };
}

/** No line takes what is older than this. */
function reachOf(lines: readonly Line[]): number {
  return Math.min(...lines.map(({ last }) => last)) - hourMs;
}

const reading: ReadonlySet<LoggedEntry['action']> = new Set(['read', 'search', 'history', 'operation']);

function lineKey({ who, role, action, purpose, ground, outcome, reason, request }: LoggedEntry): string {
  const isReading = reading.has(action) && outcome === 'allowed';
  const unit = role && `${role.pointOfCare}/${role.department ?? ''}`;
  const parts = [who.reference, unit, purpose, ground, outcome, reason, isReading ? 'read' : `${action}/${request}`];
  return whoKey(JSON.stringify(parts));
}

function begin(entry: LoggedEntry): Line {
  const { at, number, what } = entry;
  return { last: at, first: at, count: 1, types: { ...what.types }, numbers: [number], entry };
}

function add(line: Line, { at, number, what }: LoggedEntry): void {
  line.first = at;
  line.count++;
  if (line.numbers.length < numbersMax) line.numbers.push(number);
  for (const [type, count] of Object.entries(what.types)) line.types[type] = (line.types[type] ?? 0) + count;
}
