/** What one may not know of answers as what is not there: the same body, to whatever is asked; and the attempt is in the log of whose it is. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testNode, type NodeAnswer, type TestNode } from '../support/node.ts';
import { patientOf, resourcesIn, truthOf } from './asking.ts';

let at: TestNode;
const mother = patientOf('youngMother');
const oldMan = patientOf('oldManWithEverything');
/** As those that are there look. */
const nowhere = '018c0000-0100-7fff-8000-00000000cfff';
let hidden: string;
let hiddenCondition: any;
let blockedDocument: string;
let otherDocument: string;

beforeAll(async () => {
  at = await testNode('hidden');
  const [found, consents, documents] = await truthOf(at, [
    `Condition?patient=${mother}&_count=1`,
    `Consent?patient=${patientOf('withBlocks')}`,
    `DocumentReference?patient=${patientOf('withBlocks')}&_count=100`,
  ]);
  [hiddenCondition] = resourcesIn(found?.body);
  hidden = hiddenCondition.id;
  const blocks = resourcesIn(consents?.body).flatMap(({ provision }) => provision?.data ?? []);
  blockedDocument = blocks[0].reference.reference.split('/')[1];
  otherDocument = resourcesIn(documents?.body)
    .map(({ id }) => id)
    .find((id) => id !== blockedDocument);
}, 120_000);
afterAll(async () => at?.stop());

/** The answer without the id that was asked for, and without what is another each time. */
function shape({ status, text, headers }: NodeAnswer, id: string): object {
  const kept = [...headers].filter(([name]) => !['date', 'content-length', 'keep-alive', 'connection'].includes(name));
  return { status, text: text.replaceAll(id, 'ID'), headers: kept };
}

const questions: readonly [string, string, object?][] = [
  ['GET', 'Condition/ID'],
  ['HEAD', 'Condition/ID'],
  ['GET', 'Condition/ID/_history'],
  ['GET', 'Condition/ID/_history/1-test'],
  ['GET', 'Condition/ID?_format=xml'],
  ['GET', 'Condition/ID?_summary=true'],
  ['GET', 'Condition/ID?_elements=code'],
  ['GET', 'Condition?_id=ID'],
  ['GET', 'Condition?_id=ID&_summary=count'],
  ['GET', 'Condition?_id=ID&_include=Condition:patient&_total=accurate'],
  ['GET', 'Condition/ID/$meta'],
  ['GET', 'Encounter?_has:Condition:encounter:_id=ID'],
  ['DELETE', 'Condition/ID'],
  ['PATCH', 'Condition/ID', [{ op: 'replace', path: '/clinicalStatus', value: {} }]],
];

describe.each(['hospitalDoctor', 'pharmacist', 'operator', 'oldManWithEverything'])('%s', (as) => {
  test('can not tell a diagnosis that is kept from one that is not there, by any question', async () => {
    for (const [method, path, body] of questions) {
      const asking = { as, ...(body === undefined ? {} : { body }) };
      const headers = method === 'PATCH' ? { headers: { 'content-type': 'application/json-patch+json' } } : {};
      const [one, other] = [hidden, nowhere].map((id) =>
        at.ask(method, `/fhir/${path.replaceAll('ID', id)}`, { ...asking, ...headers }),
      ) as [Promise<NodeAnswer>, Promise<NodeAnswer>];
      const [kept, missing] = [shape(await one, hidden), shape(await other, nowhere)];
      expect({ method, path, ...kept }).toEqual({ method, path, ...missing });
    }
  });
});

test('a citizen can not tell whether somebody is a patient here', async () => {
  for (const path of [
    'Patient/ID',
    'Patient/ID/_history',
    'Patient/ID/$everything',
    'Patient/ID/Observation',
    'Observation?patient=ID',
    'Patient?_id=ID',
    'AuditEvent?patient=ID',
  ]) {
    const [one, other] = [mother, nowhere].map((id) =>
      at.ask('GET', `/fhir/${path.replace('ID', id)}`, { as: 'oldManWithEverything' }),
    ) as [Promise<NodeAnswer>, Promise<NodeAnswer>];
    expect({ path, ...shape(await one, mother) }).toEqual({ path, ...shape(await other, nowhere) });
  }
});

test('a document that the patient has closed to everybody is not there for the GP, who sees the others', async () => {
  const as = 'generalPractitioner';
  const ask = (id: string): Promise<NodeAnswer> => at.ask('GET', `/fhir/DocumentReference/${id}`, { as });
  expect((await ask(otherDocument)).status).toBe(200);
  expect(shape(await ask(blockedDocument), blockedDocument)).toEqual(shape(await ask(nowhere), nowhere));
  expect((await at.ask('GET', `/fhir/DocumentReference/${blockedDocument}`, { as: 'withBlocks' })).status).toBe(200);
});

test('what is in a batch is refused one by one, in the words of what is not there', async () => {
  const answer = await at.ask('POST', '/fhir', {
    as: 'hospitalDoctor',
    body: {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [hidden, nowhere].map((id) => ({ request: { method: 'GET', url: `Condition/${id}` } })),
    },
  });
  const [kept, missing] = answer.body.entry.map((entry: any) => JSON.stringify(entry));
  expect(kept.replaceAll(hidden, 'ID')).toBe(missing.replaceAll(nowhere, 'ID'));
});

test('who changes what is kept is told that it is not here, and no reason', async () => {
  const body = { ...hiddenCondition, note: [{ text: 'probe' }] };
  for (const as of ['hospitalDoctor', 'pharmacist', 'operator', 'oldManWithEverything']) {
    const { status, text } = await at.ask('PUT', `/fhir/Condition/${hidden}`, { as, body });
    expect([as, status]).toEqual([as, 404]);
    expect(text).toContain('This is not here.');
  }
});

test('a condition on a write finds nothing of what is kept: neither create, update, delete nor a reference by search', async () => {
  const code = encodeURIComponent(`${hiddenCondition.code.coding[0].system}|${hiddenCondition.code.coding[0].code}`);
  const as = 'hospitalDoctor';
  const condition = {
    resourceType: 'Condition',
    subject: { reference: `Patient/${oldMan}` },
    code: { text: 'probe' },
  };
  const created = await at.ask('POST', '/fhir/Condition', {
    as,
    body: condition,
    headers: { 'if-none-exist': `_id=${hidden}` },
  });
  expect(created.status).toBe(201);
  const deleted = await at.ask('DELETE', `/fhir/Condition?_id=${hidden}&code=${code}`, { as });
  expect([204, 404]).toContain(deleted.status);
  const [still] = await truthOf(at, [`Condition/${hidden}`]);
  expect(still?.status).toBe(200);
  const byReference = (id: string): Promise<NodeAnswer> =>
    at.ask('POST', '/fhir', {
      as,
      body: {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [
          {
            request: { method: 'POST', url: 'Observation' },
            resource: {
              resourceType: 'Observation',
              status: 'final',
              code: { text: 'probe' },
              subject: { reference: `Patient/${oldMan}` },
              focus: [{ reference: `Condition?_id=${id}` }],
            },
          },
        ],
      },
    });
  expect(shape(await byReference(hidden), hidden)).toEqual(shape(await byReference(nowhere), nowhere));
});
