/** What a simulated node has on its disk, and how effects change it: all of a decision, or nothing. */
import type { Effect } from '../protocol/effects.ts';
import type { LineState } from '../protocol/exchange.ts';
import type { FeedEntry } from '../protocol/messages.ts';
import type { ChildState } from '../protocol/serve.ts';
import { type ResourceState, type Version } from '../protocol/version.ts';
import type { Holding, NodeFacts, Operation, Unit, Verdict, View } from '../protocol/view.ts';
import type { Vocabulary } from '../protocol/vocabulary.ts';

export const bucketCount = 2;

export type OutboxRow = {
  operation: Operation;
  state: 'waiting' | 'taken' | 'setAside';
  withAncestry: boolean;
  takenAt?: number;
};

export type Disk = {
  epoch: string;
  resources: Map<string, ResourceState>;
  /** The node's own feed, by bucket; an entry's number is its place, counted from one. Undefined: of something that was purged since. */
  feed: (FeedEntry | undefined)[][];
  keysOfPatient: Map<string, Set<string>>;
  keysOfBucket: Set<string>[];
  reasons: Map<string, string[]>;
  claims: Map<string, string[]>;
  outbox: Map<string, OutboxRow>;
  /** The operations of the outbox that wait, in their order. */
  waiting: Set<string>;
  verdicts: Map<string, Verdict>;
  setAside: Map<string, { operation: Operation; why: string }>;
  holdings: Map<Unit, Holding>;
  line: LineState;
  children: Map<string, ChildState>;
  heard: number;
};

export function emptyDisk(epoch: string): Disk {
  return {
    epoch,
    resources: new Map(),
    feed: Array.from({ length: bucketCount }, () => []),
    keysOfPatient: new Map(),
    keysOfBucket: Array.from({ length: bucketCount }, () => new Set<string>()),
    reasons: new Map(),
    claims: new Map(),
    outbox: new Map(),
    waiting: new Set(),
    verdicts: new Map(),
    setAside: new Map(),
    holdings: new Map(),
    line: { epoch: undefined, cursor: new Map(), contact: { confirmed: '', tried: [] }, life: 1 },
    children: new Map(),
    heard: 0,
  };
}

/** A copy that shares nothing which changes: a backup, or the image of a node restored twice. */
export function copyOf(disk: Disk): Disk {
  return {
    ...disk,
    resources: new Map(disk.resources),
    feed: disk.feed.map((entries) => [...entries]),
    keysOfPatient: new Map([...disk.keysOfPatient].map(([patient, keys]) => [patient, new Set(keys)])),
    keysOfBucket: disk.keysOfBucket.map((keys) => new Set(keys)),
    reasons: new Map(disk.reasons),
    claims: new Map(disk.claims),
    outbox: new Map(disk.outbox),
    waiting: new Set(disk.waiting),
    verdicts: new Map(disk.verdicts),
    setAside: new Map(disk.setAside),
    holdings: new Map(disk.holdings),
    children: new Map(disk.children),
  };
}

export function bucketOf({ patient, resource }: { patient: string | undefined; resource: string }): number {
  const name = patient ?? resource;
  return name.charCodeAt(name.length - 1) % bucketCount;
}

const none: readonly string[] = [];

/** A class, since one is made for every decision. */
class DiskView implements View {
  readonly node: NodeFacts;
  readonly now: number;
  readonly vocabulary: Vocabulary;
  readonly bucketOf = bucketOf;
  readonly #disk: Disk;

  constructor(disk: Disk, node: NodeFacts, now: number, vocabulary: Vocabulary) {
    this.#disk = disk;
    this.node = node;
    this.now = now;
    this.vocabulary = vocabulary;
  }

  get heard(): number {
    return this.#disk.heard;
  }

  resource(key: string): ResourceState | undefined {
    return this.#disk.resources.get(key);
  }

  reasonsOf(patient: string): readonly string[] {
    return this.#disk.reasons.get(patient) ?? none;
  }

  claimsOf(key: string): readonly string[] {
    return this.#disk.claims.get(key) ?? none;
  }

  holding(unit: Unit): Holding | undefined {
    return this.#disk.holdings.get(unit);
  }

  verdictOf(operation: string): Verdict | undefined {
    return this.#disk.verdicts.get(operation);
  }

