import { expect, onTestFinished, test } from 'vitest';
import { wholeGrant } from '../../../test/support/grant.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { loadDefinitions, type Definitions } from '../definitions/index.ts';
import { compile } from '../fhirpath/index.ts';
import { createCommitter } from '../record/committer.ts';
import { createWriter, type Change, type Writer } from '../record/writer.ts';
import { createSearch, runSearch } from '../search/index.ts';
import type { Resource } from '../types.ts';
import { createReindex, createWritesUnderWay, type Reindex } from './index.ts';

const put = (resource: Resource): Change => ({ interaction: 'update', resource, id: resource.id as string });
const patient = (id: string, place: string): Resource => ({
  resourceType: 'Patient',
  id,
  extension: [{ url: 'http://example.no/place', valueString: place }],
});
const place: Resource = {
  resourceType: 'SearchParameter',
  id: 'place',
  url: 'http://example.no/SearchParameter/place',
  name: 'place',
  status: 'active',
  description: 'Where the patient was born',
  code: 'place',
  base: ['Patient'],
  type: 'string',
  expression: "Patient.extension.where(url='http://example.no/place').value",
};

type Process = {
  db: Db;
  writer: Writer;
  reindex: Reindex;
  find(parameters: [string, string][]): Promise<string[]>;
  /** Does what is in the queue; answers how many jobs. */
  work(signal?: AbortSignal): Promise<number>;
};

const definitions: Definitions = loadDefinitions();

/** A process over the database: its own search, its own writer, its own queue. */
async function processOn(url: string, known: Definitions = definitions, isNode = true): Promise<Process> {
  const db = openDatabase(url, { connectionsMax: 6 });
  onTestFinished(() => db.end());
  const ids = systemIds(systemClock);
  const search = createSearch({ definitions: known, compile });
  const under = createWritesUnderWay();
  const committer = createCommitter(db);
  const check = { validate: () => ({ issues: [], references: [] }) };
  const deps = { db, committer, clock: systemClock, ids, node: 'test', indexer: search, check };
  const writer = under.follow(createWriter({ ...deps, references: 'lenient' }));
  const common = { db, clock: systemClock, ids, search, compile, writesSettled: () => under.settled() };
  const reindex = createReindex({ ...common, definitions: known, limits: { pageMax: 3, share: 1, noteMs: 200 } });
  committer.onWritten(({ writes }) => {
    for (const write of writes) reindex.onWritten(write);
  });
  await reindex.load();
  const queue: unknown[] = [];
  if (isNode) await reindex.start({ add: async (_name, payload) => void queue.push(payload) });
  return {
    db,
    writer,
    reindex,
    async find(parameters) {
      const query = reindex.guarded.parse('Patient', parameters, { lenient: false });
      return (await runSearch({ db, search, grant: wholeGrant }, query)).rows.map(({ id }) => id).sort();
    },
    async work(signal = new AbortController().signal) {
      await reindex.settled();
      let done = 0;
      for (let payload = queue.shift(); payload !== undefined; payload = queue.shift(), done++) {
        await reindex.handlers['reindex']?.(payload, { signal, attempt: 1 });
      }
      return done;
    },
  };
}

async function told(reindex: Reindex): Promise<string | undefined> {
  return (await reindex.status()).job?.state;
}

test('a new search parameter is refused until it is filled, then finds what was written before it and after', async () => {
  const { db, writer, reindex, find, work } = await processOn(await ownDatabaseUrl('reindex_new'));
  await writer.apply(wholeGrant, [put(patient('a', 'Tromsø')), put(patient('b', 'Bodø')), put(patient('c', 'Tromsø'))]);
  const versions = await db`select count(*) from version where bucket >= 0`;
  await writer.apply(wholeGrant, [put(place)]);
  await expect(find([['place', 'tromso']])).rejects.toMatchObject({ kind: 'unavailable' });
  await expect(find([['_sort', 'place']])).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await find([['_id', 'a']])).toEqual(['a']);
  await writer.apply(wholeGrant, [put(patient('d', 'Tromsø'))]);
  await expect(find([['place', 'tromso']])).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await work()).toBe(1);
  expect(await find([['place', 'tromso']])).toEqual(['a', 'c', 'd']);
  const status = await reindex.status();
  expect(status).toMatchObject({ job: { state: 'done', walked: 1 }, pending: [] });
  expect(status.job?.seen).toBeGreaterThanOrEqual(3);
  const [before, after] = [
    versions[0]?.['count'] as number,
    (await db`select count(*) from version where bucket >= 0`)[0]?.['count'] as number,
  ];
  expect(after - before).toBe(2);
});

