/**
 * The way out of the record for one resource at a time: what the grant doesn't reach is not there. Searches have theirs in `../search/run.ts`;
 * the statements themselves (`store.ts`) are for the record's own work.
 */
import type { Db } from '#kernel/db.ts';
import type { Grant, Reach, ResourceFacts } from '../grant.ts';
import { parseJson } from '../json/index.ts';
import type { Search } from '../search/index.ts';
import type { Resource } from '../types.ts';
import {
  findBytes,
  findCurrent,
  findMany,
  findVersion,
  type CurrentBytes,
  type CurrentVersion,
  type ResourceKey,
  type StoredVersion,
} from './store.ts';

export type Reading = { db: Db; search: Search; grant: Grant; findBeside?: FindBeside };

/** How a version came to this node. Times are milliseconds since 1970. */
export type Arrival = { writer: string; arrivedAt: number; came: string };

/** Told of each version of a history, in its order: how it came to this node; undefined where that is not known. */
export type FindArrivals = (db: Db, versions: readonly StoredVersion[]) => Promise<(Arrival | undefined)[]>;

/** Versions of a resource that never were current here: another node wrote them, and they are kept until a person has decided. By version id; undefined: none. */
export type FindBeside = (db: Db, type: string, id: string, versionId: string) => Promise<StoredVersion | undefined>;

/** The current version as bytes where it lies where its id says and is within reach; undefined says nothing (`readCurrent` knows). */
export async function readBytes(reading: Reading, type: string, id: string): Promise<CurrentBytes | undefined> {
  const found = await findBytes(reading.db, type, id);
  if (found === undefined) return undefined;
  const facts = { type, id, patient: found.patient };
  // What is not within reach is told by `readCurrent`, which is asked next.
  if (!(await isReached(reading, facts, found.content))) return undefined;
  reading.grant.saw([facts]);
  return found;
}

/** The current version, or the deletion of what was within reach; undefined when there never was one that the caller may know of. */
export async function readCurrent(reading: Reading, type: string, id: string): Promise<CurrentVersion | undefined> {
  const found = await findCurrent(reading.db, type, id);
  if (found === undefined) {
    // Told like what is kept back, so that the log's time does not tell one from the other.
    reading.grant.missed({ type, id, patient: undefined });
    return undefined;
  }
  const facts = await factsOf(reading, found);
  if (facts === undefined) return undefined;
  if (!(await isReached(reading, facts, facts.content))) {
    reading.grant.missed(facts);
    return undefined;
  }
  reading.grant.saw([facts]);
  return found;
}

/** One version, where both it and what became of it are within reach. */
export async function readVersion(
  reading: Reading,
  type: string,
  id: string,
  versionId: string,
): Promise<StoredVersion | undefined> {
  const found =
    (await findVersion(reading.db, type, id, versionId)) ??
    (await reading.findBeside?.(reading.db, type, id, versionId));
  if (found === undefined) return undefined;
  if ((await readCurrent(reading, type, id)) === undefined) return undefined;
  const [only] = await withinReach(reading, [found]);
  return only;
}

/** Those of the current versions that are within reach and not deleted. `patient`: the one whose record is in question, besides what lies in nobody's. */
export async function readMany(
  reading: Reading,
  keys: readonly ResourceKey[],
  patient: string | undefined,
): Promise<CurrentVersion[]> {
  if (keys.length === 0) return [];
  const types = [...new Set(keys.map(({ type }) => type))];
  const reach = await reading.grant.reach({ by: 'search', patient, isNamed: false, types });
  const found = (await findMany(reading.db, keys)).filter(({ type, id, content, patient: own }) => {
    return content !== null && reading.search.reaches(reach, { type, id, patient: own ?? undefined }, content);
  });
  reading.grant.saw(found.map(({ type, id, patient: own }) => ({ type, id, patient: own ?? undefined })));
  return found;
}

/** Those of the versions whose own content is within reach; of deletions, those of what was. */
export async function withinReach(reading: Reading, versions: readonly StoredVersion[]): Promise<StoredVersion[]> {
  const kept: StoredVersion[] = [];
  const reachOf = rememberedReach(reading);
  for (const version of versions) {
    const facts = await factsOf(reading, version);
    if (facts === undefined) continue;
    const reach = await reachOf(facts);
    if (!reading.search.reaches(reach, facts, facts.content)) continue;
    reading.grant.saw([facts]);
    kept.push(version);
  }
  return kept;
}

/** The reach by type and patient, asked once each. */
function rememberedReach({ grant }: Reading): (facts: ResourceFacts) => Promise<Reach> {
  const known = new Map<string, Promise<Reach>>();
  return ({ type, patient }) => {
    const key = `${type} ${patient ?? ''}`;
    const reach = known.get(key) ?? grant.reach({ by: 'read', patient, isNamed: false, types: [type] });
    known.set(key, reach);
    return reach;
  };
}

async function isReached({ search, grant }: Reading, facts: ResourceFacts, content: string | Buffer): Promise<boolean> {
  const reach = await grant.reach({ by: 'read', patient: facts.patient, isNamed: false, types: [facts.type] });
  return search.reaches(reach, facts, content);
}

/** Of a deletion: those of the version before it. */
async function factsOf(
  { db, search }: Reading,
  stored: StoredVersion & { patient?: string | null },
): Promise<(ResourceFacts & { content: string }) | undefined> {
  const { type, id, version } = stored;
  if (stored.content !== null) {
    const { content } = stored;
    const patient = stored.patient === undefined ? patientIn(search, content) : (stored.patient ?? undefined);
    return { type, id, patient, content };
  }
  const before = await findBefore(db, stored);
  return version > 1 && before !== undefined
    ? { type, id, patient: patientIn(search, before), content: before }
    : undefined;
}

async function findBefore(db: Db, { type, id, version }: StoredVersion): Promise<string | undefined> {
  const found = await findVersion(db, type, id, version - 1);
  return found?.content ?? undefined;
}

function patientIn(search: Search, content: string): string | undefined {
  return search.patientOf(parseJson(content) as Resource);
}
