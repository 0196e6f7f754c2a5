/**
 * Who holds which patient. The reasons (admitted, expected, referred, booked, listed, on call) are in the patient's own record, so they travel,
 * conflict and come back after a restore as everything does. While any version of a reason that nobody has built upon is active, it holds:
 * where in doubt, the record is there.
 */
import type { Draft } from './draft.ts';
import type { Rules } from './rules.ts';
import { headsOf, type ResourceState, type Version } from './version.ts';
import type { Child, Holding, Unit, View } from './view.ts';

/** True while a reason keeps the patient at one of these nodes. */
export function isMember(view: View, patient: string, nodes: ReadonlySet<string>): boolean {
  return view.reasonsOf(patient).some((key) => {
    const state = view.resource(key);
    // A reason that was moved to another patient keeps this one no longer.
    return (
      state !== undefined &&
      headsOf(state).some((version) => version.patient === patient && keeps(view, version, nodes))
    );
  });
}

function keeps({ vocabulary }: View, version: Version, nodes: ReadonlySet<string>): boolean {
  return vocabulary.meaning(version).reasons?.some(({ node, active }) => active && nodes.has(node)) === true;
}

/** What a version is filled and compared with: the patient's compartment, or, for what every site has anyway, its bucket. */
export function unitOf(view: View, version: Version, tier: View['node']['tier']): Unit {
  const { patient } = version;
  return patient === undefined || isEverywhere(view, version, tier) ? bucketUnit(view.bucketOf(version)) : patient;
}

/** Every unit that a version is filled with here: what concerns this node comes with its bucket, and with the patient's compartment while that is held. */
export function unitsOf(view: View, version: Version): Unit[] {
  const unit = unitOf(view, version, view.node.tier);
  const shared = bucketUnit(view.bucketOf(version));
  return unit !== shared && concerns(view, version, view.node.subtree) ? [unit, shared] : [unit];
}

export function bucketUnit(bucket: number): Unit {
  return `#${bucket}`;
}

/** What a node of this tier gets of everybody: what is nobody's, and at a site the summary of every resident, since the one in need is new there. */
function isEverywhere({ vocabulary }: View, { patient, type }: Version, tier: View['node']['tier']): boolean {
  return patient === undefined || (tier !== 'ward' && vocabulary.isSummary(type));
}

/**
 * Reasons that concern a node go to it whether it holds the patient or not: they are how it learns that it ought to. So do claims that it decides: who
 * may say that a slot is taken must know all that took it.
 */
export function concerns(view: View, version: Version, nodes: ReadonlySet<string>): boolean {
  if (saysSo(view, version, nodes)) return true;
  // A resource that concerns a node by any version that nobody has built upon goes there with all its versions.
  const state = view.resource(version.resource);
  return state !== undefined && headsOf(state).some((head) => saysSo(view, head, nodes));
}

function saysSo({ vocabulary }: View, version: Version, nodes: ReadonlySet<string>): boolean {
  const { reasons, claim } = vocabulary.meaning(version);
  return reasons?.some(({ node }) => nodes.has(node)) === true || (claim !== undefined && nodes.has(claim.home));
}

/** What is sent to a child. Everything else is passed over in its pages. */
export function isForChild(view: View, version: Version, child: Child): boolean {
  const { patient } = version;
  if (patient === undefined || isEverywhere(view, version, child.tier)) return true;
  if (concerns(view, version, child.subtree) || concernedBefore(view, version, child.subtree)) return true;
  return isMember(view, patient, child.subtree);
}

/** True when the child is sent this for no other reason than that it concerns it: it is fed the rest of the patient by nothing. */
export function comesByConcernOnly(view: View, version: Version, child: Child): boolean {
  const { patient } = version;
  return patient !== undefined && !isEverywhere(view, version, child.tier) && !isMember(view, patient, child.subtree);
}

/** What concerned a node until now, and doesn't any more, is sent once more: that is how the node hears of it. */
function concernedBefore(view: View, { resource, parents }: Version, nodes: ReadonlySet<string>): boolean {
  const versions = view.resource(resource)?.versions;
  return parents.some((id) => {
    const parent = versions?.get(id);
    return parent !== undefined && saysSo(view, parent, nodes);
  });
}

/** The patients in whose records the resource lay until this version moved it to another. */
export function patientsLeft(view: View, { resource, parents, patient }: Version): string[] {
  const versions = view.resource(resource)?.versions;
  const left = parents.flatMap((id) => versions?.get(id)?.patient ?? []);
  return [...new Set(left)].filter((one) => one !== patient);
}

/**
 * Who holds a patient is told what was moved away from them, or is in doubt between them and another, though it may not hold the other: else it would go on
 * showing what is another's. It goes from there when the other's time of grace is over.
 */
export function isMovedAwayFrom(view: View, version: Version, child: Child): boolean {
  return [...patientsLeft(view, version), ...patientsInDoubt(view, version)].some((patient) =>
    isMember(view, patient, child.subtree),
  );
}

