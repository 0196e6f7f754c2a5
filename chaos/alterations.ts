/** Protections that can be taken away from a running node: positive controls. A check that passes a node without one is worth nothing. */
import { rules, type Rules } from '#continuity/protocol/rules.ts';

export type Alteration = {
  name: string;
  /** The promises of which one must be found broken. */
  breaks: readonly string[];
  changed: Partial<Rules>;
};

const sound: Rules = { ...rules };

export const alterations: readonly Alteration[] = [
  {
    name: 'forgets-what-came-before',
    breaks: ['I1', 'I2', 'I3', 'I4'],
    changed: { recalled: () => undefined, placeOf: placeAgain },
  },
  { name: 'last-write-wins', breaks: ['I3'], changed: { taken: overCurrent } },
  { name: 'reads-no-past', breaks: ['I4', 'I5'], changed: { fillsOnGain: (holding) => holding === undefined } },
  {
    name: 'passes-over-for-good',
    breaks: ['I4', 'I5'],
    changed: { fillsOnGain: () => false, bringsWhatWasPassedOver: false },
  },
];

/** The one object of rules that the program runs by. */
export function alter(name: string): void {
  const found = alterations.find((alteration) => alteration.name === name);
  if (found === undefined) throw new Error(`No such protection: ${name}`);
  Object.assign(rules, found.changed);
}

/** What is known comes again as if it were new. */
function placeAgain(...[state, version]: Parameters<Rules['placeOf']>): ReturnType<Rules['placeOf']> {
  const versions = new Map(state?.versions);
  versions.delete(version.id);
  return sound.placeOf(state && { tip: state.tip, versions }, version);
}

/** What comes last is made to look as if it built upon what is current. */
function overCurrent(...[state, version]: Parameters<Rules['taken']>): ReturnType<Rules['taken']> {
  return state?.tip === undefined || state.versions.has(version.id) ? version : { ...version, parents: [state.tip] };
}
