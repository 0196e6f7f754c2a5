/** Who is treated at a site no longer goes from there, when all of it is above; and what two nodes have is compared and mended. Real PostgreSQL at each. */
import { expect, onTestFinished, test } from 'vitest';
import type { NodeFacts } from '../protocol/view.ts';
import { agree, startNode, type NodeForTest } from './nodes-for-test.ts';

const dayMs = 24 * 3_600_000;
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

async function bothNodes(name: string): Promise<{ upper: NodeForTest; lower: NodeForTest }> {
  const [upper, lower] = [await startNode(region, `leave_${name}`), await startNode(siteA, `leave_${name}`)];
  onTestFinished(async () => {
    await upper.api.close();
    await lower.api.close();
  });
  return { upper, lower };
}

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

type Admitted = { patient: string; encounter: any };

async function admit({ upper, lower }: { upper: NodeForTest; lower: NodeForTest }): Promise<Admitted> {
  const { id: patient } = await upper.api.make({ resourceType: 'Patient' });
  const encounter = await upper.api.make(stay(patient));
  await agree(lower, upper);
  return { patient, encounter };
}

async function discharge(
  { upper, lower }: { upper: NodeForTest; lower: NodeForTest },
  { patient, encounter }: Admitted,
): Promise<void> {
  const { id } = encounter;
  const { status } = await upper.api.ask('PUT', `Encounter/${id}`, { ...stay(patient, 'finished'), id });
  expect(status).toBe(200);
  await agree(lower, upper);
}

/** What lies in the database of the site about this resource, as text. */
async function rowsAbout({ api }: NodeForTest, id: string): Promise<string> {
  const { db } = api.record;
  const versions = await db`select content from version where id = ${id} and content is not null`;
  const rows = await db`select tokens::text, patient from resource where id = ${id} and not deleted`;
  const known = await db`select resource from sync_version where resource like ${`%/${id}`}`;
  const told = await db`select resource from sync_feed where resource like ${`%/${id}`}`;
  return JSON.stringify([versions, rows, known, told]);
}

test('who is discharged stays for the time of grace, then goes with all that was only for treating them, and comes back whole', async () => {
  const both = await bothNodes('purge');
  const { upper, lower } = both;
  const admitted = await admit(both);
  const { id } = await lower.api.make(observed(admitted.patient, 'potassium'));
  await lower.api.ask('PUT', `Observation/${id}`, { ...observed(admitted.patient, 'potassium, mended'), id });
  await agree(lower, upper);
  await discharge(both, admitted);
  lower.ahead = 6 * dayMs;
  await agree(lower, upper);
  expect((await lower.api.ask('GET', `Observation/${id}`)).status, 'in the time of grace').toBe(200);

  lower.ahead = 8 * dayMs;
  await agree(lower, upper);
  expect((await lower.api.ask('GET', `Observation/${id}`)).status).toBe(404);
  expect((await lower.api.ask('GET', `Observation?patient=${admitted.patient}`)).body.entry ?? []).toEqual([]);
  expect((await lower.api.ask('GET', `Observation/${id}/_history/1-site-a`)).status).toBe(404);
  expect(await rowsAbout(lower, id)).toBe('[[],[],[],[]]');
  expect((await lower.api.ask('GET', `Patient/${admitted.patient}`)).status, 'every resident’s summary').toBe(200);
  expect((await upper.api.ask('GET', `Observation/${id}`)).body.code.text).toBe('potassium, mended');

  await upper.api.make(stay(admitted.patient));
  await agree(lower, upper);
  expect((await lower.api.ask('GET', `Observation/${id}`)).headers['etag']).toBe('W/"2-site-a"');
  expect((await lower.api.ask('GET', `Observation/${id}/_history/1-site-a`)).body.code.text).toBe('potassium');
  const again = await lower.api.ask('PUT', `Observation/${id}`, { ...observed(admitted.patient, 'third'), id });
  expect(again.status).toBe(200);
  await agree(lower, upper);
  expect((await upper.api.ask('GET', `Observation/${id}`)).body.code.text).toBe('third');
});

test('nothing goes while it is not above: what the region has lost or damaged is mended first from the site that is about to forget it', async () => {
  const both = await bothNodes('vouch');
  const { upper, lower } = both;
  const admitted = await admit(both);
  const { id } = await lower.api.make(observed(admitted.patient, 'whole'));
  await agree(lower, upper);
  await discharge(both, admitted);
  const { db } = upper.api.record;
  await db`update version set content = replace(content, 'whole', 'wrong') where id = ${id}`;
  lower.ahead = 8 * dayMs;
  await agree(lower, upper);
  expect((await upper.api.ask('GET', `Observation/${id}`)).body.code.text).toBe('whole');
  expect(await rowsAbout(lower, id)).toBe('[[],[],[],[]]');
});

