/** What this node knows of each version of a resource. */
import type { Db } from '#kernel/db.ts';
import { parentsFirst } from '../protocol/version.ts';
import { versionOf, type VersionRow } from './graph-store.ts';

type ArrivalRow = VersionRow & { came: KnownVersion['came']; arrived: number; current: boolean };

/** A version as this node knows it. Times are milliseconds since 1970. */
export type KnownVersion = {
  /** `<count>-<writer>`. */
  versionId: string;
  /** The node that wrote it, or `merge…`, `reconcile` and the like for what the sync rules make. */
  writer: string;
  /** What a plain read answers. */
  isCurrent: boolean;
  /** Nobody has built upon it. Two such of one resource are a conflict: the one that is not current is kept beside it. */
  isHead: boolean;
  parents: readonly string[];
  /** The JSON text; null: a deletion; undefined: only that it was is known here. */
  content: string | null | undefined;
  patient: string | undefined;
  /** When it was written: hybrid time of its writer. */
  at: number;
  /** When it came to this node, and from where. */
  arrivedAt: number;
  came: 'here' | 'above' | 'below';
};

/** Every version of a resource that this node knows, each after its parents; none: never heard of, or not taken into the graph yet. */
export async function readKnownVersions(db: Db, buckets: readonly number[], resource: string): Promise<KnownVersion[]> {
  const rows = await db<ArrivalRow[]>`
    select s.resource, s.version_id as id, s.patient, s.parents, s.parent_seals as "parentSeals", s.seal, s.at, s.holds,
      case s.holds when 'record' then v.content else s.content end as content, s.came, s.arrived, t.tip = s.version_id as current
    from sync_version s
    join sync_tip t on t.bucket = s.bucket and t.resource = s.resource
    left join version v on v.bucket = s.bucket and v.n = s.n
    where s.bucket = any(${[...buckets]}::int[]) and s.resource = ${resource}`;
  const superseded = new Set(rows.flatMap(({ parents }) => parents));
  const told = new Map(rows.map((row) => [row.id, row]));
  return parentsFirst(rows.map(versionOf)).map(({ id, parents, content, patient, at }) => {
    const { came, arrived, current } = told.get(id) as ArrivalRow;
    const writer = id.slice(id.indexOf('-') + 1);
    const isHead = !superseded.has(id);
    return {
      versionId: id,
      writer,
      isCurrent: current,
      isHead,
      parents,
      content,
      patient,
      at,
      arrivedAt: arrived,
      came,
    };
  });
}

/** When each of these versions came to this node and from where, by `Type/id <version id>`. What the graph does not know is left out. */
export async function readArrivals(
  db: Db,
  versions: readonly { bucket: number; type: string; id: string; versionId: string }[],
): Promise<Map<string, { arrivedAt: number; came: KnownVersion['came'] }>> {
  if (versions.length === 0) return new Map();
  const rows = await db<{ resource: string; id: string; came: KnownVersion['came']; arrived: number }[]>`
    select s.resource, s.version_id as id, s.came, s.arrived
    from unnest(${versions.map(({ bucket }) => bucket)}::int[], ${versions.map(({ type, id }) => `${type}/${id}`)}::text[],
      ${versions.map(({ versionId }) => versionId)}::text[]) as k(bucket, resource, version_id)
    join sync_version s on s.bucket = k.bucket and s.resource = k.resource and s.version_id = k.version_id`;
  return new Map(rows.map(({ resource, id, came, arrived }) => [`${resource} ${id}`, { arrivedAt: arrived, came }]));
}
