/** Protections that can be taken away from a running node: positive controls. A check that passes a node without one is worth nothing. */
import { rules, type Rules } from '#continuity/protocol/rules.ts';
import type { PromiseName } from './findings.ts';
import { nodeNames, type NodeName } from './topology.ts';

export type Alteration = {
  name: string;
  /** In words, for the table. */
  what: string;
  /** The promises of which one must be found broken. */
  breaks: readonly PromiseName[];
  /** The fault that brings it to light, and the nodes that it takes. */
  fault: string;
  names: readonly NodeName[];
  /** Of the sync rules. */
  changed: Partial<Rules>;
};

const two: readonly NodeName[] = ['region', 'central'];

export const alterations: readonly Alteration[] = [
  {
    name: 'last-write-wins',
    what: 'the last write wins',
    breaks: ['I3'],
    fault: 'F1',
    names: two,
    changed: { taken: overCurrent },
  },
  {
    name: 'passes-over-for-good',
    what: 'passes over what was of no concern, and does not fetch the past of who comes',
    breaks: ['I1', 'I4', 'I5'],
    fault: 'F17',
    names: nodeNames,
    changed: { fillsOnGain: () => false, bringsWhatWasPassedOver: false },
  },
  {
    name: 'resumes-after-restore',
    what: 'goes on as before with a region that was restored to an earlier day',
    breaks: ['I1', 'I4', 'I5', 'I14'],
    fault: 'F16',
    names: two,
    changed: { resumes: () => true },
  },
  {
    name: 'takes-a-copy',
    what: 'takes a copy of a node for the node',
    breaks: ['I1', 'I3', 'I4', 'I14'],
    fault: 'F23',
    names: ['region', 'central', 'ward'],
    changed: { isSameChild: () => true },
  },
];

/** The one object of rules that the program runs by. */
export function alter(name: string): void {
  const found = alterations.find((alteration) => alteration.name === name);
  if (found === undefined) throw new Error(`No such protection: ${name}`);
  Object.assign(rules, found.changed);
}

/** What comes last is made to look as if it built upon what is current. */
function overCurrent(...[state, version]: Parameters<Rules['taken']>): ReturnType<Rules['taken']> {
  return state?.tip === undefined || state.versions.has(version.id) ? version : { ...version, parents: [state.tip] };
}
