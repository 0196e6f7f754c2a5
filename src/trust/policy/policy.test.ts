import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import type { WriteFacts } from '#fhir/index.ts';
import type { Resource } from '#fhir/types.ts';
import { openRecord, type Record } from '../../app.ts';
import { testDatabaseUrl } from '../../../test/support/database.ts';
import { testConfig } from '../../../test/support/fhir.ts';
import type { Subject } from '../subject.ts';
import { checkAttestation } from './attestation.ts';
import { attestationOf } from './attestation-jws.ts';
import * as the from './cases/record-test.ts';
import { patientsIn } from './cases/decide-test.ts';
import { citizen, directory, now, personnel, ref, system } from './cases/world-test.ts';
import { createPolicy, type Policy } from './policy.ts';
import { defaultPolicySettings } from './settings.ts';

let record: Record;
let policy: Policy;
const ids = systemIds(systemClock);
const berg = personnel('berg');

const policyOn = (on: Record): Policy =>
  createPolicy({
    db: on.db,
    search: on.fhir.context.search,
    clock: { now: () => now },
    settings: defaultPolicySettings,
    report: (event, error) => {
      throw new Error(event, { cause: error });
    },
  });

beforeAll(async () => {
  record = await openRecord(testConfig(), testDatabaseUrl());
  policy = policyOn(record);
  record.fhir.committer.onWritten(({ writes }) => policy.onWritten(writes));
  await record.fhir.importResources([...directory]);
});
afterAll(() => record.close());

/** A patient of their own for each test. */
async function patientWith(...more: ((id: string) => Resource)[]): Promise<string> {
  const id = ids.uuid();
  await record.fhir.importResources([
    the.person(id),
    ...more.map((make, i) => ({ ...make(id), id: `${i}-${id}`.slice(0, 60) })),
  ]);
  return id;
}

const admitted = (id: string): Resource => the.encounter({ unit: 'medicine', patient: id });
const question = (patient: string, isNamed = true) =>
  ({ by: 'search', patient, isNamed, types: ['Observation'] }) as const;

function writing(resource: Resource, before?: Resource): WriteFacts {
  return {
    interaction: before === undefined ? 'create' : 'update',
    type: resource.resourceType,
    id: resource.id as string,
    patient: patientsIn(resource)[0],
    resource,
    before: before && { patient: patientsIn(before)[0], resource: () => before },
  };
}

const write = (subject: Subject, ...changes: WriteFacts[]) => policy.of({ subject }).allowWrites(changes);
const observation = (patient: string): Resource => the.observation({ subject: ref(`Patient/${patient}`) });

test('a refusal is told where the patient was named and is here; else there is nothing', async () => {
  const patient = await patientWith();
  const own = policy.of({ subject: berg });
  await expect(own.reach(question(patient))).rejects.toMatchObject({ kind: 'forbidden', reason: 'no-relationship' });
  expect((await own.reach(question(patient, false))).reach).toEqual({ kind: 'nothing' });
  expect((await own.reach(question('nobody'))).reach).toEqual({ kind: 'nothing' });
});

test('a citizen is not told of others: their records are not there', async () => {
  const patient = await patientWith();
  const { reach } = await policy.of({ subject: citizen('kari') }).reach(question(patient));
  expect(reach).toEqual({ kind: 'nothing' });
});

