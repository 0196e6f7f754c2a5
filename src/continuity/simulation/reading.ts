/** What is checked when somebody reads: a record that is told as whole has all that the upstream had where the node has read to. */
import { completeness, bucketUnit, patientsLeft } from '../protocol/membership.ts';
import type { FeedEntry } from '../protocol/messages.ts';
import { fillOrder } from '../protocol/serve.ts';
import { bucketOf } from './disk.ts';
import { breaks } from './history.ts';
import { viewFrom, type SimulatedNode } from './node.ts';
import { nodeNamed, type World } from './world.ts';

export function checkRead(world: World, node: SimulatedNode, patient: string): void {
  if (node.facts.upstream === undefined) return;
  const view = viewFrom(node, world);
  const bucket = bucketOf({ patient, resource: '' });
  const isWhole = completeness(view, patient) === 'whole' && view.holding(bucketUnit(bucket))?.state === 'whole';
  const upstream = nodeNamed(world, node.facts.upstream);
  // A restored upstream forgot what we have, and we have not heard of it yet: nothing can be compared.
  if (node.disk.line.epoch !== upstream.disk.epoch) return;
  if (isWhole) {
    checkWhole(world, node, patient, bucket);
    checkMovedAway(world, node, patient);
  } else checkAccessInputsFirst(world, node, patient, bucket);
}

/** What a node's feed tells of a bucket, up to a number, of what it still has. */
function toldIn({ disk }: SimulatedNode, bucket: number, upTo?: number): FeedEntry[] {
  return (disk.feed[bucket] ?? []).slice(0, upTo).filter((entry) => entry !== undefined);
}

function checkWhole(world: World, node: SimulatedNode, patient: string, bucket: number): void {
  const upstream = nodeNamed(world, node.facts.upstream as string);
  const cursor = node.disk.line.cursor.get(bucket) ?? 0;
  for (const { version } of toldIn(upstream, bucket, cursor)) {
    if (version.patient !== patient) continue;
    const known = node.disk.resources.get(version.resource)?.versions;
    if (!known?.has(version.id))
      breaks(
        world.history,
        'I5',
        `${node.instance} tells ${patient} as whole and lacks ${version.resource} ${version.id}`,
      );
    if (version.parents.some((parent) => known?.has(version.id) && !known.has(parent)))
      breaks(
        world.history,
        'I15',
        `${node.instance} has ${version.resource} ${version.id} and not what it builds upon`,
      );
    for (const reference of node.vocabulary.meaning(version).references ?? []) {
      if (!node.disk.resources.has(reference))
        breaks(
          world.history,
          'I15',
          `${node.instance} has ${version.resource} and not ${reference}, which it refers to`,
        );
    }
  }
}

/** What was moved to another patient is shown as this one's no longer, from when the node has read of it. */
function checkMovedAway(world: World, node: SimulatedNode, patient: string): void {
  const upstream = nodeNamed(world, node.facts.upstream as string);
  const above = viewFrom(upstream, world);
  upstream.disk.feed.forEach((_entries, bucket) => {
    for (const { version } of toldIn(upstream, bucket, node.disk.line.cursor.get(bucket) ?? 0)) {
      if (version.patient === patient || version.parents.length === 0) continue;
      const known = node.disk.resources.get(version.resource)?.versions;
      if (known !== undefined && !known.has(version.id) && patientsLeft(above, version).includes(patient))
        breaks(
          world.history,
          'I7',
          `${node.instance} shows ${version.resource} of ${patient}, which ${version.id} moved to ${version.patient}`,
        );
    }
  });
}

/** While a patient is being filled, what decides who may see the rest is there before the rest. */
function checkAccessInputsFirst(world: World, node: SimulatedNode, patient: string, bucket: number): void {
  const holding = node.disk.holdings.get(patient);
  if (holding?.state !== 'filling' || holding.after === undefined || holding.asOf === undefined) return;
  const view = viewFrom(node, world);
  if (fillOrder(view, holding.after.slice(0, holding.after.indexOf('/'))) === 0) return;
  const upstream = nodeNamed(world, node.facts.upstream as string);
  for (const { version, n } of toldIn(upstream, bucket)) {
    if (n > holding.asOf || version.patient !== patient || !node.vocabulary.isAccessInput(version.type)) continue;
    if (!node.disk.resources.has(version.resource))
      breaks(world.history, 'I12', `${node.instance} holds part of ${patient} before ${version.resource}`);
  }
}
