/** Drills of a region and its sites: the line is away, both sides write, and after the end all agree. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '#kernel/config.ts';
import { runCommand } from '../../cli/index.ts';
import { testRegion, type TestNode as RealNode } from '../line/region-for-test.ts';

const limitMs = 90_000;

function typed(
  words: string[],
  { config, databaseUrl }: Pick<RealNode, 'config' | 'databaseUrl'>,
): {
  ctrlC(): void;
  written(): string;
  done: Promise<number>;
} {
  const ending = new AbortController();
  let text = '';
  const context = {
    readConfig: () => ({ config, secrets: { ...readConfig({}, '/nowhere').secrets, databaseUrl } }),
    folder: mkdtempSync(join(tmpdir(), 'fyr-drill-')),
    output: { write: (more: string) => (text += more) },
    signal: ending.signal,
  };
  return { ctrlC: () => ending.abort(), written: () => text, done: runCommand(words, context) };
}

test(
  'region lost, by its command on a real site: cut off with its ward, both write, and after Ctrl-C all agree and the report is there',
  async () => {
    const { region, join: joined } = await testRegion('drilled');
    const hospital = { resourceType: 'Organization', id: 'hospital-a', name: 'A' };
    await region.ask('PUT', 'Organization/hospital-a', hospital);
    await region.ask('PUT', 'Organization/department', {
      resourceType: 'Organization',
      id: 'department',
      name: 'B',
      partOf: { reference: 'Organization/hospital-a' },
    });
    const patient = await region.make({ resourceType: 'Patient', name: [{ family: 'Innlagt' }] });
    await region.make({
      resourceType: 'Encounter',
      status: 'in-progress',
      class: { code: 'IMP' },
      subject: { reference: `Patient/${patient.id}` },
      serviceProvider: { reference: 'Organization/department' },
    });
    const { joined: site } = await joined('site-a', ['Organization/hospital-a']);
    const { joined: ward } = await joined('ward-b', ['Organization/department'], site);
    const observe = (node: RealNode): Promise<any> =>
      node.make({
        resourceType: 'Observation',
        status: 'final',
        code: { text: node.name },
        subject: { reference: `Patient/${patient.id}` },
      });
    const has = async (node: RealNode, { id }: { id: string }): Promise<number> =>
      (await node.ask('GET', `Observation/${id}`)).status;

    const running = typed(['drill', 'region-lost', '--minutes', '5', '--language', 'nn', '--out', 'report.html'], site);
    await expect.poll(async () => (await site.node.line?.summary())?.isCutOff, { timeout: 15_000 }).toBe(true);
    expect((await ward.node.line?.summary())?.isCutOff).toBe(false);
    const [fromSite, fromWard, fromRegion] = [await observe(site), await observe(ward), await observe(region)];
    await expect.poll(() => has(site, fromWard), { timeout: 15_000 }).toBe(200);
    expect([await has(region, fromSite), await has(site, fromRegion)]).toEqual([404, 404]);
    const nurse = { reference: 'Practitioner/nurse', name: 'Ine' };
    const { downtimes, drills } = site.node.watch;
    const begun = await downtimes.propose({ kind: 'upstream', reason: 'No region', began: Date.now() }, nurse);
    await downtimes.apply(begun.id, { kind: 'declare' }, nurse);
    await expect.poll(() => running.written(), { timeout: 10_000 }).toMatch(/Fyr: noticed/);

    running.ctrlC();
    expect(await running.done, running.written()).toBe(0);
    expect(await has(region, fromSite)).toBe(200);
    await expect.poll(() => has(site, fromRegion), { timeout: 10_000 }).toBe(200);
    await expect.poll(() => has(region, fromWard), { timeout: 10_000 }).toBe(200);
    expect(running.written()).toMatch(/All agreed again: after/);
    const file = /Report: (.*)/.exec(running.written())?.[1] as string;
    expect(readFileSync(file, 'utf8')).toContain('Ingenting var borte i røynda');
    expect(await downtimes.open()).toBeUndefined();
    expect(await drills.open()).toBeUndefined();
    expect((await drills.list(1))[0]).toMatchObject({ state: 'ended', scenario: 'region-lost', doings: { people: 0 } });
    expect((await drills.list(1))[0]?.doings?.written).toEqual([
      { type: 'Observation', interaction: 'create', writes: 1 },
    ]);
  },
  limitMs,
);

test(
  'hospital network lost at a site: nobody is reached either way; a node that starts anew in it goes on with it, and the clock ends it',
  async () => {
    const { region, join: joined } = await testRegion('drilledsite');
    for (const id of ['hospital-a', 'department'])
      await region.ask('PUT', `Organization/${id}`, { resourceType: 'Organization', id, name: id });
    const { joined: site } = await joined('site-a', ['Organization/hospital-a']);
    const { joined: ward } = await joined('ward-b', ['Organization/department'], site);
    const refusedAtWard = typed(['drill', 'region-lost'], ward);
    await expect(refusedAtWard.done).rejects.toThrow(/run it at its hospital/);
    const began = await site.node.watch.drills.begin(
      { scenario: 'hospital-network-lost', minutes: 1 },
      { reference: 'x', name: 'X' },
    );
    const isCutOff = async (node: RealNode): Promise<boolean | undefined> =>
      (await node.node.line?.summary())?.isCutOff;
    await expect.poll(() => isCutOff(ward), { timeout: 20_000 }).toBe(true);
    expect(await isCutOff(site)).toBe(true);
    await site.stop();
    await site.start();
    await expect.poll(() => isCutOff(site), { timeout: 20_000 }).toBe(true);
    expect((await site.node.watch.drills.open())?.state).toBe('running');
    // The time is over.
    await site.node.db`update drill set revision = revision + 1,
      content = jsonb_set(jsonb_set(content, '{until}', '1'), '{revision}', to_jsonb(revision + 1)) where id = ${began.id}`;
    await expect
      .poll(async () => (await site.node.watch.drills.find(began.id)).state, { timeout: 40_000 })
      .toBe('ended');
    expect([await isCutOff(site), await isCutOff(ward)]).toEqual([false, false]);
  },
  limitMs,
);