test('the ground is that of the patient whose record it is', async () => {
  const patient = await patientWith(admitted);
  const { groundOf } = await policy.of({ subject: berg }).reach(question(patient));
  expect(groundOf(patient)?.ground).toMatch(/^care-relationship:Encounter\//);
  expect(groundOf('another')?.ground).toBe('person-register');
});

test('what another process writes is known within a second', async () => {
  const patient = await patientWith(admitted);
  const other = await openRecord(testConfig(), testDatabaseUrl());
  const following = policyOn(other);
  try {
    await following.start();
    expect(await following.accessOf(berg, patient)).toMatchObject({ allowed: true });
    const block = {
      ...the.block({ actors: ['Practitioner/berg'] }),
      patient: ref(`Patient/${patient}`),
      id: `b-${patient}`,
    };
    await record.fhir.importResources([block]);
    const begun = performance.now();
    await expect.poll(async () => (await following.accessOf(berg, patient)).allowed, { interval: 50 }).toBe(false);
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(await policy.accessOf(berg, patient)).toMatchObject({ allowed: false, reason: 'blocked' });
  } finally {
    await following.stop();
    await other.close();
  }
});

test('a role that ends in the register ends access at once', async () => {
  const patient = await patientWith((id) => the.encounter({ unit: 'ward-a', patient: id }));
  const role = { ...(directory.find(({ id }) => id === 'student-role') as Resource), id: `role-${patient}` };
  const student = personnel('student', { role: `role-${patient}` });
  await record.fhir.importResources([{ ...role, organization: ref('Organization/ward-a') }]);
  expect(await policy.accessOf(student, patient)).toMatchObject({ allowed: true });
  await record.fhir.importResources([{ ...role, organization: ref('Organization/ward-a'), active: false }]);
  expect(await policy.accessOf(student, patient)).toMatchObject({ allowed: false, reason: 'no-role' });
});

test('writes are refused as a whole: what the caller may not know of is not there', async () => {
  const [mine, other] = [await patientWith(admitted), await patientWith()];
  await expect(write(berg, writing(observation(mine)), writing(observation(other)))).rejects.toMatchObject({
    kind: 'forbidden',
    reason: 'no-relationship',
  });
  await expect(write(citizen(mine), writing(observation(other)))).rejects.toMatchObject({ kind: 'notFound' });
  await expect(write(berg, writing(observation(other), observation(mine)))).rejects.toMatchObject({
    kind: 'forbidden',
  });
  expect(await write(berg, writing(observation(mine)))).toEqual([
    {
      ground: { purpose: 'TREAT', ground: expect.stringContaining('care-relationship:Encounter/') as string },
      onWordOf: [],
    },
  ]);
});

test('who registers a newborn may write its first contact with it, and no parents', async () => {
  const newborn = the.person(ids.uuid());
  const contact = the.encounter({ unit: 'maternity', patient: newborn.id as string });
  const elv = personnel('elv');
  expect(await write(elv, writing(newborn), writing(contact))).toHaveLength(2);
  await expect(write(elv, writing(contact))).rejects.toMatchObject({ reason: 'no-relationship' });
  const parent = the.relative('mor', { of: newborn.id as string, role: 'mor', responsibility: 'felles' });
  await expect(write(elv, writing(newborn), writing(parent))).rejects.toMatchObject({ reason: 'gives-itself-access' });
});

test('exports are for systems, matching for those who treat', async () => {
  const call = (subject: Subject, name: string) =>
    policy.of({ subject }).allowOperation({ name, type: undefined, id: undefined, affectsState: false });
  await expect(call(berg, 'export')).rejects.toMatchObject({ kind: 'forbidden', reason: 'operation' });
  await expect(call(citizen('kari'), 'match')).rejects.toMatchObject({ reason: 'operation' });
  await expect(call(personnel('office', { duty: 'researcher' }), 'match')).rejects.toMatchObject({
    reason: 'operation',
  });
  await call(system(['system/*.rs']), 'export');
  await call(berg, 'match');
  await call(citizen('kari'), 'everything');
});

test('an attestation that came along opens its patient’s record and no other', async () => {
  const [patient, other] = [await patientWith(), await patientWith()];
  const draft = {
    subject: berg,
    patient: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '16894698199' },
    purpose: 'TREAT' as const,
    healthcareService: { code: '110', system: 'urn:oid:2.16.578.1.12.4.1.1.8451' },
    decision: { id: '1', description: 'Admitted', isUserSelected: false },
  };
  const relation = await checkAttestation(
    JSON.stringify(attestationOf(draft, now)),
    {
      keyOf: () => Promise.reject(new Error('it is not signed by itself')),
      patientsOf: () => Promise.resolve([patient]),
    },
    { subject: berg, standing: await policy.standingOf(berg), now, isEncrypted: true, isMember: () => undefined },
  );
  const own = policy.of({ subject: berg }, relation);
  expect((await own.reach(question(patient))).groundOf(patient)).toMatchObject({
    ground: 'attested:TREAT:attestation/1',
    attested: { decision: { description: 'Admitted', isUserSelected: false }, attestedAt: now },
  });
  await expect(own.reach(question(other))).rejects.toMatchObject({ reason: 'no-relationship' });
});

test('the file of a document, and a task for the patient, lie in the patient’s record; what closes the document closes its file', async () => {
  const patient = await patientWith(admitted, (id) =>
    the.anything('Task', { status: 'requested', intent: 'order', for: ref(`Patient/${id}`) }),
  );
  const document = { ...the.document(`d-${patient}`), subject: ref(`Patient/${patient}`) };
  const file = { ...the.file(`d-${patient}`), securityContext: ref(`Patient/${patient}`) };
  await record.fhir.importResources([document, file]);
  const { search } = record.fhir.context;
  expect(search.patientOf(file)).toBe(patient);
  const mayRead = async (subject: Subject): Promise<boolean> => {
    const { reach } = await policy.of({ subject }).reach({ by: 'read', patient, isNamed: false, types: ['Binary'] });
    return search.reaches(reach, { type: 'Binary', id: file.id as string, patient }, JSON.stringify(file));
  };
  expect(await mayRead(berg)).toBe(true);
  expect(await mayRead(personnel('dahl'))).toBe(false);
  const closing = {
    ...the.block({ data: [`DocumentReference/d-${patient}`] }),
    patient: ref(`Patient/${patient}`),
    id: `c-${patient}`,
  };
  await record.fhir.importResources([closing]);
  expect(await mayRead(berg)).toBe(false);
  expect(await mayRead(citizen(patient))).toBe(true);
});
