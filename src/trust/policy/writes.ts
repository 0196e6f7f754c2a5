/** May these changes be made, all of them? */
import type { WriteFacts } from '#fhir/index.ts';
import type { Resource } from '#fhir/types.ts';
import type { Search } from '#fhir/search/index.ts';
import { matchesCondition } from '#fhir/search/match.ts';
import type { Ground, Target } from './decision.ts';
import { labelsOf, wordsOf } from './elements.ts';
import type { PatientFacts, Standing } from './facts.ts';
import { isFounded, type Moment } from './personnel.ts';
import { constraintOf, momentFor, whollyOpen, type Asking } from './reach.ts';
import { notThere, refusal } from './refusal.ts';
import { relationTypes } from './relations.ts';
import { decide, type Action } from './rules.ts';
import { admissionsScope } from '../provider/scopes.ts';
import type { Scope } from './scope.ts';
import { relationOfSystem } from './system.ts';

/** One change: the ground that it is made on, and on whose word alone what it says of care relationships stands. */
export type AllowedWrite = { ground: Ground; onWordOf: readonly string[] };

/** One answer a change. Throws a Fault for the first that may not be made. */
export async function allowWrites(asking: Asking, changes: readonly WriteFacts[]): Promise<AllowedWrite[]> {
  const patients = new Set(
    changes.flatMap(({ patient, before }) => [patient, before?.patient].filter((one) => one !== undefined)),
  );
  const facts = await asking.factsOf([...patients]);
  const alsoOpen = await whollyOpen(asking, facts);
  const born = new Set(
    changes.flatMap(({ type, id, before }) => (type === 'Patient' && before === undefined ? [id] : [])),
  );
  const recordOf = (patient: string | undefined): PatientFacts | undefined => {
    const record = patient === undefined ? undefined : facts.get(patient);
    return record && born.has(record.patient) ? withMaker(record, asking) : record;
  };
  return changes.map((change) => {
    const { subject, standing, search } = asking;
    const patient = change.patient ?? change.before?.patient;
    const content = change.resource ?? change.before?.resource();
    const action = actionOf(search, change);
    const known = {
      standing,
      alsoOpen,
      satisfies: (scope: Scope) =>
        content !== undefined && matchesCondition(search.parts, constraintOf(search, scope), content),
    };
    const recordBefore = recordOf(change.before?.patient);
    const moment = patient === undefined ? asking.moment : momentFor(asking, patient);
    const decision = decide(subject, action, { ...known, record: recordOf(patient), recordBefore }, moment);
    if (decision.allowed) {
      return { ground: decision.ground, onWordOf: wordsFor(asking, action, recordOf(patient), moment) };
    }
    const { before } = action;
    // What is not told to be there when it is read is not told when it is written either.
    const isSeen =
      before === undefined ||
      decide(subject, { interaction: 'read', target: before.target }, { ...known, record: recordBefore }, moment)
        .allowed;
    throw isSeen ? refusal(decision.reason) : notThere(decision.reason);
  });
}

/** Who registers a person may write in the record with the same transaction: the newborn's first contact. */
function withMaker(record: PatientFacts, { standing, moment }: Asking): PatientFacts {
  const [party] = standing.parties;
  if (party === undefined) return record;
  const relation = {
    kind: 'encounter',
    source: `Patient/${record.patient}`,
    from: moment.now,
    until: moment.now,
  } as const;
  return { ...record, relations: new Map([[party, [relation]]]) };
}

/**
 * Contacts, orders and the like let in whom they name. Whoever has nothing to do with the patient but what she attested writes them all the same, for the
 * others whom they name: for herself they count once another's hand has confirmed them. So do those of a system for its organisation, where the organisation
 * did not have the patient and the system has no say in admissions.
 */
function wordsFor(
  { subject, standing }: Asking,
  { target, after, before }: Writing,
  record: PatientFacts | undefined,
  moment: Moment,
): readonly string[] {
  if (after === undefined || record === undefined || !relationTypes.includes(target.type)) return [];
  if (target.type === 'Patient') return [];
  const own = ownWord(subject, standing, record, moment);
  return own.length === 0 ? [] : [...new Set([...(before === undefined ? [] : wordsOf(before.resource)), ...own])];
}

function ownWord(subject: Asking['subject'], standing: Standing, record: PatientFacts, moment: Moment): string[] {
  if (subject.kind === 'personnel') {
    return isFounded(subject, standing, record, moment) ? [] : [`Practitioner/${subject.practitioner}`];
  }
  if (subject.kind === 'citizen' || subject.role === undefined) return [];
  if (subject.scopes.includes(admissionsScope) || relationOfSystem(subject, standing, record, moment)) return [];
  return [...new Set([standing.legalEntity, standing.pointOfCare])].filter((one) => one !== undefined);
}

type Writing = Extract<Action, { after: Resource | undefined }>;

function actionOf(search: Search, { interaction, resource, before, ...facts }: WriteFacts): Writing {
  const old = before?.resource();
  const content = resource ?? old;
  return {
    interaction,
    target: targetOf(search, { ...facts, patient: resource === undefined ? before?.patient : facts.patient }, content),
    after: resource,
    before:
      before === undefined || old === undefined
        ? undefined
        : { target: targetOf(search, { ...facts, patient: before.patient }, old), resource: old },
  };
}

function targetOf(
  search: Search,
  { type, id, patient }: { type: string; id: string; patient: string | undefined },
  content: Resource | undefined,
): Target {
  return {
    type,
    id,
    patient,
    labels: content === undefined ? [] : labelsOf(content),
    isShared: content !== undefined && search.compartmentsOf(content, 'Patient').length > 1,
  };
}
