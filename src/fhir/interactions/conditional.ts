/** The resources that a condition names: If-None-Exist, conditional update, patch and delete, conditional references (R4 http.html#cond-update). */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import { runSearch } from '../search/index.ts';

export type Found = { type: string; id: string; versionId: string; updated: number; content: string };

type Parameters = readonly (readonly [string, string])[];

/** The one resource that meets the criteria, or undefined; several are refused with 412. */
export async function findOne(
  context: Pick<RequestContext, 'db' | 'search' | 'grant'>,
  type: string,
  criteria: Parameters,
): Promise<Found | undefined> {
  const meaningful = criteria.filter(([name]) => !isResultParameter(name));
  if (meaningful.length === 0) throw new Fault('preconditionFailed', 'The condition names no search parameter.');
  const query = context.search.parse(type, [...meaningful.map(([k, v]): [string, string] => [k, v]), ['_count', '2']], {
    lenient: false,
  });
  const { rows } = await runSearch(context, query);
  const matches = rows.filter((row) => row.mode === 'match');
  if (matches.length > 1) {
    throw new Fault(
      'preconditionFailed',
      `More than one ${type} meets the condition, so it is not clear which is meant.`,
    );
  }
  const [match] = matches;
  if (!match) return undefined;
  const { id, versionId, updated, content } = match;
  return { type, id, versionId, updated, content };
}

/** What those who create by one condition take turns under: else all who ask at once find nothing, and each creates. */
export function turnOf(type: string, criteria: Parameters): string {
  return `${type}?${new URLSearchParams(criteria.map(([name, value]): [string, string] => [name, value]))}`;
}

/** Parameters that shape an answer and so say nothing of which resource is meant. */
function isResultParameter(name: string): boolean {
  return /^_(format|pretty|summary|elements|count|sort|include|revinclude|total)(:|$)/.test(name);
}

/** The criteria behind the `?` of `Patient?identifier=…`, or the whole text of an If-None-Exist header. */
export function criteriaOf(text: string): [string, string][] {
  const query = text.includes('?') ? text.slice(text.indexOf('?') + 1) : text;
  return [...new URLSearchParams(query)];
}
