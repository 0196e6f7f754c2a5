/** The promises, checked when everything has been put right and nobody has anything left to say. Each finding names its invariant (facts of the design: I1 to I17). */
import { doubleAlertOf, effectiveClaims, reconciliationTaskOf } from '../protocol/arrival.ts';
import { bucketUnit, isMember } from '../protocol/membership.ts';
import { digestOf } from '../protocol/serve.ts';
import { headsOf, isAncestor, isIntact, type ResourceState, type Version } from '../protocol/version.ts';
import { bucketOf } from './disk.ts';
import { breaks, type Acknowledged } from './history.ts';
import { bucketUnits, keysOfUnit, viewFrom, type SimulatedNode } from './node.ts';
import { contentOf, type Content } from './small-vocabulary.ts';
import { nodeNamed, type World } from './world.ts';

export function checkAll(world: World): void {
  const region = nodeNamed(world, 'region');
  for (const write of world.history.acknowledged) checkAcknowledged(world, region, write);
  for (const [resource, state] of region.disk.resources) {
    checkConflicts(world, region, resource, state);
    checkOrder(world, state);
    checkJoined(world, state);
  }
  checkClaims(world, region);
  for (const node of world.nodes) {
    checkIntact(world, node);
    if (node.facts.upstream !== undefined) checkAgreement(world, node);
  }
}

/** I1: it is at the region, or set aside where a person sees it. I3: with the parents that its author saw, and it is current, built upon, or beside with a task. */
function checkAcknowledged(
  world: World,
  region: SimulatedNode,
  { version, tipBefore, node, step }: Acknowledged,
): void {
  const { history } = world;
  const name = `${version.resource} ${version.id}`;
  if (tipBefore !== undefined && !version.parents.includes(tipBefore))
    breaks(
      history,
      'I3',
      `${node} acknowledged ${name}, which did not build on ${tipBefore}, current there at step ${step}`,
    );
  if (history.excused.has(name) || isSetAside(world, version)) return;
  const state = region.disk.resources.get(version.resource);
  const arrived = state?.versions.get(version.id);
  if (!state || !arrived)
    return breaks(history, 'I1', `${name}, acknowledged by ${node} at step ${step}, is not at the region`);
  if (arrived.seal !== version.seal)
    return breaks(history, 'I1', `${name} at the region is another than ${node} acknowledged`);
  if (arrived.parents.join(' ') !== version.parents.join(' '))
    breaks(
      history,
      'I3',
      `${name} was made to build on ${arrived.parents.join(', ')} instead of ${version.parents.join(', ')}`,
    );
  const reachable = headsOf(state).some((head) => isAncestor(state.versions, version.id, head.id));
  if (!reachable) breaks(history, 'I3', `${name} leads nowhere`);
}

function isSetAside(world: World, { resource, id }: Version): boolean {
  return world.nodes.some(({ disk }) =>
    [...disk.setAside.values()].some(({ operation }) =>
      operation.versions.some((v) => v.resource === resource && v.id === id),
    ),
  );
}

/** I3, I17: what is beside the current version has a task, and every task is about versions of which neither saw the other. */
function checkConflicts(world: World, region: SimulatedNode, resource: string, state: ResourceState): void {
  const { versions, tip } = state;
  const tasks = [...versions.values()].filter((version) =>
    region.disk.resources.has(reconciliationTaskOf(region, version)),
  );
  for (const head of headsOf(state)) {
    if (head.id === tip) continue;
    const isAsked = tasks.some(
      ({ id }) => isAncestor(versions, id, head.id) && !isAncestor(versions, id, tip as string),
    );
    if (!isAsked) breaks(world.history, 'I3', `${resource} ${head.id} is beside ${tip}, and nobody is asked to decide`);
  }
  for (const task of tasks) {
    const isConflict = [...versions.keys()].some(
      (id) => !isAncestor(versions, id, task.id) && !isAncestor(versions, task.id, id),
    );
    // What it conflicted with may have been lost with a disk.
    const isLost = [...world.history.excused].some((name) => name.startsWith(`${resource} `));
    if (!isConflict && !isLost)
      breaks(world.history, 'I2', `a task asks about ${resource} ${task.id}, which conflicts with nothing`);
  }
}

/** I3: what was joined without a person differed in nothing but telephone numbers, which are on the table, and tasks, which were done. */
function checkJoined(world: World, { versions }: ResourceState): void {
  const undecided = (content: string): string =>
    JSON.stringify({ ...(JSON.parse(content) as Content), telecom: 0, reconciliation: 0 });
  for (const { id, resource, parents } of versions.values()) {
    if (!id.includes('-merge')) continue;
    const contents = parents
      .map((parent) => versions.get(parent)?.content)
      .filter((content) => typeof content === 'string');
    if (new Set(contents.map(undecided)).size > 1)
      breaks(world.history, 'I3', `${resource} ${id} joined what a person had to decide`);
  }
}

/** I15: no version is dated before what it builds upon, and what it builds upon is there. */
function checkOrder(world: World, { versions }: ResourceState): void {
  for (const version of versions.values()) {
    for (const parent of version.parents) {
      const before = versions.get(parent);
      if (!before && !world.history.excused.has(`${version.resource} ${parent}`))
        breaks(world.history, 'I15', `the region has ${version.resource} ${version.id} and not its parent ${parent}`);
      if (before && before.at >= version.at)
        breaks(world.history, 'I15', `${version.resource} ${version.id} is dated before its parent ${parent}`);
    }
  }
}