  setAsideWith(resource: string, version: string): string | undefined {
    return setAsideWith(this.#disk, resource, version);
  }
}

export function viewOf(disk: Disk, node: NodeFacts, now: number, vocabulary: Vocabulary): View {
  return new DiskView(disk, node, now, vocabulary);
}

function setAsideWith(disk: Disk, resource: string, version: string): string | undefined {
  for (const [id, { operation }] of disk.setAside) {
    if (operation.versions.some((v) => v.resource === resource && v.id === version)) return id;
  }
  return undefined;
}

export function applyEffect(disk: Disk, effect: Effect, view: View): void {
  switch (effect.kind) {
    case 'version':
      return putVersion(disk, effect, view);
    case 'content':
      return putContent(disk, effect.version);
    case 'send':
      if (disk.outbox.has(effect.operation.id)) return;
      disk.outbox.set(effect.operation.id, { operation: effect.operation, state: 'waiting', withAncestry: false });
      disk.waiting.add(effect.operation.id);
      return;
    case 'verdict':
      disk.verdicts.set(effect.operation, effect.verdict);
      return;
    case 'setAside':
      disk.setAside.set(effect.operation.id, { operation: effect.operation, why: effect.why });
      return;
    case 'released':
      disk.setAside.delete(effect.operation);
      return;
    case 'answered':
      return changeOutbox(
        disk,
        effect.operation,
        effect.verdict.kind === 'setAside' ? { state: 'setAside' } : { state: 'taken', takenAt: view.now },
      );
    case 'ancestry':
      return changeOutbox(disk, effect.operation, { withAncestry: true });
    case 'holding':
      if (effect.holding) disk.holdings.set(effect.unit, effect.holding);
      else disk.holdings.delete(effect.unit);
      return;
    case 'purge':
      return purgeResources(disk, effect);
    case 'cursor':
      disk.line = { ...disk.line, cursor: new Map(disk.line.cursor).set(effect.bucket, effect.n) };
      return;
    case 'epoch':
      disk.line = { ...disk.line, epoch: effect.epoch, cursor: new Map(effect.cursor) };
      return sendAllAgain(disk);
    case 'contact':
      disk.line = { ...disk.line, contact: { confirmed: effect.confirmed, tried: effect.tried } };
      return;
    case 'child':
      disk.children.set(effect.child, { token: effect.token, life: effect.life });
  }
}

function putVersion(disk: Disk, effect: Extract<Effect, { kind: 'version' }>, { vocabulary }: View): void {
  const { version, tip, gains, losses } = effect;
  const { resource, patient } = version;
  const known = disk.resources.get(resource)?.versions;
  const versions = known?.has(version.id) ? known : new Map(known).set(version.id, version);
  disk.resources.set(resource, { tip, versions });
  disk.heard = Math.max(disk.heard, version.at);
  const bucket = bucketOf(version);
  const entries = disk.feed[bucket] as (FeedEntry | undefined)[];
  entries.push({ bucket, n: entries.length + 1, version, tip, gains, losses });
  (disk.keysOfBucket[bucket] as Set<string>).add(resource);
  if (patient !== undefined) {
    const keys = disk.keysOfPatient.get(patient);
    if (keys) keys.add(resource);
    else disk.keysOfPatient.set(patient, new Set([resource]));
  }
  const { reasons, claim } = vocabulary.meaning(version);
  if (reasons && patient !== undefined) index(disk.reasons, patient, resource);
  if (claim) index(disk.claims, claim.key, resource);
}

function index(map: Map<string, string[]>, key: string, resource: string): void {
  const known = map.get(key);
  if (!known) map.set(key, [resource]);
  else if (!known.includes(resource)) map.set(key, [...known, resource]);
}

function putContent(disk: Disk, version: Version): void {
  const state = disk.resources.get(version.resource);
  if (state)
    disk.resources.set(version.resource, { ...state, versions: new Map(state.versions).set(version.id, version) });
}

function changeOutbox(disk: Disk, id: string, change: Partial<OutboxRow>): void {
  const row = disk.outbox.get(id);
  if (!row) return;
  disk.outbox.set(id, { ...row, ...change });
  if (change.state !== undefined) disk.waiting.delete(id);
}

/** All that was ever sent waits again, in its order. */
export function sendAllAgain(disk: Disk): void {
  for (const [id, row] of disk.outbox) disk.outbox.set(id, { ...row, state: 'waiting', withAncestry: false });
  disk.waiting = new Set(disk.outbox.keys());
}

export function waitingOperationsOf({ outbox, waiting }: Disk): Operation[] {
  return [...waiting].map((id) => (outbox.get(id) as OutboxRow).operation);
}

/** What waits to be sent is of the patient, too: a purge that came before it was sent takes it along. The feed has nothing to tell of what is gone. */
function purgeResources(disk: Disk, { patient, resources }: Extract<Effect, { kind: 'purge' }>): void {
  for (const operation of waitingOperationsOf(disk)) {
    if (!operation.versions.some((version) => version.patient === patient)) continue;
    disk.outbox.delete(operation.id);
    disk.waiting.delete(operation.id);
  }
  const gone = new Set(resources);
  const without = (keys: readonly string[]): string[] => keys.filter((key) => !gone.has(key));
  for (const key of gone) {
    disk.resources.delete(key);
    for (const keys of [...disk.keysOfPatient.values(), ...disk.keysOfBucket]) keys.delete(key);
  }
  for (const index of [disk.claims, disk.reasons])
    for (const [key, keys] of index) if (keys.some((one) => gone.has(one))) index.set(key, without(keys));
  disk.feed = disk.feed.map((entries) =>
    entries.map((entry) => (entry !== undefined && gone.has(entry.version.resource) ? undefined : entry)),
  );
}
