/** May a program read this record? What its scopes say (`scope.ts`), and for whom its organisation has the patient. Pure. */
import type { System } from '../subject.ts';
import { noLimits, refused, type Access } from './decision.ts';
import type { PatientFacts, Relation, Standing } from './facts.ts';
import { isBlocked, isRestricted, lasting, limitsOf, type Moment } from './personnel.ts';

/** Access of a system to the record of a patient, as far as its organisation goes. The region's own systems serve all its organisations. */
export function accessOfSystem(subject: System, standing: Standing, record: PatientFacts, moment: Moment): Access {
  if (subject.role === undefined) {
    return { allowed: true, ground: { purpose: 'SYSTEM', ground: 'system' }, limits: noLimits, mayWrite: 'system' };
  }
  if (isBlocked(standing, record, moment.now)) return refused('blocked');
  const found = relationOfSystem(subject, standing, record, moment);
  if (found === undefined) return refused('other-organisation');
  if (isRestricted(standing, record, moment.now)) return refused('restricted');
  return {
    allowed: true,
    ground: { purpose: 'SYSTEM', ground: `system-organisation:${found.source}` },
    limits: limitsOf(standing, record, moment.now, false),
    mayWrite: 'system',
  };
}

/** By which the system's organisation has the patient. */
export function relationOfSystem(
  subject: System,
  standing: Standing,
  record: PatientFacts,
  moment: Moment,
): Relation | undefined {
  const own = [standing.pointOfCare, standing.legalEntity].filter((one) => one !== undefined);
  return (
    lasting(standing, standing.units, record.relations, moment) ??
    lasting(standing, own, record.relations, moment) ??
    (subject.role?.department === undefined ? lasting(standing, own, record.relationsBelow, moment) : undefined)
  );
}
