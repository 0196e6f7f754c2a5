/** What a drill is and how it goes on: asked for, running by a clock, put back and looked at until all agree, ended with what was gathered. Pure. */
import { Fault } from '#kernel/fault.ts';
import { theNode, type By } from '../downtime/rules.ts';
import type { Doings } from './doings-store.ts';
import type { ScenarioName } from './scenarios.ts';

export type DrillState = 'asked' | 'running' | 'recovering' | 'ended' | 'refused';

export type DrillStep = {
  at: number;
  by: By;
  what: 'asked' | 'begun' | 'refused' | 'noticed' | 'noted' | 'over' | 'agreed' | 'ended';
  words?: string;
};

export type Drill = {
  id: string;
  scenario: ScenarioName;
  state: DrillState;
  /** When it was asked for, when it ends by itself, when all was put back, when all agreed or nobody waits any longer: milliseconds since 1970. */
  began: number;
  until: number;
  over?: number;
  ended?: number;
  by: By;
  /** Nodes below that were connected when it began: all of them are to be back. */
  below: readonly string[];
  history: readonly DrillStep[];
  /** What people did, once it has ended. */
  doings?: Doings;
  revision: number;
};

export const minutesMost = 240;
/** Nobody waits longer than this until all agree again. */
export const recoveringMostMs = 600_000;
/** Asked for by a command while no node runs: nobody begins it later. */
export const askedMostMs = 30_000;

export type Asked = { scenario: ScenarioName; minutes: number; words?: string };

export function ask(id: string, { scenario, minutes, words }: Asked, by: By, now: number): Drill {
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > minutesMost)
    throw new Fault('invalid', `A drill lasts 1 to ${minutesMost} minutes.`);
  const step: DrillStep = { at: now, by, what: 'asked', ...(words === undefined ? {} : { words }) };
  const until = now + minutes * 60_000;
  return { id, scenario, state: 'asked', began: now, until, by, below: [], history: [step], revision: 1 };
}

export function begun(drill: Drill, below: readonly string[], now: number): Drill {
  mustBe(drill, ['asked'], 'begun');
  const until = now + (drill.until - drill.began);
  return told({ ...drill, state: 'running', began: now, until, below }, now, theNode, 'begun');
}

export function refused(drill: Drill, why: string, now: number): Drill {
  mustBe(drill, ['asked'], 'refused');
  return told({ ...drill, state: 'refused', ended: now }, now, theNode, 'refused', why);
}

/** The node itself has seen that it is cut off. Told once. */
export function noticed(drill: Drill, now: number): Drill {
  mustBe(drill, ['running'], 'noticed');
  return told(drill, now, theNode, 'noticed');
}

export function noted(drill: Drill, words: string, by: By, now: number): Drill {
  mustBe(drill, ['running', 'recovering'], 'added to');
  return told(drill, now, by, 'noted', words);
}

/** What was away is put back: by a person, or by the clock. */
export function over(drill: Drill, by: By, now: number): Drill {
  mustBe(drill, ['running'], 'put back');
  return told({ ...drill, state: 'recovering', over: now }, now, by, 'over');
}

/** @param hasAgreed all that was written is where it belongs */
export function ended(drill: Drill, hasAgreed: boolean, doings: Doings, now: number): Drill {
  mustBe(drill, ['recovering'], 'ended');
  const after = hasAgreed ? told(drill, now, theNode, 'agreed') : drill;
  return told({ ...after, revision: drill.revision, state: 'ended', ended: now, doings }, now, theNode, 'ended');
}

export function hasStep({ history }: Drill, what: DrillStep['what']): boolean {
  return history.some((step) => step.what === what);
}

function mustBe({ state }: Drill, states: readonly DrillState[], what: string): void {
  if (!states.includes(state)) throw new Fault('conflict', `This drill is ${state}: it can not be ${what}.`);
}

function told(drill: Drill, at: number, by: By, what: DrillStep['what'], words?: string): Drill {
  const step: DrillStep = { at, by, what, ...(words === undefined ? {} : { words }) };
  return { ...drill, history: [...drill.history, step], revision: drill.revision + 1 };
}
