/** The line on a stick, between real nodes: refusals first, then there and back. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '#kernel/config.ts';
import { runCommand } from '../../cli/index.ts';
import { testRegion, type TestNode, type TestRegion } from '../line/region-for-test.ts';

const limitMs = 90_000;
const hospital = 'Organization/hospital-a';
const within = { timeout: 20_000, interval: 200 };

async function fyr(node: TestNode, ...words: string[]): Promise<{ code: number; text: string }> {
  let text = '';
  const { config, databaseUrl } = node;
  const code = await runCommand(words, {
    readConfig: () => ({ config, secrets: { ...readConfig({}, '/nowhere').secrets, databaseUrl } }),
    folder: tmpdir(),
    output: { write: (more: string) => (text += more) },
    signal: new AbortController().signal,
  });
  return { code, text };
}

type Cut = { made: TestRegion; site: TestNode; line: { cut(): void; restore(): void }; patient: string; stick: string };

/** A site with a patient, its line cut, and an empty stick. */
async function cutOff(name: string): Promise<Cut> {
  const made = await testRegion(name);
  await made.region.ask('PUT', hospital, { resourceType: 'Organization', id: 'hospital-a', name: 'A' });
  const { id } = await made.region.make({ resourceType: 'Patient', name: [{ family: 'Innlagt' }] });
  await made.region.make(admitted(id));
  const { joined: site, line } = await made.join('site-a', [hospital]);
  await expect.poll(async () => (await site.node.line?.summary())?.dataAgeMs, within).toBeDefined();
  line.cut();
  await expect.poll(async () => (await site.node.line?.summary())?.isCutOff, within).toBe(true);
  return { made, site, line, patient: id, stick: mkdtempSync(join(tmpdir(), 'fyr-stick-')) };
}

const admitted = (patient: string): object => ({
  resourceType: 'Encounter',
  status: 'in-progress',
  class: { code: 'IMP' },
  subject: { reference: `Patient/${patient}` },
  serviceProvider: { reference: hospital },
});

const observe = (node: TestNode, patient: string, text: string): Promise<{ id: string }> =>
  node.make({
    resourceType: 'Observation',
    status: 'final',
    subject: { reference: `Patient/${patient}` },
    code: { text },
  });
const has = async (node: TestNode, { id }: { id: string }): Promise<number> =>
  (await node.ask('GET', `Observation/${id}`)).status;
const onStick = (stick: string): string[] => readdirSync(stick).map((name) => join(stick, name));

test(
  'a file that was altered anywhere, cut, is for another node or from a stranger is refused, and changes nothing',
  async () => {
    const { made, site, patient, stick } = await cutOff('stickrefused');
    const written = await observe(site, patient, 'secret words');
    expect((await fyr(made.region, 'carry', 'out', stick).catch((error: Error) => error)).toString()).toMatch(
      /Nobody is above/,
    );
    expect((await fyr(site, 'carry', 'in', stick).catch((error: Error) => error)).toString()).toMatch(
      /nothing for site-a/,
    );
    expect((await fyr(site, 'carry', 'out', stick)).code).toBe(0);
    const [file = ''] = onStick(stick);
    const good = readFileSync(file);
    expect(good.includes('secret words') || good.includes(patient)).toBe(false);
    const head = good.indexOf('\n', 12);
    const places = [head - 5, head + 10, head + 60, good.length - 70, good.length - 10];
    for (const at of places) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] as number) ^ 1;
      writeFileSync(file, bad);
      const { code, text } = await fyr(made.region, 'carry', 'in', stick).catch(() => ({
        code: 1,
        text: 'nothing for',
      }));
      expect([at, code]).toEqual([at, 1]);
      expect(text).toMatch(/refused: .*(changed|taken)|nothing for/);
    }
    writeFileSync(file, good.subarray(0, good.length - 1));
    expect((await fyr(made.region, 'carry', 'in', stick)).text).toMatch(/refused/);
    const forOther = Buffer.from(good.toString('latin1').replace('"to":"region"', '"to":"site-a"'), 'latin1');
    writeFileSync(file, forOther);
    expect((await fyr(site, 'carry', 'in', stick)).text).toMatch(/refused: .*changed/);
    expect(await has(made.region, written)).toBe(404);

    writeFileSync(file, good);
    await made.authority.revoke('site-a', 'key-compromise');
    await expect
      .poll(async () => (await fyr(made.region, 'carry', 'in', stick)).text, { timeout: 30_000, interval: 1000 })
      .toMatch(/revoked/);
  },
  limitMs,
);

test(
  'there and back: each has what the other wrote, a new patient comes whole, nothing twice; the line back, all agree',
  async () => {
    const { made, site, line, patient, stick } = await cutOff('stick');
    const { region } = made;
    const below = [await observe(site, patient, 'one'), await observe(site, patient, 'two')];
    const above = await observe(region, patient, 'three');
    const newcomer = await region.make({ resourceType: 'Patient', name: [{ family: 'Ny' }] });
    const before = await observe(region, newcomer.id, 'before');
    await region.make(admitted(newcomer.id));

    expect((await fyr(site, 'carry', 'out', stick)).text).toMatch(/\d+ operations for region/);
    const [ask = ''] = onStick(stick);
    const taken = await fyr(region, 'carry', 'in', stick);
    expect([taken.code, taken.text]).toEqual([0, expect.stringMatching(/answer for site-a/)]);
    for (const one of below) expect(await has(region, one)).toBe(200);

    // Once more, as when the first answer got lost: done again, it is not done twice.
    expect((await fyr(region, 'carry', 'in', stick)).code).toBe(0);
    const total = async (node: TestNode): Promise<number> =>
      (await node.ask('GET', `Observation?patient=${patient}&_summary=count`)).body.total;
    expect(await total(region)).toBe(3);

    const back = await fyr(site, 'carry', 'in', stick);
    expect([back.code, back.text]).toEqual([0, expect.stringMatching(/of ours are there/)]);
    expect(await has(site, above)).toBe(200);
    expect(await has(site, before)).toBe(200);
    expect((await site.node.line?.state())?.above).toMatchObject({ backlog: 0, filling: 0, isConnected: false });
    expect((await fyr(site, 'carry', 'in', stick)).text).toMatch(/taken in already/);
    // As when it was killed after the last page, before it was noted: the same file goes through, and nothing comes twice.
    await site.node.db`delete from carried`;
    expect((await fyr(site, 'carry', 'in', stick)).text).toMatch(/of ours are there/);
    expect(await total(site)).toBe(3);

    // The stick made another contact; the line that comes back goes on from there, and an old question is not answered any more.
    const later = await observe(site, patient, 'four');
    line.restore();
    await expect.poll(() => has(region, later), within).toBe(200);
    expect((await site.node.line?.state())?.above).toMatchObject({ isConnected: true, refused: undefined });
    await expect
      .poll(async () => (await fyr(region, 'carry', 'in', stick)).text, within)
      .toMatch(/has been in contact since/);
    expect(ask).toMatch(/fyr-ask-site-a-to-region/);
    expect([await total(region), await total(site)]).toEqual([4, 4]);
  },
  limitMs,
);
