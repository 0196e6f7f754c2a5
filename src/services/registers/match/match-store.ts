/** Candidates out of the index of persons. */
import type { Db } from '#kernel/db.ts';
import type { Features } from './features.ts';

export type Candidate = { id: string; bucket: number; features: Features };

type Row = { id: string; bucket: number; features: string };

/** Persons that share a key with the question; at most `limit`, whichever come first. */
export async function findCandidates(db: Db, keys: readonly string[], limit: number): Promise<Candidate[]> {
  if (keys.length === 0) return [];
  const rows = await db<Row[]>`
    select bucket, id, features from register_person
    where keys && ${`{${keys.join(',')}}`}::text::bigint[] and features is not null limit ${limit}`;
  return rows.map(candidateOf);
}

/** Persons by key, whom something else (a number) has led to. */
export async function findPersons(db: Db, keys: readonly { bucket: number; id: string }[]): Promise<Candidate[]> {
  if (keys.length === 0) return [];
  const rows = await db<Row[]>`
    select p.bucket, p.id, p.features
    from unnest(${keys.map((k) => k.bucket)}::int[], ${keys.map((k) => k.id)}::text[]) as k(bucket, id)
    join register_person p on p.bucket = k.bucket and p.id = k.id and p.features is not null`;
  return rows.map(candidateOf);
}

function candidateOf({ id, bucket, features }: Row): Candidate {
  return { id, bucket, features: JSON.parse(features) as Features };
}

/**
 * In one statement: persons that share a key with the question, and how many have a name with one of these keys (who has several is counted
 * for each).
 */
export async function findWithNamesakes(
  db: Db,
  keys: readonly string[],
  names: readonly string[],
  limit: number,
): Promise<{ candidates: Candidate[]; namesakes: number }> {
  const rows = await db<(Row & { namesakes: number })[]>`
    select n.persons as namesakes, p.bucket, p.id, p.features
    from (select coalesce(sum(c.persons), 0)::bigint as persons
      from unnest(${`{${names.join(',')}}`}::text::bigint[]) as k(key)
      join register_namesake c on c.bucket = (k.key & 1023)::int and c.key = k.key) as n
    left join lateral (select bucket, id, features from register_person
      where keys && ${`{${keys.join(',')}}`}::text::bigint[] and features is not null limit ${limit}) as p on true`;
  const candidates = rows.flatMap((row) => (row.id === null ? [] : [candidateOf(row)]));
  return { candidates, namesakes: rows[0]?.namesakes ?? 0 };
}
