import { expect, test } from 'vitest';
import { importKey, seal, unseal, unwrapKey, wrapKey } from './vault.ts';

const bytes = (fill: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(fill);

test('what is damaged, of another name or under another key does not open', async () => {
  const key = await importKey(bytes(1));
  const sealed = await seal(key, 'copy', { patients: ['Åse'] });
  expect(await unseal(await importKey(bytes(2)), 'copy', sealed)).toBe(undefined);
  expect(await unseal(key, 'outbox', sealed)).toBe(undefined);
  const flipped = new Uint8Array(sealed.bytes.slice(0));
  flipped[3] = (flipped[3] as number) ^ 1;
  expect(await unseal(key, 'copy', { ...sealed, bytes: flipped.buffer })).toBe(undefined);
  expect(new TextDecoder().decode(sealed.bytes)).not.toContain('Åse');
  expect(await unseal(key, 'copy', sealed)).toEqual({ patients: ['Åse'] });
});

test('the key can not be read out again', async () => {
  await expect(crypto.subtle.exportKey('raw', await importKey(bytes(1)))).rejects.toThrow();
});

test('a wrapped key opens by the same device key alone', async () => {
  const of = { credential: new ArrayBuffer(16), salt: bytes(9) };
  const wrapped = await wrapKey(bytes(1), bytes(5).buffer, of);
  expect(await unwrapKey(wrapped, bytes(6).buffer)).toBe(undefined);
  const key = (await unwrapKey(wrapped, bytes(5).buffer)) as CryptoKey;
  const sealed = await seal(await importKey(bytes(1)), 'copy', 'here');
  expect(await unseal(key, 'copy', sealed)).toBe('here');
});
