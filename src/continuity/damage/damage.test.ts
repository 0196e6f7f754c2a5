/** What the disk, or a hand from outside, did to the record: found, refused in plain words, and healed from another node. */
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { agree, startNode, type NodeForTest } from '../node/nodes-for-test.ts';
import type { Child, NodeFacts } from '../protocol/view.ts';
import { countDamaged, healBelow, healShape } from './index.ts';
import { healOverLine, type Healing } from './heal.ts';
import { scrubRecord } from './record-scrub.ts';
import { testRegion, type TestNode } from '../line/region-for-test.ts';

const siteSubtree = new Set(['site-a']);
const child: Child = { name: 'site-a', tier: 'site', subtree: siteSubtree };
const region: NodeFacts = {
  name: 'region',
  writer: 'region',
  tier: 'region',
  upstream: undefined,
  subtree: new Set(['region', 'site-a']),
  children: [child],
};
const siteA: NodeFacts = { ...region, ...child, writer: 'site-a', upstream: 'region', children: [] };
const stay = (patient: string, place: string): object => ({
  resourceType: 'Encounter',
  status: 'in-progress',
  class: { code: 'IMP' },
  subject: { reference: `Patient/${patient}` },
  serviceProvider: { reference: place },
});
const observed = (patient: string, text: string): object => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text },
  subject: { reference: `Patient/${patient}` },
});

async function bothNodes(name: string): Promise<{ upper: NodeForTest; lower: NodeForTest; patient: string }> {
  const [upper, lower] = [await startNode(region, name), await startNode(siteA, name)];
  onTestFinished(async () => {
    await upper.api.close();
    await lower.api.close();
  });
  const { id: patient } = await upper.api.make({ resourceType: 'Patient' });
  await upper.api.make(stay(patient, 'Organization/site-a-1'));
  return { upper, lower, patient };
}

const deps = (node: NodeForTest) => ({ db: node.api.record.db, fhir: node.api.record.fhir, sync: node.sync });
/** As over the line: checked on both sides. */
const heal = (lower: NodeForTest, upper: NodeForTest, seen: Healing[] = []): Promise<number> =>
  healOverLine(deps(lower), async (body) => {
    seen.push(body);
    return JSON.stringify(await healBelow(deps(upper), child, healShape.parse(JSON.parse(JSON.stringify(body)))));
  });
const readThrough = async ({ api }: NodeForTest): Promise<void> => {
  await api.record.db`update record_scrub set began = null`;
  const scrubbing = { db: api.record.db, clock: systemClock, bytesPerSecond: 1e9, everyMs: 1e9 };
  expect(await scrubRecord(scrubbing, 60_000)).toBe('done');
};
const edit = (db: Db, id: string, from: string, to: string): Promise<unknown> =>
  db`update version set content = replace(content, ${from}, ${to}) where id = ${id}`;

test('what can not be read is refused in plain words with the time to come again, found by reading through, and healed from above', async () => {
  const { upper, lower, patient } = await bothNodes('damage_page');
  const { id } = await upper.api.make(observed(patient, 'of the damaged page'));
  const { id: other } = await upper.api.make(observed(patient, 'of another'));
  await agree(lower, upper);
  const { db } = lower.api.record;
  await db.unsafe(`
    create function refused(text) returns text stable language plpgsql as $$ begin raise 'invalid page in block 1' using errcode = 'XX001'; end $$;
    alter table version rename to version_kept;
    create view version as select n, updated, bucket, version, type, id, version_id, interaction, together,
      case when id = '${id}' then refused(content) else content end as content from version_kept;`);
  const refused = await lower.api.ask('GET', `Observation/${id}`);
  expect(refused.status).toBe(503);
  expect(refused.text).toContain('damaged on the disk');
  expect(refused.headers['retry-after']).toBe('60');
  expect((await lower.api.ask('GET', `Observation/${other}`)).status).toBe(200);
  await readThrough(lower);
  expect(await countDamaged(db)).toBe(1);
  await db.unsafe(`drop view version; alter table version_kept rename to version; drop function refused;
    delete from version where id = '${id}'`);

  expect(await heal(lower, upper)).toBe(1);
  const there = await lower.api.ask('GET', `Observation/${id}`);
  expect(there.text).toBe((await upper.api.ask('GET', `Observation/${id}`)).text);
  expect(there.headers['etag']).toBe('W/"1-region"');
  expect(await countDamaged(db)).toBe(0);
  await readThrough(lower);
  expect(await countDamaged(db)).toBe(0);
  const changed = { ...observed(patient, 'changed afterwards'), id };
  expect((await lower.api.ask('PUT', `Observation/${id}`, changed)).status).toBe(200);
  await agree(lower, upper);
  expect((await upper.api.ask('GET', `Observation/${id}`)).body.code.text).toBe('changed afterwards');
});

