/** Handing out the log: one JSON object a line, in order of number, with everything that an entry says. */
import type { Db } from '#kernel/db.ts';
import { entryOf } from './canonical.ts';
import type { LoggedEntry } from './entry.ts';
import { findActors } from './entry-store.ts';
import { walkEntries } from './walk-store.ts';

/** Entries numbered from `from` to `to`, in order, in batches. */
export async function* exportEntries(db: Db, node: string, from: number, to: number): AsyncGenerator<LoggedEntry[]> {
  for await (const rows of walkEntries(db, from, to)) {
    const actors = await findActors(
      db,
      rows.map(({ actor }) => actor),
    );
    yield rows.map(({ number, content, actor }) => ({ number, node, ...entryOf(content, actors.get(actor)) }));
  }
}
