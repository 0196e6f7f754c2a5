import { mkdtempSync, readFileSync } from 'node:fs';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { createAuthority, initAuthority, makeRequest, unlockAuthority } from '#trust/authority/index.ts';
import { mutualTlsOptions, type NodeIdentity } from '#trust/authority/mutual-tls.ts';
import { encode } from '../wire/codec.ts';
import { mediaType, paths } from './contract.ts';
import { enrolNode } from './join.ts';
import { testRegion, type TestRegion } from './region-for-test.ts';

const limitMs = 60_000;

async function withHospital(name: string): Promise<TestRegion> {
  const made = await testRegion(name);
  await made.region.ask('PUT', 'Organization/hospital-a', {
    resourceType: 'Organization',
    id: 'hospital-a',
    name: 'A',
  });
  return made;
}

async function identityOf(authority: TestRegion['authority'], node: string, trusts = authority): Promise<NodeIdentity> {
  const { key, request } = await makeRequest(node);
  const { certificate } = await authority.issue(request, node, []);
  return { certificate, key, authority: trusts.certificate, revocationList: await trusts.revocationList() };
}

async function send(
  port: number,
  path: string,
  options: RequestOptions,
  body?: string | AsyncIterable<Buffer>,
): Promise<string> {
  const chunks: Buffer[] = [];
  if (typeof body === 'string') chunks.push(Buffer.from(body));
  else if (body) for await (const chunk of body) chunks.push(chunk);
  return new Promise((resolve) => {
    const place = { host: '127.0.0.1', port, path, agent: false as const, servername: 'region' };
    const request = httpsRequest({ ...place, method: body ? 'POST' : 'GET', ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (more) => (text += more));
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
    });
    request.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message));
    request.end(Buffer.concat(chunks));
  });
}

const headers = { 'content-type': mediaType, 'content-encoding': 'gzip', 'fyr-protocol': '1-2' };
const hello = {
  kind: 'hello',
  protocols: { oldest: 1, newest: 2 },
  life: 1,
  confirmed: '',
  tried: ['t'],
  clock: 1,
} as const;

test(
  'who shows no certificate of the region, a foreign, a revoked one, or is no node below, is refused',
  async () => {
    const { region, authority, code } = await withHospital('refusals');
    const port = region.linePort;
    const site = await identityOf(authority, 'site-a');
    for (const path of [paths.nodes, paths.wakes, paths.revocations]) {
      expect(await send(port, path, { ca: authority.certificate })).toMatch(/^403 .*Nodes only/);
    }
    expect(await send(port, paths.exchange, { ca: authority.certificate, headers }, encode(hello, 2))).toMatch(/^403/);

    const folder = mkdtempSync(join(tmpdir(), 'fyr-foreign-'));
    const passphrase = 'correct horse battery';
    await initAuthority(
      folder,
      { name: 'Foreign', passphrase, now: Date.now(), days: 2, work: 16_384 },
      systemRandomness,
    );
    const own = { db: region.node.db, clock: systemClock, randomness: systemRandomness };
    const foreign = createAuthority({ authority: await unlockAuthority(folder, passphrase), ...own });
    const stranger = mutualTlsOptions(await identityOf(foreign, 'site-a', authority));
    expect(await send(port, paths.nodes, stranger)).toMatch(/^403 .*Nodes only/);

    const known = mutualTlsOptions(site);
    expect(await send(port, paths.nodes, known)).toMatch(/^200/);
    expect(await send(port, paths.exchange, { ...known, headers }, encode(hello, 2))).toMatch(/^403 .*no node below/);
    await code('site-a', ['Organization/hospital-a']);
    await expect
      .poll(() => send(port, paths.exchange, { ...known, headers }, encode(hello, 2)), {
        timeout: 20_000,
        interval: 500,
      })
      .toMatch(/^200/);

    const newer = { ...headers, 'fyr-protocol': '4-5' };
    expect(await send(port, paths.exchange, { ...known, headers: newer }, encode(hello, 5))).toMatch(/^409 .*Upgrade/);
    expect(await send(port, paths.exchange, { ...known, headers }, 'not gzip')).toMatch(/^400/);
    expect(await send(port, '/continuity/other', known)).toMatch(/^404/);
    const handedOn = JSON.stringify({
      request: (await makeRequest('x')).request,
      certificate: readFileSync(join(region.config.dataFolder, 'identity/node.pem'), 'utf8'),
    });
    expect(await send(port, paths.renew, known, handedOn)).toMatch(/^403 .*no node below/);

    await authority.revoke('site-a', 'key-compromise');
    await expect
      .poll(() => send(port, paths.nodes, known), { timeout: 20_000, interval: 500 })
      .toMatch(/^403 .*Nodes only|REVOKED|ECONNRESET/);
  },
  limitMs,
);

test(
  'a code of another region, of another node, or used before lets nobody join',
  async () => {
    const { region, code } = await withHospital('codes');
    const url = `https://127.0.0.1:${region.linePort}`;
    const folder = mkdtempSync(join(tmpdir(), 'fyr-joining-'));
    await expect(enrolNode(url, 'no code', 'site-a', folder)).rejects.toThrow(/no code/);
    const good = await code('site-a', ['Organization/hospital-a']);
    const otherRegion = `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`;
    await expect(enrolNode(url, otherRegion, 'site-a', folder)).rejects.toThrow(/not of the region/);
    await expect(enrolNode(url, good, 'site-b', folder)).rejects.toThrow(/for the node site-a/);
    await expect(enrolNode(url, good, 'site-a', folder)).rejects.toThrow(/used already/);
    expect((await enrolNode(url, await code('site-a', []), 'site-a', folder)).node).toBe('site-a');
  },
  limitMs,
);
