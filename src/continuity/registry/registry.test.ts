/** Over the socket of a whole region: a node is let in by the code that an operator was told, and is out when it is revoked. */
import { beforeAll, afterAll, expect, test } from 'vitest';
import { enrolNode } from '../line/join.ts';
import { testRegion, type TestRegion } from '../line/region-for-test.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let at: TestRegion;
const ends: (() => void | Promise<void>)[] = [];
const folder = mkdtempSync(join(tmpdir(), 'fyr-registry-'));

beforeAll(async () => {
  at = await testRegion('registry', { withPeople: true, onEnd: (end) => void ends.push(end) });
}, 120_000);
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (method: string, path: string, body?: unknown, as = 'operator') =>
  at.region.askAs(as, method, `/api/nodes${path}`, body);
const site = (more: object = {}): object => ({
  name: 'site-x',
  below: 'region',
  places: [],
  hosts: ['127.0.0.1'],
  ...more,
});

test('who does not run the node sees no nodes and names none, and that is in the log', async () => {
  expect((await ask('GET', '', undefined, 'nurse')).status).toBe(403);
  expect((await ask('POST', '', site(), 'hospitalDoctor')).status).toBe(403);
  expect((await ask('POST', '', site(), 'privacyOfficer')).status).toBe(403);
  const { db } = at.region.node;
  const told = await db<{ outcome: number; content: string }[]>`
    select outcome, content from access_entry where content like '%node: add%'`;
  expect(told).toHaveLength(2);
});

test('what is no name, no place, nobody to be below, and a name that is taken are refused', async () => {
  expect((await ask('POST', '', site({ name: 'Site X' }))).status).toBe(400);
  expect((await ask('POST', '', site({ below: 'nowhere' }))).status).toBe(404);
  expect((await ask('POST', '', site({ places: ['Organization/none'] }))).status).toBe(404);
  expect((await ask('POST', '', site({ name: 'region' }))).status).toBe(400);
  expect((await ask('POST', '', site({ hosts: ['not a host'] }))).status).toBe(400);
  expect((await ask('POST', '/nobody/revoke', { reason: 'unspecified' })).status).toBe(404);
  expect((await ask('POST', '/region/remove', {})).status).toBe(404);
  expect((await ask('GET', '')).body.nodes.filter(({ name }: { name: string }) => name === 'site-x')).toEqual([]);
});

test('a node is named with a place that was found, joins with its code once, is revoked, and is taken off the list', async () => {
  const { body: found } = await ask('GET', '/places?name=sykehus');
  const [place] = found.places;
  expect(place.name).toMatch(/sykehus/i);
  const { status, body: made } = await ask('POST', '', site({ places: [place.reference] }));
  expect([status, made.node, made.tier, made.below]).toEqual([201, 'site-x', 'site', 'region']);
  expect(made.address).toBe(`https://127.0.0.1:${at.region.linePort}`);
  expect((await ask('POST', '', site())).status).toBe(409);
  const named = (await ask('GET', '')).body.nodes.find(({ name }: { name: string }) => name === 'site-x');
  expect(named).toMatchObject({ above: 'region', certificate: 'none', roots: [{ reference: place.reference }] });

  await enrolNode(made.address, made.code, 'site-x', join(folder, 'first'));
  await expect(enrolNode(made.address, made.code, 'site-x', join(folder, 'again'))).rejects.toThrow(/used already/);
  const joined = (await ask('GET', '')).body.nodes.find(({ name }: { name: string }) => name === 'site-x');
  expect(joined.certificate).toBe('good');
  expect((await ask('POST', '/site-x/remove', {})).status).toBe(409);

  expect((await ask('POST', '/site-x/revoke', { reason: 'key-compromise' })).body.certificates).toBe(1);
  const revoked = (await ask('GET', '')).body.nodes.find(({ name }: { name: string }) => name === 'site-x');
  expect(revoked.certificate).toBe('revoked');
  const again = await ask('POST', '/site-x/code', { hosts: [] });
  expect(again.body.code).not.toBe(made.code);
  expect((await ask('POST', '/site-x/remove', {})).status).toBe(200);
  expect((await ask('GET', '')).body.nodes.map(({ name }: { name: string }) => name)).not.toContain('site-x');
});
