/**
 * What happens when a version arrives and is judged, by whichever way it came: it becomes current, or is kept beside with a task for a person, or is
 * joined with the current one where the table allows it. What it asks of this node is decided; what may have happened twice raises an alert.
 */
import type { Draft } from './draft.ts';
import { hybridTime } from './hybrid-time.ts';
import { isJudge } from './membership.ts';
import { mergeTableVersion } from './merge-table.ts';
import type { Place, Rules } from './rules.ts';
import {
  commonAncestor,
  countOf,
  headsOf,
  isAncestor,
  isIntact,
  nextVersionId,
  parentsFirst,
  sealed,
  type ResourceState,
  type Version,
} from './version.ts';
import { keysOf, type Claim } from './vocabulary.ts';

/** Puts a version from below (or from here) into the record. `twin`: another version has its id, and nothing was put. */
export function judge(draft: Draft, arrived: Version, rules: Rules): Place {
  const state = draft.resource(arrived.resource);
  const version = rules.taken(state, arrived);
  const place = rules.placeOf(state, version);
  if (place === 'known') bringContent(draft, state, version);
  if (place === 'known' || place === 'twin') return place;
  draft.put(version, place === 'current' ? version.id : (state?.tip as string));
  if (place === 'current') followOn(draft, version);
  if (isJudge(draft, version)) {
    reconcile(draft, version.resource);
    alertIfDouble(draft, version, rules);
  }
  settleRequest(draft, version.resource, rules);
  return place;
}

/** What was built upon it may have come before it: then that is current. */
function followOn(draft: Draft, { resource, id }: Version): void {
  const state = draft.resource(resource) as ResourceState;
  if (state.versions.size < 3) return;
  const next = headsOf(state).find((head) => head.id !== id && isAncestor(state.versions, id, head.id));
  if (next) draft.put(next, next.id);
}

/** Of a version that is here without its content, or damaged, an intact copy is taken. */
export function bringContent(draft: Draft, state: ResourceState | undefined, version: Version): void {
  const known = state?.versions.get(version.id);
  if (!known || version.content === undefined) return;
  if (known.content === undefined || !isIntact(known, draft.vocabulary)) draft.effect({ kind: 'content', version });
}

/**
 * Every version that is kept beside the current one is joined with it where the table allows that; for all others there is a task that asks a person.
 * Nodes that find the same conflict make the same version or the same task.
 */
export function reconcile(draft: Draft, resource: string): void {
  for (;;) {
    const state = draft.resource(resource);
    const current = state?.tip === undefined ? undefined : state.versions.get(state.tip);
    if (!state || !current) return;
    const beside = headsOf(state).filter(({ id }) => id !== current.id);
    const joined = firstJoined(draft, state, current, beside);
    if (joined) draft.make(joined, joined.id);
    else return beside.forEach((version) => askPerson(draft, state, version));
  }
}

function firstJoined(
  draft: Draft,
  state: ResourceState,
  current: Version,
  beside: readonly Version[],
): Version | undefined {
  for (const version of beside) {
    const base = commonAncestor(state, current.id, version.id);
    // In an order that does not depend on which came first here, so that the same two make the same one everywhere.
    const [one, other] = current.id < version.id ? ([current, version] as const) : ([version, current] as const);
    const content = draft.vocabulary.merged(version.type, base, one, other);
    if (content !== undefined) return mergeOf(one, other, content, draft);
  }
  return undefined;
}

function askPerson(draft: Draft, state: ResourceState, beside: Version): void {
  const { versions, tip } = state;
  const branch = [...versions.values()].filter(
    ({ id }) => isAncestor(versions, id, beside.id) && !isAncestor(versions, id, tip as string),
  );
  if (branch.some((version) => isAsked(draft, version))) return;
  const { vocabulary } = draft;
  const { patient, at } = beside;
  const task = made(vocabulary, {
    resource: reconciliationTaskOf(draft, beside),
    type: 'Task',
    patient,
    id: '1-reconcile',
    parents: [],
    parentSeals: [],
    content: vocabulary.reconciliationTask(beside),
    at,
  });
  if (draft.resource(task.resource) === undefined) draft.make(task, task.id);
}

/** True while a task about this version waits for a person. */
function isAsked(draft: Draft, version: Version): boolean {
  const task = draft.resource(reconciliationTaskOf(draft, version));
  const current = task?.tip === undefined ? undefined : task.versions.get(task.tip);
  return current !== undefined && draft.vocabulary.meaning(current).reconciliation?.isDone === false;
}

