/**
 * Who may: one pure function from (subject, action, facts, moment) to a decision with its ground or its reason. The search's reach (`reach.ts`) is
 * made of the same accesses and limits. What it answers is told row by row in docs/access-rules.md.
 */
import type { Resource } from '#fhir/types.ts';
import type { Subject } from '../subject.ts';
import { accessOfCitizen } from './citizen.ts';
import { outside, refused, type Access, type Decision, type Ground, type Target } from './decision.ts';
import { isOpenType } from './directory-types.ts';
import { holdsAt } from './elements.ts';
import type { PatientFacts, Standing } from './facts.ts';
import {
  type Change,
  givesAccess,
  hasOwnWayIn,
  isAboutPrivacy,
  isOnlyTheirOwn,
  isOwnEntry,
  isOwnWriting,
  isPatientsChoice,
  maySetRegisters,
} from './own-writing.ts';
import { accessOfPersonnel, careRelationship, isBlocked, isRestricted, unfit, type Moment } from './personnel.ts';
import { scopesFor, type Interaction, type Scope } from './scope.ts';
import { accessOfSystem } from './system.ts';

/** What is known of who asks and of the record in question. */
export type Facts = {
  /** Of personnel, and of systems of an organisation. */
  standing: Standing;
  /** The record of the patient that the target lies in, or, for a write, will lie in; undefined where it lies in nobody's. */
  record: PatientFacts | undefined;
  /** Where it lies before a write. */
  recordBefore?: PatientFacts | undefined;
  /** The other patients whose records are wholly open to the citizen who asks. */
  alsoOpen?: readonly string[];
  /** Whether the content in question satisfies a scope's search parameters; without it such scopes hold for nothing. */
  satisfies?: (scope: Scope) => boolean;
};

export type Action =
  | { interaction: 'read' | 'search'; target: Target }
  | {
      interaction: 'create' | 'update' | 'delete';
      /** As it will be; of a deletion, as it is. */
      target: Target;
      after: Resource | undefined;
      before: { target: Target; resource: Resource } | undefined;
    };

const allowed = (ground: Ground): Decision => ({ allowed: true, ground });
const background: Ground = { purpose: 'SYSTEM', ground: 'background' };

/** May the subject do this? */
export function decide(subject: Subject, action: Action, facts: Facts, moment: Moment): Decision {
  if (subject.kind === 'background') return allowed(background);
  const { interaction, target } = action;
  if (!isInScope(subject, interaction, target, facts)) return refused('scope');
  return interaction === 'read' || interaction === 'search'
    ? decideReading(subject, target, facts, moment)
    : decideWriting(subject, action as Writing, facts, moment);
}

function isInScope(subject: Asker, interaction: Interaction, target: Target, { standing, satisfies }: Facts): boolean {
  if (standing.scopes === undefined) return true;
  const scopes = scopesFor(subject, standing.scopes, interaction, target);
  return scopes.some((scope) => scope.search.length === 0 || satisfies?.(scope) === true);
}

type Asker = Exclude<Subject, { kind: 'background' }>;

/** Why nobody's record is open for reading; undefined when it is not. */
export function groundOutsideRecords(subject: Asker, type: string): Ground | undefined {
  if (isOpenType(type)) return { purpose: purposeOf(subject), ground: 'directory' };
  return subject.kind === 'system' && subject.role === undefined ? { purpose: 'SYSTEM', ground: 'system' } : undefined;
}

function purposeOf(subject: Asker): Ground['purpose'] {
  if (subject.kind === 'citizen') return 'SELF';
  if (subject.kind === 'system') return 'SYSTEM';
  return subject.duty === 'care' || subject.duty === 'pharmacy'
    ? 'TREAT'
    : subject.duty === 'privacyOfficer'
      ? 'PRIVACY'
      : 'OPERATE';
}

/** Those who treat find any patient by name and number, so that they can attest. */
export const personRegister: Ground = { purpose: 'TREAT', ground: 'person-register' };

function decideReading(subject: Asker, target: Target, facts: Facts, moment: Moment): Decision {
  if (target.patient === undefined) {
    const ground = groundOutsideRecords(subject, target.type);
    return ground ? allowed(ground) : refused('nobodys-record');
  }
  const access = accessTo(subject, facts, moment);
  if (
    subject.kind === 'personnel' &&
    target.type === 'Patient' &&
    (!access.allowed || outside(access.limits, target))
  ) {
    const reason = unfit(subject, facts.standing, moment);
    return reason === undefined ? allowed(personRegister) : refused(reason);
  }
  return within(access, target);
}

function within(access: Access, target: Target): Decision {
  if (!access.allowed) return access;
  const reason = outside(access.limits, target);
  return reason === undefined ? allowed(access.ground) : refused(reason);
}

/** Access to the record in question as a whole, and its limits. A record that nothing is known of is open to nobody but the region's own. */
export function accessTo(subject: Asker, { standing, record, alsoOpen }: Facts, moment: Moment): Access {
  if (record === undefined) return refused('nobodys-record');
  if (subject.kind === 'citizen') return accessOfCitizen(subject, record, moment, alsoOpen);
  if (subject.kind === 'system') return accessOfSystem(subject, standing, record, moment);
  return accessOfPersonnel(subject, standing, record, moment);
}

type Writing = Extract<Action, { after: Resource | undefined }>;

