/** A simulated node: a disk, what it has in memory, and the shell that carries decisions out: load, decide, make durable, then answer. */
import { headsOf, parentsFirst, type ResourceState, type Version } from '../protocol/version.ts';
import type { Effect } from '../protocol/effects.ts';
import { ancestryOf, answered, drawToken, newSession, nextRequest, type Session } from '../protocol/exchange.ts';
import { bucketUnit } from '../protocol/membership.ts';
import type { Answer, FeedEntry, FilledResource, FillPage, Request, Span } from '../protocol/messages.ts';
import { vouch } from '../protocol/purge.ts';
import { receive, receiveAll, receiveFromCopy, type Judging } from '../protocol/receive.ts';
import type { Rules } from '../protocol/rules.ts';
import {
  aheadFor,
  differing,
  fillOrder,
  fillPageFor,
  greet,
  isFilledWith,
  isOfUnit,
  mayFill,
  reasonsTold,
  pageFor,
} from '../protocol/serve.ts';
import type { Child, NodeFacts, Operation, Unit, Verdict, View } from '../protocol/view.ts';
import type { Vocabulary } from '../protocol/vocabulary.ts';
import { writeHere, type Change, type WrittenHere } from '../protocol/write.ts';
import { applyEffect, bucketCount, viewOf, waitingOperationsOf, type Disk, type OutboxRow } from './disk.ts';
import { leavingNext, leavingOf } from './leaving.ts';

/** How a node is built wrong on purpose, beyond what the rules can be: only in positive controls. */
export type Faulty = {
  acknowledgesBeforeDurable?: boolean;
  readsFeedBySequence?: boolean;
  keepsNameAfterRestore?: boolean;
  joinsEverything?: boolean;
  forgetsWhenAnswered?: boolean;
};

export type SimulatedNode = {
  /** Two instances of one name are a node and its copy. */
  instance: string;
  facts: NodeFacts;
  disk: Disk;
  session: Session;
  isUp: boolean;
  isDiskFull: boolean;
  clockOffsetMs: number;
  protocol: number;
  isStrict: boolean;
  vocabulary: Vocabulary;
  /** What was asked and not answered yet, and how often the node has looked for the answer since. */
  pending: { id: number; request: Request; waited: number } | undefined;
  /** How far nodes below have read, as they said last. In memory. */
  readBelow: Map<string, ReadonlyMap<number, number>>;
  /** Effects that a faulty build has acknowledged and not written. */
  unwritten: Effect[][];
};

export type Surroundings = {
  rules: Rules;
  faulty: Faulty;
  now(): number;
  freshToken(): string;
  /** Something was found that breaks a promise. */
  note(invariant: string, words: string): void;
  pageLimit: number;
  /** Whether what decides who may read is asked for ahead of the rest. */
  readsAhead: boolean;
  graceMs: number;
};

export const bucketUnits: readonly Unit[] = Array.from({ length: bucketCount }, (_, bucket) => bucketUnit(bucket));

export function viewFrom(node: SimulatedNode, world: Surroundings): View {
  return viewOf(node.disk, node.facts, world.now() + node.clockOffsetMs, node.vocabulary);
}

/** Makes effects durable, all or none. False: no room. */
export function persist(node: SimulatedNode, effects: readonly Effect[], world: Surroundings): boolean {
  if (node.isDiskFull && effects.length > 0) return false;
  const view = viewFrom(node, world);
  for (const effect of effects) {
    if (effect.kind === 'version') noteRepetition(node, effect, world);
    applyEffect(node.disk, effect, view);
  }
  return true;
}

/** I2: what is there already is not written again, unless another version becomes current by it. */
function noteRepetition(
  node: SimulatedNode,
  { version, tip, isNew }: Extract<Effect, { kind: 'version' }>,
  world: Surroundings,
): void {
  if (!isNew && node.disk.resources.get(version.resource)?.tip === tip)
    world.note('I2', `${node.instance} applies ${version.resource} ${version.id} again`);
}

/** A client's write. Undefined: no room on the disk, nothing was written. */
export function write(
  node: SimulatedNode,
  id: string,
  changes: readonly Change[],
  world: Surroundings,
): WrittenHere | undefined {
  const written = writeHere(viewFrom(node, world), id, changes, world.rules);
  if ('refusal' in written) return written;
  if (world.faulty.acknowledgesBeforeDurable) {
    node.unwritten.push([...written.effects]);
    return written;
  }
  return persist(node, written.effects, world) ? written : undefined;
}

/** What a node asks next, unless it waits for an answer. */
export function ask(node: SimulatedNode, world: Surroundings): Request | undefined {
  if (node.facts.upstream === undefined) return undefined;
  // A refused copy has nothing more to say than what it alone may have.
  const waiting = waitingOperations(node, world.pageLimit);
  if (node.session.refused !== undefined && !(node.session.refused === 'copy' && waiting.length > 0)) return undefined;
  if (!node.session.isWelcome && !persist(node, drawToken(node.session, node.disk.line, world.freshToken()), world)) {
    node.session.token = undefined;
    return undefined;
  }
  return nextRequest(node.session, {
    line: node.disk.line,
    waiting,
    filling: unitsToFill(node),
    ...leavingNext(node, world),
    protocols: { oldest: Math.max(1, node.protocol - 1), newest: node.protocol },
    clock: world.now() + node.clockOffsetMs,
    limit: world.pageLimit,
    isAheadOff: !world.readsAhead,
  });
}

