import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wholeGrant } from '../../../test/support/grant.ts';
import type { Change } from '../record/writer.ts';
import type { Resource } from '../types.ts';
import { exportRecord, readAll, work, type ExportRecord } from './export-for-test.ts';

const put = (resource: Resource): Change => ({ interaction: 'update', resource, id: resource.id as string });
const remove = (type: string, id: string): Change => ({ interaction: 'delete', type, id });
const patient = (id: string): Resource => ({ resourceType: 'Patient', id });
const observation = (id: string, of: string, status = 'final'): Resource => ({
  resourceType: 'Observation',
  id,
  status,
  code: { text: 'pulse' },
  subject: { reference: `Patient/${of}` },
});

const keysOf = (found: Record<string, Resource[]>): string[] =>
  Object.entries(found)
    .flatMap(([type, resources]) => resources.map(({ id }) => `${type}/${id}`))
    .sort();

async function exported(
  record: ExportRecord,
  request: Parameters<ExportRecord['ask']>[0],
): Promise<Record<string, Resource[]>> {
  const id = await record.exports.begin(record.ask(request), undefined);
  await work(record.exports, id);
  return readAll(record, id);
}

test('an export of everything has every resource as it was written, in files a type and part', async () => {
  const record = await exportRecord('export_all', { fileResourcesMax: 4 });
  await record.writer.apply(wholeGrant, [
    put(patient('a')),
    put({ resourceType: 'Organization', id: 'o', name: 'Åse & sønn' }),
  ]);
  await record.writer.apply(
    wholeGrant,
    Array.from({ length: 10 }, (_, i) => put(observation(`b${i}`, 'a'))),
  );
  await record.writer.apply(wholeGrant, [remove('Observation', 'b9')]);
  const id = await record.exports.begin(record.ask({}), undefined);
  await work(record.exports, id);
  const found = await readAll(record, id);
  expect(keysOf(found)).toHaveLength(11);
  expect(found['Organization']?.[0]).toMatchObject({ name: 'Åse & sønn', meta: { versionId: '1-test' } });
  const job = await record.exports.find(id, undefined);
  expect(job?.state).toBe('done');
  expect(job?.files.map(({ name, count }) => `${name} ${count}`).sort()).toEqual([
    'Observation-1.ndjson 4',
    'Observation-2.ndjson 4',
    'Observation-3.ndjson 1',
    'Organization-1.ndjson 1',
    'Patient-1.ndjson 1',
  ]);
});

test('nothing written after the kick-off is in an export, and nothing that was there is missing from it', async () => {
  const record = await exportRecord('export_cut');
  await record.writer.apply(wholeGrant, [
    put(patient('a')),
    put(patient('b')),
    put(observation('x', 'a')),
    put(observation('y', 'a')),
  ]);
  const id = await record.exports.begin(record.ask({}), undefined);
  await record.writer.apply(wholeGrant, [
    put(observation('x', 'a', 'amended')),
    put(observation('z', 'a')),
    remove('Observation', 'y'),
  ]);
  await record.writer.apply(wholeGrant, [put(observation('x', 'b', 'corrected'))]);
  await work(record.exports, id);
  const found = await readAll(record, id);
  expect(keysOf(found)).toEqual(['Observation/x', 'Observation/y', 'Patient/a', 'Patient/b']);
  expect(found['Observation']?.find((o) => o.id === 'x')).toMatchObject({
    status: 'final',
    subject: { reference: 'Patient/a' },
  });
  const time = (await record.exports.find(id, undefined))?.transactionTime as number;
  for (const { meta } of Object.values(found).flat())
    expect(Date.parse(meta?.lastUpdated as string)).toBeLessThanOrEqual(time);
});

