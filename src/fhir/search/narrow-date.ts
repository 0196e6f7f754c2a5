/** Date searches: a whole day or month is one token; other windows are cells that miss nothing, decided by the ranges beside them. */
import type { Interval } from './calendar.ts';
import type { Unit } from './catalog.ts';
import type { Condition } from './condition.ts';
import type { ExtractorParts } from './extract.ts';
import { tokenOf } from './hash.ts';
import * as tests from './index-test.ts';
import type { IndexTest } from './index-test.ts';
import { comparisons, windowOf } from './interval-rules.ts';

type DateParts = Pick<ExtractorParts, 'cells'>;
type DateCondition = Condition & { kind: 'date' };

export function narrowDate({ cells }: DateParts, unit: Unit, { search, byDay }: DateCondition): IndexTest {
  if (search.prefix === 'eq' && byDay) {
    const cell = cells.exactly(search.searched);
    if (cell !== undefined) return tests.tokensTest([tokenOf(unit.seed, cell)]);
  }
  const keys = byDay ? [unit.rangeKey, unit.writtenKey] : [unit.rangeKey];
  const decide: IndexTest = { kind: 'range', keys, rules: comparisons(search), single: unit.path.single, exact: true };
  return tests.allTests([cellsTest({ cells }, unit, windowOf(search)), decide]);
}

/** One of the window's cells; everything when the window has no end or too many cells. */
function cellsTest({ cells }: DateParts, unit: Unit, window: Interval): IndexTest {
  const overlapping = cells.overlapping(window);
  if (overlapping === undefined) return tests.everything;
  return tests.tokensTest(overlapping.map((cell) => tokenOf(unit.seed, cell)));
}

/**
 * `date=ge2024-01-01&date=lt2024-02-01`: each alone has no end, but where an element has at most one value both bound it,
 * and the cells between them are few.
 */
export function narrowDatesTogether(parts: DateParts, conditions: readonly Condition[]): IndexTest[] {
  const bySingleUnit = new Map<Unit, Interval>();
  const bounds = new Map<Unit, number>();
  for (const one of conditions) {
    const unit = one.kind === 'date' && one.uses.length === 1 ? one.uses[0]?.unit : undefined;
    if (one.kind !== 'date' || unit === undefined || !unit.path.single) continue;
    const window = windowOf(one.search);
    // By day, a value may match by the day that it names itself, up to a day away from its instant.
    const slack = one.byDay ? 86_400_000 : 0;
    const known = bySingleUnit.get(unit) ?? { low: -Infinity, high: Infinity };
    bySingleUnit.set(unit, {
      low: Math.max(known.low, window.low - slack),
      high: Math.min(known.high, window.high + slack),
    });
    bounds.set(unit, (bounds.get(unit) ?? 0) + 1);
  }
  return [...bySingleUnit].flatMap(([unit, window]) =>
    (bounds.get(unit) ?? 0) > 1 && window.low <= window.high ? [cellsTest(parts, unit, window)] : [],
  );
}
