/** The limits of an access as a condition of the search, so that SQL finds what `outside` lets through, and nothing else. Pure. */
import { all, any, type Condition } from '#fhir/search/condition.ts';
import type { Limits } from './decision.ts';

const not = (of: Condition): Condition => ({ kind: 'not', of });
const ofTypes = (types: readonly string[]): Condition => ({ kind: 'types', types });

/** @param asked the types in question; what concerns others is left out. Undefined: all. */
export function conditionOf(limits: Limits, asked: readonly string[] | undefined): Condition {
  const { types, withoutTypes, withoutLabels, without, confidential, flags, shared, only } = limits;
  const isAsked = (type: string): boolean => asked === undefined || asked.includes(type);
  const closedTypes = withoutTypes.filter(isAsked);
  const closed = [...without, ...confidential].filter((name) => isAsked(name.slice(0, name.indexOf('/'))));
  return all([
    ...(types === undefined ? [] : [ofTypes(types)]),
    ...(only === undefined ? [] : [named(only)]),
    ...(closedTypes.length === 0 ? [] : [not(ofTypes(closedTypes))]),
    ...(flags === undefined || !isAsked('Flag') ? [] : [any([not(ofTypes(['Flag'])), ofIds('Flag', flags)])]),
    ...(withoutLabels.length === 0 ? [] : [not({ kind: 'labelled', labels: withoutLabels })]),
    ...(closed.length === 0 ? [] : [not(named(closed))]),
    ...(shared === undefined ? [] : [any([not({ kind: 'shared' }), named(shared)])]),
  ]);
}

/** One of these: `Type/id`. */
export function named(names: readonly string[]): Condition {
  const byType = new Map<string, string[]>();
  for (const name of names) {
    const at = name.indexOf('/');
    const type = name.slice(0, at);
    byType.set(type, [...(byType.get(type) ?? []), name.slice(at + 1)]);
  }
  return any([...byType].map(([type, ids]) => ofIds(type, [...new Set(ids)])));
}

function ofIds(type: string, ids: readonly string[]): Condition {
  return ids.length === 0 ? { kind: 'nothing' } : { kind: 'all', of: [ofTypes([type]), { kind: 'id', ids }] };
}
