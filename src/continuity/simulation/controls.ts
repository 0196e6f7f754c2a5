/**
 * Positive controls: builds with one protection taken away. Each must be caught, and by the promise that the protection is for; a check that passes them
 * is worth nothing.
 */
import { rules, type Rules } from '../protocol/rules.ts';
import type { Faulty } from './node.ts';

export type Control = {
  name: string;
  rules: Rules;
  faulty: Faulty;
  /** One of these promises must be found broken (facts of the design, section 7). */
  breaks: readonly string[];
  /** A seed a little before the one where it was last caught: the tests begin there, since some take hundreds of runs to find. */
  from: number;
};

function without(
  name: string,
  changed: Partial<Rules>,
  breaks: readonly string[],
  faulty: Faulty = {},
  from = 1,
): Control {
  return { name, rules: { ...rules, ...changed }, faulty, breaks, from };
}

export const controls: readonly Control[] = [
  without('acknowledges before it is durable', {}, ['I1'], { acknowledgesBeforeDurable: true }),
  without('reads the feed by a sequence that numbers before it commits', {}, ['I4', 'I5'], {
    readsFeedBySequence: true,
  }),
  without('forgets what came before (no operation ids)', { recalled: () => undefined, placeOf: placeAgain }, [
    'I2',
    'I3',
  ]),
  without('the last write wins', { taken: overCurrent }, ['I3']),
  without('does not ask what a local change builds on', { buildsOnCurrent: () => true }, ['I3']),
  without('takes what builds upon something that is not there', { needsParents: false }, ['I15', 'I3', 'I4'], {}, 3300),
  without('does not fetch the past of who comes', { fillsOnGain: (holding) => holding === undefined }, [
    'I4',
    'I5',
    'I15',
  ]),
  without('passes over what was of no concern for good', { bringsWhatWasPassedOver: false }, ['I4']),
  without('tells nobody that something was moved to another patient', { tellsWhatMovedAway: false }, ['I4', 'I7']),
  without('purges with unsent work', { mayPurge: (_now, { state }) => state === 'leaving', asksBeforePurge: false }, [
    'I1',
  ]),
  without(
    'purges without asking whether the node above has all of it',
    { asksBeforePurge: false },
    ['I1', 'I9', 'I15'],
    {},
    800_785,
  ),
  without(
    'forgets what it has sent when it is answered',
    { mayForget: () => true },
    ['I1', 'I15'],
    { forgetsWhenAnswered: true },
    5845,
  ),
  without('resumes after a restore upstream', { resumes: () => true }, ['I1', 'I4', 'I5'], {}, 710),
  without('takes a copy of a node for the node', { isSameChild: () => true }, ['I1', 'I3', 'I4', 'I14']),
  without('keeps its name after a restore', {}, ['I1', 'I3', 'I4', 'I14', 'I15'], { keepsNameAfterRestore: true }),
  without('does what may be done once as often as asked', { isFree: () => true }, ['I6']),
  without('tells nobody of what may have happened twice', { tellsDoubles: false }, ['I6']),
  without('writes the encounters of others', { mayWriteEncounter: () => true }, ['I3']),
  without('joins what a person must decide', {}, ['I3'], { joinsEverything: true }),
];

/** What is known comes again as if it were new. */
function placeAgain(...[state, version]: Parameters<Rules['placeOf']>): ReturnType<Rules['placeOf']> {
  const versions = new Map(state?.versions);
  versions.delete(version.id);
  return rules.placeOf(state && { tip: state.tip, versions }, version);
}

/** What comes last is made to look as if it built upon what is current. */
function overCurrent(...[state, version]: Parameters<Rules['taken']>): ReturnType<Rules['taken']> {
  return state?.tip === undefined || state.versions.has(version.id) ? version : { ...version, parents: [state.tip] };
}
