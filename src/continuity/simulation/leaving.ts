/** The patients whose time at a simulated node is over. */
import { vouchMax, type Wanted } from '../protocol/exchange.ts';
import { isDue, namesToVouch, type Leaving } from '../protocol/purge.ts';
import type { Operation, Unit } from '../protocol/view.ts';
import { viewOf, waitingOperationsOf } from './disk.ts';
import type { SimulatedNode, Surroundings } from './node.ts';

export function leavingOf(node: SimulatedNode, patient: Unit): Leaving {
  const { outbox, keysOfPatient } = node.disk;
  return {
    patient,
    keys: [...(keysOfPatient.get(patient) ?? [])],
    unsent: unsentOf(node, patient),
    isReadBelow: (child, resource) => {
      const cursor = node.readBelow.get(child);
      return node.disk.feed.every((entries, bucket) => {
        const last = entries.findLastIndex((entry) => entry?.version.resource === resource);
        return (cursor?.get(bucket) ?? 0) > last;
      });
    },
    isTaken(resource, version) {
      for (const { operation, state } of outbox.values())
        if (state !== 'waiting' && operation.versions.some((one) => one.resource === resource && one.id === version))
          return true;
      return false;
    },
  };
}

/** A patient whose time here is over, with what the node above is to be asked. */
export function leavingNext(node: SimulatedNode, world: Surroundings): Pick<Wanted, 'leaving'> {
  if (!world.rules.asksBeforePurge) return {};
  for (const [unit, { state }] of node.disk.holdings) {
    if (state !== 'leaving') continue;
    const view = viewOf(node.disk, node.facts, world.now() + node.clockOffsetMs, node.vocabulary);
    const leaving = leavingOf(node, unit);
    if (!isDue(view, unit, leaving.unsent, world.graceMs, world.rules)) continue;
    const names = namesToVouch(view, leaving, vouchMax);
    if (names) return { leaving: { patient: unit, names } };
  }
  return {};
}

export function unsentOf({ disk }: SimulatedNode, patient: string): number {
  const concernsPatient = ({ versions }: Operation): boolean => versions.some((version) => version.patient === patient);
  let unsent = 0;
  for (const operation of waitingOperationsOf(disk)) if (concernsPatient(operation)) unsent++;
  for (const { operation } of disk.setAside.values()) if (concernsPatient(operation)) unsent++;
  return unsent;
}
