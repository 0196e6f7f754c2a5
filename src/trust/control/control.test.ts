import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpServer, type HttpServer } from '#kernel/http.ts';
import { systemIds, systemRandomness } from '#kernel/ids.ts';
import { systemClock } from '#kernel/clock.ts';
import { openRecord, type Record } from '../../app.ts';
import { testDatabaseUrl } from '../../../test/support/database.ts';
import { testConfig } from '../../../test/support/fhir.ts';
import type { AccessEntry } from '../access-log/entry.ts';
import * as the from '../policy/cases/record-test.ts';
import { citizen, directory, now, numberOf, personnel, ref } from '../policy/cases/world-test.ts';
import { createPolicy, type Policy } from '../policy/policy.ts';
import { defaultPolicySettings } from '../policy/settings.ts';
import type { Subject } from '../subject.ts';
import { openCase } from './cases.ts';
import { registerControlRoutes, type ControlRouteDeps } from './routes.ts';

let record: Record;
let server: HttpServer;
let policy: Policy;
let deps: ControlRouteDeps;
let asking: Subject;
let time = now;
const entries: AccessEntry[] = [];
const ids = systemIds(systemClock);

beforeAll(async () => {
  record = await openRecord(testConfig(), testDatabaseUrl());
  const { context, committer } = record.fhir;
  const clock = { now: () => time };
  const report = (event: string, error: unknown): void => {
    throw new Error(event, { cause: error });
  };
  policy = createPolicy({ db: context.db, search: context.search, clock, settings: defaultPolicySettings, report });
  committer.onWritten(({ writes }) => policy.onWritten(writes));
  deps = {
    context,
    policy,
    clock,
    ids,
    randomness: systemRandomness,
    log: {
      append: async (more) => {
        entries.push(...more);
      },
    },
    require: async () => ({ subject: asking, address: '127.0.0.1' }),
  };
  server = await createHttpServer({ bodyBytesMax: 100_000, requestTimeoutMs: 0 });
  registerControlRoutes(server, deps);
  await record.fhir.importResources([...directory]);
});
afterAll(async () => {
  await server.close();
  await record.close();
});

type Sent = { status: number; body: any };

