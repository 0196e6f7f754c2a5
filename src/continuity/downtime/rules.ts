/**
 * What a downtime is and how it goes on: proposed by the node or begun by a person, declared by a person in a second step, reconciled by a check-list, ended
 * with a report. Pure: what happened goes in, what is now comes out.
 */
import { Fault } from '#kernel/fault.ts';

/** What is lost. `slow`: everything answers, and too late for care (SAFER 3.2 calls it functional downtime). */
export const downtimeKinds = ['upstream', 'slow', 'network', 'storage', 'sign-in', 'planned', 'other'] as const;
export type DowntimeKind = (typeof downtimeKinds)[number];

export type DowntimeState = 'proposed' | 'declared' | 'reconciling' | 'ended' | 'dismissed';

/** Who did it: a person by reference and name, or the node. */
export type By = { reference: string; name: string };

export type Step = {
  at: number;
  by: By;
  what: 'proposed' | 'declared' | 'noted' | 'withdrawn' | 'dismissed' | 'reconciling' | 'reopened' | 'ended';
  words?: string;
};

/** What has to be settled before a downtime is over. */
export const checkNames = ['waiting', 'conflicts', 'quarantine', 'paper', 'doubles', 'digests'] as const;
export type CheckName = (typeof checkNames)[number];

/** `count` undefined: the node can not tell, so a person has to. `settled`: a person's word for what is not 0. */
export type Check = { name: CheckName; count: number | undefined; settled?: { by: By; at: number; words: string } };

export type Downtime = {
  id: string;
  kind: DowntimeKind;
  state: DowntimeState;
  /** When the trouble began, when it was declared, when care was normal again, when all was settled: milliseconds since 1970. */
  began: number;
  declared?: number;
  over?: number;
  ended?: number;
  reason: string;
  /** The drill in which it began: nothing was lost. */
  drill?: string;
  proposedBy: By;
  checks: readonly Check[];
  history: readonly Step[];
  revision: number;
};

export type DowntimeEvent =
  | { kind: 'declare'; words?: string }
  | { kind: 'note'; words: string }
  | { kind: 'withdraw' }
  | { kind: 'dismiss'; words: string }
  | { kind: 'reconcile'; over: number }
  | { kind: 'check'; checks: readonly { name: CheckName; count: number | undefined }[] }
  | { kind: 'settle'; name: CheckName; words: string }
  | { kind: 'reopen'; words: string }
  | { kind: 'end' }
  | { kind: 'drillOver' };

export type Proposal = { kind: DowntimeKind; reason: string; began: number; drill?: string };

export const theNode: By = { reference: 'node', name: 'Fyr' };

/** @param by a person, whose first step this is, or the node */
export function propose(id: string, { kind, reason, began, drill }: Proposal, by: By, now: number): Downtime {
  if (began > now) throw new Fault('invalid', 'A downtime can not begin later than now.');
  return {
    id,
    kind,
    state: 'proposed',
    began,
    reason,
    ...(drill === undefined ? {} : { drill }),
    proposedBy: by,
    checks: [],
    history: [{ at: now, by, what: 'proposed', words: reason }],
    revision: 1,
  };
}

/** What the node does by itself. */
const ofTheNode: readonly DowntimeEvent['kind'][] = ['withdraw', 'check', 'drillOver'];

/** What the downtime is after something was done. Faults: conflict, where that can not be done now; forbidden, where it takes a person. */
export function after(downtime: Downtime, event: DowntimeEvent, by: By, now: number): Downtime {
  if (by.reference === theNode.reference && !ofTheNode.includes(event.kind)) {
    throw new Fault('forbidden', 'This takes a person.');
  }
  const next = transitions[event.kind](downtime, event as never, by, now);
  return { ...next, revision: downtime.revision + 1 };
}

type Transition<K extends DowntimeEvent['kind']> = (
  downtime: Downtime,
  event: Extract<DowntimeEvent, { kind: K }>,
  by: By,
  now: number,
) => Downtime;

