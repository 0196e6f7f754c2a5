import { afterAll, expect, test } from 'vitest';
import { wholeGrant } from '../../../test/support/grant.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { Fault } from '#kernel/fault.ts';
import { bucketInId, patientBucket } from './bucket.ts';
import { plainWriter } from './record-for-test.ts';
import { findCurrent, findHistory, findVersion } from './store.ts';
import type { Change } from './writer.ts';

const db = testDatabase();
const writer = plainWriter(db);
afterAll(() => db.end());

const create = (resource: object): Change => ({ interaction: 'create', resource: resource as never });
const subject = (id: string): object => ({ resourceType: 'Observation', subject: { reference: `Patient/${id}` } });
const one = async (change: Change) => (await writer.apply(wholeGrant, [change]))[0]!;

test('gives a new resource an id that carries its bucket, a version that names the node, and keeps its text', async () => {
  const made = await one(create({ resourceType: 'Patient', active: true }));
  expect(bucketInId(made.id)).toBe(patientBucket(made.id));
  expect(made.versionId).toBe('1-test');
  const stored = await findCurrent(db, 'Patient', made.id);
  expect(stored?.content).toBe(made.content);
  expect(JSON.parse(made.content!)).toMatchObject({ id: made.id, active: true, meta: { versionId: '1-test' } });
});

test('puts what belongs to a patient into the bucket of the patient, whatever ids they have', async () => {
  const patient = await one({
    interaction: 'update',
    id: `chosen-${Date.now()}`,
    resource: { resourceType: 'Patient' },
  });
  const made = await one(create(subject(patient.id)));
  const chosen = await one({ interaction: 'update', id: `obs-${Date.now()}`, resource: subject(patient.id) as never });
  const buckets = await Promise.all([
    findCurrent(db, 'Patient', patient.id),
    findCurrent(db, 'Observation', made.id),
    findCurrent(db, 'Observation', chosen.id),
  ]);
  expect(new Set(buckets.map((b) => b?.bucket))).toEqual(new Set([patientBucket(patient.id)]));
});

test('refuses an update that names a version which is no longer the current one', async () => {
  const made = await one(create({ resourceType: 'Basic' }));
  await one({ interaction: 'update', id: made.id, resource: { resourceType: 'Basic' }, ifMatch: '1-test' });
  await expect(
    one({ interaction: 'update', id: made.id, resource: { resourceType: 'Basic' }, ifMatch: '1-test' }),
  ).rejects.toMatchObject({ kind: 'preconditionFailed' });
});

test('refuses the whole of a unit when one of its changes is refused', async () => {
  const made = await one(create({ resourceType: 'Basic' }));
  const id = `both-${Date.now()}`;
  await expect(
    writer.apply(wholeGrant, [
      { interaction: 'update', id, resource: { resourceType: 'Basic' } },
      { interaction: 'update', id: made.id, resource: { resourceType: 'Basic' }, ifMatch: '7-test' },
    ]),
  ).rejects.toMatchObject({ kind: 'preconditionFailed' });
  expect(await findCurrent(db, 'Basic', id)).toBeUndefined();
});

