/** The tables behind re-indexing, and the pages of its walk: one bucket at a time, in the order of type and id (docs/scale-out.md). */
import { retried, type Db } from '#kernel/db.ts';
import type { SearchValues } from '../search/search-values.ts';

export type ReindexJob = {
  id: string;
  state: 'waiting' | 'running' | 'done' | 'superseded';
  types: string[];
  units: string[];
  bucket: number;
  afterType: string;
  afterId: string;
  walked: number;
  seen: number;
  changed: number;
  created: number;
  finished: number | null;
};

/** The units that are filled, by type. */
export async function readFilledUnits(db: Db): Promise<Map<string, Set<string>>> {
  const filled = new Map<string, Set<string>>();
  for (const { type, unit } of await db<{ type: string; unit: string }[]>`select type, unit from search_unit`) {
    filled.set(type, (filled.get(type) ?? new Set()).add(unit));
  }
  return filled;
}

export type UnitRow = { type: string; unit: string };

export async function addFilledUnits(db: Db, units: readonly UnitRow[]): Promise<void> {
  if (units.length === 0) return;
  await db`
    insert into search_unit (type, unit)
    select type, unit from unnest(${units.map((u) => u.type)}::text[], ${units.map((u) => u.unit)}::text[]) as u(type, unit)
    on conflict do nothing`;
}

export async function removeFilledUnits(db: Db, units: readonly UnitRow[]): Promise<void> {
  if (units.length === 0) return;
  await db`
    delete from search_unit s using unnest(${units.map((u) => u.type)}::text[], ${units.map((u) => u.unit)}::text[]) as u(type, unit)
    where s.type = u.type and s.unit = u.unit`;
}

/** Those of the types of which there is a resource: a probe a type, since a list of distinct types would read the whole index. */
export async function findTypesInUse(db: Db, types: readonly string[]): Promise<Set<string>> {
  const found = await Promise.all(
    types.map(
      (type) => db<{ type: string }[]>`
        /* fan-out: whether there is any of a type */ select type from resource where type = ${type} and not deleted limit 1`,
    ),
  );
  return new Set(found.flat().map((row) => row.type));
}

/** Begins a walk in place of the one that is not finished, whose types it takes over. */
export async function insertReindex(
  db: Db,
  id: string,
  types: readonly string[],
  units: readonly string[],
  now: number,
): Promise<void> {
  await db.begin(async (tx) => {
    // Processes that hear of one parameter at once take turns: each supersedes the walk of the one before.
    await tx`lock table reindex_job in share row exclusive mode`;
    const earlier = await tx<{ types: string[] }[]>`
      update reindex_job set state = 'superseded', finished = ${now}::timestamptz
      where state in ('waiting', 'running') returning types`;
    const all = [...new Set([...types, ...earlier.flatMap((one) => one.types)])].sort();
    await tx`
      insert into reindex_job (id, state, types, units, created)
      values (${id}, 'waiting', ${all}::text[], ${[...units]}::text[], ${now}::timestamptz)`;
  });
}

/** The walk that is not finished, else the last one. */
export async function findReindex(db: Db, id?: string): Promise<ReindexJob | undefined> {
  const [row] = await db<ReindexJob[]>`
    select id, state, types, units, bucket, after_type as "afterType", after_id as "afterId", walked, seen, changed, created, finished
    from reindex_job ${id === undefined ? db`` : db`where id = ${id}`}
    order by finished desc nulls first, created desc limit 1`;
  return row;
}

/** False when it is finished or another has taken its place. */
export async function beginReindex(db: Db, id: string): Promise<boolean> {
  return (
    (
      await db`update reindex_job set state = 'running' where id = ${id} and state in ('waiting', 'running') returning 1`
    ).length > 0
  );
}

