/** What the policy reads of the record: by tokens, only the few types that it rests on, of the patients in question. */
import type { Db } from '#kernel/db.ts';

export type FactRow = { type: string; id: string; patient: string; content: string };

/**
 * Current resources that carry one of the tokens, in the records of these patients. The tokens are made of the patients' ids, so the index gives little
 * more than what is asked for.
 * @param buckets of the patients, where the record is spread over several PostgreSQLs
 */
export async function findByTokens(
  db: Db,
  patients: readonly string[],
  tokens: readonly string[],
  buckets: readonly number[] | undefined,
): Promise<FactRow[]> {
  return db<FactRow[]>`
    with hit as materialized (
      select bucket, n, patient, type, id from resource
      where not deleted and tokens && ${arrayOf(tokens)}::text::bigint[]
        ${buckets === undefined ? db`` : db`and bucket = any(${[...buckets]}::int[])`})
    select h.type, h.id, h.patient, v.content
    from hit h join version v on v.bucket = h.bucket and v.n = h.n
    where h.patient = any(${[...patients]}::text[])`;
}

/** The same, of those that carry a token of each of two lists. */
export async function findByBoth(
  db: Db,
  patients: readonly string[],
  [one, other]: readonly [readonly string[], readonly string[]],
  buckets: readonly number[] | undefined,
): Promise<FactRow[]> {
  return db<FactRow[]>`
    with hit as materialized (
      select bucket, n, patient, type, id from resource
      where not deleted and tokens && ${arrayOf(one)}::text::bigint[] and tokens && ${arrayOf(other)}::text::bigint[]
        ${buckets === undefined ? db`` : db`and bucket = any(${[...buckets]}::int[])`})
    select h.type, h.id, h.patient, v.content
    from hit h join version v on v.bucket = h.bucket and v.n = h.n
    where h.patient = any(${[...patients]}::text[])`;
}

const arrayOf = (tokens: readonly string[]): string => `{${tokens.join(',')}}`;
