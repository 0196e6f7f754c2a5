import { expect, test } from 'vitest';
import { formStates, type FormKind, type FormState } from './contract.ts';
import { isClosed, isPlausibleTime, judge, type FormAct, type FormFacts } from './rules.ts';

const form = (kind: FormKind, state: FormState, more: Partial<FormFacts> = {}): FormFacts => ({
  kind,
  state,
  isRecorded: false,
  enteredBy: state === 'entered' || state === 'verified' ? 'Practitioner/1' : undefined,
  ...more,
});

test.each<[FormAct, FormFacts, by: string, expected: string]>([
  ['enter', form('doses', 'entered'), '2', 'entered-already'],
  ['enter', form('doses', 'verified'), '2', 'entered-already'],
  ['verify', form('doses', 'issued'), '2', 'nothing-entered'],
  ['verify', form('doses', 'lost'), '2', 'nothing-entered'],
  ['verify', form('doses', 'entered'), '1', 'same-person'],
  ['verify', form('doses', 'verified'), '2', 'in-the-record'],
  ['verify', form('vitals', 'entered'), '2', 'no-second-person-needed'],
  ['verify', form('note', 'entered'), '2', 'no-second-person-needed'],
  ['reject', form('doses', 'issued'), '2', 'nothing-entered'],
  ['reject', form('doses', 'verified', { isRecorded: true }), '2', 'in-the-record'],
  ['record', form('doses', 'entered'), '2', 'second-person-first'],
  ['record', form('order', 'entered'), '2', 'second-person-first'],
  ['record', form('newPatient', 'entered'), '2', 'second-person-first'],
  ['record', form('vitals', 'issued'), '2', 'nothing-entered'],
  ['unused', form('vitals', 'entered'), '2', 'entered-already'],
  ['lost', form('vitals', 'verified'), '2', 'entered-already'],
  ['lost', form('vitals', 'lost'), '2', 'closed-so-already'],
  ['enter', form('doses', 'issued'), '1', 'entered'],
  ['enter', form('doses', 'unused'), '1', 'entered'],
  ['enter', form('doses', 'lost'), '1', 'entered'],
  ['verify', form('doses', 'entered'), '2', 'verified'],
  ['verify', form('order', 'entered'), '2', 'verified'],
  ['verify', form('newPatient', 'entered'), '2', 'verified'],
  ['reject', form('doses', 'entered'), '1', 'issued'],
  ['reject', form('doses', 'verified'), '2', 'issued'],
  ['record', form('vitals', 'entered'), '1', 'entered'],
  ['record', form('note', 'entered'), '1', 'entered'],
  ['record', form('doses', 'verified'), '2', 'verified'],
  ['unused', form('vitals', 'issued'), '1', 'unused'],
  ['lost', form('vitals', 'issued'), '1', 'lost'],
  ['lost', form('vitals', 'unused'), '1', 'lost'],
  ['unused', form('vitals', 'lost'), '1', 'unused'],
])('to %s %j by Practitioner/%s: %s', (act, facts, by, expected) => {
  const verdict = judge(act, facts, `Practitioner/${by}`);
  expect(verdict.allowed ? verdict.state : verdict.reason).toBe(expected);
});

test('a form is open until it is in the record, or a person has given it up', () => {
  for (const state of formStates) {
    expect(isClosed({ state, isRecorded: false }), state).toBe(state === 'unused' || state === 'lost');
  }
  expect(isClosed({ state: 'entered', isRecorded: true })).toBe(true);
});

test('times that can not be are refused, clocks that differ a little are not', () => {
  const now = Date.parse('2026-11-23T17:00:00Z');
  expect(isPlausibleTime(now + 11 * 60_000, now)).toBe(false);
  expect(isPlausibleTime(now - 32 * 86_400_000, now)).toBe(false);
  expect(isPlausibleTime(now + 5 * 60_000, now)).toBe(true);
  expect(isPlausibleTime(now - 3 * 86_400_000, now)).toBe(true);
});
