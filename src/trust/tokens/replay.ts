/**
 * Refuses what is used twice: DPoP proofs (RFC 9449 §11.1), logout tokens. Kept in the database, so that a restart or another process makes no difference.
 * Requests that come while others are being written go together in the next insert; there is no timer.
 */
import { hash } from 'node:crypto';
import type { Clock } from '#kernel/clock.ts';
import { asFault, type Db } from '#kernel/db.ts';
import { markUsed, pruneUsed } from './replay-store.ts';

export type Replay = {
  /** True the first time that this is handed in, durable when it resolves. `until`: when it becomes worthless by itself, milliseconds since 1970. */
  isFirst(parts: readonly string[], until: number): Promise<boolean>;
  /** Resolves when everything that was handed in has been answered. */
  idle(): Promise<void>;
};

type Waiting = { until: number; resolve: (isFirst: boolean) => void; reject: (error: unknown) => void };

/** `rowsMax` bounds an insert; what is worthless is removed after each `pruneMs`. */
export function createReplay(db: Db, clock: Clock, { rowsMax = 500, pruneMs = 10_000 } = {}): Replay {
  let gathering = new Map<string, Waiting>();
  let writing: Promise<void> | undefined;
  let pruning: Promise<void> | undefined;
  let prunedAt = clock.now();

  const write = async (group: Map<string, Waiting>): Promise<void> => {
    try {
      // In one order, so that two processes with the same hashes never wait for each other in a circle.
      const hashes = [...group.keys()].sort();
      const first = await markUsed(
        db,
        hashes,
        hashes.map((each) => (group.get(each) as Waiting).until),
      );
      for (const [each, { resolve }] of group) resolve(first.has(each));
    } catch (error) {
      for (const { reject } of group.values()) reject(asFault(error));
    }
  };

  const prune = (): void => {
    const now = clock.now();
    if (now - prunedAt < pruneMs) return;
    prunedAt = now;
    // Nobody waits for it; what is not removed now is removed next time.
    pruning = pruneUsed(db, now).catch(() => undefined);
  };

  const pump = async (): Promise<void> => {
    while (gathering.size > 0) {
      const group = gathering;
      gathering = new Map();
      await write(group);
      prune();
    }
    writing = undefined;
  };

  const isFirst = async (parts: readonly string[], until: number): Promise<boolean> => {
    const key = hashOf(parts);
    while (gathering.size >= rowsMax) await writing;
    if (gathering.has(key)) return false;
    return new Promise<boolean>((resolve, reject) => {
      gathering.set(key, { until, resolve, reject });
      writing ??= Promise.resolve().then(pump);
    });
  };

  const idle = async (): Promise<void> => {
    await writing;
    await pruning;
  };
  return { isFirst, idle };
}

/** 128 bits of SHA-256 in the form of a UUID, the narrowest key that PostgreSQL has for them. */
function hashOf(parts: readonly string[]): string {
  const hex = hash('sha256', JSON.stringify(parts), 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
