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

/**
 * What is compared of units, one after the other so that memory holds one: the versions that nobody has built upon of those resources that are the child's
 * now. Ends early when it has looked at `limit` resources.
 */
export async function digestsOfUnits(
  db: Db,
  loaded: Loaded,
  units: readonly Unit[],
  child: Pick<Child, 'tier' | 'subtree'>,
  limit = Number.POSITIVE_INFINITY,
): Promise<Map<Unit, string>> {
  const heads = await graph.readSyncHeads(db);
  const digests = new Map<Unit, string>();
  let looked = 0;
  for (const unit of units) {
    if (looked >= limit) break;
    const patient = unit.startsWith('#') ? undefined : unit;
    const isEmpty = !heads.has(bucketOfUnit(unit));
    const among = isEmpty ? [] : await graph.readKeys(db, bucketOfUnit(unit), patient);
    looked += among.length;
    await loaded.prepare(among.map((resource) => ({ resource, patient })));
    digests.set(unit, await loaded.decide((view) => digestOf(view, keysCompared(view, among, child, unit))));
    loaded.drop();
  }
  return digests;
}

function keysCompared(
  view: View,
  among: readonly string[],
  child: Pick<Child, 'tier' | 'subtree'>,
  unit: Unit,
): string[] {
  return among.filter((key) => {
    const state = view.resource(key);
    return state !== undefined && headsOf(state).some((head) => isOfUnit(view, head, child, unit));
  });
}

export function precedes(view: View, one: string, other: string): boolean {
  const order = (key: string): number => fillOrder(view, key.slice(0, key.indexOf('/')));
  return order(one) < order(other) || (order(one) === order(other) && one < other);
}
