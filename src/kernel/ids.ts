/** Identifiers and randomness. Only this file may ask the machine for random bytes; everyone else is handed an `Ids`. */
import { randomFillSync } from 'node:crypto';
import type { Clock } from './clock.ts';

export type Ids = {
  /** A UUIDv7 (RFC 9562 §5.7) whose twelve `rand_a` bits are given by the caller, else random. */
  uuid(bits12?: number): string;
  /** An integer 0 ≤ x < limit. */
  below(limit: number): number;
};

/** Keys, nonces, salts and codes: bytes that nobody can foresee. */
export type Randomness = { bytes(count: number): Buffer };

export const systemRandomness: Randomness = { bytes: (count) => randomFillSync(Buffer.allocUnsafeSlow(count)) };

const poolBytes = 4096;
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Ids from the operating system's randomness and the given clock; randomness is drawn 4 kB at a time. */
export function systemIds(clock: Clock): Ids {
  const pool = Buffer.alloc(poolBytes);
  let used = poolBytes;
  const byte = (): number => {
    if (used === poolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    return pool[used++] as number;
  };
  const below = (limit: number): number => (((byte() << 16) | (byte() << 8) | byte()) >>> 0) % limit;
  return {
    below,
    uuid(bits12 = ((byte() << 8) | byte()) & 0xfff) {
      const time = clock.now().toString(16).padStart(12, '0');
      const random = (count: number): string => {
        let text = '';
        for (let i = 0; i < count; i++) text += hex[byte()];
        return text;
      };
      const variant = hex[(byte() & 0x3f) | 0x80];
      const bits = bits12.toString(16).padStart(3, '0');
      return `${time.slice(0, 8)}-${time.slice(8)}-7${bits}-${variant}${random(1)}-${random(6)}`;
    },
  };
}
