import { expect, test } from 'vitest';
import { cases } from './cases/all-test.ts';
import { outcomeOf } from './cases/decide-test.ts';

test('the table has at least 150 rows, refusals and allowances of every law', () => {
  expect(cases.length).toBeGreaterThanOrEqual(150);
  expect(cases.filter(({ outcome }) => 'refused' in outcome).length).toBeGreaterThan(100);
  expect(new Set(cases.map(({ law, says }) => `${law}: ${says}`)).size).toBe(cases.length);
});

test.each(
  cases.map(
    (one) =>
      [
        `${one.says}: ${'refused' in one.outcome ? `refused (${one.outcome.refused})` : `allowed (${one.outcome.allowed})`}`,
        one,
      ] as const,
  ),
)('%s', (_says, one) => {
  expect(outcomeOf(one)).toEqual(one.outcome);
});
