/** A data key under a node key: AES-256-GCM, bound to the key's id, its node and its owner, so that no row can be put in another's place. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Randomness } from '#kernel/ids.ts';
import { Damage } from './sealed-stream.ts';

type Place = { id: string; node: string; owner: string };

const nonceBytes = 12;
const tagBytes = 16;

/** Nonce, ciphertext, tag. Nonces are random: a node key wraps far fewer than 2³² keys (NIST SP 800-38D §8.3). */
export function wrapKey(nodeKey: Buffer, key: Buffer, place: Place, randomness: Randomness): Buffer {
  const nonce = randomness.bytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', nodeKey, nonce).setAAD(boundTo(place));
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

/** Faults: Damage, where the row was altered or is another's. */
export function unwrapKey(nodeKey: Buffer, wrapped: Buffer, place: Place): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', nodeKey, wrapped.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  try {
    decipher.setAAD(boundTo(place)).setAuthTag(wrapped.subarray(wrapped.length - tagBytes));
    return Buffer.concat([decipher.update(wrapped.subarray(nonceBytes, -tagBytes)), decipher.final()]);
  } catch (error) {
    throw new Damage('A data key in the database was altered.', { cause: error });
  }
}

function boundTo({ id, node, owner }: Place): Buffer {
  return Buffer.from(JSON.stringify(['fyr-data-key-1', id, node, owner]));
}