/** Notes the end, and the units as filled: of one that has not been superseded. */
export async function finishReindex(db: Db, id: string, units: readonly UnitRow[], now: number): Promise<boolean> {
  const done = await db`
    with done as (
      update reindex_job set state = 'done', walked = 1, finished = ${now}::timestamptz where id = ${id} and state = 'running' returning 1
    ), filled as (
      insert into search_unit (type, unit)
      select u.type, u.unit from unnest(${units.map((u) => u.type)}::text[], ${units.map((u) => u.unit)}::text[]) as u(type, unit), done
      on conflict do nothing
    )
    select 1 from done`;
  return done.length > 0;
}

export type Position = { bucket: number; afterType: string; afterId: string };
export type IndexedRow = { n: number; type: string; id: string; content: string };

/** The next resources of the bucket, after the position. */
export async function readIndexPage(
  db: Db,
  types: readonly string[],
  at: Position,
  limit: number,
): Promise<IndexedRow[]> {
  return db<IndexedRow[]>`
    select p.n, p.type, p.id, v.content
    from (
      select n, type, id from resource
      where bucket = ${at.bucket} and not deleted and (type, id) > (${at.afterType}, ${at.afterId}) and type = any(${[...types]}::text[])
      order by type, id limit ${limit}
    ) p
    join version v on v.bucket = ${at.bucket} and v.n = p.n
    order by p.type, p.id`;
}

export type IndexedValues = Pick<IndexedRow, 'n' | 'type' | 'id'> & { values: SearchValues };
export type PageProgress = { id: string; walked: number; seen: number };

/**
 * Puts the search values of a page in place, of resources that are still in the version that was read, and notes the walk's position with
 * it. Makes no version and nothing for the feed. False when another walk has taken this one's place.
 */
export async function writeIndexPage(
  db: Db,
  rows: readonly IndexedValues[],
  bucket: number,
  next: Position,
  { id, walked, seen }: PageProgress,
): Promise<boolean> {
  return retried(() =>
    db.begin(async (tx) => {
      const changed =
        rows.length === 0
          ? []
          : await tx`
        update resource r set tokens = i.tokens::bigint[], strings = i.strings::text[], range_keys = i.range_keys::int[],
          range_lows = i.range_lows::float8[], range_highs = i.range_highs::float8[]
        from unnest(${rows.map((r) => r.n)}::bigint[], ${rows.map((r) => r.type)}::text[], ${rows.map((r) => r.id)}::text[],
          ${rows.map(({ values }) => `{${values.tokens.join(',')}}`)}::text[], ${rows.map(({ values }) => textArray(values.strings))}::text[],
          ${rows.map(({ values }) => numberArray(values.rangeKeys))}::text[],
          ${rows.map(({ values }) => numberArray(values.rangeLows))}::text[],
          ${rows.map(({ values }) => numberArray(values.rangeHighs))}::text[])
          as i(n, type, id, tokens, strings, range_keys, range_lows, range_highs)
        where r.bucket = ${bucket} and r.type = i.type and r.id = i.id and r.n = i.n and not r.deleted
          and (r.tokens, r.strings, r.range_keys, r.range_lows, r.range_highs) is distinct from
            (i.tokens::bigint[], i.strings::text[], i.range_keys::int[], i.range_lows::float8[], i.range_highs::float8[])
        returning 1`;
      const noted = await tx`
        update reindex_job set bucket = ${next.bucket}, after_type = ${next.afterType}, after_id = ${next.afterId}, walked = ${walked},
          seen = ${seen}, changed = changed + ${changed.length}
        where id = ${id} and state = 'running' returning 1`;
      return noted.length > 0;
    }),
  );
}

function numberArray(numbers: readonly number[]): string | null {
  return numbers.length === 0 ? null : `{${numbers.join(',')}}`;
}

function textArray(strings: readonly string[]): string | null {
  return strings.length === 0 ? null : `{${strings.map((t) => `"${t.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
}

/** The SearchParameters that are stored, in use or not, oldest first. */
export async function readStoredParameters(db: Db): Promise<{ id: string; content: string }[]> {
  return db<{ id: string; content: string }[]>`
    /* fan-out: the search parameters that users stored */
    select r.id, v.content from resource r join version v on v.bucket = r.bucket and v.n = r.n
    where r.type = 'SearchParameter' and not r.deleted order by r.updated, r.id`;
}
