import { expect, test } from 'vitest';
import { alarmsOf } from './alarms.ts';
import type { NumberName, Numbers } from './numbers.ts';

const good: Numbers = {
  upstreamSilentSeconds: 1,
  feedLagSeconds: 0,
  backlog: 3,
  conflicts: 0,
  quarantine: 0,
  doubles: 0,
  paperOpen: 0,
  packAgeMinutes: 9,
  dataFreeShare: 0.5,
  walFreeShare: 0.5,
  certificateDays: 200,
  backupAgeHours: 3,
  clockOffsetUpstreamMs: -300,
  clockOffsetDatabaseMs: 1,
  databaseAnswerMs: 2,
  latencyP99Ms: 40,
  blobsDamaged: 0,
  recordsDamaged: 0,
};

test('a node that is well has no alarm, nor has one of which nothing is known', () => {
  expect(alarmsOf(good)).toEqual([]);
  expect(alarmsOf({})).toEqual([]);
});

const table: readonly (readonly [NumberName, number, 'warning' | 'critical' | undefined])[] = [
  ['upstreamSilentSeconds', 61, 'warning'],
  ['upstreamSilentSeconds', 301, 'critical'],
  ['conflicts', 1, 'warning'],
  ['doubles', 1, 'warning'],
  ['dataFreeShare', 0.15, undefined],
  ['dataFreeShare', 0.14, 'warning'],
  ['dataFreeShare', 0.04, 'critical'],
  ['walFreeShare', 0.04, 'critical'],
  ['certificateDays', 29, 'warning'],
  ['certificateDays', -1, 'critical'],
  ['clockOffsetUpstreamMs', -7_200_000, 'critical'],
  ['clockOffsetUpstreamMs', 7_200_000, 'critical'],
  ['clockOffsetDatabaseMs', -2500, 'warning'],
  ['blobsDamaged', 1, 'critical'],
  ['recordsDamaged', 1, 'critical'],
  ['backupAgeHours', 27, 'warning'],
  ['logUnsealedSeconds', 61, 'warning'],
  ['packAgeMinutes', 31, 'warning'],
];

for (const [number, value, severity] of table) {
  test(`${number} of ${value} is ${severity ?? 'no alarm'}`, () => {
    const [alarm] = alarmsOf({ ...good, [number]: value });
    expect(alarm?.severity).toBe(severity);
    if (alarm) expect(alarm).toMatchObject({ code: number, value });
  });
}

test('the gravest alarm comes first, and each says what it means and what to do in three languages', () => {
  const alarms = alarmsOf({
    conflicts: 1,
    dataFreeShare: 0.01,
    backlog: 20_000,
    scrubAgeHours: 5000,
    blobsSingle: 2000,
  });
  expect(alarms.map(({ code }) => code)[0]).toBe('dataFreeShare');
  for (const { title, care, action } of alarms) {
    for (const words of [title, care, action]) {
      expect(Object.keys(words).sort()).toEqual(['en', 'nb', 'nn']);
      for (const text of Object.values(words)) expect(text).toMatch(/\S/);
    }
  }
});
