/** What a write may point at: nothing of another's record that its writer does not reach. That is told in the same words as what is not here. */
import type { Db } from '#kernel/db.ts';
import type { Grant, Reach, ResourceFacts } from '../grant.ts';
import { findMany, type ResourceKey } from './store.ts';

export type PointingDeps = {
  db: Db;
  indexer: { reaches(reach: Reach, facts: ResourceFacts, content: string | Buffer): boolean };
};

/** A reference of what is written, and the change that it stands in. */
export type Pointer = { key: ResourceKey; change: object };

export type Written = {
  drafts: readonly { change: object; type: string; id: string; values: { patient: string | undefined } }[];
  /** What there is now of what is written. */
  current: readonly { type: string; id: string; content: string | null }[];
};

/**
 * The first of the references that leads to nothing, as far as the writer may know. Who may write in the record of the patient whom it is about is decided
 * by the grant; what was pointed at before is known already; the node's own work points where it will.
 */
export async function firstOutOfReach<P extends Pointer>(
  { db, indexer }: PointingDeps,
  grant: Grant,
  pointers: readonly P[],
  { drafts, current }: Written,
): Promise<P | undefined> {
  if (grant.owner === undefined || pointers.length === 0) return undefined;
  const now = new Map(current.map((one) => [`${one.type}/${one.id}`, one.content]));
  const by = new Map(drafts.map((one) => [one.change, one]));
  const asked = pointers.filter(({ key, change }) => {
    const one = by.get(change);
    const isOwnPatient = key.type === 'Patient' && key.id === one?.values.patient;
    return !isOwnPatient && !names(now.get(`${one?.type}/${one?.id}`), key);
  });
  if (asked.length === 0) return undefined;
  const found = new Map(
    (
      await findMany(
        db,
        asked.map(({ key }) => key),
      )
    ).map((row) => [`${row.type}/${row.id}`, row]),
  );
  for (const one of asked) {
    const { type, id } = one.key;
    const row = found.get(`${type}/${id}`);
    const patient = row?.patient ?? undefined;
    if (row?.content == null) {
      grant.missed({ type, id, patient: undefined });
      return one;
    }
    // What lies in nobody's record tells of nobody.
    if (patient === undefined) continue;
    const reach = await grant.reach({ by: 'read', patient, isNamed: false, types: [type] });
    if (indexer.reaches(reach, { type, id, patient }, row.content)) continue;
    grant.missed({ type, id, patient });
    return one;
  }
  return undefined;
}

function names(content: string | null | undefined, { type, id }: ResourceKey): boolean {
  return content != null && (content.includes(`${type}/${id}"`) || content.includes(`${type}/${id}/`));
}