function waitingOperations(node: SimulatedNode, limit: number): Operation[] {
  const waiting: Operation[] = [];
  for (const id of node.disk.waiting) {
    const { operation, withAncestry } = node.disk.outbox.get(id) as OutboxRow;
    waiting.push(
      withAncestry
        ? { ...operation, ancestry: ancestryOf(operation, (key) => node.disk.resources.get(key)) }
        : operation,
    );
    if (waiting.length === limit) break;
  }
  return waiting;
}

function unitsToFill({ disk }: SimulatedNode): { unit: Unit; after: string | undefined }[] {
  const filling: { unit: Unit; after: string | undefined }[] = [];
  for (const [unit, { state, after, isStuck }] of disk.holdings)
    if (state === 'filling' && !isStuck) filling.push({ unit, after });
  return filling.sort((a, b) => Number(b.unit.startsWith('#')) - Number(a.unit.startsWith('#')));
}

export function takeAnswer(node: SimulatedNode, request: Request, answer: Answer, world: Surroundings): void {
  const view = viewFrom(node, world);
  const isWaiting = waitsToBeSent(node);
  const context = {
    line: node.disk.line,
    buckets: bucketUnits.map((_, bucket) => bucket),
    held: [...node.disk.holdings.keys()].filter((unit) => !unit.startsWith('#')),
    local: ({ unit, after, next }: FillPage) => ({ keys: localKeys(node, view, unit, after, next), isWaiting }),
    versionsOf: (patient: Unit) => settledVersions(node, patient),
    leaving: (patient: Unit) => leavingOf(node, patient),
    graceMs: world.graceMs,
  };
  const session = { ...node.session, denied: new Set(node.session.denied) };
  const effects = answered(view, session, request, answer, context, world.rules);
  // What is remembered in memory rests on what is durable: without room for it, nothing changed.
  if (persist(node, effects, world)) node.session = session;
}

function settledVersions(node: SimulatedNode, patient: Unit): Version[] {
  const isWaiting = waitsToBeSent(node);
  const states = [...(node.disk.keysOfPatient.get(patient) ?? [])].map((key) => node.disk.resources.get(key));
  const versions = states.flatMap((state) => parentsFirst(state?.versions.values() ?? []));
  return versions.filter(({ resource, id, content }) => content !== undefined && !isWaiting(resource, id));
}

function waitsToBeSent(node: SimulatedNode): (resource: string, version: string) => boolean {
  let waiting: Set<string> | undefined;
  return (resource, version) => {
    waiting ??= new Set(
      waitingOperationsOf(node.disk).flatMap(({ versions }) => versions.map((v) => `${v.resource} ${v.id}`)),
    );
    return waiting.has(`${resource} ${version}`);
  };
}

function localKeys(
  node: SimulatedNode,
  view: View,
  unit: Unit,
  after: string | undefined,
  next: string | undefined,
): string[] {
  return filledKeys(node, view, unit, node.facts, after).filter(
    (key) => next === undefined || placeInFill(view, key) <= placeInFill(view, next),
  );
}

/** A text by which keys stand in the order of a fill. */
function placeInFill(view: View, key: string): string {
  return `${fillOrder(view, key.slice(0, key.indexOf('/')))}${key}`;
}

/** The resources of a unit here that are compared, in no order. */
export function keysOfUnit(
  { disk }: SimulatedNode,
  view: View,
  unit: Unit,
  child: Pick<Child, 'tier' | 'subtree'>,
): string[] {
  return keysAmong(disk, unit, (state) => headsOf(state).some((head) => isOfUnit(view, head, child, unit)));
}

/** The resources that are filled with a unit after that one, in the order of a fill. */
function filledKeys(
  { disk }: SimulatedNode,
  view: View,
  unit: Unit,
  child: Pick<Child, 'tier' | 'subtree'>,
  after: string | undefined,
): string[] {
  const from = after === undefined ? '' : placeInFill(view, after);
  return keysAmong(disk, unit, (state) => isFilledWith(view, state, child, unit))
    .map((key) => placeInFill(view, key))
    .filter((place) => place > from)
    .sort()
    .map((place) => place.slice(1));
}

function keysAmong(disk: Disk, unit: Unit, isAmong: (state: ResourceState) => boolean): string[] {
  const among = unit.startsWith('#') ? disk.keysOfBucket[Number(unit.slice(1))] : disk.keysOfPatient.get(unit);
  const keys: string[] = [];
  for (const key of among ?? []) {
    const state = disk.resources.get(key);
    if (state !== undefined && isAmong(state)) keys.push(key);
  }
  return keys;
}

