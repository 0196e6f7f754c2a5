/**
 * Versions as they travel between nodes, and the graph that they make. A version names its parents: what its author saw. The versions of one
 * resource are a graph that only grows, so nodes that know the same versions know the same conflicts, in whatever order they heard of them.
 */

/** One version of a resource. It never changes after it was acknowledged. */
export type Version = {
  /** `Type/id`. */
  readonly resource: string;
  readonly type: string;
  /** The patient in whose record it lies; undefined: nobody's (a practitioner, an organisation, a code list). */
  readonly patient: string | undefined;
  /** `<count>-<writer>`: the count is higher than that of every parent. */
  readonly id: string;
  /** The version ids that the author saw as current: none for the first, several for the settling of a conflict. */
  readonly parents: readonly string[];
  /** The seals of the parents, in their order: a version is tied to what its author saw, not to whatever has the same id elsewhere. */
  readonly parentSeals: readonly string[];
  /** The JSON text that was acknowledged; null: a deletion; undefined: only its place in the graph is told, since it was superseded long ago. */
  readonly content: string | null | undefined;
  /** Hash of all that stands here, made by the writer: two versions of one id with different seals had two writers who both thought they were one. */
  readonly seal: string;
  /** Hybrid time, milliseconds since 1970 and a bit more: later than that of every version its writer knew of (`hybrid-time.ts`). */
  readonly at: number;
};

/** What a node knows of one resource: its versions by id, and which of them a plain read answers. */
export type ResourceState = {
  readonly tip: string | undefined;
  readonly versions: ReadonlyMap<string, Version>;
};

export type Hash = (text: string) => string;

/** How seals are made and checked. */
export type Sealing = {
  readonly hash: Hash;
  /** Versions that were found intact, so that they are not hashed again: where it is given, a version in memory never changes. */
  readonly knownIntact?: WeakSet<Version>;
};

/** A version with its seal. */
export function sealed(version: Omit<Version, 'seal'>, hash: Hash): Version {
  return { ...version, seal: sealOf(version, hash) };
}

export function sealOf(
  { resource, patient, id, parents, parentSeals, content, at }: Omit<Version, 'seal'>,
  hash: Hash,
): string {
  return hash(
    `${resource}\n${patient ?? ''}\n${id}\n${parents.join(' ')}\n${parentSeals.join(' ')}\n${at}\n${content ?? ''}`,
  );
}

/** The seals of these versions, as a node knows them. */
export function sealsOf(state: ResourceState | undefined, ids: readonly string[]): string[] {
  return ids.map((id) => state?.versions.get(id)?.seal ?? '');
}

/** True when every parent that the node knows is the one that the author saw. */
export function fitsParents(state: ResourceState | undefined, { parents, parentSeals }: Version): boolean {
  return parents.every((parent, i) => {
    const known = state?.versions.get(parent);
    return known === undefined || known.seal === parentSeals[i];
  });
}

/** True when the bytes are those that the writer sealed. Of a version without content nothing can be said. */
export function isIntact(version: Version, { hash, knownIntact }: Sealing): boolean {
  if (version.content === undefined || knownIntact?.has(version)) return true;
  const isSealed = sealOf(version, hash) === version.seal;
  if (isSealed) knownIntact?.add(version);
  return isSealed;
}

/** The number in front of a version id. */
export function countOf(versionId: string): number {
  return Number.parseInt(versionId, 10);
}

/** The id of the next version of a resource by this writer: higher than all that the node knows, beside ones too, so that it never gives one out twice. */
export function nextVersionId(state: ResourceState | undefined, writer: string): string {
  return `${highestCount(state) + 1}-${writer}`;
}

export function highestCount(state: ResourceState | undefined): number {
  let highest = 0;
  for (const id of state?.versions.keys() ?? []) highest = Math.max(highest, countOf(id));
  return highest;
}

/** True when `ancestor` is `descendant`, or was seen on the way to it. */
export function isAncestor(versions: ReadonlyMap<string, Version>, ancestor: string, descendant: string): boolean {
  if (ancestor === descendant) return true;
  const floor = countOf(ancestor);
  const seen = new Set<string>();
  const open = [descendant];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const parent of versions.get(id)?.parents ?? []) {
      if (parent === ancestor) return true;
      // Counts rise from parent to child, so nothing below the one we look for leads to it.
      if (countOf(parent) > floor && !seen.has(parent)) {
        seen.add(parent);
        open.push(parent);
      }
    }
  }
  return false;
}

/** The versions that nobody has built upon, the current one first: more than one is a conflict that waits for a person. */
export function headsOf({ tip, versions }: ResourceState): Version[] {
  if (versions.size === 1) return [...versions.values()];
  const superseded = new Set<string>();
  for (const { parents } of versions.values()) for (const parent of parents) superseded.add(parent);
  return [...versions.values()]
    .filter(({ id }) => !superseded.has(id))
    .sort((a, b) => Number(b.id === tip) - Number(a.id === tip) || (a.id < b.id ? -1 : 1));
}

/** The version nearest to both that both have seen, if the node knows one with content. Of several equally near, the same one everywhere. */
export function commonAncestor(state: ResourceState, one: string, other: string): Version | undefined {
  let nearest: Version | undefined;
  for (const version of state.versions.values()) {
    const isNearer =
      nearest === undefined ||
      countOf(version.id) > countOf(nearest.id) ||
      (countOf(version.id) === countOf(nearest.id) && version.id < nearest.id);
    const isShared =
      isNearer && isAncestor(state.versions, version.id, one) && isAncestor(state.versions, version.id, other);
    if (isShared) nearest = version;
  }
  return nearest;
}

/** Versions of one resource so that each comes after its parents. */
export function parentsFirst(versions: Iterable<Version>): Version[] {
  return [...versions].sort((a, b) => countOf(a.id) - countOf(b.id) || (a.id < b.id ? -1 : 1));
}
