/**
 * The one statement that writes: raises the heads of the buckets, numbers the versions with them, appends them to `version`, puts the
 * current rows and their search values into `resource`. It is durable and whole, or refused whole.
 */
import { sqlState, type Db, type Transaction } from '#kernel/db.ts';
import { naturalBucket } from './bucket.ts';
import type { SearchValues } from '../search/search-values.ts';
import type { Interaction, ResourceKey } from './store.ts';

/** One version to be written. It is refused unless the version that lies in its bucket is lower. */
export type Write = {
  bucket: number;
  type: string;
  id: string;
  version: number;
  versionId: string;
  /** Milliseconds since 1970. */
  updated: number;
  interaction: Interaction;
  content: string | null;
  values: SearchValues;
  /** Where the resource lay until now, when it moves to another patient's bucket (a `move` is written there too). */
  movedFrom?: number;
};

/** What somebody looked at to decide whether a change may be made: which version of it, by its place in its bucket. `n` 0: there is none, or it is deleted. */
export type Standing = ResourceKey & { bucket: number; n: number };

/**
 * Writes that become true together, the resources that must exist for them to be accepted, and what must still be as it was when they were allowed: that
 * is looked at in the transaction that writes, under the lock of the buckets, so nothing can come between.
 */
export type Unit = {
  writes: Write[];
  references: (ResourceKey & { bucket: number })[];
  standing?: readonly Standing[];
};

/** `stale`: another writer came first, or something that the unit stands on changed. `dangling`: a reference leads nowhere. Nothing was written in either case. */
export type Written = 'written' | 'stale' | 'dangling';

/** Writes all units in one transaction, or nothing. No resource may stand in it twice. */
export async function writeUnits(db: Db, units: readonly Unit[]): Promise<Written> {
  const standing = units.flatMap((unit) => unit.standing ?? []);
  try {
    if (standing.length === 0) await writeRows(db, units);
    else await db.begin((transaction) => writeStanding(transaction, units, standing));
    return 'written';
  } catch (error) {
    if (error instanceof Overtaken) return 'stale';
    const state = sqlState(error);
    if (state === 'FY001' || state === '23505') return 'stale';
    if (state === 'FY002') return 'dangling';
    throw error;
  }
}

class Overtaken extends Error {}

/** Each statement sees what was committed before it began: what is read behind the lock is the last word until this commits. */
async function writeStanding(
  transaction: Transaction,
  units: readonly Unit[],
  standing: readonly Standing[],
): Promise<void> {
  const buckets = new Set([...units.flatMap(({ writes }) => writes), ...standing].map(({ bucket }) => bucket));
  const locked = [...buckets].sort((a, b) => a - b);
  await transaction`select from head where bucket = any(${locked}) order by bucket for update`;
  const [changed] = await transaction`
    select 1 from unnest(${standing.map((s) => s.bucket)}::int[], ${standing.map((s) => s.type)}::text[],
      ${standing.map((s) => s.id)}::text[], ${standing.map((s) => s.n)}::bigint[]) as k(bucket, type, id, n)
    left join resource r on r.bucket = k.bucket and r.type = k.type and r.id = k.id and not r.deleted
    where coalesce(r.n, 0) <> k.n limit 1`;
  if (changed !== undefined) throw new Overtaken();
  await writeRows(transaction, units);
}

async function writeRows(db: Db | Transaction, units: readonly Unit[]): Promise<void> {
  const rows = units.flatMap((unit) => unit.writes);
  const references = units.flatMap((unit) => unit.references);
  const heads = headCounts(rows);
  await db.unsafe(
    needsDirectory(rows) ? writeWithDirectory : write,
    [
      ...rowParameters(rows, heads),
      [...heads.keys()],
      [...heads.values()],
      references.map((r) => r.bucket),
      references.map((r) => r.type),
      references.map((r) => r.id),
      rows.length,
      units.flatMap(together),
      ...(needsDirectory(rows) ? directoryParameters(rows) : []),
    ] as never[],
    { prepare: true },
  );
}

/** For each row of a unit the same text, which no other unit has: `<rows> <bucket> <Type/id> <version>` of the first. Null for what is written alone. */
function together({ writes }: Unit): (string | null)[] {
  const [first] = writes;
  if (first === undefined || writes.length === 1) return writes.map(() => null);
  const { bucket, type, id, version } = first;
  return writes.map(() => `${writes.length} ${bucket} ${type}/${id} ${version}`);
}

/** Rows a bucket, in ascending order of bucket, so that writers mostly lock heads in one order. */
function headCounts(rows: readonly Write[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { bucket } of [...rows].sort((a, b) => a.bucket - b.bucket))
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  return counts;
}

