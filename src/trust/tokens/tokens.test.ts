import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fault } from '#kernel/fault.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { createTokens, type Presented, type Tokens, type TokensDeps } from './index.ts';
import { startTestIssuer, testAudience, testClient, type TestClient, type TestIssuer } from './issuer-test.ts';

const db = testDatabase();
let issuer: TestIssuer;
let client: TestClient;
let now = 0;
const clock = { now: () => Date.now() + now };
const running: Tokens[] = [];

beforeAll(async () => {
  issuer = await startTestIssuer();
  client = await testClient();
});
afterAll(async () => {
  for (const tokens of running) await tokens.stop();
  await issuer.stop();
  await db.end();
});

function tokensOf(more: Partial<TokensDeps> = {}, kind: 'embedded' | 'helseid' = 'helseid'): Tokens {
  const tokens = createTokens({
    db,
    clock,
    issuers: [{ name: 'test', kind, url: issuer.url, audience: testAudience }],
    baseUrl: 'http://fyr.test',
    fetch: globalThis.fetch,
    clockSkewMs: 5000,
    outageGraceMs: 3_600_000,
    isTrialBearer: false,
    ...more,
  });
  running.push(tokens);
  return tokens;
}

const bound = (claims: object = {}): Promise<string> =>
  issuer.sign({ sub: 'someone', cnf: { jkt: client.thumbprint }, ...claims });

function present(token: string, dpop: string | undefined, more: Partial<Presented> = {}): Presented {
  return {
    method: 'GET',
    path: '/fhir/Patient/1?_pretty=true',
    authorization: `DPoP ${token}`,
    dpop,
    isLoopback: true,
    ...more,
  };
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const fault = (await work.then(
    () => Promise.reject(new Error('was taken')),
    (error: unknown) => error,
  )) as Fault;
  expect(fault.kind, fault.stack).toBe('unauthenticated');
  expect(fault.challenge).toContain('DPoP algs="ES256');
  return fault.message;
}

const seconds = (): number => Math.floor(Date.now() / 1000);

test.each<[string, () => Promise<Record<string, unknown>>, RegExp]>([
  ['that has expired', async () => ({ exp: seconds() - 6 }), /expired/],
  ['without exp', async () => ({ exp: undefined }), /exp/],
  ['that is for another service', async () => ({ aud: 'https://other.example/fhir' }), /another service/],
  ['without aud', async () => ({ aud: undefined }), /another service/],
  ['that is not valid yet', async () => ({ nbf: seconds() + 60 }), /not valid yet/],
  ['issued in the future', async () => ({ iat: seconds() + 60 }), /future/],
  ['of an issuer that nobody trusts', async () => ({ iss: 'https://elsewhere.example' }), /not trusted/],
])('refuses a token %s', async (_what, claims, why) => {
  const token = await bound(await claims());
  expect(await refusal(tokensOf().check(present(token, await client.proof(token))))).toMatch(why);
});

test('refuses an ID token and any other JWT sent as an access token', async () => {
  const token = await issuer.sign({ cnf: { jkt: client.thumbprint } }, { typ: 'JWT' });
  expect(await refusal(tokensOf().check(present(token, await client.proof(token))))).toMatch(/not an access token/);
});

test('refuses a token without a signature, and one signed with the public key as a shared secret', async () => {
  const claims = {
    iss: issuer.url,
    aud: testAudience,
    iat: seconds(),
    exp: seconds() + 60,
    cnf: { jkt: client.thumbprint },
  };
  const none = new UnsecuredJWT(claims).encode();
  expect(await refusal(tokensOf().check(present(none, await client.proof(none))))).toMatch(/signed with one of|read/);
  const confused = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: issuer.publicKey().kid as string })
    .sign(new TextEncoder().encode(JSON.stringify(issuer.publicKey()).padEnd(64)));
  expect(await refusal(tokensOf().check(present(confused, await client.proof(confused))))).toMatch(
    /signed with one of/,
  );
});

test('refuses a token whose signature was made by another key, or whose claims were changed', async () => {
  const token = await bound();
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const changed = Buffer.from(
    JSON.stringify({ ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), sub: 'other' }),
  ).toString('base64url');
  const forged = `${header}.${changed}.${signature}`;
  expect(await refusal(tokensOf().check(present(forged, await client.proof(forged))))).toMatch(/signature/);
});