/** What a node answers to one below it. Nothing is answered before what it rests on is durable. */
export function serve(node: SimulatedNode, from: string, request: Request, world: Surroundings): Answer {
  const view = viewFrom(node, world);
  const child = node.facts.children.find(({ name }) => name === from);
  const heads = new Map(node.disk.feed.map((entries, bucket) => [bucket, entries.length]));
  if (request.kind === 'hello') {
    const here = {
      epoch: node.disk.epoch,
      heads,
      protocols: { oldest: Math.max(1, node.protocol - 1), newest: node.protocol },
    };
    const { answer, effects } = greet(view, child, node.disk.children.get(from), request, here, world.rules);
    return persist(node, effects, world) ? answer : { kind: 'later', why: 'no room on the disk' };
  }
  if (!child) return { kind: 'refused', why: 'stranger' };
  if (request.kind === 'handOver') return received(node, request.operations, world, receiveFromCopy);
  if (node.disk.children.get(from)?.token !== request.token) return { kind: 'refused', why: 'hello' };
  switch (request.kind) {
    case 'push':
      return received(node, request.operations, world, (from, operation) => receive(from, operation, world.rules));
    case 'pull':
      if (request.epoch === node.disk.epoch) node.readBelow.set(from, request.cursor);
      return pageFor(view, child, readFeed(node, request.cursor, request.limit, world), world.rules);
    case 'rights': {
      const read = readFeed(node, request.cursor, Number.MAX_SAFE_INTEGER, world);
      const decides = ({ version }: FeedEntry): boolean => node.vocabulary.isAccessInput(version.type);
      return aheadFor(view, child, { ...read, entries: read.entries.filter(decides) }, world.rules);
    }
    case 'fill':
      return fillPages(node, view, child, request);
    case 'vouch':
      return { kind: 'vouched', epoch: node.disk.epoch, ...vouch(view, request.names) };
    case 'compare':
      return {
        kind: 'compared',
        different: differing(view, request.digests, (unit) => keysOfUnit(node, view, unit, child)),
      };
  }
}

function fillPages(
  node: SimulatedNode,
  view: View,
  child: Child,
  { units, limit }: Extract<Request, { kind: 'fill' }>,
): Answer {
  const pages: FillPage[] = [];
  const notYours: Unit[] = [];
  const told: FilledResource[] = [];
  let left = limit;
  for (const { unit, after } of units) {
    if (left <= 0) break;
    if (!mayFill(view, child, unit)) {
      notYours.push(unit);
      told.push(...reasonsTold(view, child, unit));
      continue;
    }
    const keys = filledKeys(node, view, unit, child, after);
    const bucket = unit.startsWith('#') ? Number(unit.slice(1)) : view.bucketOf({ patient: unit, resource: '' });
    const page = fillPageFor(
      view,
      child,
      { unit, after, limit: left },
      { asOf: node.disk.feed[bucket]?.length ?? 0, keys },
    );
    left -= page.resources.length;
    pages.push(page);
  }
  return { kind: 'fillPages', epoch: node.disk.epoch, pages, notYours, told };
}

function received(
  node: SimulatedNode,
  operations: readonly Operation[],
  world: Surroundings,
  receiveOne: Judging,
): Answer {
  const { verdicts, effects } = receiveAll(viewFrom(node, world), operations, receiveOne);
  const later: Verdict = { kind: 'later', why: 'no room on the disk' };
  const isDurable = persist(node, effects, world);
  return {
    kind: 'verdicts',
    verdicts: isDurable ? verdicts : verdicts.map(({ operation }) => ({ operation, verdict: later })),
  };
}

/** A number was given out, and is committed only after its successor: who reads by the highest number passes over it. */
function isLate(n: number, to: number, last: number): boolean {
  return to === last && n === to - 1 && n % 3 === 0;
}

function readFeed(
  { disk }: SimulatedNode,
  cursor: ReadonlyMap<number, number>,
  limit: number,
  world: Surroundings,
): { epoch: string; spans: Span[]; entries: FeedEntry[]; hasMore: boolean } {
  const spans: Span[] = [];
  const entries: FeedEntry[] = [];
  let hasMore = false;
  disk.feed.forEach((all, bucket) => {
    const from = cursor.get(bucket) ?? 0;
    const to = Math.min(all.length, from + Math.max(0, limit - entries.length));
    hasMore ||= to < all.length;
    if (to <= from) return;
    spans.push({ bucket, from, to });
    entries.push(
      ...all
        .slice(from, to)
        .filter((entry) => entry !== undefined)
        .filter(({ n }) => !(world.faulty.readsFeedBySequence && isLate(n, to, all.length))),
    );
  });
  return { epoch: disk.epoch, spans, entries, hasMore };
}

/** The node loses what it had in memory. */
export function crash(node: SimulatedNode): void {
  node.isUp = false;
  node.session = newSession();
  node.pending = undefined;
  node.readBelow.clear();
  node.unwritten = [];
}
