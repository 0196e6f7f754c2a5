/** May personnel read this patient's record? Authorisation, role, duty; then what the patient has closed; then the care relationship. Pure. */
import type { Personnel } from '../subject.ts';
import { closedToPersonnel } from './codes.ts';
import { noLimits, refused, type Access, type Ground, type Limits } from './decision.ts';
import { dayMs, holdsAt } from './elements.ts';
import type { AttestedRelation, Block, OnWord, PatientFacts, Relation, Standing } from './facts.ts';
import type { ReasonCode } from './reasons.ts';
import type { PolicySettings } from './settings.ts';

/** When, and under which settings, it is asked. */
export type Moment = {
  /** Milliseconds since 1970. */
  now: number;
  settings: PolicySettings;
  /** A relationship attested with the request itself. */
  attested?: AttestedRelation;
};

/** Categories (9060) that treat people; the others are veterinarians and the unknown. */
const notOfCare: ReadonlySet<string> = new Set(['VE', 'XX']);
const ofPharmacy: ReadonlySet<string> = new Set(['FA1', 'FA2']);

/** What pharmacies may see: the medicines, and what makes them dangerous. */
export const pharmacyTypes: readonly string[] = [
  'AllergyIntolerance',
  'Flag',
  'MedicationDispense',
  'MedicationRequest',
  'MedicationStatement',
  'Patient',
];

/** Why the person may treat nobody at all; undefined when it is so. */
export function unfit(subject: Personnel, standing: Standing, { now, settings }: Moment): ReasonCode | undefined {
  if (subject.securityLevel < settings.securityLevel) return 'security-level';
  if (subject.duty !== 'care' && subject.duty !== 'pharmacy') return 'duty';
  const mayPractise = standing.authorisations.some(
    (one) =>
      holdsAt(one, now) && (subject.duty === 'pharmacy' ? ofPharmacy.has(one.category) : !notOfCare.has(one.category)),
  );
  if (!mayPractise) return 'no-authorisation';
  return standing.role !== undefined && holdsAt(standing.role, now) ? undefined : 'no-role';
}

/** Access of personnel to the record of a patient. */
export function accessOfPersonnel(
  subject: Personnel,
  standing: Standing,
  record: PatientFacts,
  moment: Moment,
): Access {
  if (subject.duty === 'privacyOfficer') return accessToCases(subject, record, moment);
  const reason = unfit(subject, standing, moment);
  if (reason !== undefined) return refused(reason);
  if (isBlocked(standing, record, moment.now)) return refused('blocked');
  const attested = attestedBy(subject, record, moment);
  const isEmergency = attested?.purpose === 'ETREAT' || attested?.purpose === 'BTG';
  const isPharmacy = subject.duty === 'pharmacy';
  const found =
    (isEmergency
      ? undefined
      : isPharmacy
        ? prescription(standing, record, moment)
        : careRelationship(standing, record, moment)) ??
    (attested && groundOfAttested(attested));
  if (found === undefined) return refused(isPharmacy ? 'no-prescription' : 'no-relationship');
  if (!isEmergency && isRestricted(standing, record, moment.now)) return refused('restricted');
  const limits = limitsOf(standing, record, moment.now, isEmergency);
  // What came with the request is kept, though the record itself lets in.
  const told = moment.attested?.told;
  const ground = told === undefined ? found : { ...found, attested: told };
  if (!isPharmacy) return { allowed: true, ground, limits, mayWrite: 'care' };
  return {
    allowed: true,
    ground,
    limits: { ...limits, types: pharmacyTypes, flags: record.criticalFlags },
    mayWrite: 'pharmacy',
  };
}

/** The privacy officer follows up cases, and reads no records. */
function accessToCases(subject: Personnel, record: PatientFacts, { settings }: Moment): Access {
  if (subject.securityLevel < settings.securityLevel) return refused('security-level');
  return {
    allowed: true,
    ground: { purpose: 'PRIVACY', ground: 'privacy-case' },
    limits: { ...noLimits, types: ['Basic'], typesReason: 'duty', only: record.cases },
    mayWrite: undefined,
  };
}

const isWhole = ({ resources, types }: Block): boolean => resources.length === 0 && types.length === 0;

const binds = ({ actors, besides }: Block, names: readonly string[]): boolean =>
  actors.length > 0
    ? names.some((name) => actors.includes(name))
    : besides.length === 0 || !names.some((name) => besides.includes(name));

/** A block on the person or the unit, which nothing overrides. */
export function isBlocked({ blockable }: Standing, { blocks }: PatientFacts, now: number): boolean {
  return blocks.some((one) => one.actors.length > 0 && isWhole(one) && holdsAt(one, now) && binds(one, blockable));
}

/** The whole record is closed to all but emergencies, and those excepted. */
export function isRestricted({ blockable }: Standing, { blocks }: PatientFacts, now: number): boolean {
  return blocks.some((one) => one.actors.length === 0 && isWhole(one) && holdsAt(one, now) && binds(one, blockable));
}

