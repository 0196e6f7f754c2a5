/** What the policy answers: allowed, why and within which limits, or refused, why, and whether that may be told. */
import type { AttestedEntry, Purpose } from '../access-log/entry.ts';
import type { ReasonCode } from './reasons.ts';

/** Why somebody was let in, for the access log: `care-relationship:Encounter/…`, `attested:…`, `own-record`. */
export type Ground = { purpose: Purpose; ground: string; attestation?: string; attested?: AttestedEntry };

export type Refused = { allowed: false; reason: ReasonCode };
export type Allowed = { allowed: true; ground: Ground };
export type Decision = Allowed | Refused;

/** What of a record is open to one who has a ground. */
export type Limits = {
  /** Only these types; undefined: all. */
  types: readonly string[] | undefined;
  /** Why others are refused. */
  typesReason: ReasonCode;
  /** Not these types. */
  withoutTypes: readonly string[];
  /** Nothing with one of these labels (`system|code`). */
  withoutLabels: readonly string[];
  /** Not these: `Type/id`. */
  without: readonly string[];
  /** Nor these, which are between the patient and the privacy officer. */
  confidential: readonly string[];
  /** Of Flags, only those with these ids; undefined: all. */
  flags: readonly string[] | undefined;
  /** Of what names several patients, only these (`Type/id`); undefined: all. */
  shared: readonly string[] | undefined;
  /** Only these: `Type/id`; undefined: all. */
  only: readonly string[] | undefined;
};

export const noLimits: Limits = {
  types: undefined,
  typesReason: 'not-for-duty',
  withoutTypes: [],
  withoutLabels: [],
  without: [],
  confidential: [],
  flags: undefined,
  shared: undefined,
  only: undefined,
};

/** Access to one patient's record. `mayWrite` undefined: nothing may be written; `own`: what is the citizen's own. */
export type Access =
  | Refused
  | { allowed: true; ground: Ground; limits: Limits; mayWrite: 'care' | 'own' | 'pharmacy' | 'system' | undefined };

export const refused = (reason: ReasonCode): Refused => ({ allowed: false, reason });

/** What of a resource decides. */
export type Target = {
  type: string;
  id: string;
  /** The patient in whose record it lies. */
  patient: string | undefined;
  /** `system|code` of meta.security. */
  labels: readonly string[];
  /** Names a patient besides the one in whose record it lies. */
  isShared: boolean;
};

/** Why the target is outside the limits; undefined when it is within. */
export function outside(limits: Limits, target: Target): ReasonCode | undefined {
  const { type, id, labels, isShared } = target;
  const { types, only, flags, shared } = limits;
  if (types !== undefined && !types.includes(type)) return limits.typesReason;
  if (limits.withoutTypes.includes(type)) return 'blocked-part';
  if (type === 'Flag' && flags !== undefined && !flags.includes(id)) return 'not-for-duty';
  if (labels.some((label) => limits.withoutLabels.includes(label))) return 'withheld';
  const isListed = limits.without.length + limits.confidential.length > 0 || only !== undefined || isShared;
  return isListed ? outsideLists(limits, `${type}/${id}`, isShared && shared !== undefined) : undefined;
}

function outsideLists(
  { only, typesReason, without, confidential, shared }: Limits,
  name: string,
  isShared: boolean,
): ReasonCode | undefined {
  if (only !== undefined && !only.includes(name)) return typesReason;
  if (without.includes(name)) return 'blocked-part';
  if (confidential.includes(name)) return 'confidential';
  return isShared && shared?.includes(name) !== true ? 'names-others' : undefined;
}
