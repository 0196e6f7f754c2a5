import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { personaEntries } from '#sample/persona-entries.ts';
import type { Resource } from '#fhir/types.ts';
import { testNode, type TestNode } from '../../../test/support/node.ts';
import { partsOf, proposable, takenOver } from './proposals.ts';

const oldMan = personaEntries().find(({ key }) => key === 'oldManWithEverything')?.patient as string;

let at: TestNode;
let born: string;
beforeAll(async () => {
  at = await testNode('summary_import');
  born = (await at.ask('GET', `/fhir/Patient/${oldMan}`, { as: 'hospitalDoctor' })).body.birthDate;
}, 120_000);
afterAll(async () => at?.stop());

const clinical = (system: string): object => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: 'active' }],
});
const patient = { reference: 'urn:uuid:00000000-0000-4000-8000-000000000002' };

/** As another country's system sends it: its own ids, its own people. */
function documentOf(elements: { number?: string; value?: string } = {}): Resource {
  const { number, value = 'eu-1' } = elements;
  const entry = [
    {
      resourceType: 'Composition',
      title: 'Patient Summary',
      date: '2026-10-01',
      subject: patient,
      author: [{ display: 'Hospital de Lagos' }],
    },
    {
      resourceType: 'Patient',
      name: [{ family: 'Nordskog', given: ['Torleif'] }],
      birthDate: born,
      ...(number === undefined ? {} : { identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: number }] }),
    },
    {
      resourceType: 'AllergyIntolerance',
      clinicalStatus: clinical('allergyintolerance-clinical'),
      code: { coding: [{ system: 'http://www.whocc.no/atc', code: 'J01CA04' }], text: 'Amoxicillin' },
      patient,
      recorder: { reference: 'urn:uuid:00000000-0000-4000-8000-000000000009', display: 'Dr. Silva' },
    },
    {
      resourceType: 'MedicationStatement',
      status: 'active',
      medicationReference: { reference: 'urn:uuid:00000000-0000-4000-8000-000000000005' },
      subject: patient,
    },
    { resourceType: 'Medication', code: { text: 'Losartan tablett 50 mg' } },
    {
      resourceType: 'AllergyIntolerance',
      clinicalStatus: clinical('allergyintolerance-clinical'),
      code: {
        coding: [
          { system: 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips', code: 'no-known-food-allergies' },
        ],
      },
      patient,
    },
    {
      resourceType: 'Condition',
      clinicalStatus: clinical('condition-clinical'),
      code: { text: 'Malaria <script>alert(1)</script>' },
      subject: patient,
      meta: { tag: [{ system: 'urn:fyr:code-system:trust', code: 'own-registration' }] },
    },
  ];
  return {
    resourceType: 'Bundle',
    type: 'document',
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${value}` },
    timestamp: '2026-10-01T10:00:00Z',
    entry: entry.map((resource, i) => ({ fullUrl: `urn:uuid:00000000-0000-4000-8000-00000000000${i + 1}`, resource })),
  };
}
const send = (as: string, document: object, to = oldMan) =>
  at.ask('POST', '/api/summary/import', { as, body: { patient: to, document } });
const decide = (as: string, importId: string, id: string, decision: string) =>
  at.ask('POST', `/api/summary/proposals/${id}/${decision}`, { as, body: { import: importId } });

describe('An import is refused', () => {
  test('from who did not sign in, or may not write in the record', async () => {
    expect(
      (await at.ask('POST', '/api/summary/import', { body: { patient: oldMan, document: documentOf() } })).status,
    ).toBe(401);
    for (const as of ['operator', 'researcher', 'youngMother'])
      expect([403, 404]).toContain((await send(as, documentOf())).status);
  });
  test('when it is no document, or about another person', async () => {
    expect((await send('hospitalDoctor', { resourceType: 'Bundle', type: 'collection' })).status).toBe(400);
    expect((await send('hospitalDoctor', { resourceType: 'Bundle', type: 'document', entry: [null, 7] })).status).toBe(
      400,
    );
    expect((await send('hospitalDoctor', documentOf({ number: '21915598156' }))).status).toBe(422);
  });
  test('as a proposal of what is no import', async () => {
    expect((await at.ask('GET', '/api/summary/proposals?import=nothing', { as: 'hospitalDoctor' })).status).toBe(404);
    expect((await decide('hospitalDoctor', 'nothing', '2', 'accept')).status).toBe(404);
  });
});

test('A document is kept once, its parts are proposed with what the record has already, and nothing enters the record by itself', async () => {
  const before = await at.ask('GET', `/fhir/AllergyIntolerance?patient=${oldMan}`, { as: 'hospitalDoctor' });
  const { status, body } = await send('hospitalDoctor', documentOf({ value: 'kept' }));
  expect(status).toBe(201);
  expect(body.isSamePerson).toBe(true);
  expect(body.proposals.map(({ type, what, state }: any) => [type, what, state])).toEqual([
    ['AllergyIntolerance', 'Amoxicillin', 'open'],
    ['MedicationStatement', 'Losartan tablett 50 mg', 'open'],
    ['Condition', 'Malaria <script>alert(1)</script>', 'open'],
  ]);
  expect(body.proposals[1].duplicates.length).toBeGreaterThan(0);
  expect(body.proposals[2].duplicates).toEqual([]);
  const again = await send('hospitalDoctor', documentOf({ value: 'kept' }));
  expect(again.body.import).toBe(body.import);
  const after = await at.ask('GET', `/fhir/AllergyIntolerance?patient=${oldMan}`, { as: 'hospitalDoctor' });
  expect(after.body.total).toBe(before.body.total);
});

test('What a person takes over is in the record, with where it came from and who took it; what is decided stays decided', async () => {
  const { body } = await send('hospitalDoctor', documentOf({ value: 'taken' }));
  const accepted = await decide('hospitalDoctor', body.import, '6', 'accept');
  expect(accepted.status).toBe(200);
  const proposal = accepted.body.proposals.find(({ id }: any) => id === '6');
  expect(proposal.state).toBe('accepted');
  const taken = await at.ask('GET', `/fhir/${proposal.became}`, { as: 'hospitalDoctor' });
  expect(taken.body).toMatchObject({ subject: { reference: `Patient/${oldMan}` } });
  expect(taken.body.meta.tag).toBeUndefined();
  const provenance = await at.ask('GET', `/fhir/Provenance?target=${proposal.became}&patient=${oldMan}`, {
    as: 'hospitalDoctor',
  });
  expect(provenance.body.entry[0].resource.entity[0].what.reference).toBe(`DocumentReference/${body.import}`);
  expect((await decide('hospitalDoctor', body.import, '6', 'reject')).status).toBe(409);
  const rejected = await decide('hospitalDoctor', body.import, '2', 'reject');
  expect(rejected.body.proposals.find(({ id }: any) => id === '2').state).toBe('rejected');
  expect((await decide('hospitalDoctor', body.import, '5', 'accept')).status).toBe(404);
  expect([403, 404]).toContain((await decide('oldManWithEverything', body.import, '3', 'accept')).status);
});

test('A summary of our own can be taken over elsewhere: what it proposes is what it holds, all of it known here', async () => {
  const own = await at.ask('GET', `/fhir/Patient/${oldMan}/$summary`, { as: 'hospitalDoctor' });
  const parts = partsOf(own.body);
  const proposed = proposable(parts);
  expect(proposed.length).toBeGreaterThan(10);
  const { validator } = at.node.fhir.context;
  for (const part of proposed) {
    const { issues } = validator.validate(takenOver(part, parts, oldMan));
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  }
  const { body } = await send('hospitalDoctor', own.body);
  for (const { duplicates } of body.proposals) expect(duplicates.length).toBeGreaterThan(0);
});
