import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AccessCount, WeeklyReport } from '#trust/access-log/contract.ts';
import { byKind, byOutcome, byRole, ofCases } from './report-series.ts';

const weeks = ['2026-11-09', '2026-11-16', '2026-11-23'];
const empty: WeeklyReport = { weeks, accesses: [], brokenGlass: [], unusual: [], cases: [], openNow: 0, lateNow: 0 };
const counts = fc.array(
  fc.record({
    week: fc.constantFrom(...weeks),
    role: fc.constant('x'),
    roleWords: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    kind: fc.constantFrom<AccessCount['kind'][]>('read', 'write', 'share', 'log', 'sign-in', 'control'),
    outcome: fc.constantFrom<AccessCount['outcome'][]>('allowed', 'refused', 'failed'),
    count: fc.nat(1000),
  }),
);
const total = (series: readonly { values: readonly number[] }[]): number =>
  series.flatMap(({ values }) => [...values]).reduce((sum, value) => sum + value, 0);
const of = (accesses: readonly AccessCount[], fits: (one: AccessCount) => boolean): number =>
  accesses.filter(fits).reduce((sum, { count }) => sum + count, 0);

test('no count is lost or told twice, however many roles there are', () => {
  fc.assert(
    fc.property(counts, (accesses) => {
      const report = { ...empty, accesses };
      const roles = byRole(report, 'others');
      expect(roles.length).toBeLessThanOrEqual(6);
      const touched = of(accesses, (one) => one.outcome === 'allowed' && ['read', 'write', 'share'].includes(one.kind));
      expect(total(roles)).toBe(touched);
      expect(total(byKind(report, (kind) => kind))).toBe(of(accesses, ({ outcome }) => outcome === 'allowed'));
      expect(total(byOutcome(report, (one) => one))).toBe(of(accesses, ({ outcome }) => outcome !== 'allowed'));
    }),
  );
});

test('broken glasses stand beside the cases that they opened', () => {
  const report = {
    ...empty,
    brokenGlass: [{ week: '2026-11-23', count: 2 }],
    cases: [{ week: '2026-11-23', kind: 'break-glass' as const, opened: 2, closed: 1, late: 0 }],
  };
  expect(ofCases(report, 'break-glass', (line) => line)).toEqual([
    { name: 'broken', values: [0, 0, 2] },
    { name: 'opened', values: [0, 0, 2] },
    { name: 'closed', values: [0, 0, 1] },
    { name: 'late', values: [0, 0, 0] },
  ]);
  expect(ofCases(report, 'wrong-access', (line) => line)).toHaveLength(3);
});
