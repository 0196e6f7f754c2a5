/**
 * R4's prefixes on ranges (search.html#prefix): how a stored range [low, high] stands to a searched one. The same table decides in memory
 * (`intervalMatches`) and, as two comparisons, in the database (`comparisons`).
 */
import type { Interval } from './calendar.ts';

export const prefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
export type Prefix = (typeof prefixes)[number];

export type IntervalSearch = {
  prefix: Prefix;
  /** Dates: the searched interval. Numbers: what the digits imply, used by `eq` and `ne` only. */
  searched: Interval;
  /** Numbers: the exact number that the other prefixes compare with. Dates have none. */
  exact?: number;
  /** `ap`: the searched interval, widened by a tenth. */
  around: Interval;
};

export type Comparison = { bound: 'low' | 'high'; operator: '<' | '<=' | '>' | '>='; than: number };

/** A disjunction of conjunctions over the stored range's two bounds. */
export type Comparisons = Comparison[][];

const low = (operator: Comparison['operator'], than: number): Comparison => ({ bound: 'low', operator, than });
const high = (operator: Comparison['operator'], than: number): Comparison => ({ bound: 'high', operator, than });

/** What a stored range must satisfy. Dates are open above, numbers closed, so the two differ in their edges. */
export function comparisons(search: IntervalSearch): Comparisons {
  return search.exact === undefined ? dateComparisons(search) : numberComparisons(search, search.exact);
}

function dateComparisons({ prefix, searched, around }: IntervalSearch): Comparisons {
  switch (prefix) {
    case 'eq':
      return [[low('>=', searched.low), high('<=', searched.high)]];
    case 'ne':
      return [[low('<', searched.low)], [high('>', searched.high)]];
    case 'gt':
      return [[high('>', searched.high)]];
    case 'lt':
      return [[low('<', searched.low)]];
    case 'ge':
      return [[high('>', searched.high)], [low('>=', searched.low), high('<=', searched.high)]];
    case 'le':
      return [[low('<', searched.low)], [low('>=', searched.low), high('<=', searched.high)]];
    case 'sa':
      return [[low('>=', searched.high)]];
    case 'eb':
      return [[high('<=', searched.low)]];
    case 'ap':
      return [[low('<', around.high), high('>', around.low)]];
  }
}

function numberComparisons({ prefix, searched, around }: IntervalSearch, exact: number): Comparisons {
  switch (prefix) {
    case 'eq':
      return [[low('>=', searched.low), high('<', searched.high)]];
    case 'ne':
      return [[low('<', searched.low)], [high('>=', searched.high)]];
    case 'gt':
      return [[high('>', exact)]];
    case 'lt':
      return [[low('<', exact)]];
    case 'ge':
      return [[high('>=', exact)]];
    case 'le':
      return [[low('<=', exact)]];
    case 'sa':
      return [[low('>', exact)]];
    case 'eb':
      return [[high('<', exact)]];
    case 'ap':
      return [[low('<=', around.high), high('>=', around.low)]];
  }
}

/** True when the stored range satisfies the search. */
export function intervalMatches(stored: Interval, search: IntervalSearch): boolean {
  return satisfies(stored, comparisons(search));
}

/** True when the stored range satisfies all of one of the lists. */
export function satisfies(stored: Interval, rules: Comparisons): boolean {
  return rules.some((all) => all.every(({ bound, operator, than }) => compare(stored[bound], operator, than)));
}

function compare(left: number, operator: Comparison['operator'], right: number): boolean {
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

/**
 * The window that every match overlaps or borders, where the search bounds one on that side: used to pick date cells.
 * `ne` bounds nothing.
 */
export function windowOf({ prefix, searched, around }: IntervalSearch): Interval {
  switch (prefix) {
    case 'eq':
      return searched;
    case 'gt':
    case 'sa':
      return { low: searched.high, high: Infinity };
    case 'ge':
      return { low: searched.low, high: Infinity };
    case 'lt':
    case 'eb':
      return { low: -Infinity, high: searched.low };
    case 'le':
      return { low: -Infinity, high: searched.high };
    case 'ap':
      return around;
    case 'ne':
      return { low: -Infinity, high: Infinity };
  }
}