function rowParameters(rows: readonly Write[], heads: ReadonlyMap<number, number>): unknown[] {
  const left = new Map(heads);
  const positions = rows.map(({ bucket }) => {
    const remaining = (left.get(bucket) as number) - 1;
    left.set(bucket, remaining);
    return (heads.get(bucket) as number) - remaining;
  });
  const isGone = (w: Write): boolean => w.content === null;
  return [
    rows.map((w) => w.bucket),
    positions,
    rows.map((w) => w.type),
    rows.map((w) => w.id),
    rows.map((w) => w.version),
    rows.map((w) => w.versionId),
    rows.map((w) => w.updated / 1000),
    rows.map((w) => w.interaction),
    rows.map((w) => w.content),
    rows.map((w) => (isGone(w) ? null : (w.values.patient ?? null))),
    rows.map((w) => (isGone(w) ? '{}' : `{${w.values.tokens.join(',')}}`)),
    rows.map((w) => (isGone(w) || w.values.strings.length === 0 ? null : textArray(w.values.strings))),
    rows.map((w) => numberArray(w, w.values.rangeKeys)),
    rows.map((w) => numberArray(w, w.values.rangeLows)),
    rows.map((w) => numberArray(w, w.values.rangeHighs)),
  ];
}

function numberArray(write: Write, numbers: readonly number[]): string | null {
  return write.content === null || numbers.length === 0 ? null : `{${numbers.join(',')}}`;
}

function textArray(texts: readonly string[]): string {
  return `{${texts.map((t) => `"${t.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
}

function isElsewhere(write: Write): boolean {
  if (write.interaction === 'move') return false;
  return write.movedFrom !== undefined || write.bucket !== naturalBucket(write.type, write.id);
}

function needsDirectory(rows: readonly Write[]): boolean {
  return rows.some(isElsewhere);
}

function directoryParameters(rows: readonly Write[]): unknown[] {
  const moved = rows.filter(isElsewhere);
  return [
    moved.map((w) => w.type),
    moved.map((w) => w.id),
    moved.map((w) => w.bucket),
    moved.map((w) => (w.movedFrom === undefined ? '{}' : `{${w.movedFrom}}`)),
  ];
}

const steps = `
with input as (
  select * from unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::int[], $6::text[], $7::float8[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $22::text[])
  as i(bucket, position, type, id, version, version_id, updated, interaction, content,
    patient, tokens, strings, range_keys, range_lows, range_highs, together)
), raised as (
  update head h set n = h.n + c.count from unnest($16::int[], $17::int[]) as c(bucket, count)
  where h.bucket = c.bucket returning h.bucket, h.n - c.count as base
), numbered as materialized (
  select i.*, to_timestamp(i.updated) as at, raised.base + i.position as n from input i join raised on raised.bucket = i.bucket
), versions as (
  insert into version (n, updated, bucket, version, type, id, version_id, interaction, content, together)
  select n, at, bucket, version, type, id, version_id, interaction, content, together from numbered
), written as (
  insert into resource as r (n, updated, bucket, version, deleted, type, id, patient, tokens, strings, range_keys, range_lows, range_highs)
  select n, at, bucket, version, content is null, type, id, patient, tokens::bigint[], strings::text[],
    range_keys::int[], range_lows::float8[], range_highs::float8[] from numbered
  on conflict (bucket, type, id) do update set n = excluded.n, updated = excluded.updated, version = excluded.version,
    deleted = excluded.deleted, patient = excluded.patient, tokens = excluded.tokens, strings = excluded.strings,
    range_keys = excluded.range_keys, range_lows = excluded.range_lows, range_highs = excluded.range_highs
  where r.version < excluded.version
  returning 1
), dangling as (
  select 1 from unnest($18::int[], $19::text[], $20::text[]) as k(bucket, type, id)
  left join resource r on r.bucket = k.bucket and r.type = k.type and r.id = k.id and not r.deleted
  where r.id is null
)`;

const directoryStep = `, listed as (
  insert into directory as d (type, id, bucket, earlier)
  select type, id, bucket, earlier::int[] from unnest($23::text[], $24::text[], $25::int[], $26::text[]) as k(type, id, bucket, earlier)
  on conflict (id, type) do update set bucket = excluded.bucket, earlier = d.earlier || excluded.earlier
)`;

const verdict = `
select require_write((select count(*) from written), $21::bigint, (select count(*) from dangling))`;

const write = steps + verdict;
const writeWithDirectory = steps + directoryStep + verdict;