test('what waits to be sent keeps its patient here, and so does a line that is cut', async () => {
  const both = await bothNodes('unsent');
  const { upper, lower } = both;
  const admitted = await admit(both);
  await discharge(both, admitted);
  const { id } = await lower.api.make(observed(admitted.patient, 'written late'));
  lower.ahead = 30 * dayMs;
  for (let asked = 0; asked < 5; asked++) await lower.sync.ask(lower.session);
  expect((await lower.api.ask('GET', `Observation/${id}`)).status).toBe(200);
  await agree(lower, upper);
  expect((await upper.api.ask('GET', `Observation/${id}`)).status).toBe(200);
  expect((await lower.api.ask('GET', `Observation/${id}`)).status).toBe(404);
});

test('each night both are compared: what one has lost or damaged comes from the other', async () => {
  const both = await bothNodes('compare');
  const { upper, lower } = both;
  const { patient } = await admit(both);
  const [one, other] = [
    await upper.api.make(observed(patient, 'one')),
    await upper.api.make(observed(patient, 'other')),
  ];
  await agree(lower, upper);
  await lower.api.record.db`update version set content = replace(content, 'one', 'eno') where id = ${one.id}`;
  await upper.api.record.db`update version set content = replace(content, 'other', 'rehto') where id = ${other.id}`;
  await agree(lower, upper);
  expect((await lower.api.ask('GET', `Observation/${one.id}`)).body.code.text, 'not before it is night').toBe('eno');
  lower.ahead = dayMs + 1000;
  await agree(lower, upper);
  expect((await lower.api.ask('GET', `Observation/${one.id}`)).body.code.text).toBe('one');
  expect((await upper.api.ask('GET', `Observation/${other.id}`)).body.code.text).toBe('other');
});

test('a result that was written of the wrong patient is moved at every node: one has it, the other no longer', async () => {
  const both = await bothNodes('move');
  const { upper, lower } = both;
  const [right, wrong] = [(await admit(both)).patient, (await admit(both)).patient];
  const { id } = await upper.api.make(observed(wrong, 'potassium'));
  await agree(lower, upper);
  expect((await lower.api.ask('PUT', `Observation/${id}`, { ...observed(right, 'potassium'), id })).status).toBe(200);
  await agree(lower, upper);
  await upper.api.ask('PUT', `Observation/${id}`, { ...observed(wrong, 'potassium, back'), id });
  await agree(lower, upper);
  await upper.api.ask('PUT', `Observation/${id}`, { ...observed(right, 'potassium, right'), id });
  await agree(lower, upper);
  for (const { api } of [upper, lower]) {
    const of = async (patient: string): Promise<number> =>
      (await api.ask('GET', `Observation?patient=${patient}`)).body.entry?.length ?? 0;
    expect([await of(right), await of(wrong)]).toEqual([1, 0]);
    expect((await api.ask('GET', `Observation/${id}`)).headers['etag']).toBe('W/"4-region"');
    expect((await api.ask('GET', `Observation/${id}/_history/1-region`)).status).toBe(200);
  }
});

test('what was sent is forgotten when the node above has had it for thirty days, by its clock', async () => {
  const both = await bothNodes('forget');
  const { upper, lower } = both;
  const { patient } = await admit(both);
  await lower.api.make(observed(patient, 'sent'));
  await agree(lower, upper);
  const kept = async (): Promise<number> =>
    (await lower.api.record.db<{ count: number }[]>`select count(*)::int as count from sync_outbox`)[0]?.count ?? 0;
  expect(await kept()).toBeGreaterThan(0);
  lower.ahead = 40 * dayMs;
  await agree(lower, upper);
  expect(await kept(), 'our own clock says nothing').toBeGreaterThan(0);
  upper.ahead = 40 * dayMs;
  lower.ahead = 42 * dayMs;
  await agree(lower, upper);
  expect(await kept()).toBe(0);
});

test('an id that a client chose and uses again where it was purged is another version, beside the one that is above, for a person', async () => {
  const both = await bothNodes('again');
  const { upper, lower } = both;
  const admitted = await admit(both);
  const id = 'chosen-by-a-client';
  const put = (text: string): Promise<{ status: number }> =>
    lower.api.ask('PUT', `Observation/${id}`, { ...observed(admitted.patient, text), id });
  expect((await put('before')).status).toBe(201);
  await agree(lower, upper);
  await discharge(both, admitted);
  lower.ahead = 8 * dayMs;
  await agree(lower, upper);
  expect((await lower.api.ask('GET', `Observation/${id}`)).status).toBe(404);
  expect((await put('again')).status).toBe(201);
  await agree(lower, upper);
  expect((await upper.api.ask('GET', `Observation/${id}`)).body.code.text).toBe('before');
  const [task] = (await upper.api.ask('GET', `Task?patient=${admitted.patient}`)).body.entry;
  const beside = await upper.api.ask('GET', task.resource.focus.reference);
  expect([beside.status, beside.body.code.text]).toEqual([200, 'again']);
});