test('an export since an earlier one has exactly what changed between, and what was deleted', async () => {
  const record = await exportRecord('export_since');
  await record.writer.apply(wholeGrant, [
    put(patient('a')),
    put(observation('x', 'a')),
    put(observation('y', 'a')),
    put(observation('w', 'a')),
  ]);
  const first = await record.exports.begin(record.ask({}), undefined);
  const since = (await record.exports.find(first, undefined))?.transactionTime as number;
  await record.writer.apply(wholeGrant, [
    put(observation('x', 'a', 'amended')),
    put(observation('z', 'a')),
    remove('Observation', 'y'),
  ]);
  await record.writer.apply(wholeGrant, [remove('Observation', 'w')]);
  await record.writer.apply(wholeGrant, [put(observation('w', 'a'))]);
  const found = await exported(record, { since });
  const { deleted = [], ...rest } = found;
  expect(keysOf(rest)).toEqual(['Observation/w', 'Observation/x', 'Observation/z']);
  expect(deleted).toEqual([
    { resourceType: 'Bundle', type: 'transaction', entry: [{ request: { method: 'DELETE', url: 'Observation/y' } }] },
  ]);
});

test('an export since any other instant goes by the times of the versions', async () => {
  const record = await exportRecord('export_instant');
  const [old] = await record.writer.apply(wholeGrant, [put(patient('a'))]);
  while (Date.now() <= (old?.updated as number)) await new Promise(setImmediate);
  const [young] = await record.writer.apply(wholeGrant, [put(patient('b'))]);
  expect(keysOf(await exported(record, { since: young?.updated as number }))).toEqual(['Patient/b']);
});

test('an export of all patients has what belongs to a patient, and no more', async () => {
  const record = await exportRecord('export_patients');
  await record.writer.apply(wholeGrant, [
    put(patient('a')),
    put(observation('x', 'a')),
    put({ resourceType: 'Observation', id: 'bench', status: 'final', code: { text: 'control' } }),
    put({ resourceType: 'Organization', id: 'o', name: 'Ward' }),
  ]);
  expect(keysOf(await exported(record, { level: 'patient' }))).toEqual(['Observation/x', 'Patient/a']);
});

test('an export of some patients has their records, what they share with others included, as they were at the kick-off', async () => {
  const record = await exportRecord('export_group');
  const meeting = (id: string, ...of: string[]): Resource => ({
    resourceType: 'Appointment',
    id,
    status: 'booked',
    participant: of.map((one) => ({ actor: { reference: `Patient/${one}` }, status: 'accepted' })),
  });
  await record.writer.apply(
    wholeGrant,
    ['a', 'b', 'c', 'd'].map((id) => put(patient(id))),
  );
  await record.writer.apply(wholeGrant, [
    put(observation('x', 'a')),
    put(observation('y', 'c')),
    put(meeting('both', 'c', 'b')),
    put(meeting('within', 'a', 'b')),
    put(meeting('left', 'd', 'b')),
    put(meeting('others', 'c', 'd')),
    put(observation('moved', 'b')),
  ]);
  const request = record.ask({ level: 'patient', patients: ['a', 'b'] });
  const id = await record.exports.begin(request, undefined);
  await record.writer.apply(wholeGrant, [
    put(meeting('left', 'd')),
    put(meeting('others', 'd', 'a')),
    put(observation('moved', 'd')),
  ]);
  await work(record.exports, id);
  expect(keysOf(await readAll(record, id))).toEqual([
    'Appointment/both',
    'Appointment/left',
    'Appointment/within',
    'Observation/moved',
    'Observation/x',
    'Patient/a',
    'Patient/b',
  ]);
});

test('filters choose among a type, and elements leave the rest of it out', async () => {
  const record = await exportRecord('export_filter');
  await record.writer.apply(wholeGrant, [
    put(patient('a')),
    put(observation('x', 'a')),
    put(observation('y', 'a', 'amended')),
  ]);
  const found = await exported(record, {
    filters: [{ type: 'Observation', parameters: [['status', 'amended']] }],
    elements: { Observation: ['subject'] },
  });
  expect(keysOf(found)).toEqual(['Observation/y', 'Patient/a']);
  expect(Object.keys(found['Observation']?.[0] ?? {}).sort()).toEqual([
    'code',
    'id',
    'meta',
    'resourceType',
    'status',
    'subject',
  ]);
  expect(found['Patient']?.[0]?.meta).not.toHaveProperty('tag');
});

