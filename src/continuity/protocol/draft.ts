/** A decision in the making: the view with what has been decided so far laid over it, so that what follows builds upon it. Discarded, it leaves no trace. */
import type { Effect } from './effects.ts';
import { isMember, keepUntilSent } from './membership.ts';
import type { ResourceState, Version } from './version.ts';
import type { Holding, Operation, Unit, View } from './view.ts';

export type Draft = View & {
  readonly effects: readonly Effect[];
  /** Puts a version into the record, with what is current afterwards. Tells in the effect which children come to hold the patient, or need no longer. */
  put(version: Version, tip: string): void;
  hold(unit: Unit, holding: Holding | undefined): void;
  effect(effect: Effect): void;
  /** A version of this node's own making, besides what was asked: a task, a merge, a decision. Goes up as an operation of its own. */
  make(version: Version, tip: string): void;
};

export function createDraft(view: View): Draft {
  const effects: Effect[] = [];
  const resources = new Map<string, ResourceState>();
  const holdings = new Map<Unit, Holding | undefined>();
  const reasons = new Map<string, Set<string>>();
  const claims = new Map<string, Set<string>>();
  let heard = view.heard;

  const draft: Draft = {
    ...view,
    effects,
    get heard() {
      return heard;
    },
    resource: (key) => resources.get(key) ?? view.resource(key),
    reasonsOf: (patient) => withAdded(view.reasonsOf(patient), reasons.get(patient)),
    claimsOf: (key) => withAdded(view.claimsOf(key), claims.get(key)),
    holding: (unit) => (holdings.has(unit) ? holdings.get(unit) : view.holding(unit)),
    effect: (effect) => void effects.push(effect),
    hold(unit, holding) {
      holdings.set(unit, holding);
      effects.push({ kind: 'holding', unit, holding });
    },
    put(version, tip) {
      const before = draft.resource(version.resource);
      const isNew = before?.versions.has(version.id) !== true;
      const meaning = view.vocabulary.meaning(version);
      const isReason = meaning.reasons !== undefined || wasReason(view, before);
      const members = isReason ? membersOf(draft, version.patient) : undefined;
      const versions = isNew ? new Map(before?.versions).set(version.id, version) : before.versions;
      resources.set(version.resource, { tip, versions });
      heard = Math.max(heard, version.at);
      if (isReason && version.patient !== undefined) added(reasons, version.patient, version.resource);
      if (meaning.claim) added(claims, meaning.claim.key, version.resource);
      const { gains, losses } = members ? changeOf(members, membersOf(draft, version.patient)) : unchanged;
      effects.push({ kind: 'version', version, tip, isNew, gains, losses });
    },
    make(version, tip) {
      draft.put(version, tip);
      keepUntilSent(draft, version);
      if (view.node.upstream !== undefined) draft.effect({ kind: 'send', operation: ownOperation(view, version) });
    },
  };
  return draft;
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
