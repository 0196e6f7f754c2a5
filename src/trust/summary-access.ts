/**
 * Who may open a patient's summary record, and on which ground (kjernejournalforskriften): a reservation means that there is none, a block is never
 * overridden, a restriction opens in an emergency. What is opened is read under a grant of its own, by the ground that was given.
 */
import type { Question } from '#fhir/index.ts';
import { all, any } from '#fhir/search/condition.ts';
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import type { AccessLog } from './access-log/entry.ts';
import type { Caller } from './caller.ts';
import type { Door, Entered } from './door.ts';
import { frameOf } from './frame.ts';
import type { Ground, Limits } from './policy/decision.ts';
import { holdsAt } from './policy/elements.ts';
import { conditionOf } from './policy/limits-condition.ts';
import { isRestricted, limitsOf, pharmacyTypes } from './policy/personnel.ts';
import type { Policy } from './policy/policy.ts';
import { outsideRecords } from './policy/reach.ts';
import type { ReasonCode } from './policy/reasons.ts';
import { refusal } from './policy/refusal.ts';
import type { SummaryBasis } from './policy/rules.ts';
import type { Decider } from './request-grant.ts';
import type { Personnel } from './subject.ts';

export type { SummaryBasis } from './policy/rules.ts';

/** What holds for who asks, without contents. */
export type SummaryStanding = { isReserved: boolean; isBlocked: boolean; isRestricted: boolean };

export type SummaryAccess = {
  /** The patient wants no summary record: there is none. */
  isReserved(patient: string): Promise<boolean>;
  /** May anything be told of whether there is a summary record, and is it closed? Throws a Fault for who may not even ask. */
  standing(caller: Caller, patient: string): Promise<SummaryStanding>;
  /** Leaves in the log that somebody asked whether there is something; the patient's page doesn't show that as an opening. Resolves when durable. */
  tellStatus(caller: Caller, patient: string | undefined, reason?: string): Promise<void>;
  /**
   * A grant to read the summary record by; `end` leaves the log entries, with the ground. Throws a Fault with the policy's reason where it stays closed.
   * The refusal is in the log then.
   */
  open(caller: Caller, patient: string, basis: SummaryBasis | undefined, query: string): Promise<Entered>;
};

export type SummaryAccessDeps = {
  policy: Policy;
  door: Pick<Door, 'enterAs' | 'enterBy'>;
  log: AccessLog;
  clock: Clock;
  ids: Pick<Ids, 'uuid'>;
};

/** Reasons that are told as a state of the summary record, not as a refusal to answer. */
const states: readonly ReasonCode[] = ['reserved', 'blocked', 'no-grounds'];

/** NHN's scope of kjernejournal: programs that are bounded by scopes open summaries by this one only. */
const summaryScope = 'nhn:kjernejournal/api';

export function createSummaryAccess(deps: SummaryAccessDeps): SummaryAccess {
  const { policy, door } = deps;
  return {
    async isReserved(patient) {
      const { reservations } = await policy.factsOf(patient);
      return reservations.some((one) => holdsAt(one, policy.moment().now));
    },
    async standing({ subject }, patient) {
      const decision = await policy.summary(subject, patient, undefined);
      if (!decision.allowed && !states.includes(decision.reason)) throw refusal(decision.reason);
      const reason = decision.allowed ? undefined : decision.reason;
      const [own, facts] = [await policy.standingOf(subject), await policy.factsOf(patient)];
      return {
        isReserved: reason === 'reserved',
        isBlocked: reason === 'blocked',
        isRestricted: subject.kind === 'personnel' && isRestricted(own, facts, policy.moment().now),
      };
    },
    tellStatus: (caller, patient, reason) =>
      tell(deps, caller, { action: 'status', patient, reason, query: 'summary status' }),
    async open(caller, patient, basis, query) {
      const { subject } = caller;
      const decision = await policy.summary(subject, patient, basis);
      const reason = decision.allowed ? scopeReason(caller) : decision.reason;
      if (!decision.allowed || reason !== undefined) {
        await tell(deps, caller, { action: 'operation', patient, reason: reason ?? 'refused', query });
        throw refusal(reason ?? 'scope');
      }
      const what = { action: 'operation', query } as const;
      if (subject.kind !== 'personnel') return door.enterAs(caller, what);
      return door.enterBy(caller, await deciderFor(deps, subject, { patient, basis, ground: decision.ground }), what);
    },
  };
}

function scopeReason({ subject }: Caller): ReasonCode | undefined {
  if (subject.kind !== 'personnel' || subject.scopes === undefined) return undefined;
  return subject.scopes.includes(summaryScope) ? undefined : 'scope';
}

type Opening = { patient: string; basis: SummaryBasis | undefined; ground: Ground };

/** Reads this patient's record within what is closed of it, and the directories; writes nothing. */
async function deciderFor({ policy }: SummaryAccessDeps, subject: Personnel, opening: Opening): Promise<Decider> {
  const { patient, basis, ground } = opening;
  const [standing, facts] = [await policy.standingOf(subject), await policy.factsOf(patient)];
  const closed = limitsOf(standing, facts, policy.moment().now, basis === 'emergency');
  const limits: Limits =
    subject.duty === 'pharmacy' ? { ...closed, types: pharmacyTypes, flags: facts.criticalFlags } : closed;
  return {
    reach: (question: Question) => {
      const outside = outsideRecords(subject, question.types);
      const isOther = question.patient !== undefined && question.patient !== patient;
      const own = all([{ kind: 'record', of: [patient] }, conditionOf(limits, question.types)]);
      return Promise.resolve({
        reach: isOther ? outside : any([outside, own]),
        groundOf: (one) => (one === patient ? ground : undefined),
      });
    },
    allowWrites: () => Promise.reject(new Fault('forbidden', 'The summary record is read only.')),
    allowOperation: () => Promise.resolve(),
  };
}

type Told = { action: 'status' | 'operation'; patient: string | undefined; reason: string | undefined; query: string };

async function tell(
  { log, clock, ids }: SummaryAccessDeps,
  caller: Caller,
  { action, patient, reason, query }: Told,
): Promise<void> {
  const { defaultGround, ...frame } = frameOf(caller, ids.uuid());
  await log.append([
    {
      ...frame,
      at: clock.now(),
      action,
      patient,
      what: { types: {}, resources: [], query },
      ...defaultGround,
      outcome: reason === undefined ? 'allowed' : 'refused',
      ...(reason === undefined ? {} : { reason }),
    },
  ]);
}