test.each(['opaque', 'a.b', '', 'Zm9v.Zm9v.Zm9v', `e30.e30.`])('refuses what is no JWT: %j', async (token) => {
  await refusal(tokensOf().check(present(token, 'x.y.z')));
});

test.each<[string, object, object, RegExp]>([
  ['for another method', { htm: 'POST' }, {}, /method/],
  ['for another address', { htu: 'http://fyr.test/fhir/Patient/2' }, {}, /address/],
  ['for another host', { htu: 'http://other.test/fhir/Patient/1' }, {}, /address/],
  ['for another token', { ath: 'x' }, {}, /ath/],
  ['without ath', { ath: undefined }, {}, /ath/],
  ['from the future', { iat: seconds() + 600 }, {}, /future/],
  ['that is old', { iat: seconds() - 60 }, {}, /too old/],
  ['without jti', { jti: undefined }, {}, /jti/],
  ['of another typ', {}, { typ: 'JWT' }, /typ/],
  ['that carries a private key', {}, { jwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' } }, /private/],
  ['with a header that must be understood', {}, { crit: ['b64'], b64: true }, /crit|must be understood/],
  ['whose key is on another curve', {}, { jwk: { kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA' } }, /can not be read/],
  ['without a key', {}, { jwk: undefined }, /jwk/],
])('refuses a DPoP proof %s', async (_what, claims, header, why) => {
  const token = await bound();
  expect(
    await refusal(tokensOf().check(present(token, await client.proof(token, { ...claims }, { ...header })))),
  ).toMatch(why);
});

test('refuses the proof of another key than the token is bound to', async () => {
  const token = await bound();
  const thief = await testClient();
  expect(await refusal(tokensOf().check(present(token, await thief.proof(token))))).toMatch(/another key/);
});

test('refuses a proof that carries the right key and is signed by another', async () => {
  const token = await bound();
  const thief = await testClient();
  const [right] = (await client.proof(token)).split('.') as [string];
  const [, payload, signature] = (await thief.proof(token)).split('.') as [string, string, string];
  expect(await refusal(tokensOf().check(present(token, `${right}.${payload}.${signature}`)))).toMatch(/signature/);
});

test('refuses a missing proof, two proofs, and one in a shared secret', async () => {
  const token = await bound();
  const tokens = tokensOf();
  expect(await refusal(tokens.check(present(token, undefined)))).toMatch(/missing/);
  const two = `${await client.proof(token)}, ${await client.proof(token)}`;
  await refusal(tokens.check(present(token, two)));
});

test('refuses a proof that was used before: at once, twice in a burst, at another process, after a restart', async () => {
  const token = await bound();
  const tokens = tokensOf();
  const proof = await client.proof(token);
  await tokens.check(present(token, proof));
  expect(await refusal(tokens.check(present(token, proof)))).toMatch(/used before/);
  expect(await refusal(tokensOf().check(present(token, proof)))).toMatch(/used before/);
  const second = await client.proof(token);
  const burst = await Promise.allSettled([
    tokens.check(present(token, second)),
    tokens.check(present(token, second)),
    tokensOf().check(present(token, second)),
  ]);
  expect(burst.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('refuses a bound token sent as Bearer, in trials too', async () => {
  const token = await bound();
  const bearer = present(token, undefined, { authorization: `Bearer ${token}` });
  expect(await refusal(tokensOf().check(bearer))).toMatch(/must be sent as DPoP/);
  expect(await refusal(tokensOf({ isTrialBearer: true }, 'embedded').check(bearer))).toMatch(/must be sent as DPoP/);
});

test('refuses an unbound token: as DPoP, as Bearer, as Bearer from afar in a trial', async () => {
  const token = await issuer.sign({ sub: 'someone' });
  const authorization = `Bearer ${token}`;
  expect(await refusal(tokensOf().check(present(token, await client.proof(token))))).toMatch(/not bound/);
  expect(await refusal(tokensOf().check(present(token, undefined, { authorization })))).toMatch(/not taken here/);
  const trial = tokensOf({ isTrialBearer: true }, 'embedded');
  const afar = present(token, undefined, { authorization, isLoopback: false });
  expect(await refusal(trial.check(afar))).toMatch(/this very machine/);
});

test('takes an unbound token of the embedded provider as Bearer on loopback in a trial, and says so', async () => {
  const token = await issuer.sign({ sub: 'someone' });
  const trial = tokensOf({ isTrialBearer: true }, 'embedded');
  const taken = await trial.check(present(token, undefined, { authorization: `Bearer ${token}` }));
  expect(taken).toMatchObject({ isTrialBearer: true, claims: { sub: 'someone' } });
});

test('does not start with the trial bearer beside a real issuer', () => {
  expect(() => tokensOf({ isTrialBearer: true }, 'helseid')).toThrow(/trials/);
});

test.each(['ES256', 'PS256', 'RS256', 'ES384', 'RS512'])('takes a token with a proof signed by %s', async (alg) => {
  const holder = await testClient(alg);
  const token = await issuer.sign({ sub: 'someone', cnf: { jkt: holder.thumbprint } });
  const taken = await tokensOf().check(present(token, await holder.proof(token)));
  expect(taken).toMatchObject({ claims: { sub: 'someone' }, isOffline: false, isTrialBearer: false });
  expect(token).not.toContain(taken.id);
});

test('takes an address that is written differently and means the same', async () => {
  const token = await bound();
  const proof = await client.proof(token, { htu: 'HTTP://fyr.test:80/fhir/%50atient/1?x=1#y' });
  await tokensOf().check(present(token, proof));
});

test('a new key of the issuer is fetched when a token names it, and the old one is refused', async () => {
  const old = await bound({ sub: 'old' });
  const tokens = tokensOf();
  await tokens.check(present(old, await client.proof(old)));
  await issuer.rotate();
  now += 31_000;
  const fresh = await bound({ iat: seconds() + 31 });
  const iat = seconds() + 31;
  await tokens.check(present(fresh, await client.proof(fresh, { iat })));
  const stale = tokensOf();
  expect(await refusal(stale.check(present(old, await client.proof(old, { iat }))))).toMatch(/does not have/);
  now = 0;
});

test('strangers with invented keys do not make the node ask the issuer again and again', async () => {
  const tokens = tokensOf();
  const token = await bound();
  await tokens.check(present(token, await client.proof(token)));
  const before = issuer.asked();
  for (let i = 0; i < 20; i++) {
    const invented = await issuer.sign({ cnf: { jkt: client.thumbprint } }, { kid: `invented-${i}` });
    await refusal(tokens.check(present(invented, await client.proof(invented))));
  }
  expect(issuer.asked() - before).toBeLessThanOrEqual(1);
});

test('while the issuer is away: keys are known after a restart, a known token goes on for its grace and no longer', async () => {
  const token = await bound();
  const unknown = await bound({ sub: 'unknown' });
  const tokens = tokensOf({ outageGraceMs: 600_000 });
  await tokens.check(present(token, await client.proof(token)));
  await issuer.stop();
  try {
    const restarted = tokensOf({ outageGraceMs: 600_000 });
    expect(await restarted.check(present(token, await client.proof(token)))).toMatchObject({ isOffline: false });
    now = 400_000;
    const iat = seconds() + 400;
    expect(await tokens.check(present(token, await client.proof(token, { iat })))).toMatchObject({ isOffline: true });
    expect(await refusal(tokens.check(present(unknown, await client.proof(unknown, { iat }))))).toMatch(/expired/);
    now = 950_000;
    const later = await client.proof(token, { iat: seconds() + 950 });
    expect(await refusal(tokens.check(present(token, later)))).toMatch(/expired/);
  } finally {
    now = 0;
    await issuer.start();
  }
});

test('a token of the embedded provider that was revoked is refused, within seconds where it was in use', async () => {
  const revoked = new Set<unknown>();
  const tokens = tokensOf({ isActive: async ({ jti }) => !revoked.has(jti) }, 'embedded');
  const [used, unused] = [await bound({ jti: 'used' }), await bound({ jti: 'unused' })];
  await tokens.check(present(used, await client.proof(used)));
  revoked.add('used').add('unused');
  expect(await refusal(tokens.check(present(unused, await client.proof(unused))))).toMatch(/revoked/);
  now = 6000;
  expect(await refusal(tokens.check(present(used, await client.proof(used))))).toMatch(/revoked/);
  now = 0;
});

test('an expired token is refused at once when the issuer answers', async () => {
  const token = await bound();
  const tokens = tokensOf();
  await tokens.check(present(token, await client.proof(token)));
  now = 320_000;
  const proof = await client.proof(token, { iat: seconds() + 320 });
  expect(await refusal(tokens.check(present(token, proof)))).toMatch(/expired/);
  now = 0;
});
