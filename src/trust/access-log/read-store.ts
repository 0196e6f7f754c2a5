/** Entries as they are asked for: by patient, by who, by time; newest first. The log is the node's own: no statement here concerns the record's buckets. */
import type { Db } from '#kernel/db.ts';
import type { StoredEntry } from './entry-store.ts';

/** Where a page goes on: after this entry, in order of time and number, both falling. */
export type Place = { at: number; number: number };

export type EntryFilter = {
  /** Keys of canonical.ts, 64-bit integers in decimal. */
  patient?: string;
  who?: string;
  /** Milliseconds since 1970: from this on, and before this. */
  from?: number;
  until?: number;
  /** Positions in the lists of canonical.ts. */
  actions?: readonly number[];
  outcomes?: readonly number[];
  /** Keys of actors. */
  actors?: readonly string[];
  after?: Place;
};

/** The newest entries that fit, at most `limit`; of other nodes' that are copied here, with the node. */
export async function findEntries(
  db: Db,
  filter: EntryFilter,
  limit: number,
  of: 'own' | 'copies' = 'own',
): Promise<(StoredEntry & { node?: string })[]> {
  const { patient, who, from, until, actions, outcomes, actors, after } = filter;
  const node = of === 'own' ? db`` : db`node,`;
  // Each kind of question has a text of its own, prepared once, so that its plan uses the index that fits it.
  return db<(StoredEntry & { node?: string })[]>`
    select ${node} number, at, patient::text, who::text, actor::text, action, outcome, content
    from ${of === 'own' ? db`access_entry` : db`access_copy`}
    where true
      ${patient === undefined ? db`` : db`and patient = ${patient}::text::bigint`}
      ${who === undefined ? db`` : db`and who = ${who}::text::bigint`}
      ${from === undefined ? db`` : db`and at >= ${from}::timestamptz`}
      ${until === undefined ? db`` : db`and at < ${until}::timestamptz`}
      ${outcomesCondition(db, outcomes)}
      ${actions === undefined ? db`` : db`and action = any(${[...actions]}::int[])`}
      ${actors === undefined ? db`` : db`and actor = any(${[...actors]}::uuid[])`}
      ${after === undefined ? db`` : db`and at <= ${after.at}::timestamptz and (at, number) < (${after.at}::timestamptz, ${after.number})`}
    order by at desc, number desc limit ${limit}`;
}

/** What was refused or failed has an index of its own. */
function outcomesCondition(db: Db, outcomes: readonly number[] | undefined) {
  if (outcomes === undefined) return db``;
  const each = db`and outcome = any(${[...outcomes]}::int[])`;
  return outcomes.includes(0) ? each : db`and outcome <> 0 ${each}`;
}

/** The keys of all actors of an organisation (legal entity, place of care or department). */
export async function actorsOf(db: Db, organisation: string): Promise<string[]> {
  const rows = await db<{ key: string }[]>`
    select key::text from access_actor where organisations @> array[${organisation}]::text[]`;
  return rows.map(({ key }) => key);
}

/** The first and last number of the entries from a time on and before another; undefined for none. */
export async function numbersBetween(
  db: Db,
  from: number,
  until: number,
): Promise<{ first: number; last: number } | undefined> {
  const [row] = await db<{ first: number | null; last: number | null }[]>`
    select min(number) as first, max(number) as last from access_entry
    where at >= ${from}::timestamptz and at < ${until}::timestamptz`;
  return row?.first == null || row.last == null ? undefined : { first: row.first, last: row.last };
}
