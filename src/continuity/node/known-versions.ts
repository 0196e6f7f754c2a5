/** The versions of a resource as this node knows them: those that were current, and those that are kept beside the current one until a person has decided. */
import type { Db } from '#kernel/db.ts';
import type { Arrival, FindBeside, StoredVersion } from '#fhir/index.ts';
import { countOf } from '../protocol/version.ts';
import { readArrivals, readKnownVersions, type KnownVersion } from './known-versions-store.ts';
import { readPlaces } from './place-store.ts';

export type { KnownVersion } from './known-versions-store.ts';

/** Every version that the node knows of, each after its parents. Empty: it knows of none. */
export async function knownVersions(db: Db, type: string, id: string): Promise<KnownVersion[]> {
  const resource = `${type}/${id}`;
  const buckets = (await readPlaces(db, [resource])).map(({ bucket }) => bucket);
  return readKnownVersions(db, buckets, resource);
}

/** The versions that nobody has built upon, the current one first: more than one is a conflict that waits for a person. */
export async function versionsInConflict(db: Db, type: string, id: string): Promise<KnownVersion[]> {
  const heads = (await knownVersions(db, type, id)).filter(({ isHead }) => isHead);
  return heads.sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
}

/** A version that never was current here, as the record tells its own: for reading one version, where the record has none of that id. */
export const findVersionBeside: FindBeside = async (db, type, id, versionId) => {
  const found = (await knownVersions(db, type, id)).find((version) => version.versionId === versionId);
  return found && storedVersion(type, id, found);
};

/**
 * How each of these versions came to this node. What is not in the graph yet was written here: what comes from elsewhere is put into both at once. Undefined
 * where neither is so.
 */
export async function findArrivals(
  db: Db,
  node: string,
  versions: readonly StoredVersion[],
): Promise<(Arrival | undefined)[]> {
  const arrived = await readArrivals(db, versions);
  return versions.map(({ type, id, versionId, updated }) => {
    const writer = versionId.slice(versionId.indexOf('-') + 1);
    const known = arrived.get(`${type}/${id} ${versionId}`);
    if (known !== undefined) return { ...known, writer };
    // A node that was restored writes as `node.2`.
    const isOwn = writer === node || writer.startsWith(`${node}.`);
    return isOwn ? { writer, arrivedAt: updated, came: 'here' } : undefined;
  });
}

/** Undefined: only that it was is known here. Its place in the record's own line it does not have. */
export function storedVersion(
  type: string,
  id: string,
  { versionId, content, at }: KnownVersion,
): StoredVersion | undefined {
  if (content === undefined) return undefined;
  const version = countOf(versionId);
  const interaction = content === null ? 'delete' : 'update';
  return { bucket: 0, n: 0, type, id, version, versionId, updated: Math.floor(at), interaction, content };
}
