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
  /** Resolves when everything that was handed in has been answered. */
  idle(): Promise<void>;
};

type Waiting = { unit: Unit; resolve: (outcome: Written) => void; reject: (error: unknown) => void };

/** `rowsMax` bounds a group (a larger unit is a group of its own); `lanes` groups are under way at once. */
export function createCommitter(db: Db, { rowsMax = 400, lanes = 2 } = {}): Committer {
  const waiting: Waiting[] = [];
  const keysUnderWay = new Set<string>();
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
    while (lanesBusy < lanes && waiting.length > 0) {
      const group = takeGroup(waiting, keysUnderWay, rowsMax);
      if (group.length === 0) break;
      lanesBusy++;
      void writeGroup(group).finally(() => {
        lanesBusy--;
        for (const { unit } of group) for (const w of unit.writes) keysUnderWay.delete(keyOf(w));
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
    idle: () =>
      new Promise<void>((resolve) => {
        whenIdle.push(resolve);
        pump();
      }),
  };
}

/** Takes units from the front that share no resource with each other or with what is under way; the others keep their turn. */
function takeGroup(waiting: Waiting[], keysUnderWay: Set<string>, rowsMax: number): Waiting[] {
  const group: Waiting[] = [];
  const held = new Set<string>();
  let rows = 0;
  for (let i = 0; i < waiting.length && rows < rowsMax;) {
    const candidate = waiting[i] as Waiting;
    const keys = candidate.unit.writes.map(keyOf);
    const fits = group.length === 0 || rows + keys.length <= rowsMax;
    if (fits && !keys.some((k) => keysUnderWay.has(k) || held.has(k))) {
      for (const k of keys) keysUnderWay.add(k);
      rows += keys.length;
      group.push(candidate);
      waiting.splice(i, 1);
    } else {
      for (const k of keys) held.add(k);
      i++;
    }
  }
  return group;
}

function keyOf(write: { bucket: number; type: string; id: string }): string {
  return `${write.bucket}/${write.type}/${write.id}`;
}
