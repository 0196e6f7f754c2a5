/** Region and site with records and databases of their own: what one writes, the other has; what both write, both keep; nothing twice. */
import { onTestFinished, expect, test } from 'vitest';
import type { NodeFacts } from '../protocol/view.ts';
import { knownVersions, versionsInConflict } from './known-versions.ts';
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

const admitted = (patient: string, status = 'in-progress'): object => ({
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

test('who is admitted comes to the site whole; what was written on either side is on both, once, under one version id', async () => {
  const { upper, lower } = await bothNodes('admit');
  const patient = await upper.api.make({ resourceType: 'Patient', name: [{ family: 'Nordmann' }] });
  const before = await upper.api.make(observed(patient.id, 'before'));
  await agree(lower, upper);
  expect((await lower.api.ask('GET', `Patient/${patient.id}`)).status, 'every resident’s summary').toBe(200);
  expect((await lower.api.ask('GET', `Observation/${before.id}`)).status, 'not the rest').toBe(404);

  await upper.api.make(admitted(patient.id));
  await agree(lower, upper);
  const there = await lower.api.ask('GET', `Observation/${before.id}`);
  expect(there.headers['etag']).toBe('W/"1-region"');
  expect(there.text).toBe((await upper.api.ask('GET', `Observation/${before.id}`)).text);

  const after = await lower.api.make(observed(patient.id, 'after'));
  await exchange(lower, upper, true);
  await agree(lower, upper);
  const back = await upper.api.ask('GET', `Observation/${after.id}`);
  expect(back.headers['etag']).toBe('W/"1-site-a"');
  const found = await upper.api.ask('GET', `Observation?patient=${patient.id}`);
  expect(found.body.entry).toHaveLength(2);
  const arrivals = async ({ api }: NodeForTest, id: string): Promise<unknown[]> =>
    (await api.ask('GET', `Observation/${id}/_history`)).body.entry.map(({ extension, resource }: any) => {
      const [writer, arrived, came] = extension[0].extension;
      expect(Date.parse(arrived.valueInstant)).toBeGreaterThanOrEqual(Date.parse(resource.meta.lastUpdated));
      return [writer.valueString, came.valueCode];
    });
  expect(await arrivals(lower, after.id)).toEqual([['site-a', 'here']]);
  expect(await arrivals(upper, after.id)).toEqual([['site-a', 'below']]);
  expect([await arrivals(upper, before.id), await arrivals(lower, before.id)]).toEqual([
    [['region', 'here']],
    [['region', 'above']],
  ]);
});

test('two who change the same allergy: what the region holds stays current, the other is kept, and a task asks a person', async () => {
  const { upper, lower } = await bothNodes('conflict');
  const patient = await upper.api.make({ resourceType: 'Patient' });
  await upper.api.make(admitted(patient.id));
  const active = {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
  };
  const allergy = {
    resourceType: 'AllergyIntolerance',
    clinicalStatus: active,
    patient: { reference: `Patient/${patient.id}` },
    code: { text: 'penicillin' },
  };
  const { id } = await upper.api.make(allergy);
  await agree(lower, upper);

  const changed = (note: string): object => ({ ...allergy, id, note: [{ text: note }] });
  expect((await upper.api.ask('PUT', `AllergyIntolerance/${id}`, changed('at the region'))).status).toBe(200);
  expect((await lower.api.ask('PUT', `AllergyIntolerance/${id}`, changed('at the site'))).status).toBe(200);
  await agree(lower, upper);
  for (const node of [upper, lower]) {
    const current = await node.api.ask('GET', `AllergyIntolerance/${id}`);
    expect(current.headers['etag']).toBe('W/"2-region"');
    const tasks = await node.api.ask('GET', `Task?patient=${patient.id}`);
    expect(tasks.body.entry.map((e: any) => e.resource.focus.reference)).toEqual([
      `AllergyIntolerance/${id}/_history/2-site-a`,
    ]);
    const [row] = await node.api.record.db`
      select count(*)::int as kept from sync_version where resource = ${`AllergyIntolerance/${id}`} and version_id = '2-site-a'
        and (holds = 'here' or holds = 'record')`;
    expect(row?.['kept']).toBe(1);
  }
});

test('a person’s settling names every version in conflict: one is left everywhere, and the task is done, in one operation', async () => {
  const { upper, lower } = await bothNodes('settle');
  const patient = await upper.api.make({ resourceType: 'Patient' });
  await upper.api.make(admitted(patient.id));
  const flag = {
    resourceType: 'Flag',
    status: 'active',
    code: { text: 'x' },
    subject: { reference: `Patient/${patient.id}` },
  };
  const { id } = await upper.api.make(flag);
  await agree(lower, upper);
  await upper.api.ask('PUT', `Flag/${id}`, { ...flag, id, code: { text: 'at the region' } });
  await lower.api.ask('PUT', `Flag/${id}`, { ...flag, id, code: { text: 'at the site' } });
  await agree(lower, upper);
  const { db } = lower.api.record;
  const inConflict = await versionsInConflict(db, 'Flag', id);
  expect(inConflict.map(({ versionId, writer, isCurrent, came }) => [versionId, writer, isCurrent, came])).toEqual([
    ['2-region', 'region', true, 'above'],
    ['2-site-a', 'site-a', false, 'here'],
  ]);
  expect(inConflict[1]?.content).toContain('at the site');
  const beside = await upper.api.ask('GET', `Flag/${id}/_history/2-site-a`);
  expect([beside.status, beside.body.code?.text]).toEqual([200, 'at the site']);
  const { body: told } = await upper.api.ask('GET', `Flag/${id}/$versions`);
  const extensions = told.entry.map((e: any) =>
    e.extension[0].extension.slice(0, 2).map((x: any) => Object.values(x)[1]),
  );
  expect(extensions).toEqual([
    ['region', 'earlier'],
    ['region', 'current'],
    ['site-a', 'beside'],
  ]);
  const task = (await lower.api.ask('GET', `Task?patient=${patient.id}`)).body.entry[0].resource;

  const settled = await lower.sync.write([
    {
      resource: `Flag/${id}`,
      type: 'Flag',
      patient: patient.id,
      content: JSON.stringify({ ...flag, id, code: { text: 'both' } }),
      parents: inConflict.map(({ versionId }) => versionId),
    },
    {
      resource: `Task/${task.id}`,
      type: 'Task',
      patient: patient.id,
      content: JSON.stringify({ ...task, status: 'completed' }),
      parents: [task.meta.versionId],
    },
  ]);
  expect(settled).toMatchObject({ versions: [{ id: '3-site-a' }, { id: '2-site-a' }] });
  await agree(lower, upper);
  for (const { api } of [upper, lower]) {
    expect((await api.ask('GET', `Flag/${id}`)).headers['etag']).toBe('W/"3-site-a"');
    expect((await api.ask('GET', `Task/${task.id}`)).body.status).toBe('completed');
    expect(await versionsInConflict(api.record.db, 'Flag', id)).toHaveLength(1);
    expect(await knownVersions(api.record.db, 'Flag', id)).toHaveLength(4);
  }
  const stale = await lower.sync.write([
    { resource: `Flag/${id}`, type: 'Flag', patient: patient.id, content: null, parents: ['2-region'] },
  ]);
  expect(stale).toMatchObject({ kind: 'stale' });
});

test('telephone numbers that two nodes added are both there', async () => {
  const { upper, lower } = await bothNodes('telephone');
  const patient = await upper.api.make({ resourceType: 'Patient', telecom: [{ system: 'phone', value: '1' }] });
  await agree(lower, upper);
  const withNumber = (value: string): object => ({
    resourceType: 'Patient',
    id: patient.id,
    telecom: [
      { system: 'phone', value: '1' },
      { system: 'phone', value },
    ],
  });
  await upper.api.ask('PUT', `Patient/${patient.id}`, withNumber('2'));
  await lower.api.ask('PUT', `Patient/${patient.id}`, withNumber('3'));
  await agree(lower, upper);
  for (const { api } of [upper, lower]) {
    const { body, headers } = await api.ask('GET', `Patient/${patient.id}`);
    expect(body.telecom.map((t: any) => t.value).sort()).toEqual(['1', '2', '3']);
    expect(headers['etag']).toBe(`W/"${body.meta.versionId}"`);
  }
});

test('a site that was cut off while both sides wrote agrees afterwards, whatever answers were lost', async () => {
  const { upper, lower } = await bothNodes('cut');
  const patient = await upper.api.make({ resourceType: 'Patient' });
  await upper.api.make(admitted(patient.id));
  await agree(lower, upper);
  for (let i = 0; i < 20; i++) {
    await upper.api.make(observed(patient.id, `region ${i}`));
    await lower.api.make(observed(patient.id, `site ${i}`));
  }
  for (let lost = 0; lost < 6; lost++) {
    await exchange(lower, upper);
    await exchange(lower, upper, true);
  }
  await agree(lower, upper);
  const texts = async ({ api }: NodeForTest): Promise<string[]> => {
    const { body } = await api.ask('GET', `Observation?patient=${patient.id}&_count=100`);
    return body.entry.map((e: any) => `${e.resource.meta.versionId} ${e.resource.code.text}`).sort();
  };
  expect(await texts(upper)).toHaveLength(40);
  expect(await texts(lower)).toEqual(await texts(upper));
});

test('a transaction goes up as one operation, whole, also when it is about several patients; alone is what was written alone', async () => {
  const { upper, lower } = await bothNodes('together');
  const patients = [
    await upper.api.make({ resourceType: 'Patient' }),
    await upper.api.make({ resourceType: 'Patient' }),
  ];
  for (const { id } of patients) await upper.api.make(admitted(id));
  await agree(lower, upper);
  const entry = patients.flatMap(({ id }) =>
    ['one', 'two'].map((text) => ({ resource: observed(id, text), request: { method: 'POST', url: 'Observation' } })),
  );
  const { status } = await lower.api.ask('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
  expect(status).toBe(200);
  await lower.api.make(observed(patients[0]!.id, 'alone'));
  const operations = async (): Promise<number[]> => {
    await lower.sync.seal();
    const rows = await lower.api.record.db<{ operation: string }[]>`
      select operation from sync_outbox where state = 'waiting' order by position`;
    return rows.map(({ operation }) => JSON.parse(operation).versions.length);
  };
  expect(await operations()).toEqual([4, 1]);
  await agree(lower, upper);
  for (const { id } of patients)
    expect((await upper.api.ask('GET', `Observation?patient=${id}&code:text=one,two`)).body.entry).toHaveLength(2);
});

test('what is deleted, or moved, before anybody was told is told as whose it was', async () => {
  const { upper, lower } = await bothNodes('deleted');
  const [one, other] = [
    await upper.api.make({ resourceType: 'Patient' }),
    await upper.api.make({ resourceType: 'Patient' }),
  ];
  const gone = await upper.api.make(observed(one.id, 'gone'));
  await upper.api.ask('DELETE', `Observation/${gone.id}`);
  const { id } = await upper.api.make(observed(one.id, 'moved'));
  await upper.api.ask('PUT', `Observation/${id}`, { ...observed(other.id, 'moved'), id });
  await agree(lower, upper);
  const known = await lower.api.record.db`select resource from sync_version where resource like 'Observation/%'`;
  expect(known, 'nobody is admitted').toEqual([]);
});

test('what is large comes nearly alone: a message holds no more than its share, either way', async () => {
  const { upper, lower } = await bothNodes('large', 40_000);
  const patient = await upper.api.make({ resourceType: 'Patient' });
  await upper.api.make(admitted(patient.id));
  await agree(lower, upper);
  const large = (name: string): object => ({
    ...observed(patient.id, name),
    note: [{ text: name.repeat(2500) }],
  });
  for (const name of ['region1 ', 'region2 ', 'region3 ']) await upper.api.make(large(name));
  for (const name of ['a-site1 ', 'a-site2 ', 'a-site3 ']) await lower.api.make(large(name));
  const counts: number[] = [];
  for (let asked = 0; asked < 12; asked++) {
    const answer = await exchange(lower, upper);
    if (answer?.kind === 'page' && answer.entries.length > 0) counts.push(answer.entries.length);
    if (answer?.kind === 'verdicts') counts.push(-answer.verdicts.length);
  }
  await agree(lower, upper);
  expect(Math.max(...counts.map(Math.abs)), String(counts)).toBeLessThan(4);
  for (const { api } of [upper, lower])
    expect((await api.ask('GET', `Observation?patient=${patient.id}&_elements=id`)).body.entry).toHaveLength(6);
});
