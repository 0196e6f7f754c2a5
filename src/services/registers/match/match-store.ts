/** Candidates out of the index of persons. */
import type { Db } from '#kernel/db.ts';

export type Candidate = { id: string; bucket: number; features: string };

/** Persons that share a key with the question; at most `limit`, whichever come first. */
export async function findCandidates(db: Db, keys: readonly string[], limit: number): Promise<Candidate[]> {
  return db<Candidate[]>`
    select bucket, id, features from register_person
    where keys && ${`{${keys.join(',')}}`}::text::bigint[] limit ${limit}`;
}

/** Persons by key, whom something else (a number) has led to. */
export async function findPersons(db: Db, keys: readonly { bucket: number; id: string }[]): Promise<Candidate[]> {
  if (keys.length === 0) return [];
  return db<Candidate[]>`
    select p.bucket, p.id, p.features
    from unnest(${keys.map((k) => k.bucket)}::int[], ${keys.map((k) => k.id)}::text[]) as k(bucket, id)
    join register_person p on p.bucket = k.bucket and p.id = k.id`;
}

/** How many persons share a key, counted up to `limit`. */
export async function countSharing(db: Db, keys: readonly string[], limit: number): Promise<number> {
  const [row] = await db<{ count: number }[]>`
    select count(*) as count from (
      select from register_person where keys && ${`{${keys.join(',')}}`}::text::bigint[] limit ${limit}) as sharing`;
  return row?.count ?? 0;
}
