/** A client that no one here wrote (npm fhir-kit-client) works with a started node over a real socket. */
import { CapabilityTool, Client } from 'fhir-kit-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../src/cli/index.ts';
import { testNode, type TestNode } from '../support/node.ts';

let node: TestNode;
let client: Client;

beforeAll(async () => {
  node = await testNode('peer_clients');
  await runCommand(['client', 'add', 'peer', '--scopes', 'system/*.cruds'], node.command());
  client = new Client({ baseUrl: `${node.url}/fhir`, bearerToken: await node.tokenOf('peer') });
});
afterAll(() => node.stop());

const unique = (): string => `peer-${process.hrtime.bigint()}`;
const patient = (family: string): any => ({ resourceType: 'Patient', name: [{ family }] });
const create = (body: any): Promise<any> => client.create({ resourceType: body.resourceType, body });
/** What the client throws when a node refuses. */
const refusal = async (work: Promise<unknown>): Promise<{ status: number; data: any }> => {
  const error: any = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error.response;
};

test('it reads the CapabilityStatement and finds there what it needs', async () => {
  const tool = new CapabilityTool(await client.capabilityStatement());
  expect(tool.serverCan('transaction')).toBe(true);
  for (const interaction of ['read', 'create', 'update', 'patch', 'delete', 'vread', 'history-instance']) {
    expect(tool.resourceCan('Patient', interaction), interaction).toBe(true);
  }
  expect(tool.resourceSearch('Patient', 'birthdate')).toBe(true);
  expect(tool.resourceSearch('Patient', 'no-such-parameter')).toBe(false);
});

test('it creates, reads, updates, patches and deletes a resource, and reads its versions', async () => {
  const made = await create(patient('Nordmann'));
  const { id } = made;
  const at = { resourceType: 'Patient', id };
  expect(await client.read(at)).toEqual(made);
  const updated: any = await client.update({ ...at, body: { ...made, active: true } });
  expect(updated.active).toBe(true);
  const patched: any = await client.patch({ ...at, jsonPatch: [{ op: 'replace', path: '/active', value: false }] });
  expect(patched.active).toBe(false);
  expect(await client.vread({ ...at, version: made.meta.versionId })).toEqual(made);
  const history: any = await client.history(at);
  expect([history.type, history.entry.length]).toEqual(['history', 3]);
  await client.delete(at);
  expect(await refusal(client.read(at))).toMatchObject({ status: 410, data: { resourceType: 'OperationOutcome' } });
});

test('it is told in an outcome what is wrong', async () => {
  const invalid = await refusal(create({ resourceType: 'Patient', gender: 'blue' }));
  expect(invalid).toMatchObject({
    status: 422,
    data: { issue: [{ severity: 'error', expression: ['Patient.gender'] }] },
  });
  expect(await refusal(client.read({ resourceType: 'Patient', id: unique() }))).toMatchObject({ status: 404 });
  const unknown = client.search({ resourceType: 'Patient', searchParams: { 'no-such-parameter': '1' } });
  expect(await refusal(unknown)).toMatchObject({ status: 400, data: { resourceType: 'OperationOutcome' } });
});

test('it goes through the pages of a search, forward to the end, each resource once', async () => {
  const family = unique();
  await Promise.all(Array.from({ length: 7 }, () => create(patient(family))));
  const found: string[] = [];
  let pages = 0;
  let page: any = await client.search({ resourceType: 'Patient', searchParams: { family, _count: 3 } });
  for (; page !== undefined; page = await client.nextPage({ bundle: page })) {
    pages++;
    found.push(...page.entry.map((entry: any) => entry.resource.id));
  }
  expect([pages, found.length, new Set(found).size]).toEqual([3, 7, 7]);
});

test('it searches by POST, in a compartment, and with several values', async () => {
  const { id } = await create(patient(unique()));
  const observation = { resourceType: 'Observation', status: 'final', subject: { reference: `Patient/${id}` } };
  await create({ ...observation, code: { coding: [{ system: 'http://loinc.org', code: '8302-2' }] } });
  await create({ ...observation, code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] } });
  const postSearch: any = await client.search({
    resourceType: 'Observation',
    searchParams: { subject: `Patient/${id}`, code: '8302-2,29463-7' },
    options: { postSearch: true },
  });
  expect(postSearch.entry).toHaveLength(2);
  const inCompartment: any = await client.search({
    resourceType: 'Observation',
    compartment: { resourceType: 'Patient', id },
    searchParams: { code: '8302-2' },
  });
  expect(inCompartment.entry).toHaveLength(1);
  const included: any = await client.search({
    resourceType: 'Observation',
    searchParams: { subject: id, _include: 'Observation:subject' },
  });
  expect(included.entry.map((entry: any) => entry.search.mode).toSorted()).toEqual(['include', 'match', 'match']);
  expect(await client.resolve({ reference: included.entry[0].resource.subject.reference })).toMatchObject({ id });
});

test('it sends a transaction and a batch', async () => {
  const urn = 'urn:uuid:11111111-1111-4111-8111-111111111111';
  const observation = {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    subject: { reference: urn },
  };
  const body: any = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      { fullUrl: urn, resource: patient(unique()), request: { method: 'POST', url: 'Patient' } },
      { resource: observation, request: { method: 'POST', url: 'Observation' } },
    ],
  };
  const answer: any = await client.transaction({ body });
  expect(answer.entry.map((entry: any) => entry.response.status)).toEqual(['201', '201']);
  const [made, second] = answer.entry.map((entry: any) => entry.response.location.split('/').slice(0, 2));
  const stored: any = await client.read({ resourceType: second[0], id: second[1] });
  expect(stored.subject.reference).toBe(made.join('/'));
  const batch: any = await client.batch({
    body: {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        { request: { method: 'GET', url: made.join('/') } },
        { request: { method: 'GET', url: `Patient/${unique()}` } },
      ],
    } as any,
  });
  expect(batch.entry.map((entry: any) => entry.response.status)).toEqual(['200', '404']);
});

test('conditional update and create by its own parameters, and an operation', async () => {
  const value = unique();
  const known = { ...patient('Nordmann'), identifier: [{ system: 'urn:peer', value }] };
  const searchParams = { identifier: `urn:peer|${value}` };
  const first: any = await client.update({ resourceType: 'Patient', searchParams, body: known });
  const again: any = await client.update({ resourceType: 'Patient', searchParams, body: { ...known, active: true } });
  expect([again.id, again.active]).toEqual([first.id, true]);
  const headers = { 'If-None-Exist': `identifier=urn:peer|${value}` };
  const same: any = await client.create({ resourceType: 'Patient', body: known, options: { headers } });
  expect(same.id).toBe(first.id);
  const everything: any = await client.operation({
    name: 'everything',
    resourceType: 'Patient',
    id: first.id,
    method: 'GET',
  });
  expect(everything.entry.map((entry: any) => entry.resource.id)).toEqual([first.id]);
});
