/**
 * Group commit of entries: while one group is being made durable, the next gathers; no timer. What can't be kept in time is refused, since then
 * nothing may be answered.
 */
import { asFault, retried, type Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { actorRow, entryRow, type ActorRow, type EntryRow } from './canonical.ts';
import type { AccessEntry } from './entry.ts';
import { insertActors, insertEntries } from './entry-store.ts';

export type Appender = {
  append(entries: readonly AccessEntry[]): Promise<void>;
  /** Entries that wait or are being written. */
  readonly waiting: number;
  /** Resolves when everything that was handed in has been answered. */
  idle(): Promise<void>;
};

export type AppendLimits = {
  /** Entries in one group. */
  groupMax: number;
  /** Entries that may wait; more are refused at once. */
  waitingMax: number;
  /** Milliseconds that an entry may take to become durable. */
  durableMs: number;
  /** Actors that are remembered as kept. */
  actorsMax: number;
};

const usualLimits: AppendLimits = { groupMax: 1000, waitingMax: 50_000, durableMs: 10_000, actorsMax: 20_000 };

type KnownActor = ActorRow & { fingerprint: string; isKept: boolean };
type Waiting = {
  rows: readonly EntryRow[];
  actors: readonly KnownActor[];
  resolve: () => void;
  reject: (error: unknown) => void;
  timer: NodeJS.Timeout;
};

export function createAppender(db: Db, limits: Partial<AppendLimits> = {}): Appender {
  const { groupMax, waitingMax, durableMs, actorsMax } = { ...usualLimits, ...limits };
  const queue: Waiting[] = [];
  const actorOf = rememberActors(actorsMax);
  let waiting = 0;
  let isBusy = false;
  let whenIdle: (() => void)[] = [];

  const writeGroup = async (group: readonly Waiting[]): Promise<void> => {
    try {
      await writeRows(db, group);
      for (const member of group) member.resolve();
    } catch (error) {
      // One that can't be stored must not take its neighbours with it; where nothing can be stored, all fail at once.
      const isRefusedByAll = group.length === 1 || error instanceof Fault;
      if (isRefusedByAll) for (const member of group) member.reject(notKept(error));
      else for (const member of group) await writeGroup([member]);
    }
  };

  const pump = (): void => {
    if (isBusy) return;
    const group = takeGroup(queue, groupMax);
    if (group.length === 0) {
      for (const done of whenIdle.splice(0)) done();
      return;
    }
    isBusy = true;
    void writeGroup(group).finally(() => {
      isBusy = false;
      for (const member of group) {
        clearTimeout(member.timer);
        waiting -= member.rows.length;
      }
      pump();
    });
  };

  return {
    append(entries) {
      if (entries.length === 0) return Promise.resolve();
      if (waiting + entries.length > waitingMax && waiting > 0) return Promise.reject(notKept(undefined));
      const actors = entries.map(actorOf);
      const rows = entries.map((entry, i) => entryRow(entry, actors[i] as KnownActor));
      waiting += rows.length;
      return new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(notKept(undefined)), durableMs);
        queue.push({ rows, actors, resolve, reject, timer });
        pump();
      });
    },
    get waiting() {
      return waiting;
    },
    idle: () =>
      new Promise<void>((resolve) => {
        whenIdle = [...whenIdle, resolve];
        pump();
      }),
  };
}

function takeGroup(queue: Waiting[], groupMax: number): Waiting[] {
  let rows = 0;
  let count = 0;
  for (const { rows: more } of queue) {
    if (count > 0 && rows + more.length > groupMax) break;
    rows += more.length;
    count++;
  }
  return queue.splice(0, count);
}

async function writeRows(db: Db, group: readonly Waiting[]): Promise<void> {
  const unknown = new Map<string, KnownActor>();
  for (const { actors } of group) for (const actor of actors) if (!actor.isKept) unknown.set(actor.key, actor);
  try {
    if (unknown.size > 0) {
      await retried(() => insertActors(db, [...unknown.values()]));
      for (const actor of unknown.values()) actor.isKept = true;
    }
    await retried(() =>
      insertEntries(
        db,
        group.flatMap(({ rows }) => rows),
      ),
    );
  } catch (error) {
    throw asFault(error);
  }
}

/** Their rows by their texts; the least recently used are forgotten, and then kept once more, which does no harm. */
function rememberActors(actorsMax: number): (entry: AccessEntry) => KnownActor {
  const known = new Map<string, KnownActor>();
  return ({ who, role }) => {
    const row = actorRow(role ? { who, role } : { who });
    const found = known.get(row.content);
    if (found) {
      known.delete(row.content);
      known.set(row.content, found);
      return found;
    }
    if (known.size >= actorsMax) known.delete(known.keys().next().value as string);
    const actor = { ...row, isKept: false };
    known.set(row.content, actor);
    return actor;
  };
}

function notKept(cause: unknown): Fault {
  return new Fault(
    'unavailable',
    'The access log of this node can not keep what is being done right now, so nothing is shown or changed. Try again in a moment.',
    { cause },
  );
}
