/** A node's log copied to the one above: what was sealed there, whole and in order, or nothing. */
import { expect, onTestFinished, test } from 'vitest';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { accessEntry, openTestLog, type TestLog } from './log-for-test.ts';
import type { CopyPage } from './copies.ts';

async function logOf(node: string): Promise<TestLog> {
  const log = await openTestLog(await ownDatabaseUrl(`copies_${node}`), { node, anchorFolder: 'none' });
  onTestFinished(() => log.stop());
  return log;
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