/** Other patients in whose records the resource lies by a version that nobody has built upon. */
export function patientsInDoubt(view: View, { resource, patient }: Version): string[] {
  const state = view.resource(resource);
  if (state === undefined || state.versions.size < 3) return [];
  return headsOf(state).flatMap((head) => (head.patient === undefined || head.patient === patient ? [] : head.patient));
}

/**
 * Whether a resource stays when a patient is purged: it concerns this node anyway, or it lies, or lay until it was moved, in the record of another patient
 * who is held: nodes below may not have heard yet that it was moved.
 */
export function staysAfterPurge(view: View, state: ResourceState, patient: string): boolean {
  if (headsOf(state).some((head) => isForHere(view, head))) return true;
  for (const { patient: other } of state.versions.values())
    if (other !== undefined && other !== patient && view.holding(other) !== undefined) return true;
  return false;
}

/** What this node has whoever is treated here. The region has everything. */
function isForHere(view: View, version: Version): boolean {
  const { node } = view;
  if (node.upstream === undefined || version.patient === undefined) return true;
  return isEverywhere(view, version, node.tier) || concerns(view, version, node.subtree);
}

/** What this node keeps of what comes to it. What is here is followed, also where it tells that it is no longer for us. */
export function isKept(view: View, version: Version): boolean {
  if (isForHere(view, version) || version.patient === undefined) return true;
  return view.holding(version.patient) !== undefined || view.resource(version.resource) !== undefined;
}

/** True where this node can say what is a conflict: it knows all that upstream knew. Elsewhere the node above decides. */
export function isJudge(view: View, version: Version): boolean {
  if (view.node.upstream === undefined) return true;
  return view.holding(unitOf(view, version, view.node.tier))?.state === 'whole' && hasNoGap(view, version.resource);
}

/** A resource that was moved comes by several buckets: what came between may not be here yet, and then what was built upon looks as if it were not. */
function hasNoGap(view: View, resource: string): boolean {
  const versions = view.resource(resource)?.versions;
  if (versions === undefined || versions.size < 3) return true;
  for (const { parents } of versions.values()) if (parents.some((parent) => !versions.has(parent))) return false;
  return true;
}

/** After a version was put that changed whether this node holds the patient: begin to fill, or the time of grace. */
export function followReasons(draft: Draft, from: number, rules: Rules): void {
  for (const effect of draft.effects.slice(from)) {
    if (effect.kind !== 'version' || draft.node.upstream === undefined) continue;
    const { patient } = effect.version;
    if (patient === undefined) continue;
    if (effect.gains.includes(draft.node.name)) fillAnew(draft, patient, rules);
    else if (effect.losses.includes(draft.node.name) && draft.holding(patient)) leave(draft, patient);
    for (const left of patientsLeft(draft, effect.version)) leaveIfMoved(draft, left, effect.version);
  }
}

/** What kept a patient here was moved to another patient. */
function leaveIfMoved(draft: Draft, patient: string, { resource, parents }: Version): void {
  const { subtree } = draft.node;
  const versions = draft.resource(resource)?.versions;
  const wasReason = parents.some((id) => {
    const parent = versions?.get(id);
    return parent !== undefined && keeps(draft, parent, subtree);
  });
  if (wasReason && draft.holding(patient) && !isMember(draft, patient, subtree)) leave(draft, patient);
}

/** Upstream has begun to feed us this patient at number `n` of the bucket: what came before must be fetched, unless a fill that began later did. */
export function gained(draft: Draft, patient: string, n: number, rules: Rules): void {
  const holding = draft.holding(patient);
  if (holding?.asOf !== undefined && holding.asOf >= n) return;
  fillAnew(draft, patient, rules);
}

function fillAnew(draft: Draft, patient: string, rules: Rules): void {
  const isFetched = rules.fillsOnGain(draft.holding(patient));
  draft.hold(patient, { state: isFetched ? 'filling' : 'whole', since: draft.now });
}

/** Upstream feeds us this patient no longer. Where we have a reason that it has not heard of, we go on with what we have, which is not whole. */
export function lost(draft: Draft, patient: string): void {
  if (!draft.holding(patient) && draft.reasonsOf(patient).length === 0) return;
  if (isMember(draft, patient, draft.node.subtree)) draft.hold(patient, { state: 'filling', since: draft.now });
  else leave(draft, patient);
}

function leave(draft: Draft, patient: string): void {
  if (draft.holding(patient)?.state !== 'leaving') draft.hold(patient, { state: 'leaving', since: draft.now });
}

/** What is written of a patient whom no reason keeps here goes, after the time of grace, when it has been sent. */
export function keepUntilSent(draft: Draft, version: Version): void {
  const { patient } = version;
  if (patient === undefined || isForHere(draft, version) || draft.holding(patient)) return;
  draft.hold(patient, { state: 'leaving', since: draft.now });
}

/** Whether a person may be told that all is here, and since when it is not. */
export function completeness(view: View, patient: string): 'whole' | 'partial' {
  if (view.node.upstream === undefined) return 'whole';
  return holdingIsWhole(view.holding(patient)) ? 'whole' : 'partial';
}

function holdingIsWhole(holding: Holding | undefined): boolean {
  return holding?.state === 'whole';
}
