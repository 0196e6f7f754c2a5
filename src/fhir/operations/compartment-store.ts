/** A patient's whole record, page by page: one bucket, one token (docs/scale-out.md). */
import type { Db } from '#kernel/db.ts';

/** `content` is the stored text as the bytes that it lies in: it is only sent on. */
export type CompartmentRow = { type: string; id: string; patient: string | undefined; content: Buffer };

export type CompartmentPage = {
  bucket: number;
  /** The token that every resource of the compartment carries. */
  token: string;
  /** Only these types; all when absent. */
  types?: readonly string[];
  /** Changed since, milliseconds since 1970. */
  since?: number;
  after?: { type: string; id: string };
  limit: number;
};

/** Resources of the compartment in the order of type and id, strictly after `after`. */
export async function findCompartment(db: Db, page: CompartmentPage): Promise<CompartmentRow[]> {
  const { bucket, token, types, since, after, limit } = page;
  const rows = await db`
    with member as materialized (
      select bucket, n, type, id, patient from resource
      where not deleted and bucket = ${bucket} and tokens @> array[${token}::bigint]
        ${types === undefined ? db`` : db`and type = any(${[...types]}::text[])`}
        ${since === undefined ? db`` : db`and updated >= ${since}`}
        ${after === undefined ? db`` : db`and (type, id) > (${after.type}, ${after.id})`}
    )
    select v.type, v.id, v.content, m.patient
    from (select * from member order by type, id limit ${limit}) m
    join version v on v.bucket = m.bucket and v.n = m.n
    order by v.type, v.id`.raw();
  return (rows as unknown as (Buffer | null)[][]).map(([type, id, content, patient]) => ({
    type: String(type),
    id: String(id),
    patient: patient?.toString(),
    content: content as Buffer,
  }));
}
