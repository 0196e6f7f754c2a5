import { expect, test } from 'vitest';
import { Fault } from '#kernel/fault.ts';
import {
  after,
  checkNames,
  openChecks,
  propose,
  theNode,
  type Downtime,
  type DowntimeEvent,
  type DowntimeState,
} from './rules.ts';

const nurse = { reference: 'Practitioner/1', name: 'Ine' };
const other = { reference: 'Practitioner/2', name: 'Bo' };
const clean = checkNames.map((name) => ({ name, count: 0 }));

const proposed = propose('d', { kind: 'network', reason: 'The network is gone', began: 10 }, nurse, 20);
const in_: { [State in DowntimeState]: Downtime } = {
  proposed,
  declared: after(proposed, { kind: 'declare' }, nurse, 30),
  reconciling: { ...proposed, state: 'reconciling', declared: 30, over: 40, checks: clean },
  ended: { ...proposed, state: 'ended' },
  dismissed: { ...proposed, state: 'dismissed' },
};

const events: { [Kind in DowntimeEvent['kind']]: DowntimeEvent } = {
  declare: { kind: 'declare' },
  note: { kind: 'note', words: 'paper in use' },
  withdraw: { kind: 'withdraw' },
  dismiss: { kind: 'dismiss', words: 'a test' },
  reconcile: { kind: 'reconcile', over: 35 },
  check: { kind: 'check', checks: clean },
  settle: { kind: 'settle', name: 'paper', words: 'two are lost' },
  reopen: { kind: 'reopen', words: 'gone again' },
  end: { kind: 'end' },
  drillOver: { kind: 'drillOver' },
};

/** Where each step leads; what is not here is refused. */
const allowed: { [State in DowntimeState]: { [kind: string]: DowntimeState } } = {
  proposed: { declare: 'declared', withdraw: 'dismissed', dismiss: 'dismissed' },
  declared: { note: 'declared', reconcile: 'reconciling' },
  reconciling: { note: 'reconciling', check: 'reconciling', reopen: 'declared', end: 'ended' },
  ended: {},
  dismissed: {},
};

for (const state of Object.keys(in_) as DowntimeState[]) {
  for (const event of Object.values(events)) {
    const leads = allowed[state][event.kind];
    test(`${event.kind} of what is ${state}: ${leads ?? 'refused'}`, () => {
      if (leads === undefined) expect(() => after(in_[state], event, nurse, 50)).toThrow(Fault);
      else
        expect(after(in_[state], event, nurse, 50)).toMatchObject({ state: leads, revision: in_[state].revision + 1 });
    });
  }
}

test('the node proposes and takes back; everything else takes a person', () => {
  for (const event of Object.values(events)) {
    if (['withdraw', 'check', 'drillOver'].includes(event.kind)) continue;
    expect(() => after(in_.proposed, event, theNode, 50)).toThrow('This takes a person');
  }
  expect(() => after(in_.proposed, { kind: 'withdraw' }, other, 50)).toThrow('Only who proposed');
});

test('what began in a drill ends with it, whatever it has come to; what did not, does not', () => {
  const inDrill = { ...in_.declared, drill: 'one' };
  expect(after(inDrill, { kind: 'drillOver' }, theNode, 50)).toMatchObject({ state: 'ended', over: 50, ended: 50 });
  expect(() => after(in_.declared, { kind: 'drillOver' }, theNode, 50)).toThrow('began in no drill');
});

test('a downtime begins not later than now, and is over between its beginning and now', () => {
  expect(() => propose('d', { kind: 'other', reason: 'x', began: 30 }, nurse, 20)).toThrow('later than now');
  for (const over of [5, 60]) {
    expect(() => after(in_.declared, { kind: 'reconcile', over }, nurse, 50)).toThrow('between the beginning');
  }
});

test('it ends only when each check is 0, or settled by a person’s word; what nobody can tell takes a word too', () => {
  const counted = [
    { name: 'waiting', count: 0 },
    { name: 'conflicts', count: 2 },
    { name: 'quarantine', count: 0 },
    { name: 'paper', count: 0 },
    { name: 'doubles', count: 0 },
    { name: 'digests', count: undefined },
  ] as const;
  let now = after({ ...in_.reconciling, checks: [] }, { kind: 'check', checks: counted }, theNode, 50);
  expect(openChecks(now).map(({ name }) => name)).toEqual(['conflicts', 'digests']);
  expect(() => after(now, { kind: 'end' }, nurse, 60)).toThrow('conflicts, digests');
  now = after(now, { kind: 'settle', name: 'conflicts', words: 'both are with the ward doctor' }, nurse, 60);
  now = after(now, { kind: 'settle', name: 'digests', words: 'compared by hand' }, nurse, 60);
  expect(() => after(now, { kind: 'settle', name: 'paper', words: 'no' }, nurse, 60)).toThrow('nothing left');
  expect(after(now, { kind: 'end' }, nurse, 60)).toMatchObject({ state: 'ended', ended: 60 });
  const fewer = after(
    now,
    { kind: 'check', checks: counted.map((one) => (one.name === 'conflicts' ? { ...one, count: 1 } : one)) },
    theNode,
    70,
  );
  expect(openChecks(fewer)).toEqual([]);
  const more = after(
    now,
    { kind: 'check', checks: counted.map((one) => (one.name === 'conflicts' ? { ...one, count: 3 } : one)) },
    theNode,
    70,
  );
  expect(openChecks(more).map(({ name }) => name)).toEqual(['conflicts']);
});

test('nothing counted yet is not nothing open', () => {
  expect(() => after({ ...in_.reconciling, checks: [] }, { kind: 'end' }, nurse, 60)).toThrow('check-list is not done');
});