test('a parameter of a type without resources, and one whose values are indexed already, are in use at once', async () => {
  const { writer, find, work } = await processOn(await ownDatabaseUrl('reindex_empty'));
  await writer.apply(wholeGrant, [put(place)]);
  expect(await work()).toBe(0);
  await writer.apply(wholeGrant, [put(patient('a', 'Bodø'))]);
  expect(await find([['place', 'bodo']])).toEqual(['a']);
  await writer.apply(wholeGrant, [
    put({
      ...place,
      id: 'sex',
      url: 'http://example.no/sex',
      code: 'sex',
      type: 'token',
      expression: 'Patient.gender',
    }),
  ]);
  expect(await find([['sex', 'male']])).toEqual([]);
});

test('a parameter that is retired or deleted is not known any more, and is filled anew when it comes back', async () => {
  const { writer, find, work } = await processOn(await ownDatabaseUrl('reindex_gone'));
  await writer.apply(wholeGrant, [put(patient('a', 'Bodø'))]);
  await writer.apply(wholeGrant, [put(place)]);
  await work();
  await writer.apply(wholeGrant, [put({ ...place, status: 'retired' })]);
  await expect(find([['place', 'bodo']])).rejects.toMatchObject({ kind: 'invalid' });
  await work();
  await writer.apply(wholeGrant, [put(patient('b', 'Bodø'))]);
  await writer.apply(wholeGrant, [put(place)]);
  await expect(find([['place', 'bodo']])).rejects.toMatchObject({ kind: 'unavailable' });
  await work();
  expect(await find([['place', 'bodo']])).toEqual(['a', 'b']);
  await writer.apply(wholeGrant, [{ interaction: 'delete', type: 'SearchParameter', id: 'place' }]);
  await expect(find([['place', 'bodo']])).rejects.toMatchObject({ kind: 'invalid' });
});

test('the next start takes stored parameters into use, and goes on with a fill that was cut off', async () => {
  const url = await ownDatabaseUrl('reindex_start');
  const first = await processOn(url);
  await first.writer.apply(
    wholeGrant,
    Array.from({ length: 40 }, (_, i) => put(patient(`p${i}`, 'Bodø'))),
  );
  await first.writer.apply(wholeGrant, [put(place)]);
  await first.reindex.settled();
  const stop = new AbortController();
  const cutOff = first.work(stop.signal).catch((error: unknown) => error);
  while (((await first.reindex.status()).job?.seen ?? 0) < 10) expect(await told(first.reindex)).not.toBe('done');
  stop.abort(new Error('the node stops'));
  await cutOff;
  const seen = (await first.reindex.status()).job?.seen as number;
  expect(seen).toBeLessThan(40);
  const second = await processOn(url);
  await expect(second.find([['place', 'bodo']])).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await second.work()).toBe(1);
  expect(await second.find([['place', 'bodo']])).toHaveLength(40);
  expect((await second.reindex.status()).job).toMatchObject({ seen: 40, changed: 40 });
  const third = await processOn(url);
  expect(await third.work()).toBe(0);
  expect(await third.find([['place', 'bodo']])).toHaveLength(40);
});

test('a process that does not do the walk itself takes the parameter into use when another has done it', async () => {
  const url = await ownDatabaseUrl('reindex_other');
  const [first] = [await processOn(url)];
  await first.writer.apply(wholeGrant, [put(patient('a', 'Bodø'))]);
  await first.writer.apply(wholeGrant, [put(place)]);
  await first.reindex.settled();
  const second = await processOn(url);
  await expect(second.find([['place', 'bodo']])).rejects.toMatchObject({ kind: 'unavailable' });
  await first.work();
  await expect.poll(() => second.find([['place', 'bodo']]).catch(() => []), { timeout: 5000 }).toEqual(['a']);
});

test('a process takes into use what another has stored, and what it writes from then on is found', async () => {
  const url = await ownDatabaseUrl('reindex_two');
  const [first, second] = [await processOn(url), await processOn(url)];
  await first.writer.apply(wholeGrant, [put(patient('a', 'Bodø'))]);
  await first.writer.apply(wholeGrant, [put(place)]);
  await first.reindex.settled();
  await expect.poll(async () => (await second.reindex.status()).pending).toHaveLength(1);
  await second.writer.apply(wholeGrant, [put(patient('b', 'Bodø'))]);
  await first.work();
  await second.work();
  for (const one of [first, second]) {
    await expect.poll(() => one.find([['place', 'bodo']]).catch(() => []), { timeout: 5000 }).toEqual(['a', 'b']);
  }
});

