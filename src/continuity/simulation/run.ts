/** One run: from a seed, a list of steps, each with a chance of its own, so that a failing run can be made shorter by leaving steps out. */
import { checkAll } from './checks.ts';
import { faults, putRight } from './faults.ts';
import { breaks } from './history.ts';
import { housekeep } from './housekeeping.ts';
import { persist, viewFrom, type Faulty, type SimulatedNode } from './node.ts';
import { createRandom, type Random } from './random.ts';
import { sendAllOf } from '../protocol/apply.ts';
import { createDraft } from '../protocol/draft.ts';
import { rules, type Rules } from '../protocol/rules.ts';
import { copyOf, sendAllAgain, type Disk } from './disk.ts';
import { compare, deliver, isQuiet, isUpToDate, takeTurn } from './traffic.ts';
import { newKnown, type Known } from './small-vocabulary.ts';
import { createWorld, nodeNamed, type World } from './world.ts';
import { seedRecord, works } from './workload.ts';
import type { Effect } from '../protocol/effects.ts';

/** Where every run begins: a region with a record, and its nodes filled. Made once, copied for each run. */
export type Start = { disks: ReadonlyMap<string, Disk>; clock: number; serial: number; known: Known };

export type RunOptions = {
  rules: Rules;
  faulty: Faulty;
  /** How many steps, instead of as many as the seed says. */
  steps?: number;
  start: Start;
  without?: ReadonlySet<number>;
  /** Note what each step does. */
  tells?: boolean;
};

export type Outcome = {
  broken: ReadonlyMap<string, string>;
  counts: ReadonlyMap<string, number>;
  /** What each step did, for reading, when that was asked for. */
  told: string[];
};

export function prepare(): Start {
  const known = newKnown();
  const world = createWorld(rules, {}, known);
  seedRecord(world, nodeNamed(world, 'region'));
  world.pageLimit = 100;
  settleDown(world, createRandom(0));
  return {
    disks: new Map(world.nodes.map(({ instance, disk }) => [instance, disk])),
    clock: world.clock,
    serial: world.serial,
    known,
  };
}

/** A world as every run begins with. */
export function begin({ rules: chosen, faulty, start }: RunOptions): World {
  const world = createWorld(chosen, faulty, start.known);
  for (const node of world.nodes) node.disk = copyOf(start.disks.get(node.instance) as Disk);
  Object.assign(world, { clock: start.clock, serial: start.serial });
  nodeNamed(world, 'region').isStrict = true;
  return world;
}

/** Most runs are short and about one patient, since a promise is broken by few steps that meet; now and then one is long, and about several. */
export function stepsOf(seed: number): number {
  return [40, 40, 80, 40, 80, 40, 150, 40, 80, 300][seed % 10] as number;
}

/** Runs a seed: chaos for so many steps, then everything is put right, and when all is quiet the promises are checked. */
export function run(seed: number, options: RunOptions): Outcome {
  const world = begin(options);
  world.readsAhead = seed % 4 === 3;
  const told: string[] = [];
  const chosen = chooseKinds(createRandom(seed));
  const steps = options.steps ?? stepsOf(seed);
  if (steps < 150) world.busy = [world.patients[seed % 3] as string];
  for (let step = 1; step <= steps; step++) {
    world.step = step;
    if (options.without?.has(step)) continue;
    const did = takeStep(world, chosen, createRandom(seed * 7919 + step));
    if (options.tells) told.push(`${step}: ${did}`);
  }
  end(world, createRandom(seed), chosen.faults.includes('rot'));
  return { broken: world.history.broken, counts: world.history.counts, told };
}

/** Everything is put right, and everybody talks until all is quiet; where bytes were damaged, they compare what they have. */
export function end(world: World, random: Random, compares: boolean): void {
  putRight(world);
  world.pageLimit = 100;
  settleDown(world, random);
  removeCopies(world, random);
  for (let round = 0; compares && round < 3; round++) {
    for (const node of world.nodes) compare(world, node);
    settleDown(world, random);
  }
  // Past the time of grace, also for a node whose clock was two hours ahead when it began. What one below hands up, since the node above it was set back and
  // let go of the patient first, stays there for another such time.
  for (let round = 0; round < 2 && (round === 0 || world.nodes.some(hasLeaving)); round++) {
    world.clock += 7_200_000 + 10 * world.graceMs;
    for (const node of world.nodes) housekeep(node, world);
    if (!settleDown(world, random)) breaks(world.history, 'I4', notQuiet(world));
  }
  checkAll(world);
}

