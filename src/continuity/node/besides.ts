/** What a node asks when nothing is to be sent, filled or read: whether what it has is equal above, and whether what nobody needs here may go. */
import { vouchMax, type Session, type Wanted } from '../protocol/exchange.ts';
import { isDue, namesToVouch, type Leaving } from '../protocol/purge.ts';
import { rules } from '../protocol/rules.ts';
import type { Unit } from '../protocol/view.ts';
import * as graph from './graph-store.ts';
import { graceMsDefault, type Held, type SyncNodeDeps } from './held.ts';
import * as line from './line-store.ts';
import { readPlaces } from './place-store.ts';
import { bucketOfUnit, digestsOfUnits } from './units.ts';

/** What everybody has is compared once a day; patients also when the line is back, but not each time when it comes and goes. */
const allEveryMs = 24 * 3_600_000;
const patientsEveryMs = 10 * 60_000;
/** Units in one question, and how many resources are looked at for it. */
const unitsMax = 256;
const resourcesMax = 5000;

export type Besides = Pick<Wanted, 'leaving' | 'compare'> & { isAllCompared?: boolean };

/** The next question of these, for a session that is idle. */
export async function besides(node: SyncNodeDeps, held: Held, session: Session): Promise<Besides> {
  const leaving = await leavingNext(node, held);
  if (leaving) return { leaving };
  return compareNext(node, held, session);
}

async function leavingNext(node: SyncNodeDeps, held: Held): Promise<Wanted['leaving']> {
  const { db, loaded } = held;
  const graceMs = node.graceMs ?? graceMsDefault;
  for (const [patient, { state }] of loaded.holdings()) {
    if (state !== 'leaving' || !(await loaded.decide((view) => isDue(view, patient, 0, graceMs, rules)))) continue;
    if ((await line.countUnsent(db, patient)) > 0) continue;
    const leaving = await leavingOf(held, patient);
    const names = await loaded.decide((view) => namesToVouch(view, leaving, vouchMax));
    if (names) return { patient, names };
  }
  return undefined;
}

/** A patient who leaves, as it lies here now. */
export async function leavingOf({ db, loaded, readBelow }: Held, patient: Unit): Promise<Leaving> {
  const keys = await graph.readKeys(db, bucketOfUnit(patient), patient);
  await loaded.prepare(keys.map((resource) => ({ resource, patient })));
  const taken = await line.readTaken(db, patient);
  const unsent = await line.countUnsent(db, patient);
  const told = readBelow.size === 0 ? [] : await graph.readLastTold(db, await readPlaces(db, keys));
  const isReadBelow = (child: string, resource: string): boolean => {
    const cursor = readBelow.get(child);
    return (
      cursor !== undefined && told.every((one) => one.resource !== resource || (cursor.get(one.bucket) ?? 0) >= one.n)
    );
  };
  return { patient, keys, unsent, isReadBelow, isTaken: (resource, version) => taken.has(`${resource} ${version}`) };
}

async function compareNext(node: SyncNodeDeps, { db, loaded, line: own }: Held, session: Session): Promise<Besides> {
  const now = node.clock.now();
  const isAll = now - own.comparedAll >= allEveryMs;
  if (isAll) session.comparing ??= { after: undefined };
  if (session.comparing === undefined) return {};
  const { after } = session.comparing;
  const isJustDone = after === undefined && !isAll && now - own.comparedPatients < patientsEveryMs;
  const units = isJustDone ? [] : unitsAfter(loaded, after, isAll);
  if (units.length === 0) {
    session.comparing = undefined;
    if (!isJustDone) await line.putCompared(db, now, isAll);
    return isAll ? { isAllCompared: true } : {};
  }
  return { compare: await digestsOfUnits(db, loaded, units, node.facts, resourcesMax) };
}

function unitsAfter(loaded: Held['loaded'], after: Unit | undefined, isAll: boolean): Unit[] {
  return [...loaded.holdings()]
    .filter(
      ([unit, { state, isStuck }]) => (state === 'whole' || isStuck) && (isAll || !unit.startsWith('#') || isStuck),
    )
    .map(([unit]) => unit)
    .sort()
    .filter((unit) => after === undefined || unit > after)
    .slice(0, unitsMax);
}
