/** Keys are made once, rotate while the provider runs, and what has expired is removed. */
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock } from '#kernel/clock.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import { systemIds } from '#kernel/ids.ts';
import { ownDatabaseUrl, testDatabase } from '../../../test/support/database.ts';
import { createClientStore } from './client-store.ts';
import { issueToken } from './issue-token.ts';
import { loadKeys, pruneKeys, publicPart, readPublicKeys, retiredForMs, rotateSigningKey } from './key-store.ts';
import { createItemStore } from './provider-store.ts';
import { testPersonas, testProvider, testResource } from './provider-for-test.ts';

let db: Db;
let now = Date.UTC(2026, 10, 23);
const clock: Clock = { now: () => now };
beforeAll(() => {
  db = testDatabase();
});
afterAll(() => db.end());

async function ownDatabase(name: string): Promise<Db> {
  return openDatabase(await ownDatabaseUrl(name), { connectionsMax: 4 });
}

test('of several that start at once, all have the same keys', async () => {
  const own = await ownDatabase('provider_keys');
  try {
    const all = await Promise.all(Array.from({ length: 4 }, () => loadKeys(own, clock)));
    expect(new Set(all.map(({ signing }) => signing[0]?.kid)).size).toBe(1);
    expect(new Set(all.map(({ pagesClient }) => pagesClient.kid)).size).toBe(1);
    expect(new Set(all.map(({ dpopNonce }) => dpopNonce.toString('hex'))).size).toBe(1);
    expect(all[0]?.cookies).toHaveLength(32);
    expect(all[0]?.cookies).not.toEqual(all[0]?.dpopNonce);
  } finally {
    await own.end();
  }
});

test('a rotated key signs from now on, the old one verifies until nothing of it is valid', async () => {
  const own = await ownDatabase('provider_rotation');
  try {
    const issue = () =>
      issueToken(
        {
          db: own,
          clock,
          ids: systemIds(clock),
          baseUrl: 'http://fyr.test',
          personas: testPersonas,
          read: testResource,
        },
        { as: 'doctor', forSeconds: 60 },
      );
    const before = await issue();
    const kid = await rotateSigningKey(own, clock);
    const after = await issue();
    expect(decodeProtectedHeader(after).kid).toBe(kid);
    expect(decodeProtectedHeader(before).kid).not.toBe(kid);
    const verify = async (token: string) => {
      const { signing } = await loadKeys(own, clock);
      const keys = createLocalJWKSet({ keys: signing.map(publicPart) } as JSONWebKeySet);
      return jwtVerify(token, keys, { currentDate: new Date(clock.now()) });
    };
    await verify(before);
    await verify(after);
    now += retiredForMs + 1;
    await pruneKeys(own, clock);
    expect((await loadKeys(own, clock)).signing.map((key) => key.kid)).toEqual([kid]);
  } finally {
    await own.end();
  }
});

