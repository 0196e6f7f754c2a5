import { expect, test } from 'vitest';
import type { Resource } from '../types.ts';
import { clock, receiver, node, round, observation, encounter, subscription } from './subscriptions-for-test.ts';

test("R4: what matches the criteria is put to the endpoint with the channel's headers, and nothing else is", async () => {
  const [made, hook] = [await node('subscriptions_put'), await receiver()];
  await made.put(observation('before'));
  await made.put(
    subscription({
      type: 'rest-hook',
      endpoint: hook.url,
      payload: 'application/fhir+json',
      header: ['Authorization: Bearer abc'],
    }),
  );
  await round(made);
  expect((await made.read('s1'))['status']).toBe('active');
  await made.put(observation('o1'), observation('o2', 'preliminary'), encounter('e1', 'planned'));
  await made.put(observation('o2', 'final'));
  await made.remove('Observation', 'o1');
  await round(made);
  expect(hook.received.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    'PUT /hook/Observation/o1',
    'PUT /hook/Observation/o2',
  ]);
  expect(hook.received[0]?.headers).toMatchObject({
    authorization: 'Bearer abc',
    'content-type': 'application/fhir+json',
  });
  expect(JSON.parse(hook.received[0]?.body ?? '')).toMatchObject({ resourceType: 'Observation' });
});

test('R4: without a payload the endpoint gets an empty POST; with XML it gets XML', async () => {
  const [made, hook, xml] = [await node('subscriptions_empty'), await receiver(), await receiver()];
  await made.put(subscription({ type: 'rest-hook', endpoint: hook.url }));
  await made.put({
    ...subscription({ type: 'rest-hook', endpoint: xml.url, payload: 'application/fhir+xml' }),
    id: 's2',
  });
  await round(made);
  await made.put(observation('o1'));
  await round(made);
  expect(hook.received).toMatchObject([{ method: 'POST', path: '/hook', body: '' }]);
  expect(xml.received[0]?.body).toContain('<Observation');
});

test('a receiver that is down gets every event later, in order, though the node starts anew meanwhile', async () => {
  const [made, hook] = [await node('subscriptions_down'), await receiver()];
  await made.put(subscription({ type: 'rest-hook', endpoint: hook.url, payload: 'application/fhir+json' }));
  await round(made);
  hook.answer = 503;
  for (const status of ['final', 'final', 'final'])
    await made.put({ ...observation('same', status), valueInteger: hook.received.length });
  await round(made);
  await round(made);
  expect(hook.received).toHaveLength(1);
  expect((await made.read('s1'))['status']).toBe('active');
  hook.answer = 200;
  clock.value += 6000;
  await round({ subscriptions: made.again() });
  const versions = hook.received.slice(1).map(({ body }) => (JSON.parse(body) as Resource).meta?.versionId);
  expect(versions).toEqual(['1-test', '2-test', '3-test']);
});

test('a receiver that fails for days puts the Subscription in error, and asked for again it goes on where it was', async () => {
  const [made, hook] = [await node('subscriptions_days'), await receiver()];
  await made.put(subscription({ type: 'rest-hook', endpoint: hook.url, payload: 'application/fhir+json' }));
  await round(made);
  hook.answer = 500;
  await made.put(observation('o1'));
  for (let hours = 0; hours < 100 && (await made.read('s1'))['status'] === 'active'; hours += 1) {
    await round(made);
    clock.value += 3_600_000;
  }
  expect(await made.read('s1')).toMatchObject({ status: 'error', error: 'The receiver answered 500' });
  await made.put(observation('o2'));
  await round(made);
  const tries = hook.received.length;
  expect(tries).toBeGreaterThan(70);
  hook.answer = 200;
  await made.put({ ...(await made.read('s1')), status: 'requested' });
  await round(made);
  expect(hook.received.slice(tries).map(({ path }) => path)).toEqual(['/hook/Observation/o1', '/hook/Observation/o2']);
  expect((await made.read('s1'))['status']).toBe('active');
});

test.each([
  [302, 'The receiver answered 302'],
  [0, 'The receiver did not answer within 0.2 s'],
])('an answer of %i is no acknowledgement', async (answer, reason) => {
  const [made, hook] = [await node(`subscriptions_answer_${answer}`, 200), await receiver()];
  await made.put(subscription({ type: 'rest-hook', endpoint: hook.url }));
  await round(made);
  hook.answer = answer;
  await made.put(observation('o1'));
  await round(made);
  expect(hook.received).toHaveLength(1);
  expect(JSON.stringify(await made.subscriptions.status(['s1']))).toContain(reason);
});

test('what cannot be served is told in the Subscription', async () => {
  const refused: [object, object, string][] = [
    [{ endpoint: 'http://169.254.169.254/' }, {}, 'does not call'],
    [{}, { criteria: 'Observation?nonsense=1' }, 'nonsense'],
    [{}, { criteria: 'Observation?subject:Patient.name=x' }, 'chain'],
    [{}, { criteria: 'http://example.org/topic' }, 'not here'],
    [{ type: 'email' }, {}, 'rest-hook or websocket'],
    [{ header: ['Host: elsewhere'] }, {}, 'header'],
    [{ payload: 'text/plain' }, {}, 'payload'],
  ];
  const made = await node('subscriptions_refused');
  for (const [at, [channel, more]] of refused.entries()) {
    const whole = subscription({ type: 'rest-hook', endpoint: 'http://127.0.0.1:9/', ...channel }, more);
    await made.put({ ...whole, id: `s${at}` });
  }
  await round(made);
  for (const [at, [, , error]] of refused.entries()) {
    const told = await made.read(`s${at}`);
    expect(told['status']).toBe('error');
    expect(told['error']).toContain(error);
  }
});