const transitions: { [K in DowntimeEvent['kind']]: Transition<K> } = {
  declare(downtime, { words }, by, now) {
    require(downtime, ['proposed'], 'declared');
    return told({ ...downtime, state: 'declared', declared: now }, by, now, 'declared', words);
  },
  note(downtime, { words }, by, now) {
    require(downtime, ['declared', 'reconciling'], 'added to');
    return told(downtime, by, now, 'noted', words);
  },
  withdraw(downtime, _event, by, now) {
    require(downtime, ['proposed'], 'withdrawn');
    if (downtime.proposedBy.reference !== by.reference) {
      throw new Fault('conflict', 'Only who proposed a downtime takes the proposal back.');
    }
    return told({ ...downtime, state: 'dismissed', over: now }, by, now, 'withdrawn');
  },
  dismiss(downtime, { words }, by, now) {
    require(downtime, ['proposed'], 'dismissed');
    return told({ ...downtime, state: 'dismissed', over: now }, by, now, 'dismissed', words);
  },
  reconcile(downtime, { over }, by, now) {
    require(downtime, ['declared'], 'reconciled');
    if (over < downtime.began || over > now) {
      throw new Fault('invalid', 'Normal operation began again between the beginning of the downtime and now.');
    }
    return told({ ...downtime, state: 'reconciling', over }, by, now, 'reconciling');
  },
  check(downtime, { checks }) {
    require(downtime, ['reconciling'], 'checked');
    return { ...downtime, checks: checks.map((check) => keptWord(downtime.checks, check)) };
  },
  settle(downtime, { name, words }, by, now) {
    require(downtime, ['reconciling'], 'settled');
    const check = downtime.checks.find((one) => one.name === name);
    if (check === undefined) throw new Fault('conflict', 'Look at the check-list first.');
    if (check.count === 0) throw new Fault('conflict', 'There is nothing left to settle here.');
    const settled = { ...check, settled: { by, at: now, words } };
    return { ...downtime, checks: downtime.checks.map((one) => (one.name === name ? settled : one)) };
  },
  reopen(downtime, { words }, by, now) {
    require(downtime, ['reconciling'], 'declared again');
    const { over: _over, ...open } = downtime;
    return told({ ...open, state: 'declared', checks: [] }, by, now, 'reopened', words);
  },
  end(downtime, _event, by, now) {
    require(downtime, ['reconciling'], 'ended');
    const open = openChecks(downtime);
    if (downtime.checks.length < checkNames.length || open.length > 0) {
      const names = downtime.checks.length === 0 ? [...checkNames] : open.map(({ name }) => name);
      throw new Fault('conflict', `The check-list is not done: ${names.join(', ')}.`, { reason: 'check-list' });
    }
    return told({ ...downtime, state: 'ended', ended: now }, by, now, 'ended');
  },
  drillOver(downtime, _event, by, now) {
    require(downtime, ['proposed', 'declared', 'reconciling'], 'ended with its drill');
    if (downtime.drill === undefined) throw new Fault('conflict', 'This downtime began in no drill.');
    return told({ ...downtime, over: downtime.over ?? now, state: 'ended', ended: now }, by, now, 'ended');
  },
};

/** What still stands in the way of the end: neither 0 nor settled by a person's word. */
export function openChecks({ checks }: Pick<Downtime, 'checks'>): Check[] {
  return checks.filter(({ count, settled }) => count !== 0 && settled === undefined);
}

/** A person's word holds while the number it was given for has not grown. */
function keptWord(known: readonly Check[], { name, count }: { name: CheckName; count: number | undefined }): Check {
  const before = known.find((one) => one.name === name);
  const isSame = before?.settled !== undefined && count !== 0 && (count ?? 0) <= (before.count ?? 0);
  return { name, count, ...(isSame && before.settled ? { settled: before.settled } : {}) };
}

function require({ state }: Downtime, states: readonly DowntimeState[], what: string): void {
  if (!states.includes(state)) throw new Fault('conflict', `This downtime is ${state}: it can not be ${what}.`);
}

function told(downtime: Downtime, by: By, at: number, what: Step['what'], words?: string): Downtime {
  const step: Step = { at, by, what, ...(words === undefined ? {} : { words }) };
  return { ...downtime, history: [...downtime.history, step] };
}
