import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { testGrants, wholeGrant } from '../../../test/support/grant.ts';
import { WebSocket } from 'ws';
import { createHttpServer } from '#kernel/http.ts';
import { systemIds } from '#kernel/ids.ts';
import { openDatabase } from '#kernel/db.ts';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { createFhir } from '../index.ts';
import type { Fhir } from '../index.ts';
import type { Resource } from '../types.ts';
import { subscriptionDeps } from './from-record.ts';
import { createSubscriptions } from './index.ts';
import type { Subscriptions } from './index.ts';

const clock = { value: Date.now(), now: () => clock.value };
const backport = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/';

type Received = { answered: number; method: string; path: string; headers: IncomingMessage['headers']; body: string };
type Receiver = { url: string; received: Received[]; answer: number; server: Server };

async function receiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      received.push({ answered: self.answer, method, path: url, headers, body: Buffer.concat(chunks).toString() });
      if (self.answer === 0) return;
      response.writeHead(self.answer, self.answer === 302 ? { location: 'http://169.254.169.254/' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const self: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: 200,
    server,
  };
  return self;
}

type Node = {
  fhir: Fhir;
  subscriptions: Subscriptions;
  again(): Subscriptions;
  put(...resources: Resource[]): Promise<unknown>;
  remove(type: string, id: string): Promise<unknown>;
  read(id: string): Promise<Resource>;
};

async function node(name: string, timeoutMs = 2000): Promise<Node> {
  const db = openDatabase(await ownDatabaseUrl(name), { connectionsMax: 6 });
  onTestFinished(() => db.end({ timeout: 5 }));
  const ids = systemIds(clock);
  const problems: unknown[] = [];
  const fhir = await createFhir({
    db,
    clock,
    ids,
    exportFolder: tmpdir(),
    endpoints: { hostsAllowed: [], loopbackAllowed: false },
    report: (_event, error) => problems.push(error),
    profiles: 'lenient',
    grants: testGrants,
    settings: {
      baseUrl: 'http://node.test/fhir',
      node: 'test',
      version: '0',
      references: 'lenient',
      countDefault: 50,
      countMax: 1000,
      bundleEntriesMax: 1000,
    },
  });
  onTestFinished(() => fhir.stop());
  const again = (): Subscriptions => {
    const made = createSubscriptions(
      subscriptionDeps(
        { ...fhir.context, grant: wholeGrant },
        {
          clock,
          ids,
          timeoutMs,
          endpoints: { hostsAllowed: ['127.0.0.1'], loopbackAllowed: true },
          report: (_event, error) => problems.push(error),
        },
      ),
    );
    onTestFinished(() => made.stop());
    return made;
  };
  onTestFinished(() => expect(problems).toEqual([]));
  return {
    fhir,
    subscriptions: again(),
    again,
    put: (...resources) => fhir.importResources(resources),
    remove: (type, id) => fhir.context.writer.apply(wholeGrant, [{ interaction: 'delete', type, id }]),
    async read(id) {
      const answer = await fhir.dispatch(
        {
          method: 'GET',
          segments: ['Subscription', id],
          parameters: [],
          headers: {},
          body: undefined,
        },
        wholeGrant,
      );
      return JSON.parse(
        (answer as { text?: string }).text ?? JSON.stringify((answer as { resource?: unknown }).resource),
      ) as Resource;
    },
  };
}

/** Every other look at the Subscriptions themselves is half a minute away: a write of one wakes them. */
async function round({ subscriptions }: Pick<Node, 'subscriptions'>): Promise<void> {
  subscriptions.wake(true);
  await subscriptions.round();
}

const observation = (id: string, status = 'final'): Resource => ({
  resourceType: 'Observation',
  id,
  status,
  code: { text: 'x' },
});
const encounter = (id: string, status: string): Resource => ({
  resourceType: 'Encounter',
  id,
  status,
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
});
const subscription = (channel: object, more: object = {}): Resource =>
  ({
    resourceType: 'Subscription',
    id: 's1',
    status: 'requested',
    reason: 'a test',
    criteria: 'Observation?status=final',
    channel,
    ...more,
  }) as Resource;
const topicSubscription = (channel: object, content: string, more: object = {}): Resource =>
  subscription(
    {
      type: 'rest-hook',
      payload: 'application/fhir+json',
      _payload: { extension: [{ url: `${backport}backport-payload-content`, valueCode: content }] },
      ...channel,
    },
    { criteria: 'urn:fyr:topic:Encounter', ...more },
  );

const statusIn = (bundle: Resource): Record<string, unknown> => {
  const entries = bundle['entry'] as { resource?: { parameter?: { name: string; [value: string]: unknown }[] } }[];
  return Object.fromEntries(
    (entries[0]?.resource?.parameter ?? []).map((each) => [
      each.name,
      Object.values(each).find((value) => value !== each.name),
    ]),
  );
};

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

