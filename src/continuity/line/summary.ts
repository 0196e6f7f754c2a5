/** What is told of the line in short: to pages, and to the nodes below. Pure. */
import type { Beyond } from './beat.ts';
import type { LineSummary, UpperLine } from './contract.ts';
import type { NodeMap } from './nodes.ts';
import type { LineCounts } from './nodes-store.ts';

type Contact = Pick<
  UpperLine,
  'isConnected' | 'connectedSince' | 'lastHeard' | 'currentAt' | 'beyondCutSince' | 'regionAt'
>;

/** For the line on top of every page. `contact` undefined: nobody is above this node. */
export function summaryOf(
  map: NodeMap,
  { waiting, filling }: Pick<LineCounts, 'waiting' | 'filling'>,
  contact: Contact | undefined,
  now: number,
): LineSummary {
  const { name, tier, upstream } = map.facts;
  const isCutOff = contact !== undefined && !contact.isConnected;
  const { currentAt, regionAt, beyondCutSince } = contact ?? {};
  const age = (at: number | undefined): number | undefined => (at === undefined ? undefined : Math.max(0, now - at));
  const isBelowRegion = map.all().find((node) => node.name === upstream)?.tier === 'region';
  return {
    node: name,
    tier,
    isCutOff,
    since: isCutOff ? contact?.lastHeard : contact?.connectedSince,
    beyond:
      // While its own line is cut, a node knows nothing of the next one.
      contact === undefined || isCutOff || isBelowRegion
        ? undefined
        : { node: upstream ?? '', isCutOff: beyondCutSince !== undefined, since: beyondCutSince },
    regionAgeMs: age(regionAt),
    dataAgeMs: age(currentAt),
    isFilled: filling === 0,
    backlog: waiting,
  };
}

/** To the nodes below: how long the node above us has been silent, and how old what we have from the region is. */
export function toldBelow(
  { isConnected, lastHeard, regionAt, beyondCutSince }: Contact,
  startedAt: number,
  now: number,
): Beyond {
  const silentSince = isConnected ? beyondCutSince : (lastHeard ?? startedAt);
  return {
    silentMs: silentSince === undefined ? undefined : now - silentSince,
    ageMs: regionAt === undefined ? undefined : now - regionAt,
  };
}
