/** What waits for a person in the record: conflicts to be decided, and what may have happened twice. */
import { parseJson } from '#fhir/json/index.ts';
import { runSearch, type Search } from '#fhir/search/index.ts';
import type { Grant } from '#fhir/grant.ts';
import type { Resource } from '#fhir/types.ts';
import type { Db } from '#kernel/db.ts';

/** Over the record, under a grant of the node's own. */
export type RecordReading = { db: Db; search: Search; grant: Grant };

/** As the sync rules name what they make (`../node/fhir-vocabulary.ts`; a test holds both together). */
const codeSystem = 'https://fyr.no/fhir/CodeSystem/continuity';
const taskCode = 'reconcile-versions';
const openStates = 'draft,requested,received,accepted,ready,in-progress,on-hold';

/** Reconciliation tasks that nobody has finished. */
export async function countConflicts(reading: RecordReading): Promise<number> {
  const asked: [string, string][] = [
    ['code', `${codeSystem}|${taskCode}`],
    ['status', openStates],
    ['_summary', 'count'],
  ];
  const { total } = await runSearch(reading, reading.search.parse('Task', asked, { lenient: false }));
  return total ?? 0;
}

/** Alerts of possible doubles that nobody has settled, up to a thousand. */
export async function countDoubles(reading: RecordReading): Promise<number> {
  const asked: [string, string][] = [
    ['identifier', `${codeSystem}/done-twice|`],
    ['_count', '1000'],
  ];
  const { rows } = await runSearch(reading, reading.search.parse('DetectedIssue', asked, { lenient: false }));
  return rows.filter(({ content }) => (parseJson(content) as Resource & { status?: string }).status === 'preliminary')
    .length;
}
