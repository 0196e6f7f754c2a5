import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { algorithms } from './issuer.ts';
import { signatureKey, verifiedPayload } from './signature.ts';

async function signed(alg: string, text: string): Promise<{ jwk: object; compact: string }> {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const compact = await new CompactSign(new TextEncoder().encode(text)).setProtectedHeader({ alg }).sign(privateKey);
  return { jwk: await exportJWK(publicKey), compact };
}

test('refuses RSA keys that are too short, and keys that are no key or not for the algorithm', async () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
  expect(() => signatureKey(short, 'RS256')).toThrow(/length/);
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  for (const alg of algorithms.filter((each) => each !== 'ES256')) expect(() => signatureKey(p256, alg)).toThrow();
  expect(() => signatureKey({ kty: 'oct', k: 'AAAA' }, 'RS256')).toThrow();
  expect(() => signatureKey({}, 'ES256')).toThrow();
});

test('a signature in DER, as ECDSA is written elsewhere, is not one of a JWS', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { sign } = await import('node:crypto');
  const der = sign('sha256', Buffer.from('e30.e30'), privateKey).toString('base64url');
  expect(
    await verifiedPayload(`e30.e30.${der}`, signatureKey(publicKey.export({ format: 'jwk' }), 'ES256')),
  ).toBeUndefined();
});

test.each(algorithms)(
  'takes what another library has signed by %s, and nothing that was changed since',
  async (alg) => {
    const { jwk, compact } = await signed(alg, 'å text');
    const key = signatureKey(jwk, alg);
    expect(await verifiedPayload(compact, key)).toBe('å text');
    const [header, payload, signature] = compact.split('.') as [string, string, string];
    const turned = `${payload.startsWith('A') ? 'B' : 'A'}${payload.slice(1)}`;
    for (const wrong of [
      `${header}.${turned}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${compact}.x`,
      '',
    ])
      expect(await verifiedPayload(wrong, key)).toBeUndefined();
  },
);

test('no other text passes for what was signed', async () => {
  const { jwk, compact } = await signed('ES256', 'text');
  const key = signatureKey(jwk, 'ES256');
  const [header, payload, signature] = compact.split('.') as [string, string, string];
  await fc.assert(
    fc.asyncProperty(fc.base64String(), fc.base64String({ maxLength: 120 }), async (other, forged) => {
      if (other !== payload) expect(await verifiedPayload(`${header}.${other}.${signature}`, key)).toBeUndefined();
      if (forged !== signature) expect(await verifiedPayload(`${header}.${payload}.${forged}`, key)).toBeUndefined();
    }),
    { numRuns: 100 },
  );
});
