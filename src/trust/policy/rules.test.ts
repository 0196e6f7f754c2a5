import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cases } from './cases/all-test.ts';
import { outcomeOf } from './cases/decide-test.ts';
import { accessRulesPage } from './cases/page-test.ts';
import { reasons } from './reasons.ts';

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

test('the page that people read says what the table says: node tools/access-rules.ts', () => {
  expect(readFileSync(new URL('../../../docs/access-rules.md', import.meta.url), 'utf8')).toBe(accessRulesPage(cases));
});

test('every reason that may be told is said in three languages, and what may not be told tells nothing', () => {
  for (const { isKnown, nb, nn, en } of Object.values(reasons)) {
    for (const sentence of [nb, nn, en]) expect(sentence).toMatch(/^[A-ZÅÆØ].{10,}\.$/);
    if (!isKnown) expect([en, nb]).not.toContainEqual(expect.stringMatching(/block|withheld|child|nekt/i));
  }
});
