import { expect, test } from 'vitest';
import { writtenIn } from './written.ts';

const now = Date.parse('2026-11-23T20:00:00+01:00');
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
  expect(nb.shortDate('2014-03-01')).toBe('01.03.2014');
  expect(nb.shortDate('2014')).toBe('2014');
});

test('numbers have the comma of Norwegian and the point of English', () => {
  expect(nb.number(38.2)).toBe('38,2');
  expect(nn.number(38.2)).toBe('38,2');
  expect(en.number(38.2)).toBe('38.2');
});

test('how long since is said in the unit that a person would use', () => {
  expect(nb.since('2026-11-23T19:20:00+01:00', now)).toBe('for 40 minutter siden');
  expect(nb.since('2026-11-23T10:00:00+01:00', now)).toBe('for 10 timer siden');
  expect(nb.since('2026-11-13T20:00:00+01:00', now)).toBe('for 10 dager siden');
  expect(nb.since('2014-11-23', now)).toBe('for 12 år siden');
});
