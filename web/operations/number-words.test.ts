import { expect, test } from 'vitest';
import { writtenIn } from '../text/written.ts';
import { durationWords, numberWords } from './number-words.ts';

const nb = writtenIn('nb');
const say = (name: Parameters<typeof numberWords>[0], value: number): string => numberWords(name, value, nb, 't');

test('a time is told in the unit that one thinks of it in', () => {
  expect([5, 119, 120, 7199, 7200, 172_799, 172_800].map((seconds) => durationWords(seconds, nb, 't'))).toEqual([
    '5 s',
    '119 s',
    '2 min',
    '120 min',
    '2 t',
    '48 t',
    '2 d',
  ]);
  expect(say('packAgeMinutes', 4)).toBe('4 min');
  expect(say('backupAgeHours', 30)).toBe('30 t');
});

test('what is free is never told as more than it is', () => {
  expect(say('dataFreeShare', 0.1499)).toBe('14 %');
  expect(say('certificateDays', 6.9)).toBe('6 d');
  expect(say('dataFreeBytes', 12_345_678_901)).toBe('12,3 GB');
});

test('a count is a count, and milliseconds are told to three digits', () => {
  expect(say('conflicts', 3)).toBe('3');
  expect(say('latencyP99Ms', 12.3456)).toBe('12,3 ms');
});
