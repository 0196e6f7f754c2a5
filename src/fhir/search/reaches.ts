/** Whether a resource is within reach, with as little work as can be: mostly its row alone tells, and nothing is parsed. */
import type { Reach, ResourceFacts } from '../grant.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import { liesIn, matchesCondition, type MatchParts } from './match.ts';

/** @param content the stored text, or the bytes that it lies in */
export function reaches(parts: MatchParts, reach: Reach, facts: ResourceFacts, content: string | Buffer): boolean {
  const byFacts = decideByFacts(reach, facts, content);
  return byFacts ?? matchesCondition(parts, reach, parseJson(content.toString()) as Resource);
}

/** Undefined: the content must be looked into. */
function decideByFacts(reach: Reach, facts: ResourceFacts, content: string | Buffer): boolean | undefined {
  switch (reach.kind) {
    case 'everything':
      return true;
    case 'nothing':
      return false;
    case 'types':
      return reach.types.includes(facts.type);
    case 'id':
      return reach.ids.includes(facts.id);
    case 'record':
      return liesIn(reach.of, facts.patient);
    case 'labelled':
      // The record writes no space between a name and its value, so what has no such bytes has no label.
      return content.includes('"security":') ? undefined : false;
    case 'not': {
      const inner = decideByFacts(reach.of, facts, content);
      return inner === undefined ? undefined : !inner;
    }
    case 'all':
      return every(reach.of.map((one) => decideByFacts(one, facts, content)));
    case 'any': {
      const none = every(reach.of.map((one) => negated(decideByFacts(one, facts, content))));
      return negated(none);
    }
    default:
      return undefined;
  }
}

const negated = (decided: boolean | undefined): boolean | undefined => (decided === undefined ? undefined : !decided);

/** False as soon as one is; undefined when none is but one is not known. */
function every(decided: readonly (boolean | undefined)[]): boolean | undefined {
  if (decided.includes(false)) return false;
  return decided.includes(undefined) ? undefined : true;
}
