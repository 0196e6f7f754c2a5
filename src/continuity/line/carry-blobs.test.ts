/** Documents and images between real nodes: safe only with a second copy that was read back, and healed from either side. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { placeIn } from './carry-blobs.ts';
import { testRegion, type TestNode } from './region-for-test.ts';

const limitMs = 120_000;
const within = { timeout: 30_000, interval: 300 };
const hospital = 'Organization/hospital-a';

test('what does not say which blob is refused', () => {
  for (const header of [
    undefined,
    '',
    '{}',
    '{"sha256":"../../etc"}',
    `{"sha256":"${'a'.repeat(64)}","patient":"../x"}`,
    'x',
  ])
    expect(() => placeIn(header)).toThrow(/which blob/);
});

const textOf = async (node: TestNode, patient: string | undefined, sha256: string): Promise<string> => {
  const pieces: Buffer[] = [];
  for await (const piece of await node.node.blobs.open(patient, sha256)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
};

async function fileAt(node: TestNode, patient: string, sha256: string): Promise<string> {
  return join(node.config.operations.blobFolder, (await node.node.blobs.fileOf(patient, sha256)) as string);
}

function spoil(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 5] = (bytes[bytes.length - 5] as number) ^ 1;
  writeFileSync(path, bytes);
}

test(
  'a blob is safe once the node above has read its copy back; damaged or gone at either side it is healed from the other; cut off it is not told as safe',
  async () => {
    const { region, join: joined } = await testRegion('blobs');
    await region.ask('PUT', hospital, { resourceType: 'Organization', id: 'hospital-a', name: 'A' });
    const patient = (await region.make({ resourceType: 'Patient' })).id as string;
    const stranger = (await region.make({ resourceType: 'Patient' })).id as string;
    await region.make({
      resourceType: 'Encounter',
      status: 'in-progress',
      class: { code: 'IMP' },
      subject: { reference: `Patient/${patient}` },
      serviceProvider: { reference: hospital },
    });
    const { joined: site, line } = await joined('site-a', [hospital]);
    await expect.poll(async () => (await site.node.line?.summary())?.dataAgeMs, within).toBeDefined();

    line.cut();
    const content = 'an image '.repeat(20_000);
    const { sha256 } = await site.node.blobs.put(patient, [Buffer.from(content)]);
    const other = await site.node.blobs.put(stranger, [Buffer.from('not of this site')]);
    expect(await site.node.blobs.isSafe(patient, sha256)).toBe(false);
    line.restore();
    await expect.poll(() => site.node.blobs.isSafe(patient, sha256), within).toBe(true);
    expect(await textOf(region, patient, sha256)).toBe(content);
    expect(await region.node.blobs.isSafe(patient, sha256)).toBe(true);
    expect(await site.node.blobs.isSafe(stranger, other.sha256), 'the region does not take it from there').toBe(false);
    expect(await region.node.blobs.has(stranger, other.sha256)).toBe(false);

    rmSync(await fileAt(site, patient, sha256));
    expect(await textOf(site, patient, sha256)).toBe(content);
    spoil(await fileAt(site, patient, sha256));
    await expect(textOf(site, patient, sha256)).rejects.toThrow();
    await expect.poll(() => textOf(site, patient, sha256).catch(() => 'damaged'), within).toBe(content);

    spoil(await fileAt(region, patient, sha256));
    await expect(textOf(region, patient, sha256)).rejects.toThrow();
    const damaged = async (): Promise<number> =>
      Number(/^fyr_blobs_damaged (\d+)/m.exec(await (await fetch(`${region.node.url}/metrics`)).text())?.[1]);
    await expect.poll(() => textOf(region, patient, sha256).catch(() => 'damaged'), within).toBe(content);
    await expect.poll(damaged, within).toBe(0);
  },
  limitMs,
);
