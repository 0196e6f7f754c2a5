/** The shapes of `/api/continuity/conflicts` that pages see. Times are ISO 8601 in UTC. */
import { z } from 'zod';

const versionId = z.string().regex(/^[1-9][0-9A-Za-z.-]{0,63}$/);

/** Ids of conflicts are those of their Tasks in the record. */
export const conflictId = z.string().regex(/^conflict-[0-9a-f]{8,64}$/);

/**
 * `GET /api/continuity/conflicts`. `mine`: those that somebody gave me, that wait for me as GP, or where one of the versions is mine. `organisation`: those
 * that my department, or one below it, is to decide. `all`: what operators see, without any patient's data.
 */
export const listQuery = z.strictObject({
  scope: z.enum(['mine', 'organisation', 'all']).default('organisation'),
  state: z.enum(['open', 'closed']).default('open'),
  count: z.coerce.number().int().min(1).max(200).default(100),
});

/** Who is to decide: somebody who took it, the department where the patient lies, the GP otherwise; of nobody's things the node's own people. */
export type ConflictOwner = {
  kind: 'person' | 'department' | 'general-practitioner' | 'node';
  /** `Type/id`; undefined for a node. */
  reference: string | undefined;
  name: string;
  /** `Organization/id` that the person or the department belongs to. */
  organisation: string | undefined;
};

/** What an operator sees: that there is something, whose it is to decide, and by when. */
export type ConflictOutline = {
  id: string;
  /** The type of the resource in conflict. */
  type: string;
  state: 'open' | 'closed';
  since: string;
  deadline: string | undefined;
  isOverdue: boolean;
  owner: ConflictOwner;
  /** The nodes that wrote the versions. */
  nodes: readonly string[];
  versions: number;
};

export type ConflictLine = ConflictOutline & {
  /** `Type/id`. */
  resource: string;
  /** What it is about, in its own words: the name of the allergy, the medicine. */
  title: string;
  /** `custody`: who writes a stay. `fact`: everything else. */
  kind: 'fact' | 'custody';
  patient: { id: string; name: string } | undefined;
};

export type ConflictList =
  | { scope: 'mine' | 'organisation'; conflicts: readonly ConflictLine[] }
  | { scope: 'all'; conflicts: readonly ConflictOutline[] };

export type VersionAuthor = {
  name: string;
  reference: string | undefined;
  /** `Organization/id` that they acted for. */
  organisation: string | undefined;
  /** `log`: this node's access log; `record`: as the node that wrote it told; `stated`: as the resource itself says. */
  source: 'log' | 'record' | 'stated';
};

export type ConflictVersion = {
  versionId: string;
  /** What a plain read answers until somebody has decided. */
  isCurrent: boolean;
  /** The node that wrote it. */
  node: string;
  /** When it was written, by the writer's clock and what it had heard; when it came here, and whether it was written here. */
  writtenAt: string;
  arrivedAt: string;
  isFromHere: boolean;
  author: VersionAuthor | undefined;
  isDeletion: boolean;
  /** Undefined for a deletion. */
  content: object | undefined;
};

/** One element, in each of the versions in their order. `values`: JSON, undefined where the version has none. `texts`: the same for reading. */
export type ElementRow = {
  element: string;
  isDifferent: boolean;
  values: readonly unknown[];
  texts: readonly string[];
  /** As it was in the version that both sides saw last, where this node knows it. */
  before: { value: unknown; text: string } | undefined;
};

export type ConflictShown = ConflictLine & {
  /** The current one first. */
  sides: readonly ConflictVersion[];
  elements: readonly ElementRow[];
  /** The version that all sides saw. */
  base: string | undefined;
  /** False where the caller may read and not decide; then `whyNot` says why. */
  mayResolve: boolean;
  whyNot: string | undefined;
  resolution: { at: string; by: string; reason: string } | undefined;
};

/**
 * `POST /api/continuity/conflicts/:id/resolve`. `versions`: every version that the person has seen, all of those in conflict. `choose` one of them, or send
 * an edited `resource`. `reason` stands in the record.
 */
export const resolveRequest = z
  .strictObject({
    versions: z.array(versionId).min(1).max(50),
    choose: versionId.optional(),
    resource: z.record(z.string(), z.unknown()).optional(),
    reason: z.string().trim().min(1).max(2000),
  })
  .refine(({ choose, resource }) => (choose === undefined) !== (resource === undefined), {
    message: 'either choose or resource',
  });
export type ResolveRequest = z.output<typeof resolveRequest>;

export type Resolved = {
  id: string;
  /** `Type/id`, and the version that holds now. */
  resource: string;
  versionId: string;
};

/** `POST /api/continuity/conflicts/:id/take`: I decide this one. */
export type Taken = { id: string; owner: ConflictOwner };

/** `GET /api/continuity/patients/:patient/beside`: what of a record is kept beside what is current, for the chart. */
export type KeptBeside = {
  patient: string;
  kept: readonly {
    /** The conflict. */
    id: string;
    resource: string;
    versionId: string;
    node: string;
    writtenAt: string;
    /** The other side took it away. */
    isDeletion: boolean;
    content: object | undefined;
    /** What is current is deleted: only this is left. */
    isCurrentDeleted: boolean;
  }[];
};
