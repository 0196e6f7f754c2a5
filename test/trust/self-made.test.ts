/** What somebody tries who would let herself in by writing: contacts of her own, a role of her own, another's number; each over a whole node. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identifierSystems } from '#shared/identifiers.ts';
import { personaEntries } from '#sample/persona-entries.ts';
import { clientAdd } from '../../src/cli/client.ts';
import { testNode, type NodeAnswer, type TestNode } from '../support/node.ts';
import { legalEntityNumber, patientOf, patients, resourcesIn, truthOf } from './asking.ts';

let at: TestNode;
const mother = patientOf('youngMother');
const oldMan = patientOf('oldManWithEverything');
const wordSystem = 'urn:fyr:on-the-word-of';

beforeAll(async () => {
  at = await testNode('self_made');
}, 120_000);
afterAll(async () => at?.stop());

const entryOf = (key: string): any => personaEntries().find((one) => one.key === key);
const one = async (path: string): Promise<any> => (await truthOf(at, [path]))[0]?.body;
const post = (as: string, resource: any): Promise<NodeAnswer> =>
  at.ask('POST', `/fhir/${resource.resourceType}`, { as, body: resource });
const reads = async (as: string, patient: string): Promise<number> =>
  (await at.ask('GET', `/fhir/Observation?patient=${patient}&_summary=count`, { as })).status;
const attest = (as: string, patient: string): Promise<NodeAnswer> =>
  at.ask('POST', '/api/control/attestations', { as, body: { patient, purpose: 'TREAT', reason: 'A test of attacks' } });
const endAttestation = async (as: string, made: NodeAnswer): Promise<void> => {
  const ended = await at.ask('DELETE', `/api/control/attestations/${made.body.id}`, { as });
  expect([ended.status, ended.body.holds]).toEqual([200, false]);
};

const ref = (reference: string): object => ({ reference });

/** Every way to say that a role, and the department that it is at, have the patient from now on. */
async function relationsOf(role: string, patient: string): Promise<any[]> {
  const { practitioner, organization } = await one(`PractitionerRole/${role}`);
  const subject = ref(`Patient/${patient}`);
  const now = new Date().toISOString();
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const contact = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' };
  const text = 'told by herself';
  return [
    {
      resourceType: 'Encounter',
      status: 'in-progress',
      class: contact,
      subject,
      participant: [{ individual: practitioner }],
      serviceProvider: organization,
      period: { start: now },
    },
    { resourceType: 'CareTeam', status: 'active', subject, participant: [{ member: practitioner }] },
    { resourceType: 'CareTeam', status: 'active', subject, participant: [{ member: ref(`PractitionerRole/${role}`) }] },
    {
      resourceType: 'Appointment',
      status: 'booked',
      start: now,
      end: later,
      participant: [
        { actor: subject, status: 'accepted' },
        { actor: practitioner, status: 'accepted' },
      ],
    },
    {
      resourceType: 'EpisodeOfCare',
      status: 'active',
      patient: subject,
      managingOrganization: organization,
      period: { start: now },
    },
    {
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      subject,
      authoredOn: now,
      code: { text },
      requester: practitioner,
      performer: [organization],
    },
    {
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      subject,
      authoredOn: now,
      medicationCodeableConcept: { text },
      requester: practitioner,
    },
  ];
}

test('what a clinician writes on the strength of an attestation outlasts it in nothing', async () => {
  const { practitionerRole, practitioner } = entryOf('midwife');
  const patient = oldMan;
  const own = await relationsOf(practitionerRole, patient);
  expect(await reads('midwife', patient)).toBe(403);
  for (const resource of own)
    expect([resource.resourceType, (await post('midwife', resource)).status]).toEqual([resource.resourceType, 403]);
  const attested = await attest('midwife', patient);
  expect([attested.status, await reads('midwife', patient)]).toEqual([201, 200]);
  for (const resource of own) {
    // Whatever she says of it herself is taken away.
    const lying = { ...resource, meta: { tag: [{ system: wordSystem, code: 'Practitioner/somebody-else' }] } };
    const made = await post('midwife', lying);
    expect([resource.resourceType, made.status, made.text]).toEqual([resource.resourceType, 201, expect.any(String)]);
    expect(made.body.meta.tag).toEqual([{ system: wordSystem, code: `Practitioner/${practitioner}` }]);
    // Nor does writing it a second time, without the tag.
    const { tag: _tag, ...meta } = made.body.meta;
    const again = await at.ask('PUT', `/fhir/${resource.resourceType}/${made.body.id}`, {
      as: 'midwife',
      body: { ...made.body, meta },
    });
    expect([again.status, again.body.meta.tag]).toEqual([200, made.body.meta.tag]);
    for (const operation of ['$meta-delete']) {
      const parameters = {
        resourceType: 'Parameters',
        parameter: [{ name: 'meta', valueMeta: { tag: made.body.meta.tag } }],
      };
      await at.ask('POST', `/fhir/${resource.resourceType}/${made.body.id}/${operation}`, {
        as: 'midwife',
        body: parameters,
      });
      expect((await one(`${resource.resourceType}/${made.body.id}`)).meta.tag).toEqual(made.body.meta.tag);
    }
  }
  await endAttestation('midwife', attested);
  expect(await reads('midwife', patient)).toBe(403);
  expect((await at.ask('GET', '/fhir/Observation?_summary=count', { as: 'midwife' })).status).toBe(200);
  expect(await reads('midwife', patient)).toBe(403);
});

