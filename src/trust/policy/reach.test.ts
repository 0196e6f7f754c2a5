import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '#kernel/fault.ts';
import type { Reach, Resource } from '#fhir/index.ts';
import type { Condition } from '#fhir/search/condition.ts';
import { runSearch } from '#fhir/search/index.ts';
import { openRecord, type Record } from '../../app.ts';
import { ownDatabase, type OwnDatabase } from '../../../test/conformance/own-node.ts';
import { testConfig } from '../../../test/support/fhir.ts';
import { asGrant } from '../grant.ts';
import type { Subject } from '../subject.ts';
import { patientsIn, recordOf, targetOf } from './cases/decide-test.ts';
import { citizen, directory as directoryResources, now, personnel, system } from './cases/world-test.ts';
import { directoryOf } from './directory.ts';
import { createPolicy, type CallersPolicy, type Policy } from './policy.ts';
import { populationOf, randomOf, roles, type Population } from './population-test.ts';
import { accessTo, decide } from './rules.ts';
import { defaultPolicySettings, type PolicySettings } from './settings.ts';
import { standingOf } from './standing.ts';

const patientTypes = [
  'Appointment',
  'Basic',
  'CareTeam',
  'Condition',
  'Consent',
  'DocumentReference',
  'Encounter',
  'EpisodeOfCare',
  'Flag',
  'MedicationRequest',
  'Observation',
  'Patient',
  'RelatedPerson',
  'ServiceRequest',
];
const directory = directoryOf(new Map(directoryResources.map((one) => [nameOf(one), one])));
let record: Record;
let database: OwnDatabase;

beforeAll(async () => {
  database = await ownDatabase('policy_reach');
  record = await openRecord(testConfig(), database.url);
});
afterAll(async () => {
  await record.close();
  await database.drop();
});

function nameOf({ resourceType, id }: Resource): string {
  return `${resourceType}/${id ?? ''}`;
}

function policyOf(settings: Partial<PolicySettings> = {}): Policy {
  const { db, search } = record.fhir.context;
  const policy = createPolicy({
    db,
    search,
    clock: { now: () => now },
    settings: { ...defaultPolicySettings, ...settings },
    report: (event, error) => {
      throw new Error(event, { cause: error });
    },
  });
  record.fhir.committer.onWritten(({ writes }) => policy.onWritten(writes));
  return policy;
}

/** What the rules allow one by one, decided on facts read straight from the resources. */
function allowedOneByOne(subject: Subject, { patients, resources }: Population, settings: PolicySettings): Set<string> {
  const standing = standingOf(subject, directory);
  const moment = { now, settings };
  const records = new Map(patients.map((id) => [id, recordOf(id, resources)]));
  const asks = subject as Exclude<Subject, { kind: 'background' }>;
  const alsoOpen = patients.filter((id) => {
    const access = accessTo(asks, { standing, record: records.get(id) }, moment);
    return access.allowed && access.limits.types === undefined;
  });
  const allowed = resources.filter((resource) => {
    const target = targetOf(resource);
    if (target.patient === undefined) return false;
    const facts = { standing, record: records.get(target.patient), alsoOpen };
    return decide(subject, { interaction: 'search', target }, facts, moment).allowed;
  });
  return new Set(allowed.map(nameOf));
}

/** What searches find with the reach: of all, or patient by patient. */
async function found(policy: CallersPolicy, population: Population, patient?: string): Promise<Set<string>> {
  const { db, search } = record.fhir.context;
  const grant = asGrant({
    reach: async (question) => (await policy.reach(question)).reach,
    allowWrites: () => Promise.reject(new Error('nothing is written')),
    allowOperation: () => Promise.resolve(),
    saw: () => {},
    missed: () => {},
    mayChooseIds: false,
    owner: undefined,
  });
  const own = new Set(population.resources.map(nameOf));
  const names = new Set<string>();
  for (const type of patientTypes) {
    const parameters: [string, string][] = [['_count', '1000']];
    if (patient !== undefined) parameters.push([type === 'Patient' ? '_id' : 'patient', patient]);
    const query = search.parse(type, parameters);
    const { rows } = await runSearch({ db, search, grant }, query).catch((error: unknown) => {
      if (error instanceof Fault && error.kind === 'forbidden') return { rows: [] };
      throw error;
    });
    for (const row of rows) if (own.has(`${row.type}/${row.id}`)) names.add(`${row.type}/${row.id}`);
  }
  return names;
}

async function foundByPatient(
  policy: CallersPolicy,
  population: Population,
  patients: readonly string[],
): Promise<Set<string>> {
  const all = new Set<string>();
  for (const patient of patients) for (const name of await found(policy, population, patient)) all.add(name);
  return all;
}

/** Read one by one: the reach decided in memory. */
async function readOneByOne(policy: CallersPolicy, { resources }: Population): Promise<Set<string>> {
  const { search } = record.fhir.context;
  const names = new Set<string>();
  for (const resource of resources) {
    const { type, id, patient } = targetOf(resource);
    if (patient === undefined) continue;
    const { reach } = await policy.reach({ by: 'search', patient, isNamed: false, types: [type] });
    if (search.reaches(reach, { type, id, patient }, JSON.stringify(resource))) names.add(`${type}/${id}`);
  }
  return names;
}

