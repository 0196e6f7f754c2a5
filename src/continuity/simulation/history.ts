/** What clients were told, step by step: what the checks hold the nodes to afterwards. */
import type { Version } from '../protocol/version.ts';

export type Acknowledged = {
  step: number;
  node: string;
  operation: string;
  version: Version;
  /** What was current at the node at that moment. */
  tipBefore: string | undefined;
};

export type History = {
  acknowledged: Acknowledged[];
  /** What was found wrong while the run went on, by invariant. */
  broken: Map<string, string>;
  /** Versions that were on no other disk when theirs went back to an earlier day: nobody can have them. Each as `resource id`. */
  excused: Set<string>;
  /** Nodes whose disk was set back to an earlier day, or that went on twice. */
  restored: Set<string>;
  counts: Map<string, number>;
};

export function newHistory(): History {
  return { acknowledged: [], broken: new Map(), excused: new Set(), restored: new Set(), counts: new Map() };
}

/** Notes that an invariant does not hold; the first finding of each is kept. */
export function breaks(history: History, invariant: string, words: string): void {
  if (!history.broken.has(invariant)) history.broken.set(invariant, words);
}

export function counted(history: History, what: string): void {
  history.counts.set(what, (history.counts.get(what) ?? 0) + 1);
}
