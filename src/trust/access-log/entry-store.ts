/** The tables of entries and actors: append, and read by number. The log is the node's own: no statement here concerns the record's buckets. */
import type { Db } from '#kernel/db.ts';
import type { ActorRow, EntryRow } from './canonical.ts';

/** Locks under which partitions are made: 'log' in ASCII. */
const partitionLock = 0x6c6f67;

/** What is in the log of an entry. `patient` and `who` are 64-bit integers in decimal. */
export type StoredEntry = EntryRow & { number: number };

/** Keeps actors that may be there already. Committed by itself and before the entries that name them, so that it never waits within their lock. */
export async function insertActors(db: Db, actors: readonly ActorRow[]): Promise<void> {
  await db.unsafe(
    `insert into access_actor (key, who, organisations, content)
     select key::uuid, who::bigint, organisations::text[], content from unnest($1::text[], $2::text[], $3::text[], $4::text[])
       as a(key, who, organisations, content)
     order by key on conflict do nothing`,
    [
      actors.map((a) => a.key),
      actors.map((a) => a.who),
      actors.map((a) => textArray(a.organisations)),
      actors.map((a) => a.content),
    ] as never[],
  );
}

function textArray(texts: readonly string[]): string {
  return `{${texts.map((t) => `"${t.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
}

/**
 * Appends entries as one transaction: raises the last number and numbers them with it. The head's row stays locked until the commit, so what a
 * reader sees is always a whole beginning of the log, whichever process wrote it.
 */
export async function insertEntries(db: Db, entries: readonly EntryRow[]): Promise<void> {
  await db.unsafe(
    `with raised as (update access_head set number = number + $1 where one returning number - $1 as last)
     insert into access_entry (number, at, patient, who, actor, action, outcome, content)
     select raised.last + e.position, to_timestamp(e.at), e.patient, e.who, e.actor, e.action, e.outcome, e.content
     from raised, unnest($2::float8[], $3::bigint[], $4::bigint[], $5::uuid[], $6::smallint[], $7::smallint[], string_to_array($8, E'\\n'))
       with ordinality as e(at, patient, who, actor, action, outcome, content, position)`,
    [
      entries.length,
      plainArray(entries, ({ at }) => at / 1000),
      plainArray(entries, ({ patient }) => patient),
      plainArray(entries, ({ who }) => who),
      plainArray(entries, ({ actor }) => actor),
      plainArray(entries, ({ action }) => action),
      plainArray(entries, ({ outcome }) => outcome),
      // JSON has no line break of its own, so that nothing needs quoting.
      entries.map(({ content }) => content).join('\n'),
    ] as never[],
    { prepare: true },
  );
}

/** PostgreSQL's way to write an array of what needs no quoting: numbers and UUIDs. */
function plainArray(entries: readonly EntryRow[], of: (entry: EntryRow) => number | string | null): string {
  let text = '{';
  for (const entry of entries) text += `${text.length > 1 ? ',' : ''}${of(entry) ?? 'NULL'}`;
  return `${text}}`;
}

/** The last number that was given; 0 when there is none. */
export async function lastNumber(db: Db): Promise<number> {
  const [row] = await db<{ number: number }[]>`select number from access_head where one`;
  return row?.number ?? 0;
}

/** Entries one after the other, as a seal takes them in. */
export type NextEntries = {
  /** Their first and last number; they lie without a gap. */
  first: number;
  last: number;
  /** Least and greatest time. */
  since: number;
  until: number;
  /** Their hashes (`leafOf`), 32 bytes each. */
  leaves: Buffer;
  /** How many were looked at: fewer than asked for where there are no more. */
  found: number;
};

/**
 * The entries after a number up to the first gap; undefined for none. They are hashed where they lie, as `leafOf` does, so that sealing neither carries them
 * through this process nor holds up its requests.
 */
export async function entriesAfter(db: Db, after: number, limit: number): Promise<NextEntries | undefined> {
  const [row] = await db<NextEntries[]>`
    with next as materialized (
      select number, at, content, row_number() over (order by number) as position
      from (select number, at, content from access_entry where number > ${after} order by number limit ${limit}) as e),
    gap as (select coalesce(min(position), 9223372036854775807) as position from next
      where number <> (select min(number) from next) + position - 1)
    select min(next.number) as first, max(next.number) as last, min(at) as since, max(at) as until, (select count(*) from next) as found,
      string_agg(sha256('\\x00'::bytea || convert_to(next.number || E'\\t' || content, 'UTF8')), '' order by next.position) as leaves
    from next, gap where next.position < gap.position having count(*) > 0`;
  return row;
}

/** One entry; undefined when there is none of this number. Two rows of one number, which only tampering makes, are told by `fyr log verify`. */
export async function findEntry(db: Db, number: number): Promise<StoredEntry | undefined> {
  const [row] = await db<StoredEntry[]>`
    select number, at, patient::text, who::text, actor::text, action, outcome, content
    from access_entry where number = ${number} limit 1`;
  return row;
}

/** The texts of actors by their keys. */
export async function findActors(db: Db, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await db<{ key: string; content: string }[]>`
    select key::text, content from access_actor where key = any(${[...new Set(keys)]}::uuid[])`;
  return new Map(rows.map(({ key, content }) => [key, content]));
}

/**
 * Makes the partitions of the months from `from` to `until` (milliseconds since 1970) that are missing. Attaching lets writing go on. A month
 * whose entries a strange clock has already put into the partition of the others stays there.
 */
export async function makePartitions(db: Db, from: number, until: number): Promise<void> {
  for (const { name, begins, ends } of monthsBetween(from, until)) {
    await db.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(${partitionLock})`;
      const [known] = await transaction`select to_regclass(${name}) as name where to_regclass(${name}) is not null`;
      const [stray] = await transaction`
        select number from access_entry_other where at >= ${begins}::timestamptz and at < ${ends}::timestamptz limit 1`;
      if (known || stray) return;
      await transaction.unsafe(`create table ${name} (like access_entry including all)`);
      await transaction.unsafe(
        `alter table access_entry attach partition ${name} for values from ('${begins}') to ('${ends}')`,
      );
    });
  }
}

type Month = { name: string; begins: string; ends: string };

function monthsBetween(from: number, until: number): Month[] {
  const first = new Date(from);
  const months: Month[] = [];
  for (let month = first.getUTCMonth(); ; month++) {
    const begins = new Date(Date.UTC(first.getUTCFullYear(), month));
    if (begins.getTime() > until) return months;
    const ends = new Date(Date.UTC(first.getUTCFullYear(), month + 1));
    const name = `access_entry_${begins.toISOString().slice(0, 7).replace('-', '_')}`;
    months.push({ name, begins: begins.toISOString(), ends: ends.toISOString() });
  }
}
