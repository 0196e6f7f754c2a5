/** A region that lost its disk: restored by the command from a backup, under a new epoch, and refilled by the site that had gone on. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { readConfig } from '#kernel/config.ts';
import { dropDatabase } from '#kernel/db-create.ts';
import { runCommand } from '../../cli/index.ts';
import { testRegion, type TestNode } from '../line/region-for-test.ts';

const within = { timeout: 60_000, interval: 300 };
const hospital = 'Organization/hospital-a';

async function fyr(node: TestNode, ...words: string[]): Promise<string> {
  let text = '';
  const { config, databaseUrl } = node;
  const code = await runCommand(words, {
    readConfig: () => ({ config, secrets: { ...readConfig({}, '/nowhere').secrets, databaseUrl } }),
    folder: tmpdir(),
    output: { write: (more: string) => (text += more) },
    signal: new AbortController().signal,
  });
  expect(code, text).toBe(0);
  return text;
}

test('a restored region has a new epoch, and gets from its site all that it acknowledged since the backup', async () => {
  const { region, join: joined } = await testRegion('refill');
  await region.ask('PUT', hospital, { resourceType: 'Organization', id: 'hospital-a', name: 'A' });
  const patient = (await region.make({ resourceType: 'Patient' })).id as string;
  await region.make({
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { code: 'IMP' },
    subject: { reference: `Patient/${patient}` },
    serviceProvider: { reference: hospital },
  });
  const observe = (node: TestNode, text: string): Promise<{ id: string }> =>
    node.make({
      resourceType: 'Observation',
      status: 'final',
      subject: { reference: `Patient/${patient}` },
      code: { text },
    });
  const texts = async (node: TestNode): Promise<string[]> => {
    const { body } = await node.ask('GET', `Observation?patient=${patient}&_count=100`);
    return (body.entry ?? []).map((e: any) => `${e.resource.meta.versionId} ${e.resource.code.text}`).sort();
  };
  const { joined: site } = await joined('site-a', [hospital]);
  await observe(site, 'before the backup');
  const changed = await observe(region, 'changed later');
  await expect.poll(() => texts(region), within).toHaveLength(2);
  const backups = mkdtempSync(join(tmpdir(), 'fyr-refill-'));
  await fyr(region, 'backup', backups);
  expect(await fyr(region, 'backup', 'verify', backups)).toMatch(/is right/);
  const epochOf = async (): Promise<string> => (await region.node.db`select epoch from sync_line`)[0]?.['epoch'];
  const epoch = await epochOf();

  await observe(site, 'at the site since');
  await observe(region, 'at the region since');
  await expect.poll(() => texts(site), within).toHaveLength(4);
  const { body } = await site.ask('GET', `Observation/${changed.id}`);
  await site.ask('PUT', `Observation/${changed.id}`, { ...body, code: { text: 'changed' } });
  await expect.poll(() => texts(region), within).toContain('2-site-a changed');
  const all = await texts(region);
  expect(all).toHaveLength(4);

  await region.stop();
  await dropDatabase(inject('databaseServer'), region.databaseUrl.split('/').at(-1) as string);
  expect(await fyr(region, 'restore', backups)).toMatch(/new epoch/);
  await observe(site, 'while the region was gone');
  await region.start();
  expect(await epochOf()).not.toBe(epoch);

  await expect.poll(() => texts(region), within).toHaveLength(5);
  expect(await texts(region)).toEqual([...all, ...(await texts(site)).filter((text) => text.includes('gone'))].sort());
  await expect.poll(() => texts(site), within).toEqual(await texts(region));
  await expect
    .poll(async () => (await site.node.line?.state())?.above, within)
    .toMatchObject({ isConnected: true, backlog: 0, filling: 0, stuck: 0, refused: undefined });
  const next = await observe(region, 'and on');
  await expect.poll(() => texts(site), within).toHaveLength(6);
  expect(await texts(region)).toContainEqual(expect.stringMatching(/^1-region\.\d+ and on$/));
  const seen = (await site.ask('GET', `Observation/${next.id}`)).body;
  await site.ask('PUT', `Observation/${next.id}`, { ...seen, code: { text: 'and changed' } });
  await expect.poll(() => texts(region), within).toContain('2-site-a and changed');
}, 180_000);
