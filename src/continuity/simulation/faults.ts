/** What can go wrong, each a step of its own: it begins, goes on, and ends when another step ends it or everything is put right. Named as in the fault matrix. */
import { keepSentMs } from '../protocol/keeping.ts';
import { headsOf, type Version } from '../protocol/version.ts';
import { copyOf, type Disk } from './disk.ts';
import { counted } from './history.ts';
import { crash, type SimulatedNode } from './node.ts';
import type { Random } from './random.ts';
import { createNode, goodLine, lineOf, nodeNamed, restore, type World } from './world.ts';

export type Fault = (world: World, node: SimulatedNode, random: Random) => void;

const clockErrorMs = 7_200_000;

const isLower = ({ facts }: SimulatedNode): boolean => facts.upstream !== undefined;

export const faults: Readonly<Record<string, Fault>> = {
  /** F1: the line is cut, and comes back. */
  cut(world, node) {
    const line = world.lines.get(node.instance);
    if (line && isLower(node)) line.isCut = !line.isCut;
  },
  /** F2: one direction only; F4: what was answered is lost after it was done. */
  oneWay(world, node, random) {
    if (!isLower(node)) return;
    const line = lineOf(world, node.instance);
    if (random.chance(0.5)) line.losesRequests = !line.losesRequests;
    else line.losesAnswers = !line.losesAnswers;
  },
  /** F3: loss, doubling and another order on the way. */
  poorLine(world, node, random) {
    if (isLower(node))
      Object.assign(lineOf(world, node.instance), { loss: random.below(4) / 10, duplication: random.below(5) / 10 });
  },
  /** F5, F6: killed between any two things that are durable, and started again. */
  crash(_world, node) {
    if (node.isUp) crash(node);
    else node.isUp = true;
  },
  /** F7: asleep, with all it had in memory, and awake again with an old view of the world. */
  pause(_world, node) {
    node.isUp = !node.isUp;
  },
  /** F8. */
  diskFull(_world, node) {
    node.isDiskFull = !node.isDiskFull;
  },
  /** F10, F22: bytes of a version change where they lie. Of one that region and sites all have: the only copy can't be mended. */
  rot(world, node, random) {
    const candidates = [...node.disk.resources.values()]
      .flatMap((state) => headsOf(state))
      .filter((version) => isCommon(node, version) && isElsewhere(world, node, version));
    if (candidates.length === 0) return;
    const version = random.pick(candidates);
    const damaged = { ...version, content: `${version.content as string} ` };
    const state = node.disk.resources.get(version.resource)!;
    node.disk.resources.set(version.resource, { ...state, versions: new Map(state.versions).set(version.id, damaged) });
    for (const entries of node.disk.feed)
      entries.forEach((entry, i) => {
        if (entry?.version === version) entries[i] = { ...entry, version: damaged };
      });
    counted(world.history, 'damaged');
  },
  /** F14: two hours wrong, either way, or right again. */
  clock(_world, node, random) {
    node.clockOffsetMs = random.pick([0, clockErrorMs, -clockErrorMs]);
  },
  /** What was sent long ago may be forgotten. */
  aMonth(world) {
    world.clock += keepSentMs;
  },
  /** F16: set back to an earlier day; the backup is taken by the same fault, earlier. */
  restore(world, node, random) {
    const backup = world.backups.get(node.facts.name);
    if (!backup || random.chance(0.5)) {
      world.backups.set(node.facts.name, { disk: copyOf(node.disk), at: world.clock });
      return;
    }
    if (node.instance !== node.facts.name) return;
    excuseWhatIsNowhereElse(world, node, backup);
    restore(world, node, backup.disk, world.faulty.keepsNameAfterRestore === true);
    counted(world.history, 'restored');
  },
  /** F18: a node goes back to the protocol version before, or forward. */
  upgrade(_world, node) {
    node.protocol = node.protocol === 3 ? 2 : 3;
  },
  /** F23: an image of the node is started a second time. Of one with nobody below it. */
  copy(world, node) {
    if (
      node.facts.children.length > 0 ||
      !isLower(node) ||
      world.nodes.some(({ instance }) => instance.endsWith('-copy'))
    )
      return;
    const copy = createNode(`${node.facts.name}-copy`, node.facts.name, copyOf(node.disk), world);
    copy.protocol = node.protocol;
    world.nodes.push(copy);
    world.lines.set(copy.instance, goodLine());
    world.history.restored.add(node.facts.name);
    counted(world.history, 'copied');
  },
};

