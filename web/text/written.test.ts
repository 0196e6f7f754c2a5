import { expect, test } from 'vitest';
import { writtenIn } from './written.ts';

const now = (): number => Date.parse('2026-11-23T20:00:00+01:00');
const nb = writtenIn('nb', now);
const nn = writtenIn('nn', now);
const en = writtenIn('en', now);

test('a time is of Norway, whatever the zone it was written in, with a full stop in Norwegian', () => {
  expect(nb.when('2026-11-23T13:19:00Z')).toBe('i dag kl. 14.19');
  expect(nb.when('2026-11-22T23:30:00Z')).toBe('i dag kl. 00.30');
  expect(nb.when('2026-11-22T09:05:00+01:00')).toBe('i går kl. 09.05');
  expect(nn.when('2026-11-22T09:05:00+01:00')).toBe('i går kl. 09.05');
  expect(en.when('2026-11-22T09:05:00+01:00')).toBe('yesterday at 09:05');
});

test('the year is said where it is another', () => {
  expect(nb.when('2026-11-16T09:30:00+01:00')).toBe('mandag 16. november kl. 09.30');
  expect(nb.when('2025-11-16T09:30:00+01:00')).toBe('16. november 2025 kl. 09.30');
});

test('a date that is known in part says what is known', () => {
  expect(nb.date('2014')).toBe('2014');
  expect(nb.date('2014-03')).toBe('mars 2014');
  expect(nb.date('2014-03-01')).toBe('1. mars 2014');
  expect(en.date('2014-03-01')).toBe('1 March 2014');
  expect(nb.date(undefined)).toBe('');
});

test('numbers have the comma of Norwegian and the point of English', () => {
  expect(nb.number(38.2)).toBe('38,2');
  expect(nn.number(38.2)).toBe('38,2');
  expect(en.number(38.2)).toBe('38.2');
});

test('in a narrow column only what tells the moment apart is said', () => {
  expect(nb.briefly('2026-11-23T07:00:00+01:00')).toBe('07.00');
  expect(nb.briefly('2026-11-22T17:40:00+01:00')).toBe('i går 17.40');
  expect(nb.briefly('2026-11-24T08:00:00+01:00')).toBe('i morgen 08.00');
  expect(nb.briefly('2026-08-12T11:03:00+02:00')).toBe('12.8.');
  expect(nb.briefly('2025-08-12')).toBe('12.08.2025');
  expect(nb.briefly('2014')).toBe('2014');
});