test('backport: a handshake, then numbered notifications with the content that was asked for, then heartbeats', async () => {
  const [made, hook] = [await node('subscriptions_topic'), await receiver()];
  await made.put(
    topicSubscription(
      { endpoint: hook.url, extension: [{ url: `${backport}backport-heartbeat-period`, valueUnsignedInt: 60 }] },
      'full-resource',
      {
        _criteria: {
          extension: [{ url: `${backport}backport-filter-criteria`, valueString: 'Encounter?status=finished' }],
        },
      },
    ),
  );
  await round(made);
  const told = () => hook.received.map(({ body }) => JSON.parse(body) as Resource);
  expect(statusIn(told()[0] as Resource)).toMatchObject({
    type: 'handshake',
    status: 'requested',
    'events-since-subscription-start': '0',
    topic: 'urn:fyr:topic:Encounter',
  });
  await made.put(encounter('e1', 'finished'));
  await made.put(encounter('e2', 'planned'));
  await made.put(encounter('e1', 'finished'));
  await made.remove('Encounter', 'e1');
  await round(made);
  const last = told().at(-1) as Resource;
  expect(statusIn(last)).toMatchObject({
    type: 'event-notification',
    status: 'active',
    'events-since-subscription-start': '3',
  });
  const entries = (last['entry'] as { resource?: Resource; request: { method: string }; fullUrl: string }[]).slice(1);
  expect(entries.map(({ request, resource }) => `${request.method} ${resource?.resourceType ?? 'none'}`)).toEqual([
    'POST Encounter',
    'PUT Encounter',
    'DELETE none',
  ]);
  expect(entries[0]?.fullUrl).toBe('http://node.test/fhir/Encounter/e1');
  clock.value += 61_000;
  await round(made);
  expect(statusIn(told().at(-1) as Resource)).toMatchObject({
    type: 'heartbeat',
    'events-since-subscription-start': '3',
  });
});

test.each([
  ['empty', 1],
  ['id-only', 2],
])('backport: a payload of %s holds no resource', async (content, entries) => {
  const [made, hook] = [await node(`subscriptions_content_${entries}`), await receiver()];
  await made.put(topicSubscription({ endpoint: hook.url }, content));
  await round(made);
  await made.put(encounter('e1', 'finished'));
  await round(made);
  const bundle = JSON.parse(hook.received.at(-1)?.body ?? '') as Resource & { entry: { resource?: Resource }[] };
  expect(bundle.entry).toHaveLength(entries);
  expect(bundle.entry.slice(1).every(({ resource }) => resource === undefined)).toBe(true);
  expect(JSON.stringify(bundle).includes('Encounter/e1')).toBe(content === 'id-only');
});

test('backport: a stored topic on a change of state tells the change and not the state', async () => {
  const [made, hook] = [await node('subscriptions_state'), await receiver()];
  const url = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.';
  await made.put({
    resourceType: 'Basic',
    id: 'topic',
    code: { coding: [{ code: 'SubscriptionTopic' }] },
    extension: [
      { url: `${url}url`, valueUri: 'http://example.org/topic/discharged' },
      {
        url: `${url}resourceTrigger`,
        extension: [
          { url: 'resource', valueUri: 'Encounter' },
          {
            url: 'queryCriteria',
            extension: [
              { url: 'previous', valueString: 'status=in-progress' },
              { url: 'current', valueString: 'status=finished' },
              { url: 'resultForCreate', valueCode: 'test-fails' },
              { url: 'requireBoth', valueBoolean: true },
            ],
          },
        ],
      },
    ],
  });
  await made.put(
    topicSubscription({ endpoint: hook.url }, 'id-only', { criteria: 'http://example.org/topic/discharged' }),
  );
  await round(made);
  for (const status of ['in-progress', 'finished', 'finished']) await made.put(encounter('e1', status));
  await made.put(encounter('e2', 'finished'));
  await round(made);
  const events = await made.subscriptions.events('s1', {});
  expect(statusIn(events)).toMatchObject({ type: 'query-event', 'events-since-subscription-start': '1' });
  expect(events['entry']).toHaveLength(2);
  expect(JSON.stringify(await made.subscriptions.events('s1', { since: 2 }))).not.toContain('Encounter/e1');
});

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

async function socketTo(made: Node): Promise<{ url: string }> {
  const server = await createHttpServer({ bodyBytesMax: 1e6, requestTimeoutMs: 5000 });
  await made.subscriptions.register(server, '/fhir/ws', async () => () => Promise.resolve(true));
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return { url: `${address.replace('http', 'ws')}/fhir/ws` };
}

/** A socket whose messages can be awaited one by one. */
async function connect(
  url: string,
): Promise<{ send(text: string): void; next(): Promise<string>; closed: Promise<number> }> {
  const socket = new WebSocket(url);
  const messages: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const text = String(data);
    const waiter = waiting.shift();
    if (waiter === undefined) messages.push(text);
    else waiter(text);
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  onTestFinished(() => socket.terminate());
  return {
    send: (text) => socket.send(text),
    next: () => {
      const text = messages.shift();
      return text === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(text);
    },
    closed,
  };
}

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
