/** What a decision works with while it holds the lock of the line, and how what it decided is made durable. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import type { Ids } from '#kernel/ids.ts';
import type { Write } from '#fhir/record/write-store.ts';
import type { Effect } from '../protocol/effects.ts';
import type { NodeFacts } from '../protocol/view.ts';
import type { Vocabulary } from '../protocol/vocabulary.ts';
import { carryOut, type CarryOutDeps } from './carry-out.ts';
import type { Line } from './line-store.ts';
import type { Loaded } from './loading.ts';

export type SyncNodeDeps = {
  db: Db;
  clock: Clock;
  ids: Ids;
  facts: NodeFacts;
  vocabulary: Vocabulary;
  extract: CarryOutDeps['extract'];
  /** What came from other nodes has been written to the record. */
  onApplied(writes: readonly Write[]): void;
  /** The protocol versions that it speaks. Default: those of this program. */
  protocols?: () => { oldest: number; newest: number };
  /** How long a patient whom no reason keeps here stays, milliseconds. Default: seven days. */
  graceMs?: number;
  /** Of one message, besides the last thing in it: what one node holds in memory for another. */
  messageBytes?: number;
  /** Entries, operations and resources of one message. */
  pageLimit?: number;
};

export const messageBytesDefault = 16_000_000;

export const graceMsDefault = 7 * 24 * 3_600_000;

/** How far nodes below have read our feed, by bucket, as they said last. In memory: who has not asked since this process began has read nothing. */
export type ReadBelow = Map<string, ReadonlyMap<number, number>>;

export type Held = { db: Db; line: Line; loaded: Loaded; deps: CarryOutDeps; writes: Write[]; readBelow: ReadBelow };

export async function carry(
  { db, deps, loaded, writes }: Held,
  effects: readonly Effect[],
  came: 'here' | 'above' | 'below',
): Promise<void> {
  writes.push(...(await carryOut(db, effects, deps, came)));
  await loaded.forget();
}
