/** Certificates on real nodes, by an authority whose clock stood elsewhere when it signed: TLS itself knows only the real time. */
import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { systemRandomness } from '#kernel/ids.ts';
import { createAuthority, makeRequest, readIdentity, unlockAuthority, writeIdentity } from '#trust/authority/index.ts';
import { identityFolder } from './identity-folder.ts';
import { keepKey, readKeys, readOwnIdentity } from './own-keys.ts';
import { testRegion, testPassphrase, type TestNode, type TestRegion } from './region-for-test.ts';

const limitMs = 60_000;
const dayMs = 86_400_000;
const within = { timeout: 20_000, interval: 200 };

/** Gives the node a certificate that was signed so many days ago, good for 90. */
async function signedDaysAgo(node: TestNode, { region }: TestRegion, days: number): Promise<string> {
  const key = await unlockAuthority(region.config.security.authority.folder, testPassphrase);
  const clock = { now: () => Date.now() - days * dayMs };
  const before = createAuthority({ authority: key, db: region.node.db, clock, randomness: systemRandomness });
  const folder = identityFolder(node.config);
  const made = await makeRequest(node.name);
  const { certificate } = await before.issue(made.request, node.name, ['127.0.0.1']);
  writeIdentity(folder, {
    ...(readIdentity(folder) as NonNullable<ReturnType<typeof readIdentity>>),
    ...made,
    certificate,
  });
  return certificate;
}

async function siteOf(
  name: string,
): Promise<{ made: TestRegion; site: TestNode; line: { cut(): void; restore(): void } }> {
  const made = await testRegion(name);
  await made.region.ask('PUT', 'Organization/hospital-a', {
    resourceType: 'Organization',
    id: 'hospital-a',
    name: 'A',
  });
  const { joined: site, line } = await made.join('site-a', ['Organization/hospital-a']);
  return { made, site, line };
}

const certificateOf = (node: TestNode): string => readIdentity(identityFolder(node.config))?.certificate ?? '';
const isConnected = async (node: TestNode): Promise<boolean> => (await node.node.line?.summary())?.isCutOff === false;

test(
  'a certificate in the last part of its time is renewed by the node itself, with a new key, while it works',
  async () => {
    const { made, site } = await siteOf('renewing');
    await site.stop();
    const old = await signedDaysAgo(site, made, 60);
    const oldKey = readIdentity(identityFolder(site.config))?.key as string;
    await site.start();
    await expect.poll(() => certificateOf(site), within).not.toBe(old);
    const renewed = new X509Certificate(certificateOf(site));
    expect(Date.parse(renewed.validFrom)).toBeGreaterThan(Date.now() - dayMs);
    expect(readIdentity(identityFolder(site.config))?.key).not.toBe(oldKey);
    expect(readKeys(identityFolder(site.config))).toContain(oldKey);
    await expect.poll(() => isConnected(site), within).toBe(true);
  },
  limitMs,
);

test(
  'a certificate that ended while the node was cut off: it writes on, and renews as soon as the line is back',
  async () => {
    const { made, site, line } = await siteOf('expired');
    await site.stop();
    line.cut();
    const old = await signedDaysAgo(site, made, 100);
    await site.start();
    const alone = await site.make({ resourceType: 'Organization', name: 'Written alone' });
    expect((await site.ask('GET', `Organization/${alone.id}`)).status).toBe(200);
    expect(certificateOf(site)).toBe(old);
    line.restore();
    await expect.poll(() => certificateOf(site), within).not.toBe(old);
    await expect.poll(async () => (await made.region.ask('GET', `Organization/${alone.id}`)).status, within).toBe(200);
  },
  limitMs,
);

test(
  'one that ended more than 30 days ago, and one that is revoked, is not renewed',
  async () => {
    const { made, site } = await siteOf('longexpired');
    await site.stop();
    const old = await signedDaysAgo(site, made, 125);
    await site.start();
    await expect.poll(async () => (await site.node.line?.state())?.above?.problem, within).toBeDefined();
    expect(certificateOf(site)).toBe(old);
    await site.stop();
    const revoked = await signedDaysAgo(site, made, 100);
    await made.authority.revoke(new X509Certificate(revoked).serialNumber.toLowerCase(), 'key-compromise');
    await site.start();
    await expect.poll(async () => (await site.node.line?.state())?.above?.problem, within).toBeDefined();
    expect(certificateOf(site)).toBe(revoked);
  },
  limitMs,
);

test(
  'stopped between the new certificate and its key, the node has both',
  async () => {
    const { made, site } = await siteOf('between');
    const folder = identityFolder(site.config);
    const before = readIdentity(folder) as NonNullable<ReturnType<typeof readIdentity>>;
    const { key, request } = await makeRequest('site-a');
    keepKey(folder, key);
    const { certificate } = await made.authority.issue(request, 'site-a', []);
    writeIdentity(folder, { ...before, certificate });
    expect(readIdentity(folder)?.key).toBe(before.key);
    expect(readOwnIdentity(folder)?.key).toBe(key);
  },
  limitMs,
);
