/**
 * The protections, each a small decision of its own, gathered so that the simulation can take one away and must then find what it protects against.
 * A node runs with `rules` as they stand here.
 */
import { isAncestor, type ResourceState, type Version } from './version.ts';
import type { Holding, Verdict, View } from './view.ts';

/** `current`: it builds upon what is current. `beside`: it doesn't, and is kept beside it. `twin`: another version has this id. */
export type Place = 'known' | 'current' | 'beside' | 'twin';

export type Rules = {
  /** What was answered to an operation that came before: it is not applied again. */
  recalled(view: View, operation: string): Verdict | undefined;
  /** Where a version goes, given what is known of its resource. */
  placeOf(state: ResourceState | undefined, version: Version): Place;
  /** What is current at a node after upstream said what is current there. */
  followed(state: ResourceState, upstreamTip: string): string;
  /** Whether a local change builds on what is current here. */
  buildsOnCurrent(state: ResourceState | undefined, parents: readonly string[]): boolean;
  /** Whether all that an operation builds upon must be here before it is taken. */
  needsParents: boolean;
  /** Whether the past of a patient must be fetched when upstream begins to feed us. */
  fillsOnGain(holding: Holding | undefined): boolean;
  /** Whether what was passed over in a feed comes along when its resource concerns the child after all. */
  bringsWhatWasPassedOver: boolean;
  /** Whether who holds the patient that a resource was moved away from is told that it was. */
  tellsWhatMovedAway: boolean;
  /** Whether something that may be done once is free, given the resources that claim it. */
  isFree(claims: readonly string[]): boolean;
  /** Whether what may have happened twice is told to a person. */
  tellsDoubles: boolean;
  mayWriteEncounter(node: string, custodian: string): boolean;
  /** A version as it is taken in: as its writer made it. */
  taken(state: ResourceState | undefined, version: Version): Version;
  /** Whether the node above is asked whether it has what is to be removed. */
  asksBeforePurge: boolean;
  mayPurge(now: number, holding: Holding, unsent: number, graceMs: number): boolean;
  /** Whether an operation that upstream has had for `forMs` may be forgotten. */
  mayForget(forMs: number, keepMs: number): boolean;
  /** Whether a cursor may be gone on with. */
  resumes(known: string | undefined, epoch: string): boolean;
  /** Whether a child that shows these tokens is the one that we spoke with last. */
  isSameChild(last: string, confirmed: string, tried: readonly string[]): boolean;
};

export const rules: Rules = {
  recalled: (view, operation) => view.verdictOf(operation),
  placeOf(state, version) {
    if (state?.tip === undefined) return 'current';
    const known = state.versions.get(version.id);
    if (known) return known.seal === version.seal ? 'known' : 'twin';
    const { tip, versions } = state;
    return version.parents.some((parent) => isAncestor(versions, tip as string, parent)) ? 'current' : 'beside';
  },
  followed(state, upstreamTip) {
    const { tip, versions } = state;
    if (tip === undefined) return upstreamTip;
    // What was built here upon upstream's current version stays current until upstream has judged it.
    return isAncestor(versions, upstreamTip, tip) ? tip : upstreamTip;
  },
  buildsOnCurrent: (state, parents) => (state?.tip === undefined ? parents.length === 0 : parents.includes(state.tip)),
  needsParents: true,
  fillsOnGain: () => true,
  bringsWhatWasPassedOver: true,
  tellsWhatMovedAway: true,
  isFree: (claims) => claims.length === 0,
  tellsDoubles: true,
  mayWriteEncounter: (node, custodian) => node === custodian,
  taken: (_state, version) => version,
  asksBeforePurge: true,
  mayPurge: (now, { state, since }, unsent, graceMs) => state === 'leaving' && unsent === 0 && now - since >= graceMs,
  mayForget: (forMs, keepMs) => forMs >= keepMs,
  resumes: (known, epoch) => known === epoch,
  // A child whose answer was lost has the token among those that it tried. A copy of it drew another, so one of the two is not the last we spoke with.
  isSameChild: (last, confirmed, tried) => last === confirmed || tried.includes(last),
};
