/** The decision as a condition: what of the record a subject reaches, for one patient or for all that the subject has to do with. */
import { Fault } from '#kernel/fault.ts';
import type { Question, Reach } from '#fhir/index.ts';
import { all, any, needsResolving, type Condition } from '#fhir/search/condition.ts';
import type { Search } from '#fhir/search/index.ts';
import type { Subject } from '../subject.ts';
import type { Access, Ground, Limits } from './decision.ts';
import { openTypes, isOpenType } from './directory-types.ts';
import type { AttestedForPatients, PatientFacts, Standing } from './facts.ts';
import { conditionOf } from './limits-condition.ts';
import { unfit, type Moment } from './personnel.ts';
import { reasons } from './reasons.ts';
import { refusal } from './refusal.ts';
import { accessTo, groundOutsideRecords, personRegister } from './rules.ts';
import { launchPatientOf, scopesFor, type Scope } from './scope.ts';

export type Asker = Exclude<Subject, { kind: 'background' }>;

/** Who asks, and all that it takes to answer. */
export type Asking = {
  subject: Asker;
  standing: Standing;
  moment: Moment;
  attested: AttestedForPatients | undefined;
  search: Search;
  /** The patients that the subject may have to do with. */
  relatedTo(): Promise<string[]>;
  factsOf(patients: readonly string[]): Promise<Map<string, PatientFacts>>;
};

export type Reached = { reach: Reach; groundOf(patient: string | undefined): Ground | undefined };

const nothing: Condition = { kind: 'nothing' };

export async function reachOf(asking: Asking, question: Question): Promise<Reached> {
  const { subject, standing, moment } = asking;
  const { types, patient } = question;
  const isAsked = (type: string): boolean => types === undefined || types.includes(type);
  const fits = subject.kind === 'personnel' && unfit(subject, standing, moment) === undefined;
  const outside = outsideRecords(subject, types);
  const persons: Condition = fits && isAsked('Patient') ? { kind: 'types', types: ['Patient'] } : nothing;
  const isOfRecords = types === undefined || types.some((type) => !isOpenType(type) && !(fits && type === 'Patient'));
  const isOpenOnly = !isOfRecords && patient === undefined;
  const accesses = isOpenOnly ? new Map<string, Access>() : await accessesOf(asking, patient);
  if (patient !== undefined && question.isNamed && isOfRecords)
    await refuseNamed(asking, patient, accesses.get(patient));
  const records = isWhole(subject) ? everything : any(recordConditions(accesses, types));
  return {
    reach: all([scopeCondition(asking, question), any([outside, persons, records])]),
    groundOf(one) {
      if (one === undefined) return groundOutsideRecords(subject, types?.[0] ?? '');
      const access = accesses.get(one);
      if (access?.allowed) return access.ground;
      if (isWhole(subject)) return { purpose: 'SYSTEM', ground: 'system' };
      return fits ? personRegister : undefined;
    },
  };
}

const everything: Condition = { kind: 'everything' };

/** The region's own systems reach all that their scopes say. */
const isWhole = (subject: Asker): boolean => subject.kind === 'system' && subject.role === undefined;

export function outsideRecords(subject: Asker, types: readonly string[] | undefined): Condition {
  if (isWhole(subject)) return { kind: 'record', of: 'none' };
  const open = types === undefined ? openTypes : types.filter(isOpenType);
  if (open.length === 0) return nothing;
  return all([
    { kind: 'types', types: open },
    { kind: 'record', of: 'none' },
  ]);
}

/**
 * Tells the reason where the caller may know of the patient: one who is here, and whose refusal may be told. Who treats nobody is told so of whoever it is
 * about, here or not: that tells nothing of who is a patient.
 */
async function refuseNamed(asking: Asking, patient: string, access: Access | undefined): Promise<void> {
  if (access === undefined || access.allowed || !reasons[access.reason].isKnown) return;
  const { subject, standing, moment } = asking;
  const isOfCaller = subject.kind === 'personnel' && unfit(subject, standing, moment) === access.reason;
  if (isOfCaller || (await asking.factsOf([patient])).get(patient)?.isThere) throw refusal(access.reason);
}

/** Access to the record in question, or to each of those that the subject may have to do with. */
async function accessesOf(asking: Asking, patient: string | undefined): Promise<Map<string, Access>> {
  if (isWhole(asking.subject)) return new Map();
  const patients = patient === undefined ? await allOf(asking) : [patient];
  const facts = await asking.factsOf(patients);
  const alsoOpen = await whollyOpen(asking, facts);
  return new Map([...facts].map(([id, record]) => [id, accessWith(asking, record, alsoOpen)]));
}