test('a contact that was there already lets nobody in who adds herself by an attestation, until another’s hand has', async () => {
  const { practitioner } = entryOf('midwife');
  const [encounter] = resourcesIn(await one(`Encounter?patient=${oldMan}&status=in-progress&_count=1`));
  const attested = await attest('midwife', oldMan);
  const added = {
    ...encounter,
    participant: [...(encounter.participant ?? []), { individual: ref(`Practitioner/${practitioner}`) }],
  };
  const changed = await at.ask('PUT', `/fhir/Encounter/${encounter.id}`, { as: 'midwife', body: added });
  expect([changed.status, changed.text]).toEqual([200, expect.any(String)]);
  await endAttestation('midwife', attested);
  expect(await reads('midwife', oldMan)).toBe(403);
  // The ward's doctor, whose patient he is, has seen it and leaves it so.
  expect(await reads('hospitalDoctor', oldMan)).toBe(200);
  const seen = await one(`Encounter/${encounter.id}`);
  expect((await at.ask('PUT', `/fhir/Encounter/${encounter.id}`, { as: 'hospitalDoctor', body: seen })).status).toBe(
    200,
  );
  expect(await reads('midwife', oldMan)).toBe(200);
});

test('an organisation’s system makes no relationship for its organisation, unless it has a say in admissions', async () => {
  const { practitionerRole } = entryOf('hospitalDoctor');
  const number = await legalEntityNumber(at, 'hospitalDoctor');
  const command = at.command();
  const scopes = 'system/*.cruds';
  await clientAdd.run(['Laboratory', '--scopes', scopes, '--organization', number], command);
  await clientAdd.run(['Admissions', '--scopes', `${scopes} fyr:admissions`, '--organization', number], command);
  const stranger = await strangerTo(['Laboratory', 'hospitalDoctor', 'nurse']);
  const own = await relationsOf(practitionerRole, stranger);
  for (const resource of own) {
    const made = await post('Laboratory', resource);
    expect([resource.resourceType, made.status, made.text]).toEqual([resource.resourceType, 201, expect.any(String)]);
  }
  for (const as of ['Laboratory', 'Admissions', 'hospitalDoctor', 'nurse']) {
    expect([as, await reads(as, stranger)]).toEqual([as, 403]);
  }
  const admitted = await post('Admissions', own[0]);
  expect([admitted.status, admitted.body.meta.tag]).toEqual([201, undefined]);
  expect(await reads('hospitalDoctor', stranger)).toBe(200);
  expect(await reads('Laboratory', stranger)).toBe(200);
});

/** Somebody whom none of these has anything to do with, and who has closed nothing. */
async function strangerTo(all: readonly string[]): Promise<string> {
  for (const patient of Object.values(patients)) {
    if (resourcesIn(await one(`Consent?patient=${patient}`)).length > 0) continue;
    const answers = await Promise.all(
      all.map((as) => at.ask('GET', `/fhir/Observation?patient=${patient}&_summary=count`, { as })),
    );
    const reasons = answers.map(({ body }) => body.issue?.[0].details?.coding?.[0]?.code);
    if (reasons.every((reason) => reason === 'no-relationship' || reason === 'other-organisation')) return patient;
  }
  throw new Error('everybody is known to one of them');
}

