/** What the tests of subscriptions share: a node, an endpoint that answers as it is told, a socket, resources that match. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { expect, onTestFinished } from 'vitest';
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

export const clock = { value: Date.now(), now: () => clock.value };
export const backport = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/';

type Received = { answered: number; method: string; path: string; headers: IncomingMessage['headers']; body: string };
type Receiver = { url: string; received: Received[]; answer: number; server: Server };

export async function receiver(): Promise<Receiver> {
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

export async function node(name: string, timeoutMs = 2000): Promise<Node> {
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
export async function round({ subscriptions }: Pick<Node, 'subscriptions'>): Promise<void> {
  subscriptions.wake(true);
  await subscriptions.round();
}

export const observation = (id: string, status = 'final'): Resource => ({
  resourceType: 'Observation',
  id,
  status,
  code: { text: 'x' },
});
export const encounter = (id: string, status: string): Resource => ({
  resourceType: 'Encounter',
  id,
  status,
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
});
export const subscription = (channel: object, more: object = {}): Resource =>
  ({
    resourceType: 'Subscription',
    id: 's1',
    status: 'requested',
    reason: 'a test',
    criteria: 'Observation?status=final',
    channel,
    ...more,
  }) as Resource;
export const topicSubscription = (channel: object, content: string, more: object = {}): Resource =>
  subscription(
    {
      type: 'rest-hook',
      payload: 'application/fhir+json',
      _payload: { extension: [{ url: `${backport}backport-payload-content`, valueCode: content }] },
      ...channel,
    },
    { criteria: 'urn:fyr:topic:Encounter', ...more },
  );

export const statusIn = (bundle: Resource): Record<string, unknown> => {
  const entries = bundle['entry'] as { resource?: { parameter?: { name: string; [value: string]: unknown }[] } }[];
  return Object.fromEntries(
    (entries[0]?.resource?.parameter ?? []).map((each) => [
      each.name,
      Object.values(each).find((value) => value !== each.name),
    ]),
  );
};
export async function socketTo(made: Node): Promise<{ url: string }> {
  const server = await createHttpServer({ bodyBytesMax: 1e6, requestTimeoutMs: 5000 });
  await made.subscriptions.register(server, '/fhir/ws', async () => () => Promise.resolve(true));
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return { url: `${address.replace('http', 'ws')}/fhir/ws` };
}

/** A socket whose messages can be awaited one by one. */
export async function connect(
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