async function send(subject: Subject, method: string, path: string, body?: object, language = 'en'): Promise<Sent> {
  asking = subject;
  const answer = await server.inject({
    method: method as 'GET',
    url: `/api/control/${path}`,
    headers: { 'accept-language': language },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: answer.statusCode, body: JSON.parse(answer.body || '{}') };
}

/** A patient of their own for each test, with one observation. */
async function patientWith(more: (id: string) => object[] = () => [], person: object = {}): Promise<string> {
  const id = ids.uuid();
  await record.fhir.importResources([
    { ...the.person(id), ...person },
    { resourceType: 'Observation', id: `o-${id}`, status: 'final', code: { text: 'x' }, subject: ref(`Patient/${id}`) },
    ...(more(id) as any[]),
  ]);
  return id;
}

/** The ground on which the subject reads the record, or why not. */
async function readingOf(subject: Subject, patient: string): Promise<string> {
  const access = await policy.accessOf(subject, patient);
  return access.allowed ? access.ground.ground.replace(/Basic\/.*/, '…') : access.reason;
}

const berg = personnel('berg');
const officer = personnel('office', { duty: 'privacyOfficer' });
const reason = 'Rings the ward about the result';

test('who may not treat people can attest nothing, and that is in the log', async () => {
  const patient = await patientWith();
  const asked = { patient, purpose: 'TREAT', reason };
  expect(await send(personnel('office', { duty: 'operator' }), 'POST', 'attestations', asked)).toMatchObject({
    status: 403,
  });
  expect(await send(personnel('lapsed'), 'POST', 'attestations', asked)).toMatchObject({ status: 403 });
  expect(await send(citizen('kari'), 'POST', 'attestations', asked)).toMatchObject({ status: 403 });
  expect(await send(officer, 'POST', 'break-glass', { patient, reason })).toMatchObject({ status: 403 });
  const told = entries.filter((one) => one.patient === patient);
  expect(told.map(({ outcome, reason: why }) => [outcome, why])).toEqual([
    ['refused', 'duty'],
    ['refused', 'no-authorisation'],
    ['refused', 'duty'],
    ['refused', 'duty'],
  ]);
});

test('without a reason, with a purpose that is none, or for nobody, nothing opens', async () => {
  const patient = await patientWith();
  expect(await send(berg, 'POST', 'attestations', { patient, purpose: 'TREAT', reason: ' ' })).toMatchObject({
    status: 400,
  });
  expect(await send(berg, 'POST', 'attestations', { patient, purpose: 'BTG', reason })).toMatchObject({ status: 400 });
  expect(await send(berg, 'POST', 'break-glass', { patient })).toMatchObject({ status: 400 });
  expect(await send(berg, 'POST', 'attestations', { patient: 'nobody', purpose: 'TREAT', reason })).toMatchObject({
    status: 404,
  });
  expect(await readingOf(berg, patient)).toBe('no-relationship');
});

test('an application does here no more than it was granted', async () => {
  const patient = await patientWith((id) => [{ ...the.block(), patient: ref(`Patient/${id}`) }]);
  const narrow = { scopes: ['user/Observation.rs', 'patient/Observation.rs', 'user/Basic.c?code=x'] };
  const [doctor, self] = [personnel('berg', narrow), citizen(patient, narrow)];
  const [one] = (await send(citizen(patient), 'GET', 'blocks')).body.blocks;
  for (const [who, method, path, body] of [
    [doctor, 'POST', 'attestations', { patient, purpose: 'TREAT', reason }],
    [doctor, 'POST', 'break-glass', { patient, reason }],
    [doctor, 'GET', 'attestations', undefined],
    [personnel('office', { duty: 'privacyOfficer', ...narrow }), 'GET', 'cases', undefined],
    [self, 'GET', 'blocks', undefined],
    [self, 'POST', 'blocks', {}],
    [self, 'DELETE', `blocks/${one.id}`, undefined],
    [self, 'PUT', 'reservation', { isReserved: true }],
    [self, 'GET', 'representation', undefined],
  ] as const) {
    expect([method, path, await send(who, method, path, body)]).toMatchObject([method, path, { status: 403 }]);
  }
  const granted = personnel('berg', { scopes: ['user/Basic.c'] });
  expect(await send(granted, 'POST', 'attestations', { patient, purpose: 'TREAT', reason })).toMatchObject({
    status: 201,
  });
});

test('who acts for the patient does not let one in again whom the patient shut out', async () => {
  const patient = await patientWith(
    (id) => [
      {
        ...the.relative('ola', { role: 'far', responsibility: 'felles' }),
        patient: ref(`Patient/${id}`),
        id: `f-${id}`,
      },
      { ...the.block({ actors: ['Patient/per'] }), patient: ref(`Patient/${id}`) },
    ],
    { birthDate: '2020-05-05' },
  );
  const [one] = (await send(citizen('ola'), 'GET', `blocks?patient=${patient}`)).body.blocks;
  expect(await send(citizen('ola'), 'DELETE', `blocks/${one.id}`)).toMatchObject({ status: 403 });
});

test('an attested relationship opens the record at once, until it runs out or is ended', async () => {
  const patient = await patientWith();
  expect(await readingOf(berg, patient)).toBe('no-relationship');
  const made = await send(berg, 'POST', 'attestations', {
    patient,
    purpose: 'COC',
    reason,
    decisionReference: 'list 4',
  });
  expect(made).toMatchObject({
    status: 201,
    body: { purpose: 'COC', reason, decisionReference: 'list 4', holds: true },
  });
  expect(await readingOf(berg, patient)).toBe('attested:COC:…');
  expect(await readingOf(personnel('dahl'), patient)).toBe('no-relationship');
  time = now + 60_000;
  const listed = await send(berg, 'GET', 'attestations');
  expect(listed.body.attestations.map(({ id }: { id: string }) => id)).toContain(made.body.id);
  expect(await send(personnel('dahl'), 'DELETE', `attestations/${made.body.id}`)).toMatchObject({ status: 404 });
  expect(await send(berg, 'DELETE', `attestations/${made.body.id}`)).toMatchObject({
    status: 200,
    body: { holds: false },
  });
  expect(await readingOf(berg, patient)).toBe('no-relationship');
  time = now;
  expect(entries.filter((one) => one.patient === patient && one.action === 'attest')).toHaveLength(2);
});

test('an attested relationship is over after a day', async () => {
  const patient = await patientWith();
  await send(berg, 'POST', 'attestations', { patient, purpose: 'TREAT', reason });
  time = now + 25 * 3_600_000;
  try {
    expect(await readingOf(berg, patient)).toBe('no-relationship');
  } finally {
    time = now;
  }
});

test('breaking the glass opens at once and makes a case, which the privacy officer follows up', async () => {
  const patient = await patientWith();
  expect(await send(berg, 'POST', 'break-glass', { patient, reason })).toMatchObject({
    status: 201,
    body: { purpose: 'BTG' },
  });
  expect(await readingOf(berg, patient)).toBe('break-glass:…');
  const { body } = await send(officer, 'GET', 'cases');
  const own = body.cases.find((one: { patient: string }) => one.patient === patient);
  expect(own).toMatchObject({
    kind: 'break-glass',
    status: 'open',
    message: reason,
    who: { name: 'berg' },
    isLate: false,
  });
  expect(await send(berg, 'GET', 'cases')).toMatchObject({ status: 403 });
  expect(await send(citizen(patient), 'GET', `cases/${own.id}`)).toMatchObject({ status: 403 });
  const conclusion = { conclusion: 'justified', text: 'The patient was unconscious.' };
  expect(await send(berg, 'POST', `cases/${own.id}/follow-up`, conclusion)).toMatchObject({ status: 403 });
  expect(await send(officer, 'POST', `cases/${own.id}/follow-up`, conclusion)).toMatchObject({
    status: 201,
    body: { status: 'closed', followedUp: { conclusion: 'justified', by: 'office' } },
  });
  expect(await send(officer, 'POST', `cases/${own.id}/follow-up`, conclusion)).toMatchObject({ status: 409 });
  expect(entries.some((one) => one.patient === patient && one.action === 'break-glass' && one.purpose === 'BTG')).toBe(
    true,
  );
});

test('a case that nobody followed up in time is late', async () => {
  const patient = await patientWith();
  await send(berg, 'POST', 'break-glass', { patient, reason });
  time = now + 8 * 86_400_000;
  try {
    const { body } = await send(officer, 'GET', 'cases');
    expect(body.cases.find((one: { patient: string }) => one.patient === patient).isLate).toBe(true);
  } finally {
    time = now;
  }
});

test('what a citizen says is wrong becomes a case', async () => {
  const patient = await patientWith();
  const entry = { id: '1-test', at: now, reference: 'Practitioner/berg', name: 'Berg' };
  const id = await openCase(
    deps,
    { patient, entry, message: 'I do not know this person.' },
    {
      subject: citizen(patient),
      address: '127.0.0.1',
    },
  );
  expect(await send(officer, 'GET', `cases/${id}`)).toMatchObject({
    status: 200,
    body: { kind: 'wrong-access', about: 'AuditEvent/1-test', who: { name: 'Berg' } },
  });
});

test('a block binds from when it is acknowledged, break-glass included, and is lifted by the patient only', async () => {
  const patient = await patientWith((id) => [{ ...the.encounter({ unit: 'medicine', patient: id }), id: `e-${id}` }]);
  expect(await readingOf(berg, patient)).toMatch(/^care-relationship/);
  const made = await send(citizen(patient), 'POST', 'blocks', { for: { practitioner: 'berg' } });
  expect(made).toMatchObject({ status: 201, body: { for: { practitioner: 'berg' } } });
  expect(await readingOf(berg, patient)).toBe('blocked');
  expect(await send(berg, 'POST', 'break-glass', { patient, reason }, 'nb')).toMatchObject({ status: 403 });
  expect(await readingOf(personnel('lind'), patient)).toMatch(/^care-relationship/);
  expect(await send(citizen(patient), 'GET', 'blocks')).toMatchObject({ body: { blocks: [{ id: made.body.id }] } });
  expect(await send(berg, 'DELETE', `blocks/${made.body.id}`)).toMatchObject({ status: 403 });
  expect(await send(citizen('someone'), 'DELETE', `blocks/${made.body.id}`)).toMatchObject({ status: 404 });
  expect(await send(citizen(patient), 'DELETE', `blocks/${made.body.id}`)).toMatchObject({ status: 200 });
  expect(await readingOf(berg, patient)).toMatch(/^care-relationship/);
});

test('a whole record that is closed opens to those excepted, and to emergencies', async () => {
  const patient = await patientWith((id) => [{ ...the.encounter({ unit: 'medicine', patient: id }), id: `e-${id}` }]);
  await send(citizen(patient), 'POST', 'blocks', { besides: ['lind'] });
  expect(await readingOf(berg, patient)).toBe('restricted');
  expect(await readingOf(personnel('lind'), patient)).toMatch(/^care-relationship/);
  await send(berg, 'POST', 'attestations', { patient, purpose: 'ETREAT', reason });
  expect(await readingOf(berg, patient)).toBe('attested:ETREAT:…');
});

test('what is not there can’t be blocked: nobody of that name, another’s document, another’s record', async () => {
  const patient = await patientWith();
  const other = await patientWith((id) => [{ ...the.document(`d-${id}`), subject: ref(`Patient/${id}`) }]);
  expect(await send(citizen(patient), 'POST', 'blocks', { for: { practitioner: 'nobody' } })).toMatchObject({
    status: 404,
  });
  expect(await send(citizen(patient), 'POST', 'blocks', { document: `d-${other}` })).toMatchObject({ status: 404 });
  expect(await send(citizen(patient), 'POST', 'blocks', { patient: other })).toMatchObject({ status: 404 });
  expect(await send(berg, 'POST', 'blocks', { patient })).toMatchObject({ status: 403 });
  expect(await send(citizen(other), 'POST', 'blocks', { document: `d-${other}` })).toMatchObject({ status: 201 });
});

test('the refusal is told in the reader’s language', async () => {
  const patient = await patientWith();
  await send(citizen(patient), 'POST', 'blocks', { for: { practitioner: 'berg' } });
  const { body } = await send(berg, 'POST', 'attestations', { patient, purpose: 'TREAT', reason }, 'nn');
  expect(JSON.stringify(body)).toContain('sperra');
});

test('a reservation closes the summary to everybody, and can be taken back', async () => {
  const patient = await patientWith((id) => [{ ...the.encounter({ unit: 'medicine', patient: id }), id: `e-${id}` }]);
  expect(await policy.summary(berg, patient, 'emergency')).toMatchObject({ allowed: true });
  expect(await send(citizen(patient), 'PUT', 'reservation', { isReserved: true })).toMatchObject({ status: 200 });
  expect(await policy.summary(berg, patient, 'emergency')).toMatchObject({ allowed: false, reason: 'reserved' });
  expect(await send(citizen(patient), 'PUT', 'reservation', { isReserved: false })).toMatchObject({ status: 200 });
  expect(await policy.summary(berg, patient, 'emergency')).toMatchObject({ allowed: true });
});

test('a child of 14 lets one parent see, and takes it back; an adult has nothing to grant here', async () => {
  const mother = ids.uuid();
  const patient = await patientWith(
    (id) => [
      { ...the.person(mother), birthDate: '1985-01-01' },
      { ...the.relative(mother, { of: id, role: 'mor', responsibility: 'felles' }), id: `rel-${id}` },
    ],
    { birthDate: the.child(14)['birthDate'] },
  );
  expect(await readingOf(citizen(mother), patient)).toBe('child-twelve');
  expect(await send(citizen(mother), 'POST', 'parental-access', {})).toMatchObject({ status: 422 });
  expect(await send(citizen(patient), 'POST', 'parental-access', { relatedPerson: 'nobody' })).toMatchObject({
    status: 404,
  });
  const made = await send(citizen(patient), 'POST', 'parental-access', { relatedPerson: `rel-${patient}` });
  expect(made.status).toBe(201);
  expect(await readingOf(citizen(mother), patient)).toMatch(/^parent:/);
  expect(await send(citizen(mother), 'GET', 'representation')).toMatchObject({
    body: { represents: [{ patient, as: 'parent', mayWrite: true }] },
  });
  expect(await send(citizen(patient), 'GET', 'representation')).toMatchObject({
    body: { given: [{ id: made.body.id, kind: 'youth-grant' }] },
  });
  expect(await send(citizen(patient), 'DELETE', `representation/${made.body.id}`)).toMatchObject({ status: 200 });
  expect(await readingOf(citizen(mother), patient)).toBe('child-twelve');
});

test('a power of attorney is given to who is named by number and family name, for parts and until a day, and taken back', async () => {
  const other = await patientWith(() => [], { name: [{ use: 'official', given: ['Åse'], family: 'Nordmo' }] });
  const young = await patientWith(() => [], { name: [{ family: 'Ung' }], birthDate: '2014-05-05' });
  const patient = await patientWith();
  const asked = { personNumber: numberOf(other), familyName: 'nordmo', scopes: ['results'], mayWrite: false };
  const give = (who: Subject, more: object = {}): Promise<Sent> =>
    send(who, 'POST', 'representation', { ...asked, ...more });
  const self = citizen(patient);
  for (const [more, status] of [
    [{ familyName: 'Nordmoen' }, 404],
    [{ personNumber: numberOf(ids.uuid()) }, 404],
    [{ personNumber: numberOf(patient) }, 404],
    [{ personNumber: '123' }, 400],
    [{ scopes: ['everything'] }, 400],
    [{ until: '2001-01-01' }, 422],
    [{ until: '2100-01-01' }, 422],
    [{ personNumber: numberOf(young), familyName: 'Ung' }, 422],
  ] as const)
    expect([more, (await give(self, more)).status]).toEqual([more, status]);
  expect((await give(citizen(young))).status).not.toBe(201);
  expect((await give(berg)).status).toBe(403);
  expect(JSON.stringify(entries)).not.toContain(numberOf(other));

  const helper = citizen(other);
  expect(await readingOf(helper, patient)).toBe('other-patient');
  const until = new Date(time + 30 * 86_400_000).toISOString().slice(0, 10);
  const made = await give(self, { until });
  expect(made).toMatchObject({ status: 201, body: { to: `Patient/${other}`, name: 'Åse Nordmo' } });
  expect((await give(self)).status).toBe(409);
  expect(await readingOf(helper, patient)).toBe(`power-of-attorney:Consent/${made.body.id}`);
  const access = await policy.accessOf(helper, patient);
  expect(access).toMatchObject({ allowed: true, mayWrite: undefined });
  expect(access.allowed && access.limits.types).toContain('Observation');
  expect(access.allowed && access.limits.types).not.toContain('Condition');
  const { body } = await send(self, 'GET', 'representation');
  expect(body.given).toEqual([
    expect.objectContaining({ name: 'Åse Nordmo', scopes: ['results'], mayWrite: false, kind: 'power-of-attorney' }),
  ]);
  time += 40 * 86_400_000;
  expect(await readingOf(helper, patient)).toBe('other-patient');
  time = now;
  expect((await send(helper, 'DELETE', `representation/${made.body.id}`)).status).toBe(403);
  expect((await send(self, 'DELETE', `representation/${made.body.id}`)).status).toBe(200);
  expect(await readingOf(helper, patient)).toBe('other-patient');
  expect((await give(self, { scopes: [], mayWrite: true })).status).toBe(201);
  expect(await policy.accessOf(helper, patient)).toMatchObject({ allowed: true, mayWrite: 'own' });
});
