/** Writing over a whole node: one entry that may not be made unmakes the transaction, and subscriptions tell of what their owner may read. */
import { once } from 'node:events';
import WebSocket from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientAdd } from '../../src/cli/client.ts';
import { testNode, type NodeAnswer, type TestNode } from '../support/node.ts';
import { patientOf, truthOf } from './asking.ts';

let at: TestNode;
const oldMan = patientOf('oldManWithEverything');
const mother = patientOf('youngMother');

beforeAll(async () => {
  at = await testNode('writes');
}, 120_000);
afterAll(async () => at?.stop());

const condition = (patient: string): object => ({
  resourceType: 'Condition',
  subject: { reference: `Patient/${patient}` },
  code: { text: 'told by nobody else' },
});

const post = (as: string, resource: object): Promise<NodeAnswer> =>
  at.ask('POST', `/fhir/${(resource as { resourceType: string }).resourceType}`, { as, body: resource });

async function conditions(patient: string): Promise<number> {
  const [found] = await truthOf(at, [`Condition?patient=${patient}&_summary=count`]);
  return found?.body.total;
}

test('one entry of a transaction that may not be written unmakes all of it', async () => {
  const before = [await conditions(oldMan), await conditions(mother)];
  const body = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [oldMan, mother].map((patient) => ({
      resource: condition(patient),
      request: { method: 'POST', url: 'Condition' },
    })),
  };
  expect((await at.ask('POST', '/fhir', { as: 'hospitalDoctor', body })).status).toBe(403);
  expect([await conditions(oldMan), await conditions(mother)]).toEqual(before);
});

test('in a batch each entry is decided by itself', async () => {
  const body = {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [oldMan, mother].map((patient) => ({
      resource: condition(patient),
      request: { method: 'POST', url: 'Condition' },
    })),
  };
  const { body: answer } = await at.ask('POST', '/fhir', { as: 'hospitalDoctor', body });
  expect(answer.entry.map((entry: any) => Number.parseInt(entry.response.status, 10))).toEqual([201, 403]);
});

test('who may write nothing is refused, whoever the patient is', async () => {
  for (const as of ['operator', 'researcher', 'privacyOfficer', 'youngMother', 'fourteenYearsOld'])
    for (const patient of [oldMan, mother]) {
      const { status } = await post(as, condition(patient));
      expect([as, [403, 404].includes(status)]).toEqual([as, true]);
    }
});

/** A socket that has bound to a subscription, and what it hears. */
async function listening(as: string, subscription: string): Promise<{ heard: string[]; end(): void }> {
  const headers = { authorization: `Bearer ${await at.tokenOf(as)}` };
  const socket = new WebSocket(`${at.url.replace('http', 'ws')}/fhir/ws`, { headers });
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(String(data)));
  await once(socket, 'open');
  socket.send(`bind ${subscription}`);
  await expect.poll(() => heard).toEqual([`bound ${subscription}`]);
  return { heard, end: () => socket.terminate() };
}

test('a subscription tells of what its owner may read, and the patient sees that it did', async () => {
  const command = at.command();
  await clientAdd.run(['Watcher', '--scopes', 'system/Condition.rs system/Subscription.cruds'], command);
  const made = await post('Watcher', {
    resourceType: 'Subscription',
    status: 'requested',
    reason: 'test',
    criteria: 'Condition?',
    channel: { type: 'websocket' },
  });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  await expect
    .poll(async () => (await at.ask('GET', `/fhir/Subscription/${made.body.id}`, { as: 'Watcher' })).body.status)
    .toBe('active');
  const listener = await listening('Watcher', made.body.id);
  try {
    expect((await post('hospitalDoctor', condition(oldMan))).status).toBe(201);
    await expect.poll(() => listener.heard).toContain(`ping ${made.body.id}`);
  } finally {
    listener.end();
  }
  const page = await at.ask('GET', '/api/log/mine?by=others', { as: 'oldManWithEverything' });
  expect(page.body.lines.map((line: any) => line.who.name)).toContain('Watcher');
});

test('nobody binds to the subscription of another', async () => {
  const made = await post('Watcher', {
    resourceType: 'Subscription',
    status: 'requested',
    reason: 'test',
    criteria: 'Observation?',
    channel: { type: 'websocket' },
  });
  const headers = { authorization: `Bearer ${await at.tokenOf('hospitalDoctor')}` };
  const socket = new WebSocket(`${at.url.replace('http', 'ws')}/fhir/ws`, { headers });
  await once(socket, 'open');
  socket.send(`bind ${made.body.id}`);
  const [code] = (await once(socket, 'close')) as [number];
  expect(code).toBe(1008);
});
