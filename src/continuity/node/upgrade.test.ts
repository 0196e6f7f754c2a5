/** Tiers are upgraded one after the other, also while the line between them is cut: one version apart they go on, two apart nothing is lost. */
import { expect, onTestFinished, test } from 'vitest';
import type { NodeFacts } from '../protocol/view.ts';
import { newSession } from '../protocol/exchange.ts';
import { protocols } from '../protocol/serve.ts';
import { agree, exchange, startNode, type NodeForTest } from './nodes-for-test.ts';

const dayMs = 24 * 3_600_000;
const older = { oldest: protocols.oldest - 1, newest: protocols.newest - 1 };
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

const stay = (patient: string, status = 'in-progress'): object => ({
  resourceType: 'Encounter',
  status,
  class: { code: 'IMP' },
  subject: { reference: `Patient/${patient}` },
  serviceProvider: { reference: 'Organization/site-a-1' },
});
const observed = (patient: string, text: string): object => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text },
  subject: { reference: `Patient/${patient}` },
});

async function bothNodes(name: string): Promise<{ upper: NodeForTest; lower: NodeForTest }> {
  const [upper, lower] = [await startNode(region, `upgrade_${name}`), await startNode(siteA, `upgrade_${name}`)];
  onTestFinished(async () => {
    await upper.api.close();
    await lower.api.close();
  });
  return { upper, lower };
}

test('a region of the version before feeds an upgraded site; what only the new one knows begins when the region was upgraded, during an outage', async () => {
  const { upper, lower } = await bothNodes('site');
  upper.protocols = older;
  const { id: patient } = await upper.api.make({ resourceType: 'Patient' });
  const { id: encounter } = await upper.api.make(stay(patient));
  const { id } = await upper.api.make(observed(patient, 'before'));
  await agree(lower, upper);
  expect(lower.session.protocol).toBe(older.newest);
  expect((await lower.api.ask('GET', `Observation/${id}`)).status).toBe(200);
  await upper.api.ask('PUT', `Encounter/${encounter}`, { ...stay(patient, 'finished'), id: encounter });
  lower.ahead = 8 * dayMs;
  await agree(lower, upper);
  lower.ahead = 20 * dayMs;
  await agree(lower, upper);
  expect((await lower.api.ask('GET', `Observation/${id}`)).status, 'nobody can say that it is above').toBe(200);

  lower.session = newSession();
  const { id: written } = await lower.api.make(observed(patient, 'during the outage'));
  upper.protocols = { ...protocols };
  await agree(lower, upper);
  expect(lower.session.protocol).toBe(protocols.newest);
  expect((await upper.api.ask('GET', `Observation/${written}`)).status).toBe(200);
  expect((await lower.api.ask('GET', `Observation/${id}`)).status).toBe(404);
});

test('an upgraded region feeds a site of the version before, both ways', async () => {
  const { upper, lower } = await bothNodes('region');
  lower.protocols = older;
  const { id: patient } = await upper.api.make({ resourceType: 'Patient' });
  await upper.api.make(stay(patient));
  await agree(lower, upper);
  const { id } = await lower.api.make(observed(patient, 'at the site'));
  await agree(lower, upper);
  expect((await upper.api.ask('GET', `Observation/${id}`)).status).toBe(200);
});

test('two versions apart they do not speak, and when the site was upgraded all goes on where it was', async () => {
  const { upper, lower } = await bothNodes('apart');
  const { id: patient } = await upper.api.make({ resourceType: 'Patient' });
  await upper.api.make(stay(patient));
  await agree(lower, upper);
  upper.protocols = { oldest: protocols.newest + 1, newest: protocols.newest + 2 };
  lower.session = newSession();
  const { id } = await lower.api.make(observed(patient, 'while apart'));
  expect(await exchange(lower, upper)).toEqual({ kind: 'refused', why: 'protocol' });
  expect((await lower.api.ask('GET', `Observation/${id}`)).status).toBe(200);
  lower.protocols = { oldest: protocols.newest, newest: protocols.newest + 1 };
  lower.session = newSession();
  await agree(lower, upper);
  expect((await upper.api.ask('GET', `Observation/${id}`)).status).toBe(200);
});
