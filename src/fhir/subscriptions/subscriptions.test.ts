import { expect, test } from 'vitest';
import type { Resource } from '../types.ts';
import {
  clock,
  receiver,
  node,
  round,
  observation,
  encounter,
  subscription,
  topicSubscription,
} from './subscriptions-for-test.ts';

test('a subscription that was turned off, whose time is over, or that was deleted gets nothing more', async () => {
  const [made, hook] = [await node('subscriptions_off'), await receiver()];
  const end = new Date(clock.value + 3_600_000).toISOString();
  await made.put(subscription({ type: 'rest-hook', endpoint: `${hook.url}/1` }));
  await made.put({ ...subscription({ type: 'rest-hook', endpoint: `${hook.url}/2` }, { end }), id: 's2' });
  await made.put({ ...subscription({ type: 'rest-hook', endpoint: `${hook.url}/3` }), id: 's3' });
  await round(made);
  await made.put({ ...(await made.read('s1')), status: 'off' });
  clock.value += 3_600_001;
  await made.remove('Subscription', 's3');
  await round(made);
  await made.put(observation('o1'));
  await round(made);
  expect(hook.received).toEqual([]);
  expect((await made.read('s2'))['status']).toBe('off');
  await made.put({ ...(await made.read('s1')), status: 'requested' });
  await round(made);
  await made.put(observation('o2'));
  await round(made);
  expect(hook.received.map(({ path }) => path)).toEqual(['/hook/1']);
});

test('two nodes over one database tell each event once between them', async () => {
  const [made, hook] = [await node('subscriptions_two'), await receiver()];
  await made.put(subscription({ type: 'rest-hook', endpoint: hook.url, payload: 'application/fhir+json' }));
  await round(made);
  const other = made.again();
  for (let at = 0; at < 20; at += 1) await made.put(observation(`o${at}`));
  await Promise.all([round(made), round({ subscriptions: other }), round(made)]);
  await round(made);
  expect(hook.received.map(({ path }) => path).sort()).toEqual(
    Array.from({ length: 20 }, (_, at) => `/hook/Observation/o${at}`).sort(),
  );
});
test('under writers, failing answers and nodes that stop at any moment, every event arrives and their order holds', async () => {
  const [made, hook] = [await node('subscriptions_faults'), await receiver()];
  await made.put(topicSubscription({ endpoint: hook.url }, 'full-resource'));
  await round(made);
  let seed = 7;
  const chance = (limit: number): number => (seed = (seed * 48271) % 2147483647) % limit;
  const patients = ['a', 'b', 'c', 'd'];
  let refused = 0;
  let cutOff = 0;
  for (let turn = 0; turn < 25; turn += 1) {
    hook.answer = chance(3) === 0 ? 500 : 200;
    const before = hook.received.length;
    const writing = Promise.all(patients.map((id) => made.put(encounter(id, turn % 2 === 0 ? 'planned' : 'finished'))));
    const fleeting = made.again();
    fleeting.wake(true);
    const working = fleeting.round();
    if (chance(2) === 0) {
      cutOff += 1;
      await new Promise<void>((resolve) =>
        chance(2) === 0 ? setImmediate(resolve) : void writing.then(() => resolve()),
      );
      await fleeting.stop();
    }
    await Promise.all([writing, working]);
    if (hook.answer === 500) refused += hook.received.length - before;
    clock.value += 100_000;
  }
  expect(cutOff).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
  hook.answer = 200;
  clock.value += 4_000_000;
  await round(made);
  const told = new Map<number, string>();
  for (const { body, answered } of hook.received) {
    if (answered !== 200) continue;
    const bundle = JSON.parse(body) as {
      entry: { resource: Resource & { parameter: { name: string; part?: { valueString?: string }[] }[] } }[];
    };
    const numbers =
      bundle.entry[0]?.resource.parameter
        .filter(({ name }) => name === 'notification-event')
        .map(({ part }) => Number(part?.[0]?.valueString)) ?? [];
    numbers.forEach((number, at) => {
      const { id, meta } = bundle.entry[at + 1]?.resource ?? { id: '' };
      const what = `${id ?? ''}/${meta?.versionId ?? ''}`;
      expect(told.get(number) ?? what).toBe(what);
      told.set(number, what);
    });
  }
  const inOrder = [...told].sort(([a], [b]) => a - b);
  expect(inOrder.map(([number]) => number)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
  for (const name of patients) {
    const versions = inOrder.flatMap(([, what]) =>
      what.startsWith(`${name}/`) ? [Number.parseInt(what.slice(2), 10)] : [],
    );
    expect(versions).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
  }
});

test('started, it looks by itself when it is woken', async () => {
  const [made, hook] = [await node('subscriptions_started'), await receiver()];
  const heard = new Promise<void>((resolve) => hook.server.on('request', () => resolve()));
  await made.put(subscription({ type: 'rest-hook', endpoint: hook.url }));
  await round(made);
  made.subscriptions.start();
  await made.put(observation('o1'));
  made.subscriptions.wake();
  await heard;
});
