/**
 * What it costs to check a DPoP client's request (signature, claims, and that the proof was not used before, kept in PostgreSQL), 16 at once, beside
 * the bare limit: the same signatures verified by the operating library and nothing else.
 */
import { openDatabase } from '#kernel/db.ts';
import { systemClock } from '#kernel/clock.ts';
import { createTokens, type Presented } from '#trust/tokens/index.ts';
import { startTestIssuer, testAudience, testClient } from '#trust/tokens/issuer-test.ts';
import { signatureKey, verifiedPayload } from '#trust/tokens/signature.ts';
import type { Figure } from './report.ts';

const atOnce = 16;
const count = 4000;
/** Proofs are made before they are used. */
const clockSkewMs = 120_000;

export async function measureProofs(databaseUrl: string): Promise<Figure[]> {
  const db = openDatabase(databaseUrl, { connectionsMax: 4 });
  const issuer = await startTestIssuer();
  const tokens = createTokens({
    db,
    clock: systemClock,
    issuers: [{ name: 'bench', kind: 'helseid', url: issuer.url, audience: testAudience }],
    baseUrl: 'http://fyr.test',
    fetch: globalThis.fetch,
    clockSkewMs,
    outageGraceMs: 0,
    isTrialBearer: false,
  });
  try {
    const figures: Figure[] = [];
    for (const alg of ['ES256', 'RS256']) {
      const client = await testClient(alg);
      const token = await issuer.sign({ sub: 'bench', cnf: { jkt: client.thumbprint } });
      const authorization = `DPoP ${token}`;
      const path = '/fhir/Patient/1';
      const present = (dpop: string): Presented => ({ method: 'GET', path, authorization, dpop, isLoopback: false });
      const key = signatureKey(headerOf(await client.proof(token)).jwk, alg);
      await perSecond(client, token, 500, (proof) => tokens.check(present(proof)));
      const bare = await perSecond(client, token, count, (proof) => verifiedPayload(proof, key));
      const value = await perSecond(client, token, count, (proof) => tokens.check(present(proof)));
      figures.push({ what: `a token with its DPoP proof (${alg}) checked`, value, unit: 'requests/s', bare });
    }
    return figures;
  } finally {
    await tokens.stop();
    await issuer.stop();
    await db.end();
  }
}

async function perSecond(
  client: Awaited<ReturnType<typeof testClient>>,
  token: string,
  times: number,
  work: (proof: string) => Promise<unknown>,
): Promise<number> {
  const proofs: string[] = [];
  for (let i = 0; i < times; i++) proofs.push(await client.proof(token));
  const start = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let proof = proofs[next++]; proof !== undefined; proof = proofs[next++]) await work(proof);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return (times / (performance.now() - start)) * 1000;
}

function headerOf(proof: string): { jwk: object } {
  return JSON.parse(Buffer.from(proof.slice(0, proof.indexOf('.')), 'base64url').toString('utf8')) as { jwk: object };
}
