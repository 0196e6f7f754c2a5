/** A simulated region: a region node, two sites, a ward, and the lines between them. Everything that happens is chosen by the step's own chance. */
import { newSession } from '../protocol/exchange.ts';
import type { Answer, Request } from '../protocol/messages.ts';
import type { Rules } from '../protocol/rules.ts';
import type { NodeFacts, Tier } from '../protocol/view.ts';
import { copyOf, emptyDisk, type Disk } from './disk.ts';
import { breaks, newHistory, type History } from './history.ts';
import { bucketUnits, crash, type Faulty, type SimulatedNode, type Surroundings } from './node.ts';
import { createVocabulary, type Known } from './small-vocabulary.ts';

/** A line between a node and its upstream, and what is wrong with it. */
export type Line = { isCut: boolean; losesRequests: boolean; losesAnswers: boolean; loss: number; duplication: number };

export type Message =
  | { kind: 'request'; id: number; from: string; to: string; request: Request }
  | { kind: 'answer'; id: number; from: string; to: string; request: Request; answer: Answer };

export type World = Surroundings & {
  nodes: SimulatedNode[];
  /** By the instance of the lower node. */
  lines: Map<string, Line>;
  messages: Message[];
  history: History;
  step: number;
  clock: number;
  serial: number;
  patients: readonly string[];
  /** Those of them of whom something is written in this run. */
  busy: readonly string[];
  /** By node: what was on its disk, and when, by the world's clock. */
  backups: Map<string, { disk: Disk; at: number }>;
  /** What somebody looked at and has not decided yet: a change that may come late. */
  opened: { node: string; resource: string; parents: string[] }[];
  known: Known;
};

const topology: readonly { name: string; tier: Tier; upstream: string | undefined }[] = [
  { name: 'region', tier: 'region', upstream: undefined },
  { name: 'siteA', tier: 'site', upstream: 'region' },
  { name: 'siteB', tier: 'site', upstream: 'region' },
  { name: 'ward', tier: 'ward', upstream: 'siteA' },
];

const patients = ['p1', 'p2', 'p3'];

export const nodeNames = topology.map(({ name }) => name);

function subtreeOf(name: string): Set<string> {
  const below = topology.filter(({ upstream }) => upstream === name).flatMap((node) => [...subtreeOf(node.name)]);
  return new Set([name, ...below]);
}

const subtrees: ReadonlyMap<string, ReadonlySet<string>> = new Map(nodeNames.map((name) => [name, subtreeOf(name)]));

export function factsOf(name: string, life: number): NodeFacts {
  const { tier, upstream } = topology.find((node) => node.name === name) as (typeof topology)[number];
  const children = topology
    .filter((node) => node.upstream === name)
    .map((node) => ({ name: node.name, tier: node.tier, subtree: subtrees.get(node.name) as ReadonlySet<string> }));
  return {
    name,
    writer: life === 1 ? name : `${name}.${life}`,
    tier,
    upstream,
    subtree: subtrees.get(name) as ReadonlySet<string>,
    children,
  };
}

export function createWorld(rules: Rules, faulty: Faulty, known: Known): World {
  const world: World = {
    rules,
    faulty,
    now: () => world.clock,
    freshToken: () => `token${++world.serial}`,
    note: (invariant, words) => breaks(world.history, invariant, words),
    pageLimit: 3,
    readsAhead: false,
    graceMs: 60_000,
    nodes: [],
    lines: new Map(),
    messages: [],
    history: newHistory(),
    step: 0,
    clock: 1_000_000,
    serial: 0,
    patients,
    busy: patients,
    backups: new Map(),
    opened: [],
    known,
  };
  for (const { name } of topology) {
    const disk = emptyDisk(`epoch-${name}`);
    // A new node must be filled with everything before it may say that anything is all there is.
    if (name !== 'region') for (const unit of bucketUnits) disk.holdings.set(unit, { state: 'filling', since: 0 });
    world.nodes.push(createNode(name, name, disk, world));
    world.lines.set(name, goodLine());
  }
  return world;
}

export function createNode(
  instance: string,
  name: string,
  disk: Disk,
  { faulty, known }: Pick<World, 'faulty' | 'known'>,
): SimulatedNode {
  const joinsEverything = faulty.joinsEverything === true;
  const node: SimulatedNode = {
    instance,
    facts: factsOf(name, disk.line.life),
    disk,
    session: newSession(),
    isUp: true,
    isDiskFull: false,
    clockOffsetMs: 0,
    protocol: 3,
    isStrict: false,
    vocabulary: createVocabulary(
      { protocol: () => node.protocol, isStrict: () => node.isStrict, joinsEverything },
      known,
    ),
    pending: undefined,
    readBelow: new Map(),
    unwritten: [],
  };
  return node;
}

export function goodLine(): Line {
  return { isCut: false, losesRequests: false, losesAnswers: false, loss: 0, duplication: 0 };
}

export function lineOf(world: World, instance: string): Line {
  return world.lines.get(instance) as Line;
}

/** The instance that answers to a name. */
export function nodeNamed(world: World, name: string): SimulatedNode {
  return world.nodes.find(({ facts }) => facts.name === name) as SimulatedNode;
}

/** Sets a node back to an earlier day: a new life, so that its version ids are new, and a new epoch, so that nobody resumes on its numbers. */
export function restore(world: World, node: SimulatedNode, backup: Disk, keepsLife: boolean): void {
  crash(node);
  world.serial++;
  const life = keepsLife ? backup.line.life : node.disk.line.life + 1;
  node.disk = {
    ...copyOf(backup),
    epoch: `${node.facts.name}-${world.serial}`,
    // Whom it spoke with since, it does not know: the next to say hello is believed.
    children: new Map(),
    line: { ...backup.line, life, contact: { confirmed: '', tried: [] } },
  };
  node.facts = factsOf(node.facts.name, life);
  // A restore takes longer than anybody waits for an answer.
  world.messages = world.messages.filter(({ kind, from }) => kind !== 'answer' || from !== node.instance);
  node.isUp = true;
  world.history.restored.add(node.facts.name);
}
