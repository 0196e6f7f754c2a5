/** What was asked of which node, and what it answered: what the checks hold the nodes against. */
import type { NodeName } from './topology.ts';

export type OperationKind = 'create' | 'update' | 'transaction' | 'read' | 'search';

/** A version that a node told of: acknowledged as written, or shown. */
export type Told = {
  /** `Type/id`. */
  resource: string;
  versionId: string;
  /** Stands in the content of this version and of no other that a person wrote. */
  marker: string | undefined;
};

export type Operation = {
  node: NodeName;
  client: string;
  kind: OperationKind;
  /** Milliseconds since the trial began. */
  began: number;
  ended: number;
  /** `unknown`: no answer came, so it was done or was not. */
  outcome: 'acknowledged' | 'refused' | 'unknown';
  /** HTTP, where there was an answer. */
  status: number | undefined;
  /** Why there was none, or what was said. */
  problem: string | undefined;
  patient: string;
  /** Of a write: what it made. Of an unknown one: what it would have made, by marker. */
  written: readonly Told[];
  /** Of an update: the version that its author saw. */
  sawVersion: string | undefined;
  shown: readonly Told[];
  /** Of a search that counts. */
  total: number | undefined;
};

export type Window = { from: number; to: number };

export class History {
  readonly operations: Operation[] = [];
  readonly #began = performance.now();

  /** Milliseconds since the trial began. */
  now(): number {
    return performance.now() - this.#began;
  }

  add(operation: Operation): void {
    this.operations.push(operation);
  }

  within({ from, to }: Window): Operation[] {
    return this.operations.filter(({ began }) => began >= from && began < to);
  }
}

export function isWrite({ kind }: Pick<Operation, 'kind'>): boolean {
  return kind === 'create' || kind === 'update' || kind === 'transaction';
}

/** Milliseconds below which this share of them lies; 0 for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
