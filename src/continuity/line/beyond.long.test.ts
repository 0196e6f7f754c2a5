/** Three tiers: what a ward is told of the line between its hospital and the region. */
import { expect, test } from 'vitest';
import { testRegion, type TestRegion } from './region-for-test.ts';

const limitMs = 60_000;
const hospital = 'Organization/hospital-a';

async function withHospital(name: string): Promise<TestRegion> {
  const made = await testRegion(name);
  await made.region.ask('PUT', hospital, { resourceType: 'Organization', id: 'hospital-a', name: 'A' });
  const ward = { resourceType: 'Organization', id: 'department', name: 'B', partOf: { reference: hospital } };
  await made.region.ask('PUT', 'Organization/department', ward);
  return made;
}

test(
  'a ward is told that its hospital has lost the region, and how old what came from there is; and that it is back',
  async () => {
    const { join } = await withHospital('beyond');
    const { joined: site, line } = await join('site-a', [hospital]);
    const { joined: ward } = await join('ward-b', ['Organization/department'], site);
    const told = () => ward.node.line?.summary();
    await expect.poll(async () => (await told())?.beyond?.isCutOff, { timeout: 10_000 }).toBe(false);
    await expect.poll(async () => (await told())?.regionAgeMs, { timeout: 10_000 }).toBeLessThan(5000);
    expect((await site.node.line?.summary())?.beyond).toBeUndefined();

    line.cut('silent');
    const cutAt = Date.now();
    await expect
      .poll(async () => (await told())?.beyond, { timeout: 20_000 })
      .toMatchObject({ node: 'site-a', isCutOff: true });
    const summary = await told();
    expect(summary?.isCutOff, 'the line to the hospital is whole').toBe(false);
    expect(summary?.dataAgeMs).toBeLessThan(5000);
    expect(summary?.regionAgeMs).toBeGreaterThan(Date.now() - cutAt - 5000);
    expect(summary?.beyond?.since).toBeLessThan(cutAt + 5000);

    line.restore();
    await expect.poll(async () => (await told())?.beyond?.isCutOff, { timeout: 30_000 }).toBe(false);
    await expect.poll(async () => (await told())?.regionAgeMs, { timeout: 10_000 }).toBeLessThan(5000);
  },
  limitMs,
);
