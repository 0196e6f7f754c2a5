/**
 * How long a node keeps what it has sent. A region that is set back to an earlier day gets from the nodes below what it lost, so they keep their operations
 * for longer than any backup is old that one would go back to.
 */
import type { Rules } from './rules.ts';

/** 30 days, in milliseconds. */
export const keepSentMs = 30 * 24 * 3_600_000;

export type Sent = {
  readonly operation: string;
  /** What was answered. Without an answer, or set aside above, it is kept until a person has decided. */
  readonly state: 'waiting' | 'taken' | 'setAside';
  /** Upstream's time when it answered that it has it, milliseconds since 1970. */
  readonly takenAt: number | undefined;
};

/**
 * The operations that may be forgotten. `upstreamNow`: the time by upstream's clock, known only in contact with it: our own may be years wrong, and a node
 * that is cut off forgets nothing.
 */
export function forgettable(sent: Iterable<Sent>, upstreamNow: number | undefined, rules: Rules): string[] {
  const operations: string[] = [];
  if (upstreamNow === undefined) return operations;
  for (const { operation, state, takenAt } of sent) {
    if (state === 'taken' && takenAt !== undefined && rules.mayForget(upstreamNow - takenAt, keepSentMs))
      operations.push(operation);
  }
  return operations;
}
