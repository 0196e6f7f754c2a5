/** A node's log copied to the one above: what was sealed there, whole and in order, or nothing. */
import { expect, onTestFinished, test } from 'vitest';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { accessEntry, openTestLog, type TestLog } from './log-for-test.ts';
import type { CopyPage } from './copies.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import { systemClock } from '#kernel/clock.ts';
import { testIds } from './log-for-test.ts';
import { pruneCopies, pruneLog, verifyCopies } from './index.ts';

async function logOf(node: string): Promise<TestLog> {
  const log = await openTestLog(await ownDatabaseUrl(`copies_${node}`), { node, anchorFolder: 'none' });
  onTestFinished(() => log.stop());
  return log;
}

/** With a connection of its own, for who alters what lies there. */
async function watchedLogOf(node: string): Promise<{ log: TestLog; db: Db }> {
  const url = await ownDatabaseUrl(`copies_${node}`);
  const log = await openTestLog(url, { node, anchorFolder: 'none' });
  const db = openDatabase(url, { connectionsMax: 2 });
  onTestFinished(async () => {
    await db.end({ timeout: 5 });
    await log.stop();
  });
  return { log, db };
}

const write = async (log: TestLog, count: number, patient: string): Promise<void> => {
  for (let i = 0; i < count; i++) {
    await log.append([accessEntry({ patient }), accessEntry()]);
    if (i % 2 === 1) await log.seal();
  }
  await log.seal();
};

async function copyAll(from: TestLog, node: string, to: TestLog): Promise<void> {
  for (;;) {
    const page = await from.copies.pageAfter(node, await to.copies.copied(node));
    if (page.seals.seals.length === 0) return;
    await to.copies.keep(node, page);
  }
}

const seen = (log: TestLog, patient: string) => Array.fromAsync(log.reader.entries({ patient, isEverywhere: true }));

test('what is not what was sealed is refused, and nothing of it is kept', async () => {
  const [site, region] = [await logOf('forged_site'), await logOf('forged_region')];
  await write(site, 4, 'p1');
  const page = await site.copies.pageAfter('forged_site', 0);
  const altered = (change: (page: CopyPage) => void): CopyPage => {
    const copy = structuredClone(page);
    change(copy);
    return copy;
  };
  const pages: [string, CopyPage][] = [
    [
      'an entry altered',
      altered(({ entries }) => void (entries[0]!.content = entries[0]!.content.replace('TREAT', 'SELFX'))),
    ],
    ['an entry left out', altered(({ entries }) => void entries.splice(1, 1))],
    [
      'two exchanged',
      altered(
        ({ entries }) => void ([entries[0]!.content, entries[1]!.content] = [entries[1]!.content, entries[0]!.content]),
      ),
    ],
    ['a seal without its signature', altered(({ seals }) => void (seals.seals[0]!.signature = 'AAAA'))],
    ['who acted left out', altered((it) => void (it.actors = []))],
    ['somebody else', altered((it) => void (it.actors = it.actors.map((text) => text.replace('Kari', 'Ola'))))],
    ['no JSON', altered((it) => void (it.actors = ['{']))],
  ];
  for (const [what, forged] of pages) {
    await expect(region.copies.keep('forged_site', forged), what).rejects.toThrow();
    expect(await region.copies.copied('forged_site'), what).toBe(0);
  }
  await expect(region.copies.keep('forged_region', page)).rejects.toThrow();
  expect(await seen(region, 'p1')).toEqual([]);
  // What comes along without a seal is not kept.
  await region.copies.keep(
    'forged_site',
    altered(({ seals }) => void seals.seals.splice(1)),
  );
  expect(await seen(region, 'p1')).toHaveLength(2);
});

test('a log arrives complete and once, through a node between, and is read with the own newest first', async () => {
  const [ward, site, region] = [await logOf('way_ward'), await logOf('way_site'), await logOf('way_region')];
  await write(ward, 5, 'p2');
  await write(region, 2, 'p2');
  await copyAll(ward, 'way_ward', site);
  await copyAll(site, 'way_ward', region);
  await copyAll(site, 'way_ward', region);
  await write(ward, 3, 'p2');
  await copyAll(ward, 'way_ward', site);
  await copyAll(site, 'way_ward', region);
  const entries = await seen(region, 'p2');
  expect(entries.filter(({ node }) => node === 'way_ward')).toHaveLength(8);
  expect(entries.filter(({ node }) => node === 'way_region')).toHaveLength(2);
  expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted((a, b) => b - a));
  expect(await seen(ward, 'p2')).toEqual(entries.filter(({ node }) => node === 'way_ward'));
  expect(await Array.fromAsync(region.reader.entries({ patient: 'p2' }))).toHaveLength(2);
  // Another log under the same name is told.
  const anew = await openTestLog(await ownDatabaseUrl('copies_way_anew'), { node: 'way_ward', anchorFolder: 'none' });
  onTestFinished(() => anew.stop());
  await write(anew, 5, 'p2');
  await expect(region.copies.keep('way_ward', await anew.copies.pageAfter('way_ward', 0))).rejects.toThrow();
});

test('copies are walked as the own log is: what was altered, removed or added there is told with whose log it is', async () => {
  const site = await logOf('walk_site');
  const { log: region, db } = await watchedLogOf('walk_region');
  await write(site, 6, 'p3');
  await copyAll(site, 'walk_site', region);
  const found = async (): Promise<string[]> => {
    const told: string[] = [];
    await verifyCopies(db, (node, { kind }) => told.push(`${node} ${kind}`));
    return told;
  };
  const told: string[] = [];
  expect(await verifyCopies(db, (_node, { problem }) => told.push(problem))).toMatchObject([
    { node: 'walk_site', entries: 12 },
  ]);
  expect(told).toEqual([]);
  await db`update access_copy set content = replace(content, 'TREAT', 'PATRQ') where number = 3`;
  expect(await found()).toEqual(['walk_site altered']);
  await db`update access_copy set content = replace(content, 'PATRQ', 'TREAT') where number = 3`;
  await db`update access_copy set patient = patient + 1 where number = 5`;
  expect(await found()).toEqual(['walk_site column']);
  await db`update access_copy set patient = patient - 1 where number = 5`;
  await db`delete from access_copy where number = 12`;
  expect(await found()).toEqual(['walk_site removed']);
});

test('copies go when their time is over, the own log says so, and what is left is whole and still says who acted', async () => {
  const site = await logOf('prune_site');
  const { log: region, db } = await watchedLogOf('prune_region');
  await write(site, 4, 'p4');
  await copyAll(site, 'prune_site', region);
  const deps = { db, clock: systemClock, ids: testIds, node: 'prune_region', log: region, anchorFolder: 'none' };
  expect(await pruneCopies(deps, systemClock.now() - 86_400_000), 'too young').toEqual([]);
  await pruneLog(deps, systemClock.now());
  expect(
    (await seen(region, 'p4')).map(({ who }) => who.kind),
    'who acts in the copies stays',
  ).toEqual(['personnel', 'personnel', 'personnel', 'personnel']);
  const border = systemClock.now() + 1;
  expect(await pruneCopies(deps, border)).toEqual([{ node: 'prune_site', last: 8 }]);
  expect(await seen(region, 'p4')).toEqual([]);
  await write(site, 2, 'p4');
  await copyAll(site, 'prune_site', region);
  expect(await seen(region, 'p4')).toHaveLength(2);
  const told: string[] = [];
  expect(await verifyCopies(db, (_node, { problem }) => told.push(problem))).toMatchObject([
    { entries: 4, prunedEntry: 8 },
  ]);
  expect(told).toEqual([]);
});