function subjectsOf({ patients }: Population, seed: number): Subject[] {
  const random = randomOf(seed * 7919);
  return [
    ...roles.map((id) => personnel(id)),
    personnel('lapsed'),
    personnel('furu'),
    personnel('office', { duty: 'privacyOfficer' }),
    personnel('office', { duty: 'researcher' }),
    personnel('berg', { scopes: ['user/Observation.rs', 'user/Patient.rs', 'user/Encounter.rs?status=in-progress'] }),
    system(['system/*.rs'], 'hospital'),
    system(['system/*.rs'], 'practice'),
    system(['system/Observation.rs', 'system/Condition.rs']),
    ...Array.from({ length: 6 }, () => citizen(random.pick(patients))),
    citizen(random.pick(patients), { scopes: ['patient/Observation.rs', 'patient/DocumentReference.rs'] }),
  ];
}

const sorted = (names: ReadonlySet<string>): string[] => [...names].sort();
const toldOf = (subject: Subject): string =>
  subject.kind === 'personnel'
    ? `${subject.practitioner} (${subject.duty})`
    : `${subject.kind} ${'patient' in subject ? subject.patient : ''}`;

describe('a search restricted by the reach finds exactly what the decision allows one by one', () => {
  test.each([1, 2, 3])('population %i', { timeout: 120_000 }, async (seed) => {
    const population = populationOf(seed, 6);
    await record.fhir.importResources(population.resources);
    const chosen: Partial<PolicySettings> = seed === 3 ? { careUnit: 'organisation' } : {};
    const settings = { ...defaultPolicySettings, ...chosen };
    const policy = policyOf(chosen);
    const namedIn = new Map(population.resources.map((one) => [nameOf(one), patientsIn(one)]));
    let allowedInAll = 0;
    for (const [index, subject] of subjectsOf(population, seed).entries()) {
      const some = [0, 3].map((step) => population.patients[(index + step) % population.patients.length] as string);
      // A scope's search parameters are decided by the search itself; the pure decision is asked without them.
      const own = policy.of({ subject });
      const expected = sorted(allowedOneByOne(withoutConstraints(subject), population, settings)).filter((name) =>
        fits(subject, name, population),
      );
      allowedInAll += expected.length;
      expect(sorted(await found(own, population)), `${toldOf(subject)}: all`).toEqual(expected);
      expect(sorted(await foundByPatient(own, population, some)), `${toldOf(subject)}: by patient`).toEqual(
        expected.filter((name) => namedIn.get(name)?.some((id) => some.includes(id))),
      );
      expect(sorted(await readOneByOne(own, population)), `${toldOf(subject)}: read`).toEqual(expected);
    }
    expect(allowedInAll).toBeGreaterThan(200);
  });
});

function withoutConstraints(subject: Subject): Subject {
  if (subject.kind === 'background' || subject.scopes === undefined) return subject;
  return { ...subject, scopes: subject.scopes.map((one) => one.replace(/\?.*/, '')) } as Subject;
}

/** The one constraint of the subjects above. */
function fits(subject: Subject, name: string, { resources }: Population): boolean {
  if (subject.kind !== 'personnel' || subject.scopes === undefined || !name.startsWith('Encounter/')) return true;
  return resources.find((one) => nameOf(one) === name)?.['status'] === 'in-progress';
}

test('a reach that forgets one exclusion is caught', { timeout: 60_000 }, async () => {
  const population = populationOf(4, 6);
  await record.fhir.importResources(population.resources);
  const policy = policyOf();
  let caught = 0;
  let forgotten = 0;
  for (const subject of subjectsOf(population, 4)) {
    const own = policy.of({ subject });
    let isForgotten = false;
    const leaking: CallersPolicy = {
      ...own,
      reach: async (question) => {
        const reached = await own.reach(question);
        const reach = withoutFirstExclusion(reached.reach);
        if (reach !== reached.reach) isForgotten = true;
        return { ...reached, reach };
      },
    };
    const expected = sorted(allowedOneByOne(withoutConstraints(subject), population, defaultPolicySettings)).filter(
      (name) => fits(subject, name, population),
    );
    const isCaught = JSON.stringify(sorted(await found(leaking, population))) !== JSON.stringify(expected);
    if (isForgotten) forgotten += 1;
    if (isCaught) caught += 1;
  }
  expect(forgotten).toBeGreaterThan(8);
  expect(caught).toBeGreaterThan(1);
});

/** The same with the first `not` left out. */
function withoutFirstExclusion(reach: Reach): Reach {
  let isDone = false;
  const walk = (one: Condition): Condition => {
    if (isDone) return one;
    if (one.kind === 'not') {
      isDone = true;
      return { kind: 'everything' };
    }
    return one.kind === 'all' || one.kind === 'any' ? { kind: one.kind, of: one.of.map(walk) } : one;
  };
  const walked = walk(reach);
  return isDone ? walked : reach;
}
