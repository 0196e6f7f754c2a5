/** A decision in the making: the view with what has been decided so far laid over it, so that what follows builds upon it. Discarded, it leaves no trace. */
import type { Effect } from './effects.ts';
import { isMember, keepUntilSent } from './membership.ts';
import type { ResourceState, Version } from './version.ts';
import type { Holding, Operation, Unit, Verdict, View } from './view.ts';
import { keysOf } from './vocabulary.ts';

export type Draft = View & {
  readonly effects: readonly Effect[];
  /** Puts a version into the record, with what is current afterwards. Tells in the effect which children come to hold the patient, or need no longer. */
  put(version: Version, tip: string): void;
  hold(unit: Unit, holding: Holding | undefined): void;
  effect(effect: Effect): void;
  /** Lays what was decided upon this draft over it, so that what is decided next builds upon that too. */
  include(decided: readonly Effect[]): void;
  /** A version of this node's own making, besides what was asked: a task, a merge, a decision. Goes up as an operation of its own. */
  make(version: Version, tip: string): void;
};

export function createDraft(view: View): Draft {
  return new DraftOverView(view);
}

/** A class, since a node makes one for every decision: what is laid over the view is made when there is something to lay. */
class DraftOverView implements Draft {
  readonly effects: Effect[] = [];
  readonly node: View['node'];
  readonly now: number;
  readonly vocabulary: View['vocabulary'];
  heard: number;
  readonly #view: View;
  #resources: Map<string, ResourceState> | undefined;
  #holdings: Map<Unit, Holding | undefined> | undefined;
  #reasons: Map<string, Set<string>> | undefined;
  #claims: Map<string, Set<string>> | undefined;
  #verdicts: Map<string, Verdict> | undefined;
  #setAside: Operation[] | undefined;

  constructor(view: View) {
    this.#view = view;
    this.node = view.node;
    this.now = view.now;
    this.vocabulary = view.vocabulary;
    this.heard = view.heard;
  }

  bucketOf(version: Parameters<View['bucketOf']>[0]): number {
    return this.#view.bucketOf(version);
  }

  resource(key: string): ResourceState | undefined {
    return this.#resources?.get(key) ?? this.#view.resource(key);
  }

  reasonsOf(patient: string): readonly string[] {
    return withAdded(this.#view.reasonsOf(patient), this.#reasons?.get(patient));
  }

  claimsOf(key: string): readonly string[] {
    return withAdded(this.#view.claimsOf(key), this.#claims?.get(key));
  }

  holding(unit: Unit): Holding | undefined {
    return this.#holdings?.has(unit) ? this.#holdings.get(unit) : this.#view.holding(unit);
  }

  verdictOf(operation: string): Verdict | undefined {
    return this.#verdicts?.get(operation) ?? this.#view.verdictOf(operation);
  }

  setAsideWith(resource: string, version: string): string | undefined {
    const among = this.#setAside?.find(({ versions }) =>
      versions.some((v) => v.resource === resource && v.id === version),
    );
    return among?.id ?? this.#view.setAsideWith(resource, version);
  }

  effect(effect: Effect): void {
    this.effects.push(effect);
  }

  include(decided: readonly Effect[]): void {
    for (const effect of decided) {
      if (effect.kind === 'version') this.#lay(effect.version, effect.tip);
      else if (effect.kind === 'holding') (this.#holdings ??= new Map()).set(effect.unit, effect.holding);
      else if (effect.kind === 'verdict') (this.#verdicts ??= new Map()).set(effect.operation, effect.verdict);
      else if (effect.kind === 'setAside') (this.#setAside ??= []).push(effect.operation);
      this.effects.push(effect);
    }
  }

  hold(unit: Unit, holding: Holding | undefined): void {
    // Only what was filled to the end has been compared.
    const isUnproven = holding !== undefined && holding.state !== 'whole' && this.holding(unit)?.isUnproven === true;
    const held = isUnproven ? { ...holding, isUnproven } : holding;
    (this.#holdings ??= new Map()).set(unit, held);
    this.effects.push({ kind: 'holding', unit, holding: held });
  }

  put(version: Version, tip: string): void {
    const before = this.resource(version.resource);
    const isNew = before?.versions.has(version.id) !== true;
    const meaning = this.vocabulary.meaning(version);
    const isReason = meaning.reasons !== undefined || wasReason(this, before);
    const members = isReason ? membersOf(this, version.patient) : undefined;
    this.#lay(version, tip);
    const { gains, losses } = members ? changeOf(members, membersOf(this, version.patient)) : unchanged;
    this.effects.push({ kind: 'version', version, tip, isNew, gains, losses });
  }

  #lay(version: Version, tip: string): void {
    const before = this.resource(version.resource);
    const { reasons, claim } = this.vocabulary.meaning(version);
    if (version.patient !== undefined && (reasons !== undefined || wasReason(this, before)))
      added((this.#reasons ??= new Map()), version.patient, version.resource);
    const versions = before?.versions.has(version.id)
      ? before.versions
      : new Map(before?.versions).set(version.id, version);
    (this.#resources ??= new Map()).set(version.resource, { tip, versions });
    this.heard = Math.max(this.heard, version.at);
    for (const key of claim ? keysOf(claim) : []) added((this.#claims ??= new Map()), key, version.resource);
  }

  make(version: Version, tip: string): void {
    this.put(version, tip);
    keepUntilSent(this, version);
    if (this.node.upstream !== undefined) this.effect({ kind: 'send', operation: ownOperation(this, version) });
  }
}

/** Its id follows from the version, so that nodes which make the same one send the same operation. */
function ownOperation({ node, vocabulary }: View, version: Version): Operation {
  return {
    id: vocabulary.hash(`${version.resource} ${version.id} ${version.seal}`),
    origin: node.name,
    versions: [version],
  };
}

const unchanged = { gains: [], losses: [] } as const;

/** What kept a patient somewhere may say nothing of it any more. */
function wasReason({ vocabulary }: View, state: ResourceState | undefined): boolean {
  const current = state?.tip === undefined ? undefined : state.versions.get(state.tip);
  return current !== undefined && vocabulary.meaning(current).reasons !== undefined;
}

/** The children that hold the patient, and the node itself. */
function membersOf(view: View, patient: string | undefined): string[] {
  if (patient === undefined) return [];
  const { node } = view;
  const members = node.children.filter(({ subtree }) => isMember(view, patient, subtree)).map(({ name }) => name);
  return isMember(view, patient, node.subtree) ? [...members, node.name] : members;
}

function changeOf(before: readonly string[], after: readonly string[]): { gains: string[]; losses: string[] } {
  return {
    gains: after.filter((name) => !before.includes(name)),
    losses: before.filter((name) => !after.includes(name)),
  };
}

function added(index: Map<string, Set<string>>, key: string, resource: string): void {
  const known = index.get(key);
  if (known) known.add(resource);
  else index.set(key, new Set([resource]));
}

function withAdded(known: readonly string[], more: ReadonlySet<string> | undefined): readonly string[] {
  return more === undefined ? known : [...new Set([...known, ...more])];
}
