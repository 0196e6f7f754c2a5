/**
 * What one request may touch of the record. The record knows no rule of who may see what: it asks the grant, restricts every statement by what it
 * is told, and tells it what left. Only `trust` makes grants (`src/trust/grant.ts`), so that what one forgets to authorise does not compile.
 */
import type { Condition } from './search/condition.ts';
import type { Resource } from './types.ts';

declare const granted: unique symbol;

/** What may be read is a condition like those of a search: compiled into the statements, and decided in memory for what is read one by one. */
export type Reach = Condition;

/** What of the record is in question. */
export type Question = {
  /** SMART tells reading one (`r`, with vread and history of one) from searching (`s`, with history of many). */
  by: 'read' | 'search';
  /** The only patient whose record is in question, besides what lies in nobody's; undefined: any. */
  patient: string | undefined;
  /**
   * The caller named the patient (`?patient=`, a compartment, `$everything`), so a refusal may be told with its reason, as a Fault `forbidden`,
   * where the caller may know of the patient. Otherwise what is refused is not there.
   */
  isNamed: boolean;
  /** The types in question; undefined: all. */
  types: readonly string[] | undefined;
};

/** What of a resource decides who may see or change it. */
export type ResourceFacts = {
  type: string;
  id: string;
  /** The patient in whose record it lies. */
  patient: string | undefined;
};

/** One thing that is to become true. */
export type WriteFacts = ResourceFacts & {
  interaction: 'create' | 'update' | 'delete';
  /** Undefined for a deletion. */
  resource: Resource | undefined;
  /** What is there now; undefined for what is new. `resource` reads it (parsed when asked for). */
  before: { patient: string | undefined; resource(): Resource } | undefined;
};

/** An operation that is called, by its name without `$`. */
export type OperationFacts = { name: string; type: string | undefined; id: string | undefined; affectsState: boolean };

export type Grant = {
  readonly [granted]: true;
  /** What may be read. Throws a Fault `forbidden` with the reason where the question names a patient that the caller may know of but not read. */
  reach(question: Question): Promise<Reach>;
  /**
   * Throws a Fault when one of the changes may not be made: `notFound` for what the caller may not know of, else `forbidden` with the reason.
   * Answers, one a change, on whose word alone it stands: the tags of `wordSystem` that what is written is to have. Undefined: as the resource says itself.
   */
  allowWrites(changes: readonly WriteFacts[]): Promise<readonly (readonly string[])[] | undefined>;
  /** Throws a Fault `forbidden` when the operation may not be called at all; what it reads and writes is decided by the others. */
  allowOperation(operation: OperationFacts): Promise<void>;
  /** What is about to leave the record, for the access log. */
  saw(rows: readonly ResourceFacts[]): void;
  /** What was asked for by its id and is not within reach, or (without a patient) is not here at all: an attempt, for the access log. */
  missed(facts: ResourceFacts): void;
  /** Whether it may be the first to write to an id of its own choice. Who may not is told that nothing is there, whether something is or not. */
  readonly mayChooseIds: boolean;
  /** Whose grant it is, as a key that is kept with work that goes on later (an export, a subscription); `Grants.ofOwner` makes a grant of it again. Undefined: the node's own. */
  readonly owner: string | undefined;
};

/** Grants that no request brings. */
export type Grants = {
  /** For work of the node itself, by a name that is in the log: `reindex`, `import`. */
  background(name: string): Grant;
  /** For work that goes on for somebody, with what they may now; nothing, when nobody is known by that key any more. */
  ofOwner(owner: string | undefined, work: 'export' | 'subscription'): Promise<Grant>;
  /** Resolves when what such a grant saw since the last time is in the access log. To be called before it leaves; where it rejects, nothing may leave. */
  told(grant: Grant): Promise<void>;
};

/** The tag by which a Subscription says whose it is: set by the record, whatever the caller writes. */
export const ownerSystem = 'urn:fyr:owner';

/** The tag by which a resource says on whose word alone it stands (`Practitioner/…`, `Organization/…`): set by the record as trust decides, whatever the caller writes. */
export const wordSystem = 'urn:fyr:on-the-word-of';