function hasLeaving({ disk }: SimulatedNode): boolean {
  for (const { state } of disk.holdings.values()) if (state === 'leaving') return true;
  return false;
}

type Kinds = { faults: string[]; works: string[]; calm: number };

/** Each run has some of the faults and most of the work: what hides behind others is found where they are absent. */
function chooseKinds(random: Random): Kinds {
  return {
    faults: Object.keys(faults).filter(() => random.chance(0.35)),
    works: Object.keys(works).filter(() => random.chance(0.7)),
    calm: random.below(3),
  };
}

function takeStep(world: World, { faults: faultKinds, works: workKinds, calm }: Kinds, random: Random): string {
  world.clock += random.below(3000);
  const dice = random.below(100);
  if (dice < 35) {
    const which = random.chance(0.7) ? 0 : random.below(Math.max(1, world.messages.length));
    deliver(world, random, which);
    return 'a message';
  }
  const node = random.pick(world.nodes);
  if (dice < 65) {
    takeTurn(world, node);
    return `${node.instance} takes its turn`;
  }
  if (dice < 68) {
    if (node.isUp) keepHouse(world, node);
    return `${node.instance} keeps house`;
  }
  if (dice < 74 - calm * 2 && faultKinds.length > 0) {
    const kind = random.pick(faultKinds);
    faults[kind]?.(world, node, random);
    return `fault ${kind} at ${node.instance}`;
  }
  if (workKinds.length === 0 || !node.isUp || node.session.refused === 'copy') return 'nothing';
  const kind = random.pick(workKinds);
  works[kind]?.(world, node, random);
  return `${kind} at ${node.instance}`;
}

function keepHouse(world: World, node: SimulatedNode): void {
  housekeep(node, world);
  writeLate(world, node);
}

/** What a faulty build acknowledged before it was durable. */
function writeLate(world: World, node: SimulatedNode): void {
  const late: Effect[][] = node.unwritten.splice(0);
  for (const effects of late) persist(node, effects, world);
}

const roundsMax = 400;

/** Lets everybody talk until nobody has anything to say. False: they never came to an end. */
export function settleDown(world: World, random: Random): boolean {
  for (const node of world.nodes) writeLate(world, node);
  for (let round = 0; round < roundsMax; round++) {
    world.clock += 100;
    for (const node of world.nodes) {
      if (round % 8 === 0) housekeep(node, world);
      if (!isUpToDate(world, node)) takeTurn(world, node);
    }
    for (let left = world.messages.length * 2 + 8; left > 0 && world.messages.length > 0; left--)
      deliver(world, random, 0);
    if (isQuiet(world)) return true;
  }
  return false;
}

function notQuiet(world: World): string {
  const told = world.nodes.map(({ instance, disk, session }) => {
    const filling = [...disk.holdings].filter(([, { state }]) => state === 'filling').map(([unit]) => unit);
    return `${instance}: ${disk.waiting.size} wait, filling ${filling.join(' ') || 'nothing'}${session.refused ? `, refused as ${session.refused}` : ''}`;
  });
  return `they did not come to an end: ${told.join('; ')}`;
}

/**
 * Of a node and its copy, one was refused and hands over what it alone had. It is joined anew, which begins with an empty disk; so before that it hands over
 * everything once more, since the region may have lost what it was given.
 */
function removeCopies(world: World, random: Random): void {
  const refused = world.nodes.filter(({ session }) => session.refused === 'copy');
  if (refused.length === 0) return;
  for (const node of refused) {
    sendAllAgain(node.disk);
    const draft = createDraft(viewFrom(node, world));
    sendAllOf(draft, [...node.disk.resources.keys()]);
    persist(node, draft.effects, world);
  }
  settleDown(world, random);
  for (const node of refused) {
    const waits = node.disk.waiting.size > 0;
    const other = world.nodes.find((one) => one !== node && one.facts.name === node.facts.name);
    if (waits || !other)
      breaks(world.history, 'I14', `${node.instance} was refused and could not hand over what it has`);
    else world.nodes.splice(world.nodes.indexOf(node), 1);
  }
  settleDown(world, random);
}