/** The task of the conflict that this version began: the same id wherever the conflict is found. */
export function reconciliationTaskOf({ vocabulary }: Pick<Draft, 'vocabulary'>, beside: Version): string {
  return `Task/conflict-${vocabulary.hash(`${beside.resource} ${beside.id}`)}`;
}

/** Everything in it follows from the two, so that nodes which join them make the same version. */
function mergeOf(one: Version, other: Version, content: string, { vocabulary }: Draft): Version {
  const parents = [one.id, other.id];
  const name = vocabulary.hash(parents.join(' ')).slice(0, 8);
  const { resource, type, patient } = one;
  const id = `${Math.max(countOf(one.id), countOf(other.id)) + 1}-merge${mergeTableVersion}.${name}`;
  const at = hybridTime(0, Math.max(one.at, other.at));
  const parentSeals = [one.seal, other.seal];
  return made(vocabulary, { resource, type, patient, id, parents, parentSeals, content, at });
}

/**
 * Something that may happen once has perhaps happened twice. Both are kept, since both may have happened; a person is told. The alert follows from the two
 * that raised it; raised from other two elsewhere, it says the same, and is joined.
 */
export function alertIfDouble(draft: Draft, version: Version, rules: Rules): void {
  const claim = draft.vocabulary.meaning(version).claim;
  if (claim?.status !== 'effective' || !rules.tellsDoubles) return;
  for (const key of keysOf(claim)) alertOf(draft, version, key);
}

function alertOf(draft: Draft, version: Version, claimKey: string): void {
  const [other] = effectiveClaims(draft, claimKey)
    .filter((key) => key !== version.resource)
    .sort();
  const resource = doubleAlertOf(draft, claimKey);
  if (other === undefined || draft.resource(resource) !== undefined) return;
  const { vocabulary } = draft;
  const both = [version, headsOf(draft.resource(other) as ResourceState)[0] as Version];
  const pair = both.map(({ seal }) => seal).sort();
  const alert = made(vocabulary, {
    resource,
    type: 'DetectedIssue',
    patient: version.patient,
    id: `1-double.${vocabulary.hash(pair.join(' ')).slice(0, 8)}`,
    parents: [],
    parentSeals: [],
    content: vocabulary.doubleAlert(claimKey, version.patient),
    at: Math.max(...both.map(({ at }) => at)),
  });
  draft.make(alert, alert.id);
}

export function doubleAlertOf({ vocabulary }: Pick<Draft, 'vocabulary'>, claimKey: string): string {
  return `DetectedIssue/double-${vocabulary.hash(claimKey)}`;
}

/** The resources that hold this key now, or may: every version counts that nobody has built upon. */
export function effectiveClaims(draft: Pick<Draft, 'claimsOf' | 'resource' | 'vocabulary'>, key: string): string[] {
  return draft.claimsOf(key).filter((resource) => {
    const state = draft.resource(resource);
    return state !== undefined && headsOf(state).some((head) => isEffective(draft.vocabulary.meaning(head).claim, key));
  });
}

function isEffective(claim: Claim | undefined, key: string): boolean {
  return claim?.status === 'effective' && keysOf(claim).includes(key);
}

/** A request whose home is this node is decided when it arrives: granted if nothing holds its key. */
export function settleRequest(draft: Draft, resource: string, rules: Rules): void {
  const state = draft.resource(resource);
  const request = state?.tip === undefined ? undefined : state.versions.get(state.tip);
  if (state === undefined || request === undefined) return;
  const claim = draft.vocabulary.meaning(request).claim;
  if (claim?.status !== 'requested' || claim.home !== draft.node.name || headsOf(state).length > 1) return;
  const { vocabulary, node } = draft;
  const decision = made(vocabulary, {
    resource,
    type: request.type,
    patient: request.patient,
    id: nextVersionId(state, node.writer),
    parents: [request.id],
    parentSeals: [request.seal],
    content: vocabulary.settled(request, rules.isFree(keysOf(claim).flatMap((key) => effectiveClaims(draft, key)))),
    at: hybridTime(draft.now, draft.heard),
  });
  draft.make(decision, decision.id);
}

/** A version of this node's own making: its content tells its id and time, and it is sealed. */
function made(vocabulary: Draft['vocabulary'], version: Omit<Version, 'seal'> & { content: string }): Version {
  return sealed({ ...version, content: vocabulary.named(version.content, version) }, vocabulary.hash);
}

/** Versions of several resources so that each comes after its parents, resources in the order given. */
export function inOrder(versions: readonly Version[]): Version[] {
  const byResource = new Map<string, Version[]>();
  for (const version of versions) {
    const known = byResource.get(version.resource);
    if (known) known.push(version);
    else byResource.set(version.resource, [version]);
  }
  return [...byResource.values()].flatMap(parentsFirst);
}