/** I6: what may be done once and was done twice has an alert; and its home does not do it twice. */
function checkClaims(world: World, region: SimulatedNode): void {
  for (const key of region.disk.claims.keys()) {
    const effective = effectiveClaims(
      {
        claimsOf: (k) => region.disk.claims.get(k) ?? [],
        resource: (k) => region.disk.resources.get(k),
        vocabulary: region.vocabulary,
      },
      key,
    );
    if (effective.length < 2) continue;
    if (!region.disk.resources.has(doubleAlertOf(region, key)))
      breaks(world.history, 'I6', `${key} is held by ${effective.join(', ')}, and nobody is told`);
    const claims = effective.flatMap((resource) => {
      const head = headsOf(region.disk.resources.get(resource)!)[0];
      return typeof head?.content === 'string' ? [contentOf(head).claim!] : [];
    });
    const atHome = claims.filter(({ isEmergency }) => !isEmergency);
    const home = atHome[0]?.home;
    if (atHome.length > 1 && home !== undefined && !world.history.restored.has(home))
      breaks(world.history, 'I6', `${home} gave ${key} to ${atHome.length}`);
  }
}

/** I9: nothing that is shown is damaged. Of what was superseded, a damaged copy is told as such when it is read; it is mended where the history itself is compared. */
function checkIntact(world: World, node: SimulatedNode): void {
  for (const state of node.disk.resources.values()) {
    for (const version of headsOf(state))
      if (!isIntact(version, node.vocabulary) && !world.history.excused.has(`${version.resource} ${version.id}`))
        breaks(world.history, 'I9', `${node.instance} keeps ${version.resource} ${version.id} damaged`);
  }
}

/** I4: every unit that a node ought to have is equal to upstream's. I16: and it has nothing else. */
function checkAgreement(world: World, node: SimulatedNode): void {
  const doubtful = doubtfulUnits(world);
  const upstream = nodeNamed(world, node.facts.upstream as string);
  const [here, there] = [viewFrom(node, world), viewFrom(upstream, world)];
  const members = world.patients.filter((patient) => isMember(there, patient, node.facts.subtree));
  for (const unit of [...bucketUnits, ...members].filter((one) => !doubtful.has(one))) {
    const isWhole = node.disk.holdings.get(unit)?.state === 'whole';
    if (!isWhole)
      breaks(
        world.history,
        'I4',
        `${node.instance} does not have ${unit} whole: ${JSON.stringify(node.disk.holdings.get(unit))}`,
      );
    const ours = digestOf(here, keysOfUnit(node, here, unit, node.facts));
    if (ours !== digestOf(there, keysOfUnit(upstream, there, unit, node.facts)))
      breaks(
        world.history,
        'I4',
        `${node.instance} and ${upstream.instance} differ in ${unit}: ${differenceOf(node, upstream, unit, world)}`,
      );
  }
  for (const patient of world.patients) {
    if (members.includes(patient) || doubtful.has(patient)) continue;
    // What was moved away from a patient who is held here, or of whom a person must decide, stays with them, as what was.
    const isOfAnother = (key: string): boolean =>
      [...node.disk.resources.get(key)!.versions.values()].some(
        ({ patient: other = '' }) => members.includes(other) || doubtful.has(other),
      );
    const kept = keysOfUnit(node, here, patient, node.facts).filter(
      (key) => !isEverywhere(node, here, key, patient) && !isOfAnother(key),
    );
    if (kept.length > 0)
      breaks(world.history, 'I16', `${node.instance} keeps ${kept.join(', ')} of ${patient} for no reason`);
  }
}

/**
 * Where something is set aside for good (a copy wrote it, under ids that the node gave to others), or the last good copy went with a disk, nodes differ until
 * a person has decided: in every record that any version of the resource is in.
 */
function doubtfulUnits(world: World): Set<string> {
  if (world.history.excused.size === 0 && world.nodes.every(({ disk }) => disk.setAside.size === 0)) return new Set();
  const isLost = ({ resource, id }: Version): boolean => world.history.excused.has(`${resource} ${id}`);
  const resources = new Set(
    world.nodes.flatMap(({ disk, vocabulary }) => [
      ...[...disk.setAside.values()].flatMap(({ operation }) => operation.versions.map(({ resource }) => resource)),
      ...[...disk.resources]
        .filter(([, state]) => headsOf(state).some((head) => isLost(head) && !isIntact(head, vocabulary)))
        .map(([resource]) => resource),
    ]),
  );
  const versions = world.nodes.flatMap(({ disk }) =>
    [...resources].flatMap((resource) => [...(disk.resources.get(resource)?.versions.values() ?? [])]),
  );
  const aside = world.nodes.flatMap(({ disk }) =>
    [...disk.setAside.values()].flatMap(({ operation }) => operation.versions),
  );
  return new Set(
    [...versions, ...aside].flatMap((version) => [bucketUnit(bucketOf(version)), version.patient ?? []].flat()),
  );
}

function isEverywhere(node: SimulatedNode, view: ReturnType<typeof viewFrom>, key: string, patient: string): boolean {
  return keysOfUnit(node, view, bucketUnit(view.bucketOf({ patient, resource: key })), node.facts).includes(key);
}

function differenceOf(node: SimulatedNode, upstream: SimulatedNode, unit: string, world: World): string {
  const keys = new Set([node, upstream].flatMap((one) => keysOfUnit(one, viewFrom(one, world), unit, node.facts)));
  const told = (one: SimulatedNode, key: string): string => {
    const state = one.disk.resources.get(key);
    return state
      ? headsOf(state)
          .map(({ id }) => id)
          .join('+')
      : 'nothing';
  };
  return [...keys]
    .filter((key) => told(node, key) !== told(upstream, key))
    .map((key) => `${key} ${told(node, key)} | ${told(upstream, key)}`)
    .join('; ');
}
