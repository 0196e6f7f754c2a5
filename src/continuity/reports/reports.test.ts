/** What nodes tell upwards, over real databases: a region sees the wards of its sites, nobody tells of others, and ages are lengths of time. */
import { expect, onTestFinished, test } from 'vitest';
import { Fault } from '#kernel/fault.ts';
import { openDatabase } from '#kernel/db.ts';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { reportShape, sendReport, takeReport } from '../line/carry-reports.ts';
import type { Numbers } from '../operations/numbers.ts';
import { createReports, type Reports } from './reports.ts';

const minuteMs = 60_000;
const children = [{ name: 'site', tier: 'site' as const, subtree: new Set(['site', 'ward']) }];

async function reportsOf(name: string, now: { at: number }, numbers: Numbers = {}): Promise<Reports> {
  const db = openDatabase(await ownDatabaseUrl(name, 'migrated'), { connectionsMax: 2 });
  onTestFinished(() => db.end());
  return createReports({ db, clock: { now: () => now.at }, numbers: async () => numbers });
}

/** As it goes over the line: as text, to the one above. */
const lineTo = (above: Reports, from: string) => ({
  async ask(_method: string, _path: string, body: object | undefined): Promise<string> {
    await takeReport(above, { children }, from, reportShape.parse(JSON.parse(JSON.stringify(body))));
    return '{}';
  },
});
const signal = AbortSignal.timeout(60_000);

test('a node tells of itself and of those below it, and of nobody else', async () => {
  const region = await reportsOf('reports_foreign', { at: 10 * minuteMs });
  const told = (node: string) => ({ nodes: [{ node, ageMs: 0, numbers: { backlog: 1 } }] });
  await expect(takeReport(region, { children }, 'site', told('other'))).rejects.toThrow(/not below it/);
  await expect(takeReport(region, { children }, 'stranger', told('site'))).rejects.toThrow(/not below it/);
  expect(await region.all()).toEqual([]);
  for (const wrong of [{ node: 'Site!' }, { ageMs: -1 }, { numbers: { backlog: 'many' } }, { numbers: undefined }])
    expect(reportShape.safeParse({ nodes: [{ ...told('site').nodes[0], ...wrong }] }).success).toBe(false);
});

test('what a ward told its site comes to the region, with its age, though their clocks differ by hours', async () => {
  const [atRegion, atSite] = [{ at: 1000 * minuteMs }, { at: 5000 * minuteMs }];
  const region = await reportsOf('reports_region', atRegion);
  const site = await reportsOf('reports_site', atSite, { backlog: 4, memoryBytes: 9e8 });
  await site.keep([{ node: 'ward', ageMs: 0, numbers: { dataFreeShare: 0.04, madeUp: 3, backlog: NaN } }]);
  atSite.at += 3 * minuteMs;
  const below = [{ node: 'ward', isConnected: false, lastHeard: atSite.at - 2 * minuteMs }];
  await sendReport({ reports: site, node: 'site', below, transport: lineTo(region, 'site'), signal });
  const [own, ward] = await region.all();
  expect(own).toEqual({ node: 'site', at: atRegion.at, numbers: { backlog: 4 }, line: undefined });
  expect(ward).toEqual({
    node: 'ward',
    at: atRegion.at - 3 * minuteMs,
    numbers: { dataFreeShare: 0.04 },
    line: { isConnected: false, heard: atRegion.at - 2 * minuteMs },
  });
});

test('an older report changes nothing, a sample a minute is kept for a week, and who is no longer named is forgotten', async () => {
  const now = { at: 100_000 * minuteMs };
  const region = await reportsOf('reports_kept', now);
  await region.keep([{ node: 'site', ageMs: 0, numbers: { backlog: 7 } }]);
  await region.keep([{ node: 'site', ageMs: 5 * minuteMs, numbers: { backlog: 1 } }]);
  expect((await region.all())[0]?.numbers).toEqual({ backlog: 7 });
  const values = async (): Promise<number[]> => (await region.history('site', 'backlog', 0)).map(({ value }) => value);
  expect(await values()).toEqual([1, 7]);
  now.at += 6 * 86_400_000;
  await region.keep([{ node: 'site', ageMs: 0, numbers: { backlog: 3 } }]);
  now.at += 2 * 86_400_000;
  await region.prune(['site']);
  expect(await values()).toEqual([3]);
  await region.prune(['another']);
  expect(await region.all()).toEqual([]);
});

test('a node above of an earlier release takes no reports: no error. What else goes wrong is told', async () => {
  const site = await reportsOf('reports_earlier', { at: minuteMs });
  const refusing = (kind: 'notFound' | 'unavailable') => ({
    ask: () => Promise.reject(new Fault(kind, 'The node above answers.')),
  });
  const send = (kind: 'notFound' | 'unavailable'): Promise<void> =>
    sendReport({ reports: site, node: 'site', below: [], transport: refusing(kind), signal });
  await expect(send('notFound')).resolves.toBeUndefined();
  await expect(send('unavailable')).rejects.toThrow();
});