test('a running provider takes up a rotation that happened elsewhere, and publishes no private part', async () => {
  const at = await testProvider();
  try {
    const published = async (): Promise<{ keys: { kid: string }[] }> =>
      (await fetch(`${at.issuer}/jwks`)).json() as Promise<{ keys: { kid: string }[] }>;
    const first = await published();
    const kid = await rotateSigningKey(db, { now: () => Date.now() });
    expect((await published()).keys.map((key) => key.kid)).toEqual(first.keys.map((key) => key.kid));
    await at.provider.tidy();
    const second = await published();
    expect(second.keys.map((key) => key.kid)).toContain(kid);
    expect(second.keys.map((key) => key.kid)).toEqual(expect.arrayContaining(first.keys.map((key) => key.kid)));
    for (const key of second.keys)
      for (const part of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(key).not.toHaveProperty(part);
  } finally {
    await at.close();
  }
});

test('what has expired is removed, what is valid stays', async () => {
  const items = createItemStore(db, clock);
  const [old, young] = [crypto.randomUUID(), crypto.randomUUID()];
  await items.put('Interaction', old, { uid: old }, 60);
  await items.put('Interaction', young, { uid: young }, 3600);
  now += 300_000;
  expect(await items.prune()).toBeGreaterThan(0);
  expect(await items.find('Interaction', old)).toBeUndefined();
  expect(await items.find('Interaction', young)).toMatchObject({ uid: young });
});

test('the secret of a code or refresh token is not in the database', async () => {
  const items = createItemStore(db, clock);
  const secret = crypto.randomUUID();
  for (const model of ['AuthorizationCode', 'RefreshToken', 'PushedAuthorizationRequest']) {
    await items.put(model, secret, { jti: secret, kind: model, grantId: 'g' }, 60);
    expect(await items.find(model, secret)).toMatchObject({ jti: secret, kind: model });
  }
  expect(JSON.stringify(await rowsAbout(secret))).toBe('[]');
});

test('of two that use up the same thing at once, one does', async () => {
  const items = createItemStore(db, clock);
  const id = crypto.randomUUID();
  await items.put('AuthorizationCode', id, {}, 60);
  const both = await Promise.all([items.consume('AuthorizationCode', id), items.consume('AuthorizationCode', id)]);
  expect(both.toSorted()).toEqual([false, true]);
});

test('the keys that a client brings are public ones, or refused', () => {
  for (const text of [
    '',
    '[]',
    'null',
    '{"keys":[]}',
    '{"keys":[{"kty":"oct","k":"AA"}]}',
    '{"keys":[{"kty":"EC","d":"x"}]}',
    '{"keys":[null]}',
  ])
    expect(() => readPublicKeys(text)).toThrow(/key/i);
  const key = { kty: 'EC', crv: 'P-256', x: 'a', y: 'b', kid: 'k' };
  expect(readPublicKeys(JSON.stringify({ keys: [{ ...key, other: 1 }] }))).toEqual({ keys: [key] });
});

test('a token by the command line has the claims of a signed-in one; strangers and scopes that are not registered are refused', async () => {
  const clients = createClientStore(db, clock);
  const id = crypto.randomUUID();
  await clients.add({
    id,
    name: `script ${id}`,
    profile: 'helseid',
    scopes: ['system/Patient.rs', 'user/*.rs'],
    redirectUris: [],
  });
  await expect(
    clients.add({ id: `${id}2`, name: `script ${id}`, profile: 'smart', scopes: [], redirectUris: [] }),
  ).rejects.toThrow('already');
  const ids = systemIds(clock);
  const deps = { db, clock, ids, baseUrl: 'http://fyr.test', personas: testPersonas, read: testResource };
  const ask = (as: string, scopes?: string[]) =>
    issueToken(deps, { as, forSeconds: 60, ...(scopes ? { scopes } : {}) });
  await expect(ask('nobody')).rejects.toThrow('neither a persona nor a client');
  await expect(ask('notLoaded')).rejects.toThrow('not in the record yet');
  await expect(ask('doctor', ['patient/nothing'])).rejects.toThrow('not a SMART scope');
  await expect(ask(id, ['system/Condition.rs'])).rejects.toThrow('no system scopes');
  await expect(ask(id, ['user/*.rs'])).rejects.toThrow('no system scopes');
  const payloadOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(payloadOf(await ask('doctor'))).toMatchObject({ sub: 'doctor', iss: 'http://fyr.test/oidc' });
  expect(payloadOf(await ask('doctor'))).not.toHaveProperty('scope');
  expect(payloadOf(await ask(`script ${id}`))).toMatchObject({ sub: id, scope: 'system/Patient.rs' });
  expect(await clients.remove(id)).toBe(true);
  await expect(ask(id)).rejects.toThrow('neither');
});

async function rowsAbout(text: string): Promise<unknown[]> {
  const all = await db.unsafe(
    `select id, payload from provider_item where position('${text}' in id || payload::text) > 0`,
  );
  return [...all];
}
