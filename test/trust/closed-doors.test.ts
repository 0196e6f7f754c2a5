/** Who says not who she is gets nothing: at every address that the node has, whoever adds one. */
import { request } from 'node:http';
import { once } from 'node:events';
import WebSocket from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../src/fhir/http/routing.ts';
import { testNode, type TestNode } from '../support/node.ts';
import { addressOf, routesOf, type Registered } from './routes-of.ts';

const inHospital = '018c0000-0100-7001-8000-00000000c001';

let at: TestNode;

beforeAll(async () => {
  at = await testNode('closed_doors');
}, 120_000);
afterAll(async () => at?.stop());

/** What anybody may ask for, and why. Nothing of a patient is in any of it. */
const open: readonly (readonly [RegExp, string])[] = [
  [/^\/fhir\/\.well-known\/smart-configuration$/, 'where one signs in (SMART App Launch)'],
  [/^\/fhir\/ws$/, 'a WebSocket binds to nothing without a token: tested below'],
  [/^\/oidc\//, 'the embedded provider: signing in itself'],
  [/^\/sign-in(\/|$)/, 'signing in'],
  [/^\/sign-out$/, 'signing out'],
  [/^\/api\/session$/, 'says that nobody is signed in, and with whom one can'],
  [/^\/api\/session\/(role|keys|keys\/options)$/, 'the session’s own: refused as another site’s request without one'],
  [/^\/api\/sign-in\/key(\/options)?$/, 'signing in with a key'],
  [/^\/metrics$/, 'the node’s numbers, from this very machine alone: src/continuity/operations'],
  [/^\/api\/summary\/shared$/, 'a summary by a code that its owner gave out: refused without one, limited, logged'],
  [/^\/start(\.css)?$/, 'a page that says what the node is'],
  [/^(\/|\/index\.html(\.gz|\.br)?)$/, 'the page, which is the same for all'],
  [
    /^\/ward\/(index\.html|worker\.js|[a-z0-9-]+\.webmanifest)?(\.gz|\.br)?$/,
    'the ward’s application, which is the same for all',
  ],
  [/^\/(assets\/[^/:*]+|[a-z0-9-]+\.(svg|png|ico|webmanifest|js|txt|woff2))(\.gz|\.br)?$/, 'files of the pages'],
];

const isOpen = ({ path }: Registered): boolean => open.some(([pattern]) => pattern.test(path));

type Refusal = { status: number; challenge: string | undefined; text: string };

/** Also for methods that `fetch` knows nothing of. */
async function askWithout(method: string, path: string): Promise<Refusal> {
  return new Promise((resolve, reject) => {
    const hasBody = ['POST', 'PUT', 'PATCH'].includes(method);
    const type = path.endsWith('/_search') ? 'application/x-www-form-urlencoded' : 'application/json';
    const headers = hasBody ? { 'content-type': type } : {};
    const sent = request(`${at.url}${path}`, { method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          challenge: answer.headers['www-authenticate'],
          text: Buffer.concat(parts).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(hasBody ? '{}' : undefined);
  });
}

async function expectRefused(method: string, path: string): Promise<void> {
  const { status, challenge, text } = await askWithout(method, path);
  expect([status, `${method} ${path}`]).toEqual([401, `${method} ${path}`]);
  expect(challenge, `${method} ${path}`).toMatch(/^DPoP /);
  expect(text).not.toContain(inHospital);
}

test('every registered address is one of the few that are for everybody, or answers 401 with how to sign in', async () => {
  const registered = routesOf(at.node.server);
  expect(registered.some(({ path }) => path === '/registers/persons/:number')).toBe(true);
  expect(registered.some(({ path }) => path === '/api/control/break-glass')).toBe(true);
  const closed = registered.filter((route) => !isOpen(route));
  expect(closed.length).toBeGreaterThan(40);
  for (const route of closed) await expectRefused(route.method, addressOf(route));
});

test('what is for everybody is still there: the list has no names of what is gone', () => {
  const registered = routesOf(at.node.server);
  const left = open.filter(([pattern]) => !registered.some(({ path }) => pattern.test(path)));
  // Without the pages' build there are no files of theirs.
  expect(left.map(([, why]) => why).filter((why) => !/page/.test(why))).toEqual([]);
});

test('what is for everybody tells of no patient', async () => {
  for (const route of routesOf(at.node.server).filter(isOpen)) {
    const { text } = await askWithout(route.method, addressOf(route));
    expect(text).not.toContain(inHospital);
    expect(text).not.toMatch(/Nordskog|"resourceType":"(?!CapabilityStatement|OperationOutcome)/);
  }
});

test('every interaction of the FHIR API but the CapabilityStatement is refused, for what is there and what is not', async () => {
  for (const { method, path } of routes) {
    for (const [type, id] of [
      ['Patient', inHospital],
      ['Observation', 'nowhere'],
      ['AuditEvent', 'x'],
      ['Practitioner', 'x'],
    ] as const) {
      const address = path
        .replace(':type', type)
        .replace(':id', id)
        .replace(':vid', '1')
        .replace(':compartment-type', 'Observation');
      if (path === 'metadata') expect((await askWithout(method, '/fhir/metadata')).status).toBe(200);
      else await expectRefused(method, `/fhir/${address}`);
    }
  }
});

test('every operation is refused at every level, by every method', async () => {
  const { operations } = at.node.fhir.context;
  expect(operations.map(({ name }) => name)).toEqual(expect.arrayContaining(['everything', 'match', 'export']));
  for (const { name, levels, types } of operations) {
    const type = types?.[0] ?? 'Patient';
    for (const level of levels) {
      const place = { system: '', type: `${type}/`, instance: `${type}/${inHospital}/` }[level];
      for (const method of ['GET', 'POST']) await expectRefused(method, `/fhir/${place}$${name}`);
    }
  }
});

test('credentials that are none are refused like none, and say nothing of what is there', async () => {
  for (const authorization of [
    'Bearer x',
    'DPoP x',
    'Basic YWRtaW46YWRtaW4=',
    'Bearer',
    'x',
    `Bearer ${'a.'.repeat(3)}`,
  ]) {
    const answers = await Promise.all(
      [inHospital, 'nowhere'].map((id) => at.ask('GET', `/fhir/Patient/${id}`, { headers: { authorization } })),
    );
    for (const { status, headers } of answers) {
      expect([status, authorization]).toEqual([401, authorization]);
      expect(headers.get('www-authenticate')).toMatch(/DPoP/);
    }
    expect(answers[0]?.text).toBe(answers[1]?.text);
  }
});

test('a WebSocket without credentials binds to nothing: neither to a subscription’s id nor by an invented token', async () => {
  for (const words of [`bind ${inHospital}`, 'bind-with-token x', 'bind-with-token 018c0000']) {
    const socket = new WebSocket(`${at.url.replace('http', 'ws')}/fhir/ws`);
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(String(data)));
    await once(socket, 'open');
    socket.send(words);
    const [code] = (await once(socket, 'close')) as [number];
    expect([code, heard]).toEqual([1008, []]);
  }
});

test('a refused request leaves no trace of a patient in the access log', async () => {
  const [row] = await at.db<{ entries: number }[]>`
    select count(*)::int as entries from access_entry where patient is not null`;
  expect(row?.entries).toBe(0);
});
