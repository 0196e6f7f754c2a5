/** What decides who may read comes before whatever else waits, however much it is. */
import { expect, onTestFinished, test } from 'vitest';
import type { NodeFacts } from '../protocol/view.ts';
import { newSession } from '../protocol/exchange.ts';
import { agree, exchange, startNode, type NodeForTest } from './nodes-for-test.ts';

const siteSubtree = new Set(['site-a']);
const region: NodeFacts = {
  name: 'region',
  writer: 'region',
  tier: 'region',
  upstream: undefined,
  subtree: new Set(['region', 'site-a']),
  children: [{ name: 'site-a', tier: 'site', subtree: siteSubtree }],
};
const siteA: NodeFacts = {
  name: 'site-a',
  writer: 'site-a',
  tier: 'site',
  upstream: 'region',
  subtree: siteSubtree,
  children: [],
};

async function bothNodes(name: string, bytes?: number): Promise<{ upper: NodeForTest; lower: NodeForTest }> {
  const [upper, lower] = [await startNode(region, name, bytes), await startNode(siteA, name, bytes)];
  onTestFinished(async () => {
    await upper.api.close();
    await lower.api.close();
  });
  return { upper, lower };
}

const admitted = (patient: string): object => ({
  resourceType: 'Encounter',
  status: 'in-progress',
  class: { code: 'IMP' },
  subject: { reference: `Patient/${patient}` },
  serviceProvider: { reference: 'Organization/site-a-1' },
});
const role = (active: boolean): object => ({
  resourceType: 'PractitionerRole',
  active,
  practitioner: { display: 'The nurse' },
});
const consent = (patient: string, status: string): object => ({
  resourceType: 'Consent',
  status,
  scope: { coding: [{ code: 'patient-privacy' }] },
  category: [{ coding: [{ code: '59284-0' }] }],
  patient: { reference: `Patient/${patient}` },
  policyRule: { text: 'The patient’s own block' },
  provision: { type: 'deny' },
});

/** Written at once: what a busy day leaves behind a line that was cut. */
async function backlog(node: NodeForTest, patient: string, count: number): Promise<string> {
  const entry = Array.from({ length: count }, (_, i) => ({
    request: { method: 'POST', url: 'Observation' },
    resource: {
      resourceType: 'Observation',
      status: 'final',
      code: { text: `observation ${i}` },
      subject: { reference: `Patient/${patient}` },
    },
  }));
  const { status, body } = await node.api.ask('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
  expect(status).toBe(200);
  return String(body.entry.at(-1).response.location).split('/').at(-3) as string;
}

test('a role that was ended and a block that was set at the region hold at the site in the first exchange, with a large backlog both ways', async () => {
  const { upper, lower } = await bothNodes('rights_first');
  const { id: patient } = await upper.api.make({ resourceType: 'Patient' });
  await upper.api.make(admitted(patient));
  const { id: nurse } = await upper.api.make(role(true));
  await agree(lower, upper);

  const last = await backlog(upper, patient, 1500);
  await backlog(lower, patient, 700);
  await upper.api.ask('PUT', `PractitionerRole/${nurse}`, { ...role(false), id: nurse });
  const { id: block } = await upper.api.make(consent(patient, 'active'));
  lower.session = newSession();
  expect((await exchange(lower, upper))?.kind).toBe('welcome');
  expect((await exchange(lower, upper))?.kind).toBe('ahead');
  expect((await lower.api.ask('GET', `PractitionerRole/${nurse}`)).body.active).toBe(false);
  expect((await lower.api.ask('GET', `Consent/${block}`)).status).toBe(200);
  expect((await lower.api.ask('GET', `Observation/${last}`)).status, 'the rest has not come').toBe(404);

  await agree(lower, upper);
  expect((await lower.api.ask('GET', `Observation/${last}`)).status).toBe(200);
  expect((await lower.api.ask('GET', `PractitionerRole/${nurse}/_history`)).body.entry).toHaveLength(2);
  expect((await lower.api.ask('GET', `Consent/${block}`)).headers['etag']).toBe('W/"1-region"');
});

test('what is ended while a backlog is being read comes before the rest of it', async () => {
  const { upper, lower } = await bothNodes('rights_during');
  const { id: patient } = await upper.api.make({ resourceType: 'Patient' });
  await upper.api.make(admitted(patient));
  const { id: nurse } = await upper.api.make(role(true));
  await agree(lower, upper);
  const last = await backlog(upper, patient, 1600);
  lower.session = newSession();
  for (let i = 0; i < 3; i++) await exchange(lower, upper);
  await upper.api.ask('PUT', `PractitionerRole/${nurse}`, { ...role(false), id: nurse });
  lower.ahead += 1500;
  expect((await exchange(lower, upper))?.kind).toBe('ahead');
  expect((await lower.api.ask('GET', `PractitionerRole/${nurse}`)).body.active).toBe(false);
  expect((await lower.api.ask('GET', `Observation/${last}`)).status).toBe(404);
  await agree(lower, upper);
});

test('more of it than one message holds comes in several, and nothing else between', async () => {
  const { upper, lower } = await bothNodes('rights_many', 20_000);
  const { id: patient } = await upper.api.make({ resourceType: 'Patient' });
  await upper.api.make(admitted(patient));
  await agree(lower, upper);
  await backlog(upper, patient, 600);
  const entry = Array.from({ length: 400 }, () => ({
    request: { method: 'POST', url: 'PractitionerRole' },
    resource: role(false),
  }));
  await upper.api.ask('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
  lower.session = newSession();
  await exchange(lower, upper);
  const kinds = new Map<string, number>();
  for (let rights = 0; rights < 400;) {
    const answer = await exchange(lower, upper);
    kinds.set(answer?.kind ?? 'nothing', (kinds.get(answer?.kind ?? 'nothing') ?? 0) + 1);
    rights = (await lower.api.ask('GET', 'PractitionerRole?active=false&_summary=count')).body.total;
    if (rights < 400) expect(answer).toMatchObject({ kind: 'ahead', hasMore: true });
  }
  expect(kinds.get('ahead')).toBeGreaterThan(2);
  await agree(lower, upper);
});
