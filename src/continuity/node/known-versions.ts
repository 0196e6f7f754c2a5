/** The versions of a resource as this node knows them: those that were current, and those that are kept beside the current one until a person has decided. */
import type { Db } from '#kernel/db.ts';
import { locate } from '#fhir/record/store.ts';
import { readKnownVersions, type KnownVersion } from './graph-store.ts';

export type { KnownVersion } from './graph-store.ts';

/** Every version that the node knows of, each after its parents. Empty: it knows of none. */
export async function knownVersions(db: Db, type: string, id: string): Promise<KnownVersion[]> {
  const [place] = await locate(db, [{ type, id }]);
  return place === undefined ? [] : readKnownVersions(db, place.bucket, `${type}/${id}`);
}

/** The versions that nobody has built upon, the current one first: more than one is a conflict that waits for a person. */
export async function versionsInConflict(db: Db, type: string, id: string): Promise<KnownVersion[]> {
  const heads = (await knownVersions(db, type, id)).filter(({ isHead }) => isHead);
  return heads.sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
}