test('an operator gives herself neither an authorisation nor a role, nor takes another’s; another operator would', async () => {
  const { practitioner, practitionerRole, personNumber } = entryOf('operator');
  const identifier = [{ system: identifierSystems.nationalNumber, value: personNumber }];
  const doctor = entryOf('hospitalDoctor');
  const [herself, doctorItself, role, doctorsRole] = await Promise.all([
    one(`Practitioner/${practitioner}`),
    one(`Practitioner/${doctor.practitioner}`),
    one(`PractitionerRole/${practitionerRole}`),
    one(`PractitionerRole/${doctor.practitionerRole}`),
  ]);
  const as = 'operator';
  const tries: [string, string, any][] = [
    ['PUT', `Practitioner/${practitioner}`, { ...herself, qualification: doctorItself.qualification }],
    ['PUT', `PractitionerRole/${practitionerRole}`, { ...role, organization: doctorsRole.organization }],
    ['POST', 'PractitionerRole', { ...doctorsRole, id: undefined, practitioner: ref(`Practitioner/${practitioner}`) }],
    [
      'PUT',
      `PractitionerRole/${doctor.practitionerRole}`,
      { ...doctorsRole, practitioner: ref(`Practitioner/${practitioner}`) },
    ],
    ['PUT', `Practitioner/${doctor.practitioner}`, { ...doctorItself, identifier }],
    ['POST', 'Practitioner', { ...doctorItself, id: undefined, identifier }],
  ];
  for (const [method, path, body] of tries) {
    const answer = await at.ask(method, `/fhir/${path}`, { as, body });
    expect([path, answer.status, answer.text]).toEqual([path, 403, expect.any(String)]);
    expect([path, answer.status, answer.body.issue[0].details?.coding?.[0]?.code]).toEqual([
      path,
      403,
      'own-register-entry',
    ]);
  }
  const patch = [{ op: 'add', path: '/qualification', value: doctorItself.qualification }];
  const patched = await at.ask('PATCH', `/fhir/Practitioner/${practitioner}`, {
    as,
    body: patch,
    headers: { 'content-type': 'application/json-patch+json' },
  });
  expect(patched.status).toBe(403);
  const deleted = await at.ask('DELETE', `/fhir/PractitionerRole/${practitionerRole}`, { as });
  expect(deleted.status).toBe(403);
  const others = await at.ask('PUT', `/fhir/Practitioner/${doctor.practitioner}`, { as, body: doctorItself });
  expect(others.status).toBe(200);
});

test('nobody shuts a citizen out by registering the number a second time', async () => {
  const { identifier } = await one(`Patient/${mother}`);
  const number = identifier.filter(({ system }: any) => system === identifierSystems.nationalNumber);
  const second = { resourceType: 'Patient', identifier: number, name: [{ family: 'Second' }], birthDate: '1996-01-01' };
  const command = at.command();
  await clientAdd.run(['Registrar', '--scopes', 'system/*.cruds'], command);
  for (const as of ['nurse', 'hospitalDoctor', 'Laboratory', 'Registrar']) {
    expect([as, (await post(as, second)).status]).toEqual([as, 409]);
  }
  const twice = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [1, 2].map(() => ({
      resource: { ...second, identifier: [{ system: identifierSystems.nationalNumber, value: '15867313718' }] },
      request: { method: 'POST', url: 'Patient' },
    })),
  };
  expect((await at.ask('POST', '/fhir', { as: 'Registrar', body: twice })).status).toBe(409);
  // One that is closed counts for nothing, and is not opened by who treats.
  const closed = await post('nurse', { ...second, active: false });
  expect(closed.status).toBe(201);
  const opened = { ...closed.body, active: true };
  const put = await at.ask('PUT', `/fhir/Patient/${closed.body.id}`, { as: 'nurse', body: opened });
  expect([403, 409]).toContain(put.status);
  expect((await at.ask('PUT', `/fhir/Patient/${closed.body.id}`, { as: 'Registrar', body: opened })).status).toBe(409);
  expect((await at.ask('GET', `/fhir/Patient/${mother}`, { as: 'youngMother' })).status).toBe(200);
});

test('what somebody reads of attestations, blocks and representation is in the log, and so is a refusal', async () => {
  const logged = async (query: string): Promise<any[]> =>
    resourcesIn((await at.ask('GET', '/fhir/AuditEvent?_count=10', { as: 'privacyOfficer' })).body).filter(
      (event) =>
        JSON.stringify(event).includes(Buffer.from(query).toString('base64')) || JSON.stringify(event).includes(query),
    );
  const asked: [string, string, string][] = [
    ['nurse', 'attestations', 'own attestations'],
    ['withBlocks', 'blocks', 'blocks'],
    ['youngMother', 'representation', 'representation'],
  ];
  for (const [as, path, query] of asked) {
    const before = (await logged(query)).length;
    expect([path, (await at.ask('GET', `/api/control/${path}`, { as })).status]).toEqual([path, 200]);
    expect([path, (await logged(query)).length > before]).toEqual([path, true]);
    const [refused] = await (async () => {
      const other = as === 'nurse' ? 'withBlocks' : 'nurse';
      expect([path, (await at.ask('GET', `/api/control/${path}`, { as: other })).status]).toEqual([path, 403]);
      return logged(query);
    })();
    expect(refused.outcome).toBe('4');
  }
});

test('an export of a system is not handed to who holds a token of it that may less', async () => {
  const [all, few] = ['system/*.rs', 'system/Organization.rs'];
  const begun = await at.ask('GET', '/fhir/$export?_type=Condition', {
    as: 'Registrar',
    scopes: all,
    headers: { prefer: 'respond-async' },
  });
  expect([begun.status, begun.text]).toEqual([202, expect.any(String)]);
  const { pathname, search } = new URL(begun.headers.get('content-location') as string);
  const path = pathname + search;
  expect((await at.ask('GET', path, { as: 'Registrar', scopes: few })).status).toBe(404);
  expect((await at.ask('DELETE', path, { as: 'Registrar', scopes: few })).status).toBe(404);
  expect([200, 202]).toContain((await at.ask('GET', path, { as: 'Registrar', scopes: all })).status);
});
