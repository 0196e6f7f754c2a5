/** What a decision may look at: the node's durable state, loaded by the shell (from memory in the simulation, from PostgreSQL on a node). */
import type { ResourceState, Version } from './version.ts';
import type { Vocabulary } from './vocabulary.ts';

export type Tier = 'region' | 'site' | 'ward';

/** A node below this one, with all below it: what it is to be fed. */
export type Child = { readonly name: string; readonly tier: Tier; readonly subtree: ReadonlySet<string> };

export type NodeFacts = {
  readonly name: string;
  /** What stands in the version ids that it makes: the name, and from the second life (after a restore) on a number, so that none is given out twice. */
  readonly writer: string;
  readonly tier: Tier;
  /** Undefined at the region: it has the last word, and holds everything. */
  readonly upstream: string | undefined;
  /** Itself and all below. */
  readonly subtree: ReadonlySet<string>;
  readonly children: readonly Child[];
};

/**
 * A unit is what is filled and compared as one: a patient's compartment (the patient's id), or what is nobody's and every resident's summary in one
 * bucket (`#<bucket>`).
 */
export type Unit = string;

/** How a node stands to a unit that it has, or ought to have. Only `whole` may be told as complete. */
export type Holding = {
  /** `filling`: something is missing, or may be; `leaving`: the last reason is gone, and after the grace time it is purged. */
  readonly state: 'filling' | 'whole' | 'leaving';
  /** Node time, milliseconds since 1970. */
  readonly since: number;
  /** How far the fill has come: the last resource of the last page. */
  readonly after?: string;
  /** The number in the upstream's bucket at which the fill began: it has all up to there. */
  readonly asOf?: number;
  /** A new line of upstream's history began since it was compared: upstream may lack what it gave us before. Else it has had all of it. */
  readonly isUnproven?: boolean;
  /** Upstream has something of it that this node can't take: asked for again when the node has been upgraded, or a person has looked. */
  readonly isStuck?: boolean;
};

/** What became of an operation at the node that received it. It is durable there, or, with `needs` and `later`, it isn't. */
export type Verdict =
  | { readonly kind: 'taken' }
  | { readonly kind: 'setAside'; readonly why: string; readonly after?: string }
  | { readonly kind: 'needs'; readonly missing: readonly string[] }
  | { readonly kind: 'later'; readonly why: string };

/** Versions that became true together at one node. It goes up whole, and is applied once by its id. */
export type Operation = {
  readonly id: string;
  /** The node where it was written. */
  readonly origin: string;
  readonly versions: readonly Version[];
  /** What the versions build upon, sent when the receiver says that it needs it: it was restored, and has less than it had. */
  readonly ancestry?: readonly Version[];
};

export type View = {
  readonly node: NodeFacts;
  /** The node's own clock, milliseconds since 1970. May be wrong. */
  readonly now: number;
  /** The highest hybrid time that the node has heard of. */
  readonly heard: number;
  readonly vocabulary: Vocabulary;
  /** The bucket of a unit or a resource: the patient's, or its own. */
  bucketOf(version: { readonly patient: string | undefined; readonly resource: string }): number;
  resource(key: string): ResourceState | undefined;
  /** The resources that say who must hold this patient. */
  reasonsOf(patient: string): readonly string[];
  /** The resources that claim this key. */
  claimsOf(key: string): readonly string[];
  holding(unit: Unit): Holding | undefined;
  /** What was answered to an operation that this node received. */
  verdictOf(operation: string): Verdict | undefined;
  /** The set-aside operation that this version of this resource is in. */
  setAsideWith(resource: string, version: string): string | undefined;
};
