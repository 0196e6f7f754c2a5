/** The resources of a unit (a patient, or a bucket of what everybody has) as they lie here. */
import type { Db } from '#kernel/db.ts';
import { digestOf, fillOrder, isFilledWith, isOfUnit } from '../protocol/serve.ts';
import { headsOf } from '../protocol/version.ts';
import type { Child, Unit, View } from '../protocol/view.ts';
import * as graph from './graph-store.ts';
import { bucketOf, type Loaded } from './loading.ts';

export function bucketOfUnit(unit: Unit): number {
  return unit.startsWith('#') ? Number(unit.slice(1)) : bucketOf({ patient: unit, resource: unit });
}

/** The resources that are filled with a unit, in the order of a fill. */
export async function keysOfUnit(
  db: Db,
  loaded: Loaded,
  unit: Unit,
  child: Pick<Child, 'tier' | 'subtree'>,
): Promise<string[]> {
  const patient = unit.startsWith('#') ? undefined : unit;
  const among = await graph.readKeys(db, bucketOfUnit(unit), patient);
  await loaded.prepare(among.map((resource) => ({ resource, patient })));
  return loaded.decide((view) =>
    among
      .filter((key) => {
        const state = view.resource(key);
        return state !== undefined && isFilledWith(view, state, child, unit);
      })
      .sort((a, b) => (precedes(view, a, b) ? -1 : 1)),
  );
}

/** What is compared of a unit: the versions that nobody has built upon of those resources that are the child's now. */
export async function digestOfUnit(
  db: Db,
  loaded: Loaded,
  unit: Unit,
  child: Pick<Child, 'tier' | 'subtree'>,
): Promise<string> {
  const patient = unit.startsWith('#') ? undefined : unit;
  const among = await graph.readKeys(db, bucketOfUnit(unit), patient);
  await loaded.prepare(among.map((resource) => ({ resource, patient })));
  return loaded.decide((view) => {
    const keys = among.filter((key) => {
      const state = view.resource(key);
      return state !== undefined && headsOf(state).some((head) => isOfUnit(view, head, child, unit));
    });
    return digestOf(view, keys);
  });
}

export function precedes(view: View, one: string, other: string): boolean {
  const order = (key: string): number => fillOrder(view, key.slice(0, key.indexOf('/')));
  return order(one) < order(other) || (order(one) === order(other) && one < other);
}
