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

/** One thing that is to become true. `before`: where it lies now, undefined for what is new; `resource`: undefined for a deletion. */
export type WriteFacts = ResourceFacts & {
  interaction: 'create' | 'update' | 'delete';
  before: (ResourceFacts & { resource: Resource }) | undefined;
  resource: Resource | undefined;
};

export type Grant = {
  readonly [granted]: true;
  /** What may be read. Throws a Fault `forbidden` with the reason where the question names a patient that the caller may know of but not read. */
  reach(question: Question): Promise<Reach>;
  /** Throws a Fault when one of the changes may not be made: `notFound` for what the caller may not know of, else `forbidden` with the reason. */
  allowWrites(changes: readonly WriteFacts[]): Promise<void>;
  /** What is about to leave the record, for the access log. */
  saw(rows: readonly ResourceFacts[]): void;
};
