/** Downtime at a node: what is open, what a person or the node does, and the watch over the line upstream. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import { addDowntime, findDowntime, findOpen, listDowntimes, putDowntime, readWritten } from './downtime-store.ts';
import { reportOf, type Report } from './report.ts';
import {
  after,
  checkNames,
  propose,
  theNode,
  type By,
  type CheckName,
  type Downtime,
  type DowntimeEvent,
  type Proposal,
} from './rules.ts';
import { beginWatch, defaultWatchSettings, observe, type Observation, type WatchSettings } from './watch.ts';

/** How much is left of what has to be settled; undefined, or a failure: the node can not tell, and a person has to. */
export type Counters = { readonly [Name in CheckName]?: () => Promise<number | undefined> };

export type DowntimeDeps = {
  db: Db;
  clock: Clock;
  ids: Pick<Ids, 'uuid'>;
  node: string;
  counters: Counters;
  settings?: WatchSettings;
  /** The drill that is on, if one is: what is proposed meanwhile belongs to it. */
  drill?(): string | undefined;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
  /** Something began, changed or ended: for the banner that is pushed, and the log. */
  onChanged?(downtime: Downtime, by: By): void;
};

export type Downtimes = {
  open(): Promise<Downtime | undefined>;
  list(limit: number): Promise<Downtime[]>;
  /** Faults: notFound. */
  find(id: string): Promise<Downtime>;
  /** The first of two steps. Faults: conflict; invalid. */
  propose(proposal: Proposal, by: By): Promise<Downtime>;
  /** Every other step. Faults: notFound; conflict; invalid; forbidden. */
  apply(id: string, event: Exclude<DowntimeEvent, { kind: 'check' }>, by: By): Promise<Downtime>;
  /** Counts anew what has to be settled. */
  check(id: string): Promise<Downtime>;
  /** The drill is over: what was proposed or declared in it ends with it, since nothing was lost. */
  endDrill(drill: string): Promise<void>;
  reportOf(id: string): Promise<Report>;
  /** One try to reach the node above: proposes a downtime, or takes its own proposal back. Never throws. */
  observe(seen: Observation): Promise<void>;
};

export function createDowntimes(deps: DowntimeDeps): Downtimes {
  const { db, clock, ids, node, counters, settings = defaultWatchSettings, onChanged } = deps;
  let watch = beginWatch(clock.now());
  let observing: Promise<void> = Promise.resolve();

  const find = async (id: string): Promise<Downtime> => {
    const found = await findDowntime(db, id);
    if (found === undefined) throw new Fault('notFound', 'There is no such downtime.');
    return found;
  };
  const put = async (downtime: Downtime, event: DowntimeEvent, by: By): Promise<Downtime> => {
    const next = after(downtime, event, by, clock.now());
    await putDowntime(db, next);
    if (event.kind !== 'check') onChanged?.(next, by);
    return next;
  };
  const add = async (proposal: Proposal, by: By): Promise<Downtime> => {
    const drill = deps.drill?.();
    const made = propose(ids.uuid(), { ...proposal, ...(drill === undefined ? {} : { drill }) }, by, clock.now());
    await addDowntime(db, made);
    onChanged?.(made, by);
    return made;
  };
  const check = async (id: string): Promise<Downtime> =>
    put(await find(id), { kind: 'check', checks: await count(counters, deps.report) }, theNode);

  const take = async (seen: Observation): Promise<void> => {
    const { watch: next, propose: proposal, withdraw } = observe(watch, seen, settings);
    watch = next;
    if (proposal !== undefined && (await findOpen(db)) === undefined) await add(proposal, theNode);
    if (withdraw === true) {
      const open = await findOpen(db);
      if (open?.state === 'proposed' && open.proposedBy.reference === theNode.reference) {
        await put(open, { kind: 'withdraw' }, theNode);
      }
    }
  };

  return {
    open: () => findOpen(db),
    list: (limit) => listDowntimes(db, limit),
    find,
    propose: add,
    async apply(id, event, by) {
      // What is counted decides, not what was counted when somebody looked.
      if (event.kind === 'end' || event.kind === 'settle') await check(id);
      const next = await put(await find(id), event, by);
      return event.kind === 'reconcile' ? check(id) : next;
    },
    check,
    async endDrill(drill) {
      const open = await findOpen(db);
      if (open?.drill === drill) await put(open, { kind: 'drillOver' }, theNode);
    },
    async reportOf(id) {
      const downtime = await find(id);
      const now = clock.now();
      return reportOf(node, downtime, await readWritten(db, node, downtime.began, downtime.over ?? now), now);
    },
    observe(seen) {
      observing = observing.then(() => take(seen)).catch((error: unknown) => deps.report('downtime', error));
      return observing;
    },
  };
}

async function count(
  counters: Counters,
  report: DowntimeDeps['report'],
): Promise<{ name: CheckName; count: number | undefined }[]> {
  return Promise.all(
    checkNames.map(async (name) => {
      try {
        return { name, count: await counters[name]?.() };
      } catch (error) {
        report(`downtime check ${name}`, error);
        return { name, count: undefined };
      }
    }),
  );
}
