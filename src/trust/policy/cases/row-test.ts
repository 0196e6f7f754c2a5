/** A row of the table of cases: the law's words, a sentence, who does what to which record, and what becomes of it. */
import type { Resource } from '#fhir/types.ts';
import type { Subject } from '../../subject.ts';
import type { ReasonCode } from '../reasons.ts';
import type { PolicySettings } from '../settings.ts';

export type Doing =
  | { kind: 'read'; resource: Resource }
  | { kind: 'create'; resource: Resource }
  | { kind: 'update'; before: Resource; resource: Resource }
  | { kind: 'delete'; resource: Resource }
  | { kind: 'summary'; basis?: 'consent' | 'emergency' | 'exemption' };

export type Outcome = { refused: ReasonCode } | { allowed: string };

/** What is otherwise than usual. `settings` differ from the defaults; `days`: the question is asked so many days later. */
export type Otherwise = { settings?: Partial<PolicySettings>; days?: number; offline?: boolean };

export type Row = {
  /** The law or rule that it is read from. */
  law: string;
  /** Who does what, so that the outcome completes the sentence. */
  says: string;
  who: Subject;
  does: Doing;
  record: readonly Resource[];
  outcome: Outcome;
  otherwise: Otherwise;
};

export const reads = (resource: Resource): Doing => ({ kind: 'read', resource });
export const creates = (resource: Resource): Doing => ({ kind: 'create', resource });
export const updates = (before: Resource, resource: Resource): Doing => ({ kind: 'update', before, resource });
export const deletes = (resource: Resource): Doing => ({ kind: 'delete', resource });
export const opensSummary = (basis?: 'consent' | 'emergency' | 'exemption'): Doing =>
  basis === undefined ? { kind: 'summary' } : { kind: 'summary', basis };

export const no = (reason: ReasonCode): Outcome => ({ refused: reason });
/** The ground as the log has it, without the id of what it was found in. */
export const yes = (ground: string): Outcome => ({ allowed: ground });

/** Rows of one law. */
export function under(law: string, ...rows: Omit<Row, 'law'>[]): Row[] {
  return rows.map((row) => ({ law, ...row }));
}

export function row(
  says: string,
  who: Subject,
  does: Doing,
  record: readonly Resource[],
  outcome: Outcome,
  otherwise: Otherwise = {},
): Omit<Row, 'law'> {
  return { says, who, does, record, outcome, otherwise };
}
