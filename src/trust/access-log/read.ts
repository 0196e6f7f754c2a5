/** Reading the log: entries by what one asks, with who acted; newest first, in pages. */
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { actions, entryOf, outcomes, patientKey, whoKey } from './canonical.ts';
import type { AccessAction, AccessEntry, LoggedEntry } from './entry.ts';
import { findActors, findEntry, type StoredEntry } from './entry-store.ts';
import { actorsOf, findEntries, numbersBetween, type EntryFilter, type Place } from './read-store.ts';

export type LogQuery = {
  /** `Patient/id` without the type. */
  patient?: string;
  /** A reference as in the entries: `Practitioner/id`. */
  who?: string;
  /** `Organization/id` without the type: legal entity, place of care or department. */
  organisation?: string;
  /** Milliseconds since 1970: from this on, and before this. */
  from?: number;
  until?: number;
  actions?: readonly AccessAction[];
  outcomes?: readonly AccessEntry['outcome'][];
  /** Grounds that begin with this, such as `attested:`. */
  ground?: string;
  /** Instead of `who`: its key. */
  whoKey?: string;
  /** A reference whose entries are left out. */
  notWho?: string;
  /** Those of the nodes below too, as far as they are copied here. */
  isEverywhere?: boolean;
  /** Entries that are looked at, at most; after that the search is refused as too costly. */
  lookedAtMax?: number;
};

export type LogReader = {
  /** Entries newest first, without end: stop when there are enough. `after`: an entry that has been had. */
  entries(query: LogQuery, after?: Place): AsyncGenerator<LoggedEntry>;
  /** Undefined when there is none of this number. */
  entry(number: number): Promise<LoggedEntry | undefined>;
  /** The first and last number of the entries from a time on and before another, roughly: some may lie outside. Undefined for none. */
  numbers(from: number, until: number): Promise<{ first: number; last: number } | undefined>;
};

/** Entries in the first statement, and at most in a later one: a page needs few, a search for what is rare many. */
const readFirst = 60;
const readAtMost = 1000;

export function createLogReader(db: Db, node: string): LogReader {
  const complete = async (rows: readonly (StoredEntry & { node?: string })[]): Promise<LoggedEntry[]> => {
    const actors = await findActors(
      db,
      rows.map(({ actor }) => actor),
    );
    return rows.map(({ number, content, actor, node: other }) => ({
      ...entryOf(content, actors.get(actor)),
      node: other ?? node,
      number,
    }));
  };
  async function* entriesOf(
    query: LogQuery,
    after: Place | undefined,
    of: 'own' | 'copies',
  ): AsyncGenerator<LoggedEntry> {
    const filter = await filterOf(db, query);
    if (filter.actors?.length === 0) return;
    let lookedAt = 0;
    for (let place = after, limit = readFirst; ; limit = Math.min(limit * 2, readAtMost)) {
      if (query.lookedAtMax !== undefined && lookedAt > query.lookedAtMax)
        throw new Fault('tooCostly', 'This is rare in the log. Narrow the search down, by a period say.');
      const rows = await findEntries(db, { ...filter, ...(place ? { after: place } : {}) }, limit, of);
      for (const entry of await complete(rows)) if (fits(entry, query)) yield entry;
      lookedAt += rows.length;
      const last = rows.at(-1);
      if (last === undefined || rows.length < limit) return;
      place = last;
    }
  }
  return {
    entries: (query, after) =>
      query.isEverywhere === true
        ? newestFirst(entriesOf(query, after, 'own'), entriesOf(query, after, 'copies'))
        : entriesOf(query, after, 'own'),
    async entry(number) {
      const row = await findEntry(db, number);
      return row && (await complete([row]))[0];
    },
    numbers: (from, until) => numbersBetween(db, from, until),
  };
}

/** Two that are newest first, as one. */
async function* newestFirst(
  one: AsyncGenerator<LoggedEntry>,
  other: AsyncGenerator<LoggedEntry>,
): AsyncGenerator<LoggedEntry> {
  let [left, right] = [await one.next(), await other.next()];
  for (;;) {
    if (left.done === true && right.done === true) return;
    const isLeft = right.done === true || (left.done !== true && isBefore(left.value, right.value));
    if (isLeft) {
      yield left.value as LoggedEntry;
      left = await one.next();
    } else {
      yield right.value as LoggedEntry;
      right = await other.next();
    }
  }
}

const isBefore = (one: LoggedEntry, other: LoggedEntry): boolean =>
  one.at > other.at || (one.at === other.at && one.number >= other.number);

async function filterOf(db: Db, query: LogQuery): Promise<EntryFilter> {
  const { patient, who, whoKey: key, organisation, from, until } = query;
  return {
    ...(patient === undefined ? {} : { patient: patientKey(patient) }),
    ...(key === undefined ? {} : { who: key }),
    ...(who === undefined ? {} : { who: whoKey(who) }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(query.actions === undefined ? {} : { actions: query.actions.map((action) => actions.indexOf(action)) }),
    ...(query.outcomes === undefined ? {} : { outcomes: query.outcomes.map((each) => outcomes.indexOf(each)) }),
    ...(organisation === undefined ? {} : { actors: await actorsOf(db, organisation) }),
  };
}

/** What the keys of the index leave to chance, and what no index has. */
function fits(entry: AccessEntry, { patient, who, notWho, ground }: LogQuery): boolean {
  return (
    (patient === undefined || entry.patient === patient) &&
    (who === undefined || entry.who.reference === who) &&
    (notWho === undefined || entry.who.reference !== notWho) &&
    (ground === undefined || entry.ground.startsWith(ground))
  );
}

/** A place as a cursor that a client hands back. */
export function cursorOf({ at, number }: Place): string {
  return `${at.toString(36)}-${number.toString(36)}`;
}

/** Faults: invalid. */
export function placeOf(cursor: string): Place {
  const match = /^([0-9a-z]{1,11})-([0-9a-z]{1,11})$/.exec(cursor);
  const [at, number] = [Number.parseInt(match?.[1] ?? '', 36), Number.parseInt(match?.[2] ?? '', 36)];
  if (!Number.isSafeInteger(at) || !Number.isSafeInteger(number) || Math.abs(at) > 8e14)
    throw new Fault('invalid', 'This page can not be found: its address was altered.');
  return { at, number };
}