test('an export that was cut off goes on from its last checkpoint, and writes nothing twice', async () => {
  const record = await exportRecord('export_cut_off', { checkpointMs: 0 });
  await record.writer.apply(
    wholeGrant,
    Array.from({ length: 60 }, (_, i) => put(patient(`p${i}`))),
  );
  const id = await record.exports.begin(record.ask({}), undefined);
  const stop = new AbortController();
  const ended = work(record.open(), id, stop.signal).catch((error: unknown) => error);
  for (
    let job = await record.exports.find(id, undefined);
    (job?.nextBucket ?? 0) < 200;
    job = await record.exports.find(id, undefined)
  ) {
    expect(job?.state).not.toBe('done');
  }
  stop.abort(new Error('the node stops'));
  await ended;
  const between = await record.exports.find(id, undefined);
  expect(between?.state).toBe('running');
  await work(record.open(), id);
  const found = await readAll(record, id);
  expect(keysOf(found)).toEqual(Array.from({ length: 60 }, (_, i) => `Patient/p${i}`).sort());
});

test('an export whose files were lost is begun again', async () => {
  const record = await exportRecord('export_lost');
  await record.writer.apply(wholeGrant, [put(patient('a'))]);
  const id = await record.exports.begin(record.ask({}), undefined);
  await record.db`update export_job set state = 'running', node = 'test', next_bucket = 900,
    files = ${record.db.json([{ name: 'Patient-1.ndjson', of: 'Patient', count: 7, bytes: 700 }])} where id = ${id}`;
  await work(record.exports, id);
  expect(keysOf(await readAll(record, id))).toEqual(['Patient/a']);
});

test('an export that is cancelled takes its files with it; one that expired does too', async () => {
  const record = await exportRecord('export_cancel', { keptMs: -1000 });
  await record.writer.apply(wholeGrant, [put(patient('a'))]);
  const [cancelled, expired] = [
    await record.exports.begin(record.ask({}), undefined),
    await record.exports.begin(record.ask({}), undefined),
  ];
  await work(record.exports, cancelled);
  await work(record.exports, expired);
  expect(await record.exports.remove(cancelled, undefined)).toBe(true);
  expect(await record.exports.remove(cancelled, undefined)).toBe(false);
  expect(readdirSync(record.folder)).toEqual([expired]);
  await record.exports.handlers['export-prune']?.({}, { signal: new AbortController().signal, attempt: 1 });
  expect(await record.exports.find(expired, undefined)).toBeUndefined();
  expect(readdirSync(record.folder)).toEqual([]);
});

test('an export that fails is tried again, then given up with an outcome that tells nothing of the inside', async () => {
  const record = await exportRecord('export_fails');
  await record.writer.apply(wholeGrant, [put(patient('a'))]);
  const file = join(record.folder, 'in-the-way');
  writeFileSync(file, '');
  const failing = record.open({ folder: file });
  const id = await failing.begin(record.ask({}), undefined);
  for (let attempt = 1; attempt <= 3; attempt++) {
    expect((await failing.find(id, undefined))?.state).not.toBe('failed');
    await expect(work(failing, id)).rejects.toThrow('ENOTDIR');
  }
  const job = await failing.find(id, undefined);
  expect([job?.state, job?.failure?.status, job?.failure?.issue[0]?.code]).toEqual(['failed', 500, 'exception']);
  expect(JSON.stringify(job?.failure)).not.toContain(file);
});

