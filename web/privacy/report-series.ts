/** The report's counts as lines over the weeks. Pure. */
import type { AccessCount, WeeklyReport } from '#trust/access-log/contract.ts';

export type Series = { name: string; values: readonly number[] };

/** How many lines one picture has at most; the rest is one line more. */
const linesMost = 5;
/** What opens, writes or hands out a record. */
const touches: readonly AccessCount['kind'][] = ['read', 'write', 'share'];

type Counted = { week: string; count: number };

const along = (weeks: readonly string[], counts: readonly Counted[]): number[] =>
  weeks.map((week) => counts.reduce((sum, one) => sum + (one.week === week ? one.count : 0), 0));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function grouped(weeks: readonly string[], counts: readonly AccessCount[], of: (one: AccessCount) => string): Series[] {
  const names = [...new Set(counts.map(of))];
  return names
    .map((name) => ({
      name,
      values: along(
        weeks,
        counts.filter((one) => of(one) === name),
      ),
    }))
    .toSorted((a, b) => sum(b.values) - sum(a.values));
}

/** Records opened, written or handed out, by who did it; those with the most first, `others` the rest. */
export function byRole({ weeks, accesses }: WeeklyReport, others: string): Series[] {
  const touched = accesses.filter(({ kind, outcome }) => touches.includes(kind) && outcome === 'allowed');
  const all = grouped(weeks, touched, ({ roleWords }) => roleWords);
  if (all.length <= linesMost + 1) return all;
  const rest = all.slice(linesMost);
  return [
    ...all.slice(0, linesMost),
    { name: others, values: weeks.map((_, at) => sum(rest.map(({ values }) => values[at] ?? 0))) },
  ];
}

/** All that went well, by what was done. */
export function byKind({ weeks, accesses }: WeeklyReport, say: (kind: AccessCount['kind']) => string): Series[] {
  return grouped(
    weeks,
    accesses.filter(({ outcome }) => outcome === 'allowed'),
    ({ kind }) => say(kind),
  );
}

/** What was refused, and what went wrong. */
export function byOutcome({ weeks, accesses }: WeeklyReport, say: (outcome: 'refused' | 'failed') => string): Series[] {
  return (['refused', 'failed'] as const).map((outcome) => ({
    name: say(outcome),
    values: along(
      weeks,
      accesses.filter((one) => one.outcome === outcome),
    ),
  }));
}

export type CaseLine = 'broken' | 'opened' | 'closed' | 'late';

/** Broken glasses, and the cases of a kind: opened, closed, late. */
export function ofCases(
  { weeks, brokenGlass, cases }: WeeklyReport,
  kind: 'break-glass' | 'wrong-access',
  say: (line: CaseLine) => string,
): Series[] {
  const own = cases.filter((one) => one.kind === kind);
  const lines = (['opened', 'closed', 'late'] as const).map((line) => ({
    name: say(line),
    values: along(
      weeks,
      own.map((one) => ({ week: one.week, count: one[line] })),
    ),
  }));
  return kind === 'break-glass' ? [{ name: say('broken'), values: along(weeks, brokenGlass) }, ...lines] : lines;
}

export function ofUnusual({ weeks, unusual }: WeeklyReport, name: string): Series[] {
  return [{ name, values: along(weeks, unusual) }];
}