async function allOf({ relatedTo, attested }: Asking): Promise<string[]> {
  return [...new Set([...(await relatedTo()), ...(attested?.patients ?? [])])];
}

/** Access to one record, with what was attested with the request, where it is for this patient. */
export function accessWith(asking: Asking, record: PatientFacts, alsoOpen: readonly string[]): Access {
  const { subject, standing } = asking;
  return accessTo(subject, { standing, record, alsoOpen }, momentFor(asking, record.patient));
}

/** The moment as it is for a patient: with what was attested for it. */
export function momentFor({ moment, attested }: Asking, patient: string): Moment {
  return attested?.patients.includes(patient) ? { ...moment, attested } : moment;
}

/**
 * For what names several patients: the others whose whole records are open to the citizen. Asked only where there is such a thing.
 * What is shared is left out of account here, so that this ends.
 */
export async function whollyOpen(asking: Asking, facts: ReadonlyMap<string, PatientFacts>): Promise<string[]> {
  if (asking.subject.kind !== 'citizen') return [];
  const others = new Set([...facts.values()].flatMap(({ shared }) => [...shared.values()].flat()));
  if (others.size === 0) return [];
  const known = await asking.factsOf([...others]);
  return [...known].flatMap(([id, record]) => {
    const access = accessWith(asking, record, []);
    return access.allowed && access.limits.types === undefined ? [id] : [];
  });
}

/** One clause for all records with the same limits, closed things taken together; ids are of one record only, so that is as exact. */
function recordConditions(accesses: ReadonlyMap<string, Access>, types: readonly string[] | undefined): Condition[] {
  const ofRecords = (limits: Limits, patients: readonly string[]): Condition =>
    all([{ kind: 'record', of: patients }, conditionOf(limits, types)]);
  // Most questions are about one.
  const [only] = accesses;
  if (only !== undefined && accesses.size === 1) {
    const [patient, access] = only;
    return access.allowed ? [ofRecords(access.limits, [patient])] : [];
  }
  const groups = new Map<string, { limits: Limits; patients: string[] }>();
  for (const [patient, access] of accesses) {
    if (!access.allowed) continue;
    const key = kindOf(access.limits);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { limits: access.limits, patients: [patient] });
    else {
      group.patients.push(patient);
      group.limits = together(group.limits, access.limits);
    }
  }
  return [...groups.values()].map(({ limits, patients }) => ofRecords(limits, patients));
}

/** The same for limits that differ in single resources only. */
function kindOf({ types, withoutTypes, withoutLabels, flags, shared, only }: Limits): string {
  return JSON.stringify([
    types,
    withoutTypes,
    withoutLabels,
    flags === undefined,
    shared === undefined,
    only === undefined,
  ]);
}

function together(one: Limits, other: Limits): Limits {
  const both = (a: readonly string[] | undefined, b: readonly string[] | undefined): string[] | undefined =>
    a === undefined ? undefined : [...a, ...(b ?? [])];
  return {
    ...one,
    without: [...one.without, ...other.without],
    confidential: [...one.confidential, ...other.confidential],
    flags: both(one.flags, other.flags),
    shared: both(one.shared, other.shared),
    only: both(one.only, other.only),
  };
}

/** What the application may reach by its scopes, search constraints included. */
function scopeCondition({ subject, standing, search }: Asking, { by, types }: Question): Condition {
  if (standing.scopes === undefined) return everything;
  const launch = launchPatientOf(subject);
  const held = standing.scopes.filter(
    (scope) =>
      (types === undefined || scope.type === '*' || types.includes(scope.type)) &&
      scopesFor(subject, [scope], by, { type: scope.type, patient: undefined }).length === 1,
  );
  return any(
    held.map((scope) =>
      all([
        ...(scope.type === '*' ? [] : [{ kind: 'types', types: [scope.type] } satisfies Condition]),
        ...(scope.level === 'patient'
          ? [
              any([
                { kind: 'record', of: 'none' },
                { kind: 'record', of: launch === undefined ? [] : [launch] },
              ]),
            ]
          : []),
        constraintOf(search, scope),
      ]),
    ),
  );
}

/** A scope's search parameters. Those that need more than the resource itself (chains, lists) hold for nothing. */
export function constraintOf(search: Search, scope: Scope): Condition {
  if (scope.search.length === 0) return everything;
  try {
    const { condition } = search.parse(scope.type === '*' ? undefined : scope.type, scope.search);
    return needsResolving(condition) ? nothing : condition;
  } catch (error) {
    if (error instanceof Fault) return nothing;
    throw error;
  }
}
