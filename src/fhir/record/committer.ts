/**
 * Group commit: while one group of units is being written, the next gathers; no timer. A unit is acknowledged when it is durable.
 * Units that fail in a group are tried alone, so that nobody is refused for a neighbour's fault.
 */
import { asFault, retried, type Db } from '#kernel/db.ts';
import { writeUnits, type Unit, type Written } from './write-store.ts';

export type Committer = {
  /** Writes a unit, durable when it resolves to `written`. */
  commit(unit: Unit): Promise<Written>;
  /** Called after each unit that was written, outside its transaction. */
  onWritten(listener: (unit: Unit) => void): void;
  /** Tells the listeners of what was written by somebody else's transaction and is durable: what came from another node. */
  tell(writes: Unit['writes']): void;
  /** Resolves when everything that was handed in has been answered. */
  idle(): Promise<void>;
};

type Waiting = { unit: Unit; resolve: (outcome: Written) => void; reject: (error: unknown) => void };

/**
 * `rowsMax` bounds a group (a larger unit is a group of its own). `lanes` groups are under way at once when much waits (small writes go faster
 * together than beside each other), over buckets of their own: two groups that raise the same heads would wait for each other, or lock each other out.
 */
export function createCommitter(db: Db, { rowsMax = 400, lanes = 2 } = {}): Committer {
  const waiting: Waiting[] = [];
  const bucketsUnderWay = new Set<number>();
  const listeners: ((unit: Unit) => void)[] = [];
  let lanesBusy = 0;
  let whenIdle: (() => void)[] = [];

  const answer = ({ unit, resolve }: Waiting, outcome: Written): void => {
    resolve(outcome);
    if (outcome === 'written') for (const listener of listeners) listener(unit);
  };

  const writeGroup = async (group: Waiting[]): Promise<void> => {
    try {
      const outcome = await retried(() =>
        writeUnits(
          db,
          group.map((w) => w.unit),
        ),
      );
      if (outcome === 'written' || group.length === 1) for (const member of group) answer(member, outcome);
      else for (const member of group) await writeGroup([member]);
    } catch (error) {
      for (const member of group) member.reject(asFault(error));
    }
  };

  const pump = (): void => {
    while (lanesBusy < lanes && waiting.length > 0 && (lanesBusy === 0 || rowsWaiting(waiting) >= rowsMax / 4)) {
      const group = takeGroup(waiting, bucketsUnderWay, rowsMax);
      if (group.length === 0) break;
      lanesBusy++;
      void writeGroup(group).finally(() => {
        lanesBusy--;
        for (const bucket of bucketsOf(group)) bucketsUnderWay.delete(bucket);
        pump();
      });
    }
    if (lanesBusy === 0 && waiting.length === 0) {
      for (const done of whenIdle) done();
      whenIdle = [];
    }
  };

  return {
    commit: (unit) =>
      new Promise<Written>((resolve, reject) => {
        waiting.push({ unit, resolve, reject });
        pump();
      }),
    onWritten: (listener) => void listeners.push(listener),
    tell(writes) {
      for (const listener of listeners) listener({ writes, references: [] });
    },
    idle: () =>
      new Promise<void>((resolve) => {
        whenIdle.push(resolve);
        pump();
      }),
  };
}

/**
 * Takes units from the front whose buckets are not under way, and that share no resource with each other. What must wait keeps its turn: nothing that
 * touches the same bucket passes it.
 */
function takeGroup(waiting: Waiting[], bucketsUnderWay: Set<number>, rowsMax: number): Waiting[] {
  const group: Waiting[] = [];
  const keys = new Set<string>();
  const held = new Set<number>();
  let rows = 0;
  for (let i = 0; i < waiting.length && rows < rowsMax;) {
    const candidate = waiting[i] as Waiting;
    const { writes } = candidate.unit;
    const fits = group.length === 0 || rows + writes.length <= rowsMax;
    const isFree = !writes.some((w) => bucketsUnderWay.has(w.bucket) || held.has(w.bucket) || keys.has(keyOf(w)));
    if (fits && isFree) {
      for (const w of writes) keys.add(keyOf(w));
      rows += writes.length;
      group.push(candidate);
      waiting.splice(i, 1);
    } else {
      for (const w of writes) held.add(w.bucket);
      i++;
    }
  }
  for (const bucket of bucketsOf(group)) bucketsUnderWay.add(bucket);
  return group;
}

function rowsWaiting(waiting: readonly Waiting[]): number {
  return waiting.reduce((rows, { unit }) => rows + unit.writes.length, 0);
}

function bucketsOf(group: readonly Waiting[]): Set<number> {
  return new Set(group.flatMap(({ unit }) => unit.writes.map((w) => w.bucket)));
}

function keyOf(write: { bucket: number; type: string; id: string }): string {
  return `${write.bucket}/${write.type}/${write.id}`;
}
