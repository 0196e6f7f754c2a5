/** May a citizen see this record? One's own, a child's, that of whom one acts for, that of one's dead. Pure. */
import { civilDate } from '#shared/days.ts';
import type { Citizen } from '../subject.ts';
import { withheldFromCitizens, withheldFromParents, withheldFromYoung } from './codes.ts';
import { noLimits, refused, type Access, type Ground, type Limits } from './decision.ts';
import { dayMs, holdsAt } from './elements.ts';
import type { PatientFacts, Representative } from './facts.ts';
import { filesWithLabels, type Moment } from './personnel.ts';
import type { ReasonCode } from './reasons.ts';

/** Ages of pasient- og brukerrettighetsloven §§ 3-4, 4-3, 4-4 and kjernejournalforskriften. */
const ownVoice = 12;
const ownDecision = 16;

/** What the young see of the own record from 12 until they decide at 16. */
const youngTypes: readonly string[] = [
  'Appointment',
  'Consent',
  'Immunization',
  'Patient',
  'QuestionnaireResponse',
  'RelatedPerson',
];

/** Keys by which the record may name a citizen. */
export const keysOf = ({ patient, personNumber }: Citizen): readonly string[] => [
  `Patient/${patient}`,
  `number:${personNumber}`,
];

/** Access of a citizen to the record of a patient. `alsoOpen`: the other patients whose records are wholly open to the citizen. */
export function accessOfCitizen(
  subject: Citizen,
  record: PatientFacts,
  moment: Moment,
  alsoOpen: readonly string[] = [],
): Access {
  if (subject.securityLevel < moment.settings.securityLevel) return refused('security-level');
  if (record.patient === subject.patient) return accessToOwn(record, moment, alsoOpen);
  const keys = keysOf(subject);
  const held = keys.flatMap((key) => record.representatives.get(key) ?? []).filter((one) => holdsAt(one, moment.now));
  if (held.length === 0 || isShutOut(keys, record, moment.now))
    return refused(diedBy(record, moment.now) ? 'deceased' : 'other-patient');
  let best: Access | undefined;
  for (const one of held) {
    const access = accessAs(one, keys, record, moment, alsoOpen);
    if (access.allowed) return access;
    if (best === undefined || (!best.allowed && best.reason === 'other-patient')) best = access;
  }
  return best ?? refused('other-patient');
}

/** The patient has closed the record to this citizen. */
function isShutOut(keys: readonly string[], { blocks }: PatientFacts, now: number): boolean {
  return blocks.some((one) => holdsAt(one, now) && one.actors.some((actor) => keys.includes(actor)));
}

const diedBy = ({ diedAt }: PatientFacts, now: number): boolean => diedAt !== undefined && diedAt <= now;

function accessToOwn(record: PatientFacts, { now }: Moment, alsoOpen: readonly string[]): Access {
  if (diedBy(record, now)) return refused('deceased');
  const age = ageOf(record, now);
  if (age !== undefined && age < ownVoice) return refused('too-young');
  const isYoung = age === undefined || age < ownDecision;
  const labels = isYoung ? [...withheldFromCitizens, ...withheldFromYoung] : withheldFromCitizens;
  const limits = limitsWithout(record, labels, alsoOpen);
  return {
    allowed: true,
    ground: { purpose: 'SELF', ground: 'own-record' },
    limits: isYoung ? { ...limits, types: youngTypes, typesReason: 'young-person' } : limits,
    mayWrite: 'own',
  };
}

function limitsWithout(record: PatientFacts, labels: readonly string[], alsoOpen: readonly string[]): Limits {
  const shared = [...record.shared].flatMap(([name, others]) =>
    others.every((one) => alsoOpen.includes(one)) ? [name] : [],
  );
  return {
    ...noLimits,
    withoutLabels: labels,
    without: filesWithLabels(record, labels),
    confidential: record.cases,
    shared,
  };
}

function accessAs(
  one: Representative,
  keys: readonly string[],
  record: PatientFacts,
  moment: Moment,
  alsoOpen: readonly string[],
): Access {
  const isDead = diedBy(record, moment.now);
  const reason =
    one.kind === 'kin' ? whyNotKin(one, record, moment.now) : isDead ? 'deceased' : whyNot(one, keys, record, moment);
  if (reason !== undefined) return refused(reason);
  const labels = [...withheldFromCitizens, ...withheldFromParents];
  const limits = limitsWithout(record, labels, alsoOpen);
  return {
    allowed: true,
    ground: groundOf(one),
    limits: one.types === undefined ? limits : { ...limits, types: one.types, typesReason: 'representation-scope' },
    mayWrite: one.mayWrite ? 'own' : undefined,
  };
}

const groundNames = {
  parent: 'parent',
  guardian: 'guardian',
  'power-of-attorney': 'power-of-attorney',
  kin: 'next-of-kin',
} as const;

function groundOf({ kind, source }: Representative): Ground {
  return { purpose: 'REPRESENT', ground: `${groundNames[kind]}:${source}` };
}

function whyNot(
  one: Representative,
  keys: readonly string[],
  record: PatientFacts,
  moment: Moment,
): ReasonCode | undefined {
  const age = ageOf(record, moment.now);
  if (one.kind === 'guardian') return one.isResponsible ? undefined : 'representation-scope';
  // Powers of attorney are given by those who decide for themselves.
  if (one.kind === 'power-of-attorney') return age !== undefined && age >= ownDecision ? undefined : 'other-patient';
  if (!one.isResponsible) return 'no-responsibility';
  if (age === undefined || age >= ownDecision) return 'child-sixteen';
  if (age < ownVoice) return undefined;
  const isGranted = record.parentalGrants.some(
    ({ from, until, to }) =>
      holdsAt({ from, until }, moment.now) && (to === undefined || to === one.source || keys.includes(to)),
  );
  return isGranted ? undefined : 'child-twelve';
}

/** Only the nearest that there are, and only of the dead. */
function whyNotKin(one: Representative, record: PatientFacts, now: number): ReasonCode | undefined {
  if (!diedBy(record, now)) return 'other-patient';
  for (const others of record.representatives.values()) {
    for (const other of others) {
      if (other.kind === 'kin' && other.rank < one.rank && holdsAt(other, now)) return 'deceased';
    }
  }
  return undefined;
}

/** Whole years on this day in Norway; undefined where the birth date is not known to the day. */
export function ageOf({ born }: Pick<PatientFacts, 'born'>, now: number): number | undefined {
  if (born === undefined) return undefined;
  // In summer the day is taken to begin an hour late: nobody gets older too early.
  const today = civilDate(Math.floor((now + 3_600_000) / dayMs));
  const years = today.year - born.year;
  const isBefore = today.month < born.month || (today.month === born.month && today.day < born.day);
  return isBefore ? years - 1 : years;
}
