import { expect, test } from 'vitest';
import type { Dosage } from 'fhir/r4.js';
import { dueDoses } from '#shared/due-doses.ts';
import { ageWords, clockTime, shortTime } from './local-time.ts';

const now = Date.parse('2026-11-23T17:00:00+01:00');
const clock = (timeOfDay: string[], more: object = {}): Dosage => ({
  timing: { repeat: { period: 1, periodUnit: 'd', timeOfDay, ...more } },
});
const times = (dosages: Dosage[], at = now): string[] => {
  const due = dueDoses(dosages, at);
  if (due.kind !== 'times') throw new Error(due.kind);
  return due.times.map((time) => shortTime(time, at));
};

test('an order that does not say when is never given times', () => {
  expect(dueDoses([], now)).toEqual({ kind: 'unsaid', words: '' });
  expect(dueDoses([{ text: '1 tablett 3 ganger daglig' }], now)).toEqual({
    kind: 'unsaid',
    words: '1 tablett 3 ganger daglig',
  });
  expect(dueDoses([{ text: 'x', timing: { repeat: { frequency: 3, period: 1, periodUnit: 'd' } } }], now).kind).toBe(
    'unsaid',
  );
  expect(dueDoses([clock(['08:00:00'], { period: 2 })], now).kind).toBe('unsaid');
});

test('one that says it for a part only is not told as if it were whole', () => {
  expect(dueDoses([clock(['08:00:00']), { text: 'og 1 til natten' }], now)).toEqual({
    kind: 'unsaid',
    words: 'og 1 til natten',
  });
});

test.each<[string, Dosage, string]>([
  ['as needed', { asNeededBoolean: true, timing: { repeat: { timeOfDay: ['08:00:00'] } } }, 'asNeeded'],
  ['as needed for something', { asNeededCodeableConcept: { text: 'smerte' } }, 'asNeeded'],
  ['by rate', { doseAndRate: [{ rateQuantity: { value: 20, unit: 'ml/t' } }] }, 'continuous'],
  [
    'by ratio',
    { doseAndRate: [{ rateRatio: { numerator: { value: 1000 }, denominator: { value: 8 } } }] },
    'continuous',
  ],
])('what is given %s has no times', (_, dosage, kind) => {
  expect(dueDoses([dosage], now).kind).toBe(kind);
});

test('doses of the next 24 hours, on the clocks of the ward', () => {
  expect(times([clock(['08:00:00', '14:00:00', '22:00:00'])])).toEqual(['22.00', 'i morgen 08.00', 'i morgen 14.00']);
  expect(times([clock(['17:00:00'])])).toEqual(['17.00']);
  expect(times([clock(['08:00:00']), clock(['20:00:00'])])).toEqual(['20.00', 'i morgen 08.00']);
});

test('on some days only, within the bounds of the order only, and at stated instants', () => {
  expect(times([clock(['08:00:00'], { dayOfWeek: ['tue'] })])).toEqual(['i morgen 08.00']);
  expect(times([clock(['08:00:00'], { dayOfWeek: ['wed'] })])).toEqual([]);
  expect(times([clock(['08:00:00', '20:00:00'], { boundsPeriod: { end: '2026-11-23' } })])).toEqual(['20.00']);
  expect(times([clock(['08:00:00', '20:00:00'], { boundsPeriod: { start: '2026-11-24T00:00:00+01:00' } })])).toEqual([
    'i morgen 08.00',
  ]);
  expect(times([{ timing: { event: ['2026-11-23T18:30:00+01:00', '2026-11-25T18:30:00+01:00'] } }])).toEqual(['18.30']);
});

test('eight is eight also on the day that clocks change', () => {
  const evening = Date.parse('2026-10-24T20:00:00+02:00');
  const due = dueDoses([clock(['08:00:00'])], evening);
  expect(due.kind === 'times' && due.times.map(clockTime)).toEqual(['08.00']);
});

test('ages are said as people say them', () => {
  expect([30_000, 7 * 60_000, 190 * 60_000, 3 * 86_400_000].map((ms) => ageWords(ms))).toEqual([
    'under 1 min',
    '7 min',
    '3 t 10 min',
    '3 døgn',
  ]);
});
