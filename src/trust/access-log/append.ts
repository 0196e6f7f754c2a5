/**
 * Group commit of entries: while one group is being made durable, the next gathers. What can't be kept in time is refused, since then nothing may be
 * answered.
 *
 * A group costs nearly the same whether it is of one or of ten, and who came together comes together again. So a group that could leave waits, a
 * millisecond at most, until it is half of what the last two were together: sixteen callers go as two halves in turn, one while the other commits, and not
 * as one and fifteen. One caller alone never waits.
 */
import { asFault, retried, type Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { bounded } from '../tokens/bounded.ts';
import { actorRow, entryRow, type Actor, type ActorRow, type EntryRow } from './canonical.ts';
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
  /** Milliseconds that a group waits for those who usually come with it. */
  gatherMs: number;
  /** Actors that are remembered as kept. */
  actorsMax: number;
};

const usualLimits: AppendLimits = {
  groupMax: 1000,
  waitingMax: 50_000,
  durableMs: 10_000,
  gatherMs: 1,
  actorsMax: 20_000,
};

type KnownActor = ActorRow & { fingerprint: string; isKept: boolean };
type Waiting = {
  rows: readonly EntryRow[];
  actors: readonly KnownActor[];
  resolve: () => void;
  reject: (error: unknown) => void;
  timer: NodeJS.Timeout;
};

export function createAppender(db: Db, limits: Partial<AppendLimits> = {}): Appender {
  const { groupMax, waitingMax, durableMs, gatherMs, actorsMax } = { ...usualLimits, ...limits };
  const queue: Waiting[] = [];
  const actorOf = rememberActors(actorsMax);
  let waiting = 0;
  let isBusy = false;
  let whenIdle: (() => void)[] = [];
  const company = createCompany(gatherMs);

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
    if (queue.length === 0) {
      for (const done of whenIdle.splice(0)) done();
      return;
    }
    if (company.isThere(queue.length) || waiting >= groupMax) leave();
    else company.await(leave);
  };

  const leave = (): void => {
    const group = takeGroup(queue, groupMax);
    company.left(group.length);
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

type Company = {
  /** Whether as many callers are there as usually leave together. */
  isThere(callers: number): boolean;
  /** Calls once the time is over in which they may come, unless a group leaves before. */
  await(leave: () => void): void;
  left(callers: number): void;
};

function createCompany(gatherMs: number): Company {
  /** Callers in the last group and in the one before it. */
  let recent: readonly [number, number] = [0, 0];
  let timer: NodeJS.Timeout | undefined;
  return {
    isThere: (callers) => callers >= Math.floor((recent[0] + recent[1]) / 2),
    await(leave) {
      timer ??= setTimeout(leave, gatherMs);
    },
    left(callers) {
      clearTimeout(timer);
      timer = undefined;
      recent = [callers, recent[0]];
    },
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
  const known = bounded<KnownActor>(actorsMax);
  // The requests of one person say so with one and the same object (`door.ts`), which needs no writing down to be known again.
  const byObject = new WeakMap<Actor['who'], { role: Actor['role']; actor: KnownActor }>();
  return ({ who, role }) => {
    const seen = byObject.get(who);
    if (seen !== undefined && seen.role === role) return seen.actor;
    const row = actorRow(role ? { who, role } : { who });
    const actor = known.get(row.content) ?? { ...row, isKept: false };
    known.set(row.content, actor);
    byObject.set(who, { role, actor });
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
