import { expect, test } from 'vitest';
import type { Resource } from '../types.ts';
import {
  node,
  round,
  observation,
  encounter,
  subscription,
  topicSubscription,
  statusIn,
  socketTo,
  connect,
} from './subscriptions-for-test.ts';

test('R4 by websocket: bind, bound, ping; what came while nobody listened is told by one ping', async () => {
  const made = await node('subscriptions_socket');
  await made.put(subscription({ type: 'websocket' }));
  await round(made);
  const { url } = await socketTo(made);
  await made.put(observation('o1'), observation('o2'));
  await round(made);
  const client = await connect(url);
  client.send('bind s1');
  expect(await client.next()).toBe('bound s1');
  await round(made);
  expect(await client.next()).toBe('ping s1');
  await made.put(observation('o3'));
  await round(made);
  expect(await client.next()).toBe('ping s1');
});

test('backport by websocket: a token binds, and notifications come as bundles', async () => {
  const made = await node('subscriptions_token');
  await made.put(topicSubscription({ type: 'websocket' }, 'id-only'));
  await round(made);
  const { url } = await socketTo(made);
  const parameters = (await made.subscriptions.bindingToken(['s1']))['parameter'] as {
    name: string;
    valueString?: string;
    valueUrl?: string;
  }[];
  const token = parameters.find(({ name }) => name === 'token')?.valueString ?? '';
  expect(parameters.find(({ name }) => name === 'websocket-url')?.valueUrl).toBe('ws://node.test/fhir/ws');
  const client = await connect(url);
  client.send(`bind-with-token ${token}`);
  expect(await client.next()).toBe('bound s1');
  await made.put(encounter('e1', 'finished'));
  await round(made);
  expect(statusIn(JSON.parse(await client.next()) as Resource)).toMatchObject({
    type: 'event-notification',
    'events-since-subscription-start': '1',
  });
});

test('a socket that sends what it should not is closed', async () => {
  const { url } = await socketTo(await node('subscriptions_closed'));
  for (const text of ['bind unknown', 'bind-with-token wrong', 'hello', 'x'.repeat(5000)]) {
    const client = await connect(url);
    client.send(text);
    expect([1008, 1009]).toContain(await client.closed);
  }
});