test('no more exports are taken than may wait', async () => {
  const record = await exportRecord('export_busy', { unfinishedMax: 2 });
  for (let i = 0; i < 2; i++) await record.exports.begin(record.ask({}), undefined);
  await expect(record.exports.begin(record.ask({}), undefined)).rejects.toMatchObject({ kind: 'busy' });
});

test('while eight writers write, an export has exactly the versions of its cut', async () => {
  const record = await exportRecord('export_concurrent');
  const { db, writer, exports } = record;
  const patients = Array.from({ length: 12 }, (_, i) => `p${i}`);
  await writer.apply(
    wholeGrant,
    patients.map((id) => put(patient(id))),
  );
  let writing = true;
  const writeOn = async (seed: number): Promise<void> => {
    let state = seed;
    const pick = (limit: number): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % limit;
    while (writing) {
      const id = `o${pick(60)}`;
      const change =
        pick(5) === 0 ? remove('Observation', id) : put(observation(id, patients[pick(12)] as string, `s${pick(9)}`));
      await writer.apply(wholeGrant, [change]);
    }
  };
  const writers = Promise.all(Array.from({ length: 8 }, (_, i) => writeOn(i + 1)));
  const ids: string[] = [];
  for (let round = 0; round < 4; round++) {
    const since =
      round % 2 === 1 ? (await exports.find(ids[round - 1] as string, undefined))?.transactionTime : undefined;
    const id = await exports.begin(record.ask(since === undefined ? {} : { since }), undefined);
    await work(exports, id);
    ids.push(id);
  }
  writing = false;
  await writers;
  const current = await versionsNow(record);
  for (const id of ids) {
    const { deleted = [], ...found } = await readAll(record, id);
    expect(versionsOf(found)).toEqual(await versionsOfCut(record, id, false));
    expect(versionsOf(found), 'the writers must have gone on, or this proves nothing').not.toEqual(current);
    const gone = deleted
      .flatMap((bundle) => bundle['entry'] as { request: { url: string } }[])
      .map((e) => e.request.url);
    const isSince = (await exports.find(id, undefined))?.request.since !== undefined;
    expect(gone.sort()).toEqual(isSince ? await versionsOfCut(record, id, true) : []);
  }
  expect(
    (await db<{ count: number }[]>`select count(*) as count from version where bucket >= 0`)[0]?.count,
  ).toBeGreaterThan(100);
});

const versionsOf = (found: Record<string, Resource[]>): string[] =>
  Object.values(found)
    .flat()
    .map(({ resourceType, id, meta }) => `${resourceType}/${id}/${meta?.versionId}`)
    .sort();

async function versionsNow({ db }: ExportRecord): Promise<string[]> {
  const rows = await db<{ key: string }[]>`
    select type || '/' || id || '/' || version || '-test' as key from resource where not deleted and bucket >= 0`;
  return rows.map((row) => row.key).sort();
}

/** The same by brute force over every version: what was current at the cut, of what changed since the earlier one. */
async function versionsOfCut({ db, exports }: ExportRecord, id: string, deleted: boolean): Promise<string[]> {
  const job = await exports.find(id, undefined);
  const rows = await db<
    { bucket: number; n: number; type: string; id: string; versionId: string; interaction: string }[]
  >`
    select bucket, n, type, id, version_id as "versionId", interaction from version where bucket >= 0 order by version`;
  const last = new Map<string, (typeof rows)[number]>();
  for (const row of rows) {
    const key = `${row.bucket}/${row.type}/${row.id}`;
    if (row.n <= (job?.heads[row.bucket] as number)) last.set(key, row);
  }
  return [...last.values()]
    .filter(({ bucket, n }) => n > (job?.sinceHeads?.[bucket] ?? 0))
    .filter(({ interaction }) =>
      deleted ? interaction === 'delete' : interaction === 'create' || interaction === 'update',
    )
    .map((row) => (deleted ? `${row.type}/${row.id}` : `${row.type}/${row.id}/${row.versionId}`))
    .sort();
}