function isCommon({ facts, vocabulary }: SimulatedNode, { type, patient, content }: Version): boolean {
  return facts.tier !== 'ward' && typeof content === 'string' && (patient === undefined || vocabulary.isSummary(type));
}

/** True when upstream or a site below has the same version, undamaged. A ward may purge its copy first; of two under one name one is taken away. */
function isElsewhere(world: World, node: SimulatedNode, version: Version): boolean {
  const near = world.nodes.filter(
    ({ facts: { name, tier, upstream } }) =>
      (name === node.facts.upstream || upstream === node.facts.name) &&
      tier !== 'ward' &&
      !world.history.restored.has(name),
  );
  return near.some(
    ({ disk }) => disk.resources.get(version.resource)?.versions.get(version.id)?.content === version.content,
  );
}

/**
 * What was on this disk, is not on the backup and nowhere else: when a disk is lost, that is lost with it, and is told as such. But what came from a node
 * below since the backup, that node must have kept for as long as it promised.
 */
function excuseWhatIsNowhereElse(world: World, node: SimulatedNode, backup: { disk: Disk; at: number }): void {
  const remaining = [{ disk: backup.disk }, ...world.nodes.filter((other) => other !== node)];
  const isRecent = world.clock - backup.at < keepSentMs - 2 * clockErrorMs;
  const promised = new Set(
    world.history.acknowledged
      .filter((write) => isRecent && isKeptBelow(world, node, write.node))
      .map(({ version }) => version.seal),
  );
  for (const version of versionsOn(node.disk)) {
    if (!promised.has(version.seal) && !remaining.some((other) => hasVersion(other, version)))
      world.history.excused.add(`${version.resource} ${version.id}`);
  }
}

/** True when `writer` is below the node, and neither it nor any between has lost a disk. */
function isKeptBelow(world: World, node: SimulatedNode, writer: string): boolean {
  for (let name: string | undefined = writer; name !== node.facts.name; name = nodeNamed(world, name).facts.upstream) {
    if (name === undefined || world.history.restored.has(name)) return false;
    if (nodeNamed(world, name).facts.upstream === undefined) return false;
  }
  return writer !== node.facts.name;
}

/** Those of the record, and those that are only passed on, or set aside. */
function versionsOn({ resources, outbox, setAside }: Disk): Version[] {
  const passedOn = [...outbox.values(), ...setAside.values()].flatMap(({ operation }) => operation.versions);
  return [...[...resources.values()].flatMap(({ versions }) => [...versions.values()]), ...passedOn];
}

function hasVersion({ disk }: { disk: Disk }, { resource, id, seal, content }: Version): boolean {
  const known = disk.resources.get(resource)?.versions.get(id);
  // A damaged copy is none, and so is one without content.
  if (known?.seal === seal && known.content === content) return true;
  const operations = [...disk.outbox.values(), ...disk.setAside.values()].map(({ operation }) => operation);
  return operations.some(({ versions }) =>
    versions.some((version) => version.resource === resource && version.id === id && version.seal === seal),
  );
}

/** Everything is put right again: what the checks are made after. */
export function putRight(world: World): void {
  for (const node of world.nodes) {
    Object.assign(node, { isUp: true, isDiskFull: false, clockOffsetMs: 0, protocol: 3, isStrict: false });
    for (const [unit, holding] of node.disk.holdings)
      if (holding.isStuck) node.disk.holdings.set(unit, { state: 'filling', since: holding.since });
    node.pending = undefined;
    node.session = { ...node.session, isWelcome: false };
  }
  for (const instance of world.lines.keys()) world.lines.set(instance, goodLine());
  world.messages = [];
  nodeNamed(world, 'region').isStrict = false;
}