test('puts 40 concurrent updates of one resource in order, and loses none', async () => {
  const id = `busy-${Date.now()}`;
  await Promise.all(
    Array.from({ length: 40 }, (_, i) => one({ interaction: 'update', id, resource: { resourceType: 'Basic', i } })),
  );
  const versions = await findHistory(db, { type: 'Basic', id }, { limit: 100 });
  expect(versions.map((v) => v.version).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  expect(new Set(versions.map((v) => JSON.parse(v.content!).i)).size).toBe(40);
});

test('lets two processes write one resource without losing a version', async () => {
  const other = plainWriter(db);
  const id = `shared-${Date.now()}`;
  const writes = Array.from({ length: 20 }, (_, i) =>
    (i % 2 === 0 ? writer : other).apply(wholeGrant, [
      { interaction: 'update', id, resource: { resourceType: 'Basic', i } },
    ]),
  );
  const outcomes = await Promise.allSettled(writes);
  const acknowledged = outcomes.filter((o) => o.status === 'fulfilled').length;
  expect(await findHistory(db, { type: 'Basic', id }, { limit: 100 })).toHaveLength(acknowledged);
  expect(acknowledged).toBeGreaterThan(10);
});

test('moves a resource that now belongs to another patient, and finds all its versions', async () => {
  const [a, b] = [await one(create({ resourceType: 'Patient' })), await one(create({ resourceType: 'Patient' }))];
  const made = await one(create(subject(a.id)));
  await one({ interaction: 'update', id: made.id, resource: subject(b.id) as never, ifMatch: '1-test' });
  const moved = await findCurrent(db, 'Observation', made.id);
  expect(moved).toMatchObject({ version: 2, bucket: patientBucket(b.id) });
  await one({ interaction: 'update', id: made.id, resource: subject(a.id) as never });
  expect(await findCurrent(db, 'Observation', made.id)).toMatchObject({ version: 3, bucket: patientBucket(a.id) });
  const versions = await findHistory(db, { type: 'Observation', id: made.id }, { limit: 10 });
  expect(versions.map((v) => v.version).sort()).toEqual([1, 2, 3]);
  expect((await findVersion(db, 'Observation', made.id, '2-test'))?.content).toContain(b.id);
});

test('keeps a deletion as a version, and a resource can come back', async () => {
  const made = await one(create({ resourceType: 'Basic' }));
  await one({ interaction: 'delete', type: 'Basic', id: made.id });
  expect((await findCurrent(db, 'Basic', made.id))?.content).toBeNull();
  const back = await one({ interaction: 'update', id: made.id, resource: { resourceType: 'Basic' } });
  expect(back).toMatchObject({ versionId: '3-test', existed: false });
});

test('refuses a reference that leads nowhere, and takes one to a resource of the same unit or with a chosen id', async () => {
  const strict = plainWriter(db, 'strict');
  await expect(strict.apply(wholeGrant, [create(subject('nobody'))])).rejects.toMatchObject({ kind: 'unprocessable' });
  const id = `same-${Date.now()}`;
  await strict.apply(wholeGrant, [
    { interaction: 'update', id, resource: { resourceType: 'Patient' } },
    create(subject(id)),
  ]);
  const chosen = `enc-${Date.now()}`;
  await strict.apply(wholeGrant, [
    { interaction: 'update', id: chosen, resource: { ...subject(id), resourceType: 'Encounter' } as never },
  ]);
  await strict.apply(wholeGrant, [create({ ...subject(id), encounter: { reference: `Encounter/${chosen}` } })]);
});

test('tells one bad unit from its good neighbours in a group', async () => {
  const strict = plainWriter(db, 'strict');
  const patient = await one(create({ resourceType: 'Patient' }));
  const outcomes = await Promise.allSettled(
    Array.from({ length: 30 }, (_, i) =>
      strict.apply(wholeGrant, [create(subject(i % 5 === 0 ? 'nobody' : patient.id))]),
    ),
  );
  expect(outcomes.filter((o) => o.status === 'rejected')).toHaveLength(6);
});

test('refuses an illegal id', async () => {
  for (const id of ['', 'a b', 'å', 'x'.repeat(65), '../x', 'a/b']) {
    await expect(one({ interaction: 'update', id, resource: { resourceType: 'Basic' } })).rejects.toMatchObject({
      kind: 'invalid',
    });
  }
});

test('what allowed a change is looked at again under the lock: who came between is heard, and neighbours in the group are not refused', async () => {
  const patient = await one(create({ resourceType: 'Patient' }));
  const id = `holder-${Date.now()}`;
  const holder = async (): Promise<string | undefined> => {
    const content = (await findCurrent(db, 'Basic', id))?.content;
    return content == null ? undefined : JSON.parse(content).code.text;
  };
  const name = (text: string): Promise<unknown> =>
    one({
      interaction: 'update',
      id,
      resource: { resourceType: 'Basic', code: { text }, subject: { reference: `Patient/${patient.id}` } } as never,
    });
  let asked = 0;
  const between = ['us', 'them'];
  const guarded = plainWriter(db, 'lenient', async (changes) => {
    if (changes.some(({ resource }) => resource?.['status'] === 'free')) return [];
    asked++;
    const found = await findCurrent(db, 'Basic', id);
    const text = await holder();
    if (text === 'them') throw new Fault('conflict', 'They have it.');
    const next = between.shift();
    if (next !== undefined) await name(next);
    return [{ type: 'Basic', id, bucket: patientBucket(patient.id), n: found?.n ?? 0 }];
  });
  const write = (status: string) => guarded.apply(wholeGrant, [create({ ...subject(patient.id), status })]);
  const [refused, free] = await Promise.allSettled([write('held'), write('free')]);
  expect(refused).toMatchObject({ status: 'rejected', reason: { kind: 'conflict', message: 'They have it.' } });
  expect([free.status, asked, await holder()]).toEqual(['fulfilled', 3, 'them']);
});
