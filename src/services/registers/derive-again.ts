/**
 * When a release derives rows in another form than the one before, they are made again from the current resources, a page at a time beside
 * the follower, under its lock. Events stay as they were told: what happened does not change with the program.
 */
import { findMany } from '#fhir/record/store.ts';
import type { RequestContext } from '#fhir/index.ts';
import type { Db } from '#kernel/db.ts';
import { followed, parsed, putDerived } from './follow.ts';
import { lockFollower, readForm, writeForm } from './follow-store.ts';
import { everyResource } from './records.ts';

/** To be raised when what is derived from a resource changes (keys and features of persons, rows of organisations, parties). */
const form = 2;
const pageSize = 500;

/** Makes the derived rows again where they are of another form; resolves when that is done, or `signal` says to leave off (the next start begins again). */
export async function deriveAgain(
  deps: Pick<RequestContext, 'db' | 'search' | 'grant'>,
  signal: AbortSignal,
): Promise<void> {
  if ((await readForm(deps.db)) === form) return;
  for (const type of followed) {
    let page: string[] = [];
    for await (const { id = '' } of everyResource(deps, type)) {
      if (signal.aborted) return;
      page.push(id);
      if (page.length === pageSize) page = await derivePage(deps.db, type, page);
    }
    await derivePage(deps.db, type, page);
  }
  await writeForm(deps.db, form);
}

async function derivePage(db: Db, type: string, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  await db.begin(async (transaction) => {
    await lockFollower(transaction);
    // Read under the lock: nothing older than what the follower has put.
    const stored = await findMany(
      transaction as unknown as Db,
      ids.map((id) => ({ type, id })),
    );
    const current = stored.map(({ content, ...rest }) => ({ ...rest, resource: parsed(content) }));
    await putDerived(transaction, current);
  });
  return [];
}
