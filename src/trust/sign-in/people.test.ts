/** Who a token is in the record: from claims to Subject. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identifierSystems } from '#shared/identifiers.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { startTestIssuer, testClient, type TestClient, type TestIssuer } from '../tokens/issuer-test.ts';
import { claimNames } from './identity.ts';
import { freePort, startTestNode, testRegion, type NodeOptions, type Region, type TestNode } from './region-test.ts';

const db = testDatabase({ connectionsMax: 8 });
let region: Region;
let helseId: TestIssuer;
let embedded: TestIssuer;
let client: TestClient;
let node: TestNode;
let trial: TestNode;
const audience = 'http://fyr.test/fhir';

beforeAll(async () => {
  region = await testRegion();
  helseId = await startTestIssuer();
  embedded = await startTestIssuer();
  client = await testClient();
  const settings = { baseUrl: 'http://fyr.test' };
  const started = async (issuers: NodeOptions['issuers'], isTrialBearer = false) =>
    startTestNode({ db, region, port: await freePort(), issuers, settings, isTrialBearer });
  node = await started([{ name: 'helseid', kind: 'helseid', url: helseId.url, audience }]);
  trial = await started([{ name: 'trial', kind: 'embedded', url: embedded.url, audience }], true);
});
afterAll(async () => {
  await node.stop();
  await trial.stop();
  await helseId.stop();
  await embedded.stop();
  await region.api.close();
  await db.end();
});

type Answer = { status: number; body: any; challenge: string | null };

async function ask(at: TestNode, token: string, headers: { [name: string]: string } = {}): Promise<Answer> {
  const proof = await client.proof(token, { htu: 'http://fyr.test/who' });
  const answer = await fetch(`${at.socket}/who`, {
    headers: { authorization: `DPoP ${token}`, dpop: proof, ...headers },
  });
  return { status: answer.status, body: await answer.json(), challenge: answer.headers.get('www-authenticate') };
}

const doctor = (more: object = {}) => ({
  sub: 'doctor',
  client_id: 'epr',
  scope: 'user/Observation.rs user/Patient.r',
  ...region.doctorClaims,
  [claimNames.parent]: region.numbers.trust,
  [claimNames.child]: region.numbers.hospital,
  cnf: { jkt: client.thumbprint },
  ...more,
});

test('refuses a token of a person at level 3, and says how to do better', async () => {
  const answer = await ask(node, await helseId.sign(doctor({ [claimNames.securityLevel]: '3' })));
  expect(answer.status).toBe(401);
  expect(answer.challenge).toContain('insufficient_user_authentication');
});

test('refuses personnel without a role at the organisation of the token, and organisations that are not here', async () => {
  const elsewhere = await ask(node, await helseId.sign(doctor({ [claimNames.child]: '999999999' })));
  expect([elsewhere.status, elsewhere.body.problem]).toEqual([403, expect.stringContaining('999999999')]);
  const crossed = await ask(node, await helseId.sign(doctor({ [claimNames.child]: region.numbers.office })));
  expect(crossed.status, 'the office is not below the trust').toBe(403);
  const above = await ask(node, await helseId.sign(doctor({ [claimNames.parent]: region.numbers.owner })));
  expect(above.status, 'the regional owner is not the legal entity').toBe(403);
  const system = { client_id: 'lab', [claimNames.parent]: '999999999', cnf: { jkt: client.thumbprint } };
  expect((await ask(node, await helseId.sign(system))).status).toBe(403);
});

test('refuses one whose HPR number is somebody else’s in the register', async () => {
  const { api } = region;
  const hpr = `8${region.numbers.hpr.slice(1)}`;
  await api.make({
    resourceType: 'Practitioner',
    identifier: [
      { system: identifierSystems.personnelNumber, value: hpr },
      { system: identifierSystems.nationalNumber, value: region.numbers.citizen },
    ],
    name: [{ family: 'Annen', given: ['En'] }],
  });
  const answer = await ask(node, await helseId.sign(doctor({ [claimNames.hprNumber]: hpr })));
  expect([answer.status, answer.body.problem]).toEqual([403, expect.stringContaining('somebody else')]);
});

test('refuses a token of several roles with nothing to tell them apart', async () => {
  const claims = doctor({ [claimNames.parent]: undefined, [claimNames.child]: undefined });
  const answer = await ask(node, await helseId.sign(claims));
  expect([answer.status, answer.body.problem]).toEqual([403, expect.stringContaining('several roles')]);
});

test('refuses claims of the embedded provider from anybody else', async () => {
  const claims = {
    sub: 'x',
    client_id: 'epr',
    [claimNames.practitionerRole]: region.ids.roles[0],
    [claimNames.securityLevel]: '4',
    cnf: { jkt: client.thumbprint },
  };
  expect((await ask(node, await helseId.sign(claims))).status).toBe(401);
});

test('refuses a role of a persona that is not active, or not there', async () => {
  const persona = (role: string) =>
    embedded.sign({
      sub: 'x',
      client_id: 'app',
      [claimNames.practitionerRole]: role,
      [claimNames.duty]: 'care',
      [claimNames.securityLevel]: '4',
      cnf: { jkt: client.thumbprint },
    });
  expect((await ask(trial, await persona('nothing'))).status).toBe(403);
  const ended = await region.api.make({
    resourceType: 'PractitionerRole',
    active: true,
    period: { end: '2020-01-01' },
    practitioner: { reference: `Practitioner/${region.ids.doctor}` },
    organization: { reference: `Organization/${region.ids.hospital}` },
  });
  expect((await ask(trial, await persona(ended.id))).status).toBe(403);
});

test('a doctor by HelseID is personnel at the place of care of the token, bounded by its scopes', async () => {
  const { status, body } = await ask(node, await helseId.sign(doctor()));
  expect(status).toBe(200);
  expect(body.subject).toMatchObject({
    kind: 'personnel',
    issuer: helseId.url,
    subject: 'doctor',
    client: 'epr',
    scopes: ['user/Observation.rs', 'user/Patient.r'],
    practitioner: region.ids.doctor,
    authorisation: 'LE',
    duty: 'care',
    role: { pointOfCareNumber: region.numbers.hospital, department: region.ids.department },
    isOffline: false,
  });
  expect(body.session).toMatch(/^token:/);
  expect(body.isTrialBearer).toBeUndefined();
});

test('a persona of the embedded provider is who its claims name, with its duty', async () => {
  const claims = {
    sub: 'privacy',
    client_id: 'app',
    [claimNames.practitionerRole]: region.ids.roles[1],
    [claimNames.duty]: 'privacyOfficer',
    [claimNames.securityLevel]: '4',
    cnf: { jkt: client.thumbprint },
  };
  const { body } = await ask(trial, await embedded.sign(claims));
  expect(body.subject).toMatchObject({ duty: 'privacyOfficer', role: { practitionerRole: region.ids.roles[1] } });
});

test('a citizen is the Patient with that number; a merged or deleted record is nobody’s', async () => {
  const claims = {
    sub: 'c',
    client_id: 'app',
    [claimNames.patient]: region.ids.citizen,
    [claimNames.personNumber]: region.numbers.citizen,
    [claimNames.securityLevel]: '4',
    cnf: { jkt: client.thumbprint },
  };
  expect((await ask(trial, await embedded.sign(claims))).body.subject).toMatchObject({
    kind: 'citizen',
    patient: region.ids.citizen,
  });
  const { api, ids } = region;
  const { body: patient } = await api.ask('GET', `Patient/${ids.citizen}`);
  await api.ask('PUT', `Patient/${ids.citizen}`, { ...patient, active: false });
  expect((await ask(trial, await embedded.sign(claims))).status).toBe(403);
  await api.ask('PUT', `Patient/${ids.citizen}`, patient);
  expect((await ask(trial, await embedded.sign(claims))).status).toBe(200);
});

test('a system is of its organisation, or of the region when it names none', async () => {
  const system = (more: object) => ({
    client_id: 'lab',
    scope: ['system/Observation.c'],
    [claimNames.clientName]: 'Laboratory',
    cnf: { jkt: client.thumbprint },
    ...more,
  });
  const bounded = await ask(node, await helseId.sign(system({ [claimNames.parent]: region.numbers.trust })));
  expect(bounded.body.subject).toMatchObject({
    kind: 'system',
    name: 'Laboratory',
    scopes: ['system/Observation.c'],
    role: { legalEntity: region.ids.trust },
  });
  const free = await ask(trial, await embedded.sign(system({ sub: 'lab' })));
  expect(free.body.subject).toMatchObject({ kind: 'system' });
  expect(free.body.subject.role).toBeUndefined();
});

test('an attestation comes along unchecked, from a header or from the token', async () => {
  const details = [
    { type: 'nhn:tillitsrammeverk:parameters', care_relationship: { purpose_of_use: { code: 'TREAT' } } },
  ];
  const told = await ask(node, await helseId.sign(doctor({ authorization_details: details })));
  expect(JSON.parse(told.body.attestation)).toEqual(details[0]);
  const sent = await ask(node, await helseId.sign(doctor()), { 'x-fyr-attestation': 'eyJhbGciOiJFUzI1NiJ9.e30.x' });
  expect(sent.body.attestation).toBe('eyJhbGciOiJFUzI1NiJ9.e30.x');
});

test('a token counts before a cookie, and a bad one is not made good by a cookie', async () => {
  const answer = await fetch(`${node.socket}/who`, {
    headers: { authorization: 'Bearer nothing', cookie: `${node.cookie}=${'A'.repeat(43)}` },
  });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toMatch(/^DPoP algs="ES256 /);
});

test('Bearer in a trial: from this machine, marked; not when a proxy passed it on', async () => {
  const claims = {
    sub: 'c',
    client_id: 'app',
    [claimNames.patient]: region.ids.citizen,
    [claimNames.securityLevel]: '4',
  };
  const token = await embedded.sign(claims);
  const headers = { authorization: `Bearer ${token}` };
  const taken = await fetch(`${trial.socket}/who`, { headers });
  expect(await taken.json()).toMatchObject({ isTrialBearer: true, subject: { kind: 'citizen' } });
  for (const name of ['x-forwarded-for', 'forwarded']) {
    const passed = await fetch(`${trial.socket}/who`, { headers: { ...headers, [name]: 'for=192.0.2.1' } });
    expect(passed.status).toBe(401);
  }
});
