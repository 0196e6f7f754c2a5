/** What a fault is, and what it is given to strike with. */
import type { Random } from '#continuity/simulation/random.ts';
import type { Tally } from '../findings.ts';
import type { Operation } from '../history.ts';
import type { NodeName } from '../topology.ts';
import type { Trial } from '../trial.ts';

export type Strike = {
  trial: Trial;
  random: Random;
  /** For what only this fault can show. */
  tally: Tally;
  /** Waits while people work. */
  wait(ms: number): Promise<void>;
  /** What was measured, in words, for the report. */
  note(text: string): void;
};

export type Fault = {
  id: string;
  name: string;
  /** Nodes that are cut off, and at which every request must be answered meanwhile. */
  aloneAt?: readonly NodeName[];
  /** Needs a file system of its own, which only root may mount. */
  needsRoot?: true;
  /** While people work: brings the fault, waits, and takes it away again. */
  strike(strike: Strike): Promise<void>;
  /** When all agree again and nobody works. */
  settle?(strike: Strike): Promise<void>;
};

/** Requests that were sent to these nodes and not answered, or by an error of the server. */
export function unanswered(operations: readonly Operation[], at: readonly NodeName[]): Operation[] {
  return operations.filter(({ node, outcome }) => at.includes(node) && outcome === 'unknown');
}