function decideWriting(subject: Asker, action: Writing, facts: Facts, moment: Moment): Decision {
  const { target, after, before } = action;
  if (target.type === 'AuditEvent') return refused('log-only');
  const change = { before: before?.resource, after };
  if (hasOwnWayIn(change)) return refused('own-way-in');
  if (target.patient === undefined && before?.target.patient === undefined)
    return decideOutsideRecords(subject, target.type, change);
  if (subject.kind === 'personnel' && target.type === 'Patient' && before === undefined) {
    const reason = unfit(subject, facts.standing, moment) ?? (givesAccess(change) ? 'gives-itself-access' : undefined);
    return reason === undefined ? allowed(personRegister) : refused(reason);
  }
  if (before !== undefined && before.target.patient !== target.patient) {
    const leaving = decideInRecord(
      subject,
      { ...action, target: before.target },
      { ...facts, record: facts.recordBefore },
      moment,
    );
    if (!leaving.allowed) return leaving;
    if (target.patient === undefined) return refused('nobodys-record');
  }
  return decideInRecord(subject, action, facts, moment);
}

function decideOutsideRecords(subject: Asker, type: string, change: Change): Decision {
  if (maySetRegisters(subject)) {
    if (subject.kind === 'personnel' && isOwnEntry(subject, change)) return refused('own-register-entry');
    if (subject.kind === 'system') return allowed({ purpose: 'SYSTEM', ground: 'system' });
    return isOpenType(type) ? allowed({ purpose: 'OPERATE', ground: 'administration' }) : refused('nobodys-record');
  }
  return refused(isOpenType(type) ? 'register-only' : 'nobodys-record');
}

function decideInRecord(subject: Asker, action: Writing, facts: Facts, moment: Moment): Decision {
  const { target, after, before } = action;
  const change = { before: before?.resource, after };
  const access = accessTo(subject, facts, moment);
  if (!access.allowed && !(access.reason === 'other-organisation' && delivers(subject, change))) return access;
  if (access.allowed && access.mayWrite === undefined) return refused('read-only');
  // The region's own systems bring what the registers say; patients decide for themselves (`whyNotOwn`).
  if (!isOfRegion(subject) && !(access.allowed && access.mayWrite === 'own')) {
    if (isPatientsChoice(change)) return refused('patients-choice');
    if (givesAccess(change)) return refused('gives-itself-access');
  }
  if (!access.allowed) return allowed({ purpose: 'SYSTEM', ground: 'system-organisation' });
  if (before !== undefined && before.target.patient === target.patient) {
    const reason = outside(access.limits, before.target);
    if (reason !== undefined) return refused(reason);
  }
  if (access.mayWrite === 'own') {
    const reason = whyNotOwn(subject, change, target, access.ground);
    if (reason !== undefined) return refused(reason);
  }
  return within(access, target);
}

const isOfRegion = (subject: Asker): boolean => subject.kind === 'system' && subject.role === undefined;

/** A system hands in what is new for a patient whom its organisation does not have (yet): that reveals nothing. What the patient decides is not among it. */
const delivers = (subject: Asker, change: Change): boolean =>
  subject.kind === 'system' && change.before === undefined && change.after !== undefined && !isAboutPrivacy(change);

function whyNotOwn(
  subject: Asker,
  change: { before: Resource | undefined; after: Resource | undefined },
  { patient }: Target,
  { purpose }: Ground,
): 'patients-choice' | 'not-own' | undefined {
  if (purpose === 'REPRESENT' && isOnlyTheirOwn(change)) return 'patients-choice';
  const speakers = [`Patient/${patient}`, ...(subject.kind === 'citizen' ? [`Patient/${subject.patient}`] : [])];
  const isOwn = [change.before, change.after].every((one) => one === undefined || isOwnWriting(one, speakers));
  return isOwn ? undefined : 'not-own';
}

/** The grounds that open a summary record: SAMTYKKE, AKUTT, UNNTAK of `nhn-access-basis`. */
export type SummaryBasis = 'consent' | 'emergency' | 'exemption';

/** May the subject open the patient's summary record, which needs a ground of its own (kjernejournalforskriften)? */
export function decideSummary(
  subject: Subject,
  basis: SummaryBasis | undefined,
  facts: Facts & { record: PatientFacts },
  moment: Moment,
): Decision {
  const { record, standing } = facts;
  if (subject.kind === 'background') return allowed(background);
  const isReserved = record.reservations.some((one) => holdsAt(one, moment.now));
  if (subject.kind !== 'personnel') {
    return isReserved ? refused('reserved') : within(accessTo(subject, facts, moment), summaryTarget(record.patient));
  }
  const reason = unfit(subject, standing, moment);
  if (reason !== undefined) return refused(reason);
  if (isReserved) return refused('reserved');
  if (isBlocked(standing, record, moment.now)) return refused('blocked');
  if (basis === undefined) return refused('no-grounds');
  if (basis === 'emergency') return allowed({ purpose: 'ETREAT', ground: 'summary:emergency' });
  if (careRelationship(standing, record, moment) === undefined) {
    const access = accessOfPersonnel(subject, standing, record, moment);
    if (!access.allowed) return access;
  }
  if (isRestricted(standing, record, moment.now) && !(basis === 'consent' && hasConsented(standing, record, moment))) {
    return refused('restricted');
  }
  return allowed({ purpose: 'TREAT', ground: `summary:${basis}` });
}

function hasConsented({ blockable }: Standing, { summaryConsents }: PatientFacts, { now }: Moment): boolean {
  return summaryConsents.some(
    (one) => holdsAt(one, now) && (one.actors.length === 0 || one.actors.some((actor) => blockable.includes(actor))),
  );
}

const summaryTarget = (patient: string): Target => ({
  type: 'Patient',
  id: patient,
  patient,
  labels: [],
  isShared: false,
});