test('a command beside a node fills nothing by itself: the node does, when it hears of it', async () => {
  const url = await ownDatabaseUrl('reindex_command');
  const node = await processOn(url);
  const command = await processOn(url, definitions, false);
  await command.writer.apply(wholeGrant, [put(place)]);
  await command.reindex.settled();
  await expect.poll(() => node.find([['place', 'bodo']]).catch(() => undefined)).toEqual([]);
  await node.writer.apply(wholeGrant, [put(patient('a', 'Bodø'))]);
  expect(await node.find([['place', 'bodo']])).toEqual(['a']);
  await command.writer.apply(wholeGrant, [
    put({
      ...place,
      id: 'born',
      url: 'http://example.no/born',
      code: 'born',
      expression: `${place['expression'] as string}.lower()`,
    }),
  ]);
  await expect
    .poll(() => node.find([['born', 'bodo']]).catch((error: { kind: string }) => error.kind))
    .toBe('unavailable');
  await expect.poll(() => node.work()).toBe(1);
  expect(await node.find([['born', 'bodo']])).toEqual(['a']);
});

test('a parameter that comes back while a walk is under way is filled by a new walk', async () => {
  const { writer, reindex, find, work } = await processOn(await ownDatabaseUrl('reindex_back'));
  await writer.apply(
    wholeGrant,
    Array.from({ length: 30 }, (_, i) => put(patient(`p${i}`, 'Bodø'))),
  );
  await writer.apply(wholeGrant, [put(place)]);
  await reindex.settled();
  const first = (await reindex.status()).job?.id;
  await writer.apply(wholeGrant, [put({ ...place, status: 'retired' })]);
  await writer.apply(wholeGrant, [put(patient('late', 'Bodø'))]);
  await writer.apply(wholeGrant, [put(place)]);
  await reindex.settled();
  expect((await reindex.status()).job?.id).not.toBe(first);
  await work();
  expect(
    await find([
      ['place', 'bodo'],
      ['_count', '100'],
    ]),
  ).toHaveLength(31);
});

test('what a release indexes more than the one before is filled at its start', async () => {
  const url = await ownDatabaseUrl('reindex_release');
  const older = {
    ...definitions,
    searchParameters: definitions.searchParameters.filter(({ code }) => code !== 'gender'),
  };
  const first = await processOn(url, older);
  await first.writer.apply(wholeGrant, [put({ resourceType: 'Patient', id: 'a', gender: 'male' })]);
  const second = await processOn(url);
  await expect(second.find([['gender', 'male']])).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await second.work()).toBe(1);
  expect(await second.find([['gender', 'male']])).toEqual(['a']);
});

test('an operator may index anew: what was damaged is found again, and searches are answered meanwhile', async () => {
  const { db, writer, reindex, find, work } = await processOn(await ownDatabaseUrl('reindex_asked'));
  await writer.apply(wholeGrant, [put({ resourceType: 'Patient', id: 'a', gender: 'male' })]);
  await db`update resource set tokens = '{}' where bucket >= 0`;
  await reindex.begin(['Patient']);
  expect(await find([['gender', 'male']])).toEqual([]);
  await work();
  expect(await find([['gender', 'male']])).toEqual(['a']);
});

test('while eight writers write, a new parameter is filled for exactly what is there', async () => {
  const { writer, find, work, reindex } = await processOn(await ownDatabaseUrl('reindex_concurrent'));
  const places = ['Bodø', 'Tromsø', 'Hamar'];
  const last = new Map<string, string>();
  let writing = true;
  const writeOn = async (seed: number): Promise<void> => {
    for (let i = 0; writing; i++) {
      // Each writer has patients of its own, so that the last place of each is known.
      const id = `w${seed}-${i % 25}`;
      const at = places[(seed + i) % 3] as string;
      await writer.apply(wholeGrant, [put(patient(id, at))]);
      last.set(id, at);
    }
  };
  const writers = Promise.all(Array.from({ length: 8 }, (_, i) => writeOn(i)));
  while (last.size < 100) await new Promise(setImmediate);
  await writer.apply(wholeGrant, [put(place)]);
  await work();
  writing = false;
  await writers;
  expect((await reindex.status()).job).toMatchObject({ state: 'done' });
  for (const one of places) {
    const expected = [...last].filter(([, at]) => at === one).map(([id]) => id);
    expect(
      await find([
        ['place', one],
        ['_count', '1000'],
      ]),
    ).toEqual(expected.sort());
  }
});
