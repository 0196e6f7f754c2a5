/**
 * What is kept in memory of the record is good as long as nothing that it was read from has changed. Each bucket has a generation, which a write there
 * raises: at once for writes of this process (`onWritten`), within a second for those of others (`follow.ts`).
 */
import { sharedToken } from '#fhir/search/tokens.ts';
import { directoryTypes } from './directory.ts';
import { documentTypes, factTypes } from './read-facts.ts';

export type Generations = {
  of(bucket: number): number;
  raise(bucket: number): void;
  /** Everything that is kept is to be read anew. */
  raiseAll(): void;
};

export function createGenerations(): Generations {
  const raised = new Map<number, number>();
  let base = 0;
  return {
    of: (bucket) => base + (raised.get(bucket) ?? 0),
    raise: (bucket) => void raised.set(bucket, (raised.get(bucket) ?? 0) + 1),
    raiseAll: () => void (base += 1),
  };
}

/** Types that the policy rests on. */
export const watchedTypes: readonly string[] = [
  ...new Set([...factTypes, ...documentTypes, ...directoryTypes, 'Patient']),
];

const watched: ReadonlySet<string> = new Set(watchedTypes);

/** A write as the committer tells it. */
export type WrittenFacts = { bucket: number; type: string; movedFrom?: number; values: { tokens: readonly string[] } };

/** Raises the generations of where something was written that the policy rests on. */
export function noteWrites(generations: Generations, writes: readonly WrittenFacts[]): void {
  for (const { bucket, type, movedFrom, values } of writes) {
    if (!watched.has(type) && !values.tokens.includes(sharedToken)) continue;
    generations.raise(bucket);
    if (movedFrom !== undefined) generations.raise(movedFrom);
  }
}