test('what somebody edited in the database is found at either side, and is again what was written', async () => {
  const { upper, lower, patient } = await bothNodes('damage_edit');
  const { id: below } = await upper.api.make(observed(patient, 'potassium 4.1'));
  const { id: above } = await lower.api.make(observed(patient, 'sodium 140'));
  await agree(lower, upper);
  await edit(lower.api.record.db, below, '4.1', '2.1');
  await edit(upper.api.record.db, above, '140', '120');
  await readThrough(lower);
  await readThrough(upper);
  expect(await countDamaged(lower.api.record.db)).toBe(1);
  expect(await countDamaged(upper.api.record.db)).toBe(1);
  await heal(lower, upper);
  expect((await lower.api.ask('GET', `Observation/${below}`)).body.code.text).toBe('potassium 4.1');
  expect((await upper.api.ask('GET', `Observation/${above}`)).body.code.text).toBe('sodium 140');
  expect(await countDamaged(upper.api.record.db)).toBe(0);
});

test('nobody changes the record by healing: what was not damaged, or is not what the seal says, is not taken; nor is told of a patient who is not theirs', async () => {
  const { upper, lower, patient } = await bothNodes('damage_hostile');
  const { id } = await upper.api.make(observed(patient, 'as it was'));
  const { id: stranger } = await upper.api.make({ resourceType: 'Patient' });
  const { id: secret } = await upper.api.make(observed(stranger, 'of somebody else'));
  await agree(lower, upper);
  const rows = await upper.api.record.db<{ bucket: number; resource: string; version: string; seal: string }[]>`
    select bucket, resource, version_id as version, seal from sync_version where resource = any(${[`Observation/${id}`, `Observation/${secret}`]})`;
  const wanted = [...rows];
  const answered = await healBelow(deps(upper), child, { wanted, given: [] });
  expect(answered.given.map(({ resource }) => resource)).toEqual([`Observation/${id}`]);
  const forged = answered.given.map((one) => ({
    ...one,
    content: one.content?.replace('as it was', 'forged') ?? null,
  }));
  await healBelow(deps(upper), child, { wanted: [], given: forged });
  expect((await upper.api.ask('GET', `Observation/${id}`)).body.code.text).toBe('as it was');
  await edit(upper.api.record.db, id, 'as it was', 'edited');
  await readThrough(upper);
  await healBelow(deps(upper), child, { wanted: [], given: forged });
  expect((await upper.api.ask('GET', `Observation/${id}`)).body.code.text, 'not by a forged one').toBe('edited');
  await heal(lower, upper);
  expect((await upper.api.ask('GET', `Observation/${id}`)).body.code.text).toBe('as it was');
});

test('over the real line a node heals by itself what was edited at it, and tells the number until then', async () => {
  const hospital = 'Organization/hospital-a';
  const { region: top, join } = await testRegion('damage');
  await top.ask('PUT', hospital, { resourceType: 'Organization', id: 'hospital-a', name: 'A' });
  const patient = (await top.make({ resourceType: 'Patient' })).id as string;
  await top.make(stay(patient, hospital));
  const { id } = await top.make(observed(patient, 'potassium 4.1'));
  const { joined: site, line } = await join('site-a', [hospital]);
  const textAt = async (node: TestNode): Promise<string> =>
    (await node.ask('GET', `Observation/${id}`)).body?.code?.text ?? '';
  const within = { timeout: 30_000, interval: 200 };
  await expect.poll(() => textAt(site), within).toBe('potassium 4.1');
  line.cut();
  await edit(site.node.db, id, '4.1', '2.1');
  await site.node.db`update record_scrub set began = null`;
  await expect.poll(() => countDamaged(site.node.db), within).toBe(1);
  line.restore();
  await expect.poll(() => textAt(site), within).toBe('potassium 4.1');
  await expect.poll(() => countDamaged(site.node.db), within).toBe(0);
}, 120_000);