/** What is closed of a record that is open otherwise. */
export function limitsOf(standing: Standing, record: PatientFacts, now: number, isEmergency: boolean): Limits {
  const without: string[] = [];
  const withoutTypes: string[] = [];
  for (const one of record.blocks) {
    if (isWhole(one) || !holdsAt(one, now) || !binds(one, standing.blockable)) continue;
    if (one.actors.length === 0 && isEmergency) continue;
    withoutTypes.push(...one.types);
    for (const name of one.resources) without.push(name, ...(record.filesOf.get(name) ?? []));
  }
  if (!isEmergency) without.push(...filesWithLabels(record, closedToPersonnel));
  return {
    ...noLimits,
    without,
    withoutTypes,
    withoutLabels: isEmergency ? [] : closedToPersonnel,
    confidential: record.confidential,
  };
}

/** The files of documents that carry one of the labels. */
export function filesWithLabels({ labelled, filesOf }: PatientFacts, labels: readonly string[]): string[] {
  const files: string[] = [];
  for (const [name, own] of labelled) {
    if (own.some((label) => labels.includes(label))) files.push(...(filesOf.get(name) ?? []));
  }
  return files;
}

/** The strongest relationship that the person attested: breaking the glass, then emergency, then others. */
function attestedBy({ practitioner }: Personnel, record: PatientFacts, moment: Moment): AttestedRelation | undefined {
  let best = moment.attested;
  for (const one of record.attested) {
    if (one.practitioner !== practitioner || !holdsAt(one, moment.now)) continue;
    if (best === undefined || strength[one.purpose] > strength[best.purpose]) best = one;
  }
  return best;
}

const strength = { COC: 0, TREAT: 1, BTG: 2, ETREAT: 3 } as const;

function groundOfAttested({ purpose, source, told }: AttestedRelation): Ground {
  const ground = purpose === 'BTG' ? `break-glass:${source}` : `attested:${purpose}:${source}`;
  return { purpose, ground, attestation: source, ...(told === undefined ? {} : { attested: told }) };
}

/** A relation to the person, to the unit, or, where the organisation is the unit of care, to the place of care. */
export function careRelationship(standing: Standing, record: PatientFacts, moment: Moment): Ground | undefined {
  const found =
    lasting(standing, standing.parties, record.relations, moment) ??
    lasting(standing, standing.units, record.relations, moment) ??
    (moment.settings.careUnit === 'organisation' && standing.pointOfCare !== undefined
      ? lasting(standing, [standing.pointOfCare], record.relationsBelow, moment)
      : undefined);
  return found && { purpose: 'TREAT', ground: `care-relationship:${found.source}` };
}

/** The first of the relations of these parties that holds now, its window included, and that does not stand on the asker's own word alone. */
export function lasting(
  { blockable }: Standing,
  parties: readonly string[],
  relations: ReadonlyMap<string, readonly Relation[]>,
  moment: Moment,
): Relation | undefined {
  for (const party of parties) {
    const own = relations.get(party);
    if (own === undefined) continue;
    const isUnit = party.startsWith('Organization/');
    for (const relation of own) {
      if (isLasting(relation, isUnit, moment) && !isOwnWord(relation, blockable)) return relation;
    }
  }
  return undefined;
}

/** Who says of herself that she treats somebody is not believed for longer than what she attested, nor a system of its organisation. */
const isOwnWord = ({ onWordOf }: OnWord, names: readonly string[]): boolean =>
  onWordOf !== undefined && onWordOf.some((one) => names.includes(one));

function isLasting({ kind, from, until }: Relation, isUnit: boolean, { now, settings }: Moment): boolean {
  switch (kind) {
    case 'general-practitioner':
      return from <= now && now < until;
    case 'order':
      return (
        from <= now && now < Math.min(until, from + settings.openReferralDays * dayMs) + settings.afterOrderDays * dayMs
      );
    case 'referral':
      return (
        from <= now &&
        now < Math.min(until + settings.afterContactDays * dayMs, from + settings.openReferralDays * dayMs)
      );
    default: {
      const isContact = kind === 'encounter' || kind === 'appointment';
      const after = isUnit || !isContact ? settings.afterContactDays : settings.afterContactNamedDays;
      const before = isContact ? settings.beforeContactDays : 0;
      return from - before * dayMs <= now && now < until + after * dayMs;
    }
  }
}

/** Whether one has to do with the patient by other means than one's own word. */
export const isFounded = (subject: Personnel, standing: Standing, record: PatientFacts, moment: Moment): boolean =>
  (subject.duty === 'pharmacy'
    ? prescription(standing, record, moment)
    : careRelationship(standing, record, moment)) !== undefined;

function prescription(
  { blockable }: Standing,
  { prescriptions }: PatientFacts,
  { now, settings }: Moment,
): Ground | undefined {
  const window = settings.afterPrescriptionDays * dayMs;
  const holds = prescriptions.some((one) => one.from <= now && now < one.until + window && !isOwnWord(one, blockable));
  return holds ? { purpose: 'TREAT', ground: 'prescription' } : undefined;
}
